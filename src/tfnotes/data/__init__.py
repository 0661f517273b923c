"""Data sets for the pages' code: the real ones where they can be had, otherwise a stand-in.

``data.mnist()`` looks into ``TFNOTES_DATA`` (a folder laid out like Keras' cache:
``datasets/mnist.npz``), into Keras' cache, into the downloads of TensorFlow Datasets, and then
asks the authors' server. Where all that fails it prints why and returns a stand-in: something
of the same kind that ships with a dependency or is generated, the same on every machine.
What it returned says so itself: ``.origin`` is ``"real"`` or ``"stand-in"``, ``.note`` tells
what it is, and ``data.card("mnist")`` has size, licence, source and checksum.

``TFNOTES_DATA_MODE`` chooses: ``auto`` (that), ``real`` (no network, no stand-in: an error
instead) or ``stand-in`` (nothing else, as in the tests). ``TFNOTES_OFFLINE=1`` keeps ``auto``
away from the network.
"""

from __future__ import annotations

from tfnotes.core.errors import TfnotesError
from tfnotes.data.cards import Card
from tfnotes.data.loading import card, load
from tfnotes.data.log import reset_used, used
from tfnotes.data.sets import (
    Arrays,
    DataSet,
    Pairs,
    Photos,
    Reviews,
    Samples,
    Table,
    Text,
    Waves,
)

__all__ = [
    "Arrays",
    "Card",
    "DataSet",
    "Pairs",
    "Photos",
    "Reviews",
    "Samples",
    "Table",
    "Text",
    "Waves",
    "air_passengers",
    "auto_mpg",
    "card",
    "cifar100",
    "cmn_eng",
    "fashion_mnist",
    "imdb",
    "iris",
    "mnist",
    "pets",
    "reset_used",
    "shakespeare",
    "speech_digits",
    "titanic",
    "used",
]


def mnist() -> Arrays:
    """Return handwritten digits: pictures (n, 28, 28) of bytes, labels 0 to 9."""
    return load(Arrays, "mnist", "pictures")


def fashion_mnist() -> Arrays:
    """Return pictures of clothes: (n, 28, 28) of bytes, labels 0 to 9."""
    return load(Arrays, "fashion_mnist", "pictures")


def cifar100(label_mode: str = "fine") -> Arrays:
    """Return small colour photographs: (n, 32, 32, 3) of bytes, labels (n, 1).

    Args:
        label_mode: ``"fine"`` for the 100 classes or ``"coarse"`` for their 20 groups.
    """
    if label_mode not in ("fine", "coarse"):
        raise TfnotesError(f"cifar100: label_mode is {label_mode!r}; use 'fine' or 'coarse'")
    return load(Arrays, "cifar100", "pictures", label_mode=label_mode)


def pets(size: int = 128) -> Photos:
    """Return photographs of cats and dogs, scaled to squares, with masks of the animals.

    Args:
        size: Width and height in pixels.
    """
    if not isinstance(size, int) or not 8 <= size <= 512:
        raise TfnotesError(f"pets: size is {size!r}; use a whole number from 8 to 512")
    return load(Photos, "pets", "pictures", size=size)


def iris() -> Samples:
    """Return the measures of 150 flowers (150, 4) and their species 0 to 2."""
    return load(Samples, "iris", "tables")


def auto_mpg() -> Table:
    """Return the table of 398 cars and their fuel consumption."""
    return load(Table, "auto_mpg", "tables")


def titanic() -> Table:
    """Return the table of the Titanic's passengers."""
    return load(Table, "titanic", "tables")


def air_passengers() -> Table:
    """Return the monthly numbers of airline passengers from 1949 to 1960."""
    return load(Table, "air_passengers", "tables")


def shakespeare() -> Text:
    """Return Tiny Shakespeare as one string."""
    return load(Text, "shakespeare", "language")


def imdb() -> Reviews:
    """Return film reviews as strings with the labels 0 (bad) and 1 (good)."""
    return load(Reviews, "imdb", "language")


def cmn_eng() -> Pairs:
    """Return English sentences and their Chinese translations."""
    return load(Pairs, "cmn_eng", "language")


def speech_digits() -> Waves:
    """Return spoken digits as sound waves."""
    return load(Waves, "speech_digits", "language")
