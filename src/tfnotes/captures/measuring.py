"""The process that measures one page: a fresh Python, all threads, nothing made deterministic.

Run as ``python -m tfnotes.captures.measuring FD FOLDER ROOT``, where FD is a Unix socket to the
capture. It gets one job and answers with an event after each block, or, to a job without blocks,
with the machine's facts. Only TensorFlow, NumPy and the standard library are needed here; what a
page imports besides, it must have.
"""

import importlib
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

from tfnotes.captures.machine import machine_facts, software_facts, usable_cores
from tfnotes.run.process.messages import Begun, BlockEvent, Facts, Job, Trouble
from tfnotes.run.process.wire import Wire
from tfnotes.run.process.worker import Workplace


def main() -> None:
    """Runs the job that comes over the socket."""
    wire = Wire(socket.socket(fileno=int(sys.argv[1])))
    folder, root = Path(sys.argv[2]), sys.argv[3]
    job = wire.receive()
    if not isinstance(job, Job):
        return
    if not job.blocks:
        importlib.import_module("tensorflow")  # what it sees is asked
        wire.send(Facts(machine_facts()))
        return
    place = Workplace(folder, root, listen=False)
    importlib.import_module("keras")  # so that its generators are seeded too
    place.begin(deterministic=False)
    for block in job.blocks:
        kept: list[object] = []
        # A benchmark that is already captured only has to leave its names behind: all sizes, since
        # a later block may go on with them, but hardly a repetition.
        os.environ["TFNOTES_SIZE"] = "full" if block.wanted else "quick"
        wire.send(Begun(block.key, _load()))
        event = place.run(block, kept.append)
        made = software_facts(Path(root))
        if block.wanted and block.timing and event.failure is None:
            made["threads"] = _threads()
            event = _with_benchmark(event, kept, block.line)
        # A block that fails does not end the page: machine time is scarce, and a later block that
        # needed its names says so by a NameError.
        wire.send(replace(event, made=made))


def _with_benchmark(event: BlockEvent, kept: list[object], line: int) -> BlockEvent:
    """The event of a timing block with its benchmark, or with the complaint that it has none."""
    from tfnotes.timing import Benchmark

    value = kept[-1] if kept else None
    if isinstance(value, Benchmark) and value.cases:
        return replace(event, benchmark=value.to_json())
    message = f"block must end in a Benchmark with cases, not in {type(value).__name__}"
    return replace(event, failure=Trouble("timing", message, line))


def _threads() -> str:
    import tensorflow as tf

    chosen = tf.config.threading.get_intra_op_parallelism_threads()
    return str(chosen or usable_cores())


def _load() -> str:
    """Other work on the machine: the load average over the last minute."""
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""


if __name__ == "__main__":
    main()
