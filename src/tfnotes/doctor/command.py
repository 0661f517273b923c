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
        "paths", nargs="+", metavar="PATH", help=".py, .ipynb, .md, a folder, or - for input"
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

    from tfnotes.doctor.examine import examine
    from tfnotes.doctor.report import as_json, as_text
    from tfnotes.doctor.sarif import as_sarif

    tongue = options.language or spoken()
    try:
        report = examine(options.paths, certainty=options.certainty)
    except (TfnotesError, OSError) as error:
        # The ledger itself cannot be read: status 1 would say that something was found.
        print(error, file=sys.stderr)
        return 2
    if options.format == "text":
        text = as_text(report, tongue, options.brief)
    else:
        text = as_json(report, tongue) if options.format == "json" else as_sarif(report, tongue)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # Into ``head``, say; nothing is left to tell, at the end neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return report.status
