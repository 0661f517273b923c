"""Drawing for pages: tensors as cells, shapes, graphs, models, names, ragged rows, plots."""

from typing import TYPE_CHECKING as _TYPE_CHECKING

import tfnotes as _tfnotes

if not _TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """``from tfnotes.draw import cells`` says what to install where NumPy is missing."""
        return _tfnotes.__getattr__(f"draw.{name}")
