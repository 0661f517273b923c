"""Stand-ins for the picture sets."""

from __future__ import annotations

from typing import Any

import numpy as np

from tfnotes.core.errors import TfnotesError
from tfnotes.data import names
from tfnotes.data.standins import drawing


def mnist() -> dict[str, Any]:
    """Enlarge scikit-learn's digits: 8 x 8 in sixteen greys to 20 x 20, in MNIST's frame."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise TfnotesError(
            "the stand-in for MNIST needs scikit-learn; install scikit-learn"
        ) from error
    digits = load_digits()
    pictures = drawing.enlarge(digits.images / 16, 20)
    pictures = np.pad(pictures, ((0, 0), (4, 4), (4, 4)))
    return _split(np.round(pictures * 255).astype(np.uint8), digits.target, 1437, names.DIGITS)


def _split(x: np.ndarray, y: np.ndarray, train: int, classes: tuple[str, ...]) -> dict[str, Any]:
    y = y.astype(np.uint8)
    return {
        "x_train": x[:train],
        "y_train": y[:train],
        "x_test": x[train:],
        "y_test": y[train:],
        "classes": classes,
    }


def fashion_mnist() -> dict[str, Any]:
    """Draw clothes, each a little different, in a shuffled order."""
    rng = np.random.default_rng(1)
    labels = rng.permutation(np.arange(1500) % 10)
    pictures = [drawing.garment(int(label), rng) for label in labels]
    return _split(np.stack(pictures), labels, 1200, names.CLOTHES)


def _pattern(fine: int, rng: np.random.Generator) -> np.ndarray:
    """Draw 32 x 32 stripes: the colour is the group's, angle and width are the class's."""
    group = names.CIFAR_GROUP_OF[fine]
    place = names.CIFAR_GROUPS[names.CIFAR_COARSE[group]].split().index(names.CIFAR_FINE[fine])
    hue = 2 * np.pi * group / 20
    colour = 0.5 + 0.3 * np.cos(hue + np.array([0.0, 2.1, 4.2]))
    y, x = np.mgrid[:32, :32] / 32
    angle = np.pi * place / 5 + rng.normal(0, 0.05)
    phase, width = rng.uniform(0, 2 * np.pi), 3 + group % 4 + rng.normal(0, 0.2)
    stripes = np.sin(2 * np.pi * width * (x * np.cos(angle) + y * np.sin(angle)) + phase)
    picture = colour + 0.2 * stripes[..., None] + rng.normal(0, 0.08, (32, 32, 3))
    return drawing.to_bytes(picture)


def cifar100(label_mode: str) -> dict[str, Any]:
    """Draw patterns in the colours of their group."""
    rng = np.random.default_rng(2)
    fine = np.concatenate([rng.permutation(np.arange(n) % 100) for n in (2000, 500)])
    pictures = np.stack([_pattern(int(label), rng) for label in fine])
    labels = fine if label_mode == "fine" else np.array(names.CIFAR_GROUP_OF)[fine]
    labels = labels.astype(np.int64).reshape(-1, 1)
    return {
        "x_train": pictures[:2000],
        "y_train": labels[:2000],
        "x_test": pictures[2000:],
        "y_test": labels[2000:],
        "classes": names.CIFAR_FINE if label_mode == "fine" else names.CIFAR_COARSE,
    }


def pets(size: int) -> dict[str, Any]:
    """Draw heads on a coloured ground: pointed ears make a cat, hanging ears a dog."""
    rng = np.random.default_rng(3)
    labels = rng.permutation(np.arange(200) % 2).astype(np.int32)
    heads = [drawing.head(bool(label), size, rng) for label in labels]
    return {
        "x": np.stack([picture for picture, _ in heads]),
        "y": labels,
        "masks": np.stack([mask for _, mask in heads]),
        "breeds": ["drawn_dog" if label else "Drawn_cat" for label in labels],
        "classes": ("cat", "dog"),
    }
