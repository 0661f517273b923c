"""What the commands share: errors as one line, pages named by arguments, a progress bar."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import LANGUAGES, Project


class Group(TyperGroup):
    """Turns errors that a person can mend into one line and exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command."""
        try:
            return super().invoke(ctx)
        except TfnotesError as error:
            typer.echo(str(error), err=True)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            typer.echo(f"{place}{error.strerror or error}", err=True)
        raise typer.Exit(1)


def page_names(project: Project, given: list[str] | None) -> list[str]:
    """The names of the pages that arguments mean.

    Args:
        project: The checkout.
        given: Names (``part/slug``) or paths (``docs/zh/part/slug.md``); all pages if empty.

    Returns:
        The names, each once.

    Raises:
        TfnotesError: There is no such page.
    """
    known = project.all_names()
    names = []
    for argument in given or []:
        where = project.relative(Path(argument)) if argument.endswith(".md") else argument
        name = where.removesuffix(".md")
        for language in LANGUAGES:
            name = name.removeprefix(f"docs/{language}/")
        if name not in known:
            raise TfnotesError(f"{argument}: no such page; write part/slug or docs/zh/part/slug.md")
        names.append(name)
    return list(dict.fromkeys(names)) if given else known


def counted(number: int, what: str) -> str:
    """A number with its noun: "1 page", "2 pages"."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def has_tensorflow() -> bool:
    """Whether pages can be run here; TensorFlow is looked for, not imported."""
    return find_spec("tensorflow") is not None


def need_tensorflow() -> None:
    """Says how to get TensorFlow where there is none.

    Raises:
        TfnotesError: There is none.
    """
    if not has_tensorflow():
        python = os.path.relpath(sys.executable)
        raise TfnotesError(f"{python} has no TensorFlow; make test sets up .venv/bin/tfnotes")


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Shows a bar while something long runs; it is gone afterwards, and logs never have it.

    Args:
        what: What is being done.
        total: How many steps it has; 0 if that is not known.

    Yields:
        A function to call after each step with its name.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns: list[Any] = [SpinnerColumn(), TextColumn("{task.description}")]
    if total:
        columns += [BarColumn(), MofNCompleteColumn()]
    console = Console(stderr=True)
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task(what, total=total or None)

        def advance(name: str) -> None:
            bar.update(task, description=f"{what}: {name}" if total else name, advance=1)

        yield advance
