"""Draws which names stand for one and the same object: variables, tensors, arrays.

The difference between a variable and a tensor shows when something has two names. The picture
is made from the objects themselves, so it cannot claim an identity that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from tfnotes.draw.canvas import EDGE, TEXT, WIDTH

ROW = 0.42
"""Height of a row in inches."""

COLORS = {"variable": "C1", "tensor": "C0", "array": "C2"}
"""Filling of an object's box, by its kind."""


def show_names(names: Mapping[str, Any]) -> None:
    """Draws every name with an arrow to its object; names of one object share it.

    Args:
        names: Small variables, tensors or arrays, by the names that they have.
    """
    objects = list({id(value): value for value in names.values()}.values())
    rows = {id(value): row for row, value in enumerate(_rows(names, objects))}
    high = max(len(names), len(objects))
    _, axes = plt.subplots(figsize=(WIDTH, ROW * high + 0.1))
    axes.set_position((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)  # the unit is an inch
    axes.set_ylim(ROW * high + 0.05, -0.05)
    for row, (name, value) in enumerate(names.items()):
        middle = ROW * (row + 0.5)
        axes.text(1.3, middle, name, ha="right", va="center", size=TEXT, family="monospace")
        end = (2.4, ROW * (rows[id(value)] + 0.5))
        arrow = {"arrowstyle": "-|>", "color": EDGE, "lw": 1.2, "shrinkA": 0, "shrinkB": 2}
        axes.annotate("", xy=end, xytext=(1.4, middle), arrowprops=arrow)
    for value in objects:
        _box(axes, value, ROW * rows[id(value)])


def kind(value: Any) -> str:
    """Returns what an object is to the reader: a variable, a tensor or an array."""
    if hasattr(value, "assign"):
        return "variable"
    return "array" if isinstance(value, np.ndarray) else "tensor"


def _rows(names: Mapping[str, Any], objects: list[Any]) -> list[Any]:
    """Returns the objects in rows, None for an empty one: each beside the first of its names."""
    rows: list[Any] = [None] * max(len(names), len(objects))
    for row, value in enumerate(names.values()):
        if not any(value is placed for placed in rows):
            rows[row] = value
    return rows


def _box(axes: Axes, value: Any, top: float) -> None:
    """Draws one object as a box with its kind and its numbers."""
    what = kind(value)
    axes.add_patch(
        FancyBboxPatch(
            (2.45, top + 0.05),
            2.7,
            ROW - 0.1,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=(COLORS[what], 0.3),
            edgecolor=EDGE,
            linewidth=0.8,
        )
    )
    numbers = np.array2string(np.asarray(value), precision=3, separator=", ")
    middle = top + ROW / 2
    axes.text(2.55, middle, what, ha="left", va="center", size=TEXT - 2)
    axes.text(5.05, middle, numbers, ha="right", va="center", size=TEXT)
