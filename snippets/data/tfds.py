"""TensorFlow Datasets: a builder of one's own, splits, slices, and life without a network."""

# --8<-- [start:files]
import os
import pathlib
import tempfile

import numpy as np
import tensorflow as tf
import tensorflow_datasets as tfds

os.chdir(tempfile.mkdtemp())
source, store = pathlib.Path("source"), pathlib.Path("prepared")
rng = np.random.default_rng(0)
for label in ("bars", "dots"):
    (source / label).mkdir(parents=True)
    for i in range(30):
        image = np.zeros([16, 16, 1], np.uint8)
        if label == "bars":
            image[:, rng.integers(1, 15)] = 255
        else:
            image[tuple(rng.integers(0, 16, [2, 12]))] = 255
        (source / label / f"{i:02}.png").write_bytes(
            tf.io.encode_png(image).numpy()
        )
print(sum(1 for _ in source.rglob("*.png")), "files")
# --8<-- [end:files]


# --8<-- [start:builder]
class Shapes(tfds.core.GeneratorBasedBuilder):
    """Bars and dots from a folder of PNG files."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        features = tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(16, 16, 1)),
                "label": tfds.features.ClassLabel(names=["bars", "dots"]),
            }
        )
        return tfds.core.DatasetInfo(
            builder=self, features=features, supervised_keys=("image", "label")
        )

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(range(0, 24)),
            "test": self._generate_examples(range(24, 30)),
        }

    def _generate_examples(self, numbers):
        for label in ("bars", "dots"):
            for i in numbers:
                file = source / label / f"{i:02}.png"
                yield f"{label}-{i}", {"image": str(file), "label": label}


tfds.disable_progress_bar()
builder = Shapes(data_dir=store)
builder.download_and_prepare()
# --8<-- [end:builder]

# --8<-- [start:splits]
print({name: split.num_examples for name, split in builder.info.splits.items()})
# --8<-- [end:splits]

# --8<-- [start:load]
dataset = builder.as_dataset(split="train", as_supervised=True)
image, label = next(iter(dataset))
print(
    image.shape,
    image.dtype.name,
    label.numpy(),
    builder.info.features["label"].int2str(label),
)
# --8<-- [end:load]

# --8<-- [start:on-disk]
for file in sorted(store.rglob("*")):
    if file.is_file():
        print(file.relative_to(store).as_posix(), file.stat().st_size, "bytes")
# --8<-- [end:on-disk]

# --8<-- [start:from-directory]
again = tfds.builder_from_directory(str(builder.data_path))
print(
    again.info.full_name,
    [len(again.as_dataset(split=s)) for s in again.info.splits],
)
# --8<-- [end:from-directory]

# --8<-- [start:slices]
for split in ["train[:10]", "train[25%:75%]", "train[-5:]", "train+test"]:
    print(f"{split:16}", len(builder.as_dataset(split=split)))
folds = [f"train[{start}%:{start + 20}%]" for start in range(0, 100, 20)]
print("five folds:", [len(builder.as_dataset(split=fold)) for fold in folds])
# --8<-- [end:slices]

# --8<-- [start:even]
parts = tfds.even_splits("train", 3)
print([len(builder.as_dataset(split=part)) for part in parts])
# --8<-- [end:even]


# --8<-- [start:order]
def labels(**options):
    ds = builder.as_dataset(split="train", as_supervised=True, **options)
    return [int(label) for _, label in ds]


print("first ten labels:", labels()[:10])
print("the same again:", labels() == labels())
print("after shuffle_files:", labels(shuffle_files=True) == labels())
# --8<-- [end:order]

# --8<-- [start:draw]
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 8, figsize=(6.6, 1.2))
for ax, (image, label) in zip(
    axes, builder.as_dataset(split="test", as_supervised=True)
):
    ax.imshow(image[..., 0], cmap="gray_r")
    ax.set(
        title=builder.info.features["label"].int2str(label),
        xticks=[],
        yticks=[],
    )
# --8<-- [end:draw]

# --8<-- [start:frame]
frame = tfds.as_dataframe(builder.as_dataset(split="test"), builder.info)
print(type(frame).__name__, frame.shape, list(frame.columns))
print(frame["label"].value_counts().to_dict())
# --8<-- [end:frame]

# --8<-- [start:numpy]
arrays = tfds.as_numpy(builder.as_dataset(split="test", batch_size=-1))
print(type(arrays["image"]).__name__, arrays["image"].shape)
# --8<-- [end:numpy]

# --8<-- [start:folder]
split = pathlib.Path("by-folder/train")
split.parent.mkdir()
split.symlink_to(source.resolve(), target_is_directory=True)
plain = tfds.ImageFolder("by-folder")
print(plain.info.features["label"].names, len(plain.as_dataset(split="train")))
# --8<-- [end:folder]

import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:no-data]
    tfds.load("mnist", data_dir=str(store), download=False)
    # --8<-- [end:no-data]

with contextlib.suppress(Exception):
    # --8<-- [start:unknown]
    tfds.load("shape", data_dir=str(store))
    # --8<-- [end:unknown]

# --8<-- [start:known]
loaded, info = tfds.load(
    "shapes", data_dir=str(store), split="test", with_info=True
)
print(info.name, len(loaded))
# --8<-- [end:known]

# --8<-- [start:fresh-process]
import subprocess
import sys

elsewhere = """
import tensorflow_datasets as tfds
dataset = tfds.load("shapes", data_dir="prepared", split="test")
print(len(dataset), "images, in a process that has never seen the class")
"""
run = subprocess.run(
    [sys.executable, "-c", elsewhere],
    capture_output=True,
    text=True,
    check=True,
)
print(run.stdout.strip())
# --8<-- [end:fresh-process]


# --8<-- [start:manual]
class Letters(tfds.core.GeneratorBasedBuilder):
    """Lines of a file that cannot be downloaded by a program."""

    VERSION = tfds.core.Version("1.0.0")
    MANUAL_DOWNLOAD_INSTRUCTIONS = "Ask the author for letters.txt."

    def _info(self):
        features = tfds.features.FeaturesDict({"text": tfds.features.Text()})
        return tfds.core.DatasetInfo(builder=self, features=features)

    def _split_generators(self, dl_manager):
        path = dl_manager.manual_dir / "letters.txt"
        return {"train": self._generate_examples(path)}

    def _generate_examples(self, path):
        for number, line in enumerate(path.read_text().splitlines()):
            yield number, {"text": line}


# --8<-- [end:manual]

with contextlib.suppress(AssertionError):
    # --8<-- [start:manual-missing]
    letters = Letters(data_dir=store)
    letters.download_and_prepare()
    # --8<-- [end:manual-missing]

# --8<-- [start:manual-there]
by_hand = store / "downloads/manual"
by_hand.mkdir(parents=True, exist_ok=True)
(by_hand / "letters.txt").write_text("Dear reader,\nthank you.\n")
letters.download_and_prepare()
print([row["text"].numpy() for row in letters.as_dataset(split="train")])
# --8<-- [end:manual-there]

# --8<-- [start:train]
prepared = (
    dataset.map(lambda image, label: (tf.cast(image, tf.float32) / 255, label))
    .cache()
    .shuffle(48, seed=0)
    .batch(16)
    .prefetch(tf.data.AUTOTUNE)
)
model = tf.keras.Sequential(
    [
        tf.keras.Input([16, 16, 1]),
        tf.keras.layers.Conv2D(8, 5, activation="relu"),
        tf.keras.layers.GlobalMaxPooling2D(),
        tf.keras.layers.Dense(2),
    ]
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
model.fit(prepared, epochs=15, shuffle=False, verbose=0)
test = builder.as_dataset(split="test", as_supervised=True).batch(12)
test = test.map(lambda image, label: (tf.cast(image, tf.float32) / 255, label))
print(
    f"accuracy on {len(frame)} test images: {model.evaluate(test, verbose=0)[1]:.2f}"
)
# --8<-- [end:train]

# --8<-- [start:solution-stratified]
counts = {}
for start in range(0, 100, 20):
    ds = builder.as_dataset(
        split=f"train[{start}%:{start + 20}%]", as_supervised=True
    )
    counts[start] = sum(int(label) for _, label in ds)
print("dots in each fold:", list(counts.values()))
# --8<-- [end:solution-stratified]

# --8<-- [start:solution-decode]
lazily = builder.as_dataset(
    split="train", decoders={"image": tfds.decode.SkipDecoding()}
)
first = next(iter(lazily))["image"]
print(
    first.dtype.name, first.numpy()[:4], "->", tf.io.decode_image(first).shape
)
# --8<-- [end:solution-decode]
