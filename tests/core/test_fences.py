"""What counts as a block: every spelling that readers see as code must be found, once."""

import re

import pytest
from sybil import Document
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tfnotes.core.fences import find_fences, parse_info


@pytest.mark.parametrize(
    ("info", "language", "options"),
    [
        ("python", "python", {}),
        ("py", "py", {}),
        (
            'python title="a b.py" raises="ValueError" hide',
            "python",
            {"title": "a b.py", "raises": "ValueError", "hide": ""},
        ),
        ("python hl_lines='2 3'", "python", {"hl_lines": "2 3"}),
        ("{ .python .annotate }", "python", {}),
        ('{.python title="x"}', "python", {"title": "x"}),
        ("python { .annotate }", "python", {}),
        ("Python", "python", {}),
        ('{ .python #id why="它每次都不同" }', "python", {"why": "它每次都不同"}),
        ("", "", {}),
    ],
)
def test_info_strings(info: str, language: str, options: dict[str, str]) -> None:
    """Sybil's stock parser compares the whole info string and skips most of these silently."""
    found = parse_info(info)
    assert (found[0], found[1], found[3]) == (language, options, "")


def test_unreadable_info_is_told() -> None:
    assert parse_info('python title="unclosed')[3] == "="


def test_a_fence_inside_a_longer_fence_is_text() -> None:
    text = "````markdown\n```python\nraise SystemExit\n```\n````\n\n```python\nx = 1\n```\n"
    assert [(f.language, f.line) for f in find_fences(text)] == [("markdown", 1), ("python", 7)]


def test_indented_fence_is_dedented_and_keeps_relative_indentation() -> None:
    text = '??? success "S"\n\n    ```python\n    if x:\n        y\n\n    z\n    ```\n'
    (fence,) = find_fences(text)
    assert (fence.body, fence.indent, fence.line, fence.end_line) == (
        "if x:\n    y\n\nz\n",
        4,
        3,
        8,
    )


def test_tildes_and_unclosed() -> None:
    fences = find_fences("~~~python\n```\n~~~\n\n```python\nx\n")
    assert fences[0].body == "```\n"
    assert not fences[1].closed


def test_inline_backticks_do_not_open_a_fence() -> None:
    assert find_fences("``` `x` ```\ntext\n") == []


def test_form_feed_does_not_shift_lines() -> None:
    assert find_fences("a\x0cb\u2028c\n```python\nx\n```")[0].line == 2


def test_agrees_with_sybils_lexer_except_on_nested_fences() -> None:
    """Two scanners, one answer; but Sybil's also finds a fence that is shown inside another."""
    text = (
        '# T\n\n```python\na\n```\n\n- item\n\n    ```python title="t"\n    b\n    ```\n\n'
        "````md\n```python\nnested\n```\n````\n\n~~~text\nd\n~~~\n"
    )
    lexer = RawFencedCodeBlockLexer(info_pattern=re.compile(r"[^\n]*$\n", re.MULTILINE))
    theirs = [region.lexemes["source"] for region in lexer(Document(text, "x.md"))]
    ours = [fence.body for fence in find_fences(text)]
    assert ours == [body for body in theirs if body != "nested\n"]
