"""The fork server: imports TensorFlow once and forks a process for each page.

Run as ``python -m tfnotes.run.process.zygote FD``, where FD is a Unix socket to the session. Each message
is ``ID FOLDER ROOT`` with one file descriptor, the page's own connection. The answer is
``pid ID PID`` at once and ``exit ID STATUS`` when the page's process has ended.

It must not create a tensor or touch a device: the children can choose their devices, and a fork
after TensorFlow has started its threads would hang.
"""

import faulthandler
import gc
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

PRELOAD = ("tensorflow", "keras", "matplotlib.pyplot", "pandas", "sklearn.datasets")
"""What pages import most; ``TFNOTES_PRELOAD`` (names with commas) replaces it. Missing ones are
left out: a page that needs them says so itself."""

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "MATPLOTLIBRC": str(Path(__file__).with_name("style.mplstyle")),
    "PYTHONHASHSEED": "0",
    "COLUMNS": "80",
    "LINES": "24",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "TFNOTES_DATA_MODE": "stand-in",
    "TFNOTES_SIZE": "small",
}
"""What is fixed before anything is imported, so that two machines print the same."""


def main() -> None:
    """Serves until the session closes the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _preload()
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


def _preload() -> None:
    import importlib

    chosen = os.environ.get("TFNOTES_PRELOAD")
    for name in PRELOAD if chosen is None else filter(None, chosen.split(",")):
        try:
            importlib.import_module(name)
        except ImportError:
            continue


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


def _child(descriptor: int, folder: Path, root: str) -> None:
    """Becomes the process of a page; never returns."""
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the session decides what Ctrl-C ends
        os.setsid()
        _die_with_parent()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        stack = (folder / "stack").open("w")  # stays open as long as the process lives
        faulthandler.register(signal.SIGUSR1, stack, all_threads=True)
        faulthandler.enable(stack, all_threads=True)

        from tfnotes.run.process.worker import serve_page

        serve_page(socket.socket(fileno=descriptor), folder, root)
        code = 0
    except BaseException:  # whatever it was, the session must be able to read it
        (folder / "crash").write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        # No interpreter shutdown: TensorFlow's can hang in a fork, and nothing is left to write.
        os._exit(code)


def _die_with_parent() -> None:
    """On Linux, a page's process does not outlive the fork server."""
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


if __name__ == "__main__":
    main()
