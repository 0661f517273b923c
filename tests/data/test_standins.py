"""Stand-ins: the same each time, and shaped like the real ones."""

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest

from tfnotes import data
from tfnotes.data.catalogue import CARDS

# name: fields that must have this shape behind the first axis and this dtype, as the real one has
ARRAYS = {
    "mnist": {"x_train": ((28, 28), "uint8"), "y_train": ((), "uint8")},
    "fashion_mnist": {"x_train": ((28, 28), "uint8"), "y_train": ((), "uint8")},
    "cifar100": {"x_train": ((32, 32, 3), "uint8"), "y_train": ((1,), "int64")},
    "iris": {"x": ((4,), "float32"), "y": ((), "int32")},
    "pets": {"x": ((128, 128, 3), "uint8"), "masks": ((128, 128), "uint8"), "y": ((), "int32")},
    "imdb": {"y_train": ((), "int64"), "y_test": ((), "int64")},
    "speech_digits": {"labels": ((), "int32")},
}


def same(a: object, b: object) -> bool:
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and a and isinstance(a[0], np.ndarray):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return a == b


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_standin_is_the_same_every_time(name: str) -> None:
    first, second = getattr(data, name)(), getattr(data, name)()
    assert first.origin == "stand-in"
    assert first.note == data.card(name).standin
    assert all(same(getattr(first, f.name), getattr(second, f.name)) for f in fields(first))


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_arrays_are_shaped_like_the_real_ones(name: str) -> None:
    ds = getattr(data, name)()
    for field, (shape, dtype) in ARRAYS[name].items():
        array = getattr(ds, field)
        assert (array.shape[1:], str(array.dtype)) == (shape, dtype)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar100"])
def test_every_class_is_there_to_learn_and_to_test(name: str) -> None:
    ds = getattr(data, name)()
    assert set(ds.y_train.ravel()) == set(ds.y_test.ravel()) == set(range(len(ds.classes)))
    assert ds.x_train.max() > 200 and ds.x_train.min() == 0


def test_coarse_labels_are_the_groups_of_the_fine_ones() -> None:
    fine, coarse = data.cifar100(), data.cifar100("coarse")
    assert np.array_equal(fine.x_train, coarse.x_train)
    apple = fine.classes.index("apple")
    groups = coarse.y_train[fine.y_train == apple]
    assert {coarse.classes[group] for group in groups} == {"fruit_and_vegetables"}


def test_tables_have_the_columns_and_gaps_of_the_real_ones() -> None:
    cars, people = data.auto_mpg().frame(), data.titanic().frame()
    assert cars.shape == (398, 9) and cars.horsepower.isna().sum() == 6
    assert people.shape == (891, 12) and people.Age.isna().sum() == 177
    assert people.groupby("Sex").Survived.mean().idxmax() == "female"
    assert data.air_passengers().columns["Passengers"].shape == (144,)


def test_a_table_becomes_a_csv_file(tmp_path) -> None:
    data.air_passengers().write_csv(tmp_path / "air.csv")
    lines = (tmp_path / "air.csv").read_text().splitlines()
    assert lines[0] == "Month,Passengers" and len(lines) == 145


def test_text_speech_and_pairs() -> None:
    text = data.shakespeare().text
    assert text.count(":\n") > 300 and len(set(text)) < 65
    pairs = data.cmn_eng()
    assert len(pairs.source) == len(pairs.target) == len(set(pairs.source)) == 1000
    speech = data.speech_digits()
    assert speech.rate == 8000 and all(wave.dtype == np.float32 for wave in speech.waves)
    assert max(abs(wave).max() for wave in speech.waves) <= 1


def test_what_was_used_is_remembered_once() -> None:
    data.iris(), data.iris(), data.mnist()
    assert [(entry["name"], entry["origin"]) for entry in data.used()] == [
        ("iris", "stand-in"),
        ("mnist", "stand-in"),
    ]
    data.reset_used()
    assert data.used() == []


def test_a_set_says_what_it_holds() -> None:
    text = repr(data.mnist())
    assert (
        text.startswith("mnist (stand-in)\n  the 1,797 digits")
        and "x_train     (1437, 28, 28) uint8" in text
    )


def test_importing_is_cheap() -> None:
    code = (
        "import sys, tfnotes.data; print([m for m in sys.modules if m.split('.')[0] in "
        "('numpy', 'tensorflow', 'keras', 'sklearn', 'pandas', 'matplotlib', 'PIL')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
