"""``tfnotes doctor``, the command; argparse, because the doctor needs nothing but Python."""

import argparse
import os
import sys
from collections.abc import Sequence

from tfnotes.core.errors import TfnotesError


def spoken() -> str:
    """The language of this terminal: Chinese where the locale says so, English otherwise."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def main(arguments: Sequence[str] | None = None) -> int:
    """Parses a command line and examines what it names.

    Args:
        arguments: Words after ``doctor``; those of the process if None.

    Returns:
        The exit status: 0 nothing found, 1 something found, 2 something could not be read.
    """
    parser = argparse.ArgumentParser(
        prog="tfnotes doctor",
        description="Report what in old code fails on today's TensorFlow, and what to write; "
        "nothing is run.",
        epilog="Exit status: 0 nothing found, 1 something found, 2 something could not be read. "
        'Files that can be read are reported in any case. "# tfnotes: ignore" in a line '
        "silences it.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help=".py, .ipynb, .md, a folder, or - for input"
    )
    parser.add_argument(
        "--error",
        nargs="?",
        const="-",
        metavar="TEXT",
        help="an error's message or a whole traceback, from input if absent: the rows of the ledger "
        "that it means; status 0 if there is one, 1 if none fits",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="write what is to be written instead, where a cure is known, and report what is left",
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what --fix would change; status 1 if anything"
    )
    parser.add_argument(
        "--unsafe",
        action="store_true",
        help="with --fix or --diff: cures too that somebody must look at",
    )
    parser.add_argument(
        "--format", choices=("text", "json", "sarif"), default="text", help="(default: text)"
    )
    parser.add_argument(
        "--certainty",
        choices=("certain", "likely", "possible"),
        default="possible",
        help="leave out what is less sure than this (default: possible)",
    )
    parser.add_argument(
        "--language", choices=("zh", "en"), help="of notes and links (default: the locale's)"
    )
    parser.add_argument("--brief", action="store_true", help="one line a finding")
    options = parser.parse_args(arguments)
    if (options.error is None) != bool(options.paths):
        parser.error("name files, or give --error a text; not both and not neither")
    if options.error is not None and options.format == "sarif":
        parser.error("SARIF speaks of places in files, and a text has none; use text or json")
    if options.error is not None:
        return _answer(options)
    if options.unsafe and not (options.fix or options.diff):
        parser.error("--unsafe says which cures --fix and --diff may use; give one of them")
    if (options.fix or options.diff) and (options.format != "text" or "-" in options.paths):
        parser.error("--fix and --diff speak of files, and in text")
    if options.fix or options.diff:
        status = _fix(options)
        if options.diff or status == 2:
            return status

    from tfnotes.doctor.examine import examine
    from tfnotes.doctor.report import as_json, as_text
    from tfnotes.doctor.sarif import as_sarif

    tongue = options.language or spoken()
    try:
        terminal = sys.stderr.isatty() and options.format == "text"
        tell = _show_progress if terminal else None
        report = examine(options.paths, certainty=options.certainty, tell=tell)
    except (TfnotesError, OSError) as error:
        # The ledger itself cannot be read: status 1 would say that something was found.
        print(error, file=sys.stderr)
        return 2
    if options.format == "text":
        from tfnotes.doctor.fix.suggest import with_suggestions

        text = as_text(report if options.brief else with_suggestions(report), tongue, options.brief)
    else:
        text = as_json(report, tongue) if options.format == "json" else as_sarif(report, tongue)
    _print(text)
    return report.status


def _show_progress(done: int, total: int) -> None:
    """A bar on a terminal, which takes itself away at the end."""
    full = 30 * done // total
    bar = f"\r[{'#' * full}{' ' * (30 - full)}] {done}/{total}"
    sys.stderr.write(bar if done < total else "\r" + " " * len(bar) + "\r")
    sys.stderr.flush()


def _fix(options: argparse.Namespace) -> int:
    """Applies cures, or shows them; 0 nothing to do, 1 done or shown, 2 something is left as it is."""
    from tfnotes.doctor.fix.files import diff, fix_files, summary, write

    tongue = options.language or spoken()
    try:
        done = fix_files(options.paths, options.unsafe)
        for one in done:
            if one.problem:
                print(one.problem, file=sys.stderr)
            if one.changed and options.diff:
                _print(diff(one))
            elif one.changed:
                write(one)
                print(summary(one, tongue), file=sys.stderr)
    except (TfnotesError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return int(any(one.changed for one in done))


def _answer(options: argparse.Namespace) -> int:
    """Says which rows an error text means."""
    from tfnotes.doctor.answer import answer, answer_as_json, answer_as_text

    text = sys.stdin.read() if options.error == "-" else options.error
    if not text.strip():
        print("no text to look up; give --error the message, or pipe it in", file=sys.stderr)
        return 2
    tongue = options.language or spoken()
    try:
        found = answer(text)
    except (TfnotesError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.format == "text":
        _print(answer_as_text(found, tongue, options.brief))
    else:
        _print(answer_as_json(found, tongue))
    return 0 if any(one.fits for one in found) else 1


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # Into ``head``, say; nothing is left to tell, at the end neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
