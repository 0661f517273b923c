"""Cures: each is held against its row's old code by a run, and against forms that rows lack."""

import ast
import json
import subprocess
import sys
import textwrap

import pytest

from tfnotes.doctor.command import main
from tfnotes.doctor.fix.cures import load_cures, parse_call, spell_out
from tfnotes.doctor.fix.files import diff, fix_code, fix_notebook
from tfnotes.ledger import execute
from tfnotes.ledger.outcomes import PINNED, equal_values, load_outcomes, read_outcome
from tfnotes.ledger.rows import load_rows

MARK = "# the program\n"
NOT_WHOLE = {
    "keras-layers-advanced-activations": "its old code asks the layer for .alpha as well",
}
"""Rows whose cure is right, but does not make their old code run."""
WARNS = {"tf-div"} | {
    row for row, cures in load_cures().items() if any(cure.legacy for cure in cures)
}
"""Rows that are kept under compat.v1, which says of each that it is deprecated."""
ONLY_SOMETIMES = {"model-checkpoint-period": "only period=1 says nothing"}
"""Rows whose old code is a case that the cure leaves."""

CURED = [row for row in load_rows() if row.id in load_cures() and row.id not in ONLY_SOMETIMES]


def fixed(code: str, unsafe: bool = False) -> str:
    """A program with cures in it."""
    done = fix_code("program.py", textwrap.dedent(code).encode(), unsafe)
    assert done.problem == ""
    return done.after.decode()


@pytest.fixture(scope="module")
def cured(tmp_path_factory):
    """The outcome of each row's old code after its cure."""
    programs = []
    for row in CURED:
        code = fixed(execute.PREAMBLE + row.setup + MARK + row.old, unsafe=True)
        setup, _, body = code.partition(MARK)
        # Keras 2 is chosen before TensorFlow is imported.
        fresh = row.fresh or bool(row.environment) or "TF_USE_LEGACY_KERAS" in setup
        programs.append(
            {"id": row.id, "setup": setup, "code": body, "fresh": fresh,
             "environment": row.environment}
        )  # fmt: skip
    folder = tmp_path_factory.mktemp("cured")
    (folder / "programs.json").write_text(json.dumps(programs))
    arguments = [str(folder / "programs.json"), str(folder / "outcomes.json")]
    subprocess.run(
        [sys.executable, execute.__file__, *arguments], check=True, stderr=subprocess.DEVNULL
    )
    raw = json.loads((folder / "outcomes.json").read_text())
    return {
        id_: read_outcome(one, {"digest": ""}, raw["prefix"])
        for id_, one in raw["outcomes"].items()
    }


@pytest.mark.parametrize("row", CURED, ids=lambda r: r.id)
def test_a_cured_row_runs_in_silence_and_gives_the_replacements_value(row, cured):
    if row.id in NOT_WHOLE:
        assert cured[row.id].result == "raises", "it runs now: take it off NOT_WHOLE"
        return
    outcome = cured[row.id]
    assert outcome.result == "ok", outcome.said
    if row.id in WARNS:
        assert "deprecated" in outcome.said, "it is silent now: take it off WARNS"
    else:
        assert outcome.said == ""
    new = load_outcomes().of(row, "new").get(PINNED)
    compared = row.same or row.outcome == "different"
    if compared and new is not None and None not in (new.value, outcome.value):
        assert equal_values(outcome.value, new.value)


def test_every_cure_has_its_row_and_changes_its_old_code():
    assert set(load_cures()) <= {row.id for row in load_rows()}
    for row in CURED:
        code = execute.PREAMBLE + row.setup + row.old
        assert fixed(code, unsafe=True) != code, row.id
    checkpoint = "import keras\nkeras.callbacks.ModelCheckpoint('a.keras', period={})\n"
    assert fixed(checkpoint.format(1)) == checkpoint.format(1).replace(", period=1", "")
    assert fixed(checkpoint.format(2)) == checkpoint.format(2)


def test_unsafe_cures_are_not_applied_unless_asked_for():
    code = "import tensorflow as tf\nwith tf.Session() as s:\n    pass\n"
    assert fixed(code) == code
    assert "disable_eager_execution()" in fixed(code, unsafe=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Names follow the program's own way of writing them.
        ("import tensorflow\ntensorflow.log(x)", "import tensorflow\ntensorflow.math.log(x)"),
        ("from tensorflow import log as ln\nln(x)", "from tensorflow.math import log as ln\nln(x)"),
        (
            "from keras.layers.core import Dense, Dropout",
            "from keras.layers import Dense, Dropout",
        ),
        (
            "from keras.utils import np_utils\nnp_utils.to_categorical(y)",
            "from keras import utils as np_utils\nnp_utils.to_categorical(y)",
        ),
        (
            "from tensorflow.keras.optimizers import Adam\nAdam(lr=1e-3)",
            "from tensorflow.keras.optimizers import Adam\nAdam(learning_rate=1e-3)",
        ),
        # Comments and line breaks stay, and so does what only looks alike.
        (
            "import tensorflow as tf\ny = tf.to_float(  # counts\n    x)\n",
            "import tensorflow as tf\ny = tf.to_float(  # counts\n    x)\n",
        ),
        (
            "import tensorflow as tf\ntf.argmax(\n    x,  # scores\n    dimension=1,  # classes\n)",
            "import tensorflow as tf\ntf.argmax(\n    x,  # scores\n    axis=1,  # classes\n)",
        ),
        (
            "import tensorflow as tf\ntf.concat([a, b], 1)\ntf.concat(1, [a, b])",
            "import tensorflow as tf\ntf.concat([a, b], 1)\ntf.concat([a, b], axis=1)",
        ),
        (
            "import tensorflow as tf\ntf.reduce_sum(x, 1, keep_dims=True)  # tf.log(x)",
            "import tensorflow as tf\ntf.reduce_sum(x, 1, keepdims=True)  # tf.log(x)",
        ),
        # Brackets where they are needed, and only there.
        (
            "import tensorflow as tf\ny = tf.nn.xw_plus_b(x, w + 1, b).shape",
            "import tensorflow as tf\ny = (tf.matmul(x, w + 1) + b).shape",
        ),
        (
            "import tensorflow as tf\ntf.nn.dropout(x, keep_prob=a + b)",
            "import tensorflow as tf\ntf.nn.dropout(x, rate=1 - (a + b))",
        ),
        # The first layer's shape, in a list and added.
        (
            "from keras.models import Sequential\nfrom keras.layers import Dense\n"
            "m = Sequential()\nm.add(Dense(2, input_shape=(3,)))\nm.add(Dense(1))",
            "from keras.models import Sequential\nfrom keras.layers import Dense\nimport keras\n\n"
            "m = Sequential()\nm.add(keras.Input((3,)))\nm.add(Dense(2))\nm.add(Dense(1))",
        ),
        # CRLF and a coding of its own.
        (
            "import tensorflow as tf\r\ntf.log(x)\r\n",
            "import tensorflow as tf\r\ntf.math.log(x)\r\n",
        ),
    ],
)
def test_forms_that_programs_have(old, new):
    assert fixed(old) == new


def test_a_name_of_the_programs_own_is_left():
    code = "import tensorflow as tf\ndef log(x):\n    return x\nlog(2)\n"
    assert fixed(code) == code


def test_what_cannot_be_parsed_is_left_and_said():
    done = fix_code("old.py", b"import tensorflow as tf\nprint tf.log(2)\n")
    assert not done.changed
    assert done.problem.startswith("old.py:2: Python 2 syntax")


def test_other_encodings_survive():
    code = "# -*- coding: gbk -*-\nimport tensorflow as tf\ntf.log(x)  # 对数\n".encode("gbk")
    done = fix_code("program.py", code)
    assert done.after.decode("gbk").endswith("tf.math.log(x)  # 对数\n")


def test_a_notebook_keeps_its_magics_outputs_and_other_cells():
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 3, "outputs": [{"x": 1}]}
    notebook = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "tf.log is old"},
            {**cell, "source": ["%matplotlib inline\n", "import tensorflow as tf\n", "!ls"]},
            {**cell, "source": "%%bash\necho tf.log"},
            {**cell, "source": "if x:\n    %time y = 1\n    tf.log(x)"},
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    raw = (json.dumps(notebook, indent=1) + "\n").encode()
    done = fix_notebook("n.ipynb", raw)
    notebook["cells"][3]["source"] = "if x:\n    %time y = 1\n    tf.math.log(x)"
    assert json.loads(done.after) == notebook
    assert done.rows == ("math-renames",)
    assert "tf.math.log" in diff(done)
    assert fix_notebook("n.ipynb", b"{}").problem.startswith("n.ipynb:1: left as it is: not a note")


def test_the_command_shows_and_writes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    old = "import tensorflow as tf\nopt = tf.keras.optimizers.Adam(lr=0.1)\n"
    (tmp_path / "train.py").write_text(old)
    assert main(["--diff", "train.py"]) == 1
    assert "+opt = tf.keras.optimizers.Adam(learning_rate=0.1)" in capsys.readouterr().out
    assert (tmp_path / "train.py").read_text() == old
    assert main(["--fix", "train.py", "--language", "en"]) == 0
    said = capsys.readouterr()
    assert said.err == "train.py: rewritten: optimizer-lr\n"
    assert "nothing in it" in said.out
    assert "learning_rate=0.1" in (tmp_path / "train.py").read_text()
    assert main(["--diff", "train.py"]) == 0


@pytest.mark.parametrize(
    "words", [["--unsafe", "x.py"], ["--fix", "-"], ["--fix", "x.py", "--format", "json"]]
)
def test_a_command_line_that_makes_no_sense_is_refused(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "error:" in capsys.readouterr().err


def test_new_names_exist():
    """On the pinned release: a typing mistake in the table would break programs."""
    import keras
    import numpy as np
    import tensorflow as tf

    roots = {"tf": tf, "keras": keras, "np": np}
    compat = {"initialize-all-variables"}  # Names that a graph program has, under compat.v1.
    missing = []
    for row, cures in load_cures().items():
        for new in {new for cure in cures for new in cure.names.values()}:
            root, *rest = new.split(".")
            thing = tf.compat.v1 if row in compat else roots.get(root)
            for part in rest if thing is not None else ():
                thing = getattr(thing, part, None)
            if root in roots and thing is None:
                missing.append(new)
    assert missing == []


def test_alternatives_and_left_sides():
    assert dict(spell_out("a.{b,c}.{d,e}", "n.*")) == {
        "a.b.d": "n.d", "a.c.d": "n.d", "a.b.e": "n.e", "a.c.e": "n.e",
    }  # fmt: skip
    assert parse_call("self.f(x, *)").method == "f"
    assert parse_call("a.B").parameters is None
    assert ast.parse(fixed("x = 1"))
