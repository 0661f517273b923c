"""Code of the page keras/fit."""

import contextlib

# --8<-- [start:watcher]
import keras
import numpy as np
import tensorflow as tf


class Watcher(keras.Model):
    """Learns nothing and prints which rows it is handed."""

    def train_step(self, rows):
        x, y, weight = keras.utils.unpack_x_y_sample_weight(rows)
        note = "" if weight is None else f"   weights {weight.numpy()}"
        print("  train", x.numpy(), note)
        return {"loss": 0.0}

    def test_step(self, rows):
        print("  validate", rows[0].numpy())
        return {"loss": 0.0}


def watch(*args, **options):
    model = Watcher()
    model.compile(run_eagerly=True)  # so that print runs for every batch
    tell = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: print("epoch", epoch)
    )
    model.fit(*args, verbose=0, callbacks=[tell], **options)
# --8<-- [end:watcher]


# --8<-- [start:tail]
rows = np.arange(10)
watch(rows, rows, batch_size=4, epochs=2, validation_split=0.3)
# --8<-- [end:tail]

# --8<-- [start:reshuffled]
shuffled = tf.data.Dataset.range(7).shuffle(7).batch(4)
watch(shuffled, epochs=2, shuffle=False)
# --8<-- [end:reshuffled]

# --8<-- [start:sorted]
from tfnotes import data

iris = data.iris()
print("labels, every tenth:", iris.y[::10])


def classifier(rate=0.01):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


run = classifier(0.05).fit(
    iris.x, iris.y, epochs=20,
    shuffle=True, validation_split=1 / 3, verbose=0,
)
print(f"accuracy {run.history['accuracy'][-1]:.2f}")
print(f"val_accuracy {run.history['val_accuracy'][-1]:.2f}")
# --8<-- [end:sorted]

# --8<-- [start:shuffled]
order = np.random.default_rng(0).permutation(len(iris.y))
x, y = iris.x[order], iris.y[order]

split = classifier(0.05).fit(x, y, epochs=20, validation_split=0.2, verbose=0)
print(f"val_accuracy {split.history['val_accuracy'][-1]:.2f}")

cut = int(len(x) * 0.8)
given = classifier(0.05).fit(
    x[:cut], y[:cut], epochs=20,
    validation_data=(x[cut:], y[cut:]), verbose=0,
)
assert given.history == split.history
# --8<-- [end:shuffled]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:dataset-split]
    pairs = tf.data.Dataset.from_tensor_slices((x, y)).batch(30)
    classifier().fit(pairs, validation_split=0.2)
    # --8<-- [end:dataset-split]

# --8<-- [start:moving]
model = classifier(0.05)
run = model.fit(x, y, epochs=1, verbose=0, validation_data=(x, y))
print(f"loss in the history: {run.history['loss'][0]:.4f}")
print(f"val_loss: {run.history['val_loss'][0]:.4f}")
print(f"evaluate: {model.evaluate(x, y, verbose=0)[0]:.4f}")
# --8<-- [end:moving]

# --8<-- [start:freq]
model = classifier()
for freq in [1, 2, [1, 2, 5]]:
    run = model.fit(
        x, y, epochs=6, validation_split=0.2, validation_freq=freq, verbose=0
    )
    print(freq, {name: len(values) for name, values in run.history.items()})
# --8<-- [end:freq]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:class-weight]
    kinds = np.array([0, 0, 0, 1, 0, 2])
    by_kind, by_row = {0: 1.0, 1: 5.0}, np.ones(6)
    watch(np.arange(6), kinds, shuffle=False, class_weight=by_kind)
    watch(np.arange(6), kinds, class_weight=by_kind, sample_weight=by_row)
    # --8<-- [end:class-weight]

# --8<-- [start:rare]
rng = np.random.default_rng(2)


def points(n_common, n_rare):
    kind = np.repeat([0, 1], [n_common, n_rare])
    where = rng.normal(2.0 * kind, 1.0)  # the rare kind lies around 2
    return where[:, None].astype("float32"), kind


train, test = points(1900, 100), points(9500, 500)


def alarm(rate=0.1):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
    )
    return model


for weight in [None, {0: 1.0, 1: 19.0}]:
    model = alarm()
    model.fit(*train, batch_size=200, epochs=20, class_weight=weight, verbose=0)
    says = model.predict(test[0], verbose=0)[:, 0] > 0
    found = np.mean(says[test[1] == 1])
    false = np.mean(says[test[1] == 0])
    print(f"class_weight={weight}")
    print(f"  accuracy {np.mean(says == test[1]):.3f}")
    print(f"  rare found {found:.3f}, false alarms {false:.3f}")
# --8<-- [end:rare]

# --8<-- [start:not-comparable]
run = alarm(rate=0.0).fit(
    *train, validation_data=train, class_weight={0: 1.0, 1: 19.0}, verbose=0
)
for name, values in run.history.items():
    print(f"{name}: {values[0]:.4f}")
# --8<-- [end:not-comparable]

# --8<-- [start:sample-weight]
a = np.array([[1.0], [2.0], [3.0], [4.0]], dtype="float32")
b = np.array([1.0, 2.0, 9.0, 4.0], dtype="float32")


def fitted(a, b, weights=None):
    keras.utils.set_random_seed(1)
    line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    line.compile("sgd", "mse")
    line.fit(a, b, epochs=50, sample_weight=weights, verbose=0)
    return np.concatenate([value.ravel() for value in line.get_weights()])


weighted = fitted(a, b, weights=np.array([2.0, 1.0, 0.0, 1.0]))
repeated = fitted(a[[0, 0, 1, 3]], b[[0, 0, 1, 3]])
print("weights:      ", weighted)
print("repeated rows:", repeated)
np.testing.assert_allclose(weighted, repeated, rtol=1e-5)
# --8<-- [end:sample-weight]

# --8<-- [start:steps]
endless = tf.data.Dataset.range(10).batch(4).repeat()
watch(endless, steps_per_epoch=2, epochs=3)
# --8<-- [end:steps]

# --8<-- [start:ran-out]
watch(tf.data.Dataset.range(10).batch(4), steps_per_epoch=2, epochs=3)
# --8<-- [end:ran-out]

# --8<-- [start:execution]
from time import perf_counter

many = np.linspace(0, 1, 16_000, dtype="float32")[:, None]
results = []
for steps in [1, 50]:
    keras.utils.set_random_seed(1)
    line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    line.compile("sgd", "mse", steps_per_execution=steps)
    calls = []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: calls.append(batch)
    )
    line.fit(many, many, verbose=0)  # trace first, then look at the clock
    start = perf_counter()
    line.fit(many, many, verbose=0, callbacks=[count])
    seconds = perf_counter() - start
    print(f"{steps}: {len(calls)} calls, first {calls[:2]}, {seconds:.2f} s")
    results.append(line.get_weights())
np.testing.assert_allclose(results[0][0], results[1][0], rtol=1e-4)
# --8<-- [end:execution]

# --8<-- [start:initial]
once = classifier()
whole = once.fit(x, y, epochs=5, shuffle=False, verbose=0)

model = classifier()
first = model.fit(x, y, epochs=3, shuffle=False, verbose=0)
second = model.fit(x, y, epochs=5, initial_epoch=3, shuffle=False, verbose=0)
print("epochs:", first.epoch, "then", second.epoch)
both = first.history["loss"] + second.history["loss"]
assert both == whole.history["loss"]

third = model.fit(x, y, epochs=5, initial_epoch=5, verbose=0)
print("and then:", third.epoch, third.history)
# --8<-- [end:initial]

# --8<-- [start:noisy]
rng = np.random.default_rng(0)
wave = rng.uniform(-3, 3, (90, 1)).astype("float32")
height = np.sin(wave) + rng.normal(0, 0.5, wave.shape)

keras.utils.set_random_seed(0)
net = keras.Sequential(
    [keras.Input((1,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)]
)
net.compile(keras.optimizers.Adam(0.05), "mse")
batches = tf.data.Dataset.from_tensor_slices((wave[:60], height[:60]))
batches = batches.shuffle(60).batch(4)
rest = (wave[60:], height[60:])
run = net.fit(
    batches, epochs=60, validation_data=rest, shuffle=False, verbose=0
)
# --8<-- [end:noisy]


# --8<-- [start:ema]
def smoothed(values, keep=0.8):
    """The exponential moving average, corrected for having started at 0."""
    average, out = 0.0, []
    for n, value in enumerate(values, start=1):
        average = keep * average + (1 - keep) * value
        out.append(average / (1 - keep**n))
    return np.array(out)


losses = np.array(run.history["val_loss"])
age = np.arange(len(losses))[::-1]  # 0 for the newest
mean = np.average(losses, weights=0.8**age)
np.testing.assert_allclose(smoothed(losses)[-1], mean)

for keep in [0.5, 0.8, 0.95]:
    jump = smoothed([1.0] * 200 + [0.0] * 40, keep)[200:]
    half = np.argmax(jump < 0.5) + 1
    print(f"keep {keep}: half of a jump shows after {half} epochs")
# --8<-- [end:ema]

# --8<-- [start:smooth]
import matplotlib.pyplot as plt

epochs = np.array(run.epoch) + 1
fig, axes = plt.subplots(figsize=(6.4, 3.2))
for name, colour in [("loss", "C0"), ("val_loss", "C1")]:
    raw = np.array(run.history[name])
    axes.plot(epochs, raw, color=colour, alpha=0.35)
    axes.plot(epochs, smoothed(raw), color=colour, label=name)
    low, smooth_low = epochs[raw.argmin()], epochs[smoothed(raw).argmin()]
    print(f"{name}: lowest in epoch {low}, smoothed in epoch {smooth_low}")
axes.axhline(0.25, color="C3", linewidth=1, linestyle=":", label="noise")
axes.set(xlabel="epoch", ylabel="mean squared error", ylim=(0, 0.8))
axes.legend(ncols=3)
# --8<-- [end:smooth]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    batches = ((x[:32], y[:32]) for _ in range(3))
    model.fit_generator(batches, steps_per_epoch=3)
    # --8<-- [end:then]

# --8<-- [start:exercise-epochs]
run = model.fit(
    x, y, epochs=10, initial_epoch=4,
    validation_split=0.2, validation_freq=3, verbose=0,
)
print(run.epoch, len(run.history["loss"]), len(run.history["val_loss"]))
# --8<-- [end:exercise-epochs]

# --8<-- [start:exercise-balance]
counts = np.bincount(train[1])
fair = len(train[1]) / len(counts)  # the rows of a kind, were they shared evenly
balance = {kind: fair / n for kind, n in enumerate(counts)}
print({kind: round(float(weight), 3) for kind, weight in balance.items()})

run = alarm(rate=0.0).fit(*train, class_weight=balance, verbose=0)
print(f"loss {run.history['loss'][0]:.4f}")
# --8<-- [end:exercise-balance]

# --8<-- [start:exercise-place]
run = classifier().fit(
    x, y, epochs=30, validation_split=0.2, validation_freq=5, verbose=0
)
checked = np.arange(5, 31, 5)  # counted from 1

fig, axes = plt.subplots(figsize=(6.4, 2.6))
axes.plot(np.array(run.epoch) + 1, run.history["loss"], label="loss")
axes.plot(checked, run.history["val_loss"], "o--", label="val_loss")
axes.set(xlabel="epoch", ylabel="loss")
axes.legend()
# --8<-- [end:exercise-place]
