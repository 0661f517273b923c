"""Runs small programs, each in a process of its own, and tells what happened to them.

A script for the interpreter of any TensorFlow release: the standard library only, and syntax that
Python 3.7 has. TensorFlow is imported once, each program runs in a fork; a program that sets
variables before the import gets an interpreter of its own.

    python execute.py PROGRAMS.json OUT.json [WORKERS]

PROGRAMS.json is a list of ``{"id", "setup", "code", "environment", "fresh"}``. OUT.json gets
``{"made": versions, "prefix": sys.prefix, "outcomes": {id: outcome}}``; an outcome has ``result`` (``ok``, ``raises``,
``setup``, ``ended``, ``timeout``), ``type``, ``message``, ``warnings``, the last expression's
``value``, and ``folder``, the working directory that messages may name.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import importlib
import json
import logging
import math
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, Dict, NoReturn  # noqa: UP035  # Python 3.7 runs this

LIMIT = 90.0
"""Seconds that a program may take."""
LARGEST = 64
"""Elements of an array that are kept; of a larger one only shape and dtype are."""
ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "LC_ALL": "C.UTF-8",
}
Program = Dict[str, Any]  # noqa: UP006
_STARTED: list[subprocess.Popen[bytes]] = []
PREAMBLE = "import numpy as np\nimport tensorflow as tf\n"


def main(arguments: list[str]) -> None:
    """Runs the programs of a file, or the one program that a fresh interpreter is for."""
    if arguments[0] == "--one":
        folder = Path(arguments[1])
        _child(json.loads((folder / "program.json").read_text()), folder)
    programs = json.loads(Path(arguments[0]).read_text())
    workers = int(arguments[2]) if len(arguments) > 2 else (os.cpu_count() or 1)
    os.environ.update(ENVIRONMENT)
    # As in an environment that is activated: the TFLite converter of TensorFlow 1 is a program.
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")
    import tensorflow  # the forks share it

    with contextlib.suppress(Exception):
        tensorflow.keras.layers  # noqa: B018  # loaded lazily: here once, not in every fork
    with tempfile.TemporaryDirectory(prefix="tfnotes-ledger-") as root:
        outcomes = _run_all(programs, Path(root), workers)
    Path(arguments[1]).write_text(
        json.dumps({"made": _made(), "prefix": sys.prefix, "outcomes": outcomes})
    )


def _run_all(programs: list[Program], root: Path, workers: int) -> dict[str, Any]:
    waiting = list(reversed(list(enumerate(programs))))
    running: dict[int, tuple[str, Path, float]] = {}
    outcomes: dict[str, Any] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            number, program = waiting.pop()
            folder = root / str(number)
            (folder / "work").mkdir(parents=True)
            running[_start(program, folder)] = (program["id"], folder, time.monotonic())
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid in running:
            identity, folder, _ = running.pop(pid)
            outcomes[identity] = _outcome(folder, "ended", status)
            continue
        for late in [p for p, (_, _, begun) in running.items() if time.monotonic() - begun > LIMIT]:
            with contextlib.suppress(OSError):
                os.killpg(late, signal.SIGKILL)
            os.waitpid(late, 0)
            identity, folder, _ = running.pop(late)
            outcomes[identity] = _outcome(folder, "timeout", 0)
        time.sleep(0.01)
    return outcomes


def _start(program: Program, folder: Path) -> int:
    """Starts a program; returns its process number."""
    if program.get("fresh"):
        (folder / "program.json").write_text(json.dumps(program))
        variables = dict(os.environ, **program.get("environment") or {})
        command = [sys.executable, os.path.abspath(__file__), "--one", str(folder)]
        process = subprocess.Popen(command, env=variables, start_new_session=True)
        _STARTED.append(process)  # subprocess would bury what nobody holds, before we see it end
        return process.pid
    pid = os.fork()
    if pid == 0:
        os.setsid()
        _child(program, folder)
    return pid


def _outcome(folder: Path, otherwise: str, status: int) -> Any:
    """What a process left, or that it left nothing."""
    try:
        return json.loads((folder / "outcome.json").read_text())
    except (OSError, ValueError):
        said = (folder / "streams").read_text(errors="replace").strip().split("\n")
        message = said[-1] or f"status {status}"
        return {"result": otherwise, "message": message, "folder": str(folder / "work")}


def _child(program: Program, folder: Path) -> NoReturn:
    """Becomes the process of a program; never returns."""
    code = 1
    try:
        streams = os.open(str(folder / "streams"), os.O_RDWR | os.O_CREAT)
        for number in (1, 2):
            os.dup2(streams, number)
        os.chdir(folder / "work")
        outcome = {"folder": str(folder / "work"), **_execute(program)}
        (folder / "outcome.json").write_text(json.dumps(outcome))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _Heard(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _execute(program: Program) -> dict[str, Any]:
    heard = _Heard()
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        exec(compile(PREAMBLE, "<preamble>", "exec"), namespace)
        # As Python shows them: what is deprecated speaks only where the caller's own code is.
        warnings.resetwarnings()
        warnings.simplefilter("always")
        for category in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("always", category=DeprecationWarning, module="__main__")
        with contextlib.suppress(Exception):
            namespace["tf"].keras.utils.set_random_seed(0)
        try:
            exec(compile(program.get("setup", ""), "<setup>", "exec"), namespace)
        except BaseException as error:
            return _raised(error, "setup")
        del caught[:]
        for name in ("tensorflow", "absl"):
            logging.getLogger(name).addHandler(heard)
        try:
            value = _run(program["code"], namespace)
        except BaseException as error:
            outcome = _raised(error, "raises")
        else:
            outcome = {"result": "ok"}
            kept = _kept(value)
            if kept is not None:
                outcome["value"] = kept
    said = [str(one.message) for one in caught] + heard.said
    if said:
        outcome["warnings"] = list(dict.fromkeys(said))
    return outcome


def _raised(error: BaseException, result: str) -> dict[str, Any]:
    return {"result": result, "type": type(error).__name__, "message": str(error)[:6000]}


def _run(code: str, namespace: dict[str, Any]) -> object:
    """Executes code; returns the value of its last expression, or None."""
    # A file, because AutoGraph reads the source of what it traces.
    path = str(Path.cwd().parent / "program.py")
    Path(path).write_text(code, encoding="utf-8")
    tree = ast.parse(code, path)
    end = tree.body[-1] if tree.body else None
    last = ast.Expression(end.value) if isinstance(end, ast.Expr) else None
    if last:
        tree.body.pop()
    exec(compile(tree, path, "exec"), namespace)
    return eval(compile(last, path, "eval"), namespace) if last else None


def _kept(value: Any) -> Any:
    """A value as JSON; arrays and tensors as nested lists; None for what cannot be compared."""
    import numpy as np

    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value[:500]
    if isinstance(value, float):
        return float(f"{value:.7g}") if math.isfinite(value) else str(value)
    if isinstance(value, (list, tuple)):
        return [_kept(item) for item in value[:LARGEST]]
    if isinstance(value, dict):
        return {str(key): _kept(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        if value.size > LARGEST:
            return {"shape": list(value.shape), "dtype": str(value.dtype)}
        return _kept(value.tolist())
    if type(value).__name__ == "TensorShape":
        return _kept(value.as_list())
    with contextlib.suppress(Exception):  # no tensor, or one of a graph
        return _kept(np.asarray(value.numpy()))
    return None


def _made() -> dict[str, str]:
    """The versions of what ran, and the day."""
    made = {"python": platform.python_version(), "date": datetime.date.today().isoformat()}
    for name in ("tensorflow", "keras", "numpy"):
        with contextlib.suppress(ImportError):
            made[name] = str(importlib.import_module(name).__version__)
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
