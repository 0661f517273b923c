"""Augmentation: layers, tf.image and the old generator on the same images; and does it help."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

pets = data.pets(64)
image = tf.cast(pets.x[0], tf.float32)
turn = tf.keras.layers.RandomRotation(0.1, seed=1)
for training in (True, False):
    changed = bool(tf.reduce_any(turn(image[None], training=training) != image))
    print(f"training={training}: changed {changed}")
# --8<-- [end:smallest]

# --8<-- [start:grid]
layers = tf.keras.layers
kinds = {
    "RandomFlip": layers.RandomFlip("horizontal", seed=1),
    "RandomRotation": layers.RandomRotation(0.1, seed=1),
    "RandomZoom": layers.RandomZoom(0.3, seed=1),
    "RandomTranslation": layers.RandomTranslation(0.2, 0.2, seed=1),
    "RandomContrast": layers.RandomContrast(0.6, seed=1),
    "RandomBrightness": layers.RandomBrightness(0.3, seed=1),
}
figure, axes = plt.subplots(len(kinds), 5, figsize=(5.2, 6.2))
for row, (name, layer) in zip(axes, kinds.items()):
    row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for ax in row:
        ax.imshow(layer(image[None], training=True)[0] / 255)
        ax.set(xticks=[], yticks=[])
# --8<-- [end:grid]

# --8<-- [start:where]
augment = tf.keras.Sequential(
    [layers.RandomFlip(seed=1), layers.RandomRotation(0.1, seed=2)]
)
inside = tf.keras.Sequential(
    [tf.keras.Input([64, 64, 3]), augment, layers.Flatten(), layers.Dense(1)]
)
chosen = np.linspace(0, len(pets.x) - 1, 8).astype(int)
images = tf.cast(pets.x[chosen], tf.float32)
in_pipeline = tf.data.Dataset.from_tensor_slices(images).batch(4)
in_pipeline = in_pipeline.map(lambda batch: augment(batch, training=True))
print("in a pipeline:", next(iter(in_pipeline)).shape)
same = np.allclose(
    inside.predict(images, verbose=0), inside.predict(images, verbose=0)
)
print("predict leaves images alone:", same)
# --8<-- [end:where]


# --8<-- [start:where-speed]
from tfnotes import timing

side, batch = timing.sizes(full=[128, 64], small=[16, 4])
pictures = tf.random.uniform([4 * batch, side, side, 3], maxval=255.0)
answers = tf.zeros([4 * batch], tf.int32)


def changes():
    return tf.keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomRotation(0.1),
            layers.RandomZoom(0.2),
        ]
    )


def classifier(*first):
    conv = [layers.Conv2D(n, 3, 2, activation="relu") for n in (32, 64, 64)]
    end = [layers.GlobalAveragePooling2D(), layers.Dense(2)]
    model = tf.keras.Sequential(
        [*first, layers.Rescaling(1 / 255), *conv, *end]
    )
    model.compile(
        "sgd", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    return model


plain = tf.data.Dataset.from_tensor_slices((pictures, answers)).batch(batch)
outside = changes()
augmented = plain.map(
    lambda x, y: (outside(x, training=True), y), tf.data.AUTOTUNE
).prefetch(1)
speeds = timing.Benchmark("augmentation", show="rate", item="image")
for name, model, images_of in [
    ("none", classifier(), plain.prefetch(1)),
    ("in the model", classifier(changes()), plain.prefetch(1)),
    ("in the pipeline", classifier(), augmented),
]:
    run = timing.measure(
        lambda: model.fit(images_of, shuffle=False, verbose=0), budget=2
    )
    speeds.add("an epoch", name, run, items=len(pictures))
speeds
# --8<-- [end:where-speed]


# --8<-- [start:pipeline-evaluate]
def outcomes(dataset):
    return len({batch.numpy().tobytes() for _ in range(5) for batch in dataset})


one = tf.data.Dataset.from_tensors(images)
print(
    "different batches in 5 rounds, augmented:",
    outcomes(one.map(lambda b: augment(b, training=True))),
)
print(
    "cache behind it:",
    outcomes(one.map(lambda b: augment(b, training=True)).cache()),
)
print(
    "training forgotten:",
    outcomes(one.map(lambda b: augment(b, training=False))),
)
# --8<-- [end:pipeline-evaluate]

# --8<-- [start:tf-image]
seeds = [(0, n) for n in range(6)]
flipped = [
    tf.image.stateless_random_flip_left_right(image, seed) for seed in seeds
]
print([bool(tf.reduce_all(f == image)) for f in flipped])
cropped = tf.image.stateless_random_crop(image, [48, 48, 3], (1, 2))
bright = tf.image.stateless_random_brightness(image / 255, 0.4, (1, 2))
print(cropped.shape, f"brightness reaches {float(tf.reduce_max(bright)):.2f}")
# --8<-- [end:tf-image]

# --8<-- [start:python-random]
import random


def python_random(image):
    if random.random() < 0.5:  # runs once, while the function is traced
        return tf.image.flip_left_right(image)
    return image


random.seed(1)
eight = tf.data.Dataset.from_tensors(image).repeat(8).map(python_random)
print([bool(tf.reduce_all(x == image)) for x in eight])
in_graph = tf.data.Dataset.from_tensors(image).repeat(8)
in_graph = in_graph.map(lambda x: tf.image.random_flip_left_right(x, seed=1))
print([bool(tf.reduce_all(x == image)) for x in in_graph])
# --8<-- [end:python-random]

# --8<-- [start:masks]
mask = tf.cast(pets.masks[0], tf.float32)[..., None]
both = tf.concat([image, mask * 255], axis=-1)
turn = layers.RandomRotation((0.08, 0.08), fill_mode="constant", seed=1)
apart = turn(image[None], training=True)[0], mask
together = turn(both[None], training=True)[0]
figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.3))
shown = {
    "before": (image, mask),
    "image turned alone": apart,
    "turned together": (together[..., :3], together[..., 3:] / 255),
}
for ax, (name, (picture, found)) in zip(axes, shown.items()):
    ax.imshow(picture / 255)
    ax.contour(found[..., 0], [0.5], colors="red")
    ax.set(title=name, xticks=[], yticks=[])
# --8<-- [end:masks]

# --8<-- [start:boxes]
left, top, right, bottom = 10, 20, 30, 50
width = 64
print("flipped box:", (width - right, top, width - left, bottom))
marked = np.zeros([64, 64, 1], np.float32)
marked[top:bottom, left:right] = 1
columns = np.flatnonzero(
    tf.image.flip_left_right(marked)[..., 0].numpy().any(axis=0)
)
print("columns of the flipped image:", columns.min(), "to", columns.max() + 1)
# --8<-- [end:boxes]

# --8<-- [start:labels]
mnist = data.mnist()
digit = mnist.x_train[np.flatnonzero(mnist.y_train == 6)[0]]
figure, axes = plt.subplots(1, 3, figsize=(4.4, 1.6))
for ax, (name, turned) in zip(
    axes,
    {
        "a 6": digit,
        "turned by 180°": digit[::-1, ::-1],
        "mirrored": digit[:, ::-1],
    }.items(),
):
    ax.imshow(turned, cmap="gray_r")
    ax.set(title=name, xticks=[], yticks=[])
# --8<-- [end:labels]

# --8<-- [start:range]
bright = layers.RandomBrightness(0.2, seed=1)
scaled = image[None] / 255
print(
    "for 0 to 255:",
    f"{float(tf.reduce_max(bright(scaled, training=True))):.1f}",
)
told = layers.RandomBrightness(0.2, value_range=(0, 1), seed=1)
print(
    "told 0 to 1: ", f"{float(tf.reduce_max(told(scaled, training=True))):.1f}"
)
# --8<-- [end:range]

import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:then]
    from keras.preprocessing.image import ImageDataGenerator
    # --8<-- [end:then]

# --8<-- [start:legacy]
legacy = tf.keras.preprocessing.image.ImageDataGenerator(
    horizontal_flip=True, rotation_range=20
)
batch = next(legacy.flow(images.numpy(), batch_size=8, seed=1))
print(
    type(batch).__name__,
    batch.shape,
    "another each time:",
    not np.allclose(batch, images),
)
# --8<-- [end:legacy]

# --8<-- [start:task]
order = np.random.default_rng(0).permutation(len(mnist.x_train))[:60]
x, y = mnist.x_train[order][..., None] / 255.0, mnist.y_train[order]
test_x, test_y = mnist.x_test[:500][..., None] / 255.0, mnist.y_test[:500]


def accuracy(augment, seed):
    """Twenty rounds over sixty digits, each round augmented anew."""
    tf.keras.utils.set_random_seed(seed)
    rounds = np.concatenate([augment(x) for _ in range(20)])
    model = tf.keras.Sequential(
        [
            tf.keras.Input([28, 28, 1]),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
    model.fit(rounds, np.tile(y, 20), batch_size=20, epochs=2, verbose=0)
    return model.evaluate(test_x, test_y, verbose=0)[1]


# --8<-- [end:task]

# --8<-- [start:helps]
moved = tf.keras.Sequential(
    [
        layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
        layers.RandomRotation(0.05, fill_mode="constant"),
        layers.RandomZoom(0.1, fill_mode="constant"),
    ]
)
flipped = layers.RandomFlip()
choices = {
    "none": lambda x: x,
    "shift, turn, zoom": lambda x: moved(x, training=True),
    "flip": lambda x: flipped(x, training=True),
}
for name, augment in choices.items():
    found = [accuracy(augment, seed) for seed in (0, 1)]
    print(
        f"{name:18} {np.mean(found):.2f}  ({min(found):.2f} to {max(found):.2f})"
    )
# --8<-- [end:helps]


# --8<-- [start:solution-cutout]
class Cutout(layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.generator = tf.random.Generator.from_seed(1)

    def call(self, images, training=False):
        if not training:
            return images
        side = images.shape[1]
        corner = self.generator.uniform([2], 0, side - self.size, tf.int32)
        at = [tf.range(side) >= c for c in tf.unstack(corner)]
        to = [tf.range(side) < c + self.size for c in tf.unstack(corner)]
        inside = (at[0] & to[0])[:, None] & (at[1] & to[1])[None, :]
        return tf.where(inside[None, ..., None], 0.0, images)


holes = Cutout(20)(images, training=True)
print(
    "pixels set to black:",
    int(tf.reduce_sum(tf.cast(tf.reduce_all(holes[0] == 0, -1), tf.int32))),
)
# --8<-- [end:solution-cutout]


# --8<-- [start:solution-mixup]
def mixup(images, labels, alpha):
    other = tf.roll(images, 1, axis=0), tf.roll(labels, 1, axis=0)
    return alpha * images + (1 - alpha) * other[0], alpha * labels + (
        1 - alpha
    ) * other[1]


mixed, soft = mixup(images, tf.one_hot(pets.y[chosen], 2), 0.7)
print(soft.numpy()[::3])
# --8<-- [end:solution-mixup]
