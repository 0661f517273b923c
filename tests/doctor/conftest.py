"""A small ledger of the tests' own: what is tested is the doctor, not the rows."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from tfnotes.doctor.catalogue import Catalogue, make_catalogue
from tfnotes.doctor.examine import Finding, findings
from tfnotes.doctor.load import load
from tfnotes.ledger.outcomes import Ledger, Outcome
from tfnotes.ledger.rows import Row

PATTERNS = {
    "contrib": ["tf.contrib"],
    "contrib-rnn": ["tf.contrib.rnn"],
    "session": ["tf.{Session,InteractiveSession}"],
    "compat-session": ["tf.compat.v1.Session"],
    "fit-generator": ["Model.{fit,predict}_generator()"],
    "predict-classes": [".predict_classes()"],
    "generator-class": ["keras.preprocessing.image.ImageDataGenerator"],
    "optimizer-lr": ["[tf.]keras.optimizers.*(lr=)"],
    "optimizer-attribute": ["Optimizer.lr"],
    "train-optimizer": ["tf.train.*Optimizer"],
    "save-folder": [r"Model.save(0:filepath!~'\.(keras|h5)$')"],
    "layer-shape": ["?Layer.input_shape"],
    "history-acc": ["History.history['acc']"],
    "iterator": ["Dataset.make_one_shot_iterator()"],
    "bidirectional": ["tf.keras.layers.Bidirectional().layer"],
    "l1-l2": ["[tf.]keras.regularizers.l1_l2(#1)"],
    "add-weight": ["Layer.add_weight(0~'.')"],
    "batch-shape": ["[tf.]keras.layers.*(batch_input_shape=)"],
    "metrics-acc": ["Model.compile(metrics='f1')"],
    "tuner": ["kerastuner"],
    "hub-call": ["hub.KerasLayer()(0@KerasTensor)"],
    "tensor-op": ["KerasTensor.op"],
    "variable-type": ["?isinstance(1=tf.Variable)"],
    "dropout": ["?tf.nn.dropout(#>1)"],
    "optimizer-weights": ["Optimizer.get_weights()"],
    "dimension": ["Dimension.value"],
    "old-optimizer": ["Model.compile(0:optimizer=tf.compat.v1.train)"],
    "tensor-function": ["tf.sqrt(0:x@KerasTensor)"],
    "environment": ["os.environ['TF_OLD']"],
    "gpu-package": ["!pip install tensorflow-gpu"],
    "fine": ["tf.constant"],
}
OUTCOMES = {"l1-l2": "different", "gpu-package": "warning", "fine": "unchanged"}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    rows = [
        Row(
            id=name,
            group="tf1",
            api=name,
            outcome=OUTCOMES.get(name, "error"),
            old="old()\n",
            new="new()",
            find=tuple(patterns),
            note={"zh": f"关于 {name}", "en": f"about {name}"},
        )
        for name, patterns in PATTERNS.items()
    ]
    said = {"old": {"2.21": Outcome("raises", "AttributeError", "it is gone")}}
    quiet = {"old": {"2.21": Outcome("ok", warnings=("it will be gone",))}}
    outcomes = {row.id: quiet if row.id == "gpu-package" else said for row in rows}
    return make_catalogue(rows, Ledger({}, outcomes))


@pytest.fixture
def examine(catalogue) -> Callable[..., list[Finding]]:
    """Examines code as a file of that name."""

    def run(code: str, name: str = "old.py") -> list[Finding]:
        return findings(load(name, dedent(code).encode()), catalogue)

    return run


@pytest.fixture
def found(examine) -> Callable[..., list[tuple[str, int, str]]]:
    """Row, line and certainty of what is found in code."""

    def run(code: str, name: str = "old.py") -> list[tuple[str, int, str]]:
        return [(one.entry.id, one.line, one.certainty) for one in examine(code, name)]

    return run
