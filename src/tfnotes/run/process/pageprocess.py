"""The session's end of one page process: its connection, its memory, its stack, its end."""

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import psutil  # type: ignore[import-untyped]

from tfnotes.run.process.wire import Wire

START_LIMIT = 300.0
"""Seconds that starting may take, TensorFlow's import included, before we give up on it."""


class PageProcess:
    """The process of one page, as the session sees it.

    Attributes:
        wire: The connection to it.
        folder: Its own folder: captured streams, stacks, and ``work``, where the blocks run.
    """

    def __init__(self, connection: socket.socket, folder: Path, pid: int = 0) -> None:
        self.wire = Wire(connection)
        self.folder = folder
        self.pid = pid
        self.status: int | None = None
        """How it ended; None if what started it ended first."""
        self.known = threading.Event()
        self.ended = threading.Event()

    def resident_bytes(self) -> int:
        """Memory of the process and its children, in bytes; 0 where it cannot be known."""
        total = 0
        for process in self._family():
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
        return total

    def stack(self) -> str:
        """Where its threads are now, from faulthandler; ``""`` if it does not answer."""
        if not hasattr(signal, "SIGUSR1"):  # Windows cannot be asked
            return ""
        try:
            os.kill(self.pid, signal.SIGUSR1)
        except ProcessLookupError:
            return ""
        time.sleep(0.5)
        return self.note("stack")

    def note(self, name: str) -> str:
        """A file that the process left in its folder; ``""`` if there is none."""
        try:
            return (self.folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def kill(self) -> None:
        """Ends it and everything it started."""
        if self.pid and not self.ended.is_set():
            family = self._family()  # asked while it lives: some may have left its group
            if hasattr(os, "killpg"):
                for end in (os.killpg, os.kill):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        end(self.pid, signal.SIGKILL)
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self.wire.socket.close()

    def _family(self) -> list[Any]:
        """The process, and what it started."""
        try:
            process = psutil.Process(self.pid)
            return [process, *process.children(recursive=True)]
        except psutil.Error:
            return []


class Starter(Protocol):
    """What can start the process of a page."""

    def start(self, folder: Path) -> PageProcess:
        """Starts a process; it waits for its first job.

        Args:
            folder: An empty folder for it.

        Raises:
            TfnotesError: It did not start.
        """

    def close(self) -> None:
        """Ends every process that was started."""
