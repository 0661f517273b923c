"""Layers of your own: checked against a known one, masks, state, losses, symbolic calls."""

import contextlib

# --8<-- [start:scale]
import keras
import tensorflow as tf


class RootMeanSquare(keras.layers.Layer):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.scale = self.add_weight(shape=input_shape[-1:], initializer="ones", name="scale")

    def call(self, inputs):
        square = tf.reduce_mean(inputs**2, axis=-1, keepdims=True)
        return inputs * tf.math.rsqrt(square + self.epsilon) * self.scale


own = RootMeanSquare()
own(tf.constant([[3.0, 4.0], [30.0, 40.0]]))
# --8<-- [end:scale]

# --8<-- [start:agree]
reference = keras.layers.RMSNormalization(epsilon=1e-6)
x = tf.random.normal([32, 5], seed=1)
own, scale = RootMeanSquare(), tf.random.normal([5], seed=2)
gradients = []
for layer in own, reference:
    layer.build(x.shape)
    layer.set_weights([scale])
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x) ** 3)
    gradients.append(tape.gradient(total, x))
tf.debugging.assert_near(own(x), reference(x))
tf.debugging.assert_near(*gradients, rtol=1e-4, atol=1e-4)
# --8<-- [end:agree]

# --8<-- [start:sentences]
import numpy as np

random = np.random.default_rng(0)


def sentences(count, width=10):
    words = random.integers(1, 10, [count, width])
    lengths = random.integers(3, 11, [count, 1])
    ids = np.where(np.arange(width) < lengths, words, 0)
    mean = ids.sum(axis=1) / lengths[:, 0]
    return ids, (mean > 5).astype("float32")[:, None]


ids, labels = sentences(1024)
print(ids[:3])
# --8<-- [end:sentences]


# --8<-- [start:mean]
class Mean(keras.layers.Layer):
    def call(self, inputs):
        return tf.reduce_mean(inputs, axis=1)


def classifier(pooling, *between):
    keras.utils.set_random_seed(0)
    embedding = keras.layers.Embedding(10, 4, mask_zero=True)
    out = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([embedding, *between, pooling, out])
    adam = keras.optimizers.Adam(0.03)
    model.compile(adam, "binary_crossentropy", metrics=["accuracy"])
    return model


plain = classifier(Mean())
short, padded = np.array([[7, 4, 8]]), np.array([[7, 4, 8, 0, 0, 0]])
print(plain(short).numpy(), plain(padded).numpy())
# --8<-- [end:mean]


# --8<-- [start:masked]
class MaskedMean(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is None:
            return tf.reduce_mean(inputs, axis=1)
        weight = tf.cast(mask, inputs.dtype)[..., tf.newaxis]
        total = tf.reduce_sum(inputs * weight, axis=1)
        return total / tf.reduce_sum(weight, axis=1)

    def compute_mask(self, inputs, previous_mask=None):
        return None


masked = classifier(MaskedMean())
print(masked(short).numpy(), masked(padded).numpy())
# --8<-- [end:masked]

# --8<-- [start:widths]
import matplotlib.pyplot as plt

widths = [3, 10, 20, 40, 80]
for name, model in {"Mean": plain, "MaskedMean": masked}.items():
    model.fit(ids, labels, epochs=15, batch_size=64, verbose=0)
    rows = [np.pad(short, [[0, 0], [0, width - 3]]) for width in widths]
    answers = [float(model(row)[0, 0]) for row in rows]
    print(f"{name:11}", *[f"{answer:.2f}" for answer in answers])
    plt.plot(widths, answers, "o-", label=name)
plt.gca().set(xlabel="width after padding", ylabel="answer", ylim=(0, 1.05))
plt.legend()
# --8<-- [end:widths]


# --8<-- [start:between]
class Double(keras.layers.Layer):
    def call(self, inputs):
        return 2 * inputs


model = classifier(MaskedMean(), Double())
print(model(short).numpy(), model(padded).numpy())
# --8<-- [end:between]


# --8<-- [start:supports]
class Passing(Double):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True


model = classifier(MaskedMean(), Passing())
print(model(short).numpy(), model(padded).numpy())
# --8<-- [end:supports]


# --8<-- [start:state]
class Center(keras.layers.Layer):
    def build(self, input_shape):
        self.mean = self.add_weight(
            shape=input_shape[-1:], initializer="zeros", trainable=False, name="mean"
        )

    def call(self, inputs, training=False):
        if training:
            batch = tf.reduce_mean(inputs, axis=0)
            self.mean.assign(0.9 * self.mean + 0.1 * batch)
        return inputs - self.mean


center = Center()
model = keras.Sequential([center, keras.layers.Dense(1)])
model.compile("sgd", "mse")
shifted = 5 + tf.random.normal([320, 1], seed=3)
model.predict(shifted, verbose=0)
print("after predict:", center.mean.numpy())
model.fit(shifted, tf.zeros([320, 1]), batch_size=32, epochs=6, verbose=0)
print("after fit:    ", center.mean.numpy().round(1))
# --8<-- [end:state]


# --8<-- [start:add-loss]
class Quiet(keras.layers.Layer):
    def __init__(self, strength, **kwargs):
        super().__init__(**kwargs)
        self.strength = strength

    def call(self, inputs):
        self.add_loss(self.strength * tf.reduce_mean(inputs**2))
        return inputs


model = keras.Sequential([keras.layers.Dense(4), Quiet(0.1), keras.layers.Dense(1)])
model.compile("sgd", "mse")
y = tf.zeros([32, 1])
reported = model.evaluate(x, y, verbose=0)
error = tf.reduce_mean((model(x) - y) ** 2)
penalty = model.losses[0]
print(f"error {error:.4f} + penalty {penalty:.4f} = {error + penalty:.4f}")
print(f"evaluate reports {reported:.4f}")
# --8<-- [end:add-loss]

# --8<-- [start:forgotten]
with tf.GradientTape() as tape:
    error = tf.reduce_mean((model(x) - y) ** 2)
    whole = error + sum(model.losses)
print("entries after another call:", len(model.losses))
print("the penalty is part of whole:", bool(whole > error))
# --8<-- [end:forgotten]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:python-if]
    class Flip(keras.layers.Layer):
        def call(self, inputs):
            return inputs if tf.reduce_sum(inputs) > 0 else -inputs

    print(Flip()(tf.constant([[-1.0, -2.0]])).numpy())
    try:
        Flip()(keras.Input([2]))
    except Exception as error:
        print(str(error).split("Error encountered:")[1].split(". ")[0].strip())
        raise
    # --8<-- [end:python-if]


# --8<-- [start:where]
class FlipWhere(keras.layers.Layer):
    def call(self, inputs):
        return tf.where(tf.reduce_sum(inputs) > 0, inputs, -inputs)


print(FlipWhere()(tf.constant([[-1.0, -2.0]])).numpy())
print(FlipWhere()(keras.Input([2])).shape)
# --8<-- [end:where]


# --8<-- [start:autograph]
class FlipInGraph(keras.layers.Layer):
    @tf.function  # AutoGraph rewrites the if below
    def call(self, inputs):
        return inputs if tf.reduce_sum(inputs) > 0 else -inputs


print(FlipInGraph()(tf.constant([[-1.0, -2.0]])).numpy())
print(FlipInGraph()(keras.Input([2])).shape)

try:
    tf.function(Flip())(tf.constant([[-1.0, -2.0]]))
except Exception as error:
    print("without it, in a graph:", type(error).__name__)
# --8<-- [end:autograph]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:late]
    class Late(keras.layers.Layer):
        def call(self, inputs):
            self.factor = self.add_weight(shape=())
            return self.factor * inputs

    Late()(x)
    # --8<-- [end:late]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-metric]
    class Watched(keras.layers.Layer):
        def call(self, inputs):
            self.add_metric(tf.reduce_mean(inputs), name="mean")
            return inputs

    Watched()(x)
    # --8<-- [end:then-metric]


# --8<-- [start:now-metric]
class WatchedNow(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.watch = keras.metrics.Mean(name="mean")

    def call(self, inputs):
        self.watch.update_state(inputs)
        return inputs


layer = WatchedNow()
layer(tf.constant([1.0, 2.0]))
layer(tf.constant([6.0]))
print(float(layer.watch.result()))
# --8<-- [end:now-metric]


# --8<-- [start:solution-max]
class MaskedMax(MaskedMean):
    def call(self, inputs, mask=None):
        if mask is not None:
            mask = mask[..., tf.newaxis]
            inputs = tf.where(mask, inputs, inputs.dtype.min)
        return tf.reduce_max(inputs, axis=1)


model = classifier(MaskedMax())
tf.debugging.assert_equal(model(short), model(padded))
# --8<-- [end:solution-max]

# --8<-- [start:solution-file]
from pathlib import Path
from tempfile import mkdtemp

path = Path(mkdtemp()) / "own.keras"
keras.Sequential([keras.Input([5]), RootMeanSquare(epsilon=0.5)]).save(path)
classes = {"RootMeanSquare": RootMeanSquare}
loaded = keras.saving.load_model(path, custom_objects=classes)
print(loaded.layers[0].epsilon, loaded.layers[0].get_config()["epsilon"])
# --8<-- [end:solution-file]
