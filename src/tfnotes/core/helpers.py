"""Which tfnotes modules a block uses, and their digests."""

import ast
import functools
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import tfnotes
from tfnotes.core.keys import normalise

_ALONE = ("draw",)
"""Packages of modules that stand alone."""
_COMMAND = re.compile(r"(?:-m |^(?:\S*/)?)tfnotes((?:\.\w+)*)(?: ([a-z]+))?(?= |$)")
"""A command line that runs ``-m tfnotes.x``, ``-m tfnotes x`` or ``tfnotes x``."""


@functools.lru_cache(maxsize=8192)  # twins have the same code
def helpers_used(code: str) -> tuple[str, ...]:
    """The tfnotes modules that code imports, or runs in a process of its own.

    Args:
        code: Python source.

    Returns:
        Names such as ``("tfnotes.data",)``, sorted. ``[sys.executable, "-m", "tfnotes", "doctor"]`` counts
        as a use of ``tfnotes.doctor``: what it prints changes with that code like a call's result.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == "tfnotes":
            found |= {f"tfnotes.{alias.name}" for alias in node.names}
        elif (
            isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tfnotes.")
        ):
            found |= {_counted(f"{node.module}.{alias.name}") for alias in node.names}
        elif isinstance(node, ast.Import):
            names = (alias.name for alias in node.names)
            found |= {_counted(name) for name in names if name.startswith("tfnotes.")}
        elif isinstance(node, ast.List | ast.Tuple):
            found |= _run(node.elts)
        elif isinstance(node, ast.Call):
            found |= _run(node.args)
    return tuple(sorted(found))


def _counted(name: str) -> str:
    """What an import counts as: a module of the packages whose modules stand alone, else a room.

    A change in one drawing is no change of the others. ``tfnotes.data`` counts as a whole: its
    modules load one another by name, which no import shows.
    """
    first, room, *rest = name.split(".")
    return ".".join([first, room, *rest[:1]]) if room in _ALONE else f"{first}.{room}"


def _run(words: list[ast.expr]) -> set[str]:
    """The tfnotes modules that a command line, given as a list of words or in one, runs."""
    texts = [w.value for w in words if isinstance(w, ast.Constant) and isinstance(w.value, str)]
    if not any("tfnotes" in text for text in texts):
        return set()
    found = set()
    for match in _COMMAND.finditer(" ".join(texts)):
        name = match[1].split(".")[1] if match[1] else match[2]
        found |= {f"tfnotes.{name}"} if name else set()
    return {name for name in found if _files_of(name)}


def module_digests(modules: Iterable[str]) -> dict[str, str]:
    """The digest of each module, by name: what a record keeps of the code that it was made with."""
    return {module: module_digest(module) for module in modules}


@functools.cache
def module_digest(module: str) -> str:
    """Digest of a module's code without its comments, and of the tfnotes modules that it uses.

    A package counts with all its files, data among them. ``""`` if there is no such module.
    """
    digest = hashlib.sha256()
    files = _files(module, set())
    if not files:
        return ""
    for file in sorted(files):
        content = file.read_bytes()
        if file.suffix == ".py":
            content = normalise(content.decode("utf-8")).encode()
        digest.update(content)
    return digest.hexdigest()[:12]


def _files(module: str, seen: set[str]) -> set[Path]:
    """The files of a module and of what it uses of tfnotes, the core excepted."""
    seen.add(module)
    files = _files_of(module)
    for file in [file for file in files if file.suffix == ".py"]:
        for used in helpers_used(file.read_text(encoding="utf-8")):
            if used not in seen and used != "tfnotes.core":
                files |= _files(used, seen)
    return files


def _files_of(module: str) -> set[Path]:
    """The files of one module or package itself; none if there is no such module."""
    place = Path(tfnotes.__file__).parent.joinpath(*module.split(".")[1:])
    if not place.is_dir():
        return {file for file in (place.with_suffix(".py"),) if file.is_file()}
    found = (file for file in place.rglob("*") if "__pycache__" not in file.parts)
    return {file for file in found if file.is_file()}
