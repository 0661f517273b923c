"""Code of the lab labs/week3-shakespeare."""

# --8<-- [start:load]
import keras
import numpy as np
import tensorflow as tf

from tfnotes import data

text = data.shakespeare().text[:60_000]
print(text[:90])
# --8<-- [end:load]

# --8<-- [start:checks]
ROWS, STEPS = 32, 10


def say(task, *faults):
    """The first fault that is there, or none."""
    found = [words for is_there, words in faults if is_there]
    print(f"task {task}:", f"not yet: {found[0]}" if found else "right")


def check_coding(alphabet, encode, decode):
    missing = len(set(text) - set(alphabet))
    if missing:
        say(1, (True, f"{missing} characters of the text have no number"))
        return
    codes = encode(text[:1000])
    say(
        1,
        (len(set(alphabet)) < len(alphabet), "a character is there twice"),
        (np.min(codes) < 0, "numbers begin at 0"),
        (np.max(codes) >= len(alphabet), "a number is too large"),
        (decode(codes) != text[:1000], "decoding does not give the text back"),
    )


def check_batches(batches):
    (x, y), (following, _) = batches[0], batches[1]
    say(
        2,
        (x.shape != (ROWS, STEPS), f"x should be {ROWS} by {STEPS}"),
        ((x[:, 1:] != y[:, :-1]).any(), "y should be x, one step later"),
        (
            (following[:, 0] != y[:, -1]).any(),
            "row 0 of the next batch does not go on where row 0 stopped",
        ),
        (len({tuple(row) for row in x}) < ROWS, "rows are equal"),
    )


def check_model(model):
    codes = batches[0][0]
    forget(model)
    whole = model(codes).numpy()
    forget(model)
    halves = model(codes[:, :5]).numpy(), model(codes[:, 5:]).numpy()
    halves = np.concatenate(halves, axis=1)
    shape = (ROWS, STEPS, len(alphabet))
    say(
        3,
        (whole.shape != shape, f"the output should be {shape}"),
        (
            not np.allclose(halves, whole, atol=1e-4),
            "the second half does not know what was in the first",
        ),
    )


def check_training(losses):
    shares = np.bincount(codes, minlength=len(alphabet)) / len(codes)
    guess = -np.sum(shares * np.log(shares))
    print(f"guessing by how common each character is: {guess:.1f}")
    say(
        4,
        (losses[-1] > losses[0], "the loss rises"),
        (losses[-1] > guess, "that is worse than guessing"),
        (losses[-1] > 0.8 * guess, "that is hardly better than guessing"),
    )


def check_sample(sample):
    scores = np.log([0.1, 0.2, 0.7])
    cold = [sample(scores, 0.01) for _ in range(50)]
    warm = [sample(scores, 1.0) for _ in range(2000)]
    share = np.bincount(warm, minlength=3)[:3] / 2000
    say(
        5,
        (set(cold) != {2}, "when it is cold, only the best one should come"),
        (abs(share - [0.1, 0.2, 0.7]).max() > 0.05, f"shares {share}"),
    )


def forget(model):
    """Sets the states of recurrent layers to zero."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.RNN) and layer.stateful:
            layer.reset_state()


# --8<-- [end:checks]

# --8<-- [start:wrong-coding]
alphabet = sorted(set(text[:500]))


def encode(string):
    return np.array([alphabet.index(letter) for letter in string])


def decode(codes):
    return "".join(alphabet[code] for code in codes)


check_coding(alphabet, encode, decode)
# --8<-- [end:wrong-coding]

# --8<-- [start:coding]
alphabet = sorted(set(text))
number_of = {letter: code for code, letter in enumerate(alphabet)}


def encode(string):
    return np.array([number_of[letter] for letter in string])


check_coding(alphabet, encode, decode)
codes = encode(text)
print(len(alphabet), "characters;", text[:6], "is", codes[:6])
# --8<-- [end:coding]

# --8<-- [start:wrong-batches]
count = (len(codes) - 1) // STEPS
inputs = codes[: count * STEPS].reshape(count, STEPS)
targets = codes[1 : count * STEPS + 1].reshape(count, STEPS)
batches = [
    (inputs[n : n + ROWS], targets[n : n + ROWS])
    for n in range(0, count - ROWS + 1, ROWS)
]
check_batches(batches)
# --8<-- [end:wrong-batches]

# --8<-- [start:batches]
length = (len(codes) - 1) // ROWS // STEPS * STEPS
long_x = codes[: ROWS * length].reshape(ROWS, length)
long_y = codes[1 : ROWS * length + 1].reshape(ROWS, length)
batches = [
    (long_x[:, n : n + STEPS], long_y[:, n : n + STEPS])
    for n in range(0, length, STEPS)
]
check_batches(batches)
print(len(batches), "batches")
for x, _ in batches[:3]:
    print("row 0:", repr(decode(x[0])))
# --8<-- [end:batches]

# --8<-- [start:picture]
import matplotlib.pyplot as plt

piece = np.arange(8 * 6)
orders = {
    "consecutive": piece.reshape(6, 8).T,
    "for a state": piece.reshape(8, 6),
}
figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.2))
for ax, (title, order) in zip(axes, orders.items()):
    ax.imshow(order, cmap="Blues", vmax=90)
    for (row, batch), number in np.ndenumerate(order):
        ax.text(batch, row, number, ha="center", va="center")
    ax.set(title=title, xlabel="batch", ylabel="row", yticks=range(0, 8, 7))
    ax.set(xticks=range(6))
# --8<-- [end:picture]


# --8<-- [start:wrong-model]
def make_model(rows, stateful):
    return keras.Sequential(
        [
            keras.Input(batch_shape=(rows, None)),
            keras.layers.Embedding(len(alphabet), 32),
            keras.layers.GRU(96, return_sequences=True, stateful=stateful),
            keras.layers.Dense(len(alphabet)),
        ]
    )


check_model(make_model(ROWS, stateful=False))
# --8<-- [end:wrong-model]

# --8<-- [start:model]
keras.utils.set_random_seed(0)
model = make_model(ROWS, stateful=True)
check_model(model)
# --8<-- [end:model]

# --8<-- [start:train]
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(5e-3), loss)
learnt, kept = batches[:-20], batches[-20:]


class Forget(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        forget(self.model)


def generator():
    yield from learnt


kind = tf.TensorSpec([ROWS, STEPS], tf.int64)
dataset = tf.data.Dataset.from_generator(
    generator, output_signature=(kind, kind)
)
steps = tf.data.experimental.assert_cardinality(len(learnt))
history = model.fit(
    dataset.apply(steps),
    epochs=4,
    shuffle=False,
    verbose=0,
    callbacks=[Forget()],
)
losses = history.history["loss"]
print("loss of an epoch:", [f"{value:.1f}" for value in losses])
check_training(losses)
# --8<-- [end:train]


# --8<-- [start:by-position]
def loss_by_position(carry):
    """Mean loss at each of the ten places of a window, on text kept back."""
    forget(model)
    found = []
    for x, y in kept:
        if not carry:
            forget(model)
        scores = model(x)
        found.append(
            keras.losses.sparse_categorical_crossentropy(
                y, scores, from_logits=True
            )
        )
    return np.mean(found, axis=(0, 1))


places = range(1, STEPS + 1)
plt.figure(figsize=(5.2, 3.0))
for carry, style in ((True, "o-"), (False, "s--")):
    losses = loss_by_position(carry)
    label = "state carried over" if carry else "state forgotten"
    plt.plot(places, losses, style, label=label)
    print(f"{label:18} mean {losses.mean():.1f}, first place {losses[0]:.1f}")
plt.xlabel("place in the window")
plt.ylabel("loss on text kept back")
plt.ylim(0, 4)
plt.xticks(list(places))
plt.yticks(range(5))
plt.legend()
# --8<-- [end:by-position]

# --8<-- [start:wrong-sample]
rng = np.random.default_rng(0)


def sample(scores, temperature):
    chances = np.exp(scores) / np.sum(np.exp(scores)) / temperature
    return int(rng.choice(len(chances), p=chances / chances.sum()))


check_sample(sample)
# --8<-- [end:wrong-sample]


# --8<-- [start:sample]
def sample(scores, temperature):
    scores = np.asarray(scores, np.float64) / temperature
    chances = np.exp(scores - scores.max())
    return int(rng.choice(len(chances), p=chances / chances.sum()))


check_sample(sample)
# --8<-- [end:sample]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:one-row]
    model(np.zeros([1, 1], np.int64))
    # --8<-- [end:one-row]

# --8<-- [start:generate]
writer = make_model(1, stateful=True)
writer.set_weights(model.get_weights())
next_scores = tf.function(lambda code: writer(code)[0, -1])


def write(start, temperature, count=100):
    forget(writer)
    for letter in start:
        scores = next_scores(tf.constant([[number_of[letter]]]))
    written = start
    for _ in range(count):
        code = sample(scores.numpy(), temperature)
        written += alphabet[code]
        scores = next_scores(tf.constant([[code]]))
    return written


for temperature in (0.2, 0.7, 1.5):
    print(
        f"{temperature}:", " / ".join(write("The ", temperature).splitlines())
    )
# --8<-- [end:generate]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    model.reset_states()
    # --8<-- [end:then]

# --8<-- [start:solution-index]
windows, per_row = 50, 5
order = [i + n for i in range(per_row) for n in range(0, windows, per_row)]
by_index = codes[: windows * STEPS].reshape(windows, STEPS)[order]
rows = windows // per_row
reshaped = codes[: windows * STEPS].reshape(rows, per_row * STEPS)
for n in range(per_row):
    batch = by_index[n * rows : (n + 1) * rows]
    assert np.array_equal(batch, reshaped[:, n * STEPS : (n + 1) * STEPS])
print("the same", per_row, "batches")
# --8<-- [end:solution-index]
