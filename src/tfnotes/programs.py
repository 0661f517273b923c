"""Runs small programs in processes of their own, for pages that ask what a new start changes.

Random seeds are the reason: what a program draws after a new start can only be seen by starting
it anew. TensorFlow is imported once for all programs, which are then forked from that process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from tfnotes.core.errors import TfnotesError

_LAUNCHER = """
import importlib, json, os, sys
importlib.import_module(sys.argv[1])

for source in json.load(sys.stdin):
    child = os.fork() if hasattr(os, "fork") else 0
    if child == 0:
        exec(source, {"__name__": "__main__"})
        sys.stdout.flush()
    if hasattr(os, "fork"):
        if child == 0:
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(1)
    sys.stdout.write("\\0")
    sys.stdout.flush()
"""


def run_programs(sources: Sequence[str], preload: str = "tensorflow") -> list[str]:
    """Runs each program in a process in which nothing has happened but one import.

    Where processes cannot be forked (on Windows), every program gets an interpreter of its own.

    Args:
        sources: Python source of each program.
        preload: The module that is imported once for all.

    Returns:
        What each program printed.

    Raises:
        TfnotesError: A program failed.
    """
    forks = hasattr(os, "fork")
    printed: list[str] = []
    for batch in [list(sources)] if forks else [[source] for source in sources]:
        done = subprocess.run(
            [sys.executable, "-c", _LAUNCHER, preload],
            input=json.dumps(batch),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise TfnotesError(f"run_programs: a program failed: {last}")
        printed += done.stdout.split("\0")[:-1]
    return printed
