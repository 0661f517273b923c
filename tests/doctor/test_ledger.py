"""The doctor over the ledger itself: each row is found in its own old code, not in its new code."""

from pathlib import Path

import pytest

from tfnotes.doctor.catalogue import load_catalogue, make_catalogue
from tfnotes.doctor.examine import findings
from tfnotes.doctor.match import Matcher
from tfnotes.doctor.sources import load
from tfnotes.ledger.outcomes import load_outcomes
from tfnotes.ledger.rows import Row, load_rows

BEFORE = "import numpy as np\nimport tensorflow as tf\n"
ROWS = load_rows()
SEEDS = Path(__file__).parents[3] / "shared/seeds"


def found(row: Row, code: str) -> list[str]:
    catalogue = load_catalogue()
    first = (BEFORE + row.setup).count("\n")
    source = load("row.py", (BEFORE + row.setup + code).encode())
    assert not source.problems
    return [one.entry.id for one in findings(source, catalogue) if one.line > first]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_patterns_parse(row):
    Matcher((row.id, pattern) for pattern in row.find)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.find and row.outcome != "unchanged"],
    ids=lambda row: row.id,
)
def test_a_row_is_found_in_its_own_old_code_alone(row):
    assert row.id in found(row, row.old)
    assert row.id not in found(row, row.new)


def test_what_runs_unchanged_is_no_finding():
    entries = make_catalogue(ROWS, load_outcomes()).entries
    assert not {row.id for row in ROWS if row.outcome == "unchanged"} & entries.keys()


def test_every_error_says_what_was_measured():
    silent = [
        one.id
        for one in load_catalogue().entries.values()
        if one.outcome == "error" and not one.said
    ]
    assert silent == []


SEED_LINES = sorted(
    (seed, row.id) for row in ROWS for seed in row.seeds if row.outcome != "unchanged" and row.find
)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the notes the ledger grew from are not here")
def test_every_failure_in_the_blocks_of_the_seeds_is_found():
    """A row says where the notes have it; where that is a line of code, the doctor finds it."""
    catalogue = load_catalogue()
    missed = []
    count = 0
    for path in sorted(SEEDS.glob("*.md")):
        source = load(path.as_posix(), path.read_bytes())
        assert not source.problems
        lines = {(one.entry.id, one.line) for one in findings(source, catalogue)}
        for seed, row in SEED_LINES:
            name, _, number = seed.partition(":")
            if path.name.startswith(name) and _is_code(source.lines, int(number)):
                count += 1
                if not any((row, line) in lines for line in _statement(source, int(number))):
                    missed.append(f"{seed} {row}: {source.lines[int(number)].strip()}")
    assert missed == []
    assert count


def _is_code(lines: dict[int, str], number: int) -> bool:
    return bool(lines.get(number, "").strip()) and not lines[number].lstrip().startswith("#")


def _statement(source, number: int) -> range:
    """The lines of the block that a line is in: a row names the block, or a line of it."""
    first = last = number
    while first - 1 in source.lines:
        first -= 1
    while last + 1 in source.lines:
        last += 1
    return range(first, last + 1)
