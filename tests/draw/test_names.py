from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Annotation

from tfnotes.draw.names import kind, show_names


class Place:
    """What the drawing needs to know of a variable: it can be assigned to, and it can be read."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers

    def assign(self, numbers: list[int]) -> None:
        self.numbers = numbers

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return np.asarray(self.numbers)


class Value:
    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return np.asarray([4, 5])


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


def texts() -> list[str]:
    return [
        text.get_text()
        for text in plt.gca().texts
        if not isinstance(text, Annotation) and text.get_text()
    ]


def ends() -> list[float]:
    return [text.xy[1] for text in plt.gca().texts if isinstance(text, Annotation)]


def test_two_names_of_one_object_point_at_one_box():
    place = Place([1, 2])
    show_names({"v": place, "alias": place})
    assert texts() == ["v", "alias", "variable", "[1, 2]"]
    assert ends()[0] == ends()[1]


def test_equal_objects_are_still_two():
    show_names({"a": Place([1]), "b": Place([1])})
    assert texts().count("variable") == 2
    assert ends()[0] < ends()[1]


def test_an_object_stands_beside_the_first_of_its_names():
    place = Place([1])
    show_names({"v": place, "alias": place, "array": np.array([2])})
    assert ends() == pytest.approx([0.21, 0.21, 1.05])


def test_kinds():
    assert [kind(Place([1])), kind(Value()), kind(np.zeros(2))] == ["variable", "tensor", "array"]
