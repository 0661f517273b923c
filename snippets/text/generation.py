"""Generating text by characters: a GRU, sampling, temperature, top-k, top-p, perplexity."""

# --8<-- [start:smallest]
import contextlib

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

text = data.shakespeare().text[:150_000]
characters = sorted(set(text))
number = {c: i for i, c in enumerate(characters)}
ids = np.array([number[c] for c in text])
train, held_out = ids[: int(0.9 * len(ids))], ids[int(0.9 * len(ids)) :]

pairs = np.ones([len(characters)] * 2)
np.add.at(pairs, (train[:-1], train[1:]), 1)
pairs /= pairs.sum(axis=1, keepdims=True)
rng = np.random.default_rng(0)
written = [number["\n"]]
for _ in range(100):
    written.append(rng.choice(len(characters), p=pairs[written[-1]]))
print("".join(characters[i] for i in written).strip())
# --8<-- [end:smallest]


# --8<-- [start:perplexity]
def perplexity(probabilities):
    return np.exp(-np.mean(np.log(probabilities)))


share = np.bincount(train, minlength=len(characters)) + 1
share = share / share.sum()
before, after = held_out[:-1], held_out[1:]
print(f"all alike     {len(characters):.1f}")
print(f"by frequency  {perplexity(share[after]):.1f}")
print(f"after a pair  {perplexity(pairs[before, after]):.1f}")
# --8<-- [end:perplexity]

# --8<-- [start:windows]
length = 40


def windows(ids):
    count = (len(ids) - 1) // length
    x = ids[: count * length].reshape(count, length)
    y = ids[1 : count * length + 1].reshape(count, length)
    return x, y


x, y = windows(train)
print(x.shape, repr("".join(characters[i] for i in x[0, :12])))
print(y.shape, repr("".join(characters[i] for i in y[0, :12])))
# --8<-- [end:windows]

# --8<-- [start:model]
layers = tf.keras.layers


class CharModel(tf.keras.Model):
    def __init__(self, size, units=96):
        super().__init__()
        self.embed = layers.Embedding(size, 32)
        self.gru = layers.GRU(units, return_sequences=True, return_state=True)
        self.logits = layers.Dense(size)

    def call(self, x, state=None, return_state=False):
        h, state = self.gru(self.embed(x), initial_state=state)
        logits = self.logits(h)
        return (logits, state) if return_state else logits


tf.keras.utils.set_random_seed(0)
model = CharModel(len(characters))
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(tf.keras.optimizers.Adam(0.01), loss)
# --8<-- [end:model]

# --8<-- [start:train]
history = model.fit(
    x, y, 64, 12, validation_data=windows(held_out), verbose=0
).history
curves = {"training": history["loss"], "held out": history["val_loss"]}
figure, ax = plt.subplots(figsize=(5, 2.6), layout="constrained")
for name, losses in curves.items():
    ax.plot(range(1, 13), np.exp(losses), marker=".", label=name)
    print(f"perplexity, {name}: {np.exp(losses[-1]):.1f}")
ax.set(xlabel="epoch", ylabel="perplexity", ylim=(0, 20))
ax.set(xticks=[2, 4, 6, 8, 10, 12])
ax.legend()
# --8<-- [end:train]


# --8<-- [start:generate]
@tf.function(reduce_retracing=True)
def step(x, state):
    logits, state = model(x, state=state, return_state=True)
    return logits[:, -1], state


def generate(start, count, choose, seed=0, copies=1):
    """Feed the start, then each character chosen; only the state is kept."""
    x = tf.constant([[number[c] for c in start]] * copies)
    state = tf.zeros([copies, 96])
    chosen = []
    for n in range(count):
        logits, state = step(x, state)
        x = choose(logits, (seed, n))[:, None]
        chosen.append(x)
    rows = tf.concat(chosen, axis=1).numpy()
    return ["".join(characters[i] for i in row) for row in rows]


def sample(logits, seed, temperature=1.0):
    drawn = tf.random.stateless_categorical(logits / temperature, 1, seed)
    return drawn[:, 0]


print(generate("And ", 120, sample)[0])
# --8<-- [end:generate]

# --8<-- [start:reproducible]
print(
    "same seed, same text:",
    generate("And ", 50, sample) == generate("And ", 50, sample),
)
print(
    "another seed:",
    generate("And ", 50, sample) == generate("And ", 50, sample, 1),
)
# --8<-- [end:reproducible]

# --8<-- [start:state]
start = tf.constant([[number[c] for c in "Shall I compare"]])
whole = model(start)[:, -1]
state = tf.zeros([1, 96])
for i in range(start.shape[1]):
    one, state = step(start[:, i : i + 1], state)
alone, _ = step(start[:, -1:], tf.zeros([1, 96]))
print("one by one, state passed on:", np.allclose(whole, one, atol=1e-4))
print("state forgotten:", np.allclose(whole, alone, atol=1e-4))
# --8<-- [end:state]


# --8<-- [start:greedy]
def greedy(logits, seed):
    return tf.argmax(logits, axis=-1, output_type=tf.int32)


found = generate("And ", 300, greedy)[0]
tail = found[-40:]
print("last 40 characters occurred before:", tail in found[:-1])
print(
    "different lines:",
    len(set(found.split("\n"))),
    "of",
    len(found.split("\n")),
)
# --8<-- [end:greedy]

# --8<-- [start:temperature]
logits, _ = step(
    tf.constant([[number[c] for c in "And th"]]), tf.zeros([1, 96])
)
figure, axes = plt.subplots(1, 4, figsize=(8, 2.4), sharey=True)
top = np.argsort(logits[0])[::-1][:8]
for ax, temperature in zip(axes, (0.3, 0.7, 1.0, 2.0)):
    p = tf.nn.softmax(logits[0] / temperature).numpy()
    ax.bar(range(8), p[top])
    ax.set(title=f"T = {temperature}", ylim=(0, 1), xticks=[])
    ax.set_xlabel("the 8 most probable")
    effective = np.exp(-np.sum(p * np.log(p + 1e-12)))
    print(f"T = {temperature}: as uncertain as {effective:.1f} equal choices")
# --8<-- [end:temperature]


# --8<-- [start:top]
def top_k(logits, k):
    least = tf.math.top_k(logits, k).values[:, -1:]
    return tf.where(logits >= least, logits, -1e9)


def top_p(logits, p):
    """Keep the most probable ones until their sum reaches p."""
    ordered = tf.sort(logits, direction="DESCENDING")
    sums = tf.cumsum(tf.nn.softmax(ordered), axis=-1, exclusive=True)
    kept = tf.reduce_sum(tf.cast(sums < p, tf.int32), axis=-1)
    least = tf.gather(ordered, kept - 1, batch_dims=1)[:, None]
    return tf.where(logits >= least, logits, -1e9)


sure, unsure = tf.constant([[6.0, 1, 0, 0]]), tf.constant([[1.0, 0.9, 0.8, 0]])
for name, scores in (("sure", sure), ("unsure", unsure)):
    print(
        f"{name:7} p {tf.nn.softmax(scores)[0].numpy().round(2)}",
        f"top_k 2 keeps {int(np.sum(top_k(scores, 2) > -1e8))},",
        f"top_p 0.9 keeps {int(np.sum(top_p(scores, 0.9) > -1e8))}",
    )
# --8<-- [end:top]


# --8<-- [start:trade]
def quality(choose):
    """Share of words that the training text has; share of different lines."""
    texts = generate("\n", 250, choose, copies=16)
    words = [w for t in texts for w in t.split()[1:-1]]
    lines = [t[i : i + 10] for t in texts for i in range(0, 240, 10)]
    return np.mean([w in known for w in words]), len(set(lines)) / len(lines)


known = set("".join(characters[i] for i in train).split())
choices = {
    "T = 0.2": lambda logits, seed: sample(logits, seed, 0.2),
    "T = 0.5": lambda logits, seed: sample(logits, seed, 0.5),
    "T = 1.0": sample,
    "T = 1.5": lambda logits, seed: sample(logits, seed, 1.5),
    "top_k 5": lambda logits, seed: sample(top_k(logits, 5), seed),
    "top_p 0.9": lambda logits, seed: sample(top_p(logits, 0.9), seed),
}
figure, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
print("            real words   different pieces")
for name, choose in choices.items():
    real, different = quality(choose)
    print(f"{name:10} {real:9.2f} {different:14.2f}")
    ax.plot(different, real, "o" if "T" in name else "s", label=name)
ax.set(xlabel="different pieces", ylabel="words that exist")
ax.set(xlim=(0, 1.05), ylim=(0, 1.05))
ax.legend(loc="lower left")
# --8<-- [end:trade]

# --8<-- [start:probabilities]
p = tf.nn.softmax(tf.constant([[4.0, 0.0, 0.0, 0.0]]))
right = tf.random.stateless_categorical(tf.math.log(p), 10000, (0, 0))
wrong = tf.random.stateless_categorical(p, 10000, (0, 0))
print(f"probability      {p[0, 0]:.2f}")
print(f"from logits      {np.mean(right == 0):.2f}")
print(f"from p, by error {np.mean(wrong == 0):.2f}")
# --8<-- [end:probabilities]

with contextlib.suppress(ValueError):
    # --8<-- [start:choice]
    p = np.array([1, 1, 1], "float32") / np.float32(3)
    print("as it is:", np.random.default_rng(0).choice(3, p=p))
    print("sum in float64:", p.astype("float64").sum())
    np.random.choice(3, p=p.astype("float64"))
    # --8<-- [end:choice]

# --8<-- [start:then]
print("tf.nn.rnn_cell:", hasattr(tf.nn, "rnn_cell"))
cell = layers.GRUCell(96)
cell.build((None, 32))
cell.set_weights(model.gru.get_weights())
state = tf.zeros([1, 96])
for vector in tf.unstack(model.embed(start), axis=1):
    output, state = cell(vector, state)
print("cell by cell:", np.allclose(model.logits(output), whole, atol=1e-4))
# --8<-- [end:then]


# --8<-- [start:solution-repeat]
def punish(logits, last, penalty=2.0):
    """Lower the scores of what was chosen lately."""
    return logits - penalty * tf.reduce_max(
        tf.one_hot(last, logits.shape[-1]), axis=0
    )


scores = tf.constant([[2.0, 1.9, 0.0]])
print(int(tf.argmax(scores, -1)[0]), int(tf.argmax(punish(scores, [0]), -1)[0]))
# --8<-- [end:solution-repeat]

# --8<-- [start:solution-words]
loss_per_character = np.log(3.0)
print(
    f"3.0 a character, 5.5 characters a word: {np.exp(5.5 * loss_per_character):.0f}"
)
# --8<-- [end:solution-words]
