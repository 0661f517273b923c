"""Watching one block run in a page's process: time, memory, output, and the end of the process."""

import os
import signal
import time
from dataclasses import dataclass
from typing import Any

from tfnotes.core.blocks import Block
from tfnotes.core.project import Project
from tfnotes.run.process.forkserver import PageProcess

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


def watch_block(
    process: PageProcess, block: Block, project: Project
) -> tuple[dict[str, Any] | None, Failure | None, float]:
    """Waits until a block has ended in one way or another.

    A block that hangs, takes too much memory or prints without end is stopped with its process.

    Args:
        process: The page's process, which has been given the block.
        block: The block.
        project: The checkout.

    Returns:
        The ``end`` event (None if there was none), the failure if any, and the seconds it took.
    """
    memory_limit = int(os.environ.get("TFNOTES_MEMORY_LIMIT", MEMORY_LIMIT))
    source = _source(block, project, block.source_line)
    begun = time.monotonic()
    while True:
        try:
            event = process.wire.receive(_TICK)
        except TimeoutError:
            failure = _check(process, block, time.monotonic() - begun, memory_limit)
            if failure:
                failure.source = source
                process.kill()
                return None, failure, 0.0
            continue
        except OSError:
            event = None
        seconds = time.monotonic() - begun
        if event is None:
            return None, _ended(process, source), seconds
        if event["event"] == "begin":
            begun = time.monotonic()
        elif event["key"] == block.key:
            return event, _failed(event["failure"], block, project), seconds


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
    how = f"with status {status}"
    if status < 0:
        how = f"by signal {-status} ({signal.Signals(-status).name})"
    detail = process.note("crash") or process.note("stack") or process.note("streams")[-2000:]
    return Failure(
        f"the block ended its process {how}; remove what exits or crashes", source, detail
    )


def _failed(failure: dict[str, Any] | None, block: Block, project: Project) -> Failure | None:
    if failure is None:
        return None
    source = _source(block, project, failure["line"])
    if not failure["type"]:
        cure = "TensorFlow may have changed: read the prose again and drop or change raises="
        return Failure(f"{failure['message']}; {cure}", source)
    return Failure(f"{failure['type']}: {failure['message']}", source, failure["trace"])


def _source(block: Block, project: Project, line: int) -> str:
    file = project.relative(block.source_path)
    # Code that stands on the page itself has a line on either twin; only a snippet has one place.
    return f"line {line}" if file.startswith("docs/") else f"{file}:{line}"
