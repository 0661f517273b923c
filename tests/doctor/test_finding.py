"""What must be found, through every way of naming it."""

import pytest


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf\ntf.contrib.learn.x()",
        "import tensorflow\ntensorflow.contrib.learn.x()",
        "import tensorflow as T\nT.contrib.learn.x()",
        "import tensorflow.contrib.slim as slim\nslim.conv2d()\nslim.fully_connected()",
        "import tensorflow.contrib\nprint(1)",
        "from tensorflow import contrib as c\nc.x()",
        "from tensorflow.contrib import slim\nslim.conv2d()",
        "import tensorflow.compat.v2 as tf\ntf.contrib.x()",
        "def f():\n  import tensorflow as tf\n  return tf.contrib.x()",
        "import tensorflow as tf\nx = [tf.contrib.x() for i in range(3)]",
        "import tensorflow as tf\nf = lambda x: tf.contrib.x(x)",
        "import tensorflow as tf\n@tf.contrib.x\ndef f(): pass",
        "import tensorflow as tf\nclass A(tf.contrib.X): pass",
        "import tensorflow as tf\ndef f(x=tf.contrib.X): pass",
        "import tensorflow as tf\nprint(f'{tf.contrib.x}')",
        "import tensorflow as tf\nmatch 1:\n  case 1: tf.contrib.x()",
        "import tensorflow as tf\nasync def f():\n  await tf.contrib.x()",
        "import tensorflow as tf\nwith tf.contrib.x() as y: pass",
        "import tensorflow as tf\nc = tf.contrib\nc.x()\nc.y()",
        "import tensorflow as tf\ntf.contrib.x = 3",
        "import tensorflow as tf\nif (c := tf.contrib.x): pass",
    ],
)
def test_names_and_aliases(found, code):
    assert [row for row, _, _ in found(code)] == ["contrib"]
    assert {certainty for _, _, certainty in found(code)} == {"certain"}


def test_the_most_special_row_is_reported(found):
    code = "import tensorflow as tf\ntf.contrib.rnn.LSTMCell(3)\ntf.contrib.layers.x()"
    assert found(code) == [("contrib-rnn", 2, "certain"), ("contrib", 3, "certain")]


def test_an_import_that_fails_does_not_hide_a_more_special_row(found):
    code = "from tensorflow import contrib\ncontrib.rnn.x()\ncontrib.layers.x()"
    assert [one[:2] for one in found(code)] == [("contrib", 1), ("contrib-rnn", 2)]


def test_compat_v1_is_something_else(found):
    code = "import tensorflow.compat.v1 as tf\ntf.Session()"
    assert found(code) == [("compat-session", 2, "certain")]
    assert found("import tensorflow as tf\ntf.compat.v1.Session()")[0][0] == "compat-session"


def test_keras_and_tf_keras(found):
    code = "from {} import SGD as S\nS(lr=0.1)\nS(learning_rate=0.1)"
    for module in ("keras.optimizers", "tensorflow.keras.optimizers"):
        assert found(code.format(module)) == [("optimizer-lr", 2, "certain")]
    image = "from {}.preprocessing.image import ImageDataGenerator\nImageDataGenerator()"
    assert found(image.format("keras")) == [("generator-class", 1, "certain")]
    assert found(image.format("tensorflow.keras")) == []


def test_star_imports_are_likely(found):
    code = "from keras.optimizers import *\nAdam(lr=1)"
    assert found(code) == [("optimizer-lr", 2, "likely")]
    assert found("from helpers import *\ntf.Session()") == [("session", 2, "likely")]


@pytest.mark.parametrize(
    "code",
    [
        "m = tf.keras.Sequential()\nm.fit_generator(x)",
        "m = tf.keras.models.load_model('x')\nm.fit_generator(x)",
        "m = tf.keras.applications.vgg16.VGG16()\nm.fit_generator(x)",
        "def build(): return tf.keras.Model(1, 2)\nbuild().fit_generator(x)",
        "def build():\n  m = tf.keras.Model(1, 2)\n  return m, 3\nm, n = build()\nm.fit_generator(x)",
        "class M(tf.keras.Model): pass\nM().fit_generator(x)",
        "class M(tf.keras.Model): pass\nclass N(M): pass\nN().fit_generator(x)",
        "class M(tf.keras.Model):\n  def f(self): self.fit_generator(x)",
        "class M(tf.keras.Model):\n  def f(self): super().fit_generator(x)",
        "class A:\n  def __init__(self): self.m = tf.keras.Sequential()\n  def f(self): self.m.fit_generator(x)",
        "class A:\n  def f(self): self.m.fit_generator(x)\n  def __init__(self): self.m = tf.keras.Sequential()",
        "def f(m: tf.keras.Model): m.fit_generator(x)",
        "m = None\nif 1:\n  m = tf.keras.Sequential()\nelse:\n  m = tf.keras.Model(1, 2)\nm.fit_generator(x)",
        "def f(): m.fit_generator(x)\nm = tf.keras.Sequential()\nf()",
    ],
)
def test_a_model_is_known_by_where_it_comes_from(found, code):
    rows = found("import tensorflow as tf\n" + code)
    assert [(row, certainty) for row, _, certainty in rows] == [("fit-generator", "certain")]


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("h = tf.keras.Sequential().fit(x)\nh.history['acc']", "history-acc"),
        ("h = tf.keras.Sequential().fit(x).history\nh['acc']", "history-acc"),
        ("d = tf.data.Dataset.range(3).batch(2)\nd.make_one_shot_iterator()", "iterator"),
        ("b = tf.keras.layers.Bidirectional(x)\nb.layer", "bidirectional"),
        ("for l in tf.keras.Sequential().layers:\n  l.input_shape", "layer-shape"),
        ("tf.keras.Sequential().layers[-1].input_shape", "layer-shape"),
        ("tf.keras.Sequential().get_layer('a').input_shape", "layer-shape"),
        ("o = tf.keras.optimizers.Adam()\no.lr = 3", "optimizer-attribute"),
        ("tf.keras.Sequential().optimizer.lr", "optimizer-attribute"),
        ("i = tf.keras.Input((3,))\ntf.sqrt(tf.keras.layers.Dense(3)(i))", "tensor-function"),
        ("tf.keras.Sequential().save('folder')", "save-folder"),
        ("p = 'folder'\ntf.keras.Sequential().save(p)", "save-folder"),
        ("tf.keras.regularizers.l1_l2(0.1)", "l1-l2"),
        ("tf.keras.layers.LSTM(3, batch_input_shape=(1, 2))", "batch-shape"),
        ("tf.keras.Sequential().compile('adam', metrics=['f1'])", "metrics-acc"),
        ("class L(tf.keras.layers.Layer):\n  def build(self, s): self.add_weight('w')", "add-weight"),
        ("tf.train.AdamOptimizer(0.1)", "train-optimizer"),
        ("import os\nos.environ['TF_OLD'] = '1'", "environment"),
        ("import kerastuner as kt", "tuner"),
        ("import tensorflow_hub as hub\nhub.KerasLayer('u')(tf.keras.layers.Input((3,)))", "hub-call"),
        ("import tensorflow_hub as hub\nl = hub.KerasLayer('u')\nl(tf.keras.Input((3,)))", "hub-call"),
        ("[o.op for o in tf.keras.Sequential().outputs]", "tensor-op"),
        ("tf.keras.Sequential().outputs[0].op", "tensor-op"),
        ("tf.ones(3).get_shape()[-1].value", "dimension"),
        ("x = tf.ones(3)\ns = x.shape\ns[0].value", "dimension"),
        ("tf.optimizers.SGD(lr=0.1)", "optimizer-lr"),
        ("o = tf.compat.v1.train.AdamOptimizer()\ntf.keras.Sequential().compile(o)", "old-optimizer"),
    ],
)  # fmt: skip
def test_kinds_of_objects(found, code, row):
    rows = found("import tensorflow as tf\n" + code)
    assert [(one, certainty) for one, _, certainty in rows] == [(row, "certain")]


def test_how_sure_it_is_is_said(examine):
    code = """\
        import tensorflow as tf
        def f(model, layer, net):
            model.fit_generator(1)
            layer.input_shape
            net.save('folder')
        """
    told = [(one.entry.id, one.certainty, one.doubt) for one in examine(code)]
    assert told == [
        ("fit-generator", "likely", "the type of model is not known"),
        ("layer-shape", "possible", "the type of layer is not known; its name suggests: Layer"),
        ("save-folder", "possible", "the type of net is not known; its name suggests: Model"),
    ]


def test_what_may_be_right_as_well(found):
    code = "import tensorflow as tf\ntf.nn.dropout(x, 0.5)\ntf.nn.dropout(x, rate=0.5)"
    assert found(code) == [("dropout", 2, "possible")]
    code = "import tensorflow as tf\nisinstance(v, tf.Variable)\nisinstance(v, int)"
    assert found(code) == [("variable-type", 2, "possible")]


def test_a_method_that_other_kinds_have(found):
    code = "import tensorflow as tf\ndef f(a, opt):\n  a.get_weights()\n  opt.get_weights()"
    assert found(code) == [("optimizer-weights", 4, "possible")]


def test_the_arguments_that_matter_are_shown(examine):
    code = """\
        from tensorflow import keras
        keras.optimizers.SGD(0.1, lr=0.1, momentum=0.9)
        keras.Sequential().save("folder", True)
        """
    assert [one.what for one in examine(code)] == [
        "keras.optimizers.SGD(lr=0.1)",
        "keras.Sequential().save('folder')",
    ]


def test_a_size_of_something_unknown(found):
    code = "import tensorflow as tf\ndef f(x):\n  x.shape[1].value\n  x.get_shape()[0].value\n  x.value"
    assert found(code) == [("dimension", 3, "likely"), ("dimension", 4, "likely")]
    assert found("import tensorflow as tf\nimport numpy as np\nnp.ones(3).shape[0].value") == []


def test_a_model_or_something_else(found):
    code = "import tensorflow as tf\nm = tf.keras.Sequential()\nif x:\n  m = 3\nm.fit_generator(x)"
    assert found(code) == [("fit-generator", 5, "likely")]


def test_columns_count_characters(examine):
    one = examine("import tensorflow as tf\nx = '中文', tf.Session()")[0]
    assert (one.line, one.column, one.end_column) == (2, 11, 21)
    assert one.place == "old.py:2:11"
