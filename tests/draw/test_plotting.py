"""Drawing helpers: what they draw, and clear words where they cannot."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from tfnotes.core.errors import TfnotesError
from tfnotes.draw import plotting


@pytest.fixture(autouse=True)
def closed():
    plt.switch_backend("Agg")
    yield
    plt.close("all")


def test_pictures_are_laid_out_in_rows_with_titles() -> None:
    plotting.show_images(np.zeros((5, 8, 8), np.uint8), titles=range(5), columns=3)
    figure = plt.gcf()
    assert len(figure.axes) == 6
    assert [axes.get_title() for axes in figure.axes] == ["0", "1", "2", "3", "4", ""]


def test_bytes_and_floats_have_their_own_range_and_one_channel_is_grey() -> None:
    plotting.show_images(np.zeros((1, 4, 4, 1), np.uint8))
    grey = plt.gcf().axes[0].images[0]
    assert grey.get_clim() == (0, 255) and grey.get_array().shape == (4, 4)
    plotting.show_images([np.zeros((4, 4))])
    assert plt.gcf().axes[0].images[0].get_clim() == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "no picture"),
        ((np.zeros((2, 4, 4)), ["one"]), "1 titles for 2 pictures"),
        ((np.zeros((2, 4)),), r"picture 0 has the shape \(4,\)"),
    ],
)
def test_what_cannot_be_shown_is_said(arguments, message: str) -> None:
    with pytest.raises(TfnotesError, match=message):
        plotting.show_images(*arguments)


def test_probabilities_mark_the_best_and_the_truth() -> None:
    plotting.show_probabilities([0.1, 0.7, 0.2], "abc", truth=2)
    axes = plt.gca()
    colours = [bar.get_facecolor() for bar in axes.patches]
    assert colours[0] == colours[2] != colours[1]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "[c]"]
    with pytest.raises(TfnotesError, match="2 labels for 3 numbers"):
        plotting.show_probabilities([0.1, 0.7, 0.2], "ab")


def test_history_draws_training_and_validation() -> None:
    history = {"loss": [2, 1], "val_loss": [3, 2], "accuracy": [0.1, 0.2]}
    plotting.show_history(history, ["loss", "accuracy"])
    figure = plt.gcf()
    assert [len(axes.lines) for axes in figure.axes] == [2, 1]
    with pytest.raises(TfnotesError, match="no acc in the history; it has loss"):
        plotting.show_history(history, ["acc"])
