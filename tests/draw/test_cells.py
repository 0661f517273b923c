from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import PathPatch, Rectangle

from tfnotes.draw.cells import show_broadcast, show_cells, show_reduce, show_selection
from tfnotes.draw.shapes import show_shapes


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


def cells() -> list[Rectangle]:
    return [patch for patch in plt.gca().patches if isinstance(patch, Rectangle)]


def texts() -> list[str]:
    return [text.get_text() for text in plt.gca().texts]


def filled() -> list[bool]:
    return [patch.get_facecolor()[3] > 0 for patch in cells()]


def test_every_number_has_a_cell_and_every_array_its_title() -> None:
    show_cells({"x": [[1, 2], [3, 4]], "y": [5.5, 6.0]}, joins="+")
    assert len(cells()) == 6
    assert texts() == ["x", "1", "2", "3", "4", "y", "5.5", "6", "+"]


def test_a_block_is_drawn_as_planes_and_a_number_as_one_cell() -> None:
    show_cells({"block": np.arange(12).reshape(2, 2, 3), "number": 7})
    assert len(cells()) == 13
    left = {round(cell.get_x(), 1) for cell in cells()[:12]}
    assert len(left) == 6


def test_arrays_that_do_not_fit_start_a_new_row() -> None:
    show_cells({"a": range(10), "b": range(10)}, wrap=12)
    assert {cell.get_y() for cell in cells()} == {1.0, 3.4}


def test_titles_do_not_run_into_each_other() -> None:
    show_cells({"a title of one cell": [0], "and its neighbour": [1]})
    first, second = cells()
    assert second.get_x() - first.get_x() > 4


def test_booleans_fit_into_cells() -> None:
    show_cells({"mask": [True, False]})
    assert texts() == ["mask", "T", "F"]


def test_selection_fills_what_was_picked_and_nothing_else() -> None:
    x = np.arange(6).reshape(2, 3)
    show_selection(x, {"x[1]": x[1], "x[:, ::2]": x[:, ::2]})
    assert filled() == [False] * 3 + [True] * 3 + [True, False, True] * 2


def test_selection_needs_values_that_say_where_they_came_from() -> None:
    with pytest.raises(ValueError, match="all differ"):
        show_selection([1, 1], {"x[0]": 1})


def test_broadcast_fills_own_cells_and_dashes_copies() -> None:
    show_broadcast([[0], [10]], [1, 2, 3])
    assert filled() == [True, False, False] * 2 + [True] * 3 + [False] * 3 + [True] * 6
    assert texts()[-2:] == ["13", "="]


def test_broadcast_of_equal_shapes_draws_three_arrays() -> None:
    show_broadcast([1, 2], [3, 4], sign="*")
    assert len(cells()) == 6
    assert "8" in texts()


def test_reduce_shows_both_results_beside_the_table() -> None:
    show_reduce([[1, 2, 3], [4, 5, 6]])
    assert len(cells()) == 6 + 3 + 2
    assert texts()[6:11] == ["5", "7", "9", "6", "15"]
    assert texts()[11:] == ["(2, 3)", "axis=0\n(3,)", "axis=1\n(2,)"]


@pytest.mark.parametrize(
    ("shape", "faces"), [((), 1), ((4,), 1), ((3, 4), 1), ((2, 3, 4), 3), ((3, 2, 3, 4), 9)]
)
def test_a_shape_is_drawn_with_as_many_blocks_as_it_has(shape: tuple[int, ...], faces: int) -> None:
    show_shapes({"name": shape})
    assert len([p for p in plt.gca().patches if isinstance(p, PathPatch)]) == faces
    assert texts() == [f"name\n{shape}"]
