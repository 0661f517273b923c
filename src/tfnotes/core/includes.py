"""Resolving ``--8<-- "part/slug.py:section"`` the way pymdownx.snippets does, but strictly.

pymdownx.snippets runs a section without an end marker silently to the end of the file; here that
is an error, as is everything else that would show or run something other than what was meant.
"""

import re
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

from tfnotes.core.errors import PageError
from tfnotes.core.files import TICK, Stamp, stamp_of
from tfnotes.core.project import Project

INCLUDE = re.compile(
    r"""^\s*-{1,}8<-{1,}\s+["'](?P<file>[^"':]+)(?::(?P<section>[^"']+))?["']\s*$"""
)
_MARKER = re.compile(r"-{1,}8<-{1,}\s+\[\s*(?P<what>start|end)\s*:\s*(?P<name>[\w-]+)\s*\]")


@dataclass(frozen=True)
class Included:
    """Code taken from a snippet file."""

    code: str
    """The lines of the section, markers of nested sections removed."""
    path: Path
    """The snippet file."""
    line: int
    """1-based line of the first line of code in that file."""


def read_text(project: Project, path: Path) -> str:
    """Reads a text file as UTF-8, with Unix line ends.

    Raises:
        PageError: The file is missing or is not UTF-8; the line is the one of the first bad byte.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        where = project.relative(path)
        raise PageError(
            where, 1, f"cannot be read ({error.strerror}); create it or fix the name"
        ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        where = project.relative(path)
        raise PageError(where, line, "not UTF-8; save the file as UTF-8") from None
    return text.replace("\r\n", "\n")


def find_sections(text: str, where: str) -> dict[str, tuple[int, int]]:
    """Finds the named sections of a snippet file.

    Args:
        text: The file's text.
        where: Its name, for messages.

    Returns:
        For each section its lines as ``(first, last)``, 1-based and inclusive, without the markers.

    Raises:
        PageError: A section begins twice, has no end, or ends without a beginning.
    """
    opened: dict[str, int] = {}
    sections: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        marker = _MARKER.search(line)
        if marker is None:
            continue
        name = marker["name"]
        if marker["what"] == "start":
            if name in opened or name in sections:
                raise PageError(where, number, f'section "{name}" begins twice; rename one of them')
            opened[name] = number
        elif name in opened:
            sections[name] = (opened.pop(name) + 1, number - 1)
        else:
            raise PageError(
                where, number, f'section "{name}" ends but never begins; add its start marker'
            )
    for name, number in opened.items():
        raise PageError(
            where, number, f'section "{name}" has no end marker; add "# --8<-- [end:{name}]"'
        )
    return sections


def resolve(project: Project, reference: str, where: str, line: int) -> Included:
    """Fetches the code that an include names.

    Args:
        project: The checkout.
        reference: ``"part/slug.py:section"`` or ``"part/slug.py"``.
        where: The page that includes, for messages.
        line: The line of the include on that page.

    Returns:
        The code, with the file and line it comes from.

    Raises:
        PageError: The file leaves ``snippets/``, does not exist, or has no such section.
    """
    file, _, section = reference.partition(":")
    path = (project.snippets / file).resolve()
    if not path.is_relative_to(project.snippets.resolve()):
        raise PageError(where, line, f'include "{file}" leaves snippets/; move the code there')
    if not path.is_file():
        raise PageError(
            where, line, f'no snippet file "{file}" in snippets/; create it or fix the name'
        )
    lines, sections = _cut(project, path)
    first, last = 1, len(lines)
    if section:
        if section not in sections:
            known = ", ".join(sections) or "none"
            raise PageError(
                where, line, f'no section "{section}" in snippets/{file} (it has: {known})'
            )
        first, last = sections[section]
    kept = [(n, lines[n - 1]) for n in range(first, last + 1) if not _MARKER.search(lines[n - 1])]
    while kept and not kept[0][1].strip():
        kept.pop(0)
    while kept and not kept[-1][1].strip():
        kept.pop()
    if not kept:
        raise PageError(where, line, f'"{reference}" has no code; write some or drop the fence')
    # A removed marker in the middle would shift the lines below it in tracebacks, so it stays as a
    # blank line there.
    numbers = dict(kept)
    start, stop = kept[0][0], kept[-1][0]
    code = "".join(numbers.get(n, "") + "\n" for n in range(start, stop + 1))
    # A section may stand inside a ``try`` or ``with``, so that a snippet whose block must raise
    # still runs from top to bottom as a script.
    return Included(textwrap.dedent(code), path, start)


def _cut(project: Project, path: Path) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """The lines and the sections of a snippet file; every fence of both twins asks for it."""
    stamp = stamp_of(path)
    known = _cuts.get((project.root, path))
    if known is not None and known[0] == stamp:
        return known[1]
    text = read_text(project, path)
    found = text.split("\n"), find_sections(text, project.relative(path))
    # What changed only just now may change again without its time showing it.
    if stamp.changed < time.time_ns() - TICK:
        _cuts[project.root, path] = stamp, found
    return found


_cuts: dict[tuple[Path, Path], tuple[Stamp, tuple[list[str], dict[str, tuple[int, int]]]]] = {}
"""Snippet files by root and path: the stamp when they were cut, their lines and sections."""
