"""Every row of the ledger is run on the pinned TensorFlow, and must do what it says."""

import pytest

from tfnotes.ledger.judge import problems
from tfnotes.ledger.measure import run_programs
from tfnotes.ledger.outcomes import load_outcomes, programs
from tfnotes.ledger.rows import load_rows

ROWS = load_rows()


@pytest.fixture(scope="session")
def outcomes():
    """All programs in one go: TensorFlow is imported once, each program is a fork."""
    return run_programs([program for row in ROWS for program in programs(row).values()])[0]


@pytest.fixture(scope="session")
def ledger():
    return load_outcomes()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(row, outcomes, ledger):
    made = {side: outcomes[program["id"]] for side, program in programs(row).items()}
    assert not problems(row, made, ledger), row.where
