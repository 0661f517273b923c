"""Embeddings: lookup, learning, drawing, exporting, loading, and what nearness means."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
tf.keras.utils.set_random_seed(0)
embedding = layers.Embedding(input_dim=5, output_dim=3)
ids = tf.constant([[4, 0, 4]])
vectors = embedding(ids)
table = embedding.embeddings
print(vectors.shape, table.shape)
print(
    "rows of the table:", np.array_equal(vectors[0], table.numpy()[[4, 0, 4]])
)
print("one-hot product:  ", np.array_equal(vectors, tf.one_hot(ids, 5) @ table))
# --8<-- [end:smallest]

# --8<-- [start:gradient]
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(embedding(ids))
gradient = tape.gradient(loss, embedding.embeddings)
print(type(gradient).__name__, "for rows", gradient.indices.numpy())
print(tf.convert_to_tensor(gradient).numpy())
# --8<-- [end:gradient]

import contextlib

with contextlib.suppress(tf.errors.InvalidArgumentError):
    # --8<-- [start:range]
    embedding(tf.constant([[1, 5]]))
    # --8<-- [end:range]

with contextlib.suppress(tf.errors.InvalidArgumentError):  # on a CPU
    # --8<-- [start:gpu-range]
    with tf.device("GPU"):
        on_gpu = layers.Embedding(input_dim=5, output_dim=3)
        print(on_gpu(tf.constant([[1, 5]])).numpy())
    # --8<-- [end:gpu-range]

# --8<-- [start:then]
old = layers.Embedding(20, 5, input_length=7)
print(tf.keras.Sequential([old]).built)
model = tf.keras.Sequential([tf.keras.Input([7]), layers.Embedding(20, 5)])
print(model.output_shape)
# --8<-- [end:then]

# --8<-- [start:data]
from tfnotes import data

imdb = data.imdb()
order = np.random.default_rng(0).permutation(len(imdb.x_train))[:6000]
texts, labels = [imdb.x_train[i] for i in order], imdb.y_train[order]
vectorize = layers.TextVectorization(1000, output_sequence_length=200)
vectorize.adapt(texts)
ids = vectorize(texts).numpy()
words = [str(word) for word in vectorize.get_vocabulary()]
print(ids.shape, f"{len(words)} words:", words[:5])
# --8<-- [end:data]


# --8<-- [start:classifier]
def classifier(size, seed=0, epochs=5, **options):
    tf.keras.utils.set_random_seed(seed)
    model = tf.keras.Sequential(
        [
            tf.keras.Input([200], dtype="int32"),
            layers.Embedding(len(words), size, mask_zero=True, **options),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        tf.keras.optimizers.Adam(0.02),
        "binary_crossentropy",
        metrics=["accuracy"],
    )
    found = model.fit(
        ids, labels, validation_split=0.2, epochs=epochs, verbose=0
    )
    return model.layers[0].get_weights()[0], found.history["val_accuracy"][-1]


# --8<-- [end:classifier]

# --8<-- [start:draw]
import matplotlib.pyplot as plt

flat, accuracy = classifier(2)
has = np.zeros([len(ids), len(words)], bool)
has[np.arange(len(ids))[:, None], ids] = True
often = has.sum(0) >= 15
often[:2] = False  # padding and unknown
goodness = has[labels == 1].sum(0) / np.maximum(has.sum(0), 1)
print(f"accuracy on unseen reviews {accuracy:.2f}")
plt.figure(figsize=(5.2, 4))
plt.scatter(
    *flat[often].T, c=goodness[often], cmap="coolwarm_r", vmin=0, vmax=1
)
plt.colorbar(label="share of good reviews among those with the word")
for word in ("boring", "terrible", "story", "ending", "beautiful"):
    plt.annotate(word, flat[words.index(word)], size=11, weight="bold")
plt.tick_params(labelbottom=False, labelleft=False)
# --8<-- [end:draw]


# --8<-- [start:nearest]
def nearest(table, words, word, count=4):
    length = np.linalg.norm(table, axis=1, keepdims=True)
    units = table / np.maximum(length, 1e-9)
    cosine = units @ units[words.index(word)]
    cosine[:2] = -1  # padding and unknown
    order = [i for i in np.argsort(-cosine) if words[i] != word]
    return [words[i] for i in order[:count]]


by_verdict, accuracy = classifier(16)
probes = [w for w in "boring terrible story good bad".split() if w in words]
for word in probes:
    print(f"{word:9}", *nearest(by_verdict, words, word))
# --8<-- [end:nearest]


# --8<-- [start:neighbours]
def from_neighbours(ids, words, size, window=2):
    """Vectors from counts of which words stand next to which (PPMI and SVD)."""
    counts = np.zeros([len(words)] * 2)
    for step in range(1, window + 1):
        left, right = ids[:, :-step].ravel(), ids[:, step:].ravel()
        known = (left > 1) & (right > 1)
        np.add.at(counts, (left[known], right[known]), 1)
    counts += counts.T
    expected = np.outer(counts.sum(0), counts.sum(0)) / counts.sum()
    surprise = np.log(np.maximum(counts / np.maximum(expected, 1e-9), 1))
    left, weight, _ = np.linalg.svd(surprise)
    return left[:, :size] * np.sqrt(weight[:size])


by_neighbours = from_neighbours(ids, words, 16)
for word in probes:
    print(f"{word:9}", *nearest(by_neighbours, words, word))
# --8<-- [end:neighbours]

# --8<-- [start:export]
import os
import tempfile

os.chdir(tempfile.mkdtemp())
with open("vecs.tsv", "w", encoding="utf-8") as vecs:
    with open("meta.tsv", "w", encoding="utf-8") as meta:
        for word, vector in zip(words[2:], by_neighbours[2:]):
            vecs.write("\t".join(f"{x:.5f}" for x in vector) + "\n")
            meta.write(word + "\n")
lines = open("vecs.tsv", encoding="utf-8").read().splitlines()
names = open("meta.tsv", encoding="utf-8").read().splitlines()
print(len(lines) == len(names), len(lines[0].split("\t")), "columns")
# --8<-- [end:export]

# --8<-- [start:glove]
with open("vectors.txt", "w", encoding="utf-8") as file:
    for word, vector in zip(words[2:], by_neighbours[2:]):
        file.write(word + " " + " ".join(f"{x:.5f}" for x in vector) + "\n")
    file.write(". . . " + " ".join(["0.1"] * 16) + "\n")


def read_vectors(path, size):
    vectors = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            # From the right: some files have words with spaces in them.
            word, *numbers = line.rstrip().rsplit(" ", size)
            vectors[word] = np.array(numbers, np.float32)
    return vectors


pretrained = read_vectors("vectors.txt", 16)
print(len(pretrained), "words, the last one:", repr(list(pretrained)[-1]))
# --8<-- [end:glove]

# --8<-- [start:pretrained]
vocabulary = ["", "[UNK]", "boring", "story", "unheardof"]
start = np.random.default_rng(0).normal(0, 0.1, (len(vocabulary), 16))
found = [n for n, word in enumerate(vocabulary) if word in pretrained]
for n in found:
    start[n] = pretrained[vocabulary[n]]
start[0] = 0  # padding
frozen = layers.Embedding(
    len(vocabulary),
    16,
    embeddings_initializer=tf.keras.initializers.Constant(start),
    trainable=False,
)
row = frozen(tf.constant([2])).numpy()[0]
print("found:", [vocabulary[n] for n in found])
print(
    "the layer gives the file's vector:", np.allclose(row, pretrained["boring"])
)
# --8<-- [end:pretrained]


# --8<-- [start:size]
sizes = (1, 4, 16, 64)
for size in sizes:
    found = [classifier(size, seed)[1] for seed in (0, 1)]
    print(
        f"{size:3} numbers a word, {len(words) * size:6,} in all:"
        f" {min(found):.2f} to {max(found):.2f}"
    )
# --8<-- [end:size]

# --8<-- [start:chinese]
import logging
from collections import Counter

import jieba

jieba.setLogLevel(logging.ERROR)
lines = [
    [word for word in jieba.cut(line) if word.isalpha()]
    for line in data.cmn_eng().target[:12000]
]
counts = Counter(word for line in lines for word in line)
chinese = ["", "[UNK]"] + [word for word, _ in counts.most_common(600)]
number = {word: n for n, word in enumerate(chinese)}
rows = [[number.get(word, 1) for word in line] for line in lines]
rows = tf.keras.utils.pad_sequences(rows, padding="post")
table = from_neighbours(rows, chinese, 16)
for word in ("我", "喜欢"):
    print(word, *nearest(table, chinese, word, 3))
# --8<-- [end:chinese]

# --8<-- [start:solution-scores]
scores, _ = classifier(1)
ranked = [i for i in np.argsort(scores[:, 0]) if often[i]]
print("one end:  ", *[words[i] for i in ranked[:5]])
print("other end:", *[words[i] for i in ranked[-5:]])
# --8<-- [end:solution-scores]


# --8<-- [start:solution-dense]
class Lookup(layers.Layer):
    """An embedding as a product, for numbers that are shares of words."""

    def __init__(self, words, size):
        super().__init__()
        self.table = self.add_weight(shape=(words, size))

    def call(self, shares):
        return shares @ self.table


lookup = Lookup(5, 3)
half = tf.constant([[0.5, 0.0, 0.0, 0.0, 0.5]])
middle = (lookup.table[0] + lookup.table[4]) / 2
print("the mean of two rows:", np.allclose(lookup(half)[0], middle))
# --8<-- [end:solution-dense]
