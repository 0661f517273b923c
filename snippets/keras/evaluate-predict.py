"""Asking a trained model: evaluate, predict, calling it, and one image from outside."""

import contextlib

# --8<-- [start:train]
import keras
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw import plotting

fashion = data.fashion_mnist()
x_train, y_train = fashion.x_train[:10_000] / 255, fashion.y_train[:10_000]
x_test, y_test = fashion.x_test / 255, fashion.y_test

model = keras.Sequential(
    [
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10),
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[
        "accuracy",
        keras.metrics.SparseTopKCategoricalAccuracy(3, name="top3"),
    ],
)
model.fit(x_train, y_train, epochs=5, verbose=0)
fashion
# --8<-- [end:train]

# --8<-- [start:doors]
some = x_test[:100]
called = model(some)
answers = {
    "model(x)": called,
    "training=True": model(some, training=True),
    "predict_on_batch": model.predict_on_batch(some),
    "predict": model.predict(some, verbose=0),
    "batch_size=1": model.predict(some, batch_size=1, verbose=0),
}
for name, scores in answers.items():
    off = np.abs(scores - called).max()
    print(f"{name:17}{type(scores).__name__:12} {scores.shape} off by {off:.0e}")
# --8<-- [end:doors]

# --8<-- [start:loop]
from collections import Counter

done = Counter()
count = keras.callbacks.LambdaCallback(
    on_predict_begin=lambda logs: done.update(["set up"]),
    on_predict_batch_end=lambda batch, logs: done.update(["batches"]),
)
each = [
    model.predict(picture[None], verbose=0, callbacks=[count])
    for picture in some[:64]
]
print("a call for each image:", dict(done))

done.clear()
at_once = model.predict(some[:64], verbose=0, callbacks=[count])
print("one call for all:       ", dict(done))
np.testing.assert_allclose(np.concatenate(each), at_once, atol=1e-4)
# --8<-- [end:loop]


# --8<-- [start:spy]
class Spy(keras.Model):
    def call(self, x):
        print("Python sees", x.shape)
        return model(x)


spy = Spy()


def tell(batch, logs):
    print("  out:", logs["outputs"].shape)


note = keras.callbacks.LambdaCallback(on_predict_batch_end=tell)
for n in [10, 10]:
    print(f"predict, {n} rows")
    spy.predict(x_test[:n], batch_size=4, verbose=0, callbacks=[note])
for n in [10, 10]:
    print(f"call, {n} rows")
    spy(x_test[:n])
# --8<-- [end:spy]

# --8<-- [start:names]
print("a list:", np.round(model.evaluate(x_test, y_test, verbose=0), 4))
print("names: ", model.metrics_names)
result = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
for name, value in result.items():
    print(f"{name}: {value:.4f}")
# --8<-- [end:names]

# --8<-- [start:by-hand]
scores = model.predict(x_test, verbose=0)
chances = tf.nn.softmax(scores).numpy()
of_truth = chances[np.arange(len(y_test)), y_test]
losses = -np.log(of_truth)
place = np.sum(chances > of_truth[:, None], axis=1)  # how many are likelier
print(f"loss     {losses.mean():.4f}")
print(f"accuracy {np.mean(place < 1):.4f}")
print(f"top3     {np.mean(place < 3):.4f}")
# --8<-- [end:by-hand]

# --8<-- [start:weighted]
parts = [losses[i:100][:32] for i in range(0, 100, 32)]
rows, means = [len(part) for part in parts], [part.mean() for part in parts]
loss = model.evaluate(some, y_test[:100], verbose=0)[0]
print("rows:", rows)
print("means:", np.round(means, 3))
print(f"mean of the means: {np.mean(means):.4f}")
print(f"weighted by rows:  {np.average(means, weights=rows):.4f}")
print(f"evaluate:          {loss:.4f}")
# --8<-- [end:weighted]


# --8<-- [start:function]
def found(y, chance):
    """Of the true ones, the share that the model finds."""
    hits = tf.reduce_sum(tf.where(chance > 0.5, y, 0.0))
    return tf.math.divide_no_nan(hits, tf.reduce_sum(y))


shirt = fashion.classes.index("Shirt")
is_shirt = (y_test == shirt)[:, None].astype("float32")
chance = keras.ops.softmax(model.outputs[0])[:, shirt : shirt + 1]
judge = keras.Model(model.inputs, chance)
judge.compile(
    loss="binary_crossentropy",
    metrics=[found, keras.metrics.Recall(), keras.metrics.AUC(name="auc")],
)
for size in [10, 100, len(x_test)]:
    result = judge.evaluate(
        x_test, is_shirt, batch_size=size, verbose=0, return_dict=True
    )
    values = [f"{key} {result[key]:.3f}" for key in ["found", "recall", "auc"]]
    print(f"batch size {size}:", ", ".join(values))
# --8<-- [end:function]

# --8<-- [start:shuffled]
pairs = tf.data.Dataset.from_tensor_slices((x_test, y_test))
mixed = pairs.shuffle(len(x_test)).batch(32)
guesses = model.predict(mixed, verbose=0).argmax(axis=1)
truth = np.concatenate([y for _, y in mixed])
print(f"by predict:  {np.mean(guesses == truth):.2f}")
print(f"by evaluate: {model.evaluate(mixed, verbose=0)[1]:.2f}")
# --8<-- [end:shuffled]

# --8<-- [start:label]
guesses = chances.argmax(axis=1)
assert np.array_equal(guesses, scores.argmax(axis=1))  # softmax keeps the order

for i in range(3):
    best = chances[i].argsort()[::-1][:3]
    shown = [f"{fashion.classes[c]} {chances[i, c]:.3f}" for c in best]
    print(f"truth {fashion.classes[y_test[i]]}: ", ", ".join(shown))
# --8<-- [end:label]

# --8<-- [start:confusion]
import matplotlib.pyplot as plt
from matplotlib.colors import to_rgba

table = tf.math.confusion_matrix(y_test, guesses).numpy()
share = table / table.sum(axis=1, keepdims=True)
fill = np.tile(to_rgba("C0"), (10, 10, 1))
fill[..., 3] = 0.75 * np.sqrt(share)  # how opaque; the root shows small ones

fig, axes = plt.subplots(figsize=(6.4, 4.6))
axes.imshow(fill, aspect="auto")
for (row, column), n in np.ndenumerate(table):
    if n:
        axes.text(column, row, n, ha="center", va="center", size=9)
axes.set_xticks(range(10), fashion.classes, rotation=40, ha="right")
axes.set_yticks(range(10), fashion.classes)
axes.set(xlabel="the model says", ylabel="truth")
# --8<-- [end:confusion]

# --8<-- [start:surest]
sure = chances.max(axis=1)
wrong = np.flatnonzero(guesses != y_test)
worst = wrong[sure[wrong].argsort()[::-1]][:8]
print("wrong:", len(wrong), "of", len(y_test))
names = fashion.classes
titles = [
    f"{names[guesses[i]]} {sure[i]:.2f}\nnot {names[y_test[i]]}" for i in worst
]
plotting.show_images(fashion.x_test[worst], titles, columns=4, cell=1.5)
# --8<-- [end:surest]

# --8<-- [start:photo]
import io

from matplotlib.figure import Figure


def photograph():
    """A blue dress on a pale wall, as the bytes of a PNG file."""
    left = [(0.42, 0.06), (0.42, 0.40), (0.27, 0.94)]
    outline = left + [(1 - x, y) for x, y in reversed(left)]
    wall = "#f4f1ea"
    paper = Figure(figsize=(2.4, 2.4), dpi=100, layout="none")
    axes = paper.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(1, 0))
    axes.set_axis_off()
    axes.fill(*zip(*outline), color="#1f4e9e")
    file = io.BytesIO()
    paper.savefig(file, format="png", facecolor=wall)
    return file.getvalue()


png = photograph()
# --8<-- [end:photo]

# --8<-- [start:steps]
photo = tf.io.decode_png(png, channels=3)
grey = tf.image.rgb_to_grayscale(photo)
inverted = 255 - grey
small = tf.image.resize(inverted, (28, 28), antialias=True)
ready = small[..., 0] / 255

steps = dict(photo=photo, grey=grey, inverted=inverted, small=small, ready=ready)
for name, step in steps.items():
    low, high = np.min(step), np.max(step)
    kind = f"{step.shape!s:15} {step.dtype.name:8}"
    print(f"{name:9}{kind} {low:.3g} to {high:.3g}")
# --8<-- [end:steps]

# --8<-- [start:look]
first = np.flatnonzero(y_test == names.index("Dress"))[0]
print("the first dress among the test images is number", first)
pictures = {
    "photo": photo,
    "grey": grey,
    "inverted": inverted,
    "ready": ready,
    "a test image": fashion.x_test[first],
}
plotting.show_images(
    list(pictures.values()), list(pictures), columns=5, cell=1.28
)
# --8<-- [end:look]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-batch]
    model.predict(ready, verbose=0)
    # --8<-- [end:no-batch]

# --8<-- [start:no-batch-call]
try:
    model(ready)
except ValueError as error:
    print("Expected" + str(error).split("Expected")[1].splitlines()[0])
# --8<-- [end:no-batch-call]


# --8<-- [start:answer]
def answer(picture):
    batch = picture[None]  # (28, 28) becomes (1, 28, 28)
    chances = tf.nn.softmax(model.predict(batch, verbose=0)[0]).numpy()
    best = chances.argsort()[::-1][:3]
    return ", ".join(f"{names[c]} {chances[c]:.3f}" for c in best)


print(answer(ready))
# --8<-- [end:answer]

# --8<-- [start:silent]
as_it_is = tf.image.resize(grey, (28, 28), antialias=True)[..., 0] / 255
print("right:       ", answer(ready))
print("not inverted:", answer(as_it_is))
print("not divided: ", answer(ready * 255))
# --8<-- [end:silent]

# --8<-- [start:habits]
habits = {
    "right": x_test,
    "not inverted": 1 - x_test,
    "not divided": x_test * 255,
    "divided twice": x_test / 255,
}
chances_of = {}
for name, x in habits.items():
    p = chances_of[name] = tf.nn.softmax(model.predict(x, verbose=0)).numpy()
    guess, sure = p.argmax(axis=1), p.max(axis=1)
    right = guess == y_test
    often = np.bincount(guess).argmax()
    print(
        f"{name + ':':15}accuracy {right.mean():.3f}, sure {sure.mean():.3f},"
        f" when wrong {sure[~right].mean():.3f},"
        f" {names[often]} {np.mean(guess == often):.0%}"
    )
# --8<-- [end:habits]


# --8<-- [start:calibration]
def reliability(axes, chances):
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == y_test
    bins = np.minimum((sure * 10).astype(int), 9)  # tenths: 0.3 to 0.4, …
    gap = 0.0
    for here in [bins == b for b in np.unique(bins)]:
        x, y, part = sure[here].mean(), right[here].mean(), here.mean()
        axes.scatter(x, y, 400 * part, "C0", alpha=0.6)
        gap += part * abs(x - y)
    axes.plot([0, 1], [0, 1], color="C1", linewidth=1, linestyle=":")
    axes.set(xlabel="sure", xlim=(0, 1.05), ylim=(0, 1.05))
    return gap


fig, axes = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
for ax, name in zip(axes, ["right", "not divided"]):
    gap = reliability(ax, chances_of[name])
    print(f"{name}: mean gap {gap:.3f}")
    ax.set_title(name)
axes[0].set_ylabel("share of right answers")
# --8<-- [end:calibration]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    model.test_on_batch(x_test[:32], y_test[:32], reset_metrics=False)
    # --8<-- [end:then]

# --8<-- [start:now]
total = keras.metrics.SparseCategoricalAccuracy()
alone = []
for i in range(0, 100, 32):
    x, y = some[i : i + 32], y_test[:100][i : i + 32]
    alone.append(model.test_on_batch(x, y, return_dict=True)["accuracy"])
    total.update_state(y, model.predict_on_batch(x))
result = model.evaluate(some, y_test[:100], verbose=0, return_dict=True)
print("each batch alone:", np.round(alone, 3))
print(f"together: {total.result():.3f}, evaluate: {result['accuracy']:.3f}")
# --8<-- [end:now]

# --8<-- [start:exercise-inside]
whole = keras.Sequential(
    [
        keras.Input((None, None, 1)),
        keras.layers.Resizing(28, 28, antialias=True),
        keras.layers.Rescaling(-1 / 255, offset=1.0),
        keras.layers.Reshape((28, 28)),
        model,
        keras.layers.Softmax(),
    ]
)
chances = whole.predict(grey[None], verbose=0)[0]
print(names[chances.argmax()], f"{chances.max():.3f}")
expected = tf.nn.softmax(model.predict(ready[None], verbose=0)[0])
np.testing.assert_allclose(chances, expected, atol=1e-5)
# --8<-- [end:exercise-inside]

# --8<-- [start:exercise-one-pass]
guesses, truth = [], []
for x, y in mixed:
    guesses.append(model.predict_on_batch(x).argmax(axis=1))
    truth.append(y)
right = np.concatenate(guesses) == np.concatenate(truth)
print(f"in one pass: {right.mean():.4f}")
print(f"by evaluate: {model.evaluate(mixed, verbose=0)[1]:.4f}")
# --8<-- [end:exercise-one-pass]

# --8<-- [start:exercise-temperature]
half = len(y_test) // 2
raw = model.predict(habits["not divided"], verbose=0)


def loss_of(part, temperature):
    losses = keras.losses.sparse_categorical_crossentropy(
        y_test[part], raw[part] / temperature, from_logits=True
    )
    return np.mean(losses)


first, second = slice(half), slice(half, None)
tried = [1, 10, 50, 100, 150, 200, 250, 300, 400]
best = min(tried, key=lambda temperature: loss_of(first, temperature))
print("best temperature:", best)
for temperature in [1, best]:
    p = tf.nn.softmax(raw[second] / temperature).numpy()
    print(
        f"temperature {temperature}: loss {loss_of(second, temperature):.3f},"
        f" sure {p.max(axis=1).mean():.3f},"
        f" right {np.mean(p.argmax(axis=1) == y_test[second]):.3f}"
    )
# --8<-- [end:exercise-temperature]
