"""Whether the sizes are those of a test or those of a capture."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def is_small() -> bool:
    """Whether only the code is tested: the tests set ``TFNOTES_SIZE=small``."""
    return os.environ.get("TFNOTES_SIZE") == "small"


def is_quick() -> bool:
    """Whether a capture only needs the names of a block: full sizes, hardly a repetition."""
    return os.environ.get("TFNOTES_SIZE") == "quick"


def sizes(*, full: Iterable[T], small: Iterable[T]) -> list[T]:
    """The sizes to measure.

    Args:
        full: For a capture, and for you.
        small: For the tests, which only make sure that the code still runs.
    """
    return list(small if is_small() else full)
