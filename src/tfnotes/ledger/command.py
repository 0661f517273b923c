"""``tfnotes ledger``: runs rows here, says what is wrong with them, accepts their outcomes."""

from collections.abc import Callable, Iterable

from tfnotes.core.errors import TfnotesError
from tfnotes.ledger.judge import problems
from tfnotes.ledger.measure import drop_gone, keep, run_programs
from tfnotes.ledger.outcomes import PINNED, load_outcomes, programs, save_outcomes
from tfnotes.ledger.rows import Row, load_rows


def choose(rows: list[Row], names: Iterable[str]) -> list[Row]:
    """The rows that names mean: identities or groups; all rows if there are none.

    Raises:
        TfnotesError: A name is neither.
    """
    wanted = list(names)
    known = {row.id for row in rows} | {row.group for row in rows}
    for name in wanted:
        if name not in known:
            raise TfnotesError(f"{name}: neither a row nor a group of the ledger")
    return [row for row in rows if not wanted or row.id in wanted or row.group in wanted]


def run_ledger(names: Iterable[str], update: bool, tell: Callable[[str], None]) -> int:
    """Runs rows on the TensorFlow of this interpreter.

    Args:
        names: Rows or groups; all if none.
        update: Whether to accept the outcomes.
        tell: Given what happened, a line or more a row.

    Returns:
        How many rows are wrong.
    """
    rows = load_rows()
    chosen = choose(rows, names)
    work = [program for row in chosen for program in programs(row).values()]
    outcomes, made = run_programs(work)
    if not made["tensorflow"].startswith(f"{PINNED}."):
        raise TfnotesError(
            f"TensorFlow {made['tensorflow']} is not {PINNED}, which the ledger is for"
        )
    ledger = load_outcomes()
    if update:
        keep(ledger, PINNED, outcomes, made)
        drop_gone(ledger, rows)
        save_outcomes(ledger)
    wrong = 0
    for row in chosen:
        sides = {side: outcomes[p["id"]] for side, p in programs(row).items()}
        old = sides["old"]
        tell(f"{row.id}: {row.outcome}: {old.said or 'runs'}" + _shown(old.value))
        if "new" in sides:
            tell("    new: " + (sides["new"].said or "runs") + _shown(sides["new"].value))
        found = problems(row, sides, ledger)
        wrong += bool(found)
        for line in found:
            tell(f"    {row.where}: {line}")
    return wrong


def _shown(value: object) -> str:
    return "" if value is None else f" → {str(value)[:120]}"
