"""What the functions of ``tfnotes.data`` return: small containers of NumPy arrays and strings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd


def _describe(value: Any) -> str:
    """Say what a field holds, in a few words: arrays by shape and dtype, the rest by length."""
    if hasattr(value, "dtype"):
        return f"{value.shape} {value.dtype}"
    if isinstance(value, str):
        return f"{len(value):,} characters"
    if isinstance(value, list | tuple | dict):
        return f"{len(value):,} {'columns' if isinstance(value, dict) else 'items'}"
    return repr(value)


@dataclass(frozen=True, repr=False)
class DataSet:
    """What every data set has."""

    name: str
    """The name of the function that made it, such as ``"mnist"``."""
    origin: str
    """``"real"`` or ``"stand-in"``."""
    note: str
    """One line saying what exactly this is."""

    def __repr__(self) -> str:
        lines = [f"{self.name} ({self.origin})"]
        lines += wrap(self.note, 76, initial_indent="  ", subsequent_indent="  ")
        for field in fields(self):
            if field.name not in ("name", "origin", "note"):
                lines.append(f"  {field.name:<12}{_describe(getattr(self, field.name))}")
        return "\n".join(lines)


@dataclass(frozen=True, repr=False)
class Arrays(DataSet):
    """Pictures or rows with labels, split into a training and a test part."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...]
    """The name of each label, by its number."""


@dataclass(frozen=True, repr=False)
class Samples(DataSet):
    """Rows with labels that nobody has split yet."""

    x: np.ndarray
    y: np.ndarray
    features: tuple[str, ...]
    """The name of each column of ``x``."""
    classes: tuple[str, ...]
    """The name of each label, by its number."""


@dataclass(frozen=True, repr=False)
class Table(DataSet):
    """A table with named columns of different kinds."""

    columns: dict[str, np.ndarray]
    """Numbers as float64 or int64 (missing: NaN), words as strings (missing: ``""``)."""

    def frame(self) -> pd.DataFrame:
        """Return the table as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.columns)

    def write_csv(self, path: str | Path) -> None:
        """Write the table as a CSV file with a header, for pages that are about reading files."""
        self.frame().to_csv(path, index=False)


@dataclass(frozen=True, repr=False)
class Text(DataSet):
    """One long text."""

    text: str


@dataclass(frozen=True, repr=False)
class Reviews(DataSet):
    """Short texts with a label each, split into a training and a test part."""

    x_train: list[str]
    y_train: np.ndarray
    x_test: list[str]
    y_test: np.ndarray
    classes: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Pairs(DataSet):
    """Sentences and their translations."""

    source: list[str]
    target: list[str]
    attribution: list[str]
    """Who wrote each pair; the licence of the real one asks that it stays with the pair."""


@dataclass(frozen=True, repr=False)
class Waves(DataSet):
    """Sound recordings of different lengths."""

    waves: list[np.ndarray]
    """Each recording as float32 between -1 and 1."""
    labels: np.ndarray
    speakers: list[str]
    rate: int
    """Samples per second."""


@dataclass(frozen=True, repr=False)
class Photos(DataSet):
    """Photographs with a label and a mask each."""

    x: np.ndarray
    y: np.ndarray
    masks: np.ndarray
    """1 where the animal is, 0 elsewhere."""
    breeds: list[str]
    classes: tuple[str, ...]
