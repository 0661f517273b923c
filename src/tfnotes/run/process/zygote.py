"""The fork server: imports TensorFlow once and forks a process for each page.

Run as ``python -m tfnotes.run.process.zygote FD``, where FD is a Unix socket to the session. Each message
is ``ID FOLDER ROOT`` with one file descriptor, the page's own connection. The answer is
``pid ID PID`` at once and ``exit ID STATUS`` when the page's process has ended.

It must not create a tensor or touch a device: the children can choose their devices, and a fork
after TensorFlow has started its threads would hang.
"""

import gc
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from tfnotes.run.process.page import become_page, prctl
from tfnotes.run.process.tensorflow import preload


def main() -> None:
    """Serves until the session closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    preload()
    gc.collect()
    gc.freeze()  # keeps the collector from touching, and so copying, the shared pages
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, str] = {}
    control.sendall(b"ready 0 0\n")
    while True:
        watched: list[Any] = [control, wake_read]
        ready, _, _ = select.select(watched, [], [])
        if wake_read in ready:
            os.read(wake_read, 4096)
            _reap(control, running)
        if control in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
            if not message:
                return
            identity, folder, root = message.decode().rstrip("\n").split("\0")
            pid = os.fork()
            if pid == 0:
                for inherited in (wake_read, wake_write):
                    os.close(inherited)
                control.close()
                _child(descriptors[0], Path(folder), root)
            os.close(descriptors[0])
            running[pid] = identity
            control.sendall(f"pid {identity} {pid}\n".encode())


def _reap(control: socket.socket, running: dict[int, str]) -> None:
    while running:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid in running:
            code = os.waitstatus_to_exitcode(status)
            control.sendall(f"exit {running.pop(pid)} {code}\n".encode())


def _child(descriptor: int, folder: Path, root: str) -> NoReturn:
    """Becomes the process of a page."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        _die_with_parent()
        become_page(socket.socket(fileno=descriptor), folder, root)
    finally:
        os._exit(70)  # whatever happens, there is no second fork server


def _die_with_parent() -> None:
    """On Linux, a page's process does not outlive the fork server."""
    pr_set_pdeathsig = 1
    prctl(pr_set_pdeathsig, signal.SIGKILL)


if __name__ == "__main__":
    main()
