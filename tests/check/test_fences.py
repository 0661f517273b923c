import pytest


def fence(opening: str, body: str = "print(1)") -> str:
    return f"```{opening}\n{body}\n```\n"


@pytest.fixture
def add(sample):
    """Adds a fence to both pages and returns the finding it makes on the Chinese one."""

    def add_and_check(text: str) -> str:
        for language in ("zh", "en"):
            sample.change(language, "## ", f"{text}\n## ")
        lines = [line for line in sample.lines() if line.startswith("docs/zh")]
        assert len(lines) == 1, lines
        return lines[0]

    return add_and_check


def test_an_unknown_option(add):
    assert 'docs/zh/part/page.md:8: unknown fence option "rasies"; known: raises' in add(
        fence('python rasies="ValueError"')
    )


@pytest.mark.parametrize("option", ['run="no"', 'check="no"', 'check="form"'])
def test_an_exception_needs_a_reason(add, option):
    name = option.split("=")[0]
    assert f"{name}=" in (line := add(fence(f"python {option}"))) and "without why=" in line


@pytest.mark.parametrize(
    "language", ["python3", "pycon", "py3", "ipython", "python-console", "{ .pycon }"]
)
def test_a_fence_that_looks_as_if_it_ran(add, language):
    assert "looks as if it ran" in add(fence(language))


@pytest.mark.parametrize("language", ["{ .python .annotate }", "py", 'py title="x"', "Python"])
def test_python_in_every_spelling_is_a_block(sample, language):
    for each in ("zh", "en"):
        sample.change(each, "## ", fence(language) + "\n## ")
    assert sample.lines() == []


def test_python_that_is_called_text(add):
    assert "looks like Python but neither runs nor says why" in add(
        fence("text", "import tensorflow as tf")
    )


def test_a_fence_without_a_language(add):
    assert "a fence without a language" in add(fence("", "some words"))


def test_a_shell_fence(add):
    assert 'a "bash" fence is not checked; write "console"' in add(fence("bash", "ls"))


def test_long_code_typed_into_the_page(add):
    body = "\n".join(f"x{n} = {n}" for n in range(4))
    assert "4 lines of code typed into the page; move them to snippets/" in add(
        fence("python", body)
    )


def test_a_fence_in_a_list_line(add):
    assert "is not seen as a block" in add("- ```python\n  print(1)\n")


def test_a_fence_that_is_never_closed(sample):
    sample.both('```python\n--8<-- "part/page.py:add"\n```\n', "```python\nprint(1)\n")
    lines = [line for line in sample.lines() if line.startswith("docs/zh")]
    assert lines == ["docs/zh/part/page.md:10: fence is never closed; add the closing marker"]


def test_a_fence_shown_inside_another_is_text(sample):
    shown = "````markdown\n```python rasies=1\n```\n````\n"
    for language in ("zh", "en"):
        sample.change(language, "## ", shown + "\n## ")
    assert sample.lines() == []


@pytest.mark.parametrize(
    "opening", ["python,ignore", "python:title.py", 'python3,x title="y"', "Python|run"]
)
def test_what_only_resembles_a_python_fence(add, opening):
    assert "neither runs nor is it highlighted" in add(fence(opening))


@pytest.mark.parametrize("language", ["python-traceback", "pyret", "pypi-classifiers", "c,python"])
def test_another_language_is_not_taken_for_one(sample, language):
    for each in ("zh", "en"):
        sample.change(each, "## ", fence(language, "words") + "\n## ")
    assert sample.lines() == []


def test_a_backtick_in_the_options(sample):
    for each in ("zh", "en"):
        sample.change(each, "## ", fence('python title="`a`"') + "\n## ")
    lines = [line for line in sample.lines() if line.startswith("docs/zh/part/page.md:8:")]
    assert "a backtick in its options" in lines[0]


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        ('python raises="ValueError" raises="TypeError"', 'raises="TypeError"'),
        ("python title=\u201c\u6c42\u548c\u201d", "title="),
    ],
)
def test_an_option_said_twice_or_in_typographic_quotes(sample, opening, words):
    for each in ("zh", "en"):
        sample.change(each, "## ", fence(opening) + "\n## ")
    lines = [line for line in sample.lines() if "cannot read" in line]
    assert words in lines[0]


@pytest.mark.parametrize("code", ["return 1", "x = await y", "yield 1", "break"])
def test_what_parses_and_cannot_be_compiled(add, code):
    assert "syntax error" in add(fence("python", code))


@pytest.mark.parametrize("text", ['--8<-- "nope.md"', '```yaml\n--8<-- "nope.yml"\n```'])
def test_an_include_outside_python_fences_that_is_missing(add, text):
    assert "nope." in add(text + "\n")


def test_an_include_that_is_only_shown(sample):
    shown = '````markdown\n```python\n--8<-- "nope.py"\n```\n````\n'
    for each in ("zh", "en"):
        sample.change(each, "## ", shown + "\n## ")
    assert sample.lines() == []
