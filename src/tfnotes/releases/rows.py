"""Running the ledger's rows on other releases."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.ledger.command import choose
from tfnotes.ledger.measure import drop_gone, keep, run_programs, stale
from tfnotes.ledger.outcomes import FILE, Outcome, load_outcomes, programs, save_outcomes
from tfnotes.ledger.rows import FOLDER, Row, load_rows
from tfnotes.releases.environments import environment
from tfnotes.releases.table import Release

AT_ONCE = 100
"""Programs whose outcomes are kept together: what a broken-off run loses."""


def run_rows_on(
    releases: Iterable[Release],
    names: Iterable[str],
    say: Callable[[str], None],
    *,
    keep_in: Path | None = None,
    force: bool = False,
    workers: int | None = None,
    folder: Path = FOLDER,
    file: Path = FILE,
) -> list[str]:
    """Runs rows on releases, one release after the other.

    Args:
        releases: The releases.
        names: Rows or groups; all if none.
        say: Told what happens, a line at a time.
        keep_in: A folder in which environments stay; None removes them.
        force: Run also what has been run as it stands.
        workers: Programs that run at once; None for one a core.
        folder: Where the rows are.
        file: Where the outcomes go.

    Returns:
        What could not be done: a line for each release that has no environment or broke off. The
        other releases are measured all the same.

    Raises:
        TfnotesError: Rows or outcomes cannot be read.
    """
    rows = load_rows(folder)
    chosen = choose(rows, names)
    problems = []
    for release in releases:
        due = stale(load_outcomes(file), chosen, release.name)
        if force:
            due = [program for row in chosen for program in programs(row).values()]
        if not due:
            say(f"{release.name}: has run all {len(chosen)} rows as they stand")
            continue
        say(f"{release.name}: {len(due)} programs to run")
        try:
            with environment(release, keep_in) as python:
                for start in range(0, len(due), AT_ONCE):
                    part = due[start : start + AT_ONCE]
                    outcomes, made = run_programs(part, str(python), workers)
                    _merge(rows, release.name, outcomes, made, file)
                    say(f"{release.name}: {_counted(outcomes)}")
        except TfnotesError as error:
            problems.append(f"{release.name}: {error}")
            say(problems[-1])
    return problems


def _merge(
    rows: list[Row],
    release: str,
    outcomes: dict[str, Outcome],
    made: dict[str, str],
    file: Path,
) -> None:
    # Read again each time: another run may be measuring another release.
    ledger = load_outcomes(file)
    keep(ledger, release, outcomes, made)
    drop_gone(ledger, rows)
    save_outcomes(ledger, file)


def _counted(outcomes: dict[str, Outcome]) -> str:
    """How many programs ended how, such as ``3 ok, 1 raises``."""
    counts = Counter(outcome.result for outcome in outcomes.values())
    return ", ".join(f"{count} {result}" for result, count in counts.most_common())
