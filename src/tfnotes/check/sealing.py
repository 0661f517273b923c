"""Gives a seal to what has none: ``python -m tfnotes.check.sealing``.

Needed once, for what was written before there were seals. One that does not fit stays as it is.
"""

from collections.abc import Iterator

from tfnotes.captures.store import load_runner, save_runner
from tfnotes.check.seals import all_outcomes, ledger_file
from tfnotes.core.project import Project, find_project
from tfnotes.core.records import Store
from tfnotes.ledger import outcomes as ledger


def add_seals(project: Project) -> Iterator[str]:
    """Gives a seal to what has none; yields a line for each file that was written."""
    for store in (Store(project.outputs), Store(project.real_outputs)):
        for name in store.page_names():
            records = store.load(name).values()
            if not all(record.seal for record in records):
                store.save(name, records)
                yield project.relative(store.path(name))
    for path in sorted(project.timings.glob("*.json")):
        runner = load_runner(project.timings, path.stem)
        if not all(e.seal for part in (runner.benchmarks, runner.blocks) for e in part.values()):
            save_runner(project.timings, runner)
            yield project.relative(path)
    path = ledger_file(project)
    found = ledger.load_outcomes(path)
    if not all(outcome.seal for *_, outcome in all_outcomes(found)):
        ledger.save_outcomes(found, path)
        yield project.relative(path)


def main() -> None:
    """Adds what is missing."""
    for line in add_seals(find_project()):
        print(f"{line}: sealed")


if __name__ == "__main__":
    main()
