"""What merely shares a name, or is looked after already, is left alone or said with doubt."""

import subprocess
import sys
from pathlib import Path

import pytest

from tfnotes.doctor.catalogue import load_catalogue
from tfnotes.doctor.examine import examine, findings
from tfnotes.doctor.load import load
from tfnotes.doctor.surface import FILE


@pytest.mark.parametrize(
    "code",
    [
        "import requests\nrequests.Session()",
        "tf = 3\ntf.Session()",
        "import termfreq as tf\ntf.Session()",
        "import tensorflow as tf\ntf = make()\ntf.Session()",
        "import tensorflow as tf\ndef f(tf): tf.Session()",
        "import tensorflow as tf\ndef f():\n  tf = 3\n  tf.Session()",
        "import tensorflow as tf\n[tf.Session() for tf in range(3)]",
        "from .tensorflow import Session\nSession()",
        "import tensorflow as tf\nx.contrib.y()",
        "import tensorflow as tf\ntf.constant(1)",
        "import tensorflow as tf\ntf.train.Checkpoint()",
        "import tensorflow as tf\nprint('tf.Session()')  # tf.contrib",
        # No TensorFlow in the file: a method of that name is somebody else's.
        "def f(data): data.fit_generator(1)",
        "import torch\ndef f(model): model.fit_generator(1)",
        # The file defines the method itself.
        "import tensorflow as tf\nclass A:\n  def fit_generator(self): pass\nA().fit_generator()",
        "import tensorflow as tf\nclass A:\n  def fit_generator(self): pass\ndef f(a): a.fit_generator()",
        "import tensorflow as tf\nclass A(tf.keras.Model):\n  def fit_generator(self): pass\nA().fit_generator()",
        # An object of another kind.
        "import tensorflow as tf\nimport numpy as np\nx = np.load('a')\nx.fit_generator()",
        "import tensorflow as tf\nx = {}\nx.fit_generator()",
        "import tensorflow as tf\nimport helpers\nhelpers.fit_generator()",
        "import tensorflow as tf\ntf.keras.layers.Dense(3).fit_generator()",
        # A name that other things have.
        "import tensorflow as tf\ndef f(image): image.save('a.png')",
        "import tensorflow as tf\ndef f(x): x.input_shape",
        "import tensorflow as tf\nclass L(tf.keras.layers.Layer):\n  def __init__(self): self.input_shape = 3\n  def f(self): return self.input_shape",
        # The argument is not what the row is about, or not known.
        "import tensorflow as tf\ntf.keras.Sequential().save('a.keras')",
        "import tensorflow as tf\ntf.keras.Sequential().save(path)",
        "import tensorflow as tf\ntf.keras.regularizers.l1_l2(0.1, 0.2)",
        "import tensorflow as tf\ntf.keras.optimizers.SGD(learning_rate=0.1)",
        "import tensorflow as tf\nclass L(tf.keras.layers.Layer):\n  def build(self, s): self.add_weight(shape=s)",
        # Told to be quiet.
        "import tensorflow as tf\ntf.Session()  # tfnotes: ignore",
        "import tensorflow as tf\ntf.Session()  # tfnotes: ignore[session]",
        # Keras 2 on purpose.
        "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport tensorflow as tf\ntf.keras.Sequential().fit_generator(x)",
        "import tf_keras as keras\nkeras.Sequential().fit_generator(x)",
        "import tf_keras as keras\ndef f(model): model.fit_generator(x)",
        # A number in a list is not the number.
        "import tensorflow as tf\ntf.split([0, 1], 2)",
        # The import that works is the one that counts.
        "try:\n  import tensorflow.compat.v1 as tf\nexcept ImportError:\n  import tensorflow as tf\ntf.global_variables()",
    ],
)  # fmt: skip
def test_silent(found, code):
    assert found(code) == []


def test_another_row_is_not_silenced(found):
    code = "import tensorflow as tf\ntf.Session()  # tfnotes: ignore[contrib, other]"
    assert found(code) == [("session", 2, "certain")]


def test_the_winner_of_a_try_is_what_the_name_means(found):
    code = """\
        try:
            import tensorflow.compat.v1 as tf
        except ImportError:
            import tensorflow as tf
        tf.Session()
        """
    assert found(code) == [("compat-session", 5, "certain")]


@pytest.mark.parametrize(
    "code",
    [
        "if tf.__version__ < '2':\n  tf.Session()",
        "if hasattr(tf, 'Session'):\n  tf.Session()",
        "if tf.__version__ >= '2':\n  pass\nelse:\n  tf.Session()",
        "try:\n  tf.Session()\nexcept AttributeError:\n  pass",
        "try:\n  import x\nexcept ImportError:\n  tf.Session()",
    ],
)
def test_guarded_code_is_only_possible(found, code):
    rows = found("import tensorflow as tf\n" + code)
    assert [(row, certainty) for row, _, certainty in rows] == [("session", "possible")]


def test_a_guard_ends_with_its_branch(found):
    code = "import tensorflow as tf\nif tf.__version__ < '2':\n  x = 1\ntf.Session()"
    assert found(code) == [("session", 4, "certain")]


def test_a_whole_program_in_a_try_is_not_guarded(found):
    body = "".join(f"  x{n} = {n}\n" for n in range(4))
    code = f"import tensorflow as tf\ntry:\n{body}  tf.Session()\nexcept Exception:\n  pass"
    assert found(code) == [("session", 7, "certain")]


def reported(code: str) -> list[tuple[str, int, str]]:
    """What the ledger's own rows find."""
    source = load("program.py", code.encode())
    return [(one.entry.id, one.line, one.certainty) for one in findings(source, load_catalogue())]


def test_a_model_that_is_handed_in_is_possible_where_nothing_imports_keras():
    code = "def f(model): model.fit_generator(1)"
    assert reported(code) == [("fit-generator", 1, "possible")]


@pytest.mark.parametrize(
    "code",
    [
        # What the second pattern of `unless` makes right.
        "m = tf.keras.Sequential()\nm.compile('sgd', 'mse', metrics=['acc'])\n"
        "m.fit(x, y).history['acc']",
        "tf.keras.callbacks.EarlyStopping(monitor='val_acc')\nmodel.compile(metrics=['acc'])",
        # Arguments and names that the release has.
        "tf.keras.layers.Dense(2, activity_regularizer='l2', input_shape=(3,), name='a', dtype='float32')",
        "tf.keras.optimizers.Adam(weight_decay=0.1, clipnorm=1.0, use_ema=True)",
        "tf.keras.layers.LSTM(2, return_sequences=True, stateful=True, unroll=False)",
        "tf.keras.Sequential().compile('sgd', 'mse', run_eagerly=True, jit_compile=False)",
        "tf.math.log(1.0), tf.keras.ops, tf.data.AUTOTUNE, tf.__version__, tf.python.x",
        "class M(tf.keras.Model):\n  def compile(self, mine): pass\nM().compile(mine=1)",
        "import tensorflow.tsl.profiler.protobuf as p, tensorflow.core.framework as f",
        # Forms that only look alike.
        "layer = tf.keras.layers.TextVectorization()\nlayer(['a text', 'another'])",
        "n = [v.shape.num_elements() for v in things], x.shape.as_list()",
        "tf.keras.Input(shape=(784,)), tf.keras.Input(shape=x.shape[1:]), tf.keras.Input([None])",
        "model = tf.keras.Sequential()\nmodel.predict([a, b])",
        "model = tf.keras.Sequential()\nmodel(x, training=True)\nmodel(x, None)",
        "class L(tf.keras.layers.Layer):\n  def __init__(self):\n    self.w = self.add_weight(name='w')",
        "class L(tf.Module):\n  def __init__(self):\n    self.w = tf.Variable(1.0)",
        "class C(tf.keras.callbacks.Callback):\n  def __init__(self, d):\n    self.validation_data = d\n"
        "  def on_epoch_end(self, e, logs=None):\n    self.validation_data[0]",
        "class M(tf.keras.metrics.Metric):\n  def reset_states(self): pass\n  def reset_state(self): pass",
        "class L(tf.keras.layers.Layer):\n  def build(self, input_shape):\n    n = input_shape[-1]",
        "options = dict(learning_rate=0.1)\ntf.keras.optimizers.Adam(**options)",
        "tf.keras.backend.int_shape(tf.keras.Input((3,)))",
    ],
)
def test_what_is_right_today_is_not_reported_as_sure(code):
    sure = [one for one in reported("import tensorflow as tf\n" + code) if one[2] != "possible"]
    assert [row for row, _, _ in sure if row not in ("input-shape-argument",)] == []


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("N = 7\ntf.keras.Input(shape=N)", "input-shape-integer"),
        ("tf.keras.Input(shape=x.shape[-1])", "input-shape-integer"),
        ("tf.keras.layers.Input(len(columns))", "input-shape-integer"),
        ("m = tf.keras.Sequential()\nm.fit([1, 2], [3, 4])", "python-lists-as-data"),
        ("m = tf.keras.Sequential()\nm(x, True)", "layer-positional-arguments"),
        ("m = tf.keras.Sequential()\nm([[1.0, 2.0]])", "layer-positional-arguments"),
        ("o = {'lr': 0.1}\ntf.keras.optimizers.SGD(**o)", "optimizer-lr"),
        ("tf.keras.optimizers.get({'class_name': 'SGD', 'config': {'lr': 1}})", "optimizer-lr"),
        ("def f(kind): return kind(lr=1)\nf(tf.keras.optimizers.Adam)", "optimizer-lr"),
        ("class L(tf.keras.layers.Layer):\n  def f(self):\n    self.w = tf.Variable(1.0)",
         "layer-plain-tf-variable"),
        ("class M(tf.keras.metrics.Metric):\n  def reset_states(self): pass",
         "metric-reset-states-defined"),
        ("class O(tf.keras.optimizers.Optimizer):\n  def _resource_apply_dense(self, g, v): pass",
         "custom-optimizer-methods"),
        ("class C(tf.keras.callbacks.Callback):\n  def __init__(self, m):\n    self.model = m",
         "callback-model-assigned"),
        ("class L(tf.keras.layers.Layer):\n  def build(self, s):\n    s.as_list()",
         "build-input-shape-methods"),
        ("class M(tf.keras.Model): pass\nM(dynamic=True)", "layer-dynamic"),
        ("tf.keras.layers.MultiHeadAttention(2, 3, causal=True)", "unknown-argument"),
        ("m = tf.keras.Sequential()\nm.compile('sgd', experimental_run_tf_function=False)",
         "unknown-argument"),
        ("tf.keras.utils.print_summary(m)", "unknown-name"),
        ("from tensorflow.keras.layers import Convolution5D", "unknown-name"),
    ],
)  # fmt: skip
def test_kinds_of_old_code_are_found_in_other_forms_than_the_ledgers(code, row):
    assert row in [one for one, _, _ in reported("import tensorflow as tf\n" + code)]


def test_files_of_a_folder_are_read_together(tmp_path):
    (tmp_path / "model.py").write_text(
        "from keras.models import Model\ndef unet():\n    return Model([], [])\n"
    )
    (tmp_path / "a_main.py").write_text("from model import *\nunet().fit_generator(1)\n")
    (tmp_path / "b_main.py").write_text("import model\nm = model.unet()\nm.fit_generator(1)\n")
    (tmp_path / "c_main.py").write_text("from .model import unet\nunet().fit_generator(1)\n")
    report = examine([str(tmp_path)])
    assert [(Path(one.path).name, one.line, one.certainty) for one in report.findings] == [
        ("a_main.py", 2, "certain"), ("b_main.py", 3, "certain"), ("c_main.py", 2, "certain"),
    ]  # fmt: skip
    assert report.files == 4


def test_files_that_import_each_other_are_read_once(tmp_path):
    (tmp_path / "one.py").write_text("from two import g\nimport tensorflow as tf\ntf.Session()\n")
    (tmp_path / "two.py").write_text("from one import f\n")
    report = examine([str(tmp_path)])
    assert [one.entry.id for one in report.findings] == ["session"]


def test_what_the_release_has_is_written_down_as_it_is():
    """tools/surface.py writes the file anew."""
    tool = Path(__file__).parents[2] / "tools/surface.py"
    asked = "import runpy, sys; sys.stdout.write(runpy.run_path(sys.argv[1])['text']())"
    done = subprocess.run(
        [sys.executable, "-c", asked, tool], capture_output=True, text=True, check=True
    )
    assert done.stdout == FILE.read_text(encoding="utf-8")
