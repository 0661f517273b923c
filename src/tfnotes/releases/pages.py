"""Running pages on other releases, and keeping what came of each as soon as it is known."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import tfnotes
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import LANGUAGES, Project
from tfnotes.ledger.measure import quiet_environment
from tfnotes.releases.environments import environment
from tfnotes.releases.results import PageResult, page_digest, read_results, write_results
from tfnotes.releases.table import Release

Say = Callable[[str], None]


def digests(project: Project, names: Iterable[str] | None = None) -> dict[str, str]:
    """The digests of the pages that have code, as they stand.

    Args:
        project: The checkout.
        names: Names of pages; all of them if None.

    Raises:
        TfnotesError: A page cannot be read.
    """
    if names is None:
        names = sorted({name for one in LANGUAGES for name in project.page_names(one)})
    found = {name: page_digest(project, name) for name in names}
    return {name: digest for name, digest in found.items() if digest}


def due(project: Project, release: str, wanted: dict[str, str], force: bool = False) -> list[str]:
    """The pages whose code a release has not run as it stands."""
    known = read_results(project)

    def current(name: str) -> bool:
        result = known.get(name, {}).get(release)
        return result is not None and result.digest == wanted[name]

    return [name for name in wanted if force or not current(name)]


def run_pages_on(
    project: Project,
    releases: Iterable[Release],
    names: Iterable[str] | None,
    say: Say,
    *,
    keep: Path | None = None,
    force: bool = False,
    workers: int | None = None,
) -> list[str]:
    """Runs pages on releases, one release after the other.

    Args:
        project: The checkout.
        releases: The releases.
        names: Names of pages; all of them if None.
        say: Told what happens, a line at a time.
        keep: As in `environment`.
        force: Run also what has been run as it stands.
        workers: Pages that run at once; None for one a core.

    Returns:
        What could not be done: a line for each release that has no environment or broke off. The
        other releases are measured all the same.

    Raises:
        TfnotesError: A page or the results cannot be read, or the results cannot be written.
    """
    wanted = digests(project, names)
    if names is None:
        _forget_others(project, wanted)
    problems = []
    for release in releases:
        todo = due(project, release.name, wanted, force)
        if not todo:
            say(f"{release.name}: has run all {len(wanted)} pages as they stand")
            continue
        say(f"{release.name}: {len(todo)} of {len(wanted)} pages to run")
        try:
            with environment(release, keep) as python:
                for answer in ask(python, project, todo, workers):
                    name = answer.pop("page")
                    result = PageResult(**{**answer, "differs": tuple(answer["differs"])})
                    _keep(project, name, release.name, result)
                    say(f"{release.name}: {describe(name, result)}")
        except TfnotesError as error:
            problems.append(f"{release.name}: {error}")
            say(problems[-1])
    return problems


def ask(
    python: Path, project: Project, names: list[str], workers: int | None
) -> Iterator[dict[str, Any]]:
    """Runs pages with another Python.

    Yields:
        What `tfnotes.releases.inside` says of each page.

    Raises:
        TfnotesError: It broke off.
    """
    source = Path(tfnotes.__file__).parents[1]
    command = [str(python), "-m", "tfnotes.releases.inside", str(project.root)]
    command += [str(workers)] if workers else []
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            env=quiet_environment(PYTHONPATH=str(source)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write("".join(f"{name}\n" for name in names))
            process.stdin.close()
            for line in process.stdout:
                yield json.loads(line)
            process.wait(60)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise TfnotesError(f"running pages broke off ({error})") from None
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip().split("\n")
    if process.returncode:
        raise TfnotesError(f"running pages broke off: {said[-1]}")


def describe(name: str, result: PageResult) -> str:
    """One line about a page."""
    text = f"{name}: {result.blocks} of {result.of} blocks"
    if result.differs:
        text += f", other outputs: {', '.join(result.differs)}"
    if result.failed:
        text += f"; {result.failed['block']}: {result.failed['error']}"
    return text


def _keep(project: Project, page: str, release: str, result: PageResult) -> None:
    # Read again each time: another run may be measuring another release.
    results = {name: dict(found) for name, found in read_results(project).items()}
    results.setdefault(page, {})[release] = result
    write_results(project, results)


def _forget_others(project: Project, wanted: dict[str, str]) -> None:
    """Drops results of pages that are gone or have no code any more."""
    results = read_results(project)
    kept = {name: found for name, found in results.items() if name in wanted}
    if len(kept) < len(results):
        write_results(project, kept)
