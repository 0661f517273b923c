"""The Transformer: attention by hand, positions, masks that do not leak, a trained model, a cache."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

layers = tf.keras.layers
tf.keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(1, 5, 8)).astype("float32")
attention = layers.MultiHeadAttention(num_heads=2, key_dim=4)
output, weights = attention(x, x, return_attention_scores=True)
print("output ", output.shape)
print(
    "weights",
    weights.shape,
    "rows sum to",
    np.unique(np.round(weights.numpy().sum(-1), 3)),
)
# --8<-- [end:smallest]


# --8<-- [start:by-hand]
def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


wq, bq, wk, bk, wv, bv, wo, bo = attention.get_weights()
q = np.einsum("btd,dhk->bhtk", x, wq) + bq[:, None]
k = np.einsum("btd,dhk->bhtk", x, wk) + bk[:, None]
v = np.einsum("btd,dhk->bhtk", x, wv) + bv[:, None]
by_hand = softmax(q @ k.swapaxes(-1, -2) / np.sqrt(4))
mixed = by_hand @ v
result = np.einsum("bhtk,hkd->btd", mixed, wo) + bo
print("weights equal:", np.allclose(by_hand, weights, atol=1e-6))
print("outputs equal:", np.allclose(result, output, atol=1e-6))
# --8<-- [end:by-hand]

# --8<-- [start:order]
order = [3, 0, 4, 1, 2]
shuffled = attention(x[:, order], x[:, order])
print(
    "shuffled in, shuffled out:",
    np.allclose(shuffled, output.numpy()[:, order], atol=1e-6),
)
# --8<-- [end:order]


# --8<-- [start:positions]
def positions(length, width):
    rate = 1 / 10000 ** (np.arange(0, width, 2) / width)
    angle = np.arange(length)[:, None] * rate
    both = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    return both.reshape(length, width).astype("float32")


table = positions(60, 64)
figure, axes = plt.subplots(1, 2, figsize=(7, 2.6), layout="constrained")
axes[0].imshow(table.T, cmap="RdBu", aspect="auto")
axes[0].set(xlabel="position", ylabel="component")
for place in (10, 30, 50):
    axes[1].plot(table @ table[place], label=f"with position {place}")
axes[1].set(xlabel="position", title="scalar product", ylim=(0, 40))
axes[1].legend(fontsize=7)
print("5 and 8: ", f"{table[5] @ table[8]:.3f}")
print("45 and 48:", f"{table[45] @ table[48]:.3f}")
# --8<-- [end:positions]

# --8<-- [start:padding]
padded = np.concatenate([x, np.full([1, 3, 8], 9, "float32")], axis=1)
real = np.array([[True] * 5 + [False] * 3])
cases = {
    "no mask": attention(padded, padded),
    "mask over keys": attention(padded, padded, attention_mask=real[:, None]),
    "mask inverted": attention(padded, padded, attention_mask=~real[:, None]),
}
for name, found in cases.items():
    same = np.allclose(found[:, :5], output, atol=1e-5)
    print(f"{name:15} same as without padding: {same}")
# --8<-- [end:padding]

# --8<-- [start:lost]
embed = layers.Embedding(10, 8, mask_zero=True)
words = embed(np.array([[4, 7, 2, 0, 0]]))
added = words + positions(5, 8)
layer_added = layers.Add()([words, tf.constant(positions(5, 8)[None])])
for name, tensor in (("embedding", words), ("+", added), ("Add", layer_added)):
    mask = getattr(tensor, "_keras_mask", None)
    print(f"{name:10}", None if mask is None else mask.numpy())
# --8<-- [end:lost]


# --8<-- [start:leak-test]
def leak(function, inputs, place):
    """How much outputs before a place change if the inputs behind it do."""
    other = np.array(inputs)
    other[:, place:] = other[:, place:][:, ::-1] + 1
    difference = function(inputs) - function(other)
    return float(np.abs(difference[:, :place]).max())


def causal(x):
    return attention(x, x, use_causal_mask=True)


def everything(x):
    return attention(x, x)


print("causal mask:  changed", leak(causal, x, 3) > 0)
print("without mask: changed", leak(everything, x, 3) > 0)
# --8<-- [end:leak-test]

# --8<-- [start:then]
look_ahead = 1 - tf.linalg.band_part(tf.ones((5, 5)), -1, 0)
print(look_ahead.numpy()[:2].astype(int))


def old_mask(x):
    return attention(x, x, attention_mask=look_ahead)


def turned(x):
    return attention(x, x, attention_mask=1 - look_ahead)


print("as it was: changed", leak(old_mask, x, 3) > 0)
print("1 - mask:  changed", leak(turned, x, 3) > 0)
# --8<-- [end:then]

# --8<-- [start:data]
pairs = data.cmn_eng()
short = [
    (s.lower().split(), list(t))
    for s, t in zip(pairs.source, pairs.target)
    if len(s.split()) <= 5 and len(t) <= 12
]
np.random.default_rng(0).shuffle(short)
short = short[:1060]
held_out, train = short[:60], short[60:]
tokens = ["<pad>", "<go>", "<end>", "<unknown>"]
tokens += sorted({w for pair in train for side in pair for w in side})
number = {token: i for i, token in enumerate(tokens)}
length = 20


def encode(source, target=None):
    row = [number.get(w, 3) for w in source] + [1]
    if target is not None:
        row += [number.get(c, 3) for c in target] + [2]
    return row


rows = np.array([encode(*p) + [0] * (length - len(encode(*p))) for p in train])
inputs, targets = rows[:, :-1], rows[:, 1:]
starts = np.array([len(source) for source, _ in train])
place = np.arange(length - 1)
counts = ((place >= starts[:, None]) & (targets != 0)).astype("float32")
print(len(train), "pairs,", len(tokens), "tokens")
print([tokens[i] for i in rows[0] if i])
# --8<-- [end:data]


# --8<-- [start:block]
class Block(layers.Layer):
    def __init__(self, width, heads, causal, **kwargs):
        super().__init__(**kwargs)
        self.causal = causal
        self.attention = layers.MultiHeadAttention(heads, width // heads)
        self.wide = layers.Dense(4 * width, activation="relu")
        self.narrow = layers.Dense(width)
        self.norm1 = layers.LayerNormalization()
        self.norm2 = layers.LayerNormalization()

    def call(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, use_causal_mask=self.causal)
        return x + self.narrow(self.wide(self.norm2(x)))


class Transformer(tf.keras.Model):
    def __init__(self, size, width=64, heads=4, depth=2, causal=True):
        super().__init__()
        self.embed = layers.Embedding(size, width)
        self.table = tf.constant(positions(length, width))
        self.blocks = [Block(width, heads, causal) for _ in range(depth)]
        self.norm = layers.LayerNormalization()
        self.logits = layers.Dense(size)

    def call(self, tokens):
        x = self.embed(tokens) * 8.0 + self.table[: tf.shape(tokens)[1]]
        for block in self.blocks:
            x = block(x)
        return self.logits(self.norm(x))


# --8<-- [end:block]


# --8<-- [start:train]
def trained(causal):
    tf.keras.utils.set_random_seed(0)
    model = Transformer(len(tokens), causal=causal)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        tf.keras.optimizers.Adam(0.002), loss, weighted_metrics=["accuracy"]
    )
    history = model.fit(
        inputs, targets, 64, 20, verbose=0, sample_weight=counts
    )
    return model, history.history["accuracy"][-1]


model, right = trained(causal=True)
cheat, wrong = trained(causal=False)
print(f"next token right in training, causal: {right:.2f}")
print(f"next token right in training, without: {wrong:.2f}")
print("leak test, causal: changed", leak(model, inputs[:1], 8) > 0)
print("leak test, without: changed", leak(cheat, inputs[:1], 8) > 0)
# --8<-- [end:train]


# --8<-- [start:translate]
def translate(model, sources):
    """Append the most probable token, all sentences at once, until <end>."""
    rows = [encode(source) for source in sources]
    for _ in range(length - 1):
        full = np.array([(r + [0] * length)[: length - 1] for r in rows])
        logits = model.predict_on_batch(full)
        for row, scores in zip(rows, logits):
            if row[-1] != 2 and len(row) < length - 1:
                row.append(int(scores[len(row) - 1].argmax()))
    return [row[len(s) + 1 :] for row, s in zip(rows, sources)]


def exact(model, some):
    found = translate(model, [source for source, _ in some])
    wanted = [encode(s, t)[len(s) + 1 :] for s, t in some]
    return np.mean([f == w for f, w in zip(found, wanted)])


for name, some in (("training", train[:60]), ("held-out", held_out)):
    print(
        f"{name} sentences exact: causal {exact(model, some):.2f},",
        f"without mask {exact(cheat, some):.2f}",
    )
# --8<-- [end:translate]

# --8<-- [start:see]
few = held_out[:4]
for (source, target), found in zip(few, translate(model, [s for s, _ in few])):
    words = "".join(tokens[i] for i in found if i != 2)
    print(" ".join(source), "|", "".join(target), "|", words)
# --8<-- [end:see]

# --8<-- [start:heads]
source, target = held_out[0]
row = np.array([encode(source, target)[:-1]])
block = model.blocks[0]
h = block.norm1(model.embed(row) * 8.0 + model.table[: row.shape[1]])
_, maps = block.attention(
    h, h, use_causal_mask=True, return_attention_scores=True
)
figure, axes = plt.subplots(2, 2, figsize=(6, 5.4), layout="constrained")
for head, ax in enumerate(axes.flat):
    ax.imshow(maps[0, head], cmap="Blues", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], title=f"head {head + 1}")
    ax.axhline(len(source) + 0.5, color="C1")
    ax.axvline(len(source) + 0.5, color="C1")
# --8<-- [end:heads]


# --8<-- [start:cache]
def cached_block(block, x, cache):
    """One position through a block; keys and values of the others are kept."""
    att = block.attention
    h = block.norm1(x)
    query = att.query_dense(h) / np.sqrt(att.key_dim)
    cache["keys"].append(att.key_dense(h))
    cache["values"].append(att.value_dense(h))
    keys = tf.concat(cache["keys"], axis=1)
    values = tf.concat(cache["values"], axis=1)
    weights = tf.nn.softmax(tf.einsum("bqhk,bshk->bhqs", query, keys))
    mixed = tf.einsum("bhqs,bshk->bqhk", weights, values)
    x = x + att.output_dense(mixed)
    return x + block.narrow(block.wide(block.norm2(x)))


def translate_cached(model, source):
    caches = [{"keys": [], "values": []} for _ in model.blocks]
    row, passed = encode(source), 0
    while len(row) < length - 1 and row[-1] != 2:
        for at in range(passed, len(row)):
            x = model.embed(np.array([[row[at]]])) * 8.0 + model.table[at]
            for block, cache in zip(model.blocks, caches):
                x = cached_block(block, x, cache)
        passed = len(row)
        row.append(int(np.argmax(model.logits(model.norm(x)))))
    return row[len(source) + 1 :]


some = [source for source, _ in held_out[:3]]
again = [translate_cached(model, source) for source in some]
print("same tokens with the cache:", translate(model, some) == again)
# --8<-- [end:cache]

# --8<-- [start:cache-cost]
for n in (10, 100, 1000):
    again, kept = n * (n + 1) // 2, n
    print(
        f"{n:5} tokens: {again:7,} positions computed, {kept:5,} with a cache"
    )
# --8<-- [end:cache-cost]

# --8<-- [start:cache-trap]
last = attention(x[:, 4:], x, use_causal_mask=True)
first_only = attention(x[:, 4:], x[:, :1])
print("like all five keys:", np.allclose(last, output[:, 4:], atol=1e-6))
print("like the first alone:", np.allclose(last, first_only, atol=1e-6))
right = attention(x[:, 4:], x)
print("without that mask:", np.allclose(right, output[:, 4:], atol=1e-6))
# --8<-- [end:cache-trap]

# --8<-- [start:cost]
width = 64
print("length   LSTM: steps  multiply-adds   attention: steps  multiply-adds")
for n in (16, 128, 1024):
    lstm = n * 8 * width**2
    attending = n * 4 * width**2 + 2 * n**2 * width
    print(f"{n:6} {n:13,} {lstm:14,} {1:18} {attending:14,}")
# --8<-- [end:cost]

# --8<-- [start:solution-positions]
tf.keras.utils.set_random_seed(0)
block = Block(8, 2, causal=False)
plain = block(x).numpy().mean(axis=1)
reverse = block(x[:, ::-1]).numpy().mean(axis=1)
print("without positions:", np.allclose(plain, reverse, atol=1e-5))
where = positions(5, 8)
plain = block(x + where).numpy().mean(axis=1)
reverse = block(x[:, ::-1] + where).numpy().mean(axis=1)
print("with positions:   ", np.allclose(plain, reverse, atol=1e-5))
# --8<-- [end:solution-positions]

# --8<-- [start:solution-block]
tf.keras.utils.set_random_seed(0)
own = layers.MultiHeadAttention(2, 4)
other = np.random.default_rng(1).normal(size=(1, 7, 8)).astype("float32")
crossed, seen = own(x, other, return_attention_scores=True)
print("output", crossed.shape, "weights", seen.shape)
# --8<-- [end:solution-block]
