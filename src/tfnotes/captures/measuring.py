"""The process that measures one page: a fresh Python, all threads, nothing made deterministic.

Run as ``python -m tfnotes.captures.measuring FD``, where FD is a Unix socket to the capture. It gets one
job and answers with an event after each block. Only TensorFlow, NumPy and the standard library are
needed here; what a page imports besides, it must have.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from tfnotes.run.process.wire import Wire

ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "COLUMNS": "80",
    "LINES": "24",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "TZ": "UTC",
    "TFNOTES_DATA_MODE": "stand-in",
}
"""What a capture fixes. Threads, oneDNN and the like stay as a reader has them."""


def main() -> None:
    """Runs the job that comes over the socket."""
    wire = Wire(socket.socket(fileno=int(sys.argv[1])))
    job = wire.receive()
    if job is None:
        return
    folder = Path(job["folder"])
    if job.get("facts"):
        wire.send({"event": "facts", "machine": _facts()})
        return
    from tfnotes.captures.machine import software_facts
    from tfnotes.run.process import worker
    from tfnotes.run.process.streams import Streams

    work = folder / "work"
    work.mkdir()
    os.chdir(work)
    streams = Streams(folder)
    root = job["root"]
    paths = {str(work): "", str(folder): "", root: "", sys.prefix: "<python>"}
    paths[str(Path.home())] = "~"
    module = worker.fresh_main()
    _seed()
    streams.take(paths)
    for block in job["blocks"]:
        kept: list[object] = []
        # A benchmark that is already captured only has to leave its names behind: all sizes, since
        # a later block may go on with them, but hardly a repetition.
        os.environ["TFNOTES_SIZE"] = "full" if block["wanted"] else "quick"
        wire.send({"event": "begin", "key": block["key"], "load": _load()})
        event = worker.run_block(block, module, streams, paths, kept.append)
        event["made"] = software_facts(Path(root))
        if block["wanted"] and block["timing"] and event["failure"] is None:
            event["made"]["threads"] = _threads()
            event |= _benchmark(kept, block["line"])
        # A block that fails does not end the page: machine time is scarce, and a later block that
        # needed its names says so by a NameError.
        wire.send(event)


def can_do_without(failure: dict[str, Any], raises: str | None) -> bool:
    """Whether a block that is not to be captured may fail like this without being a fault.

    Args:
        failure: What went wrong: a drawing where matplotlib is not installed, what would have used
            it, or an error that only a machine without a GPU raises.
        raises: The error that the block was to raise, if any.
    """
    return failure["type"] in ("ModuleNotFoundError", "NameError") or bool(raises)


def _facts() -> dict[str, str]:
    import importlib

    from tfnotes.captures.machine import machine_facts

    importlib.import_module("tensorflow")  # what it sees is asked
    return machine_facts()


def _benchmark(kept: list[object], line: int) -> dict[str, Any]:
    """What the event of a timing block says besides: its benchmark, or that it has none."""
    from tfnotes.timing.benchmark import Benchmark

    value = kept[-1] if kept else None
    if isinstance(value, Benchmark) and value.cases:
        return {"benchmark": value.to_json()}
    message = f"block must end in a Benchmark with cases, not in {type(value).__name__}"
    return {"failure": {"type": "timing", "message": message, "line": line, "trace": ""}}


def _seed() -> None:
    import random

    import keras

    random.seed(0)
    keras.utils.set_random_seed(0)


def _threads() -> str:
    import tensorflow as tf

    from tfnotes.captures.machine import usable_cores

    chosen = tf.config.threading.get_intra_op_parallelism_threads()
    return str(chosen or usable_cores())


def _load() -> str:
    """Other work on the machine: the load average over the last minute."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""


if __name__ == "__main__":
    main()
