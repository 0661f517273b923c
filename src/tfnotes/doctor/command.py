"""``tfnotes doctor``, the command."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from tfnotes.core.errors import TfnotesError


class Format(StrEnum):
    """How the report is written."""

    text = "text"
    json = "json"
    sarif = "sarif"


class Certainty(StrEnum):
    """How sure a finding must be."""

    certain = "certain"
    likely = "likely"
    possible = "possible"


class Language(StrEnum):
    """The language of notes and links."""

    zh = "zh"
    en = "en"


def spoken() -> Language:
    """The language of this terminal: Chinese where the locale says so, English otherwise."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    return Language.zh if locale.lower().startswith("zh") else Language.en


def doctor(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help=".py, .ipynb, .md, a folder, or - for input."),
    ],
    form: Annotated[Format, typer.Option("--format", help="text, json or sarif.")] = Format.text,
    certainty: Annotated[
        Certainty, typer.Option(help="Leave out what is less sure than this.")
    ] = Certainty.possible,
    language: Annotated[
        Language | None, typer.Option(help="Of notes and links; the locale's if absent.")
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="One line a finding.")] = False,
) -> None:
    """Report what in old code fails on today's TensorFlow, and what to write; nothing is run.

    Exit status: 0 nothing found, 1 something found, 2 something could not be read.

    Files that can be read are reported in any case. "# tfnotes: ignore" in a line silences it.
    """
    from tfnotes.doctor.examine import examine
    from tfnotes.doctor.report import as_json, as_text
    from tfnotes.doctor.sarif import as_sarif

    tongue = (language or spoken()).value
    try:
        report = examine(paths, certainty=certainty.value)
    except TfnotesError as error:
        # The ledger itself cannot be read: status 1 would say that something was found.
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if form is Format.text:
        text = as_text(report, tongue, brief)
    else:
        text = as_json(report, tongue) if form is Format.json else as_sarif(report, tongue)
    typer.echo(text, nl=False)
    raise typer.Exit(report.status)
