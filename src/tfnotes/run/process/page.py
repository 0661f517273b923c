"""Becoming the process of a page, whether forked or started afresh.

Run as ``python -m tfnotes.run.process.page PORT FOLDER ROOT``, with a secret on standard input, it
is a process started afresh: it imports what the fork server would have imported, connects to the
session at PORT of this machine, shows the secret, and ends when standard input is closed, which
happens even when the session is killed.
"""

import _thread
import faulthandler
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import BinaryIO, NoReturn

from tfnotes.run.process.tensorflow import preload
from tfnotes.run.process.worker import serve_page


def main() -> None:
    """Connects to the session and becomes the process of a page."""
    port, folder, root = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    lifeline = os.fdopen(os.dup(0), "rb")
    secret = lifeline.readline()
    # Not by threading: what a page counts and lists there is its own.
    _thread.start_new_thread(_end_with, (lifeline,))
    preload()
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(secret)
    become_page(connection, folder, root)


def become_page(connection: socket.socket, folder: Path, root: str) -> NoReturn:
    """Runs jobs to the end, then ends the process.

    Args:
        connection: The socket to the session.
        folder: The page's own folder; ``stack`` and ``crash`` are left in it.
        root: Root of the checkout.
    """
    code = 70
    try:
        _adopt_orphans()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the session decides what Ctrl-C ends
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        stack = (folder / "stack").open("w")  # stays open as long as the process lives
        faulthandler.enable(stack, all_threads=True)
        if hasattr(signal, "SIGUSR1"):
            faulthandler.register(signal.SIGUSR1, stack, all_threads=True)

        serve_page(connection, folder, root)
        code = 0
    except BaseException:  # whatever it was, the session must be able to read it
        (folder / "crash").write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        # No interpreter shutdown: TensorFlow's can hang in a fork, and nothing is left to write.
        os._exit(code)


def _adopt_orphans() -> None:
    """On Linux, what a block started and let go stays below its page, and ends with it."""
    pr_set_child_subreaper = 36
    prctl(pr_set_child_subreaper, 1)


def prctl(option: int, value: int) -> None:
    """Asks Linux for something about this process; elsewhere nothing happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value)


def _end_with(lifeline: BinaryIO) -> None:
    """Ends this process when the other end of a pipe is closed."""
    lifeline.read()
    os._exit(71)


if __name__ == "__main__":
    main()
