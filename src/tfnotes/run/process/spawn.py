"""Starting every page in a process of its own, afresh: where forking is not safe or not possible.

macOS allows no fork after TensorFlow's import, Windows none at all. A fresh process costs that
import again for every page; what the page prints is the same.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.run.process.pageprocess import START_LIMIT, PageProcess
from tfnotes.run.process.tensorflow import REPEATABLE


class Spawner:
    """Starts processes afresh.

    Args:
        root: Root of the checkout.
        environment: Variables set over ``tensorflow.REPEATABLE``.
    """

    def __init__(self, root: Path, environment: dict[str, str] | None = None) -> None:
        self._root = root
        self._variables = {**os.environ, **REPEATABLE, **(environment or {})}
        self._started: list[PageProcess] = []
        self._lock = threading.Lock()

    def start(self, folder: Path) -> PageProcess:
        """Starts the process of a page.

        Args:
            folder: An empty folder for it.

        Returns:
            The process, running and waiting for its first job.

        Raises:
            TfnotesError: It ended before it was ready.
        """
        secret = secrets.token_hex(16).encode() + b"\n"
        log = folder / "start"
        # A local port, because nothing else can be handed to a process in the same way everywhere.
        with socket.create_server(("127.0.0.1", 0)) as door, log.open("wb") as said:
            port = str(door.getsockname()[1])
            command = [sys.executable, "-m", "tfnotes.run.process.page", port]
            popen = subprocess.Popen(
                [*command, str(folder), str(self._root)],
                env=self._variables,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            with contextlib.suppress(OSError):  # it may have ended already
                assert popen.stdin
                popen.stdin.write(secret)
                popen.stdin.flush()
            connection = _let_in(door, secret, popen)
        if connection is None:
            popen.kill()
            _bury(None, popen)
            words = log.read_text(encoding="utf-8", errors="replace").strip().split("\n")[-1]
            raise TfnotesError(f"the page's process did not start; it said: {words or 'nothing'}")
        process = PageProcess(connection, folder, popen.pid)
        threading.Thread(target=_bury, args=(process, popen), daemon=True).start()
        with self._lock:
            self._started = [one for one in self._started if not one.ended.is_set()]
            self._started.append(process)
        return process

    def close(self) -> None:
        """Ends all page processes."""
        with self._lock:
            for process in self._started:
                process.kill()
            for process in self._started:
                process.ended.wait(2)
            self._started.clear()


def _let_in(
    door: socket.socket, secret: bytes, popen: "subprocess.Popen[bytes]"
) -> socket.socket | None:
    """The connection of the process that knows the secret; None if it ends or takes too long."""
    door.settimeout(0.5)
    for _ in range(int(START_LIMIT / 0.5)):
        try:
            connection, _ = door.accept()
        except TimeoutError:
            if popen.poll() is not None:
                return None
            continue
        connection.settimeout(10)
        with connection.makefile("rb", buffering=0) as reader:
            if reader.read(len(secret)) == secret:
                return connection
        connection.close()
    return None


def _bury(process: PageProcess | None, popen: "subprocess.Popen[bytes]") -> None:
    """Waits for the end of a process, and keeps its standard input open until then."""
    status = popen.wait()
    with contextlib.suppress(OSError):
        if popen.stdin:
            popen.stdin.close()
    if process:
        process.status = status
        process.ended.set()
