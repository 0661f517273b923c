"""CTC: all alignments by hand, the loss of the libraries, decoding, and strips of digits read."""

# --8<-- [start:smallest]
import contextlib
import itertools

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

rng = np.random.default_rng(0)
logits = rng.normal(size=(1, 5, 3)).astype("float32")  # 5 frames, 3 classes
labels = np.array([[1, 2]])  # 0 is the blank
loss = tf.keras.losses.CTC()(labels, logits)
print("loss", f"{float(loss):.4f}")
# --8<-- [end:smallest]


# --8<-- [start:collapse]
def collapse(path):
    """Join equal neighbours, then drop the blanks."""
    return tuple(label for label, _ in itertools.groupby(path) if label != 0)


for path in ([1, 1, 0, 2, 2], [0, 1, 2, 0, 0], [1, 1, 1], [1, 0, 1]):
    print(path, "->", collapse(path))
paths = itertools.product(range(3), repeat=5)
fitting = [path for path in paths if collapse(path) == (1, 2)]
print(len(fitting), "of", 3**5, "paths read (1, 2)")
# --8<-- [end:collapse]

# --8<-- [start:by-hand]
probability = tf.nn.softmax(logits[0]).numpy()
total = sum(
    np.prod([probability[frame, label] for frame, label in enumerate(path)])
    for path in fitting
)
library = tf.nn.ctc_loss(
    labels,
    logits,
    label_length=[2],
    logit_length=[5],
    logits_time_major=False,
    blank_index=0,
)
print(f"by hand        {-np.log(total):.4f}")
print(f"tf.nn.ctc_loss {library[0]:.4f}")
print(f"losses.CTC     {loss:.4f}")
# --8<-- [end:by-hand]


# --8<-- [start:forward]
def ctc_forward(probability, label):
    """The same sum, one frame after the other."""
    states = [0]
    for symbol in label:
        states += [symbol, 0]  # blank, label, blank, label, blank
    alpha = np.zeros(len(states))
    alpha[:2] = probability[0, states[:2]]
    for frame in probability[1:]:
        before = alpha
        alpha = before.copy()
        alpha[1:] += before[:-1]
        for s in range(2, len(states)):
            if states[s] != 0 and states[s] != states[s - 2]:
                alpha[s] += before[s - 2]  # jump over a blank
        alpha *= frame[states]
    return alpha[-2:].sum()


print(f"forward {-np.log(ctc_forward(probability, (1, 2))):.4f}")
for frames, length in ((5, 2), (50, 10), (500, 50)):
    print(
        f"{frames:4} frames: 10^{frames * np.log10(3):.0f} paths,",
        f"{frames * (2 * length + 1):,} cells",
    )
# --8<-- [end:forward]

# --8<-- [start:too-short]
for label in ([1, 2, 1], [1, 1, 1]):
    value = tf.keras.losses.CTC()(np.array([label]), logits[:, :4])
    repeats = sum(a == b for a, b in itertools.pairwise(label))
    print(label, "needs", len(label) + repeats, f"of 4 frames: {value:.1f}")
# --8<-- [end:too-short]

with contextlib.suppress(tf.errors.InvalidArgumentError):
    # --8<-- [start:sparse]
    long = tf.sparse.from_dense(np.array([[1, 2, 1, 2, 1]], "int32"))
    tf.nn.ctc_loss(
        long,
        logits[:, :4],
        label_length=None,
        logit_length=[4],
        logits_time_major=False,
        blank_index=0,
    )
    # --8<-- [end:sparse]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    import keras

    keras.backend.ctc_batch_cost
    # --8<-- [end:then]

# --8<-- [start:blank]
last = tf.roll(logits, -1, axis=-1)  # the same numbers, the blank moved last
old = tf.keras.backend.ctc_batch_cost(
    labels - 1, tf.nn.softmax(last), np.array([[5]]), np.array([[2]])
)
print(f"CTC, blank first               {loss:.4f}")
print(f"ctc_batch_cost, blank last     {float(old[0, 0]):.4f}")
wrong = tf.keras.losses.CTC()(labels, tf.nn.softmax(logits))
print(f"CTC, given probabilities       {wrong:.4f}")
zeroed = tf.keras.losses.CTC()(labels - 1, last)
print(f"CTC, labels counted from 0     {zeroed:.4f}")
# --8<-- [end:blank]

# --8<-- [start:padding]
ctc = tf.keras.losses.CTC(reduction="none")
print(
    "labels padded with 0 ", ctc(np.array([[1, 2, 0]]), logits).numpy().round(3)
)
print(
    "labels padded with -1",
    ctc(np.array([[1, 2, -1]]), logits).numpy().round(3),
)
silence = rng.normal(size=(1, 5, 3)).astype("float32")
longer = tf.concat([logits, silence], axis=1)
print("five frames of padding", ctc(labels, longer).numpy().round(3))
told = tf.keras.ops.ctc_loss(labels, longer, [2], [5])
print("the same, length told ", told.numpy().round(3))
# --8<-- [end:padding]

# --8<-- [start:greedy]
two = np.log([[[0.6, 0.4], [0.6, 0.4]]]).astype("float32")
readings = {}
for path in itertools.product(range(2), repeat=2):
    p = np.prod(np.exp(two[0, [0, 1], path]))
    readings[collapse(path)] = readings.get(collapse(path), 0) + p
print({k: round(float(p), 2) for k, p in readings.items()})
for strategy in ("greedy", "beam_search"):
    found, _ = tf.keras.ops.ctc_decode(two, [2], strategy=strategy)
    print(f"{strategy:12}", [int(i) for i in found[0, 0] if i >= 0])
# --8<-- [end:greedy]

# --8<-- [start:strips]
mnist = data.mnist()


def strips(images, digits, count, seed):
    """Rows of four or five digits with gaps of random width."""
    rng = np.random.default_rng(seed)
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) / 255
    x = np.zeros([count, 14, 96, 1], "float32")
    y = np.zeros([count, 5], "int32")
    for n in range(count):
        at = rng.integers(0, 6)
        for i in range(rng.integers(4, 6)):
            chosen = rng.integers(len(small))
            x[n, :, at : at + 14, 0] = small[chosen]
            y[n, i] = digits[chosen] + 1
            at += 14 + rng.integers(0, 6)
    return x, y


x, y = strips(mnist.x_train, mnist.y_train, 1200, 0)
test_x, test_y = strips(mnist.x_test, mnist.y_test, 200, 1)
figure, axes = plt.subplots(2, 1, figsize=(5, 1.9), layout="constrained")
for strip, label, ax in zip(x, y, axes):
    ax.imshow(strip[..., 0], cmap="gray_r")
    ax.set(xticks=[], yticks=[])
    ax.set_title(" ".join(str(i - 1) for i in label if i), fontsize=9)
# --8<-- [end:strips]

# --8<-- [start:model]
layers = tf.keras.layers
tf.keras.utils.set_random_seed(0)
model = tf.keras.Sequential(
    [
        tf.keras.Input([14, 96, 1]),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.MaxPooling2D((2, 1)),
        layers.Permute((2, 1, 3)),
        layers.Reshape((48, 3 * 32)),
        layers.Conv1D(64, 5, padding="same", activation="relu"),
        layers.Dense(11),  # ten digits and the blank
    ]
)
model.compile(tf.keras.optimizers.Adam(0.003), tf.keras.losses.CTC())
print(model.output_shape, model.count_params(), "parameters")
# --8<-- [end:model]


# --8<-- [start:train]
def error_rate(strategy="greedy"):
    """Edits from the reading to the truth, by the length of the truth."""
    scores = model.predict(test_x, verbose=0)
    found, _ = tf.keras.ops.ctc_decode(
        scores, [48] * len(scores), strategy=strategy, beam_width=10
    )
    found = tf.maximum(found[0], 0)
    distance = tf.edit_distance(
        tf.sparse.from_dense(found), tf.sparse.from_dense(test_y)
    )
    blanks = np.mean(scores.argmax(axis=-1) == 0)
    return float(tf.reduce_mean(distance)), blanks


curve = []
for _ in range(10):
    model.fit(x, y, 16, 1, verbose=0)
    curve.append(error_rate())
print(f"after one round: {curve[0][0]:.1f} errors a digit,", end=" ")
print(f"{curve[0][1]:.2f} of the frames blank")
print(f"after ten: {curve[-1][0]:.2f} errors a digit,", end=" ")
print(f"{curve[-1][1]:.2f} of the frames blank")
errors, blanks = np.transpose(curve)
figure, ax = plt.subplots(figsize=(5, 2.4), layout="constrained")
ax.plot(range(1, 11), errors, marker=".", label="errors a digit")
ax.plot(range(1, 11), blanks, marker=".", label="share of blank frames")
ax.set(xlabel="epoch", ylim=(0, 1.05), xticks=[2, 4, 6, 8, 10])
ax.legend()
# --8<-- [end:train]

# --8<-- [start:spikes]
scores = tf.nn.softmax(model.predict(test_x[:1], verbose=0)[0]).numpy()
figure, axes = plt.subplots(2, 1, figsize=(6, 3.4), layout="constrained")
axes[0].imshow(test_x[0, ..., 0], cmap="gray_r", aspect="auto")
axes[0].set(xticks=[], yticks=[])
axes[1].plot(scores[:, 0], color="0.8", label="blank")
for digit in sorted({int(i) - 1 for i in test_y[0] if i}):
    axes[1].plot(scores[:, digit + 1], label=str(digit))
axes[1].set(
    xlim=(-0.5, 47.5), ylim=(0, 1.4), yticks=[0, 0.5, 1], xlabel="frame"
)
axes[1].legend(fontsize=8, ncols=6, loc="upper center")
# --8<-- [end:spikes]

# --8<-- [start:compare]
for strategy in ("greedy", "beam_search"):
    print(f"{strategy:12} {error_rate(strategy)[0]:.2f} errors a digit")
# --8<-- [end:compare]


# --8<-- [start:solution-count]
def needed(label):
    return len(label) + sum(a == b for a, b in itertools.pairwise(label))


print("hello:", needed("hello"), " aaa:", needed("aaa"))
# --8<-- [end:solution-count]


# --8<-- [start:solution-beam]
def beam_search(probability, width):
    """Prefixes with the probability to end in a blank, and not to."""
    beams = {(): (1.0, 0.0)}
    for frame in probability:
        grown = {}

        def add(prefix, blank, label, grown=grown):
            b, n = grown.get(prefix, (0.0, 0.0))
            grown[prefix] = b + blank, n + label

        for prefix, (blank, label) in beams.items():
            add(prefix, (blank + label) * frame[0], 0.0)
            for symbol in range(1, len(frame)):
                if prefix and prefix[-1] == symbol:
                    add(prefix, 0.0, label * frame[symbol])
                    add((*prefix, symbol), 0.0, blank * frame[symbol])
                else:
                    add(
                        (*prefix, symbol),
                        0.0,
                        (blank + label) * frame[symbol],
                    )
        ranked = sorted(grown.items(), key=lambda item: -sum(item[1]))
        beams = dict(ranked[:width])
    return {prefix: sum(p) for prefix, p in beams.items()}


mine = list(beam_search(probability, 100).items())[:2]
found, scores = tf.keras.ops.ctc_decode(
    logits, [5], strategy="beam_search", beam_width=100, top_paths=2
)
for n, (prefix, p) in enumerate(mine):
    theirs = [int(i) for i in found[n, 0] if i >= 0]
    print(list(prefix), f"{np.log(p):.3f}", theirs, f"{scores[0, n]:.3f}")
# --8<-- [end:solution-beam]
