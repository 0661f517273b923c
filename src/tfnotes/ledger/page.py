"""Where a page shows the ledger: ``<!-- ledger: GROUP -->``, and what it then shows."""

import re
from functools import lru_cache
from pathlib import Path

from tfnotes.ledger import outcomes as measured
from tfnotes.ledger.outcomes import Ledger, load_outcomes
from tfnotes.ledger.rows import FOLDER, Row, load_rows

PLACEHOLDER = re.compile(r"^<!-- ledger: (?P<what>[a-z0-9]+) -->\s*$")


def row_anchors(text: str) -> set[str]:
    """The anchors of the rows that a page's text shows."""
    groups = {found["what"] for line in text.split("\n") if (found := PLACEHOLDER.match(line))}
    return {row.id for row in read_ledger()[0] if row.group in groups} if groups else set()


def read_ledger() -> tuple[list[Row], Ledger]:
    """The rows and what was measured; read again only when a file has changed."""
    return _read(tuple((file.name, file.stat().st_mtime_ns) for file in ledger_files()))


def ledger_files() -> list[Path]:
    """The files that the tables are made from."""
    return [file for file in (*sorted(FOLDER.glob("*.toml")), measured.FILE) if file.is_file()]


@lru_cache(maxsize=2)
def _read(stamps: tuple[tuple[str, int], ...]) -> tuple[list[Row], Ledger]:
    return load_rows(), load_outcomes()
