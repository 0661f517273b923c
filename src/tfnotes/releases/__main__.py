"""``tools/releases``: measures the ledger and the pages on other TensorFlow releases."""

import argparse
import sys
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import find_project
from tfnotes.ledger.measure import stale
from tfnotes.ledger.outcomes import load_outcomes
from tfnotes.ledger.rows import load_rows
from tfnotes.releases.pages import digests, due, run_pages_on
from tfnotes.releases.rows import run_rows_on
from tfnotes.releases.table import choose

DESCRIPTION = """Runs the ledger's rows and the pages' blocks on TensorFlow releases, each in an
environment of its own that is removed afterwards. Only what has changed since a release was
measured is run. The releases and their pins are in src/tfnotes/releases/table.py."""


def main(arguments: list[str] | None = None) -> int:
    """Does what the command line says.

    Returns:
        The exit status: 1 if a release could not be measured or, for ``status``, if any is due.
    """
    options = _parser().parse_intermixed_args(arguments)
    try:
        return _status(options) if options.what == "status" else _run(options)
    except TfnotesError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools/releases", description=DESCRIPTION)
    parser.add_argument("what", choices=("all", "ledger", "pages", "status"))
    parser.add_argument("names", nargs="*", help="rows or groups, or pages; all if none")
    parser.add_argument(
        "-r", "--release", action="append", default=[], help="only this one (may be repeated)"
    )
    parser.add_argument("--keep", type=Path, help="leave the environments in this folder")
    parser.add_argument("--force", action="store_true", help="run also what has not changed")
    parser.add_argument("--workers", type=int, help="programs or pages that run at once")
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.what == "all" and options.names:
        raise TfnotesError("all: takes no names; say ledger or pages")
    problems: list[str] = []
    more = {"force": options.force, "workers": options.workers}
    if options.what in ("all", "ledger"):
        releases = choose(options.release)
        problems += run_rows_on(releases, options.names, _say, keep_in=options.keep, **more)
    if options.what in ("all", "pages"):
        releases = choose([] if options.what == "all" else options.release, pages=True)
        if options.what == "all" and options.release:
            releases = [release for release in releases if release.name in options.release]
        names = options.names or None
        problems += run_pages_on(find_project(), releases, names, _say, keep=options.keep, **more)
    for problem in problems:
        print(f"not measured: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _status(options: argparse.Namespace) -> int:
    """Says what has changed since each release was measured."""
    project = find_project()
    ledger, rows, wanted = load_outcomes(), load_rows(), digests(project)
    owing = 0
    for release in choose(options.release):
        programs = len(stale(ledger, rows, release.name))
        pages = due(project, release.name, wanted) if release.pages else []
        owing += programs + len(pages)
        parts = [f"{programs} programs of the ledger"] if programs else []
        parts += [f"{len(pages)} pages ({', '.join(pages)})"] if pages else []
        _say(f"{release.name}: {' and '.join(parts) or 'nothing'} to run")
    return 1 if owing else 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
