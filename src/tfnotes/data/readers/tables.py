"""Reading the tables."""

from __future__ import annotations

import csv
import shlex
from pathlib import Path
from typing import Any

import numpy as np

from tfnotes.core.errors import TfnotesError
from tfnotes.data import names

Paths = dict[str, Path]


def as_columns(rows: list[list[str]], header: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Turn rows of text into columns: whole numbers, numbers with gaps as NaN, or strings."""
    columns = {}
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        try:
            numbers = [float(cell) if cell not in ("", "?") else np.nan for cell in cells]
        except ValueError:
            columns[name] = np.array(cells, str)
            continue
        whole = all(cell.lstrip("-").isdigit() for cell in cells)
        columns[name] = np.array(numbers, np.int64 if whole else np.float64)
    return columns


def _rows(path: Path, width: int, count: int) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row]
    return _checked(path, rows, width, count)


def _checked(path: Path, rows: list[list[str]], width: int, count: int) -> list[list[str]]:
    if len(rows) != count or any(len(row) != width for row in rows):
        raise TfnotesError(f"{path}: expected {count} rows of {width} cells; delete or replace it")
    return rows


def iris(paths: Paths) -> dict[str, Any]:
    """Read Iris from UCI's file or from a CSV file with a header."""
    path = next(iter(paths.values()))
    header = path.suffix == ".csv"
    rows = _rows(path, 5, 151 if header else 150)[header:]
    species = [row[4].removeprefix("Iris-") for row in rows]
    return {
        "x": np.array([row[:4] for row in rows], np.float32),
        "y": np.array([names.IRIS.index(name) for name in species], np.int32),
        "features": names.IRIS_FEATURES,
        "classes": names.IRIS,
    }


def auto_mpg(paths: Paths) -> dict[str, Any]:
    """Read UCI's ``auto-mpg.data``: cells between blanks, the car's name in quotes."""
    path = paths["auto-mpg.data"]
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = _checked(path, [shlex.split(line) for line in lines if line.strip()], 9, 398)
    return {"columns": as_columns(rows, names.AUTO_MPG)}


def titanic(paths: Paths) -> dict[str, Any]:
    """Read Kaggle's ``train.csv``."""
    rows = _rows(paths["titanic_train.csv"], 12, 892)
    return {"columns": as_columns(rows[1:], names.TITANIC)}


def air_passengers(paths: Paths) -> dict[str, Any]:
    """Read the monthly series."""
    rows = _rows(paths["AirPassengers.csv"], 2, 145)
    return {"columns": as_columns(rows[1:], names.AIR_PASSENGERS)}
