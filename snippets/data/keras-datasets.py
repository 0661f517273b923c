"""The data sets of Keras: every argument shown, where files go, and life without a network."""

# --8<-- [start:load]
import numpy as np
import tensorflow as tf

from tfnotes import data

mnist = data.mnist()
x_train, y_train, x_test, y_test = (
    mnist.x_train,
    mnist.y_train,
    mnist.x_test,
    mnist.y_test,
)
print(x_train.shape, x_train.dtype, y_train.shape, y_train[:8])
print("test:", x_test.shape, "values", x_train.min(), "to", x_train.max())
# --8<-- [end:load]

# --8<-- [start:labels]
fine, coarse = data.cifar100(), data.cifar100("coarse")
print("fine:", len(fine.classes), "classes, labels", fine.y_train.shape)
print("coarse:", len(coarse.classes), "classes")
print("the same images:", np.array_equal(fine.x_train, coarse.x_train))
groups = {}
for inner, outer in zip(fine.y_train[:, 0], coarse.y_train[:, 0]):
    groups.setdefault(int(outer), set()).add(int(inner))
print(
    "fine classes in each coarse one:",
    {len(found) for found in groups.values()},
)
# --8<-- [end:labels]

# --8<-- [start:imdb-files]
import os
import pathlib
import tempfile

home = pathlib.Path(tempfile.mkdtemp())
(home / "datasets").mkdir()
reviews = [
    # 1 marks the beginning; the numbers are ranks of words, raised by 3
    [4, 5, 6, 10, 4],
    [4, 7, 30],
    [5, 5, 8, 9, 4, 6, 12],
]
raw = [
    [number - 3 for number in review] for review in reviews
]  # as the file has them
as_objects = np.empty(3, dtype=object)
as_objects[:] = raw
np.savez(
    home / "imdb.npz",
    x_train=as_objects,
    y_train=[1, 0, 1],
    x_test=as_objects[:2],
    y_test=[0, 1],
)
print("ranks in the file:", raw[0])
# --8<-- [end:imdb-files]


# --8<-- [start:imdb]
from unittest import mock


def load_imdb(**options):
    """Keras' own function, with our file in place of the download."""
    with mock.patch(
        "keras.src.datasets.imdb.get_file", return_value=str(home / "imdb.npz")
    ):
        return tf.keras.datasets.imdb.load_data(seed=2, **options)


def first_review(**options):
    (x, y), _ = load_imdb(**options)
    return max(x, key=len)


for options in [
    {},
    {"num_words": 9},
    {"skip_top": 5},
    {"start_char": None},
    {"index_from": 0},
    {"num_words": 9, "oov_char": None},
]:
    print(f"{options!s:34}", first_review(**options))
# --8<-- [end:imdb]

# --8<-- [start:maxlen]
for maxlen in [None, 5, 7]:
    (x, y), _ = load_imdb(maxlen=maxlen)
    print(
        f"maxlen={maxlen}:",
        len(x),
        "reviews, lengths",
        sorted(len(r) for r in x),
    )
# --8<-- [end:maxlen]

# --8<-- [start:word-index]
index = {"the": 1, "and": 2, "a": 3, "film": 4, "of": 5, "to": 6, "is": 7}
words = {number: word for word, number in index.items()}
review = first_review()
print(
    "read as they are:", " ".join(words.get(number, "?") for number in review)
)
right = {number + 3: word for number, word in words.items()} | {
    0: "",
    1: "<start>",
    2: "?",
}
print(
    "moved by three:  ", " ".join(right.get(number, "?") for number in review)
)
# --8<-- [end:word-index]

# --8<-- [start:get-file]
import contextlib
import io


def fetch(name, source, **options):
    """get_file without its progress bar."""
    with contextlib.redirect_stdout(io.StringIO()):
        path = tf.keras.utils.get_file(
            name, source.as_uri(), cache_dir=str(home), **options
        )
    return pathlib.Path(path)


source = home / "numbers.txt"
source.write_text("1 2 3")
path = fetch("numbers.txt", source)
print(path.relative_to(home).as_posix(), "->", path.read_text())
source.write_text("4 5 6")
print("the source has changed:", fetch("numbers.txt", source).read_text())
fresh = fetch("numbers.txt", source, force_download=True)
print("force_download:", fresh.read_text())
# --8<-- [end:get-file]

# --8<-- [start:hash]
import hashlib

wanted = hashlib.sha256(b"4 5 6").hexdigest()
print("hash fits:", fetch("numbers.txt", source, file_hash=wanted).read_text())
try:
    fetch("other.txt", source, file_hash="0" * 64)
except ValueError as error:
    print("ValueError:", str(error).split(" (")[0])
# --8<-- [end:hash]

with contextlib.suppress(Exception):
    # --8<-- [start:offline]
    os.environ["KERAS_HOME"] = str(home)
    tf.keras.utils.get_file("cats.npz", "http://127.0.0.1:9/cats.npz")
    # --8<-- [end:offline]

# --8<-- [start:by-hand]
np.savez(
    home / "datasets" / "mnist.npz",
    x_train=x_train[:5],
    y_train=y_train[:5],
    x_test=x_test[:2],
    y_test=y_test[:2],
)
with np.load(home / "datasets" / "mnist.npz") as file:
    print({name: file[name].shape for name in file.files})
# --8<-- [end:by-hand]

with contextlib.suppress(Exception):
    # --8<-- [start:path]
    tf.keras.datasets.mnist.load_data("/data/mnist.npz")
    # --8<-- [end:path]

# --8<-- [start:balance]
import matplotlib.pyplot as plt

train_counts = np.bincount(y_train, minlength=10) / len(y_train)
test_counts = np.bincount(y_test, minlength=10) / len(y_test)
plt.figure(figsize=(6.2, 2.8))
plt.bar(np.arange(10) - 0.2, train_counts, 0.4, label="training")
plt.bar(np.arange(10) + 0.2, test_counts, 0.4, label="test")
plt.xticks(range(10))
plt.xlabel("digit")
plt.ylabel("share")
plt.legend()
print("largest difference:", f"{np.abs(train_counts - test_counts).max():.3f}")
# --8<-- [end:balance]


# --8<-- [start:duplicates]
def fingerprints(images):
    return [hashlib.sha256(image.tobytes()).digest() for image in images]


train_prints = fingerprints(x_train)
print(
    "the same image twice in training:",
    len(train_prints) - len(set(train_prints)),
)
print(
    "test images that are in training:",
    sum(p in set(train_prints) for p in fingerprints(x_test)),
)
# --8<-- [end:duplicates]


# --8<-- [start:drift]
def nearest_mean(images, labels, shown):
    means = np.stack([images[labels == k].mean(0).ravel() for k in range(10)])
    rows = shown.reshape(len(shown), -1)
    return np.argmin(((rows[:, None] - means[None]) ** 2).sum(-1), axis=1)


small = slice(0, 500)
base = x_train[:2000] / 255.0, y_train[:2000]
as_given = x_test[small] / 255.0
for name, changed in {
    "as given": as_given,
    "a little darker": as_given * 0.7,
    "moved by 3 pixels": np.roll(as_given, 3, axis=2),
    "inverted": 1 - as_given,
}.items():
    right = (nearest_mean(*base, changed) == y_test[small]).mean()
    print(
        f"{name:18} accuracy {right:.2f}, mean of the pixels {changed.mean():.2f}"
    )
# --8<-- [end:drift]


# --8<-- [start:solution-decode]
def decode(review, index, start=1, unknown=2, index_from=3):
    names = {number + index_from: word for word, number in index.items()}
    names |= {0: "", start: "<start>", unknown: "?"}
    return " ".join(names.get(number, "?") for number in review)


print(decode(first_review(num_words=9), index))
# --8<-- [end:solution-decode]

# --8<-- [start:solution-leak]
doubled = np.concatenate([x_train[:200], x_train[:50]])
print("rows:", len(doubled), "different:", len(set(fingerprints(doubled))))
# --8<-- [end:solution-leak]
