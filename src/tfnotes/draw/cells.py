"""Draws small tensors as grids of cells with their numbers: results, slices, broadcasting.

Pages about shapes are easier to look at than to read. These functions are the plumbing of their
pictures: they take anything that NumPy can read, draw with the colours of the current matplotlib
style and return nothing, so that a page's block ends with the figure alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tfnotes.draw.canvas import canvas, draw_cell, label_of

WRAP = 17.0
"""Cells that fit beside each other, unless told otherwise."""

LETTER = 0.25
"""Width of a letter of a title, in cells."""

Array = NDArray[Any]


def show_cells(
    arrays: Mapping[str, ArrayLike],
    *,
    colors: Mapping[str, ArrayLike] | None = None,
    joins: Sequence[str] = (),
    faint: Mapping[str, ArrayLike] | None = None,
    wrap: float = WRAP,
) -> None:
    """Draws arrays of up to three axes side by side as grids of cells, each under its name.

    Args:
        arrays: What to draw, by the title to draw above it.
        colors: For a title, one integer a cell (or one for all): the colour of the style's cycle
            that fills the cell, or -1 for no filling.
        joins: Signs between neighbours, such as ``"+="``; shorter than the gaps is fine.
        faint: For a title, one boolean a cell: true for cells drawn dashed, with pale numbers.
        wrap: Cells that fit beside each other; what comes after starts a new row.
    """
    panels = [(title, np.asarray(values)) for title, values in arrays.items()]
    signs = [*joins, *[""] * len(panels)]
    spots, columns, rows = _lay_out(panels, signs, wrap)
    axes = canvas(columns, rows)
    for index, ((title, values), (left, top)) in enumerate(zip(panels, spots, strict=True)):
        shape = values.shape
        fills = np.broadcast_to(np.asarray((colors or {}).get(title, -1)), shape)
        pale = np.broadcast_to(np.asarray((faint or {}).get(title, False)), shape)
        width, _ = _extent(values)
        axes.text(
            left + width / 2, top - 0.25, title, ha="center", va="bottom", weight="bold", size=10.5
        )
        for (x, y), value, fill, weak in zip(
            _places(shape), values.ravel(), fills.ravel(), pale.ravel(), strict=True
        ):
            draw_cell(axes, left + x, top + y, label_of(value), int(fill), bool(weak))
        if index and signs[index - 1] and left:
            height = min(_extent(values)[1], _extent(panels[index - 1][1])[1])
            axes.text(
                left - 0.7, top + height / 2, signs[index - 1], ha="center", va="center", size=14
            )


def show_selection(values: ArrayLike, picks: Mapping[str, ArrayLike], *, color: int = 0) -> None:
    """Draws one array again and again, with the cells that each expression picked filled.

    Args:
        values: An array whose values all differ, so that a picked value says where it came from.
        picks: What was picked, by the expression that picked it.
        color: The colour of the style's cycle that fills the picked cells.

    Raises:
        ValueError: Two cells hold the same value.
    """
    array = np.asarray(values)
    if np.unique(array).size != array.size:
        raise ValueError("show_selection needs an array whose values all differ")
    fills = {title: np.where(np.isin(array, pick), color, -1) for title, pick in picks.items()}
    show_cells(dict.fromkeys(picks, array), colors=fills)


def show_broadcast(left: ArrayLike, right: ArrayLike, *, sign: str = "+") -> None:
    """Draws how two arrays are stretched to one shape and added (or multiplied).

    The cells that exist are filled; the copies that broadcasting imagines are dashed.

    Args:
        left: Left operand, of at most two axes.
        right: Right operand, of at most two axes.
        sign: ``"+"`` or ``"*"``.
    """
    a, b = np.asarray(left), np.asarray(right)
    result = a + b if sign == "+" else a * b
    titles = [f"{shape}" for shape in (a.shape, b.shape, result.shape)]
    # Two operands of one shape would share a title, and so a key.
    titles = [title + " " * place for place, title in enumerate(titles)]
    drawn = [np.broadcast_to(a, result.shape), np.broadcast_to(b, result.shape), result]
    copies = [_copies(a.shape, result.shape), _copies(b.shape, result.shape)]
    show_cells(
        dict(zip(titles, drawn, strict=True)),
        colors={t: np.where(c, -1, k) for k, (t, c) in enumerate(zip(titles, copies, strict=False))}
        | {titles[2]: 2},
        faint=dict(zip(titles, copies, strict=False)),
        joins=[sign, "="],
    )


def show_reduce(values: ArrayLike, *, name: str = "sum") -> None:
    """Draws a table with what is left of it when either axis is reduced.

    The result for axis 0 stands below the table, for axis 1 beside it: where the numbers went.

    Args:
        values: A table.
        name: How to reduce: the name of a NumPy function, such as ``"sum"`` or ``"max"``.
    """
    table = np.asarray(values)
    high, wide = table.shape
    down, right = (getattr(np, name)(table, axis=axis) for axis in (0, 1))
    axes = canvas(wide + 4.6, high + 2.6)
    for (y, x), value in np.ndenumerate(table):
        draw_cell(axes, x + 1.6, y + 0.8, label_of(value), -1, False)
    for x, value in enumerate(down):
        draw_cell(axes, x + 1.6, high + 1.4, label_of(value), 0, False)
    for y, value in enumerate(right):
        draw_cell(axes, wide + 2.2, y + 0.8, label_of(value), 1, False)
    titles = [
        (wide / 2 + 1.6, 0.4, f"{table.shape}"),
        (0.6, high + 1.9, f"axis=0\n{down.shape}"),
        (wide + 2.7, high + 1.9, f"axis=1\n{right.shape}"),
    ]
    for left, top, title in titles:
        axes.text(left, top, title, ha="center", va="center", weight="bold", size=10.5)


def _copies(own: tuple[int, ...], full: tuple[int, ...]) -> Array:
    """Returns which cells of the full shape are copies of a cell of an operand's own shape."""
    padded = (1,) * (len(full) - len(own)) + own
    copies = np.zeros(full, dtype=bool)
    for axis, (have, need) in enumerate(zip(padded, full, strict=True)):
        if have != need:
            copies |= np.indices(full)[axis] > 0
    return copies


def _lay_out(
    panels: Sequence[tuple[str, Array]], signs: Sequence[str], wrap: float
) -> tuple[list[tuple[float, float]], float, float]:
    """Places arrays in rows; returns their corners and the size of all, in cells."""
    spots: list[tuple[float, float]] = []
    left, top, tallest, widest = 0.0, 1.0, 0.0, 0.0
    for index, (title, values) in enumerate(panels):
        width, height = _extent(values)
        room = max(width, LETTER * max(map(len, title.split("\n"))))
        gap = 0.0 if not left else 1.4 if signs[index - 1] else 0.9
        if left and left + gap + room > wrap:
            left, gap, top, tallest = 0.0, 0.0, top + tallest + 1.4, 0.0
        spots.append((left + gap + (room - width) / 2, top))
        left += gap + room
        tallest, widest = max(tallest, height), max(widest, left)
    return spots, widest, top + tallest


def _extent(values: Array) -> tuple[float, float]:
    """Returns width and height in cells; the planes of a block stand beside each other."""
    planes, high, wide = (1, 1, 1, *values.shape)[-3:]
    return planes * wide + 0.3 * (planes - 1), float(high)


def _places(shape: tuple[int, ...]) -> list[tuple[float, float]]:
    """Returns the corner of every cell, in the order of the flattened array."""
    planes, high, wide = (1, 1, 1, *shape)[-3:]
    cells = product(range(planes), range(high), range(wide))
    return [(plane * (wide + 0.3) + x, float(y)) for plane, y, x in cells]
