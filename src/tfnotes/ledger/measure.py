"""Running rows on one release and keeping what happened."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.ledger.outcomes import Ledger, Outcome, programs, read_outcome
from tfnotes.ledger.rows import Row

SCRIPT = Path(__file__).with_name("execute.py")


def run_programs(
    chosen: list[dict[str, Any]], python: str = sys.executable, workers: int | None = None
) -> tuple[dict[str, Outcome], dict[str, str]]:
    """Runs programs with an interpreter.

    Args:
        chosen: What `programs` made.
        python: The interpreter; it has TensorFlow and need not have tfnotes.
        workers: Programs that run at once; one a core if None.

    Returns:
        The outcomes by the programs' identities, and the versions that made them.

    Raises:
        TfnotesError: The interpreter could not import TensorFlow, or ended early.
    """
    with tempfile.TemporaryDirectory(prefix="tfnotes-") as folder:
        given, made = Path(folder) / "programs.json", Path(folder) / "outcomes.json"
        given.write_text(json.dumps(chosen), encoding="utf-8")
        command = [python, str(SCRIPT), str(given), str(made), str(workers or os.cpu_count() or 1)]
        # Messages print sets, and the seed of hashes counts from the start only.
        clean = quiet_environment(PYTHONHASHSEED="0")
        done = subprocess.run(command, capture_output=True, text=True, env=clean, check=False)
        if done.returncode or not made.is_file():
            said = (done.stderr.strip().split("\n") or [""])[-1]
            raise TfnotesError(f"{Path(python).name} could not run the ledger: {said}")
        result = json.loads(made.read_text(encoding="utf-8"))
    by_id = {program["id"]: program for program in chosen}
    outcomes = {
        identity: read_outcome(raw, by_id[identity], result["prefix"])
        for identity, raw in result["outcomes"].items()
    }
    return outcomes, result["made"]


def quiet_environment(**more: str) -> dict[str, str]:
    """The variables for another interpreter: nothing of this one's Python, no choice of Keras."""
    left_out = (
        "PYTHONPATH",
        "PYTHONHOME",
        "TF_USE_LEGACY_KERAS",
        "VIRTUAL_ENV",
        "__PYVENV_LAUNCHER__",
    )
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONNOUSERSITE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", **more}


def stale(ledger: Ledger, rows: Iterable[Row], release: str) -> list[dict[str, Any]]:
    """The programs whose outcome on a release is missing or of other code."""
    found = []
    for row in rows:
        for side, program in programs(row).items():
            kept = ledger.rows.get(row.id, {}).get(side, {}).get(release)
            if kept is None or kept.digest != program["digest"]:
                found.append(program)
    return found


def keep(ledger: Ledger, release: str, outcomes: dict[str, Outcome], made: dict[str, str]) -> None:
    """Puts the outcomes of a release into the ledger."""
    for identity, outcome in outcomes.items():
        row, side = identity.rsplit(":", 1)
        ledger.rows.setdefault(row, {}).setdefault(side, {})[release] = outcome
    ledger.releases[release] = made


def drop_gone(ledger: Ledger, rows: Iterable[Row]) -> None:
    """Forgets rows, sides and code that the ledger no longer has."""
    known = {row.id: programs(row) for row in rows}
    for identity in list(ledger.rows):
        sides = ledger.rows[identity]
        for side in list(sides):
            program = known.get(identity, {}).get(side)
            kept = {
                release: outcome
                for release, outcome in sides[side].items()
                if program and outcome.digest == program["digest"]
            }
            sides[side] = kept
            if not kept:
                del sides[side]
        if not sides:
            del ledger.rows[identity]
