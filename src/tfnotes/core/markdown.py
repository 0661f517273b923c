"""The grammar of a page's Markdown, but for its fences (`tfnotes.core.fences`): said once."""

import re

from tfnotes.core.errors import PageError

CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
HEADING = re.compile(
    r"^(?P<marks>#{1,6})\s+(?P<title>.*?)\s*(?:\{:?\s*(?P<attributes>[^{}]*)\})?\s*#*\s*$"
)
LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"""\(\s*<?(?P<target>[^\s)>]*)>?(?:\s+["'(][^)]*)?\s*\)"""
)
DEFINITION = re.compile(r"^(?P<before>\s{0,3}\[(?!\^)[^\]]+\]:\s*<?)(?P<target>[^\s>]+)>?")
"""A link's address on a line of its own: ``[name]: address``."""
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def in_code_span(text: str, position: int) -> bool:
    """Whether a place in a text is inside a code span."""
    return any(span.start() < position < span.end() for span in CODE_SPAN.finditer(text))


def title_of(body: str) -> str:
    """The text of a page's first heading of level 1, without its anchor; ``""`` if it has none."""
    found = re.search(r"^# +(.*?)(?:\s*\{.*\})?\s*$", body, re.MULTILINE)
    return found[1] if found else ""


def split_front_matter(text: str, where: str) -> tuple[dict[str, str], int]:
    """Reads ``key: value`` lines between ``---`` lines at the top of a page.

    Only scalars are read (what tfnotes itself needs); MkDocs reads the same block as YAML.

    Returns:
        The values and the 1-based line at which the body begins.

    Raises:
        PageError: The front matter is never closed.
    """
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, 1
    meta: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() in ("---", "..."):
            return meta, number + 1
        match = re.match(r"^(\w[\w-]*):\s*(.*?)\s*$", line)
        if match:
            meta[match[1]] = match[2].strip("\"'")
    raise PageError(where, 1, 'front matter is never closed; add a line "---"')
