"""Text and code as Typst markup: what must be escaped, where code may break, what its colours are."""

import json
import re
import unicodedata
from collections.abc import Callable

from tfnotes.book.book import Element

_MARKUP = re.compile(r"([\\#*_`$<>@~\[\]\"'=+\-/.(;])")
_NUMBERED = re.compile(r"(?<!\\)((?:\\\\)*)\\u([0-9a-f]{4})")
_BREAKABLE = re.compile(r"(?<=[._/(,=:\[|])(?=[^\s._/])")
MAY_BREAK = "#box(width: 0pt)"
"""An empty box: a line may end beside it, and who copies the text finds nothing there."""
SPACE = re.compile(r"[ \t\r\n]+")
_TOKENS = dict.fromkeys(("k", "kn", "kc", "kd", "kw", "ow"), "k")
_TOKENS |= dict.fromkeys(("s", "s1", "s2", "sd", "sa", "se", "si", "sr"), "s")
_TOKENS |= dict.fromkeys(("c", "c1", "cm"), "c") | dict.fromkeys(("mi", "mf", "mh"), "m")
_TOKENS |= dict.fromkeys(("nf", "nc", "nd"), "n") | dict.fromkeys(("n", "o", "p", "nb", "nn"), "")


def escape(text: str | None) -> str:
    """Text as markup that means that text."""
    return _MARKUP.sub(r"\\\1", SPACE.sub(" ", text or ""))


def inline_code(text: str) -> str:
    """Code within a line; a long name may be broken behind a dot."""
    text = SPACE.sub(" ", text)
    pieces = [text] if len(text) < 14 else _BREAKABLE.split(text)
    return MAY_BREAK.join(f"#raw({string(piece)})" for piece in pieces)


def tokens(element: Element, drawn: Callable[[str], str]) -> list[list[tuple[str, str]]]:
    """The lines of highlighted code, each as pieces with the kind of their colour.

    Args:
        element: The block, with the classes that Pygments gives its tokens.
        drawn: What to do to the text.

    Returns:
        For each line its pieces: ``k`` keyword, ``s`` string, ``c`` comment, ``m`` number, ``n``
        name that is defined, or ``""``.
    """
    pieces: list[tuple[str, str]] = []

    def add(kind: str, text: str | None) -> None:
        if not text:
            return
        if pieces and (pieces[-1][0] == kind or not text.strip(" ")):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + text)
        else:
            pieces.append((kind, text))

    def walk(parent: Element, kind: str) -> None:
        add(kind, parent.text)
        for child in parent:
            walk(child, _TOKENS.get((child.get("class") or "")[:2], kind))
            add(kind, child.tail)

    walk(element, "")
    lines: list[list[tuple[str, str]]] = [[]]
    for kind, text in pieces:
        first, *more = drawn(text).split("\n")
        lines[-1].append((kind, first))
        lines += [[(kind, one)] for one in more]
    return [[piece for piece in line if piece[1]] for line in lines]


def pieces_of(line: list[tuple[str, str]]) -> str:
    """A line of `tokens` as Typst writes a list of pairs."""
    return "".join(f"({string(kind)}, {string(text)})," for kind, text in line)


def columns(line: str) -> int:
    """How many letters wide a line of code is; a Chinese one takes less than two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


def wrap(text: str, width: int) -> str:
    """Breaks the lines that do not fit even in small letters, at a space where there is one."""
    lines = []
    for line in text.split("\n"):
        indent = " " * min(len(line) - len(line.lstrip()) + 2, width // 2)
        while columns(line) > width:
            cut = next(n for n in range(len(line), 0, -1) if columns(line[:n]) <= width)
            space = line.rfind(" ", len(indent) + 1, cut + 1)
            cut = space if space > width // 2 else cut
            lines.append(line[:cut])
            line = indent + line[cut:].lstrip(" ")
        lines.append(line)
    return "\n".join(lines)


def string(text: str) -> str:
    """A string literal of Typst: JSON's, but for how it writes a character by its number."""
    return _NUMBERED.sub(r"\1\\u{\2}", json.dumps(text, ensure_ascii=False))


def boolean(value: bool) -> str:
    """A truth value of Typst."""
    return "true" if value else "false"
