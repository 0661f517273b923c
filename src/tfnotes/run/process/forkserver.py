"""The session's end of the fork server: starting it, asking it for processes, ending them."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.run.process.pageprocess import START_LIMIT, PageProcess
from tfnotes.run.process.tensorflow import REPEATABLE


class ForkServer:
    """A running fork server.

    Args:
        root: Root of the checkout.
        environment: Variables set over ``tensorflow.REPEATABLE``.
    """

    def __init__(self, root: Path, environment: dict[str, str] | None = None) -> None:
        self._root = root
        self._control, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()
        variables = {**os.environ, **REPEATABLE, **(environment or {})}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tfnotes.run.process.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        theirs.close()
        self._processes: dict[str, PageProcess] = {}
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._over = False
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, folder: Path) -> PageProcess:
        """Forks the process of a page.

        Args:
            folder: An empty folder for it.

        Returns:
            The process, running and waiting for its first job.

        Raises:
            TfnotesError: The fork server ended or did not start.
        """
        started = self._ready.wait(START_LIMIT)
        if not started or self._over or self._server.poll() is not None:
            raise TfnotesError(f"the fork server did not start; it said: {self._last_words()}")
        ours, theirs = socket.socketpair()
        process = PageProcess(ours, folder)
        with self._lock:
            identity = str(len(self._processes) + 1)
            self._processes[identity] = process
            message = "\0".join((identity, str(folder), str(self._root)))
            socket.send_fds(self._control, [message.encode()], [theirs.fileno()])
            # One message at a time: the server reads messages, not a stream.
            process.known.wait(START_LIMIT)
        theirs.close()
        if not process.pid:
            raise TfnotesError(f"the fork server ended; it said: {self._last_words()}")
        return process

    def close(self) -> None:
        """Ends the server and all page processes."""
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.ended.wait(2)  # the server buries its children before it goes
        self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._server.wait(5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._control.close()
        self._log.close()

    def _listen(self) -> None:
        try:
            with self._control.makefile("r") as lines:
                for line in lines:
                    what, identity, number = line.split()
                    if what == "ready":
                        self._ready.set()
                        continue
                    process = self._processes[identity]
                    if what == "pid":
                        process.pid = int(number)
                        process.known.set()
                    else:
                        process.status = int(number)
                        process.ended.set()
        except (OSError, ValueError):
            pass
        self._over = True
        self._ready.set()
        for process in self._processes.values():
            process.known.set()
            process.ended.set()

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().split("\n")
        return lines[-1] or "nothing"
