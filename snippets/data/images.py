"""Image files into shuffled batches: labels from folders, broken files, and tf.image."""

# --8<-- [start:files]
import os
import pathlib
import tempfile

import numpy as np
import tensorflow as tf

os.chdir(tempfile.mkdtemp())
rng = np.random.default_rng(0)
for name, count in {"cats": 30, "dogs": 50, "Birds": 20}.items():
    folder = pathlib.Path("photos", name)
    folder.mkdir(parents=True)
    for i in range(count):
        side = int(rng.integers(40, 80))
        pixels = rng.integers(0, 256, [4, 4, 3])
        image = tf.image.resize(pixels, [side, side + 20], method="nearest")
        jpeg = tf.io.encode_jpeg(tf.cast(image, tf.uint8))
        (folder / f"{i:03}.jpg").write_bytes(jpeg.numpy())
print(sum(1 for _ in pathlib.Path("photos").rglob("*.jpg")), "files")
# --8<-- [end:files]

# --8<-- [start:directory]
train = tf.keras.utils.image_dataset_from_directory(
    "photos", image_size=(64, 64), batch_size=16, seed=1
)
print("classes:", train.class_names)
images, labels = next(iter(train))
print(
    images.shape,
    images.dtype.name,
    float(tf.reduce_max(images)),
    labels.numpy(),
)
# --8<-- [end:directory]

# --8<-- [start:class-order]
print("by default:", train.class_names)
chosen = tf.keras.utils.image_dataset_from_directory(
    "photos", class_names=["cats", "dogs", "Birds"], verbose=False
)
print("chosen:    ", chosen.class_names)
one_hot = tf.keras.utils.image_dataset_from_directory(
    "photos", label_mode="categorical", verbose=False
)
print("one-hot:   ", next(iter(one_hot))[1].shape)
# --8<-- [end:class-order]

# --8<-- [start:split]
options = dict(validation_split=0.2, seed=1, verbose=False, batch_size=None)
directory = tf.keras.utils.image_dataset_from_directory
first = directory("photos", subset="training", **options)
second = directory("photos", subset="validation", **options)
print(
    len(first),
    "and",
    len(second),
    "shared:",
    len(set(first.file_paths) & set(second.file_paths)),
)
other = directory("photos", subset="validation", **{**options, "seed": 2})
print(
    "with another seed:",
    len(set(first.file_paths) & set(other.file_paths)),
    "shared",
)
# --8<-- [end:split]

# --8<-- [start:by-hand]
paths = sorted(str(path) for path in pathlib.Path("photos").rglob("*.jpg"))
names = tf.constant(["Birds", "cats", "dogs"])


def load(path):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, [64, 64])
    folder = tf.strings.split(path, os.sep)[-2]
    return image, tf.argmax(folder == names)


dataset = tf.data.Dataset.from_tensor_slices(paths)
dataset = dataset.shuffle(len(paths), seed=1)
dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE)
dataset = dataset.batch(16).prefetch(tf.data.AUTOTUNE)
images, labels = next(iter(dataset))
print(images.shape, labels.numpy())
# --8<-- [end:by-hand]

# --8<-- [start:agree]
plain = tf.data.Dataset.from_tensor_slices(paths).map(load).batch(100)
keras = directory(
    "photos", image_size=(64, 64), shuffle=False, batch_size=100, verbose=False
)
(ours, our_labels), (theirs, their_labels) = (
    next(iter(plain)),
    next(iter(keras)),
)
print(
    "labels equal:",
    bool(tf.reduce_all(our_labels == tf.cast(their_labels, tf.int64))),
)
print(
    "largest difference of a pixel:",
    float(tf.reduce_max(tf.abs(ours - theirs))),
)
# --8<-- [end:agree]


# --8<-- [start:shuffled]
def runs(labels):
    """How long an equal label goes on, on average."""
    changes = sum(a != b for a, b in zip(labels, labels[1:]))
    return len(labels) / (changes + 1)


def labels_of(ds):
    return [
        int(n)
        for n in ds.map(
            lambda path: tf.argmax(tf.strings.split(path, os.sep)[-2] == names)
        )
    ]


files = tf.data.Dataset.from_tensor_slices(paths)
for name, ds in {
    "sorted files": files,
    "shuffle(10)": files.shuffle(10, seed=1),
    "shuffle(100)": files.shuffle(100, seed=1),
}.items():
    print(
        f"{name:13} an equal label goes on for {runs(labels_of(ds)):5.1f} images"
    )
# --8<-- [end:shuffled]

# --8<-- [start:resize]
import matplotlib.pyplot as plt

stripes = np.zeros([40, 80, 3], np.uint8)
stripes[:, ::8] = 255
stripes[10:30, 30:50] = [220, 80, 40]
ways = {
    "as it is": stripes,
    "resize": tf.image.resize(stripes, [40, 40]),
    "resize, antialias": tf.image.resize(stripes, [40, 40], antialias=True),
    "resize_with_pad": tf.image.resize_with_pad(stripes, 40, 40),
    "central crop": tf.image.resize_with_crop_or_pad(stripes, 40, 40),
}
figure, axes = plt.subplots(2, 3, figsize=(5.4, 3.6))
for ax, (name, image) in zip(axes.flat, ways.items()):
    ax.imshow(np.asarray(image).astype(np.uint8))
    ax.set(title=name, xticks=[], yticks=[])
axes[1, 2].set_axis_off()
# --8<-- [end:resize]

# --8<-- [start:range]
image, _ = load(paths[0])
print("after resize:", image.dtype.name, "up to", int(tf.reduce_max(image)))
unit = tf.image.convert_image_dtype(tf.cast(image, tf.uint8), tf.float32)
print("bytes converted to float32: up to", float(tf.reduce_max(unit)))
white = tf.image.convert_image_dtype(image, tf.uint8, saturate=True)
share = tf.reduce_mean(tf.cast(white == 255, tf.float32))
print(f"floats up to 255 converted to bytes: {float(share):.0%} are 255")
# --8<-- [end:range]


import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:broken]
    good = pathlib.Path("photos/cats/007.jpg")
    content = good.read_bytes()
    good.write_bytes(b"<html>404</html>")
    for images, labels in directory(
        "photos", batch_size=16, shuffle=False, verbose=False
    ):
        pass
    # --8<-- [end:broken]


# --8<-- [start:find-broken]
def is_image(path):
    try:
        tf.io.decode_image(tf.io.read_file(path))
    except tf.errors.InvalidArgumentError:
        return False
    return True


print([path for path in paths if not is_image(path)])
# --8<-- [end:find-broken]

# --8<-- [start:ignore]
kept = tf.data.Dataset.from_tensor_slices(paths).map(load).ignore_errors()
print(sum(1 for _ in kept), "of", len(paths))
batched = (
    tf.data.Dataset.from_tensor_slices(paths)
    .map(load)
    .batch(16)
    .ignore_errors()
)
print(sum(len(labels) for _, labels in batched), "if it stands behind batch")
good.write_bytes(content)
# --8<-- [end:ignore]

# --8<-- [start:grey]
grey = tf.io.encode_png(np.zeros([8, 8, 1], np.uint8))
print(tf.io.decode_png(grey).shape, tf.io.decode_png(grey, channels=3).shape)
# --8<-- [end:grey]

with contextlib.suppress(Exception):
    # --8<-- [start:no-shape]
    unknown = tf.data.Dataset.from_tensor_slices(paths).map(
        lambda p: tf.io.decode_image(tf.io.read_file(p))
    )
    unknown.map(lambda image: tf.image.resize(image, [64, 64]))
    # --8<-- [end:no-shape]

# --8<-- [start:with-shape]
known = tf.data.Dataset.from_tensor_slices(paths).map(
    lambda p: tf.io.decode_image(tf.io.read_file(p), expand_animations=False)
)
print(known.map(lambda image: tf.image.resize(image, [64, 64])).element_spec)
# --8<-- [end:with-shape]

# --8<-- [start:wait]
from tfnotes import timing

steps = timing.Benchmark("pipeline", show="rate")
options = tf.data.Options()
options.experimental_optimization.apply_default_optimizations = False


def drain(ds):
    for _ in ds:
        pass


mapped = files.map(load).batch(16)
parallel = files.map(load, num_parallel_calls=tf.data.AUTOTUNE).batch(16)
ways = {
    "one by one": mapped.with_options(options),
    "parallel": parallel.with_options(options),
    "parallel, cached": files.map(load, num_parallel_calls=tf.data.AUTOTUNE)
    .cache()
    .batch(16)
    .with_options(options),
}
for name, ds in timing.sizes(full=ways.items(), small=list(ways.items())[:1]):
    steps.add(
        "a round", name, timing.measure(lambda: drain(ds)), items=len(paths)
    )
steps
# --8<-- [end:wait]

with contextlib.suppress(Exception):
    # --8<-- [start:then]
    from keras.preprocessing.image import ImageDataGenerator
    # --8<-- [end:then]

# --8<-- [start:solution-weights]
counts = np.bincount(labels_of(files))
weights = {i: len(paths) / (len(counts) * n) for i, n in enumerate(counts)}
print(counts, {i: round(float(w), 2) for i, w in weights.items()})
# --8<-- [end:solution-weights]

# --8<-- [start:solution-size]
jpeg = sum(os.path.getsize(path) for path in paths)
floats = len(paths) * 64 * 64 * 3 * 4
print(
    f"files {jpeg / 1024:.0f} KiB, decoded to float32 {floats / 1024:.0f} KiB, to bytes {floats / 4096:.0f} KiB"
)
# --8<-- [end:solution-size]
