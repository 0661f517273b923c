"""The real files, where ``TFNOTES_DATA`` names a folder with them, and small ones in their formats."""

import io
import os
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from tfnotes import data
from tfnotes.core.errors import TfnotesError
from tfnotes.data.readers import pictures

SHARED = Path(os.environ.get("TFNOTES_DATA") or Path(__file__).parents[3] / "shared" / "data")
"""Read before any test changes the variable; ``shared/data`` beside the checkout without it."""
needs_files = pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the real data sets: set TFNOTES_DATA to a folder with them"
)


@pytest.fixture
def real(monkeypatch) -> None:
    monkeypatch.setenv("TFNOTES_DATA", str(SHARED))
    monkeypatch.setenv("TFNOTES_DATA_MODE", "real")


@needs_files
@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    ("name", "train", "shape"), [("mnist", 60000, (28, 28)), ("fashion_mnist", 60000, (28, 28))]
)
def test_pictures(name: str, train: int, shape: tuple[int, ...]) -> None:
    ds = getattr(data, name)()
    assert ds.origin == "real" and data.used()[0]["origin"] == "real"
    assert ds.x_train.shape == (train, *shape) and ds.x_test.shape == (10000, *shape)
    assert ds.x_train.dtype == ds.y_train.dtype == np.uint8
    assert np.bincount(ds.y_test).tolist() == (
        [1000] * 10
        if name == "fashion_mnist"
        else [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    )


@needs_files
@pytest.mark.usefixtures("real")
def test_tables() -> None:
    assert data.iris().x.mean(axis=0) == pytest.approx([5.843, 3.054, 3.759, 1.199], abs=1e-3)
    cars = data.auto_mpg().frame()
    assert cars.horsepower.mean() == pytest.approx(104.469388) and cars.mpg.dtype == float
    people = data.titanic().frame()
    assert people.Survived.mean() == pytest.approx(0.383838, abs=1e-6)
    assert people.Age.isna().sum() == 177 and people.Name[0] == "Braund, Mr. Owen Harris"
    assert data.air_passengers().columns["Passengers"].sum() == 40363


@needs_files
@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("name", ["auto_mpg", "titanic", "air_passengers"])
def test_standin_columns_have_the_real_ones_kinds(name: str, monkeypatch) -> None:
    real = getattr(data, name)().columns
    monkeypatch.setenv("TFNOTES_DATA_MODE", "stand-in")
    standin = getattr(data, name)().columns
    assert [(key, column.dtype.kind) for key, column in real.items()] == [
        (key, column.dtype.kind) for key, column in standin.items()
    ]


@needs_files
@pytest.mark.usefixtures("real")
def test_language_and_photographs() -> None:
    text = data.shakespeare().text
    assert len(text) == 1115394 and len(set(text)) == 65
    pairs = data.cmn_eng()
    assert (pairs.source[0], pairs.target[0], len(pairs.source)) == ("Hi.", "嗨。", 24026)
    speech = data.speech_digits()
    assert len(speech.waves) == 600 and len(set(speech.speakers)) == 6 and speech.rate == 8000
    pets = data.pets(64)
    assert pets.x.shape == (370, 64, 64, 3) and np.bincount(pets.y).tolist() == [120, 250]
    assert 0.05 < pets.masks.mean() < 0.6


@needs_files
@pytest.mark.usefixtures("real")
def test_reviews() -> None:
    ds = data.imdb()
    assert len(ds.x_train) == len(ds.y_train) == len(ds.x_test) == 24996
    assert ds.y_train.mean() == pytest.approx(0.5, abs=1e-3)


def tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def test_cifar_is_read_from_its_archive(tmp_path) -> None:
    rng = np.random.default_rng(0)
    batch = {
        b"data": rng.integers(0, 255, (4, 3072), dtype=np.uint8),
        b"fine_labels": [0, 99, 1, 2],
        b"coarse_labels": [4, 18, 1, 14],
    }
    content = pickle.dumps(batch, protocol=2)
    path = tar(
        tmp_path / "c.tar.gz",
        {"cifar-100-python/train": content, "cifar-100-python/test": content},
    )
    fields = pictures.cifar100({"cifar-100-python.tar.gz": path}, "coarse")
    assert fields["x_train"].shape == (4, 32, 32, 3)
    assert fields["y_test"].tolist() == [[4], [18], [1], [14]]
    assert fields["y_test"].dtype == np.int64
    assert (fields["x_train"][0, 0, :, 2] == batch[b"data"][0, 2048:2080]).all()


def test_a_pickle_that_would_run_code_is_refused(tmp_path) -> None:
    class Evil:
        def __reduce__(self):
            return (print, ("owned",))

    content = pickle.dumps(Evil())
    path = tar(tmp_path / "c.tar.gz", {"cifar-100-python/train": content})
    with pytest.raises(TfnotesError, match="has no place in a data set"):
        pictures.cifar100({"cifar-100-python.tar.gz": path}, "fine")


def test_the_official_pet_archives_are_read(tmp_path) -> None:
    from PIL import Image

    def encoded(array: np.ndarray, kind: str) -> bytes:
        stream = io.BytesIO()
        Image.fromarray(array).save(stream, kind)
        return stream.getvalue()

    photo = encoded(np.full((30, 40, 3), 120, np.uint8), "JPEG")
    trimap = np.full((30, 40), 2, np.uint8)
    trimap[10:20] = 1
    images = {f"images/{n}.jpg": photo for n in ("Abyssinian_1", "beagle_2", "beagle_3")}
    masks = {
        f"annotations/trimaps/{n}.png": encoded(trimap, "PNG") for n in ("Abyssinian_1", "beagle_2")
    }
    masks["annotations/trimaps/._beagle_2.png"] = b"a file that a Mac left behind"
    paths = {
        "images.tar.gz": tar(tmp_path / "i.tar.gz", images),
        "annotations.tar.gz": tar(tmp_path / "a.tar.gz", masks),
    }
    fields = pictures.pets(paths, 24)
    assert fields["x"].shape == (2, 24, 24, 3) and fields["y"].tolist() == [0, 1]
    assert fields["masks"].mean() == pytest.approx(1 / 3, abs=0.05)
    assert fields["breeds"] == ["Abyssinian", "beagle"]
