"""What machines wrote, and nobody runs again, as they wrote it: seals, dates and measured times."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tfnotes.captures.store import Measured, Runner, Shown, load_runner, own_seal
from tfnotes.check.finding import Finding, from_error
from tfnotes.core.errors import PageError, TfnotesError
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.ledger import outcomes as ledger

_SEAL = "run python -m tfnotes.check.sealing"


def check_seals(project: Project, names: Iterable[str] | None = None) -> list[Finding]:
    """Reports records, captures and outcomes of the ledger that a hand has changed.

    Args:
        project: The checkout.
        names: Names of pages; with captures and the ledger, everything if None.
    """
    findings: list[Finding] = []
    wanted = None if names is None else set(names)
    for folder, option in ((project.outputs, ""), (project.real_outputs, " --real")):
        store = Store(folder)
        for name in store.page_names():
            if wanted is not None and name not in wanted:
                continue
            where = project.relative(store.path(name))
            try:
                records = store.load(name).values()
            except PageError as error:
                findings.append(from_error(error))
                continue
            cure = f"restore the file, or run tfnotes run {name}{option} --fresh"
            entries = [(f'the record of block "{r.name}"', r, r.own_seal) for r in records]
            findings += _check_entries(where, entries, cure)
    if wanted is None:
        for path in sorted(project.timings.glob("*.json")):
            where = project.relative(path)
            try:
                findings += _check_runner(where, load_runner(project.timings, path.stem))
            except PageError as error:
                findings.append(from_error(error))
        findings += _check_ledger(project)
    return findings


def _check_ledger(project: Project) -> list[Finding]:
    """Reports outcomes of the ledger; those of this release are run by the tests as well."""
    path = ledger_file(project)
    where, cure = project.relative(path), "restore the file, or run that release again"
    findings = []
    bare = 0
    try:
        found = ledger.load_outcomes(path)
    except TfnotesError as error:
        return [Finding(where, 1, str(error))]
    for row, side, release, outcome in all_outcomes(found):
        bare += not outcome.seal
        if outcome.seal and outcome.seal != outcome.own_seal(row, side, release):
            what = f"the outcome of {row}, {side} code on {release}, was changed by hand"
            findings.append(Finding(where, 1, what, cure))
    for release, made in found.releases.items():
        if not _has_been(made.get("date", "")):
            what = f"release {release} says that it ran on {made.get('date') or 'no day'}"
            findings.append(Finding(where, 1, what, cure))
    if bare:
        findings.append(Finding(where, 1, f"{bare} outcomes without a seal", _SEAL))
    return findings


def ledger_file(project: Project) -> Path:
    """The ledger's outcomes in this checkout."""
    return project.root / "src" / "tfnotes" / "ledger" / ledger.FILE.name


def all_outcomes(found: ledger.Ledger) -> Iterator[tuple[str, str, str, ledger.Outcome]]:
    """Each outcome with its row, side and release."""
    for row, sides in found.rows.items():
        for side, releases in sides.items():
            for release, outcome in releases.items():
                yield row, side, release, outcome


def _check_runner(where: str, runner: Runner) -> list[Finding]:
    cure = "restore the file, or capture it again there"
    entries = [
        (f"the capture of {place}", entry, lambda entry=entry: own_seal(entry))
        for part in (runner.benchmarks, runner.blocks)
        for place, entry in part.items()
    ]
    findings = _check_entries(where, entries, cure)
    for place, measured in runner.benchmarks.items():
        wrong = next((problem for case in measured.cases if (problem := _wrong(case))), "")
        if wrong:
            findings.append(Finding(where, 1, f"the capture of {place}: {wrong}", cure))
    return findings


def _check_entries(
    where: str,
    entries: Iterable[tuple[str, Record | Measured | Shown, Callable[[], str]]],
    cure: str,
) -> list[Finding]:
    findings = []
    bare = 0
    for what, entry, seal in entries:
        if not entry.seal:
            bare += 1
        elif entry.seal != seal():
            findings.append(Finding(where, 1, f"{what} was changed by hand", cure))
        if not re.fullmatch(r"[0-9a-f]{20}", entry.key):
            findings.append(Finding(where, 1, f"{what} has no key of any code", cure))
        if not _has_been(entry.made.get("date", "")):
            date = entry.made.get("date") or "no day"
            findings.append(Finding(where, 1, f"{what} says that it was made on {date}", cure))
    if bare:
        findings.append(Finding(where, 1, f"{bare} entries without a seal", _SEAL))
    return findings


def _has_been(date: str) -> bool:
    """Whether a date is one, and not to come (somewhere it is tomorrow already)."""
    try:
        day = datetime.date.fromisoformat(date)
    except ValueError:
        return False
    return day <= datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)


def _wrong(case: dict[str, Any]) -> str:
    """What of one measured case cannot have been measured; ``""`` if nothing."""
    try:
        timing = case["timing"]
        low, median, high = (float(timing[name]) for name in ("q1", "median", "q3"))
        fastest, number = float(timing["fastest"]), int(timing["n"])
        place = f"{case['series']}@{case['size']}"
    except (KeyError, TypeError, ValueError) as error:
        return f"a case lacks something ({error})"
    if not 0 < fastest <= low <= median <= high or number < 1:
        return f"{place} has a median of {median:g} s between {low:g} and {high:g} s"
    return ""
