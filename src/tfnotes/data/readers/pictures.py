"""Reading the picture sets as Keras' own loaders do."""

from __future__ import annotations

import gzip
import io
import pickle
import tarfile
from pathlib import Path
from typing import Any

import numpy as np

from tfnotes.core.errors import TfnotesError
from tfnotes.data import names

Paths = dict[str, Path]


def mnist(paths: Paths) -> dict[str, Any]:
    """Read ``mnist.npz``."""
    with np.load(paths["mnist.npz"], allow_pickle=False) as file:
        parts = {key: file[key] for key in ("x_train", "y_train", "x_test", "y_test")}
    return {**parts, "classes": names.DIGITS}


def _idx(path: Path) -> np.ndarray:
    """Read the format of LeCun's files: the number of axes, their lengths, the bytes."""
    with gzip.open(path, "rb") as stream:
        content = stream.read()
    axes = content[3]
    shape = np.frombuffer(content, ">u4", axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape.astype(int))


def fashion_mnist(paths: Paths) -> dict[str, Any]:
    """Read Fashion-MNIST's four files."""
    return {
        "x_train": _idx(paths["train-images-idx3-ubyte.gz"]),
        "y_train": _idx(paths["train-labels-idx1-ubyte.gz"]),
        "x_test": _idx(paths["t10k-images-idx3-ubyte.gz"]),
        "y_test": _idx(paths["t10k-labels-idx1-ubyte.gz"]),
        "classes": names.CLOTHES,
    }


class _ArraysOnly(pickle.Unpickler):
    """Unpickles NumPy arrays and nothing that could run code."""

    allowed = ("_reconstruct", "ndarray", "dtype", "encode")

    def find_class(self, module: str, name: str) -> Any:
        if name in self.allowed and module.split(".")[0] in ("numpy", "_codecs"):
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a data set")


def _batch(archive: tarfile.TarFile, part: str, labels: str) -> tuple[np.ndarray, np.ndarray]:
    member = archive.extractfile(f"cifar-100-python/{part}")
    assert member is not None
    content = _ArraysOnly(io.BytesIO(member.read()), encoding="bytes").load()
    pictures = content[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return pictures, np.reshape(content[f"{labels}_labels".encode()], (-1, 1))


def cifar100(paths: Paths, label_mode: str) -> dict[str, Any]:
    """Read CIFAR-100's archive with its fine or coarse labels."""
    path = paths["cifar-100-python.tar.gz"]
    try:
        with tarfile.open(path) as archive:
            x_train, y_train = _batch(archive, "train", label_mode)
            x_test, y_test = _batch(archive, "test", label_mode)
    except (KeyError, tarfile.TarError, pickle.UnpicklingError) as error:
        raise TfnotesError(f"{path}: not CIFAR-100's archive ({error}); delete it") from error
    classes = names.CIFAR_FINE if label_mode == "fine" else names.CIFAR_COARSE
    return {
        "x_train": x_train,
        "y_train": y_train,
        "x_test": x_test,
        "y_test": y_test,
        "classes": classes,
    }


def _square(picture: Any, size: int, resample: Any) -> np.ndarray:
    """Scale a picture to a square, as ``tf.image.resize`` does: the proportions are lost."""
    return np.asarray(picture.resize((size, size), resample), np.uint8)


def pets(paths: Paths, size: int) -> dict[str, Any]:
    """Read the pets from the official archives or from the sample."""
    from PIL import Image

    official = "images.tar.gz" in paths
    first = paths["images.tar.gz" if official else "oxford_pets_sample.tar.gz"]
    masks: dict[str, np.ndarray] = {}
    pictures: dict[str, np.ndarray] = {}
    for path in paths.values() if official else (first,):
        with tarfile.open(path) as archive:
            for member in archive:
                stem, suffix = Path(member.name).stem, Path(member.name).suffix
                if suffix not in (".jpg", ".png") or stem.startswith("."):
                    continue
                file = archive.extractfile(member)
                assert file is not None
                picture = Image.open(file)
                if suffix == ".jpg":
                    pictures[stem] = _square(
                        picture.convert("RGB"), size, Image.Resampling.BILINEAR
                    )
                else:  # a trimap or a mask: 1 is the animal in both
                    mask = _square(picture, size, Image.Resampling.NEAREST)
                    masks[stem] = (mask == 1).astype(np.uint8)
    stems = sorted(stem for stem in pictures if stem in masks)
    if not stems:
        raise TfnotesError(f"{first}: holds no photograph with a mask; delete it")
    return {
        "x": np.stack([pictures[stem] for stem in stems]),
        "y": np.array([int(stem[0].islower()) for stem in stems], np.int32),  # cats: capitals
        "masks": np.stack([masks[stem] for stem in stems]),
        "breeds": [stem.rsplit("_", 1)[0] for stem in stems],
        "classes": ("cat", "dog"),
    }
