"""The capture's end of a measuring process: starting it, hearing its events, saying why it ended."""

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import tfnotes
from tfnotes.core.project import Project
from tfnotes.run.process.messages import Job, Message
from tfnotes.run.process.tensorflow import MEASURED
from tfnotes.run.process.wire import Wire


class MeasuringProcess:
    """A process of `tfnotes.captures.measuring` that has been given a job; ended on leaving.

    Args:
        project: The checkout.
        job: What it shall do.
    """

    def __init__(self, project: Project, job: Job) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tfnotes-", ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        environment = {k: v for k, v in os.environ.items() if k != "TFNOTES_SIZE"} | MEASURED
        source = str(Path(tfnotes.__file__).resolve().parents[1])
        environment["PYTHONPATH"] = os.pathsep.join(
            part for part in (source, os.environ.get("PYTHONPATH", "")) if part
        )
        self._errors = open(Path(self._folder.name) / "errors", "w+b")
        command = [sys.executable, "-m", "tfnotes.captures.measuring"]
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno()), self._folder.name, str(project.root)],
            pass_fds=[theirs.fileno()],
            env=environment,
            cwd=project.root,
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
        )
        theirs.close()
        self._wire = Wire(ours)
        self._wire.send(job)

    def event(self, limit: float) -> Message | None:
        """The next event; None if the process ended or took too long."""
        try:
            return self._wire.receive(limit)
        except (OSError, TimeoutError):
            return None

    def ended(self) -> str:
        """Why there are no more events, in a line or two."""
        try:
            status: int | None = self._process.wait(5)
        except subprocess.TimeoutExpired:
            status = None
        text = ""
        for name in ("streams", "errors"):
            path = Path(self._folder.name) / name
            text += path.read_text(errors="replace") if path.exists() else ""
        last = text.strip().split("\n")[-1][:300]
        how = "took too long" if status is None else f"ended with status {status}"
        return f"the process {how}" + (f": {last}" if last else "")

    def __enter__(self) -> "MeasuringProcess":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._errors.close()
        self._wire.socket.close()
        self._folder.cleanup()
