"""pytest: every Python fence of every page is an item; a session runs the pages behind it.

Sybil makes the items, so that ids, ``-k``, ``--lf`` and ``-x`` work as everywhere; the blocks run
in the page processes of a ``Session``, and an item waits for the outcome of its block.
"""

import argparse
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.integration.pytest import SybilItem

from tfnotes.core.blocks import Block
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import find_project
from tfnotes.run.accept import MODES, Change
from tfnotes.run.pytest_pages import BlockFailedError, Pages

_PAGES: pytest.StashKey[Pages] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of the notes."""
    group = parser.getgroup("tfnotes")
    group.addoption(
        "--update-outputs",
        nargs="?",
        const="all",
        metavar="missing|stale|all",
        help="accept what the blocks produce: rewrite records that differ and print what changed",
    )
    help_ = "pages that run at once (default: one a core)"
    group.addoption("--page-workers", type=_positive, help=help_, metavar="N")


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text}: give a whole number from 1")
    return int(text)


def pytest_configure(config: pytest.Config) -> None:
    """Prepares the session; nothing is started before there is something to run."""
    update = config.getoption("--update-outputs")
    if update is not None and update not in MODES:
        modes = ", ".join(f"={mode}" for mode in MODES)
        raise pytest.UsageError(
            f"--update-outputs {update}: put paths before it, or write it with one of {modes}"
        )
    try:
        project = find_project(Path(config.rootpath))
        pages = Pages(project, update, config.getoption("--page-workers"))
    except TfnotesError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[_PAGES] = pages

    def parse(document: Document) -> Iterator[Region]:
        starts = _line_starts(document.text)
        page = pages.page(Path(document.path))
        for block in page.running:
            first, last = starts[block.line - 1], starts[block.end_line]
            yield Region(first, last, parsed=block, evaluator=evaluate)

    def evaluate(example: Example) -> None:
        pages.run(Path(example.path), example.parsed)

    sybil = Sybil(
        parsers=[parse],
        patterns=["docs/*/*.md", "docs/*/*/*.md", "README.md"],
        path=str(project.root),
    )
    config.pluginmanager.register(_Collector(sybil, pages), "tfnotes-pages")
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(_FromWorkers(pages), "tfnotes-workers")


class _Collector:
    """Collects pages through Sybil; a page that cannot be read is one failed test with one line."""

    def __init__(self, sybil: Sybil, pages: Pages) -> None:
        self._collect = sybil.pytest()
        self._pages = pages

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> Any:
        found = self._collect(file_path, parent)
        if found is None:
            return None
        try:
            self._pages.page(file_path)
        except TfnotesError as error:
            # No error of collection: that would keep the pages that are well from running.
            return _Unreadable.from_parent(parent, path=file_path, problem=str(error))
        return found


class _Unreadable(pytest.File):
    """A page that cannot be read."""

    def __init__(self, *, problem: str, **options: Any) -> None:
        super().__init__(**options)
        self._problem = problem

    def collect(self) -> Iterator[pytest.Item]:
        """One test, which fails."""
        yield _Problem.from_parent(self, name="unreadable", problem=self._problem)


class _Problem(pytest.Item):
    """Why a page cannot be read, as a test that fails."""

    def __init__(self, *, problem: str, **options: Any) -> None:
        super().__init__(**options)
        self._problem = problem

    def runtest(self) -> None:
        """Fails."""
        raise BlockFailedError(self._problem)


class _FromWorkers:
    """With xdist the workers write the update; the process that reports asks them what changed."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def pytest_testnodedown(self, node: Any) -> None:
        told = getattr(node, "workeroutput", {}).get("tfnotes", {})
        self._pages.changes += [Change(**change) for change in told.get("changes", ())]
        new = [one for one in told.get("problems", ()) if one not in self._pages.session.problems]
        self._pages.session.problems += new
        self._pages.unwritten += told.get("unwritten", ())


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(min(starts[-1] + len(line) + 1, len(text)))
    return starts


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Lets ``-k`` find blocks by their section's name."""
    for item in items:
        block = _block(item)
        if block:
            item.extra_keyword_matches |= {block.name, block.page}


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Starts all selected pages before the first item waits for one."""
    config = session.config
    if config.option.collectonly:
        return
    pages = config.stash[_PAGES]
    wanted: dict[Path, set[str]] = {}
    for item in session.items:
        if block := _block(item):
            wanted.setdefault(item.path, set()).add(block.key)
    for path, keys in wanted.items():
        pages.session.submit(pages.page(path).running, keys)
    pages.session.start()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Ends what still runs, then writes an update."""
    pages = session.config.stash.get(_PAGES, None)
    if pages is None:
        return
    pages.session.close()
    if pages.update and pages.made:
        pages.write()
        if pages.unwritten:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        changes = [asdict(change) for change in pages.changes]
        problems = pages.session.problems
        told["tfnotes"] = {"changes": changes, "problems": problems, "unwritten": pages.unwritten}


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Prints what an update changed, and how much came from the cache."""
    pages = config.stash.get(_PAGES, None)
    if pages is None:
        return
    for problem in pages.session.problems:
        terminalreporter.write_line(f"tfnotes: {problem}", yellow=True)
    if pages.update:
        terminalreporter.section(f"outputs updated ({pages.update})")
        for change in pages.changes:
            terminalreporter.write_line(f"outputs/{change.page}.json: {change.name}: {change.what}")
        for name in pages.unwritten:
            terminalreporter.write_line(f"outputs/{name}.json: not written, see above")
        if pages.unwritten and not pages.changes:
            return
        if not pages.changes:
            failed = terminalreporter.stats.get("failed") or terminalreporter.stats.get("error")
            said = "nothing written: blocks failed, see above" if failed else "nothing differs"
            terminalreporter.write_line(said)
    elif pages.outcomes:
        cached = sum(outcome.cached for outcome in pages.outcomes)
        terminalreporter.write_line(
            f"blocks: {len(pages.outcomes)}, of these unchanged since their last run: {cached}"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """Reports a failed block by its message alone: the plugin's own frames help nobody."""
    report: Any = yield
    if call.excinfo and isinstance(call.excinfo.value, BlockFailedError | TfnotesError):
        report.longrepr = str(call.excinfo.value)
    return report


def _block(item: pytest.Item) -> Block | None:
    parsed = getattr(item.example.region, "parsed", None) if isinstance(item, SybilItem) else None
    return parsed if isinstance(parsed, Block) else None
