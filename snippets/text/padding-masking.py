"""Padding and masks: where padding does harm, how a mask travels, where it is lost."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
sentences = [[3, 1, 2], [5, 4, 6, 8, 7]]
ids = tf.keras.utils.pad_sequences(sentences, padding="post")
print(ids)
embedding = layers.Embedding(9, 4, mask_zero=True)
print(embedding.compute_mask(ids).numpy())
# --8<-- [end:smallest]

# --8<-- [start:settings]
long, short = [1, 2, 3, 4, 5, 6], [7, 8]
for padding in ("pre", "post"):
    for truncating in ("pre", "post"):
        rows = tf.keras.utils.pad_sequences(
            [long, short], maxlen=4, padding=padding, truncating=truncating
        )
        print(f"padding={padding:5} truncating={truncating:5}", *rows.tolist())
# --8<-- [end:settings]

# --8<-- [start:drift]
import matplotlib.pyplot as plt

tf.keras.utils.set_random_seed(1)
embedding = layers.Embedding(9, 8, mask_zero=True)
embedding.build()
lstm = layers.LSTM(8)
first, second = [3, 1, 2, 5, 4], [3, 1, 6, 5, 8]


def last_states(zeros, padding, mask_zero):
    empty = [0] * zeros
    pair = [
        row + empty if padding == "post" else empty + row
        for row in (first, second)
    ]
    vectors = tf.gather(embedding.embeddings, pair)
    mask = tf.not_equal(pair, 0) if mask_zero else None
    return lstm(vectors, mask=mask)


alone = last_states(0, "post", False)
apart = tf.norm(alone[0] - alone[1])
counts = range(0, 41, 2)
plt.figure(figsize=(5.4, 3))
for padding, mask_zero, style in [
    ("post", False, "-"),
    ("pre", False, "--"),
    ("post", True, ":"),
]:
    distances = []
    for zeros in counts:
        states = last_states(zeros, padding, mask_zero)
        distances.append(float(tf.norm(states[0] - states[1]) / apart))
    name = f"{padding}, {'mask' if mask_zero else 'no mask'}"
    plt.plot(counts, distances, style, label=name)
    print(f"{name:13} after 40 zeros: {distances[-1]:.2f}")
plt.xlabel("zeros added")
plt.ylabel("distance of the two states")
plt.ylim(-0.05, 1.3)
plt.legend()
# --8<-- [end:drift]

# --8<-- [start:data]
from tfnotes import data

imdb = data.imdb()
vectorize = layers.TextVectorization(max_tokens=2000)
vectorize.adapt(imdb.x_train[::10])


def short_reviews(texts, labels, most):
    """Reviews of at most 80 words, as numbers, in random order."""
    order = np.random.default_rng(0).permutation(len(texts))
    kept = [i for i in order if len(texts[i].split()) <= 80][:most]
    return [vectorize(texts[i]).numpy()[:90] for i in kept], labels[kept]


train, y_train = short_reviews(imdb.x_train, imdb.y_train, 500)
test, y_test = short_reviews(imdb.x_test, imdb.y_test, 400)
median = np.median([len(row) for row in train])
larger = max(np.mean(y_test), 1 - np.mean(y_test))
print(f"{len(train)} reviews, median {median:.0f} words")
print(f"always naming one class: {1 - larger:.2f} or {larger:.2f}")
# --8<-- [end:data]


# --8<-- [start:accuracy]
def accuracy(padding, mask_zero, seed):
    def pad(rows):
        return tf.keras.utils.pad_sequences(rows, 100, padding=padding)

    tf.keras.utils.set_random_seed(seed)
    model = tf.keras.Sequential(
        [
            tf.keras.Input([None], dtype="int32"),
            layers.Embedding(2000, 16, mask_zero=mask_zero),
            layers.LSTM(16),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        tf.keras.optimizers.Adam(0.01),
        "binary_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(pad(train), y_train, epochs=3, verbose=0)
    return model.evaluate(pad(test), y_test, verbose=0)[1]


# --8<-- [end:accuracy]

# --8<-- [start:measure]
for mask_zero in (False, True):
    for padding in ("post", "pre"):
        found = [accuracy(padding, mask_zero, seed) for seed in (0, 1)]
        print(
            f"{padding:4} {'mask' if mask_zero else 'no mask':8}"
            f" {np.mean(found):.2f}  ({min(found):.2f} to {max(found):.2f})"
        )
# --8<-- [end:measure]

# --8<-- [start:travel]
import warnings

ids = tf.constant([[3, 1, 2, 0, 0]])


def mask_after(layer):
    """Calls the layer on masked vectors; returns its mask and if it warned."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = layer(embedding(ids))
    mask = getattr(result, "_keras_mask", None)
    found = "-" if mask is None else "".join("01"[int(b)] for b in mask[0])
    return found, "warns" if caught else ""


kinds = {
    "Dense": layers.Dense(4),
    "Dropout": layers.Dropout(0.5),
    "LayerNormalization": layers.LayerNormalization(),
    "LSTM, all steps": layers.LSTM(4, return_sequences=True),
    "MultiHeadAttention": lambda v: layers.MultiHeadAttention(2, 2)(v, v),
    "LSTM, last step": layers.LSTM(4),
    "GlobalAveragePooling1D": layers.GlobalAveragePooling1D(),
    "GlobalMaxPooling1D": layers.GlobalMaxPooling1D(),
    "Conv1D": layers.Conv1D(4, 3, padding="same"),
    "Flatten": layers.Flatten(),
    "Reshape": layers.Reshape([5, 4, 2]),
}
for name, layer in kinds.items():
    print(f"{name:24}", *mask_after(layer))
# --8<-- [end:travel]

# --8<-- [start:keras-2]
import tf_keras

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    vectors = tf_keras.layers.Embedding(9, 4, mask_zero=True)(ids)
    flat = tf_keras.layers.Flatten()(vectors)
print("mask:", getattr(flat, "_keras_mask", None), "warnings:", len(caught))
# --8<-- [end:keras-2]

# --8<-- [start:lost]
other = tf.zeros([1, 5, 8])
kinds = {
    "vectors * 2": lambda v: v * 2,
    "vectors[:, :4]": lambda v: v[:, :4],
    "tf.concat([v, v], -1)": lambda v: tf.concat([v, v], -1),
    "Concatenate, both masked": lambda v: layers.Concatenate()([v, v]),
    "Concatenate, one masked": lambda v: layers.Concatenate()([v, other]),
    "Add, one masked": lambda v: layers.Add()([v, other]),
    "Masking": layers.Masking(),
}
for name, layer in kinds.items():
    print(f"{name:25}", *mask_after(layer))
# --8<-- [end:lost]

# --8<-- [start:convolution]
inputs = tf.keras.Input([None], dtype="int32")
vectors = embedding(inputs)
convolution = layers.Conv1D(8, 3, padding="causal", activation="relu")
last = layers.LSTM(4)
lossy = tf.keras.Model(inputs, last(convolution(vectors)))
mask = tf.keras.ops.not_equal(inputs, 0)
by_hand = tf.keras.Model(inputs, last(convolution(vectors), mask=mask))
rows = [np.array([first + [0] * zeros]) for zeros in (0, 10)]
for name, model in {"mask lost": lossy, "mask by hand": by_hand}.items():
    short, padded = (model(row).numpy() for row in rows)
    print(f"{name:13} same with ten zeros: {np.allclose(short, padded)}")
# --8<-- [end:convolution]

# --8<-- [start:loss]
tf.keras.utils.set_random_seed(1)
tagger = tf.keras.Sequential(
    [
        tf.keras.Input([None], dtype="int32"),
        layers.Embedding(9, 4, mask_zero=True),
        layers.LSTM(3, return_sequences=True),
        layers.Dense(2),
    ]
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
tagger.compile(loss=loss, metrics=["accuracy"])
x = np.array([[3, 1, 2, 0, 0], [4, 5, 6, 7, 8]])
y = np.array([[0, 1, 1, 0, 0], [1, 1, 0, 0, 1]])
reported = tagger.evaluate(x, y, verbose=0)[0]
each = tf.keras.losses.sparse_categorical_crossentropy(
    y, tagger(x), from_logits=True
).numpy()
print("as the mean of the 8 words:  ", np.isclose(reported, each[x > 0].mean()))
print("as the mean of all 10 places:", np.isclose(reported, each.mean()))
# --8<-- [end:loss]

# --8<-- [start:zero-word]
vocabulary = ["the", "film", "was", "bad"]  # "the" has become number 0
row = tf.constant([[vocabulary.index(w) for w in "the film was bad".split()]])
print(row.numpy(), embedding.compute_mask(row).numpy())
temperatures = tf.constant([[[0.0, 0.0], [0.0, 3.0], [-1.0, 2.0]]])
print(layers.Masking(0.0).compute_mask(temperatures).numpy())
# --8<-- [end:zero-word]

# --8<-- [start:empty]
empty = embedding(tf.constant([[0, 0, 0], [3, 0, 0]]))
print("mean:", layers.GlobalAveragePooling1D()(empty)[:, 0].numpy().round(2)[0])
print("LSTM:", layers.LSTM(3)(empty)[0].numpy())
# --8<-- [end:empty]

# --8<-- [start:cost]
padded = tf.keras.utils.pad_sequences(train, 100, padding="post")
print(f"steps computed: {padded.size:,}")
print(f"of them words:  {np.count_nonzero(padded):,}")
print(f"share of words: {np.count_nonzero(padded) / padded.size:.2f}")
# --8<-- [end:cost]


# --8<-- [start:gpu-mask]
for padding in ("post", "pre"):
    ids = tf.keras.utils.pad_sequences(sentences, padding=padding)
    fast = tf.keras.Sequential(
        [layers.Embedding(9, 4, mask_zero=True), layers.LSTM(256)]
    )
    print(f"{padding}, eager:", fast(ids).shape)
    try:
        print(f"{padding}, graph:", tf.function(fast)(ids).shape)
    except tf.errors.InvalidArgumentError as error:
        start = error.message.index("You are passing")
        print(f"{padding}, graph:", error.message[start : start + 120])
# --8<-- [end:gpu-mask]


# --8<-- [start:solution-max]
@tf.keras.utils.register_keras_serializable("tfnotes")
class MaskedMax(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is not None:
            low = inputs.dtype.min
            inputs = tf.where(mask[..., None], inputs, low)
        return tf.reduce_max(inputs, axis=1)

    def compute_mask(self, inputs, mask=None):
        return None  # no positions are left that a mask could be about


short, padded = (MaskedMax()(embedding(row)) for row in rows)
print("same with ten zeros:", np.allclose(short, padded))
# --8<-- [end:solution-max]

# --8<-- [start:solution-states]
states = layers.LSTM(1, return_sequences=True)(embedding(ids))[0, :, 0]
unchanged = [bool(states[t] == states[2]) for t in range(5)]
print("equal to the state of the third step:", unchanged)
# --8<-- [end:solution-states]
