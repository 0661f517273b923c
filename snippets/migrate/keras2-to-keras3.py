"""From Keras 2 to Keras 3: one old program ported error by error, tf_keras, old files."""

import contextlib


# --8<-- [start:program]
def reviews():
    import numpy as np
    import tensorflow as tf
    from tensorflow.keras import backend as K
    from tensorflow.keras import initializers, layers, optimizers
    from tensorflow.keras.callbacks import ModelCheckpoint
    from tensorflow.keras.models import Model, load_model
    from tensorflow.keras.preprocessing.sequence import pad_sequences
    from tensorflow.keras.preprocessing.text import Tokenizer
    from tensorflow.keras.utils import Sequence

    class Pooling(layers.Layer):  # mean of the words, weighted by a learnt score
        def build(self, input_shape):
            shape = (int(input_shape[-1]), 1)
            self.score = self.add_weight("score", shape, initializer="zeros")

        def call(self, words):
            weights = K.softmax(K.dot(words, self.score), axis=1)
            return K.sum(weights * words, axis=1)

    class Batches(Sequence):
        def __init__(self, x, y):
            self.x, self.y = x, y

        def __len__(self):
            return len(self.x) // 32

        def __getitem__(self, i):
            part = slice(32 * i, 32 * i + 32)
            return self.x[part], self.y[part]

    rng = np.random.RandomState(0)
    said = ["cold stale slow rude".split(), "warm fresh quick kind".split()]
    y = rng.randint(0, 2, 320)
    idle = "the soup and waiter very".split()
    texts = [" ".join([*rng.choice(idle, 5), *rng.choice(said[i], 2)]) for i in y]
    tokenizer = Tokenizer()
    tokenizer.fit_on_texts(texts)
    x = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=8)
    train, test = Batches(x[:256], y[:256]), Batches(x[256:], y[256:])

    tokens = layers.Input((8,))
    start = initializers.GlorotUniform(seed=1)
    words = layers.Embedding(20, 8, start, input_length=8)(tokens)
    both = tf.concat([Pooling()(words), tf.reduce_max(words, axis=1)], axis=-1)
    answer = layers.Dense(1, "sigmoid", kernel_initializer=start)(both)
    model = Model(tokens, answer)
    print("output:", model.layers[-1].output_shape)

    adam = optimizers.Adam(lr=0.02)
    model.compile(adam, loss="binary_crossentropy", metrics=["accuracy"])
    best = ModelCheckpoint("best.ckpt", save_best_only=True, save_weights_only=True)
    settings = dict(shuffle=False, validation_data=test, callbacks=[best], verbose=0)
    model.fit_generator(train, epochs=2, **settings)
    K.set_value(model.optimizer.lr, 0.002)
    model.fit_generator(train, epochs=1, **settings)
    model.load_weights("best.ckpt")
    scores = dict(zip(model.metrics_names, model.evaluate_generator(test, verbose=0)))
    print(f"loss {scores['loss']:.4f}, accuracy {scores['accuracy']:.3f}")

    model.save("reviews")
    known = {"Pooling": Pooling}
    loaded = load_model("reviews", custom_objects=known)
    return loaded.predict(x[256:], verbose=0)


# --8<-- [end:program]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:first-run]
    reviews()
    # --8<-- [end:first-run]

# --8<-- [start:child]
import inspect
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp())
old = inspect.getsource(reviews)
(folder / "reviews.py").write_text(old)


def start(program, **environment):
    """Starts a Python of its own on a program, with more environment variables."""
    command = [sys.executable, "-c", program]
    settings = dict(cwd=folder, env={**os.environ, **environment}, text=True)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, **settings)


def report(process):
    """Prints what the program printed, and its warnings and errors, each once."""
    out, err = process.communicate()
    print(out, end="")
    found = re.findall(r"\w+(?:Warning|Error): .*|WARNING:(?:absl|tensorflow):.*", err)
    print(*dict.fromkeys(found), sep="\n")


# --8<-- [end:child]

# --8<-- [start:bridge]
program = """
import keras
import tensorflow as tf

print("tf.keras", tf.keras.layers.Layer)
print("keras   ", keras.layers.Layer)
from reviews import reviews

reviews()
"""
report(start(program, TF_USE_LEGACY_KERAS="1"))
# --8<-- [end:bridge]

# --8<-- [start:lr]
import tf_keras

for Adam in [tf_keras.optimizers.Adam, tf_keras.optimizers.legacy.Adam]:
    rate = float(Adam(lr=0.02).learning_rate)
    print(f"{Adam.__module__:34} learning rate {rate:.3f}")
# --8<-- [end:lr]

# --8<-- [start:too-late]
late = """
import os
import tensorflow as tf

os.environ["TF_USE_LEGACY_KERAS"] = "1"
print("tf.keras    ", tf.keras.layers.Dense)
from tensorflow.keras.layers import Dense

print("from … import", Dense)
print("tf.keras    ", tf.keras.layers.Dense)
"""
missing = """
import sys

sys.modules["tf_keras"] = None  # as if it were not installed
import tensorflow as tf

try:
    tf.keras.layers.Dense
except ImportError as error:
    print("tf.keras     ImportError:", error)
from tensorflow.keras.layers import Dense

print("from … import", Dense)
"""
processes = [start(late), start(missing, TF_USE_LEGACY_KERAS="1")]
for name, process in zip(["late:", "missing:"], processes):
    print(name)
    report(process)
# --8<-- [end:too-late]

# --8<-- [start:version]
import importlib.metadata

print(tf_keras.__version__, *importlib.metadata.requires("tf_keras"))
# --8<-- [end:version]

# --8<-- [start:mixing]
import keras
import numpy as np

x, y = np.ones([32, 4]), np.ones([32, 1])


def fit(layer=None, **parts):
    model = keras.Sequential([keras.Input([4]), layer or keras.layers.Dense(1)])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **parts})
    model.fit(x, y, verbose=0)


class Wrapper(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = tf_keras.layers.Dense(3), keras.layers.Dense(1)

    def call(self, inputs):
        return self.out(self.hidden(inputs))


def subclassed():
    model = Wrapper()
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0)
    all_weights = model.hidden.weights + model.out.weights
    return f"trains {len(model.trainable_weights)} of {len(all_weights)} weights"


trials = {
    "layer in Sequential": lambda: fit(tf_keras.layers.Dense(1)),
    "layer on keras.Input": lambda: tf_keras.layers.Dense(1)(keras.Input([4])),
    "optimizer": lambda: fit(optimizer=tf_keras.optimizers.SGD()),
    "loss": lambda: fit(loss=tf_keras.losses.MeanSquaredError()),
    "layer in a subclass": subclassed,
}
for name, trial in trials.items():
    try:
        result = trial() or "fine"
    except Exception as error:
        result = f"{type(error).__name__}: {str(error)[:44]}…"
    print(f"{name:22}{result}")
# --8<-- [end:mixing]

# --8<-- [start:porter]
import contextlib
import io
import linecache
import textwrap
import traceback


def run(text):
    """Runs the program; says on which line it fails, and why."""
    name = "reviews.py"
    linecache.cache[name] = len(text), None, text.splitlines(True), name
    namespace = {}
    exec(compile(text, name, "exec"), namespace)
    said = io.StringIO()
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(said):
            answers = namespace["reviews"]()
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        print(next(frame.line for frame in frames[::-1] if frame.filename == name))
        print("   ", textwrap.shorten(f"{type(error).__name__}: {error}", 76, placeholder=" …"))
        return None
    print(said.getvalue(), end="")
    return answers


def port(text, *edits):
    """Runs the program before each edit, so that each error is followed by its cure."""
    for before, after in edits:
        assert before in text
        run(text)
        text = text.replace(before, after)
    return text


# --8<-- [end:porter]

# --8<-- [start:port-model]
text = old.replace(", input_length=8", "")
text = text.replace('add_weight("score", shape', 'add_weight(shape, name="score"')
text = port(
    text,
    (
        "tf.concat([Pooling()(words), tf.reduce_max(words, axis=1)], axis=-1)",
        "layers.concatenate([Pooling()(words), layers.GlobalMaxPooling1D()(words)])",
    ),
    ("model.layers[-1].output_shape", "model.output_shape"),
)
# --8<-- [end:port-model]

# --8<-- [start:port-training]
text = port(
    text,
    ("Adam(lr=", "Adam(learning_rate="),
    ("best.ckpt", "best.weights.h5"),
    ("_generator(", "("),
    ("(model.optimizer.lr,", "(model.optimizer.learning_rate,"),
    (
        "K.set_value(model.optimizer.learning_rate, 0.002)",
        "model.optimizer.learning_rate = 0.002",
    ),
)
# --8<-- [end:port-training]

# --8<-- [start:port-results]
call = "super().__init__()\n" + 12 * " "
text = text.replace("self.x, self.y", f"{call}self.x, self.y")
text = port(
    text,
    (
        "dict(zip(model.metrics_names, model.evaluate(test, verbose=0)))",
        "model.evaluate(test, verbose=0, return_dict=True)",
    ),
    ('"reviews"', '"reviews.keras"'),
)
ported = run(text)
# --8<-- [end:port-results]

# --8<-- [start:leftovers]
parts = [
    ("backend", "dot"),
    ("preprocessing.text", "Tokenizer"),
    ("preprocessing.image", "ImageDataGenerator"),
]
for module, name in parts:
    print(f"{module}.{name}")
    for package in ["tensorflow.keras", "keras"]:
        try:
            getattr(importlib.import_module(f"{package}.{module}"), name)
            result = "there"
        except (ImportError, AttributeError) as error:
            result = error
        print(f"    {package:18}{result}")
# --8<-- [end:leftovers]

# --8<-- [start:same]
bridge = old.replace("Adam(lr=", "Adam(learning_rate=").replace("_generator(", "(")
bridged = run(bridge.replace("tensorflow.keras", "tf_keras"))
print(f"largest difference: {np.abs(ported - bridged).max():.3f}")
# --8<-- [end:same]

# --8<-- [start:twice]
import tensorflow as tf


def step(package, optimizer):
    """The table after one step on a batch with word 0 twice, word 1 once, word 2 never."""
    table = package.layers.Embedding(3, 1, embeddings_initializer="ones")
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(table(tf.constant([0, 0, 1])))
    gradients = tape.gradient(total, table.weights)
    optimizer.apply_gradients(zip(gradients, table.weights))
    return table.weights[0].numpy().ravel(), gradients[0]


for package in [tf_keras, keras]:
    values, gradient = step(package, package.optimizers.Adam(0.02))
    print(f"{package.__name__:9}", values.round(4))
print("gradient ", gradient.values.numpy().ravel(), "for words", gradient.indices.numpy())
# --8<-- [end:twice]

# --8<-- [start:summed]
summed = """
    class SummedAdam(optimizers.Adam):  # one gradient for each word, as in Keras 2
        def apply(self, grads, trainable_variables=None):
            grads = [tf.convert_to_tensor(gradient) for gradient in grads]
            super().apply(grads, trainable_variables)
"""
text = text.replace("optimizers.Adam(", "SummedAdam(")
text = text.replace("\n    class Pooling", f"{summed}\n    class Pooling")
text = text.replace("custom_objects=", "compile=False, custom_objects=")
again = run(text)
print("as under tf_keras:", np.allclose(again, bridged, atol=1e-4))
# --8<-- [end:summed]


# --8<-- [start:today]
def today():
    import numpy as np
    import tensorflow as tf
    from tensorflow.keras import backend as K
    from tensorflow.keras import initializers, layers, optimizers
    from tensorflow.keras.callbacks import ModelCheckpoint
    from tensorflow.keras.models import Model, load_model
    from tensorflow.keras.preprocessing.sequence import pad_sequences
    from tensorflow.keras.preprocessing.text import Tokenizer
    from tensorflow.keras.utils import Sequence

    class SummedAdam(optimizers.Adam):  # one gradient for each word, as in Keras 2
        def apply(self, grads, trainable_variables=None):
            grads = [tf.convert_to_tensor(gradient) for gradient in grads]
            super().apply(grads, trainable_variables)

    class Pooling(layers.Layer):  # mean of the words, weighted by a learnt score
        def build(self, input_shape):
            shape = (int(input_shape[-1]), 1)
            self.score = self.add_weight(shape, name="score", initializer="zeros")

        def call(self, words):
            weights = K.softmax(K.dot(words, self.score), axis=1)
            return K.sum(weights * words, axis=1)

    class Batches(Sequence):
        def __init__(self, x, y):
            super().__init__()
            self.x, self.y = x, y

        def __len__(self):
            return len(self.x) // 32

        def __getitem__(self, i):
            part = slice(32 * i, 32 * i + 32)
            return self.x[part], self.y[part]

    rng = np.random.RandomState(0)
    said = ["cold stale slow rude".split(), "warm fresh quick kind".split()]
    y = rng.randint(0, 2, 320)
    idle = "the soup and waiter very".split()
    texts = [" ".join([*rng.choice(idle, 5), *rng.choice(said[i], 2)]) for i in y]
    tokenizer = Tokenizer()
    tokenizer.fit_on_texts(texts)
    x = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=8)
    train, test = Batches(x[:256], y[:256]), Batches(x[256:], y[256:])

    tokens = layers.Input((8,))
    start = initializers.GlorotUniform(seed=1)
    words = layers.Embedding(20, 8, start)(tokens)
    both = layers.concatenate([Pooling()(words), layers.GlobalMaxPooling1D()(words)])
    answer = layers.Dense(1, "sigmoid", kernel_initializer=start)(both)
    model = Model(tokens, answer)
    print("output:", model.output_shape)

    adam = SummedAdam(learning_rate=0.02)
    model.compile(adam, loss="binary_crossentropy", metrics=["accuracy"])
    best = ModelCheckpoint("best.weights.h5", save_best_only=True, save_weights_only=True)
    settings = dict(shuffle=False, validation_data=test, callbacks=[best], verbose=0)
    model.fit(train, epochs=2, **settings)
    model.optimizer.learning_rate = 0.002
    model.fit(train, epochs=1, **settings)
    model.load_weights("best.weights.h5")
    scores = model.evaluate(test, verbose=0, return_dict=True)
    print(f"loss {scores['loss']:.4f}, accuracy {scores['accuracy']:.3f}")

    model.save("reviews.keras")
    known = {"Pooling": Pooling}
    loaded = load_model("reviews.keras", compile=False, custom_objects=known)
    return loaded.predict(x[256:], verbose=0)


assert inspect.getsource(today) == text.replace("reviews()", "today()", 1)
# --8<-- [end:today]


# --8<-- [start:table]
def properties(package):
    model = package.Sequential([package.Input([4]), package.layers.Dropout(0.5)])
    model.add(package.layers.Dense(1, name="out"))
    model.compile("sgd", "mse", metrics=["mae"])
    model.evaluate(x, y, verbose=0)
    kernel = model.get_layer("out").kernel
    return {
        "kernel.name": kernel.name,
        "isinstance(kernel, tf.Variable)": isinstance(kernel, tf.Variable),
        "weights with 'out/' in their name": sum("out/" in w.name for w in model.weights),
        "isinstance(model, tf.Module)": isinstance(model, tf.Module),
        "model.metrics_names": model.metrics_names,
        "len(model.weights)": len(model.weights),
        "len(model.variables)": len(model.variables),
    }


old_ones, new_ones = properties(tf_keras), properties(keras)
print(f"{'':34}{'tf_keras':21}keras")
for name, value in old_ones.items():
    print(f"{name:34}{value!s:21}{new_ones[name]}")
# --8<-- [end:table]

# --8<-- [start:path]
model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1, name="out")], name="model")
print([weight.path for weight in model.weights if "out/" in weight.path])
# --8<-- [end:path]


# --8<-- [start:gpu-strings]
class Length(keras.layers.Layer):
    def call(self, words):
        return tf.cast(tf.strings.length(words), tf.float32)


words = tf.constant([["ab"], ["cde"]])
lengths = keras.Sequential([keras.Input([1], dtype="string"), Length()])
for jit_compile in (False, "auto"):
    lengths.compile(jit_compile=jit_compile)
    found = lengths.predict(words, verbose=0)
    print(f"jit_compile={jit_compile}:", found.tolist())
# --8<-- [end:gpu-strings]


# --8<-- [start:files]
def make(package):
    hidden = package.layers.Dense(3, activation="tanh", name="hidden")
    layers = [hidden, package.layers.BatchNormalization(), package.layers.Dense(1)]
    return package.Sequential([package.Input([4]), *layers])


x = np.random.default_rng(0).normal(size=[64, 4]).astype("float32")
model = make(tf_keras)
model.compile("adam", tf_keras.losses.MeanSquaredError())
model.fit(x, x[:, :1], epochs=2, verbose=0)
wanted = model.predict(x, verbose=0)
with contextlib.chdir(folder):
    model.save_weights("w.ckpt")
    model.save_weights("w.h5")
    model.save_weights("w.weights.h5")
    model.save("m.h5")
    model.save("m.keras")
    model.save("m")
# --8<-- [end:files]


# --8<-- [start:reading]
def weights(name):
    model = make(keras)
    model.load_weights(folder / name)
    return model(x)


def whole(name):
    return keras.models.load_model(folder / name, compile=False)(x)


def checkpoint(name):
    model = make(keras)
    tf.train.Checkpoint(model).restore(str(folder / name)).expect_partial()
    return model(x)


def served(name):
    return keras.layers.TFSMLayer(folder / name, call_endpoint="__call__")(x)


files = [
    (weights, "w.h5 w.weights.h5 m.h5 m.keras w.ckpt"),
    (whole, "m.h5 m.keras m"),
    (served, "m"),
    (checkpoint, "w.ckpt"),
]
for read, names in files:
    for name in names.split():
        try:
            result = "same" if np.allclose(read(name), wanted, atol=1e-6) else "OTHER answers"
        except Exception as error:
            result = f"{type(error).__name__}: {str(error)[:26]}…"
        print(f"{read.__name__:12}{name:14}{result}")
# --8<-- [end:reading]

# --8<-- [start:by-hand]
reader = tf.train.load_checkpoint(str(folder / "w.ckpt"))
print(*[name for name in sorted(reader.get_variable_to_shape_map()) if "-0" in name], sep="\n")

middle, new = make(tf_keras), make(keras)
middle.load_weights(folder / "w.ckpt").expect_partial()
new.set_weights(middle.get_weights())
np.testing.assert_allclose(new(x), wanted, atol=1e-6)
new.save(folder / "moved.keras")
# --8<-- [end:by-hand]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:back]
    tf_keras.models.load_model(folder / "moved.keras")
    # --8<-- [end:back]

# --8<-- [start:solution-optimizers]
rates = {"SGD": 0.1, "RMSprop": 0.1, "Adagrad": 0.1, "AdamW": 0.1, "Lion": 0.1}
for name, rate in rates.items():
    results = [step(p, getattr(p.optimizers, name)(rate))[0] for p in [tf_keras, keras]]
    print(f"{name:9}", *[values.round(4) for values in results], sep="  ")
# --8<-- [end:solution-optimizers]

# --8<-- [start:solution-tokens]
sentences = ["the soup the waiter", "soup the waiter very", "the soup"]
tokenizer = tf.keras.preprocessing.text.Tokenizer()
tokenizer.fit_on_texts(sentences)
old_tokens = tf.keras.utils.pad_sequences(tokenizer.texts_to_sequences(sentences), maxlen=5)

vectorize = keras.layers.TextVectorization()
vectorize.adapt(sentences)
print(old_tokens, vectorize(sentences).numpy(), sep="\n")
print([str(word) for word in vectorize.get_vocabulary()])
# --8<-- [end:solution-tokens]


# --8<-- [start:solution-state]
def stateful(package, where):
    gru = package.layers.GRU(3, stateful=True, kernel_initializer="ones", **where)
    return gru, package.Sequential([gru])


series = tf.ones([2, 5, 1])
_, model = stateful(tf_keras, dict(batch_input_shape=(2, None, 1)))
first, second = model(series), model(series)
model.reset_states()
np.testing.assert_allclose(model(series), first)

gru, new = stateful(keras, {})
new.build((2, None, 1))
new.set_weights(model.get_weights())
np.testing.assert_allclose(new(series), first, atol=1e-6)
np.testing.assert_allclose(new(series), second, atol=1e-6)
gru.reset_state()
np.testing.assert_allclose(new(series), first, atol=1e-6)
# --8<-- [end:solution-state]
