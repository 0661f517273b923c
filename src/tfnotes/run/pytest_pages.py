"""What one pytest run knows of pages: it waits for blocks, judges their outcomes, writes updates."""

from pathlib import Path

import pytest

from tfnotes.core.blocks import Block
from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.run.accept import Change, judge
from tfnotes.run.cache import outcome_cache
from tfnotes.run.pages import accept_group
from tfnotes.run.process.watch import Outcome
from tfnotes.run.session import Session


class Pages:
    """What one pytest run knows: pages, the session, outcomes and what an update changed.

    Args:
        project: The checkout.
        update: One of ``accept.MODES``, or None to compare only.
        workers: Pages that run at once; None for one a core.
    """

    def __init__(self, project: Project, update: str | None, workers: int | None) -> None:
        self.project = project
        self.update = update
        # "all" means: run again, whatever this machine remembers.
        fresh = update == "all"
        self.session = Session(project, workers, cache=outcome_cache(project), fresh=fresh)
        self.store = Store(project.outputs)
        self.pages: dict[Path, Page] = {}
        self.made: dict[str, dict[str, Record]] = {}
        self.accepted: dict[str, dict[str, Record]] = {}
        self.changes: list[Change] = []
        self.unwritten: list[str] = []
        """Pages whose update could not be written."""
        self.outcomes: list[Outcome] = []

    def page(self, path: Path) -> Page:
        """A page, read once."""
        if path not in self.pages:
            self.pages[path] = load_page(self.project, path)
        return self.pages[path]

    def run(self, path: Path, block: Block) -> None:
        """Waits for a block and judges its outcome.

        Raises:
            BlockFailedError: It failed, or its outputs differ from the accepted ones.
        """
        outcome = self.session.outcome(block)
        self.outcomes.append(outcome)
        if outcome.blocked_by:
            failed = next(b for b in self.page(path).blocks if b.key == outcome.blocked_by)
            pytest.skip(f"blocked by {failed.where}:{failed.line}")
        if outcome.failure:
            raise BlockFailedError(outcome.failure.at(block))
        assert outcome.record is not None
        if block.page not in self.accepted:
            self.accepted[block.page] = self.store.load(block.page)
        self.made.setdefault(block.page, {})[block.key] = outcome.record
        if self.update:
            return
        place = f'{block.where}:{block.line}: block "{block.name}"'
        accepted = self.accepted[block.page].get(block.key)
        if accepted is None:
            raise BlockFailedError(
                f"{place} has no accepted record; run pytest --update-outputs=missing"
            )
        found = judge(accepted, outcome.record, block)
        if found:
            lines = "\n".join(found)
            cure = "mend the code, or accept it with pytest --update-outputs"
            raise BlockFailedError(
                f"{place}: output differs from the accepted record; {cure}\n{lines}"
            )

    def write(self) -> None:
        """Accepts what was made, page by page, each in one go; a page that cannot be is told."""
        for name, made in self.made.items():
            try:
                pages = [self.page(path) for path in self.project.twins(name)]
                if not pages:
                    pages = [page for page in self.pages.values() if page.name == name]
                self.changes += accept_group(self.store, pages, made, self.update or "all")
            except TfnotesError as error:
                self.unwritten.append(name)
                self.session.problems.append(str(error))


class BlockFailedError(AssertionError):
    """A block failed; the message says all there is to say."""
