"""Running whole pages without pytest: what ``tfnotes run`` and ``tfnotes serve`` do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tfnotes.core.errors import PageError, TfnotesError
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.run.accept import Change, accept
from tfnotes.run.cache import outcome_cache
from tfnotes.run.process.watch import Outcome
from tfnotes.run.session import Session


@dataclass
class PageRun:
    """What came of one page."""

    name: str
    blocks: int = 0
    """Blocks that ran as they should."""
    failures: list[str] = field(default_factory=list)
    """One report a failed block."""
    changes: list[Change] = field(default_factory=list)
    """Records that were written."""
    given_up: bool = False
    """A newer save came; nothing was accepted."""


def run_pages(
    project: Project,
    names: Iterable[str],
    mode: str | None = "all",
    *,
    real_data: bool = False,
    fresh: bool = False,
    workers: int | None = None,
    progress: Callable[[PageRun], None] | None = None,
) -> list[PageRun]:
    """Runs pages and accepts what they produce.

    Args:
        project: The checkout.
        names: Names of pages.
        mode: One of ``accept.MODES``, or None to run only.
        real_data: Use the real data sets and write to ``outputs/real-data``.
        fresh: Run blocks again that this machine has an outcome for.
        workers: Pages that run at once; None for one a core.
        progress: Called after each page.

    Returns:
        One result a page, in the order of ``names``.

    Raises:
        TfnotesError: There is no such page, or no process can be started. A page that cannot be
            read, or whose records cannot be written, is one that failed, and stops no other.
    """
    environment = {"TFNOTES_DATA_MODE": "real"} if real_data else {}
    cache = None if real_data else outcome_cache(project)
    store = Store(project.real_outputs if real_data else project.outputs)
    session = Session(project, workers, environment, cache, fresh)
    pages: list[tuple[str, list[Page] | PageError]] = []
    for name in names:
        try:
            pages.append((name, twins(project, name)))
        except PageError as error:
            pages.append((name, error))
    try:
        for _, group in pages:
            for page in group if isinstance(group, list) else ():
                session.submit(page.running, {block.key for block in page.running})
        session.start()
        results = []
        for name, group in pages:
            if isinstance(group, list):
                result = _collect(session, store, group, mode)
            else:
                result = PageRun(name, failures=[str(group)])
            results.append(result)
            if progress:
                progress(result)
    finally:
        session.close()
    return results


def twins(project: Project, name: str) -> list[Page]:
    """The page in every language that has it.

    Raises:
        TfnotesError: No language has it, or it cannot be read.
    """
    if name.startswith("/") or ".." in name.split("/"):
        raise TfnotesError(f"{name}: no name of a page; write part/slug")
    found = [load_page(project, path) for path in project.twins(name)]
    if not found:
        raise TfnotesError(f"{name}: no such page under docs/zh or docs/en; write part/slug")
    return found


def _collect(session: Session, store: Store, group: list[Page], mode: str | None) -> PageRun:
    result = PageRun(group[0].name)
    made: dict[str, Record] = {}
    for page in group:
        for block in page.running:
            outcome: Outcome = session.outcome(block)
            if outcome.record:
                made[block.key] = outcome.record
            elif outcome.failure:
                result.failures.append(outcome.failure.at(block))
    result.blocks = len(made)
    if mode and not (result.failures and store.root.name == "real-data"):
        try:
            result.changes = accept_group(store, group, made, mode)
        except TfnotesError as error:
            result.failures.append(str(error))
    return result


def accept_group(
    store: Store, group: list[Page], made: dict[str, Record], mode: str
) -> list[Change]:
    """Accepts the records of a page and of its twin, which normally has the same blocks.

    Args:
        store: Where accepted records are.
        group: The page in each language.
        made: What ran, by key.
        mode: One of ``accept.MODES``.
    """
    changes: list[Change] = []
    for number, page in enumerate(group):
        keys = {block.key for block in page.running}
        others = {b.key for twin in group if twin is not page for b in twin.running}
        if number == 0 or keys - others:
            changes += accept(store, page, made, mode, others)
    return changes
