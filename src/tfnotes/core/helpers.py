"""Which tfnotes modules a block uses, and their digests."""

import ast
import functools
import hashlib
from pathlib import Path

import tfnotes
from tfnotes.core.keys import normalise


def helpers_used(code: str) -> list[str]:
    """The tfnotes modules that code imports, such as ``["tfnotes.data"]``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == "tfnotes":
            found |= {f"tfnotes.{alias.name}" for alias in node.names}
        elif (
            isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tfnotes.")
        ):
            found.add(".".join(node.module.split(".")[:2]))
        elif isinstance(node, ast.Import):
            names = (alias.name for alias in node.names)
            found |= {".".join(n.split(".")[:2]) for n in names if n.startswith("tfnotes.")}
    return sorted(found)


@functools.cache
def module_digest(module: str) -> str:
    """Digest of a module's code without its comments, and of the tfnotes modules that it imports.

    A package counts with all its files. ``""`` if there is no such module.
    """
    digest = hashlib.sha256()
    for file in sorted(_files(module, set())):
        digest.update(normalise(file.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()[:12]


def _files(module: str, seen: set[str]) -> set[Path]:
    """The files of a module and of what it imports from tfnotes, the core excepted."""
    seen.add(module)
    place = Path(tfnotes.__file__).parent / module.removeprefix("tfnotes.")
    files = set(place.rglob("*.py")) if place.is_dir() else {place.with_suffix(".py")}
    files = {file for file in files if file.is_file()}
    for file in list(files):
        for used in helpers_used(file.read_text(encoding="utf-8")):
            if used not in seen and used != "tfnotes.core":
                files |= _files(used, seen)
    return files
