"""Running the pages of a checkout: what must run, in which order, and what came of it.

A session is given chains (the running blocks of a page, in order). It takes outcomes that this
machine already has from the cache, and runs the rest: one process a page, several pages at a time,
longest first. Chains of twins are the same and run once.
"""

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tfnotes.core.blocks import Block
from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import write_atomic
from tfnotes.core.project import Project
from tfnotes.core.records import Store
from tfnotes.run.cache import is_known
from tfnotes.run.process.messages import BlockJob, Job
from tfnotes.run.process.pageprocess import PageProcess, Starter
from tfnotes.run.process.start import open_starter
from tfnotes.run.process.watch import Failure, Outcome, memory_limit, watch_block


@dataclass
class Chain:
    """The blocks of one page that must run, in order."""

    page: str
    blocks: list[Block]
    wanted: set[str]
    """Keys somebody asked for; the others are predecessors."""
    keys: tuple[str, ...] = ()
    done: threading.Event = field(default_factory=threading.Event)


class Session:
    """Runs chains and answers for each of their blocks.

    Args:
        project: The checkout.
        workers: Pages that run at once; by default one a core.
        environment: Variables for the pages' processes, over the engine's own.
        cache: Where outcomes are kept between sessions; None for no cache.
        fresh: Whether everything runs again, whatever the cache has.
    """

    def __init__(
        self,
        project: Project,
        workers: int | None = None,
        environment: dict[str, str] | None = None,
        cache: Path | None = None,
        fresh: bool = False,
    ) -> None:
        memory_limit()  # a mistake in it is told at once, and not as that of a block
        self.project = project
        self.workers = workers or os.cpu_count() or 1
        self.problems: list[str] = []
        """Things worth telling that failed no block, such as a cache that cannot be written."""
        self._environment = environment or {}
        self._store = Store(cache) if cache else None
        self._fresh = fresh
        self._durations = _read_durations(cache)
        self._outcomes: dict[tuple[str, str], Outcome] = {}
        self._chains: list[Chain] = []
        self._waiting: list[Chain] = []
        self._lock = threading.Lock()
        self._told = threading.Condition()
        self._starter: Starter | None = None
        self._closed = False

    def submit(self, blocks: Sequence[Block], wanted: set[str]) -> None:
        """Asks for blocks of a page; nothing runs before ``start``.

        Args:
            blocks: All running blocks of the page, in order.
            wanted: Keys of those whose outcomes are needed.
        """
        last = max((i for i, b in enumerate(blocks) if b.key in wanted), default=-1)
        needed = list(blocks[: last + 1])
        if not needed:
            return
        page, keys = needed[0].page, tuple(block.key for block in needed)
        for chain in self._chains:
            if chain.page == page and chain.keys[: len(keys)] == keys:
                chain.wanted |= wanted  # the twin's chain, or a longer one
                return
        self._chains.append(Chain(page, needed, set(wanted), keys))

    def start(self) -> None:
        """Takes what the cache knows and starts running the rest in the background."""
        fresh = [chain for chain in self._chains if not chain.done.is_set()]
        for chain in fresh:
            if self._from_cache(chain):
                self._end(chain)
        self._waiting = [chain for chain in fresh if not chain.done.is_set()]
        self._waiting.sort(key=lambda c: -self._durations.get(c.page, 1e9))
        for _ in range(min(self.workers, len(self._waiting))):
            threading.Thread(target=self._work, daemon=True).start()

    def outcome(self, block: Block) -> Outcome:
        """Waits for the outcome of a submitted block."""
        chains = [c for c in self._chains if c.page == block.page and block.key in c.keys]
        place = (block.page, block.key)
        with self._told:
            self._told.wait_for(
                lambda: place in self._outcomes or all(chain.done.is_set() for chain in chains)
            )
        if place not in self._outcomes:
            raise KeyError(f"{block.where}:{block.line} was not submitted")
        return self._outcomes[place]

    def close(self) -> None:
        """Ends everything that still runs; what has ended is kept in the cache first."""
        for chain in self._chains:
            if all((chain.page, key) in self._outcomes for key in chain.keys):
                chain.done.wait(10)
        self._closed = True
        if self._starter:
            self._starter.close()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or self._closed:
                    return
                chain = self._waiting.pop(0)
            try:
                self._run(chain)
            except BaseException as error:  # whoever waits for this chain must be told
                if not self._closed:
                    self._fail_rest(
                        chain, 0, Failure("engine error", f"{type(error).__name__}: {error}")
                    )
            finally:
                self._end(chain)

    def _settle(self, page: str, key: str, outcome: Outcome) -> None:
        with self._told:
            self._outcomes[page, key] = outcome
            self._told.notify_all()

    def _end(self, chain: Chain) -> None:
        with self._told:
            chain.done.set()
            self._told.notify_all()

    def _run(self, chain: Chain) -> None:
        with self._lock:
            if self._starter is None:
                self._starter = open_starter(self.project.root, self._environment)
        with tempfile.TemporaryDirectory(prefix="tfnotes-", ignore_cleanup_errors=True) as folder:
            process = self._starter.start(Path(folder))
            try:
                process.wire.send(Job([BlockJob.of(block) for block in chain.blocks]))
                self._follow(chain, process)
            finally:
                process.kill()
        self._to_cache(chain)

    def _follow(self, chain: Chain, process: PageProcess) -> None:
        for number, block in enumerate(chain.blocks):
            outcome = watch_block(process, block, self.project)
            if outcome.failure:
                self._fail_rest(chain, number, outcome.failure)
                return
            self._settle(chain.page, block.key, outcome)

    def _fail_rest(self, chain: Chain, number: int, failure: Failure) -> None:
        failed = chain.blocks[number]
        self._settle(chain.page, failed.key, Outcome(failure=failure))
        for block in chain.blocks[number + 1 :]:
            self._settle(chain.page, block.key, Outcome(blocked_by=failed.key))

    def _from_cache(self, chain: Chain) -> bool:
        if self._store is None or self._fresh:
            return False
        try:
            records = self._store.load(chain.page)
        except TfnotesError:
            with contextlib.suppress(TfnotesError):
                self._store.remove(chain.page)  # only a cache: what it lost is run again
            return False
        root = self.project.root
        for block in chain.blocks:
            if block.key in chain.wanted and not is_known(records.get(block.key), block, root):
                return False
        for block in chain.blocks:
            if block.key in records:
                self._settle(chain.page, block.key, Outcome(records[block.key], cached=True))
        return True

    def _to_cache(self, chain: Chain) -> None:
        if self._store is None or self._closed:
            return
        found = [self._outcomes.get((chain.page, key)) for key in chain.keys]
        records = [outcome.record for outcome in found if outcome and outcome.record]
        with self._lock:
            try:
                known = self._store.load(chain.page)
                fresh = {record.key for record in records}
                # A shorter chain (-k) must not forget what lies behind it.
                rest = (
                    [r for key, r in known.items() if key not in fresh] if len(known) < 500 else []
                )
                self._store.save(chain.page, records + rest)
                self._durations[chain.page] = sum(o.seconds for o in found if o)
                text = json.dumps(self._durations, indent=1, sort_keys=True)
                write_atomic(self._store.root / "durations.txt", text)
            except (TfnotesError, OSError) as error:
                problem = f"outcomes are not kept, so the next run is a full one: {error}"
                if problem not in self.problems:
                    self.problems.append(problem)


def _read_durations(cache: Path | None) -> dict[str, float]:
    try:
        found: dict[str, float] = json.loads((cache / "durations.txt").read_text()) if cache else {}
        return found
    except (OSError, ValueError):
        return {}
