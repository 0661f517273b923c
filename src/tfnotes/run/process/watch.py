"""Watching one block run in a page's process: time, memory, output, and the end of the process."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tfnotes.core.blocks import Block
from tfnotes.core.digests import file_digests, named_files
from tfnotes.core.errors import TfnotesError
from tfnotes.core.helpers import module_digests
from tfnotes.core.project import Project
from tfnotes.core.records import Record
from tfnotes.run.process.messages import Begun, BlockEvent, Trouble
from tfnotes.run.process.pageprocess import PageProcess

MEMORY_LIMIT = 6 << 30
"""Bytes that the process of a page may occupy; ``TFNOTES_MEMORY_LIMIT`` (bytes) changes it."""
PRINT_LIMIT = 512 << 20
"""Bytes that a page may print before it is stopped."""
_TICK = 0.2


@dataclass
class Failure:
    """Why a block did not run as it should."""

    title: str
    """One line: what happened and what to do."""
    source: str = ""
    """``snippets/…:LINE`` of the code, if it does not stand on the page."""
    detail: str = ""
    """The traceback or stack, if there is one."""

    def at(self, block: Block) -> str:
        """The report as a reader of the block's page should see it (twins share a failure)."""
        source = f" ({self.source})" if self.source else ""
        return f"{block.where}:{block.line}{source}: {self.title}\n{self.detail}".rstrip()


@dataclass
class Outcome:
    """What came of one block."""

    record: Record | None = None
    """The record, if it ran as it should."""
    failure: Failure | None = None
    blocked_by: str = ""
    """Key of the failed block before it, if it could not run for that reason."""
    cached: bool = False
    seconds: float = 0.0
    cpu: float = 0.0
    """CPU seconds of the block itself."""


def memory_limit() -> int:
    """What ``TFNOTES_MEMORY_LIMIT`` says, or `MEMORY_LIMIT`.

    Raises:
        TfnotesError: It says no number of bytes.
    """
    given = os.environ.get("TFNOTES_MEMORY_LIMIT") or str(MEMORY_LIMIT)
    if not given.isdecimal() or not int(given):
        raise TfnotesError(f"TFNOTES_MEMORY_LIMIT={given}: give a whole number of bytes")
    return int(given)


def watch_block(
    process: PageProcess,
    block: Block,
    project: Project,
    give_up: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Waits until a block has ended in one way or another.

    A block that hangs, takes too much memory or prints without end is stopped with its process.

    Args:
        process: The page's process, which has been given the block.
        block: The block.
        project: The checkout.
        give_up: Asked now and then whether the outcome is still wanted.

    Returns:
        Its record, or its failure; neither if it was given up.
    """
    limit = memory_limit()
    source = _source(block, project, block.source_line)
    begun = time.monotonic()
    while True:
        try:
            event = process.wire.receive(_TICK)
        except TimeoutError:
            if give_up():
                process.kill()
                return Outcome()
            failure = _check(process, block, time.monotonic() - begun, limit)
            if failure:
                failure.source = source
                process.kill()
                return Outcome(failure=failure)
            continue
        except OSError:
            event = None
        seconds = time.monotonic() - begun
        if event is None:
            return Outcome(failure=_ended(process, source), seconds=seconds)
        if isinstance(event, Begun):
            begun = time.monotonic()
        elif isinstance(event, BlockEvent) and event.key == block.key:
            if event.failure:
                return Outcome(failure=_failed(event.failure, block, project), seconds=seconds)
            record = _record(event, block, project)
            return Outcome(record, seconds=seconds, cpu=event.cpu)


def _record(event: BlockEvent, block: Block, project: Project) -> Record:
    digests = module_digests(block.helpers)
    named = named_files(project.root, block.source_path, block.code)
    names = {*event.files, *(path.relative_to(project.root).as_posix() for path in named)}
    files = file_digests(project.root, names)
    return Record(block.key, block.name, event.outputs, event.made, event.data, digests, files)


def _check(process: PageProcess, block: Block, seconds: float, memory_limit: int) -> Failure | None:
    if seconds > block.timeout:
        cure = 'make it shorter, or set timeout="…" on the fence'
        title = f"still running after {block.timeout:g} s; {cure}"
        return Failure(title, detail=process.stack())
    occupied = process.resident_bytes()
    if occupied > memory_limit:
        sizes = [f"{size / 2**30:.1f} GiB" for size in (occupied, memory_limit)]
        title = f"took {sizes[0]} of memory, more than {sizes[1]}; make it smaller"
        return Failure(title, detail=process.stack())
    try:
        printed = (process.folder / "streams").stat().st_size
    except OSError:
        printed = 0
    if printed > PRINT_LIMIT:
        return Failure(f"printed more than {PRINT_LIMIT >> 20} MiB and was stopped; print less")
    return None


def _ended(process: PageProcess, source: str) -> Failure:
    process.ended.wait(5)
    status = process.status
    if status is None:
        return Failure("the block ended what had started its process; remove that", source)
    how = f"with status {status}"
    if status < 0:
        how = f"by signal {-status} ({signal.Signals(-status).name})"
    detail = process.note("crash") or process.note("stack") or process.note("streams")[-2000:]
    return Failure(
        f"the block ended its process {how}; remove what exits or crashes", source, detail
    )


def _failed(trouble: Trouble, block: Block, project: Project) -> Failure:
    source = _source(block, project, trouble.line)
    if not trouble.type:
        cure = "TensorFlow may have changed: read the prose again and drop or change raises="
        return Failure(f"{trouble.message}; {cure}", source)
    return Failure(f"{trouble.type}: {trouble.message}", source, trouble.trace)


def _source(block: Block, project: Project, line: int) -> str:
    file = project.relative(block.source_path)
    # Code that stands on the page itself has a line on either twin; only a snippet has one place.
    return f"line {line}" if file.startswith("docs/") else f"{file}:{line}"
