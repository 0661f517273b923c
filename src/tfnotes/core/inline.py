"""Numbers in prose that come from runs.

``{out:SECTION:label}`` is the first number after a label in the output of a block.
``{timing:SECTION:RUNNER:SERIES@SIZE}`` is what a runner measured for one case of a timing block, and
``{timing:SECTION:RUNNER:SERIES@SIZE / SERIES@SIZE}`` how many times the one is the other.
"""

import re
from collections.abc import Callable, Container

from tfnotes.core.errors import PageError
from tfnotes.core.markdown import in_code_span
from tfnotes.core.pages import Page
from tfnotes.core.records import Record

REFERENCE = re.compile(
    r"\{out:(?P<section>[\w-]+):(?P<label>[^}\n]+)\}"
    r"|\{timing:(?P<timed>[\w-]+):(?P<runner>[a-z0-9.-]+):(?P<cases>[^}\n]+)\}"
)
_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?")


def is_about_syntax(match: re.Match[str], names: Container[str]) -> bool:
    """Whether a reference stands in a code span and names no block: it shows how to write one.

    Args:
        match: Of `REFERENCE`, in the text that the code span would be in.
        names: The names of the page's blocks.
    """
    named = match["section"] or match["timed"]
    return named not in names and in_code_span(match.string, match.start())


def lookup(section: str, label: str, page: Page, records: dict[str, Record], line: int) -> str:
    """Finds the number that a reference means.

    Args:
        section: Name of the block.
        label: Text in the block's output; the first number after it is taken.
        page: The page that refers.
        records: The page's records by key.
        line: Line of the reference, for messages.

    Returns:
        The number as printed.

    Raises:
        PageError: No such block, no record of it, no such label, or no number after it.
    """
    block = next((b for b in page.running if b.name == section), None)
    if block is None:
        raise PageError(
            page.where, line, f'{{out:…}} names "{section}", but no block here is called so'
        )
    record = records.get(block.key)
    if record is None:
        raise PageError(
            page.where, line, f'block "{section}" has no record; run pytest --update-outputs'
        )
    text = record.text
    at = text.find(label)
    number = _NUMBER.search(text, at + len(label)) if at >= 0 else None
    if number is None:
        raise PageError(page.where, line, f'no number after "{label}" in the output of "{section}"')
    return number.group().rstrip(".,")


def expand(
    text: str,
    page: Page,
    records: dict[str, Record],
    first_line: int = 1,
    timing: Callable[[str, str, str, int], str] | None = None,
) -> str:
    """Replaces all references in a text.

    Args:
        text: Markdown; references inside fences are replaced too, so pass prose only.
        page: The page that it belongs to.
        records: The page's records by key.
        first_line: Line of the page at which the text begins, for messages.
        timing: Answers ``{timing:…}`` by section, runner, cases and line; see
            `tfnotes.captures.inline`. Without it they stay as they are.

    Returns:
        The text with numbers in place of references.
    """

    def number(match: re.Match[str]) -> str:
        line = first_line + text.count("\n", 0, match.start())
        if match["timed"]:
            asked = (match["timed"], match["runner"], match["cases"])
            return timing(*asked, line) if timing else match[0]
        return lookup(match["section"], match["label"], page, records, line)

    return REFERENCE.sub(number, text)
