"""Draws a ragged tensor as TensorFlow stores it: its rows, its values end to end, its splits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from tfnotes.core.errors import TfnotesError
from tfnotes.draw.canvas import EDGE, canvas, draw_cell, label_of

COLORS = 6
"""Colours in the cycle of the site's matplotlib style."""


def show_ragged(ragged: Any) -> None:
    """Draws the rows of a ragged tensor above the two flat tensors that it consists of.

    Args:
        ragged: A ``tf.RaggedTensor`` of scalars with one ragged axis.

    Raises:
        TfnotesError: It has another number of axes.
    """
    if len(ragged.shape) != 2:
        raise TfnotesError(f"show_ragged draws two axes, not {len(ragged.shape)}; take a part")
    values, splits = np.asarray(ragged.values), np.asarray(ragged.row_splits)
    rows = len(splits) - 1
    left, strip = 3.2, rows + 1.6
    axes = canvas(left + len(values) + 0.6, strip + 2.4)
    for row, (start, end) in enumerate(pairwise(splits)):
        color = row % COLORS
        axes.text(left - 0.3, row + 0.5, f"row {row}", ha="right", va="center", size=10.5)
        for place in range(start, end):
            label = label_of(values[place])
            draw_cell(axes, left + place - start, row, label, color, False)
            draw_cell(axes, left + place, strip, label, color, False)
    for name, height in (("values", strip + 0.5), ("row_splits", strip + 1.85)):
        axes.text(left - 0.3, height, name, ha="right", va="center", weight="bold", size=10.5)
    for split in np.unique(splits):
        axes.plot([left + split] * 2, [strip - 0.25, strip + 1.4], color=EDGE, linewidth=2)
        # An empty row is a split that comes twice.
        again = "  ".join([str(split)] * int(np.sum(splits == split)))
        axes.text(left + split, strip + 1.85, again, ha="center", va="center", size=11.5)
