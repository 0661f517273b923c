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
for line in tf.data.TextLineDataset("poem.txt"):
    print(line.numpy())
# --8<-- [end:lines]

# --8<-- [start:clean]
lines = tf.data.TextLineDataset("poem.txt")
kept = lines.map(tf.strings.strip).filter(lambda line: line != "")
print([line.numpy().decode() for line in kept])
# --8<-- [end:clean]

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
from tfnotes import data

texts = data.imdb().x_train[:800]
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
# --8<-- [end:bucket]

# --8<-- [start:draw]
import matplotlib.pyplot as plt
import numpy as np

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

# --8<-- [start:order]
flat = [int(tf.size(batch)) // 32 for batch in buckets.take(6)]
print("lengths of the first batches:", flat)
# --8<-- [end:order]

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
