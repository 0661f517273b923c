"""Running pages again and again while somebody writes: what ``tfnotes serve`` does on every save.

Where there is a fork server it stays up, so no run pays TensorFlow's import, and the process of a page stays up
after its last block. When blocks were added at the end, only they run, in the namespace that is
there; any other change begins the page again in a new process, since a state cannot be undone.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfnotes.core.blocks import Block
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.run.cache import is_known, outcome_cache
from tfnotes.run.pages import PageRun, accept_group, twins
from tfnotes.run.process.messages import BlockJob, Job
from tfnotes.run.process.pageprocess import PageProcess, Starter
from tfnotes.run.process.start import open_starter
from tfnotes.run.process.watch import watch_block


@dataclass
class _Held:
    """A page's process that waits for more blocks."""

    process: PageProcess
    folder: "tempfile.TemporaryDirectory[str]"
    keys: list[str]

    def end(self) -> None:
        self.process.kill()
        self.folder.cleanup()


class Live:
    """Runs changed pages for as long as it is open.

    Args:
        project: The checkout.
        keep: How many pages' processes are kept for more blocks; the oldest goes first.
    """

    def __init__(self, project: Project, keep: int = 2) -> None:
        self.project = project
        self._keep = keep
        self._held: dict[str, _Held] = {}
        self._starter: Starter | None = None

    def warm(self) -> None:
        """Starts importing TensorFlow, so that the first save need not wait for it."""
        if self._starter is None:
            self._starter = open_starter(self.project.root)

    def run_page(
        self, name: str, mode: str | None = "all", give_up: Callable[[], bool] = lambda: False
    ) -> PageRun:
        """Runs what changed on a page, and accepts it.

        Args:
            name: The page's name.
            mode: One of ``accept.MODES``, or None to run only.
            give_up: Asked now and then whether a newer save has made this run pointless.

        Returns:
            What came of it; blocks whose outcome was known count as well.

        Raises:
            TfnotesError: The page cannot be read, or records cannot be written.
        """
        group = twins(self.project, name)
        result = PageRun(name)
        store = Store(outcome_cache(self.project))
        known = store.load(name)
        made: dict[str, Record] = {}
        chains = {tuple(block.key for block in page.running): page.running for page in group}
        for chain in chains.values():
            fresh = [b for b in chain if not is_known(known.get(b.key), b, self.project.root)]
            if fresh:
                self._run(name, chain, made, result, give_up)
            if result.given_up:
                return result
            for block in chain:
                if block.key not in made and block.key in known and block not in fresh:
                    made[block.key] = known[block.key]
        result.blocks = len(made)
        if made:
            store.save(name, made.values())
        if mode:
            accepted = Store(self.project.outputs)
            result.changes = accept_group(accepted, group, made, mode)
        return result

    def close(self) -> None:
        """Ends all processes."""
        for held in self._held.values():
            held.end()
        self._held.clear()
        if self._starter:
            self._starter.close()
            self._starter = None

    def _run(
        self,
        name: str,
        chain: Sequence[Block],
        made: dict[str, Record],
        result: PageRun,
        give_up: Callable[[], bool],
    ) -> None:
        held = self._held.pop(name, None)
        done = len(held.keys) if held else 0
        if held is None or held.keys != [block.key for block in chain[:done]]:
            if held:
                held.end()
            held, done = self._begin(), 0
        held.process.wire.send(Job([BlockJob.of(block) for block in chain[done:]]))
        for block in chain[done:]:
            outcome = watch_block(held.process, block, self.project, give_up)
            if outcome.record is None:
                result.failures += [outcome.failure.at(block)] if outcome.failure else []
                result.given_up = outcome.failure is None
                held.end()
                return
            made[block.key] = outcome.record
            held.keys.append(block.key)
        self._held[name] = held
        while len(self._held) > self._keep:
            self._held.pop(next(iter(self._held))).end()

    def _begin(self) -> _Held:
        self.warm()
        assert self._starter is not None
        folder = tempfile.TemporaryDirectory(prefix="tfnotes-", ignore_cleanup_errors=True)
        return _Held(self._starter.start(Path(folder.name)), folder, [])
