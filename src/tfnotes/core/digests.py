"""Files of the checkout that a page's code reads or imports, and their digests.

They are in no key: most pages read none, and which are read is known only after a run. A record
keeps the digests instead, as it does for the tfnotes modules.
"""

import ast
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from tfnotes.core.files import stamp_of

_NOT_OURS = ("outputs", "site", "node_modules", "build", "dist")
"""Folders of a checkout that hold nothing a page is made of; hidden ones neither."""


def is_input(root: Path, path: Path) -> bool:
    """Whether a file that code has opened is part of what the code is.

    Args:
        root: Root of the checkout.
        path: The file, absolute.

    Returns:
        False for what lies outside, in hidden folders (environments, caches), is made by a build,
        or is one of the tfnotes modules, which count by themselves.
    """
    try:
        parts = path.resolve().relative_to(root).parts
    except (ValueError, OSError):
        return False
    if not parts or parts[0] in _NOT_OURS or parts[:2] == ("src", "tfnotes"):
        return False
    return not any(part.startswith(".") or part == "__pycache__" for part in parts)


def named_files(root: Path, file: Path, code: str) -> set[Path]:
    """The files that a string in the code names, seen from the code's folder or from the root.

    What TensorFlow's own readers or another process open, Python is not told.
    """
    found: set[Path] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value
            if "." not in name or len(name) > 200 or "\n" in name or "\0" in name:
                continue
            for folder in (file.parent, root):
                path = folder / name
                if path.is_file() and is_input(root, path):
                    found.add(path.resolve())
    return found - {file}


def file_digests(root: Path, names: Iterable[str]) -> dict[str, str]:
    """The digest of each file, by its path relative to the root; ``""`` for one that is gone."""
    return {name: _digest(stamp_of(root / name)) for name in sorted(names)}


@functools.lru_cache(maxsize=4096)
def _digest(stamp: tuple[Path, int, int, int]) -> str:
    try:
        return hashlib.sha256(stamp[0].read_bytes()).hexdigest()[:12]
    except OSError:
        return ""
