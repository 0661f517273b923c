"""Slips of the hand that a page shows as they are, or that hide what comes after them."""

import re

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code
from tfnotes.core.inline import REFERENCE
from tfnotes.core.markdown import CODE_SPAN
from tfnotes.core.pages import Page

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff]")
"""What copying from a web page brings along: no eye sees it, every comparison does."""
_MEANT = re.compile(r"\{\s*(?:out|timing)\b", re.IGNORECASE)
"""What was meant as a number of a run, however it is written."""


def check_slips(page: Page) -> list[Finding]:
    """Reports invisible characters, comments without an end, and references that are none."""
    findings = []
    for number, line in enumerate(page.text.split("\n"), 1):
        if found := _INVISIBLE.search(line):
            message = (
                f"an invisible character (U+{ord(found[0]):04X}) at column {found.start() + 1}"
            )
            findings.append(Finding(page.where, number, message, "delete it"))
    for number, line in enumerate(blank_code(page.text, page.fences, page.body_line), 1):
        bare = CODE_SPAN.sub(lambda span: "x" * len(span[0]), line)
        if "<!--" in bare:
            message = "a comment that is never closed hides what follows it"
            findings.append(Finding(page.where, number, message, 'close it with "-->"'))
        for meant in _MEANT.finditer(bare):
            if not REFERENCE.match(bare, meant.start()):
                shown = bare[meant.start() : meant.start() + 24]
                hint = "write {out:SECTION:label} or {timing:SECTION:RUNNER:SERIES@SIZE}"
                findings.append(
                    Finding(page.where, number, f'"{shown}" is no number of a run', hint)
                )
    return findings
