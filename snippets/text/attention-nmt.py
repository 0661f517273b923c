"""Translation with an encoder, a decoder and attention between them; alignments drawn."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

layers = tf.keras.layers
rng = np.random.default_rng(0)
encoded = rng.normal(size=(1, 5, 4)).astype("float32")  # five source words
states = rng.normal(size=(1, 3, 4)).astype("float32")  # three target steps
tf.keras.utils.set_random_seed(0)
additive = layers.AdditiveAttention()
context, weights = additive([states, encoded], return_attention_scores=True)
print("context", context.shape, "weights", weights.shape)
print("a row of weights sums to", f"{float(tf.reduce_sum(weights[0, 0])):.3f}")
# --8<-- [end:smallest]


# --8<-- [start:by-hand]
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


(scale,) = additive.get_weights()
both = states[:, :, None] + encoded[:, None]  # every step with every word
mine = softmax((scale * np.tanh(both)).sum(axis=-1))
print("additive, weights:", np.allclose(mine, weights, atol=1e-6))
print("additive, context:", np.allclose(mine @ encoded, context, atol=1e-6))

dotted = layers.Attention()([states, encoded])
mine = softmax(states @ encoded.swapaxes(1, 2)) @ encoded
print("dot product:      ", np.allclose(mine, dotted, atol=1e-6))
# --8<-- [end:by-hand]

# --8<-- [start:data]
pairs = data.cmn_eng()
chosen = [
    (s.lower().rstrip(".?!").split(), list(t.rstrip("。？！")))
    for s, t in zip(pairs.source, pairs.target)
    if 4 <= len(s.split()) <= 8 and len(t) <= 14
]
np.random.default_rng(0).shuffle(chosen)
chosen = chosen[:1100]
held_out, train = chosen[:100], chosen[100:]
special = ["<pad>", "<go>", "<end>", "<unknown>"]
english = special + sorted({w for s, _ in train for w in s})
chinese = special + sorted({c for _, t in train for c in t})
print(len(train), "pairs,", len(english), "words,", len(chinese), "characters")
print(train[0])
# --8<-- [end:data]


# --8<-- [start:arrays]
def table(rows, names, length):
    number = {name: i for i, name in enumerate(names)}
    result = np.zeros([len(rows), length], "int32")
    for line, row in zip(result, rows):
        line[: len(row)] = [number.get(name, 3) for name in row]
    return result


def arrays(some):
    source = table([s for s, _ in some], english, 8)
    target = table([["<go>", *t, "<end>"] for _, t in some], chinese, 16)
    return (source, target[:, :-1]), target[:, 1:]


inputs, targets = arrays(train)
print("the decoder is given", [chinese[i] for i in inputs[1][0] if i])
print("and should say      ", [chinese[i] for i in targets[0] if i])
# --8<-- [end:arrays]


# --8<-- [start:model]
class Translator(tf.keras.Model):
    def __init__(self, attend=True, units=64):
        super().__init__()
        self.words = layers.Embedding(len(english), 32, mask_zero=True)
        self.signs = layers.Embedding(len(chinese), 32)
        self.encoder = layers.Bidirectional(
            layers.GRU(units // 2, return_sequences=True, return_state=True)
        )
        self.decoder = layers.GRU(
            units, return_sequences=True, return_state=True
        )
        self.attention = layers.AdditiveAttention() if attend else None
        self.logits = layers.Dense(len(chinese))

    def encode(self, source):
        encoded, forward, backward = self.encoder(self.words(source))
        return encoded, tf.concat([forward, backward], axis=-1)

    def decode(self, target, state, encoded, mask):
        h, state = self.decoder(self.signs(target), initial_state=state)
        weights = None
        if self.attention is not None:
            context, weights = self.attention(
                [h, encoded], mask=[None, mask], return_attention_scores=True
            )
            h = tf.concat([h, context], axis=-1)
        return self.logits(h), state, weights

    def call(self, inputs):
        source, target = inputs
        encoded, state = self.encode(source)
        return self.decode(target, state, encoded, source != 0)[0]


# --8<-- [end:model]


# --8<-- [start:train]
epochs = 40 if pairs.origin == "real" else 10  # real language needs more


def trained(attend):
    tf.keras.utils.set_random_seed(0)
    model = Translator(attend)
    model([part[:1] for part in inputs])  # makes its weights
    adam = tf.keras.optimizers.Adam(0.007)
    adam.build(model.trainable_variables)  # or the first step is traced twice
    loss = tf.keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, ignore_class=0
    )
    model.compile(adam, loss)
    model.fit(inputs, targets, batch_size=50, epochs=epochs, verbose=0)
    return model


models = {"attention": trained(True), "last state only": trained(False)}
new_inputs, new_targets = arrays(held_out)
for name, model in models.items():
    found = model(new_inputs).numpy().argmax(axis=-1)
    right = found == new_targets
    counted = new_targets != 0
    print(
        f"{name:16} right, given the truth so far: {right[counted].mean():.2f}",
        f" with the padding counted: {right.mean():.2f}",
    )
# --8<-- [end:train]


# --8<-- [start:translate]
def translate(model, source, steps=15):
    encoded, state = model.encode(source)
    mask = source != 0
    token = np.full([len(source), 1], 1)
    written, seen = [], []
    for _ in range(steps):
        logits, state, weights = model.decode(token, state, encoded, mask)
        token = tf.argmax(logits, axis=-1).numpy()
        written.append(token)
        if weights is not None:
            seen.append(weights.numpy())
    written = np.concatenate(written, axis=1)
    ended = np.cumsum(written == 2, axis=1) - (written == 2)
    written[ended > 0] = 0
    return written, np.concatenate(seen, axis=1) if seen else None


def exact(model, some):
    (source, _), wanted = arrays(some)
    return np.mean(np.all(translate(model, source)[0] == wanted, axis=1))


for name, model in models.items():
    print(
        f"{name:16} whole sentences right: training",
        f"{exact(model, train[:100]):.2f}, held out",
        f"{exact(model, held_out):.2f}",
    )
# --8<-- [end:translate]

# --8<-- [start:alignment]
model = models["attention"]
sample = [p for p in train if p[0][-1] in ("today", "now")][:2]
(source, _), _ = arrays(sample)
written, seen = translate(model, source)
figure, axes = plt.subplots(1, 2, figsize=(7, 3.8), layout="constrained")
for ax, pair, row, weights in zip(axes, sample, written, seen):
    said = [chinese[i] for i in row if i > 2]
    print("".join(f"{i + 1}{c} " for i, c in enumerate(said)))
    ax.imshow(weights[: len(said), : len(pair[0])], cmap="Blues", vmin=0)
    ax.set_xticks(range(len(pair[0])), pair[0], rotation=60)
    ax.set_yticks(range(len(said)), range(1, len(said) + 1))
    ax.set_ylabel("character written")
# --8<-- [end:alignment]

# --8<-- [start:mask]
source = np.array([[5, 6, 7, 0, 0, 0, 0, 0]], "int32")
encoded, state = model.encode(source)
for name, mask in (("with mask", source != 0), ("without", None)):
    _, _, weights = model.decode(np.array([[1]]), state, encoded, mask)
    print(f"{name:10} weight on padding: {np.sum(weights[0, 0, 3:]):.2f}")
# --8<-- [end:mask]

# --8<-- [start:shift]
(given, wanted) = arrays(train[:200])
unshifted = (given[0], wanted)  # the decoder is given what it should say
tf.keras.utils.set_random_seed(0)
copier = Translator()
copier([part[:1] for part in unshifted])
adam = tf.keras.optimizers.Adam(0.01)
adam.build(copier.trainable_variables)
copier.compile(
    adam,
    tf.keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, ignore_class=0
    ),
)
copier.fit(unshifted, wanted, batch_size=50, epochs=epochs, verbose=0)
found = copier(unshifted).numpy().argmax(axis=-1)
print(f"right in training: {np.mean((found == wanted)[wanted != 0]):.2f}")
print(f"whole sentences written: {exact(copier, train[:100]):.2f}")
# --8<-- [end:shift]

# --8<-- [start:cost]
for n, m in ((8, 15), (40, 50), (400, 500)):
    print(
        f"{n:4} words, {m:4} characters: {n * m:8,} weights for each sentence"
    )
# --8<-- [end:cost]


# --8<-- [start:solution-bleu]
def overlap(found, wanted, n):
    """Share of the n-grams found that the reference has, each used once."""
    grams = [tuple(found[i : i + n]) for i in range(len(found) - n + 1)]
    left = [tuple(wanted[i : i + n]) for i in range(len(wanted) - n + 1)]
    hits = 0
    for gram in grams:
        if gram in left:
            left.remove(gram)
            hits += 1
    return hits / max(len(grams), 1)


wanted, found = "我今天看见老师", "我看见老师今天"
print([round(overlap(found, wanted, n), 2) for n in (1, 2, 3)])
# --8<-- [end:solution-bleu]

# --8<-- [start:solution-step]
(source, target), _ = arrays(train[:5])
whole = model((source, target))
encoded, state = model.encode(source)
parts = []
for i in range(target.shape[1]):
    logits, state, _ = model.decode(
        target[:, i : i + 1], state, encoded, source != 0
    )
    parts.append(logits)
print("equal:", np.allclose(whole, tf.concat(parts, axis=1), atol=1e-4))
# --8<-- [end:solution-step]
