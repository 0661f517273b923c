"""Then-now strips: each leads to the rows of the migration ledger that it is about."""

import posixpath
import re
from collections.abc import Iterator

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code, find_links
from tfnotes.core.pages import Page

LEDGER = "migrate/ledger.md"
"""The page of the ledger, seen from a language's folder."""
_OPENING = re.compile(r"^(?P<indent>\s*)(?:!!!|\?\?\?\+?)\s+then-now\b")


def check_strips(page: Page) -> list[Finding]:
    """Reports then-now strips from which a reader does not get to the ledger.

    The ledger says which release broke a call and is run on several; the strip shows one case.

    Args:
        page: The page.

    Returns:
        The strips without a link to a place in the ledger. Whether that place exists, the check of
        links says.
    """
    lines = blank_code(page.text, page.fences, page.body_line)
    ledger = posixpath.relpath(LEDGER, posixpath.dirname(page.name) or ".")
    hint = f"link one of its words to its row: {ledger}#ROW"
    return [
        Finding(page.where, first, "a then-now strip without a link to the ledger", hint)
        for first, inside in _strips(lines)
        if not any(_leads_to_row(link.target, ledger) for link in find_links(inside))
    ]


def _leads_to_row(target: str, ledger: str) -> bool:
    path, _, anchor = target.partition("#")
    return bool(anchor) and bool(path) and posixpath.normpath(path) == ledger


def _strips(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The line of each strip, and the lines inside it without their indent."""
    for number, line in enumerate(lines, 1):
        opening = _OPENING.match(line)
        if not opening:
            continue
        inside = []
        for text in lines[number:]:
            if text.strip() and not text.startswith(opening["indent"] + "    "):
                break
            inside.append(text.strip())
        yield number, inside
