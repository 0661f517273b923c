"""Code of the page tensors/random; called random.py, it would hide Python's own module."""

import contextlib

# --8<-- [start:twice]
import tensorflow as tf

print(tf.random.uniform([3], seed=1).numpy())
print(tf.random.uniform([3], seed=1).numpy())
# --8<-- [end:twice]

# --8<-- [start:normal]
import matplotlib.pyplot as plt

drawn = {"normal": tf.random.normal([100_000]),
         "truncated_normal": tf.random.truncated_normal([100_000])}
figure, axes = plt.subplots(1, 2, sharex=True, sharey=True)
for axis, (name, values) in zip(axes, drawn.items()):
    beyond = tf.abs(values) > 2
    axis.hist(values.numpy(), bins=80, range=(-4, 4), color="C0")
    axis.axvspan(-4, -2, color="C1", alpha=0.15, lw=0)
    axis.axvspan(2, 4, color="C1", alpha=0.15, lw=0)
    axis.set(title=name, xlabel="value")
    print(f"{name}: beyond two: {tf.math.count_nonzero(beyond):,},"
          f" standard deviation: {tf.math.reduce_std(values):.2f}")
axes[0].set_ylabel("how often")
# --8<-- [end:normal]

# --8<-- [start:kinds]
print("uniform: ", tf.random.uniform([4]).numpy())
dice = tf.random.uniform([10_000], 1, 7, dtype=tf.int32)
print("dice:    ", tf.math.bincount(dice).numpy())
print("shuffle: ", tf.random.shuffle(tf.range(8)).numpy())
print("shuffled rows:\n", tf.random.shuffle([[1, 2], [3, 4], [5, 6]]).numpy())
# --8<-- [end:kinds]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:no_maximum]
    tf.random.uniform([5], dtype=tf.int32)
    # --8<-- [end:no_maximum]

# --8<-- [start:categorical]
wanted = tf.constant([[0.1, 0.2, 0.7]])
for name, logits in {"wanted": wanted, "log(wanted)": tf.math.log(wanted)}.items():
    classes = tf.random.categorical(logits, 10_000)[0]
    share = tf.math.bincount(tf.cast(classes, tf.int32)) / 10_000
    print(f"categorical({name:11}) draws", share.numpy().round(2))
# --8<-- [end:categorical]

# --8<-- [start:four]
from tfnotes.programs import run_programs

settings = {"no seed": ("", ""), "global seed": ("tf.random.set_seed(7)", ""),
            "op seed": ("", "seed=1"), "both": ("tf.random.set_seed(7)", "seed=1")}
programs = [f"""
import tensorflow as tf
{first}
for call in range(2):
    print(f"{{tf.random.uniform([], {argument}):.3f}}", end=" ")
""" for first, argument in settings.values()]
runs = run_programs(programs + programs)  # each in a process of its own
for name, once, again in zip(settings, runs[:4], runs[4:]):
    print(f"{name:11}  first start: {once}  second start: {again}")
    assert (once == again) == (name != "no seed")
# --8<-- [end:four]

# --8<-- [start:counter]
def two_calls():
    return tf.stack([tf.random.uniform([3], seed=1) for call in range(2)])

tf.random.set_seed(7)
first = two_calls()
tf.random.set_seed(7)
tf.random.normal([3], seed=1)  # another operation, another counter
print(first.numpy())
print("the same again:", bool(tf.reduce_all(first == two_calls())))
print("and once more: ", bool(tf.reduce_all(first == two_calls())))
# --8<-- [end:counter]

# --8<-- [start:functions]
@tf.function
def noise():
    return tf.random.normal([3])

@tf.function
def other_noise():
    return tf.random.normal([3])

tf.random.set_seed(7)
print("noise:      ", noise().numpy())
print("noise again:", noise().numpy())
print("other_noise:", other_noise().numpy())
# --8<-- [end:functions]

# --8<-- [start:generator]
import tempfile

generator = tf.random.Generator.from_seed(7)
generator.normal([1000])  # some work
checkpoint = tf.train.Checkpoint(generator=generator)
saved = checkpoint.write(tempfile.mkdtemp() + "/random")
expected = generator.normal([2])

resumed = tf.random.Generator.from_seed(0)
tf.train.Checkpoint(generator=resumed).read(saved).assert_consumed()
print(expected.numpy(), resumed.normal([2]).numpy(), sep="\n")
print("state:", generator.state.numpy(), resumed.state.numpy())
# --8<-- [end:generator]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:inside]
    @tf.function
    def draw():
        own = tf.random.Generator.from_seed(7)
        return own.normal([2])

    draw()
    # --8<-- [end:inside]

# --8<-- [start:outside]
@tf.function
def draw(source):
    return source.normal([2])

for worker in tf.random.Generator.from_seed(7).split(3):
    print(draw(worker).numpy(), draw(worker).numpy())
# --8<-- [end:outside]

# --8<-- [start:stateless]
key = tf.constant([7, 0])
print(tf.random.stateless_uniform([3], key).numpy())
print(tf.random.stateless_uniform([3], key).numpy())
left, right = tf.random.split(key)
print(tf.random.stateless_uniform([3], left).numpy())
print(tf.random.stateless_uniform([3], right).numpy())
# --8<-- [end:stateless]

# --8<-- [start:fold]
def flip(number):
    return tf.random.stateless_uniform([], tf.random.fold_in(key, number)) < 0.5

forwards = {n: bool(flip(n)) for n in range(8)}
backwards = {n: bool(flip(n)) for n in reversed(range(8))}
assert forwards == backwards
print("flipped:", [n for n, yes in forwards.items() if yes])
# --8<-- [end:fold]

# --8<-- [start:reach]
import random

import keras
import numpy as np

def dense_kernel():
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    return layer.kernel

def fitted():
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x = np.arange(8.0).reshape(8, 1) / 8
    model.fit(x, x**2, batch_size=2, verbose=0)
    return model.layers[0].kernel

sources = {
    "random.random": random.random,
    "np.random.rand": np.random.rand,
    "np.random.default_rng": lambda: np.random.default_rng().random(),
    "tf.random.normal": lambda: tf.random.normal([3]),
    "order in fit": fitted,
    "weights of a layer": dense_kernel,
    "Dropout": lambda: keras.layers.Dropout(0.5)(np.ones(30), training=True),
}
seeders = {"random": random.seed, "np.random": np.random.seed,
           "tf.random": tf.random.set_seed,
           "keras.utils": keras.utils.set_random_seed}

def after(start, seed, source):
    keras.utils.set_random_seed(start)  # what happened before differs …
    seed(1)  # … then one seed is set
    return np.asarray(source()).tolist()

print(f"{'':22}", *(f"{name:11}" for name in seeders))
for name, source in sources.items():
    marks = ["yes" if after(10, s, source) == after(20, s, source) else "-"
             for s in seeders.values()]
    print(f"{name:22}", *(f"{mark:11}" for mark in marks))
# --8<-- [end:reach]

# --8<-- [start:training]
x = np.linspace(-1, 1, 64).reshape(64, 1)

def trained():
    model = keras.Sequential([keras.layers.Dense(16, "relu"),
                              keras.layers.Dropout(0.2), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, abs(x), epochs=2, batch_size=16, verbose=0)
    return np.concatenate([w.ravel() for w in model.get_weights()])

for seed in (tf.random.set_seed, keras.utils.set_random_seed):
    same = after(10, seed, trained) == after(20, seed, trained)
    print(f"{seed.__name__:15} same weights, to the last bit: {same}")
# --8<-- [end:training]

# --8<-- [start:gpu-order]
from tfnotes import timing

numbers = tf.random.normal([1_000_000], seed=1)
groups = tf.random.uniform([1_000_000], maxval=10, dtype=tf.int32, seed=2)


def sums():
    return tf.math.unsorted_segment_sum(numbers, groups, 10)


for name in ("as it comes", "deterministic"):
    if name == "deterministic":
        tf.config.experimental.enable_op_determinism()
    different = len({sums().numpy().tobytes() for _ in range(50)})
    time = timing.measure(sums).median * 1e6
    print(f"{name:13} {different:2} results in 50 runs, {time:,.0f} µs each")
# --8<-- [end:gpu-order]

with contextlib.suppress(RuntimeError):  # the page shows this error
    # --8<-- [start:determinism]
    tf.config.experimental.enable_op_determinism()
    with tf.Graph().as_default():  # a new graph has no seed
        tf.random.uniform([2])
    # --8<-- [end:determinism]

# --8<-- [start:initializer]
shared = keras.initializers.RandomNormal()
layers = [keras.layers.Dense(2, kernel_initializer=shared) for _ in range(2)]
for layer in layers:
    layer.build((None, 2))
print("one object for both:", np.array_equal(layers[0].kernel, layers[1].kernel))
name = "random_normal"
layers = [keras.layers.Dense(2, kernel_initializer=name) for _ in range(2)]
for layer in layers:
    layer.build((None, 2))
print("one name for both:  ", np.array_equal(layers[0].kernel, layers[1].kernel))
# --8<-- [end:initializer]

# --8<-- [start:together]
pictures = tf.range(6) * 10
labels = tf.range(6)
apart = tf.random.shuffle(pictures), tf.random.shuffle(labels)
print("apart:   ", apart[0].numpy(), apart[1].numpy())
order = tf.random.shuffle(tf.range(6))
pictures, labels = tf.gather(pictures, order), tf.gather(labels, order)
print("together:", pictures.numpy(), labels.numpy())
tf.debugging.assert_equal(pictures, labels * 10)
# --8<-- [end:together]

# --8<-- [start:rejection]
values = tf.random.normal([100_000])
while tf.reduce_any(outside := tf.abs(values) > 2):
    values = tf.where(outside, tf.random.normal([100_000]), values)
library = tf.random.truncated_normal([100_000])
edges = tf.linspace(-2.0, 2.0, 9)[1:-1]
for name, v in {"by hand": values, "library": library}.items():
    below = tf.reduce_mean(tf.cast(v[:, tf.newaxis] < edges, tf.float32), axis=0)
    print(name, below.numpy().round(2))
# --8<-- [end:rejection]

# --8<-- [start:gumbel]
logits = tf.math.log(wanted)
uniform = tf.random.uniform([10_000, 3], minval=1e-20)
gumbel = -tf.math.log(-tf.math.log(uniform))
classes = tf.argmax(logits + gumbel, axis=1, output_type=tf.int32)
print((tf.math.bincount(classes) / 10_000).numpy().round(2))
# --8<-- [end:gumbel]
