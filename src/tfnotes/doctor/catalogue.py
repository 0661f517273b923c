"""The rows of the ledger as a report needs them: what happens today, what to write, where to read on."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from tfnotes.doctor.match import Matcher
from tfnotes.ledger.outcomes import PINNED, Ledger, load_outcomes
from tfnotes.ledger.rows import Row, load_rows

SITE = "https://tfnotes.github.io/tfnotes"
"""Where the ledger is published."""

RELEASE = PINNED
"""The release that reports speak of."""


@dataclass(frozen=True)
class Entry:
    """A row, with what was measured."""

    id: str
    api: str
    outcome: str
    """``error``, ``different`` or ``warning``; ``unchanged`` only in answers to an error text."""
    said: str
    """The error or the warning, word for word; ``""`` where there is none."""
    new: str
    notes: dict[str, str] = field(default_factory=dict)

    def link(self, language: str = "en") -> str:
        """The row on the site."""
        return f"{SITE}/{language}/migrate/ledger/#{self.id}"


@dataclass(frozen=True)
class Catalogue:
    """What the doctor knows."""

    entries: dict[str, Entry]
    matcher: Matcher


def make_catalogue(rows: Sequence[Row], outcomes: Ledger) -> Catalogue:
    """Makes a catalogue of the rows that need a change.

    Args:
        rows: The ledger's rows.
        outcomes: What was measured.

    Returns:
        The catalogue; rows whose code runs unchanged are not in it.
    """
    entries: dict[str, Entry] = {}
    patterns: list[tuple[str, str]] = []
    for row in rows:
        if row.outcome == "unchanged" or not row.find:
            continue
        entries[row.id] = make_entry(row, outcomes)
        patterns += [(row.id, pattern) for pattern in row.find]
    return Catalogue(entries, Matcher(patterns))


def make_entry(row: Row, outcomes: Ledger) -> Entry:
    """A row with what was measured."""
    measured = outcomes.of(row).get(RELEASE)
    said = measured.said if measured is not None else ""
    return Entry(row.id, row.api, row.outcome, said, essential(row.old, row.new), dict(row.note))


def essential(old: str, new: str) -> str:
    """The statements of a replacement that old code does not have.

    What both have is there so that a row can be run: data, a model, the value that is compared.
    """
    try:
        before = {ast.unparse(one) for one in ast.parse(old).body}
        kept = [one for one in ast.parse(new).body if ast.unparse(one) not in before]
    except SyntaxError:  # Lines for a shell.
        return new
    lines = new.split("\n")
    pieces = [lines[_first_line(one) - 1 : one.end_lineno] for one in kept]
    return "\n".join(line for piece in pieces for line in piece) or new


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of the ledger that comes with tfnotes."""
    return make_catalogue(load_rows(), load_outcomes())
