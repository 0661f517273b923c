"""The drawing of a ragged tensor: every value twice, a split for each boundary."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tfnotes.core.errors import TfnotesError
from tfnotes.draw.ragged import show_ragged


@dataclass
class Ragged:
    """What the drawing needs of a tf.RaggedTensor."""

    shape: tuple
    values: np.ndarray
    row_splits: np.ndarray


def test_values_stand_in_rows_and_end_to_end_and_an_empty_row_splits_twice() -> None:
    show_ragged(Ragged((4, None), np.array([3, 1, 4, 1, 5, 9]), np.array([0, 3, 4, 4, 6])))
    texts = [text.get_text() for text in plt.gca().texts]
    plt.close("all")

    assert texts.count("9") == 2
    assert [text for text in texts if text.startswith("row ")] == [f"row {i}" for i in range(4)]
    assert texts[-4:] == ["0", "3", "4  4", "6"]


def test_three_axes_are_refused() -> None:
    with pytest.raises(TfnotesError, match="two axes, not 3"):
        show_ragged(Ragged((1, None, 2), np.zeros(2), np.array([0, 1])))
