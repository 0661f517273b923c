"""Draws the shapes of tensors: a cell, a row, a table, a block, blocks in a row or a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from tfnotes.draw.canvas import EDGE, WIDTH

SLANT = 0.4
"""How far the third axis of a block runs to the right and up, in sides of a cell."""

GAP = 0.8
"""Room between the blocks of a row, in sides of a cell."""

SIDE = 0.34
"""Largest side of a cell in inches."""

ROOM = 1.35
"""Height in inches that one picture may take below its title."""


def show_shapes(shapes: Mapping[str, Sequence[int]], *, columns: int = 3) -> None:
    """Draws shapes of rank 0 to 5, each below its name.

    Args:
        shapes: Small shapes, by name.
        columns: Pictures in a row.
    """
    rows = -(-len(shapes) // columns)
    slot = WIDTH / columns
    _, axes = plt.subplots(figsize=(WIDTH, rows * (ROOM + 0.6)))
    axes.set_position((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)  # the unit is an inch
    axes.set_ylim(rows * (ROOM + 0.6), 0)
    for place, (name, shape) in enumerate(shapes.items()):
        row, column = divmod(place, columns)
        left, top = column * slot, row * (ROOM + 0.6)
        title = f"{name}\n{tuple(shape)}"
        axes.text(left + slot / 2, top + 0.44, title, ha="center", va="bottom", size=11.5)
        _picture(axes, tuple(shape), left, top + 0.52, slot)


def _picture(axes: Axes, shape: tuple[int, ...], left: float, top: float, slot: float) -> None:
    """Draws one shape in the middle of its slot, as large as the slot allows."""
    deep, high, wide = (1, 1, 1, *shape)[-3:]
    across, down = (1, 1, *shape[:-3])[-1], (1, 1, *shape[:-3])[-2]
    depth = SLANT * deep if len(shape) > 2 else 0.0
    width = across * (wide + depth + GAP) - GAP
    height = down * (high + depth + GAP) - GAP
    side = min(SIDE, (slot - 0.3) / width, ROOM / height)
    left += (slot - width * side) / 2
    top += (ROOM - height * side) / 2
    for row, column in product(range(down), range(across)):
        x = left + column * (wide + depth + GAP) * side
        y = top + (row * (high + depth + GAP) + depth) * side
        _block(axes, (x, y), (wide, high, deep if depth else 0), side)


def _block(
    axes: Axes, corner: tuple[float, float], size: tuple[int, int, int], side: float
) -> None:
    """Draws the faces of one block that can be seen: the front, the top and the right side."""
    (left, top), (wide, high, deep) = corner, size
    right, down, back = (side, 0.0), (0.0, side), (SLANT * side, -SLANT * side)
    front = [(left + x * side, top + y * side) for x, y in product(range(wide), range(high))]
    steps = [(left + step * back[0], top + step * back[1]) for step in range(deep)]
    _face(axes, front, right, down, 0.30)
    _face(axes, [(x + k * side, y) for x, y in steps for k in range(wide)], right, back, 0.16)
    edge = wide * side
    _face(axes, [(x + edge, y + k * side) for x, y in steps for k in range(high)], back, down, 0.50)


def _face(
    axes: Axes,
    corners: Sequence[tuple[float, float]],
    first: tuple[float, float],
    second: tuple[float, float],
    alpha: float,
) -> None:
    """Draws the cells of one face, each spanned by two edges from its corner, as one path."""
    if not corners:
        return
    (ax, ay), (bx, by) = first, second
    around = np.array([(0, 0), (ax, ay), (ax + bx, ay + by), (bx, by), (0, 0)])
    cells = [Path(around + corner, closed=True) for corner in corners]
    whole = Path.make_compound_path(*cells)
    axes.add_patch(PathPatch(whole, facecolor=("C0", alpha), edgecolor=EDGE, linewidth=0.8))
