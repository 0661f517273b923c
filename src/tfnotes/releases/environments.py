"""Environments that live as long as a release is measured, or in a folder that is kept."""

import contextlib
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import write_atomic
from tfnotes.core.project import find_project
from tfnotes.ledger.measure import quiet_environment
from tfnotes.releases.table import Release

STAMP = ".requirements"
"""In an environment that is complete: what was asked for, so that a change makes it anew."""
_FIRST = ("pip", "wheel", "setuptools<81")
_PROBE = "import tensorflow, sys; sys.stdout.write(tensorflow.__version__)"


@contextlib.contextmanager
def environment(release: Release, keep: Path | None = None) -> Iterator[Path]:
    """Makes the environment of a release, and removes it afterwards.

    Args:
        release: The release.
        keep: A folder that environments stay in, to be used again; None removes it.

    Yields:
        The environment's Python, which can import TensorFlow.

    Raises:
        TfnotesError: There is no such Python here, pip cannot install, or TensorFlow cannot be
            imported.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix=f"tfnotes-{release.name}-") as folder:
            yield _made(release, Path(folder) / "environment")
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield _made(release, keep.resolve() / release.name)


def find_python(version: str) -> str:
    """The path of a Python of a version (``3.9``).

    Raises:
        TfnotesError: None was found on the path, under pyenv or by uv.
    """
    if "{}.{}".format(*sys.version_info) == version:
        return getattr(sys, "_base_executable", "") or sys.executable
    pyenv = os.environ.get("PYENV_ROOT") or str(Path.home() / ".pyenv")
    found = [shutil.which(f"python{version}")]
    found += sorted(glob.glob(f"{glob.escape(pyenv)}/versions/{version}.*/bin/python"))
    if uv := shutil.which("uv"):
        found.append(_run([uv, "python", "find", version]).stdout.strip())
    for path in found:
        # A shim of pyenv's stands on the path for versions that are not chosen: ask it.
        asked = "import sys; sys.stdout.write('%d.%d' % sys.version_info[:2])"
        if path and _run([path, "-c", asked]).stdout == version:
            return path
    raise TfnotesError(f"no Python {version} here; install it (pyenv install {version}) or skip it")


def _made(release: Release, folder: Path) -> Path:
    python = folder / "bin" / "python"
    wanted = "\n".join((release.python, *release.requirements))
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    _must([find_python(release.python), "-m", "venv", str(folder)], "no environment")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _must([*pip, "--upgrade", *_FIRST], "pip cannot be renewed")
    asked = ["--prefer-binary", *release.requirements]
    if release.pinned:
        asked += ["--constraint", str(find_project().root / "constraints.txt")]
    _must([*pip, *asked], "pip cannot install it")
    version = _must([str(python), "-c", _PROBE], "TensorFlow cannot be imported")
    exact = release.packages[0].partition("==")[2]
    if version != exact:
        raise TfnotesError(f"installed {version}, but {exact} was asked for")
    write_atomic(stamp, wanted)
    return python


def _must(command: list[str], problem: str) -> str:
    """Runs a command; its output, or one line saying that and why it failed."""
    done = _run(command)
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        # pip ends in advice about itself; what went wrong begins with "ERROR:".
        said = [line for line in lines if line.startswith("ERROR:")] or lines[-1:] or ["nothing"]
        raise TfnotesError(f"{problem}: {said[0]}")
    return done.stdout


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command, capture_output=True, text=True, env=quiet_environment(), check=False
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))
