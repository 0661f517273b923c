"""The doctor beside ``tf_upgrade_v2`` on old programs of our own.

What is asserted is what a page says of the two; the whole table is printed (``pytest -s``).
"""

import importlib.util
from pathlib import Path

import pytest

from tfnotes.doctor.upgrade import as_data, compare, first_error, table

PROGRAMS = Path(__file__).with_name("programs")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("tensorflow") is None, reason="TensorFlow is not here"
    ),
]


@pytest.fixture(scope="module")
def compared():
    found = {}
    for path in sorted(PROGRAMS.glob("*.py")):
        places, converted = compare(path.read_text(encoding="utf-8"), path.name)
        print(table(places))
        found[path.stem] = (places, converted)
    return found


def rows(places, *treatments):
    return {one.row for one in places if one.converter in treatments}


def test_keras_2_is_not_the_converters_business(compared):
    """Every break of Keras 3 is left as it is; about saving, its advice is itself out of date."""
    places, converted = compared["fit_generator"]
    silent = rows(places, "silent")
    assert {"fit-generator", "optimizer-lr", "predict-classes", "evaluate-generator"} <= silent
    assert converted.text == (PROGRAMS / "fit_generator.py").read_text(encoding="utf-8")
    assert rows(places, "rewritten", "compat.v1") == set()
    said = [message for _, _, message in converted.log]
    assert len(said) == 1
    assert "add the argument save_format='h5'" in said[0]


def test_contrib_is_told_of_where_it_is_spelt_out(compared):
    places, converted = compared["seq2seq"]
    contrib = [one for one in places if "contrib" in one.code]
    assert {one.converter for one in contrib if "import" in one.code} == {"silent"}
    assert {one.converter for one in contrib if one.code.startswith("tf.contrib.seq2seq")} == {
        "told"
    }
    assert "from tensorflow.contrib import rnn" in converted.text


def test_names_that_moved_are_what_the_converter_is_for(compared):
    places, _ = compared["eager"]
    rewritten = [one for one in places if one.converter in ("rewritten", "compat.v1")]
    assert len(rewritten) >= 14
    # The type of an expression is nothing that it looks at.
    assert rows(places, "silent") == {"dimension-value"}


def test_placeholders_are_renamed_and_fail_all_the_same(compared):
    places, converted = compared["mnist_mlp"]
    assert {"placeholder", "session", "train-saver"} <= rows(places, "compat.v1")
    # tf.compat.v1.layers went to Keras 2: this TensorFlow's converter no longer knows tf.layers.
    assert "tf-layers" in rows(places, "silent")
    assert "tf.compat.v1.placeholder" in converted.text


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("eager", "AttributeError: 'int' object has no attribute 'value'"),
        ("fit_generator", "ValueError: Argument(s) not recognized: {'lr': 0.01}"),
        ("mnist_mlp", "RuntimeError: tf.placeholder() is not compatible with eager execution."),
        ("seq2seq", "ModuleNotFoundError: No module named 'tensorflow.contrib'"),
    ],
)
def test_what_the_converter_wrote_fails(compared, program, error):
    assert first_error(compared[program][1].text) == error


def test_where_only_the_converter_speaks(compared):
    """It warns of what may have changed; that is no failure, and no row of the ledger."""
    only = {
        one.code.split(" ")[0] for places, _ in compared.values() for one in places if not one.row
    }
    assert only <= {"Changing", "*.save", "tf.nn.embedding_lookup"}


def test_the_table_is_there_as_data(compared):
    for places, _ in compared.values():
        data = as_data(places)
        assert data["doctor"] == sum(data["converter"].values()) > 10
        assert data["doctor"] + data["only_converter"] == len(data["places"])
