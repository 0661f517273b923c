"""Slips of the hand: what a page would show as it is, or hide, is told with its line."""

import pytest

PROSE = "Two numbers are added."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{out:add:}", "{out:add:}"),
        ("{out:add:sum", "{out:add:sum"),
        ("{Out:add:sum}", "{Out:add:sum}"),
        ("{ out:add:sum }", "{ out:add:sum }"),
        ("{timing:add:Machine:x@1}", "{timing:add:Machine:x@1}"),
    ],
)
def test_a_reference_that_is_none(sample, written, shown):
    """It would stand on the page as it was typed, braces and all."""
    sample.change("en", PROSE, f"The sum is {written}")
    (line,) = (line for line in sample.lines() if "docs/en" in line)
    assert line.startswith(f'docs/en/part/page.md:6: "{shown}"')
    assert "is no number of a run; write {out:SECTION:label}" in line


def test_a_reference_in_code_shows_how_to_write_one(sample):
    """`{out:…}` in a code span is about the syntax."""
    sample.both("## ", "`{out:…}` `{Out}`\n\n## ")
    assert sample.lines() == []


def test_a_comment_without_an_end(sample):
    """Markdown would show it, a browser would hide all that follows; in code it is neither."""
    sample.change("zh", "## ", "<!-- note\n\n## ")
    assert sample.only() == (
        "docs/zh/part/page.md:8: a comment that is never closed hides what follows it; "
        'close it with "-->"'
    )
    sample.change("zh", "<!-- note", "<!-- note --> `<!--`")
    sample.change("en", "## ", "<!-- note --> `<!--`\n\n## ")
    assert sample.lines() == []


@pytest.mark.parametrize("letter", ["\u200b", "\ufeff", "\u00ad", "\u2028"])
def test_an_invisible_character(sample, letter):
    """In an anchor or a word it makes another one that looks the same."""
    sample.change("en", PROSE, f"Two{letter} numbers are added.")
    assert sample.only() == (
        f"docs/en/part/page.md:6: an invisible character (U+{ord(letter):04X}) at column 4; delete it"
    )
