"""The cache of outcomes: valid for one set of versions and one state of the engine."""

import hashlib
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tfnotes.core.blocks import Block
from tfnotes.core.digests import file_digests
from tfnotes.core.files import write_atomic
from tfnotes.core.helpers import module_digests
from tfnotes.core.keys import normalise
from tfnotes.core.project import Project
from tfnotes.core.records import Record
from tfnotes.run.process.start import way_to_start
from tfnotes.run.process.tensorflow import PACKAGES


def is_known(record: Record | None, block: Block, root: Path) -> bool:
    """Whether a cached outcome belongs to the block, the helpers and the files as they stand."""
    return (
        record is not None
        and record.modules == module_digests(block.helpers)
        and record.files == file_digests(root, record.files)
    )


def fingerprint() -> str:
    """What outcomes depend on besides the blocks: versions and the code that runs them."""
    parts = [platform.python_version(), platform.machine(), way_to_start()]
    for package in PACKAGES:
        try:
            parts.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            parts.append(f"no {package}")
    here = Path(__file__).parent
    for name in (
        "process/streams.py",
        "process/worker.py",
        "process/page.py",
        "process/reading.py",
        "process/tensorflow.py",
        "process/style.mplstyle",
        "../core/scrub.py",
        "../core/messages.py",
    ):
        parts.append(normalise((here / name).read_text(encoding="utf-8")))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def outcome_cache(project: Project) -> Path:
    """The folder of cached outcomes, emptied if they were made by something else.

    Returns:
        The folder; a checkout that cannot be written has one that stays empty.
    """
    folder = project.cache / "runs"
    mark = folder / "fingerprint.txt"
    now = fingerprint()
    try:
        if mark.is_file() and mark.read_text(encoding="utf-8") == now:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(mark, now)
    except OSError:
        pass  # the session says that outcomes are not kept
    return folder
