"""Bad pages and snippets: one clear line each, saying where and what to do."""

import os
import time

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.core.errors import PageError
from tfnotes.core.pages import load_page
from tfnotes.core.project import RESERVED, find_project

SNIPPET = "# --8<-- [start:one]\nx = 1\n# --8<-- [end:one]\n"


@pytest.fixture
def project(tmp_path):
    return make_checkout(tmp_path)


def include(reference: str) -> str:
    return f'# P\n\n```python\n--8<-- "{reference}"\n```\n'


def refused(project, text: str) -> PageError:
    with pytest.raises(PageError) as caught:
        write_page(project, "a", text)
    assert "\n" not in str(caught.value)
    return caught.value


def test_include_gives_code_file_and_line(project) -> None:
    (project.snippets / "a.py").write_text("import os\n\n" + SNIPPET)
    page = write_page(project, "a", include("a.py:one"))
    block = page.blocks[0]
    assert (block.code, block.name, block.source_line) == ("x = 1\n", "one", 4)
    assert block.source_path == project.snippets / "a.py"


def test_nested_markers_keep_line_numbers(project) -> None:
    inner = "# --8<-- [start:in]\ny = 2\n# --8<-- [end:in]\n"
    (project.snippets / "a.py").write_text(
        SNIPPET.replace("x = 1\n", "x = 1\n" + inner + "z = 3\n")
    )
    page = write_page(project, "a", include("a.py:one"))
    assert page.blocks[0].code == "x = 1\n\ny = 2\n\nz = 3\n"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("b.py:one", 'no snippet file "b.py"'),
        ("a.py:two", 'no section "two" in snippets/a.py (it has: one)'),
        ("../secret.py", "leaves snippets/"),
        ("x/../../secret.py:one", "leaves snippets/"),
    ],
)
def test_bad_includes(project, reference: str, words: str) -> None:
    (project.snippets / "a.py").write_text(SNIPPET)
    (project.root / "secret.py").write_text(SNIPPET)
    error = refused(project, include(reference))
    assert words in str(error)
    assert (error.path, error.line) == ("docs/zh/a.md", 4)


def test_symlink_out_of_snippets_is_refused(project, tmp_path) -> None:
    (project.root / "secret.py").write_text(SNIPPET)
    (project.snippets / "a.py").symlink_to(project.root / "secret.py")
    assert "leaves snippets/" in str(refused(project, include("a.py:one")))


@pytest.mark.parametrize(
    ("snippet", "line", "words"),
    [
        ("# --8<-- [start:one]\nx = 1\n", 1, "no end marker"),
        ("x = 1\n# --8<-- [end:one]\n", 2, "never begins"),
        (SNIPPET + SNIPPET, 4, "begins twice"),
        ("# --8<-- [start:one]\n\n# --8<-- [end:one]\n", None, "has no code"),
    ],
)
def test_bad_sections(project, snippet: str, line: int | None, words: str) -> None:
    """pymdownx.snippets runs a section without an end marker silently to the end of the file."""
    (project.snippets / "a.py").write_text(snippet)
    error = refused(project, include("a.py:one"))
    assert words in str(error)
    if line:
        assert (error.path, error.line) == ("snippets/a.py", line)


def test_syntax_error_names_page_and_snippet_line(project) -> None:
    (project.snippets / "a.py").write_text("\n" + SNIPPET.replace("x = 1", "y = 0\nx = = 1"))
    error = refused(project, include("a.py:one"))
    assert (error.path, error.line) == ("docs/zh/a.md", 3)
    assert "snippets/a.py:4" in str(error)


def test_page_that_is_not_utf8(project) -> None:
    path = project.page_path("zh", "a")
    path.write_bytes("# 张量\n\n张量\n".encode("gb18030"))
    with pytest.raises(PageError, match=r"docs/zh/a.md:1: not UTF-8"):
        load_page(project, path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ('raise="ValueError"', 'unknown fence option "raise"'),
        ('run="no"', "needs why="),
        ('check="no"', "needs why="),
        ('check="maybe" why="x"', 'check="maybe" is unknown'),
        ('timeout="soon"', "no positive number"),
        ('output="folded"', 'output="folded" is unknown'),
        ('title="open', "cannot read"),
        ('run="yes"', 'run= only takes "no"'),
    ],
)
def test_bad_options(project, options: str, words: str) -> None:
    assert words in str(refused(project, fences(f"[{options}]\nx = 1")))


@pytest.mark.parametrize("language", ["python3", "pycon", "ipython"])
def test_a_fence_that_only_looks_tested_is_refused(project, language: str) -> None:
    assert "does not run" in str(refused(project, f"# P\n\n```{language}\nx\n```\n"))


def test_unclosed_fence_and_mixed_body_and_empty(project) -> None:
    (project.snippets / "a.py").write_text(SNIPPET)
    assert "never closed" in str(refused(project, "# P\n\n```python\nx = 1\n"))
    assert "not both" in str(
        refused(project, include("a.py:one").replace("\n```\n", "\nx = 2\n```\n"))
    )
    assert "empty block" in str(refused(project, "# P\n\n```python\n\n```\n"))


def test_a_page_is_read_once_while_its_files_stay(project):
    (project.snippets / "a.py").write_text("# --8<-- [start:x]\nprint(1)\n# --8<-- [end:x]\n")
    path = write_page(project, "a", '# T\n\n```python\n--8<-- "a.py:x"\n```\n').path
    long_ago = time.time_ns() - 10**10
    for file in (path, project.snippets / "a.py"):
        os.utime(file, ns=(long_ago, long_ago))
    page = load_page(project, path)
    assert load_page(project, path) is page
    (project.snippets / "a.py").write_text("# --8<-- [start:x]\nprint(2)\n# --8<-- [end:x]\n")
    assert load_page(project, path).blocks[0].code == "print(2)\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("releases/notes", "outputs/releases/ holds what pages do on other releases"),
        ("timings/x", "outputs/timings/ holds what machines measured"),
        ("real-data/a/b", "outputs/real-data/ holds records made with real data sets"),
        ("timings", "outputs/timings/ holds what machines measured"),
        ("Releases/notes", "outputs/releases/ holds what pages do on other releases"),
        ("README", "outputs/README.json holds the records of README.md"),
    ],
)
def test_a_name_that_outputs_uses_otherwise_is_refused_in_one_line(project, name, why):
    """Its records would be saved where neither the checks nor anybody else looks for them."""
    (project.root / "README.md").write_text("# Read me\n")
    with pytest.raises(PageError) as refused:
        write_page(project, name, "# T\n")
    line = f"docs/zh/{name}.md:1: no page can be called {name}: {why}; give it another name"
    assert str(refused.value) == line


@pytest.mark.parametrize("name", ["part/releases", "timing/x", "real-data-sets/a", "index"])
def test_a_name_that_only_looks_taken_is_a_page(project, name):
    assert write_page(project, name, "# T\n").name == name


def test_every_folder_of_outputs_holds_pages_or_is_reserved():
    project = find_project()
    parts = {name.split("/")[0] for name in project.all_names()}
    folders = {path.name for path in project.outputs.iterdir() if path.is_dir()}
    assert folders - parts == set(RESERVED)


@pytest.mark.parametrize("linked", ["docs", "docs/zh", "docs/zh/part/b.md"])
def test_a_page_is_where_it_is_found_whatever_links_lead_there(project, linked) -> None:
    """Its name, language and records are those of its place, not of the file behind a link."""
    write_page(project, "part/b", "# P\n")
    place = project.root / linked
    place.rename(project.root / "elsewhere")
    place.symlink_to(project.root / "elsewhere")
    page = load_page(project, project.page_path("zh", "part/b"))
    assert (page.name, page.language, page.where) == ("part/b", "zh", "docs/zh/part/b.md")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ('raises=""', "names no exception"),
        ("raises", "names no exception"),
        ('raises="Value Error"', "names no exception"),
        ('title=" "', "title= is empty"),
        ('hl_lines="two"', "names no lines"),
        ('hl_lines="1,2"', "names no lines"),
        ('hl_lines="0"', "that the code does not have; it has 2"),
        ('hl_lines="1 2-3"', "that the code does not have; it has 2"),
    ],
)
def test_options_that_would_do_nothing(project, option, words) -> None:
    """What is written and has no effect is a mistake: a block that must raise would just run."""
    error = refused(project, f"# P\n\n```python {option}\nx = 1\ny = 2\n```\n")
    assert str(error).startswith("docs/zh/a.md:3: ")
    assert words in str(error)


def test_lines_that_the_code_has_may_be_marked(project) -> None:
    page = write_page(project, "a", '# P\n\n```python hl_lines="1-2 2"\nx = 1\ny = 2\n```\n')
    assert page.blocks[0].options["hl_lines"] == "1-2 2"
