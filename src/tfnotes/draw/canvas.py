"""What all drawings share: one width, one grey, and cells with a label in them."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

WIDTH = 6.4
"""Width of every figure in inches, so that all figures of a page stand on one measure."""

CELL = 0.4
"""Largest side of a cell in inches."""

TEXT = 11.5
"""Size of numbers in points: still legible where a phone shows the figure at half its size."""

EDGE = "#808898"
"""A grey that reads on white and on black."""


def canvas(columns: float, rows: float) -> Axes:
    """Opens a figure of the common width in which a cell is square and never too large."""
    shown = max(columns, WIDTH / CELL)
    height = (rows + 0.2) * WIDTH / shown
    _, axes = plt.subplots(figsize=(WIDTH, height))
    axes.set_position((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(columns / 2 - shown / 2 - 0.1, columns / 2 + shown / 2 + 0.1)
    axes.set_ylim(rows + 0.1, -0.1)
    axes.set_aspect("equal")
    return axes


def draw_cell(axes: Axes, x: float, y: float, label: str, fill: int, faint: bool) -> None:
    """Draws one cell with its number."""
    axes.add_patch(
        Rectangle(
            (x, y),
            1,
            1,
            facecolor=(f"C{fill}", 0.35) if fill >= 0 else "none",
            edgecolor=EDGE,
            linewidth=0.8,
            linestyle=(0, (2, 2)) if faint else "solid",
        )
    )
    axes.text(
        x + 0.5, y + 0.52, label, ha="center", va="center", size=TEXT, alpha=0.5 if faint else 1.0
    )


def label_of(value: Any) -> str:
    """Returns a value as it fits into a cell."""
    if isinstance(value, bool | np.bool_):
        return "T" if value else "F"
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
