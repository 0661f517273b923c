"""Drawing that several pages need and that would be plumbing on each of them.

The functions draw into matplotlib's current state and return nothing, so that a notebook, which
shows open figures as well as the value of the last line, shows each picture once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfnotes.core.errors import TfnotesError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def show_images(
    images: Any, titles: Sequence[Any] | None = None, columns: int = 8, cell: float = 0.9
) -> None:
    """Draw pictures side by side, each under its title.

    Args:
        images: Pictures of one size: (n, height, width) in grey, (n, height, width, 3 or 1), or
            a list of them. Bytes are read as 0 to 255, floats as 0 to 1.
        titles: One for each picture.
        columns: Pictures in a row.
        cell: Width of a picture in inches.

    Raises:
        TfnotesError: There is no picture, or not one title for each.
    """
    import matplotlib.pyplot as plt
    import numpy as np

    pictures = [np.asarray(image) for image in images]
    if not pictures:
        raise TfnotesError("show_images: there is no picture to show")
    if titles is not None and len(titles) != len(pictures):
        raise TfnotesError(f"show_images: {len(titles)} titles for {len(pictures)} pictures")
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height = cell + (0.25 if titles is not None else 0)
    _, grid = plt.subplots(
        rows, columns, figsize=(columns * cell, rows * height), squeeze=False, layout="constrained"
    )
    for axes in grid.flat:
        axes.set_axis_off()
    for i, (axes, picture) in enumerate(zip(grid.flat, pictures, strict=False)):
        if picture.ndim == 3 and picture.shape[-1] == 1:
            picture = picture[..., 0]
        if picture.ndim not in (2, 3):
            raise TfnotesError(
                f"show_images: picture {i} has the shape {picture.shape}; "
                "a picture is (height, width) or (height, width, channels)"
            )
        top = 255 if picture.dtype == np.uint8 else 1
        axes.imshow(picture, cmap="gray", vmin=0, vmax=top, interpolation="nearest")
        if titles is not None:
            axes.set_title(str(titles[i]), fontsize=9)


def show_probabilities(
    probabilities: Any, labels: Sequence[Any], truth: int | None = None, axes: Axes | None = None
) -> None:
    """Draw one probability a class as bars, the most probable one in its own colour.

    Args:
        probabilities: One number for each class.
        labels: The classes' names.
        truth: The right class; its name is put in brackets.
        axes: Where to draw; the current axes if not given.

    Raises:
        TfnotesError: There is not one label for each probability.
    """
    import matplotlib.pyplot as plt
    import numpy as np

    values = np.asarray(probabilities, dtype=float).reshape(-1)
    if len(values) != len(labels):
        raise TfnotesError(f"show_probabilities: {len(labels)} labels for {len(values)} numbers")
    axes = axes or plt.gca()
    best = int(values.argmax())
    axes.bar(
        range(len(values)), values, color=["C1" if i == best else "C0" for i in range(len(values))]
    )
    names = [str(label) for label in labels]
    if truth is not None:
        names[truth] = f"[{names[truth]}]"
    axes.set_xticks(range(len(values)), names)
    axes.set_ylim(0, 1)
    axes.set_ylabel("probability")


def show_history(history: Mapping[str, Sequence[float]], names: Sequence[str]) -> None:
    """Draw what ``fit`` recorded: one panel a name, with its ``val_`` twin where there is one.

    Args:
        history: The ``history`` of what ``fit`` returned.
        names: Which of its entries, such as ``["loss", "accuracy"]``.

    Raises:
        TfnotesError: An entry is not in the history.
    """
    import matplotlib.pyplot as plt

    if missing := [name for name in names if name not in history]:
        raise TfnotesError(
            f"show_history: no {', '.join(missing)} in the history; it has {', '.join(history)}"
        )
    width = 3.2 * len(names)
    _, grid = plt.subplots(1, len(names), figsize=(width, 2.6), squeeze=False, layout="constrained")
    for axes, name in zip(grid.flat, names, strict=True):
        for key, label in ((name, "training"), (f"val_{name}", "validation")):
            if key in history:
                axes.plot(range(1, len(history[key]) + 1), history[key], marker=".", label=label)
        axes.set_xlabel("epoch")
        axes.set_title(name)
        axes.legend()
