"""What the pinned release has: names of modules, arguments of classes; ``tools/surface.py`` asks it."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("surface.json")
_PRIVATE = frozenset(
    ("python", "core", "tools", "compiler", "compat", "include", "src", "api", "contrib", "_api")
)
"""Packages that can be imported and are no public names, and those that rows tell of as a whole."""


@cache
def _surface() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def unknown_name(path: str) -> str:
    """The part of a full name that today's modules do not have.

    Args:
        path: A full name, such as ``tf.keras.utils.print_summary``.

    Returns:
        The name up to and with what is missing; ``""`` if all is there, or nothing is known.
    """
    names = _surface()["names"]
    parts = path.split(".")
    for size in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:size])
        if module in names:
            missing = parts[size]
            known = missing in names[module] or missing in _PRIVATE or missing.startswith("_")
            return "" if known else f"{module}.{missing}"
    return ""


def unknown_arguments(path: str, keywords: Iterable[str]) -> list[str]:
    """Which arguments a class of Keras does not take.

    Args:
        path: The full name of what is called.
        keywords: The arguments that it is given by name.

    Returns:
        Those that it refuses; none if what it takes is not known.
    """
    taken = _surface()["arguments"].get(path.removeprefix("tf."))
    return [] if taken is None else [name for name in keywords if name not in taken]


def unknown_method_arguments(method: str, keywords: Iterable[str]) -> list[str]:
    """Which arguments a method of a model does not take; see `unknown_arguments`."""
    taken = _surface()["methods"].get(method)
    return [] if taken is None else [name for name in keywords if name not in taken]
