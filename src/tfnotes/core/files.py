"""Files: written whole or not at all, locked while they are written, and JSON that is checked."""

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tfnotes.core.errors import PageError, TfnotesError

TICK = 50_000_000
"""Nanoseconds within which a file system may give two writes the same time."""


class Stamp(NamedTuple):
    """What tells that a file has changed."""

    path: Path
    changed: int
    """When, in nanoseconds; -1 if there is no such file."""
    size: int = 0
    inode: int = 0


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file as it is now."""
    try:
        found = path.stat()
    except OSError:
        return Stamp(path, -1)
    return Stamp(path, found.st_mtime_ns, found.st_size, found.st_ino)


def load_json(path: Path, where: str, format_: int, what: str, cure: str) -> dict[str, Any] | None:
    """Reads a JSON file that says which format it has.

    Args:
        path: The file.
        where: Its name, for messages.
        format_: The format that the caller reads.
        what: What is in the file, for messages; a plural.
        cure: What to do if it cannot be read.

    Returns:
        Its content; None if there is no file.

    Raises:
        PageError: It cannot be read, is no JSON, or has another format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except json.JSONDecodeError as error:
        problem = f"{what} are not JSON ({error.msg}); {cure}"
        raise PageError(where, error.lineno, problem) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PageError(where, 1, f"{what} cannot be read ({error}); {cure}") from None
    found = content.get("format") if isinstance(content, dict) else None
    if found != format_:
        problem = f"{what} have format {found!r}, this tfnotes reads {format_}; {cure}"
        raise PageError(where, 1, problem)
    assert isinstance(content, dict)
    return content


def cannot_write(where: str, what: str, error: OSError) -> TfnotesError:
    """What to tell somebody whose file cannot be written.

    Args:
        where: The file.
        what: What is in it; a plural.
        error: What the system said.
    """
    full = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
    cure = "make room on the disk" if error.errno in full else "is the checkout read-only?"
    return TfnotesError(f"{where}: cannot write {what} ({error.strerror}); {cure}")


def write_atomic(path: Path, content: str | bytes) -> None:
    """Writes a file so that readers see the old content or the new, never a part.

    Args:
        path: The file.
        content: Text (written as UTF-8) or bytes.
    """
    data = content.encode() if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Holds a lock file; a second writer is told, because its update would be lost otherwise."""
    try:
        import fcntl
    except ImportError:  # Windows: the rename still keeps files whole.
        yield
        return
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            page = f"{path.parent.name}/{path.stem}"
            raise TfnotesError(
                f"{page}: another update is writing these records; run it again when it ends"
            ) from None
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
