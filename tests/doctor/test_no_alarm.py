"""What merely shares a name, or is looked after already, is left alone or said with doubt."""

import pytest


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
        "def f(model): model.fit_generator(1)",
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
