"""Finding code fences in Markdown, as CommonMark and superfences see them.

Both shells use this scanner, the tests and the site, so that they cannot disagree about what a
block is. Only outermost fences are found: one shown inside a longer fence is text.
"""

import re
from dataclasses import dataclass, field

_OPENING = re.compile(r"^(?P<indent>[ \t]*)(?P<marker>`{3,}|~{3,})(?P<info>[^\n]*)$")
_OPTION = re.compile(
    r"""\s*(?:
        (?P<name>[A-Za-z_][\w-]*)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'{}]+))
      | [.](?P<cls>[\w+-]+)
      | [#](?P<id>[\w-]+)
      | (?P<word>[A-Za-z_][\w-]*)
      | (?P<other>\S)
    )""",
    re.VERBOSE,
)


_QUOTES = re.compile("[\u201c\u201d\u2018\u2019\uff02]")
"""Quotation marks that an editor or an input method puts where plain ones are meant."""


@dataclass(frozen=True)
class Fence:
    """One fenced block of a Markdown text."""

    line: int
    """1-based line of the opening marker."""
    end_line: int
    """1-based line of the closing marker; the last line of the text if it is missing."""
    indent: int
    """Columns before the opening marker."""
    marker: str
    """The opening run of backticks or tildes."""
    language: str
    """First word of the info string (or first class in braces), lower case; ``""`` if none."""
    info: str
    """The whole info string."""
    body: str
    """The text between the markers, without the fence's indentation; its last line has a newline."""
    options: dict[str, str] = field(default_factory=dict)
    """Options after the language; a bare word has the value ``""``."""
    classes: tuple[str, ...] = ()
    """Further classes given in braces."""
    closed: bool = True
    """False where the text ended before the fence did."""
    stray: str = ""
    """What of the info string could not be read, if anything: its first character, or a whole
    option that is said twice or in typographic quotes."""


def parse_info(info: str) -> tuple[str, dict[str, str], tuple[str, ...], str]:
    """Reads an info string such as ``python title="x" hide`` or ``{ .python .annotate }``.

    Returns:
        Language, options, further classes, and what cannot be read first (``""`` if nothing).
    """
    text = info.strip()
    if text.startswith("{") and text.endswith("}"):
        language, rest = "", text[1:-1]
    else:
        match = re.match(r"[^\s{=\"']+", text)
        language = match.group() if match else ""
        rest = text[len(language) :].strip()
        if rest.startswith("{") and rest.endswith("}"):
            rest = rest[1:-1]
    options: dict[str, str] = {}
    classes: list[str] = []
    stray = ""
    position = 0
    while rest[position:].strip():
        match = _OPTION.match(rest, position)
        assert match is not None
        position = match.end()
        if match["name"]:
            values = (match["double"], match["single"], match["bare"])
            value = next(value for value in values if value is not None)
            # Said twice, or in quotes that are none here: neither is what was meant.
            if not stray and (match["name"] in options or _QUOTES.search(match["bare"] or "")):
                stray = match[0].strip()
            options[match["name"]] = value
        elif match["cls"]:
            classes.append(match["cls"])
        elif match["word"]:
            options[match["word"]] = ""
        elif match["other"] and not stray:
            stray = match["other"]
    if not language and classes:
        language = classes.pop(0)
    return language.lower(), options, tuple(classes), stray


def find_fences(text: str) -> list[Fence]:
    """Finds the outermost fences of a Markdown text, in order.

    A fence closes at a line that holds only a marker of the same character, at least as long, and
    indented at most three columns more than the opening one.

    Args:
        text: The Markdown; any line ending.

    Returns:
        The fences; one that is never closed has ``closed=False`` and reaches to the end.
    """
    # Not splitlines(): form feeds and line separators do not end a line of Markdown.
    lines = text.replace("\r\n", "\n").split("\n")
    fences: list[Fence] = []
    number = 0
    while number < len(lines):
        opening = _OPENING.match(lines[number])
        number += 1
        if opening is None or (opening["marker"][0] == "`" and "`" in opening["info"]):
            continue
        marker, indent = opening["marker"], len(opening["indent"].expandtabs(4))
        closing = re.compile(
            rf"^[ \t]{{0,{indent + 3}}}{re.escape(marker[0])}{{{len(marker)},}}[ \t]*$"
        )
        start = number
        while number < len(lines) and not closing.match(lines[number]):
            number += 1
        closed = number < len(lines)
        body = [_dedent(line, indent) for line in lines[start:number]]
        number += 1
        language, options, classes, stray = parse_info(opening["info"])
        fences.append(
            Fence(
                line=start,
                end_line=min(number, len(lines)),
                indent=indent,
                marker=marker,
                language=language,
                info=opening["info"].strip(),
                body="".join(line + "\n" for line in body),
                options=options,
                classes=classes,
                closed=closed,
                stray=stray,
            )
        )
    return fences


def _dedent(line: str, columns: int) -> str:
    """Takes up to ``columns`` columns of leading white space off a line."""
    expanded = line.expandtabs(4) if "\t" in line[:columns] else line
    leading = len(expanded) - len(expanded.lstrip(" "))
    return expanded[min(leading, columns) :]
