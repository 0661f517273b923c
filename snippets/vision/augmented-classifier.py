"""Cats and dogs from a hundred photographs: overfit, then augment."""

# --8<-- [start:photos]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

pets = data.pets(32)
rng = np.random.default_rng(0)
cats = rng.permutation(np.flatnonzero(pets.y == 0))
dogs = rng.permutation(np.flatnonzero(pets.y == 1))


def pick(start, stop):
    """The same number of cats and dogs, taking turns."""
    order = np.stack([cats[start:stop], dogs[start:stop]], axis=1).ravel()
    return pets.x[order].astype("float32"), pets.y[order]


train_x, train_y = pick(0, 60)
val_x, val_y = pick(60, 120)
print("all photographs: cats", len(cats), "dogs", len(dogs))
print("training", len(train_x), "validation", len(val_x))
show_images(train_x[:12] / 255, [pets.classes[k] for k in train_y[:12]], 6)
# --8<-- [end:photos]

# --8<-- [start:model]
layers = tf.keras.layers


def make_model(augment=()):
    return tf.keras.Sequential(
        [
            tf.keras.Input([32, 32, 3]),
            *augment,
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(16, 3, 2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, 2, padding="same", activation="relu"),
            layers.Conv2D(64, 3, 2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


print("parameters", make_model().count_params(), "photographs", len(train_x))
# --8<-- [end:model]

# --8<-- [start:train]
import functools


@functools.cache  # the same training is used more than once below
def train(n, augmented, seed):
    """Eight rounds of 25 steps with n cats and n dogs."""
    tf.keras.utils.set_random_seed(seed)
    model = make_model(changes() if augmented else ())
    model.compile(
        optimizer=tf.keras.optimizers.Adam(0.001),
        loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[tf.keras.metrics.BinaryAccuracy("accuracy", threshold=0)],
    )
    # Or the first step makes its variables, and is traced twice.
    model.optimizer.build(model.trainable_variables)
    batches = tf.data.Dataset.from_tensor_slices(pick(0, n))
    batches = batches.shuffle(2 * n).repeat().batch(20)
    history = model.fit(
        batches,
        steps_per_epoch=25,
        epochs=8,
        shuffle=False,  # the dataset shuffles
        validation_data=(val_x, val_y),
        validation_batch_size=40,  # no smaller last batch, no second trace
        verbose=0,
    )
    return model, history.history


# --8<-- [end:train]


# --8<-- [start:curves]
def draw(axes, history, title):
    steps = 25 * np.arange(1, 9)
    axes.plot(steps, history["loss"], label="training")
    axes.plot(steps, history["val_loss"], label="validation")
    axes.set(title=title, xlabel="steps", ylim=(0, 2.5), xticks=[0, 100, 200])
    axes.set_yticks([0, 1, 2])
    axes.axhline(np.log(2), color="gray", linestyle=":")


plain, plain_history = train(60, False, 0)
figure, axes = plt.subplots(figsize=(4, 2.6))
draw(axes, plain_history, "loss without augmentation")
axes.legend()
for name in ("accuracy", "val_accuracy"):
    print(f"{name:12} last {plain_history[name][-1]:.2f}")
# --8<-- [end:curves]

# --8<-- [start:coin]
flips = rng.binomial(len(val_x), 0.5, size=10000) / len(val_x)
low, high = np.quantile(flips, [0.025, 0.975])
print(f"guessing on {len(val_x)} photographs: {low:.2f} to {high:.2f}")
flips = rng.binomial(2000, 0.5, size=10000) / 2000
low, high = np.quantile(flips, [0.025, 0.975])
print(f"guessing on 2000 photographs: {low:.2f} to {high:.2f}")
# --8<-- [end:coin]


# --8<-- [start:changes]
def changes():
    return (
        layers.RandomFlip("horizontal", seed=1),
        layers.RandomTranslation(0.1, 0.1, seed=2),
        layers.RandomZoom(0.15, seed=3),
    )


one = tf.repeat(train_x[:2], 6, axis=0)
for layer in changes():
    one = layer(one, training=True)
show_images(one / 255, columns=6)
# --8<-- [end:changes]

# --8<-- [start:augmented]
augmented, augmented_history = train(60, True, 0)
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.6), sharey=True)
draw(left, plain_history, "without")
draw(right, augmented_history, "with augmentation")
right.legend()
for name, history in ("without", plain_history), ("with", augmented_history):
    losses = history["val_loss"]
    print(f"{name}: last validation loss {losses[-1]:.2f},", end=" ")
    print(f"lowest {min(losses):.2f},", end=" ")
    print(f"last accuracy {history['val_accuracy'][-1]:.2f}")
# --8<-- [end:augmented]

# --8<-- [start:clean]
clean = augmented.evaluate(train_x, train_y, verbose=0, return_dict=True)
for name, value in {
    "training, as fit reports it": augmented_history["accuracy"][-1],
    "the same photographs unchanged": clean["accuracy"],
    "validation": augmented_history["val_accuracy"][-1],
}.items():
    print(f"{name:31} {value:.2f}")
# --8<-- [end:clean]

# --8<-- [start:learning]
sizes = [15, 30, 60]
found = {
    (n, kind): [train(n, kind, seed)[1] for seed in (0, 1)]
    for n in sizes
    for kind in (False, True)
}
print("photographs   without        with")
for n in sizes:
    row = f"{2 * n:8}   "
    for kind in (False, True):
        last = [h["val_accuracy"][-1] for h in found[n, kind]]
        row += f"   {min(last):.2f} to {max(last):.2f}"
    print(row)
# --8<-- [end:learning]

# --8<-- [start:learning-loss]
figure, axes = plt.subplots(figsize=(4.4, 2.8))
for kind, name in (False, "without"), (True, "with augmentation"):
    last = [[h["val_loss"][-1] for h in found[n, kind]] for n in sizes]
    axes.plot([2 * n for n in sizes], np.mean(last, 1), marker="o", label=name)
    axes.fill_between(
        [2 * n for n in sizes], np.min(last, 1), np.max(last, 1), alpha=0.2
    )
axes.axhline(np.log(2), color="gray", linestyle=":")
axes.set(xlabel="training photographs", title="validation loss after 200 steps")
axes.set(xticks=[30, 60, 120], yticks=[0, 1, 2, 3, 4], ylim=(0, 4.5))
axes.legend()
for n in sizes:
    print(
        2 * n,
        "photographs: without",
        f"{np.mean([h['val_loss'][-1] for h in found[n, False]]):.1f}",
        "with",
        f"{np.mean([h['val_loss'][-1] for h in found[n, True]]):.1f}",
    )
# --8<-- [end:learning-loss]

# --8<-- [start:threshold]
logits = np.array([-1.0, 0.2, 0.4, 3.0])
print("probabilities", tf.sigmoid(logits).numpy().round(2))
for threshold in (0.5, 0.0):
    metric = tf.keras.metrics.BinaryAccuracy(threshold=threshold)
    metric.update_state([0, 1, 1, 1], logits)
    print("threshold", threshold, "accuracy", float(metric.result()))
# --8<-- [end:threshold]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:two-units]
    two = tf.keras.Sequential([*make_model().layers[:-1], layers.Dense(2)])
    two.compile(loss=tf.keras.losses.BinaryCrossentropy(from_logits=True))
    two.train_on_batch(train_x[:4], train_y[:4])
    # --8<-- [end:two-units]

with contextlib.suppress(KeyError):
    # --8<-- [start:then]
    plain_history["acc"]
    # --8<-- [end:then]

# --8<-- [start:solution-stop]
for name, history in ("without", plain_history), ("with", augmented_history):
    best = int(np.argmin(history["val_loss"]))
    print(f"{name:8} best after {25 * (best + 1)} steps")
# --8<-- [end:solution-stop]


# --8<-- [start:solution-tta]
def loss_of(logits):
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    return float(loss(val_y[:, None], logits))


once = augmented.predict(val_x, verbose=0)
mirrored = augmented.predict(val_x[:, :, ::-1], verbose=0)
print(f"one look {loss_of(once):.2f}")
print(
    f"mean of the photograph and its mirror image {loss_of((once + mirrored) / 2):.2f}"
)
# --8<-- [end:solution-tta]

# --8<-- [start:solution-two]
two = tf.keras.Sequential([*make_model().layers[:-1], layers.Dense(2)])
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
two.compile(loss=loss, metrics=["accuracy"])
history = two.fit(train_x, train_y, batch_size=40, verbose=0).history
print(sorted(history), "parameters", two.count_params())
# --8<-- [end:solution-two]
