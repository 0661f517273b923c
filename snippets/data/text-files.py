"""Text files into batches: lines, folders, padding and how much of it is waste."""

# --8<-- [start:lines]
import os
import pathlib
import tempfile

import tensorflow as tf

os.chdir(tempfile.mkdtemp())
pathlib.Path("poem.txt").write_text(
    "Shall I compare thee\n\nto a summer's day?\n"
)
lines = tf.data.TextLineDataset("poem.txt")
for line in lines:
    print(line.numpy())
kept = lines.map(tf.strings.strip).filter(lambda line: line != "")
print([line.numpy().decode() for line in kept])
# --8<-- [end:lines]

# --8<-- [start:several]
pathlib.Path("zh.txt").write_text("床前明月光\n疑是地上霜\n", encoding="utf-8")
both = tf.data.TextLineDataset(["poem.txt", "zh.txt"])
print(len(list(both)), "lines of two files")
files = tf.data.Dataset.from_tensor_slices(["poem.txt", "zh.txt"])
mixed = files.interleave(tf.data.TextLineDataset, cycle_length=2)
print([line.numpy().decode()[:5] for line in mixed])
# --8<-- [end:several]

# --8<-- [start:csv-lines]
pathlib.Path("pairs.tsv").write_text(
    "Hi.\t嗨。\nI see.\t我明白了。\n", encoding="utf-8"
)


def split(line):
    parts = tf.strings.split(line, "\t")
    return parts[0], parts[1]


for english, chinese in tf.data.TextLineDataset("pairs.tsv").map(split):
    print(english.numpy().decode(), chinese.numpy().decode())
# --8<-- [end:csv-lines]

# --8<-- [start:bytes]
poem = next(iter(tf.data.TextLineDataset("zh.txt")))
print("bytes:", tf.strings.length(poem).numpy())
print("characters:", tf.strings.length(poem, unit="UTF8_CHAR").numpy())
print("the first byte alone:", tf.strings.substr(poem, 0, 1).numpy())
# --8<-- [end:bytes]

# --8<-- [start:encoding]
pathlib.Path("gbk.txt").write_text("床前明月光\n", encoding="gbk")
raw = next(iter(tf.data.TextLineDataset("gbk.txt")))
print(raw.numpy())
print(tf.strings.unicode_transcode(raw, "GB18030", "UTF-8").numpy().decode())
# --8<-- [end:encoding]

# --8<-- [start:folders]
reviews = {
    "good": [
        "a fine film",
        "I laughed and I cried and I would go again",
        "good",
    ],
    "bad": ["never again", "two hours of my life that I want back, please"],
}
for label, texts in reviews.items():
    folder = pathlib.Path("reviews", label)
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text)
dataset = tf.keras.utils.text_dataset_from_directory(
    "reviews", batch_size=2, shuffle=False, verbose=False
)
print(dataset.class_names)
for texts, labels in dataset:
    print([text[:16] for text in texts.numpy()], labels.numpy())
# --8<-- [end:folders]

# --8<-- [start:length]
limited = tf.keras.utils.text_dataset_from_directory(
    "reviews", max_length=7, shuffle=False, verbose=False
)
print(next(iter(limited))[0].numpy())
# --8<-- [end:length]

# --8<-- [start:sorted]
import numpy as np

from tfnotes import data

reviews = data.imdb()
by_folder = np.argsort(reviews.y_train, kind="stable")
labels = reviews.y_train[by_folder]
print("files", len(labels))
print(f"label 1 among the first 300: {labels[:300].mean():.0%}")
print(f"label 1 among the last 300:  {labels[-300:].mean():.0%}")
rng = np.random.default_rng(0)
drawn = rng.permutation(by_folder)[:300]
print(f"among 300 drawn at random:   {reviews.y_train[drawn].mean():.0%}")
# --8<-- [end:sorted]

# --8<-- [start:count]
kept = [*by_folder[:192], *by_folder[-192:]]
names = [f"library/{n // 192}/{n:03}.txt" for n in range(384)]
for number, (name, i) in enumerate(zip(names, kept)):
    pathlib.Path(name).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(name).write_text(f"{number} {reviews.x_train[i]}")
reads = 0


def read(name):
    global reads
    reads += 1
    return pathlib.Path(name.decode()).read_bytes()


def load(number, name):
    return number, tf.numpy_function(read, [name], tf.string)


def watch(pipeline):
    """Reads before the first batch and in two epochs; the orders."""
    global reads
    reads, orders = 0, []
    first = None
    for _ in range(2):
        found = []
        for numbers, texts in pipeline.batch(32):
            first = first or reads
            found.extend(numbers.numpy())
        orders.append(np.array(found))
    return first, reads, *orders


files = tf.data.Dataset.from_tensor_slices((np.arange(384), names))
as_written = tf.data.Options()  # nothing added by TensorFlow itself
as_written.experimental_optimization.apply_default_optimizations = False
as_written.autotune.enabled = False
files = files.with_options(as_written)
ways = {
    "no shuffle": files.map(load),
    "read, shuffle(32)": files.map(load).shuffle(32, seed=1),
    "read, shuffle(384)": files.map(load).shuffle(384, seed=1),
    "shuffle(384), read": files.shuffle(384, seed=1).map(load),
    "the same, cache": files.shuffle(384, seed=1).map(load).cache(),
    "read, cache, shuffle": files.map(load).cache().shuffle(384, seed=1),
}
print("                      first   moved   mixed   all  new order")
for name, pipeline in ways.items():
    first, total, one, two = watch(pipeline)
    moved = np.abs(one - np.arange(384)).mean() / 384
    share = (one.reshape(12, 32) >= 192).mean(axis=1)
    mixed = ((share > 0.2) & (share < 0.8)).sum()
    print(
        f"{name:21}{first:6}{moved:8.2f}{mixed:8}{total:6}"
        f"  {not np.array_equal(one, two)}"
    )
# --8<-- [end:count]

# --8<-- [start:prefetch]
import time


def read_with_clock(number, name):
    clock = tf.strings.substr(name, 0, 8) + "clock"  # library/clock
    return tf.io.read_file(name), tf.strings.to_number(tf.io.read_file(clock))


batches = files.shuffle(384, seed=1).map(read_with_clock).batch(4)
for name, pipeline in {
    "no prefetch": batches,
    "prefetch(1)": batches.prefetch(1),
    "prefetch(2)": batches.prefetch(2),
}.items():
    iterator, read_in = iter(pipeline), []
    for step in range(1, 7):
        pathlib.Path("next").write_text(str(step))
        os.replace("next", "library/clock")
        texts, clock = next(iterator)
        read_in.append(int(max(clock)))
        time.sleep(0.1)  # the training step
    waits = sum(step == read for step, read in enumerate(read_in, start=1))
    print(f"{name}: read in step {read_in}, {waits} of 6 steps wait")
# --8<-- [end:prefetch]

# --8<-- [start:ragged]
words = dataset.unbatch().map(lambda text, label: tf.strings.split(text))
lengths = [len(row) for row in words]
print("words:", lengths)
# --8<-- [end:ragged]

import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:batch]
    list(words.batch(2))
    # --8<-- [end:batch]

# --8<-- [start:padded]
for batch in words.padded_batch(3, padding_values="-"):
    print(batch.shape)
    print(b" ".join(batch.numpy()[0]).decode())
# --8<-- [end:padded]

# --8<-- [start:ragged-batch]
for batch in words.ragged_batch(3):
    print(type(batch).__name__, batch.row_lengths().numpy())
# --8<-- [end:ragged-batch]

# --8<-- [start:waste]
chosen = rng.permutation(len(reviews.x_train))[:800]
texts = [reviews.x_train[i] for i in chosen]
vectorize = tf.keras.layers.TextVectorization()
vectorize.adapt(texts)
rows = tf.data.Dataset.from_tensor_slices(texts).map(vectorize)
lengths = [len(row) for row in rows]
print(
    f"{len(texts)} reviews, {min(lengths)} to {max(lengths)} words, in all {sum(lengths):,}"
)


def padding(dataset):
    """Share of the places of all batches that hold no word."""
    places = sum(int(tf.size(batch)) for batch in dataset)
    return 1 - sum(lengths) / places


print(
    f"all in one batch:        {padding(rows.padded_batch(len(texts))):.0%} padding"
)
print(f"batches of 32:           {padding(rows.padded_batch(32)):.0%}")
# --8<-- [end:waste]

# --8<-- [start:bucket]
edges = sorted(lengths)[len(lengths) // 6 :: len(lengths) // 6][:5]
edges = sorted(set(edges))
buckets = rows.bucket_by_sequence_length(
    lambda row: tf.size(row),
    bucket_boundaries=[edge + 1 for edge in edges],
    bucket_batch_sizes=[32] * (len(edges) + 1),
)
print("edges:", edges)
print(f"bucketed batches of 32:  {padding(buckets):.0%}")
long = [batch.shape[1] for batch in buckets.take(6)]
print("lengths of the first batches:", long)
# --8<-- [end:bucket]

# --8<-- [start:draw]
import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, figsize=(6.6, 2.6), sharey=True)
for ax, (name, dataset) in zip(
    axes, {"as they come": rows.padded_batch(32), "bucketed": buckets}.items()
):
    for number, batch in enumerate(dataset.take(24)):
        filled = (batch.numpy() != 0).sum(axis=1)
        ax.bar(number, batch.shape[1], color="C1", alpha=0.6, width=0.9)
        ax.bar(number, filled.mean(), color="C0", width=0.9)
    ax.set(title=name, xlabel="batch")
axes[0].set_ylabel("length: words, padding")
# --8<-- [end:draw]

# --8<-- [start:truncate]
cut = 64
shorter = rows.map(lambda row: row[:cut]).padded_batch(32)
lost = sum(max(0, length - cut) for length in lengths)
places = sum(int(tf.size(batch)) for batch in shorter)
print(
    f"cut at {cut}: {lost / sum(lengths):.0%} of the words are lost, {places:,} places"
)
# --8<-- [end:truncate]

# --8<-- [start:broken]
pathlib.Path("reviews/good/3.txt").write_bytes(b"")
pathlib.Path("reviews/good/4.txt").write_bytes("très bon".encode("latin-1"))
everything = tf.keras.utils.text_dataset_from_directory(
    "reviews", batch_size=None, shuffle=False, verbose=False
)
for text, label in everything.skip(4):
    print(label.numpy(), text.numpy())
# --8<-- [end:broken]

with contextlib.suppress(tf.errors.InvalidArgumentError):
    # --8<-- [start:strict]
    decoded = everything.map(
        lambda text, label: tf.strings.unicode_decode(
            text, "UTF-8", errors="strict"
        )
    )
    for number, characters in enumerate(decoded):
        print(number, len(characters), "characters")
    # --8<-- [end:strict]


# --8<-- [start:sound]
def sound(text, label):
    """Not empty, and unchanged by decoding with replacement of what is bad."""
    again = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8")
    return (again == text) & (tf.strings.length(text) > 0)


kept = everything.filter(sound)
print(len(list(everything)), "files,", len(list(kept)), "kept")
# --8<-- [end:sound]

# --8<-- [start:solution-pad-front]
row = tf.constant([5, 6, 7])
print(
    "behind:",
    tf.pad(row, [[0, 2]]).numpy(),
    "in front:",
    tf.pad(row, [[2, 0]]).numpy(),
)
print(tf.keras.utils.pad_sequences([[5, 6, 7], [8]], maxlen=4))
# --8<-- [end:solution-pad-front]

# --8<-- [start:solution-whole]
whole = tf.data.Dataset.list_files("reviews/*/*.txt", shuffle=False)
whole = whole.map(
    lambda path: (tf.io.read_file(path), tf.strings.split(path, os.sep)[-2])
)
print([(text.numpy()[:12], label.numpy()) for text, label in whole.take(2)])
# --8<-- [end:solution-whole]

# --8<-- [start:solution-directory]
folder = tf.keras.utils.text_dataset_from_directory(
    "library", batch_size=4, seed=1, verbose=False
)
places = []
for _ in range(2):
    texts = [text for batch, _ in folder for text in batch.numpy()]
    places.append(np.argsort([int(text.split()[0]) for text in texts]))
for name, before in {"files": np.arange(384), "epoch 1": places[0]}.items():
    after = places[0] if name == "files" else places[1]
    print(f"moved since {name}: {np.abs(after - before).mean() / 384:.2f}")
# --8<-- [end:solution-directory]
