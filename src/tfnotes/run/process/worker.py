"""The process of one page: runs its blocks in order and reports each over a socket.

It is a fork of the fork server, or a process started afresh that has imported the same; either way
TensorFlow is imported but has not been used. It reads jobs from its socket, and answers with
``Begun`` and ``BlockEvent``; after a job it waits for another, which goes on in the same namespace.
"""

import ast
import contextlib
import linecache
import os
import socket
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from tfnotes.core.messages import message_of
from tfnotes.core.scrub import scrub
from tfnotes.run.process import tensorflow
from tfnotes.run.process.messages import Begun, BlockEvent, BlockJob, Job, Trouble
from tfnotes.run.process.reading import Reading
from tfnotes.run.process.streams import Streams, figure_outputs, value_output
from tfnotes.run.process.wire import Wire


def serve_page(connection: socket.socket, folder: Path, root: str) -> None:
    """Runs jobs until the other side closes the connection or a block fails.

    Args:
        connection: The socket to the session.
        folder: A folder of this page's own.
        root: Root of the checkout, taken off paths in captured text.
    """
    wire = Wire(connection)
    place = Workplace(folder, root)
    place.begin(deterministic=True)
    while isinstance(job := wire.receive(), Job):
        for block in job.blocks:
            wire.send(Begun(block.key))
            event = place.run(block)
            wire.send(event)
            if event.failure:
                return


class Workplace:
    """Where the blocks of a page run: a folder, a namespace, and streams that are captured.

    Args:
        folder: A folder of the page's own; ``work`` in it becomes the working directory.
        root: Root of the checkout.
        listen: Whether to hear which files are read; it costs a little, which a benchmark feels.
    """

    def __init__(self, folder: Path, root: str, listen: bool = True) -> None:
        work = folder / "work"
        work.mkdir()
        os.chdir(work)
        self._streams = Streams(folder)
        # Longest first in scrub(): the working directory stands for itself, the checkout for
        # nothing.
        self._paths = {
            str(work): "",
            str(folder): "",
            root: "",
            sys.prefix: "<python>",
            str(Path.home()): "~",
        }
        self._module = _fresh_main()
        self._root = Path(root)
        self._reading = Reading(self._root) if listen else None
        self._own: set[str] = set()
        # As where a script or a notebook stands: what a block writes there, it can import.
        sys.path.insert(0, "")

    def begin(self, deterministic: bool) -> None:
        """Seeds what is random, and forgets what importing has printed.

        Args:
            deterministic: Whether TensorFlow's kernels must give the same result every time.
        """
        tensorflow.seed()
        if deterministic:
            tensorflow.make_deterministic()
        self._streams.take(self._paths)

    def run(self, block: BlockJob, keep: Callable[[object], None] | None = None) -> BlockEvent:
        """Runs one block and describes what happened.

        Args:
            block: The block.
            keep: Given the value of the last expression; a timing block ends in a benchmark.
        """
        value, failure, error = None, None, None
        begun = time.process_time()
        self._module.__dict__["__file__"] = block.file
        sys.argv = [block.file]
        if (file := Path(block.file)).is_relative_to(self._root):
            self._own.add(file.relative_to(self._root).as_posix())
        process = os.getpid()
        try:
            value = _execute(block, self._module.__dict__)
            if keep:
                keep(value)
        except BaseException as caught:  # SystemExit too is reported, not obeyed
            error = caught
        if os.getpid() != process:
            _leave(error)
        outputs = self._streams.take(self._paths)
        if error is None:
            try:
                shown = value_output(value, self._paths)
                outputs += [shown] if shown else []
                outputs += figure_outputs()
                outputs += self._streams.take(self._paths)  # what repr or drawing itself printed
            except BaseException as caught:  # a repr may raise SystemExit, say
                error = caught
        else:
            outputs += figure_outputs()
        if error is not None and type(error).__name__ == block.raises:
            message = scrub(message_of(_words_of(error), type(error).__name__), self._paths)
            outputs.append(
                {
                    "output_type": "error",
                    "ename": block.raises,
                    "evalue": message,
                    "traceback": [],
                }
            )
        elif error is not None:
            failure = _trouble(error, block, self._paths)
        elif block.raises:
            failure = Trouble("", f"did not raise {block.raises}", block.line)
        used = sys.modules.get("tfnotes.data")
        return BlockEvent(
            block.key,
            outputs,
            failure,
            cpu=time.process_time() - begun,
            made=tensorflow.made() if failure is None else {},
            data=used.used() if used and hasattr(used, "used") else [],
            files=self._reading.files(self._own) if self._reading else [],
        )


def _execute(block: BlockJob, namespace: dict[str, Any]) -> object:
    """Executes a block; returns the value of its last expression, or None."""
    # Padding puts every line where it stands in its file: tracebacks are right, and AutoGraph,
    # which reads source by file and line, finds it.
    source = "\n" * (block.line - 1) + block.code
    file = block.file
    _remember(file, block.line, block.code)
    tree = ast.parse(source, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body[-1].value)
        del tree.body[-1]
    exec(compile(tree, file, "exec"), namespace)
    return eval(compile(last, file, "eval"), namespace) if last else None


def _leave(error: BaseException | None) -> NoReturn:
    """Ends a child that a block has forked and that came back here: its parent has the session.

    Left alone it would answer in the parent's place and run the blocks that follow once more.
    """
    status = 0
    if isinstance(error, SystemExit):
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    elif error is not None:
        sys.stderr.write(f"{type(error).__name__}: {_words_of(error)}\n")
        status = 1
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    os._exit(status & 0xFF)


def _words_of(error: BaseException) -> str:
    """``str(error)``, which somebody's class may refuse."""
    try:
        return str(error)
    except BaseException as second:
        return f"(its text cannot be made: {type(second).__name__})"


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


def _trouble(error: BaseException, block: BlockJob, paths: dict[str, str]) -> Trouble:
    """What went wrong and on which line, with the frames of the reader's code only."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__]
    if isinstance(error, SyntaxError) and error.filename == block.file:
        line = error.lineno or block.line
    else:
        own = [frame for frame in frames if frame.filename == block.file]
        line = (own[-1].lineno if own else None) or block.line
    text = "".join(traceback.format_list(frames[-12:]))
    name = type(error).__name__
    message = scrub(message_of(_words_of(error), name) or "(no message)", paths)
    return Trouble(name, message, line, scrub(text, paths))


def _fresh_main() -> types.ModuleType:
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
