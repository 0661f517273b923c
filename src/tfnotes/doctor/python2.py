"""Programs for Python 2: saying so, and reading them as far as they can be read."""

import re
from dataclasses import dataclass

_STRING = re.compile(r"(?:\b[rRbBuU]{1,2})?('''|\"\"\"|'|\")")
_START = r"(?P<before>^[ \t]*|[:;][ \t]*)"
_LINES = (
    ("print statement", re.compile(_START + r"print(?P<to>[ \t]*>>[ \t]*|[ \t]+|(?=[\"'`]))(?![ \t(=]|$)")),
    ("print statement", re.compile(_START + r"print(?P<to>[ \t]+)(?=\(.*\)[ \t]*[^\s,;#)%.\[*+-])")),
    ("exec statement", re.compile(_START + r"exec(?P<to>[ \t]+)(?![ \t(=]|$)")),
)  # fmt: skip
_WORDS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("except with a comma", re.compile(r"^(\s*except\s+(?:[\w.]+|\([^()]*\)))\s*,\s*(\w+)\s*:"), r"\1 as \2:"),
    ("raise with a comma", re.compile(r"((?:^|[:;])\s*raise\s+[\w.]+)\s*,\s*(.+?)\s*$"), r"\1(\2)"),
    ("backquotes", re.compile(r"`([^`]*)`"), r"repr(\1)"),
    ("<> operator", re.compile(r"<>"), "!="),
    ("octal number", re.compile(r"(?<![\w.])0(\d+)(?![\w.])"), r"0o\1"),
    ("long number", re.compile(r"(?<![\w.])(\d+)[lL]\b"), r"\1"),
    ("ur string", re.compile(r"\b[uU][rR](?=['\"])"), "r"),
)  # fmt: skip


@dataclass(frozen=True)
class Old:
    """A construct that only Python 2 has."""

    line: int
    what: str


def repair(text: str) -> tuple[str, list[Old]]:
    """Rewrites what only Python 2 understands, line for line.

    Args:
        text: The program.

    Returns:
        The program as Python 3, as far as that is simple, and what was rewritten.
    """
    lines = text.split("\n")
    masked = _mask(text).split("\n")
    found: list[Old] = []
    number = 0
    while number < len(lines):
        end = _statement_end(masked, number)
        for what, rule in _LINES:
            if match := rule.search(masked[number]):
                found.append(Old(number + 1, what))
                _enclose(lines, masked, number, end, match)
                break
        for position in range(number, end + 1):
            for what, rule, new in _WORDS:
                # Strings are blank in `masked`: what is found there is code.
                if what == "ur string":
                    hits = rule.search(lines[position])
                else:
                    hits = rule.search(masked[position])
                if hits:
                    lines[position] = _substitute(lines[position], masked[position], rule, new)
                    masked[position] = _mask(lines[position])
                    found.append(Old(position + 1, what))
        number = end + 1
    return "\n".join(lines), found


def _substitute(line: str, masked: str, rule: re.Pattern[str], new: str) -> str:
    """Replaces in a line at the places where the masked line has a match."""
    if len(line) != len(masked):
        return rule.sub(new, line)
    out, last = [], 0
    for match in rule.finditer(masked):
        whole = re.sub(r"\\(\d)", lambda group: line[slice(*match.span(int(group[1])))], new)  # noqa: B023
        out += [line[last : match.start()], whole]
        last = match.end()
    return "".join([*out, line[last:]])


def _enclose(
    lines: list[str], masked: list[str], start: int, end: int, match: re.Match[str]
) -> None:
    """Puts the arguments of a statement into parentheses."""
    stop = len(masked[end].split("#", 1)[0].rstrip())
    semicolon = masked[start].find(";", match.end()) if end == start else -1
    if semicolon >= 0:
        stop = semicolon
    lines[end] = lines[end][:stop] + ")" + lines[end][stop:]
    masked[end] = masked[end][:stop] + ")" + masked[end][stop:]
    for each in (lines, masked):
        line = each[start]
        each[start] = line[: match.start("to")] + "(" + line[match.end("to") :]


def _statement_end(masked: list[str], start: int) -> int:
    """The last line of the statement that starts in a line."""
    depth, number = 0, start
    while number < len(masked):
        line = masked[number].split("#", 1)[0].rstrip()
        depth += sum(line.count(one) for one in "([{") - sum(line.count(one) for one in ")]}")
        if depth <= 0 and not line.endswith("\\"):
            return number
        number += 1
    return start


def _mask(text: str) -> str:
    """The text with the contents of strings blanked, every character in its place."""
    out, position = [], 0
    comment = re.compile(r"#[^\n]*")
    token = re.compile(rf"{_STRING.pattern}|#[^\n]*")
    while match := token.search(text, position):
        out.append(text[position : match.start()])
        if comment.match(match[0]):
            out.append("#" + " " * (len(match[0]) - 1))
            position = match.end()
            continue
        quote = match[1]
        end = re.compile(rf"(?:\\.|(?!{quote}).)*{quote}", re.DOTALL if len(quote) == 3 else 0)
        closing = end.match(text, match.end())
        stop = closing.end() if closing else match.end()
        inside = text[match.end() : stop - len(quote)] if closing else ""
        out.append(match[0] + re.sub(r"[^\n]", "_", inside) + (quote if closing else ""))
        position = stop
    return "".join([*out, text[position:]])
