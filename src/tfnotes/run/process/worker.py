"""The process of one page: runs its blocks in order and reports each over a socket.

The process is a fork of the fork server, so TensorFlow is imported but has not been used. It reads
jobs, one JSON object a line (``{"blocks": […]}``), from its socket, and answers with events
``begin`` and ``end``; after a job it waits for another one, which goes on in the same namespace.
"""

import ast
import contextlib
import linecache
import os
import random
import socket
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tfnotes.core.messages import message_of
from tfnotes.core.scrub import scrub
from tfnotes.run.process.streams import Streams, figure_outputs, value_output
from tfnotes.run.process.wire import Wire


def serve_page(connection: socket.socket, folder: Path, root: str) -> None:
    """Runs jobs until the other side closes the connection or a block fails.

    Args:
        connection: The socket to the session.
        folder: A folder of this page's own; it becomes the working directory.
        root: Root of the checkout, taken off paths in captured text.
    """
    wire = Wire(connection)
    work = folder / "work"
    work.mkdir()
    os.chdir(work)
    streams = Streams(folder)
    # Longest first in scrub(): the working directory stands for itself, the checkout for nothing.
    paths = {
        str(work): "",
        str(folder): "",
        root: "",
        sys.prefix: "<python>",
        str(Path.home()): "~",
    }
    module = fresh_main()
    _seed()
    streams.take(paths)
    while (job := wire.receive()) is not None:
        for block in job["blocks"]:
            wire.send({"event": "begin", "key": block["key"]})
            event = run_block(block, module, streams, paths)
            wire.send(event)
            if event["failure"]:
                return


def run_block(
    block: dict[str, Any],
    module: types.ModuleType,
    streams: Streams,
    paths: dict[str, str],
    keep: Callable[[object], None] | None = None,
) -> dict[str, Any]:
    """Runs one block and describes what happened.

    Args:
        block: What `session.describe` says of it.
        module: The namespace.
        streams: Where this process' output goes.
        paths: Machine paths to write otherwise.
        keep: Given the value of the last expression; a timing block ends in a benchmark.
    """
    value, failure, error = None, None, None
    begun = time.process_time()
    module.__dict__["__file__"] = block["file"]
    try:
        value = _execute(block, module.__dict__)
        if keep:
            keep(value)
    except BaseException as caught:  # SystemExit too is reported, not obeyed
        error = caught
    outputs = streams.take(paths)
    if error is None:
        try:
            shown = value_output(value, paths)
            outputs += [shown] if shown else []
            outputs += figure_outputs()
            outputs += streams.take(paths)  # what repr or drawing itself printed
        except Exception as caught:
            error = caught
    else:
        outputs += figure_outputs()
    raises = block.get("raises")
    if error is not None and type(error).__name__ == raises:
        message = scrub(message_of(str(error), type(error).__name__), paths)
        outputs.append(
            {"output_type": "error", "ename": raises, "evalue": message, "traceback": []}
        )
    elif error is not None:
        failure = _failure(error, block, paths)
    elif raises:
        failure = {
            "type": "",
            "message": f"did not raise {raises}",
            "line": block["line"],
            "trace": "",
        }
    used = sys.modules.get("tfnotes.data")
    return {
        "event": "end",
        "key": block["key"],
        "outputs": outputs,
        "failure": failure,
        "cpu": time.process_time() - begun,
        "made": _made() if failure is None else {},
        "data": used.used() if used and hasattr(used, "used") else [],
    }


def _execute(block: dict[str, Any], namespace: dict[str, Any]) -> object:
    """Executes a block; returns the value of its last expression, or None."""
    # Padding puts every line where it stands in its file: tracebacks are right, and AutoGraph,
    # which reads source by file and line, finds it.
    source = "\n" * (block["line"] - 1) + block["code"]
    file = block["file"]
    _remember(file, block["line"], block["code"])
    tree = ast.parse(source, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, file, "exec"), namespace)
    return eval(compile(last, file, "eval"), namespace) if last else None


_sources: dict[str, list[str]] = {}
"""The lines that have run, by file; what stands between them is empty."""


def _remember(file: str, line: int, code: str) -> None:
    """Keeps a block's source for AutoGraph, beside that of the blocks before it.

    A function is often traced in a later block than the one that defines it. What linecache holds
    is no ground to build on: where somebody has emptied it, formatting a traceback has put the
    whole file there, whose sections do not parse among dedented ones.
    """
    lines = _sources.setdefault(file, [])
    new = code.splitlines(keepends=True)
    lines += ["\n"] * (line - 1 + len(new) - len(lines))
    lines[line - 1 : line - 1 + len(new)] = new
    linecache.cache[file] = (sum(map(len, lines)), None, list(lines), file)


def _failure(error: BaseException, block: dict[str, Any], paths: dict[str, str]) -> dict[str, Any]:
    """What went wrong and on which line, with the frames of the reader's code only."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    if isinstance(error, SyntaxError) and error.filename == block["file"]:
        line = error.lineno or block["line"]
    else:
        own = [frame for frame in frames if frame.filename == block["file"]]
        line = own[-1].lineno if own else block["line"]
    text = "".join(traceback.format_list(frames[-12:]))
    return {
        "type": type(error).__name__,
        "message": scrub(message_of(str(error), type(error).__name__) or "(no message)", paths),
        "line": line,
        "trace": scrub(text, paths),
    }


def fresh_main() -> types.ModuleType:
    """The namespace: a registered ``__main__``, as a script would have, so that pickling works."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__["__builtins__"] = __builtins__
    warnings.resetwarnings()
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    warnings.simplefilter("ignore", ResourceWarning)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings.formatwarning = _short_warning
    return module


def _short_warning(message: Any, category: type, *_: Any, **__: Any) -> str:
    return f"{category.__name__}: {message}\n"


def _seed() -> None:
    """Makes runs repeatable: seeds of Python, NumPy and TensorFlow, and deterministic kernels."""
    random.seed(0)
    with contextlib.suppress(ImportError):
        import numpy as np

        np.random.seed(0)  # what a page without a Generator of its own draws from
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].config.experimental.enable_op_determinism()


def _made() -> dict[str, str]:
    """Versions and device of this run; only what the page has imported is asked."""
    import datetime
    import platform

    versions: dict[str, str] = {
        name: str(sys.modules[name].__version__)
        for name in ("tensorflow", "keras", "numpy")
        if name in sys.modules
    }
    device = "CPU"
    if "tensorflow" in sys.modules:
        from tensorflow.python.eager import context

        # Asking before the page has touched a device would take the choice away from it.
        if context.context()._initialized:
            gpus = sys.modules["tensorflow"].config.list_physical_devices("GPU")
            device = "GPU" if gpus else "CPU"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {"date": today, **versions, "python": platform.python_version(), "device": device}
