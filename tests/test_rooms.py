"""How the rooms of the package hang together: no circle, and nobody imports from above."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"
FLOORS = (
    {"core", "timing", "data", "programs", "draw"},
    {"run", "ledger", "captures", "releases", "doctor"},
    {"site", "prune", "scaffold"},
    {"parts", "check", "book"},
    {"cli", "console", "__main__"},
)
"""From the ground up; a room imports from its own floor and those below."""


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imported(module: str) -> set[str]:
    """The tfnotes modules that a module imports, inside functions and for types only too."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in FILES else node.module for name in names}
    return {name for name in found if name in FILES and name != "tfnotes"} - {module}


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """A circle in a graph, as the names along it; empty if there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name not in done:
            for following in sorted(arrows.get(name, ())):
                if found := walk(following, [*way, name]):
                    return found
            done.add(name)
        return []

    return next((found for name in sorted(arrows) if (found := walk(name, []))), [])


def rooms(depth: int) -> dict[str, set[str]]:
    """Which room imports from which; a room is a folder, named by so many components."""
    arrows: dict[str, set[str]] = defaultdict(set)
    for module in FILES:
        here = ".".join(module.split(".")[1 : depth + 1])
        for other in imported(module):
            there = ".".join(other.split(".")[1 : depth + 1])
            if here and there != here:
                arrows[here].add(there)
    return arrows


def test_a_circle_would_be_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle({"a": {"b"}, "b": {"c"}}) == []


def test_no_module_imports_itself_in_the_end():
    assert circle({module: imported(module) for module in FILES}) == []


@pytest.mark.parametrize("depth", [1])
def test_no_room_imports_itself_in_the_end(depth):
    assert circle(rooms(depth)) == []


def test_nobody_imports_from_above():
    floor = {room: number for number, names in enumerate(FLOORS) for room in names}
    for here, others in rooms(1).items():
        for other in others:
            assert floor.get(other, 0) <= floor.get(here, 0), f"{here} imports {other}"
