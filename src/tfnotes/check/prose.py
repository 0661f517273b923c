"""Prose: spaces between Chinese and Latin, punctuation, and terms."""

import re

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code, plain_prose
from tfnotes.check.terms import VARIANTS
from tfnotes.core.pages import Page

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_TIGHT = re.compile(rf"[{_HAN}][A-Za-z0-9]|[A-Za-z0-9][{_HAN}]")
_HALF_WIDTH = re.compile(
    rf"[{_HAN}][,;:!?](?![/\w])|[{_HAN}]\.(?=\s|$)|[\w)],\s*[{_HAN}]|[{_HAN}]\s*\(|\)[{_HAN}]"
)
_QUOTES = re.compile(rf'"[{_HAN}]|[{_HAN}]"')
_FULL_WIDTH = re.compile(r"[A-Za-z0-9)][，。；：！？、（）]")
_FREE = ("reference/glossary",)
"""Pages that name variants because they are about terms."""


def check_prose(page: Page) -> list[Finding]:
    """Checks what people read on a page, outside code.

    Args:
        page: The page; its language decides what is checked.

    Returns:
        What to mend, at most one finding of a kind a line.
    """
    findings = []
    for number, raw in enumerate(blank_code(page.text, page.fences, page.body_line), 1):
        line = plain_prose(raw)
        if not line.strip():
            continue
        rules = chinese_faults(line, page.name) if page.language == "zh" else english_faults(line)
        findings += [Finding(page.where, number, message, hint) for message, hint in rules]
    return findings + _check_description(page)


def _check_description(page: Page) -> list[Finding]:
    description = page.meta.get("description", "")
    if not description:
        hint = 'add "description: …", one sentence for search engines'
        return [Finding(page.where, 1, "the front matter has no description", hint)]
    rules = (
        chinese_faults(description, page.name)
        if page.language == "zh"
        else english_faults(description)
    )
    line = next(
        (n for n, text in enumerate(page.text.split("\n"), 1) if text.startswith("description:")), 1
    )
    return [Finding(page.where, line, message, hint) for message, hint in rules]


def chinese_faults(line: str, name: str) -> list[tuple[str, str]]:
    """What is set wrongly in a line of Chinese, and how to set it, on a page of this name."""
    found = []
    if tight := _TIGHT.search(line):
        found.append(
            (f'no space in "{_around(line, tight)}"', "put one between Chinese and Latin or digits")
        )
    if half := _HALF_WIDTH.search(line):
        hint = "use Chinese punctuation in Chinese sentences: ，。；：！？（）"
        found.append((f'half-width punctuation in "{_around(line, half)}"', hint))
    if quote := _QUOTES.search(line):
        found.append((f'straight quotes in "{_around(line, quote)}"', "use “ and ”"))
    if name not in _FREE:
        for variant, term in VARIANTS.items():
            if variant in line:
                found.append(
                    (f'"{variant}" is not the term used here', f'write "{term}" (see the glossary)')
                )
    return found


def english_faults(line: str) -> list[tuple[str, str]]:
    """The same for a line of English."""
    wide = _FULL_WIDTH.search(line)
    if not wide:
        return []
    return [
        (f'full-width punctuation in "{_around(line, wide)}"', "use ASCII punctuation in English")
    ]


def _around(line: str, match: re.Match[str]) -> str:
    return line[max(0, match.start() - 6) : match.end() + 6].strip()
