"""Which way the process of a page is started on this machine."""

import os
import sys
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.run.process.pageprocess import Starter

WAYS = ("fork", "spawn")
"""From a fork server, which pays TensorFlow's import once; or each afresh."""


def way_to_start() -> str:
    """One of ``WAYS``: what ``TFNOTES_START`` says, or what is safe on this system.

    Raises:
        TfnotesError: ``TFNOTES_START`` says something else.
    """
    way = os.environ.get("TFNOTES_START") or ("fork" if sys.platform == "linux" else "spawn")
    if way not in WAYS:
        raise TfnotesError(f"TFNOTES_START={way}: unknown; use {' or '.join(WAYS)}")
    return way


def open_starter(root: Path, environment: dict[str, str] | None = None) -> Starter:
    """Prepares to start processes; with a fork server, TensorFlow's import begins now.

    Args:
        root: Root of the checkout.
        environment: Variables set over ``tensorflow.REPEATABLE``.
    """
    if way_to_start() == "fork":
        from tfnotes.run.process.forkserver import ForkServer

        return ForkServer(root, environment)
    from tfnotes.run.process.spawn import Spawner

    return Spawner(root, environment)
