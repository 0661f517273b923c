"""Captions for generated images: feature map, decoder, masks, search, unseen pairs."""

import contextlib

# --8<-- [start:scene]
from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
colours = dict(red=(230, 40, 40), green=(40, 180, 70))
colours |= dict(blue=(50, 90, 240), yellow=(240, 210, 40))
shapes = ["circle", "square", "triangle", "cross"]
y, x = np.mgrid[:24, :24]


def paint(image, colour, shape, row, column):
    dy, dx = np.abs(y - row), np.abs(x - column)
    where = {
        "circle": dy**2 + dx**2 <= 17,
        "square": np.maximum(dy, dx) <= 3,
        "triangle": (dy <= 4) & (2 * dx <= y - row + 4),
        "cross": (np.minimum(dy, dx) <= 1) & (np.maximum(dy, dx) <= 4),
    }
    image[where[shape]] = np.array(colours[colour]) / 255


def scene(rng, things, need=()):
    """One or two things; the left or the upper one is named first."""
    chosen = [things[i] for i in rng.integers(len(things), size=2)]
    relation = rng.choice(["alone", "left of", "above"], p=[0.2, 0.4, 0.4])
    if need:  # one of these must be in the image
        place = 0 if relation == "alone" else rng.integers(2)
        chosen[place] = need[rng.integers(len(need))]
    near, far = rng.integers(5, 8), rng.integers(16, 19)
    across = rng.integers(5, 19)
    beside = np.clip(across + rng.integers(-4, 5), 5, 18)
    places = {
        "alone": [(across, rng.integers(5, 19))],
        "left of": [(across, near), (beside, far)],
        "above": [(near, across), (far, beside)],
    }[relation]
    image = np.zeros([24, 24, 3], "float32")
    for (colour, shape), place in zip(chosen, places):
        paint(image, colour, shape, *place)
    words = ["a", *chosen[0]]
    if relation != "alone":
        words += [*relation.split(), "a", *chosen[1]]
    return image, words


# --8<-- [end:scene]

# --8<-- [start:held-out]
every = [(colour, shape) for colour in colours for shape in shapes]
held_out = list(zip(colours, shapes))  # each colour once, each shape once
seen = [pair for pair in every if pair not in held_out]
rng = np.random.default_rng(0)
train = [scene(rng, seen) for _ in range(3000)]
test = [scene(rng, seen) for _ in range(300)]
unseen = [scene(rng, every, need=held_out) for _ in range(300)]
print("held out:", ", ".join(" ".join(pair) for pair in held_out))

figure, axes = plt.subplots(1, 4, figsize=(7.6, 2), layout="constrained")
for ax, (image, words) in zip(axes, [*train[:2], *unseen[:2]]):
    ax.imshow(image)
    middle = 3 if len(words) > 3 else len(words)
    title = " ".join(words[:middle]) + "\n" + " ".join(words[middle:])
    ax.set_title(title, fontsize=8)
    ax.axis("off")
# --8<-- [end:held-out]

# --8<-- [start:tokens]
names = ["<pad>", "<start>", "<end>", "a", "left", "of", "above"]
names += [*colours, *shapes]
number = {name: i for i, name in enumerate(names)}
length = 10


def arrays(some):
    images = np.stack([image for image, _ in some])
    rows = np.zeros([len(some), length], "int32")
    for row, (_, words) in zip(rows, some):
        words = ["<start>", *words, "<end>"]
        row[: len(words)] = [number[word] for word in words]
    return images, rows


images, rows = arrays(train)
print("given: ", " ".join(names[i] for i in rows[0, :-1]))
print("wanted:", " ".join(names[i] for i in rows[0, 1:]))
# --8<-- [end:tokens]

# --8<-- [start:stripped]
vectorize = layers.TextVectorization()
vectorize.adapt(["<start> a red circle <end>"])
vocabulary = vectorize.get_vocabulary()
print([str(word) for word in vocabulary])
print("<end> is there:", "<end>" in vocabulary)
kept = layers.TextVectorization(standardize=None)
kept.adapt(["<start> a red circle <end>"])
print("<end> is there:", "<end>" in kept.get_vocabulary())
# --8<-- [end:stripped]


# --8<-- [start:model]
class Captioner(tf.keras.Model):
    def __init__(self, width=64):
        super().__init__()
        self.patches = layers.Conv2D(32, 4, strides=4, activation="relu")
        self.blend = layers.Conv2D(width, 3, padding="same", activation="relu")
        self.cell_place = layers.Embedding(36, width)
        self.words = layers.Embedding(len(names), width)
        self.word_place = layers.Embedding(length, width)
        self.back = layers.MultiHeadAttention(num_heads=2, key_dim=24)
        self.look = layers.MultiHeadAttention(num_heads=1, key_dim=24)
        self.wide = layers.Dense(2 * width, activation="relu")
        self.narrow = layers.Dense(width)
        self.norms = [layers.LayerNormalization() for _ in range(3)]
        self.logits = layers.Dense(len(names))

    def encode(self, images):
        features = self.blend(self.patches(images))
        cells = tf.reshape(features, [-1, 36, features.shape[-1]])
        return cells + self.cell_place(tf.range(36))

    def decode(self, words, cells, **mask):
        mask = mask or {"use_causal_mask": True}
        t = tf.shape(words)[1]
        h = self.words(words) + self.word_place(tf.range(t))
        n = self.norms[0](h)
        h = h + self.back(n, n, **mask)
        h = h + self.look(self.norms[1](h), cells)
        h = h + self.narrow(self.wide(self.norms[2](h)))
        return self.logits(h)

    def call(self, inputs):
        images, words = inputs
        return self.decode(words, self.encode(images))


# --8<-- [end:model]

# --8<-- [start:shapes]
tf.keras.utils.set_random_seed(0)
model = Captioner()
given = rows[:4, :-1]
print("logits", model((images[:4], given)).shape)
cells = model.encode(images[:4])
print("cells ", cells.shape)
order = np.random.default_rng(0).permutation(36)
shuffled = model.decode(given, tf.gather(cells, order, axis=1))
same = np.allclose(shuffled, model.decode(given, cells), atol=1e-5)
print("shuffled cells, same words:", same)
# --8<-- [end:shapes]


# --8<-- [start:leak]
def check_causal(**mask):
    """The first five positions must not move when later words change."""
    other = given.copy()
    other[:, 5:] = number["cross"]
    one = model.decode(given, cells, **mask)[:, :5]
    two = model.decode(other, cells, **mask)[:, :5]
    assert np.allclose(one, two, atol=1e-5), "the decoder reads the answer"


check_causal()
real = (given != 0)[:, None, :]  # keys that are words, not padding
causal = np.tril(np.ones([9, 9], bool))
check_causal(attention_mask=causal & real)
both = model.decode(given, cells, attention_mask=causal & real)
moved = np.abs(both - model.decode(given, cells)).max(axis=-1) > 1e-5
print("the padding mask changes words:  ", moved[given != 0].any())
print("the padding mask changes padding:", moved[given == 0].any())
# --8<-- [end:leak]

with contextlib.suppress(AssertionError):
    # --8<-- [start:leak-or]
    check_causal(attention_mask=causal | real)
    # --8<-- [end:leak-or]

# --8<-- [start:train]
steps, batch = 500, 32
rate = tf.keras.optimizers.schedules.CosineDecay(
    1e-4, decay_steps=400, warmup_steps=100, warmup_target=0.003
)
optimizer = tf.keras.optimizers.Adam(rate)
loss = tf.keras.losses.SparseCategoricalCrossentropy(
    from_logits=True, ignore_class=0
)


@tf.function
def step(images, rows):
    with tf.GradientTape() as tape:
        value = loss(rows[:, 1:], model((images, rows[:, :-1])))
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(value, variables), variables)
    return value


draw = np.random.default_rng(0)
for i in range(steps):
    some = draw.integers(len(rows), size=batch)
    value = step(images[some], rows[some])
    if i == 80:
        early = model.get_weights()  # for later
    if i in (0, 80, 200, 499):
        print(f"step {i:3}  loss {value:.3f}")
# --8<-- [end:train]


# --8<-- [start:greedy]
def greedy(cells):
    rows = np.full([len(cells), 1], number["<start>"])
    for _ in range(length - 1):
        logits = model.decode(rows, cells)[:, -1].numpy()
        ended = np.isin(rows[:, -1], [0, number["<end>"]])
        word = np.where(ended, 0, logits.argmax(axis=-1))
        rows = np.append(rows, word[:, None], axis=1)
    return rows


def text(row):
    return " ".join(names[i] for i in row if i > 2)


test_images, test_rows = arrays(test)
test_cells = model.encode(test_images)
said = greedy(test_cells)
for i in range(3):
    print(text(said[i]))
exact = np.all(said == test_rows, axis=1)
print("whole captions right:", exact.sum(), "of", len(exact))
# --8<-- [end:greedy]


# --8<-- [start:beam]
def beam_search(cells, k):
    n, v = len(cells), len(names)
    cells = np.repeat(cells, k, axis=0)
    rows = np.full([n * k, 1], number["<start>"])
    score = np.tile([0.0] + [-np.inf] * (k - 1), [n, 1])  # k equal starts
    for _ in range(length - 1):
        logits = model.decode(rows, cells)[:, -1]
        more = tf.nn.log_softmax(logits).numpy()
        ended = np.isin(rows[:, -1], [0, number["<end>"]])
        more[ended] = -np.inf
        more[ended, 0] = 0  # a finished caption waits and costs nothing
        total = (score[:, :, None] + more.reshape(n, k, v)).reshape(n, -1)
        best = np.argsort(-total, axis=1)[:, :k]
        score = np.take_along_axis(total, best, axis=1)
        parent = best // v + k * np.arange(n)[:, None]
        word = (best % v).reshape(-1, 1)
        rows = np.append(rows[parent.ravel()], word, axis=1)
    return rows.reshape(n, k, -1), score


one, _ = beam_search(test_cells[:100], 1)
assert np.array_equal(one[:, 0], said[:100])
print("a beam of one is greedy: True")
# --8<-- [end:beam]


# --8<-- [start:length]
def log_probability(rows, cells):
    each = tf.nn.log_softmax(model.decode(rows[:, :-1], cells)).numpy()
    each = np.take_along_axis(each, rows[:, 1:, None], axis=-1)[..., 0]
    return np.where(rows[:, 1:] != 0, each, 0).sum(axis=1)


late = model.get_weights()
model.set_weights(early)
early_cells = model.encode(test_images[:100])
found, score = beam_search(early_cells, 5)
per_word = score / (found > 0).sum(axis=2)
best = np.argmax(per_word, axis=1)
ways = {
    "greedy": greedy(early_cells),
    "beam of 5": found[:, 0],
    "beam of 5, per word": found[np.arange(100), best],
}
print(f"{'true captions':20} words {(test_rows[:100] > 2).sum() / 100:.1f}")
for name, some in ways.items():
    value = log_probability(some, early_cells).mean()
    words = (some > 2).sum(axis=1).mean()
    print(f"{name:20} words {words:.1f}  log-probability {value:.1f}")
assert np.allclose(score[:, 0], log_probability(found[:, 0], early_cells))
model.set_weights(late)
# --8<-- [end:length]


# --8<-- [start:by-hand]
def queries(words):
    """What the decoder asks the image, one row for each word to come."""
    h = model.words(words) + model.word_place(tf.range(words.shape[1]))
    n = model.norms[0](h)
    return model.norms[1](h + model.back(n, n, use_causal_mask=True))


words, some = test_rows[:5, :-1], test_cells[:5]
wq, bq, wk, bk, wv, bv, wo, bo = (np.squeeze(w) for w in model.look.weights)
q = queries(words) @ wq + bq
k, v = some @ wk + bk, some @ wv + bv
weights = tf.nn.softmax(q @ tf.transpose(k, [0, 2, 1]) / np.sqrt(24))
by_hand = weights @ v @ wo + bo
layer, scores = model.look(queries(words), some, return_attention_scores=True)
print("weights", scores.shape, np.allclose(weights, scores[:, 0], atol=1e-5))
print("outputs", layer.shape, np.allclose(by_hand, layer, atol=1e-4))
# --8<-- [end:by-hand]


# --8<-- [start:look]
def maps(rows, cells):
    asked = queries(rows[:, :-1])
    _, scores = model.look(asked, cells, return_attention_scores=True)
    return scores.numpy()[:, 0].reshape(len(rows), -1, 6, 6)


beside = np.flatnonzero(test_rows[:, 4] == number["left"])
below = np.flatnonzero(test_rows[:, 4] == number["above"])
figure, axes = plt.subplots(2, 8, figsize=(8, 2.5), layout="constrained")
for line, i in zip(axes, (beside[0], below[0])):
    seen_at = maps(said[i : i + 1], test_cells[i : i + 1])[0]
    for ax, place, weight in zip(line, said[i, 1:], seen_at):
        ax.imshow(test_images[i])
        light = np.kron(weight / weight.max(), np.ones([4, 4]))
        ax.imshow(
            np.ones_like(light), cmap="gray", vmin=0, vmax=1, alpha=light * 0.7
        )
        ax.set_title(names[place], fontsize=9)
    for ax in line:
        ax.axis("off")
# --8<-- [end:look]

# --8<-- [start:halves]
weight = maps(test_rows, test_cells)[beside]
left = weight[..., :3].sum(axis=(2, 3)).mean(axis=0)
roles = ["a", "colour", "shape", "left", "of", "a", "colour", "shape"]
for role, value in zip(roles, left):
    print(f"{role:7} left half {value:.2f}  right half {1 - value:.2f}")
# --8<-- [end:halves]

# --8<-- [start:unseen]
unseen_images, unseen_rows = arrays(unseen)
unseen_cells = model.encode(unseen_images)
said_unseen = greedy(unseen_cells)
right = np.all(said_unseen == unseen_rows, axis=1)
print("right, seen pairs:  ", exact.sum(), "of", len(exact))
print("right, unseen pairs:", right.sum(), "of", len(right))
wrong = ~right
gain = log_probability(said_unseen, unseen_cells)
gain = gain - log_probability(unseen_rows, unseen_cells)
print("wrong captions:", wrong.sum())
print("of these, more probable than the truth:", (gain[wrong] > 0).sum())
assert exact.mean() > right.mean() + 0.3
# --8<-- [end:unseen]

# --8<-- [start:told]
some = [scene(rng, held_out) for _ in range(1200)]
alone = [one for one in some if len(one[1]) == 3][:200]
alone_images, alone_rows = arrays(alone)
alone_cells = model.encode(alone_images)


def next_word(rows):
    return model.decode(rows, alone_cells)[:, -1].numpy().argmax(axis=-1)


colour_right = next_word(alone_rows[:, :2]) == alone_rows[:, 2]
print(f"colour right: {colour_right.mean():.2f}")
told = alone_rows[:, :3].copy()
shape_right = next_word(told) == alone_rows[:, 3]
print(f"shape right after its colour: {shape_right.mean():.2f}")
told[:, 2] = number["red"] + (told[:, 2] - number["red"] + 1) % 4
shape_right = next_word(told) == alone_rows[:, 3]
print(f"shape right after another colour: {shape_right.mean():.2f}")
# --8<-- [end:told]


# --8<-- [start:bleu]
def ngrams(words, n):
    return Counter(zip(*(words[i:] for i in range(n))))


def bleu(found, wanted):
    hits, total = np.zeros(4), np.zeros(4)
    for f, w in zip(found, wanted):
        for n in range(1, 5):
            have = ngrams(f, n)
            hits[n - 1] += (have & ngrams(w, n)).total()
            total[n - 1] += have.total()
    long = sum(map(len, found)) / sum(map(len, wanted))
    brevity = min(1, np.exp(1 - 1 / long))
    return brevity * np.exp(np.log(hits / total).mean())


one = "a red cross left of a blue square".split()
other = "a red circle left of a blue square".split()
print(f"one shape wrong: {bleu([one], [other]):.2f}")
# --8<-- [end:bleu]

# --8<-- [start:blind]
follow = np.zeros([length, len(names), len(names)])
for row in rows:
    for place in range(length - 1):
        follow[place, row[place], row[place + 1]] += 1


def blind(rows):  # the word that comes most often, no image needed
    return follow[np.arange(rows.shape[1]), rows].argmax(axis=-1)


always = [number["<start>"]]
while always[-1] != number["<end>"]:
    always.append(int(blind(np.array([always]))[0, -1]))
print("the counter says of every image:", text(always))
# --8<-- [end:blind]


# --8<-- [start:measures]
def report(name, given_truth, written, wanted):
    counted = wanted[:, 1:] != 0
    word = (given_truth == wanted[:, 1:])[counted].mean()
    score = bleu(*([text(r).split() for r in rs] for rs in (written, wanted)))
    exact = np.mean([text(w) == text(r) for w, r in zip(written, wanted)])
    print(f"{name:14} {word:9.2f} {score:6.2f} {exact:6.2f}")


def next_words(rows, cells):
    return model.decode(rows[:, :-1], cells).numpy().argmax(axis=-1)


print("               next word   BLEU  exact")
told_truth = next_words(test_rows, test_cells)
report("seen pairs", told_truth, said, test_rows)
told_truth = next_words(unseen_rows, unseen_cells)
report("unseen pairs", told_truth, said_unseen, unseen_rows)
told_truth = blind(test_rows[:, :-1])
report("no image", told_truth, [always] * len(test), test_rows)
# --8<-- [end:measures]

# --8<-- [start:cost]
patches, blend = 36 * 4 * 4 * 3 * 32, 36 * 3 * 3 * 32 * 64
look = 36 * 2 * 64 * 24  # keys and values of the cells
word = 64 * (4 * 48 + 2 * 24 + 2 * 128 + len(names))
print(f"an image once:  {patches + blend + look:9,} multiply-adds")
print(f"a word:         {word:9,} multiply-adds, and its attention")
print(f"features saved: {36 * 64 * 4:9,} bytes")
print(f"the image:      {24 * 24 * 3:9,} bytes, one for each colour value")
# --8<-- [end:cost]

# --8<-- [start:solution-erase]
covered = test_images[beside].copy()
covered[:, :, 12:] = 0  # black over the right half
now = greedy(model.encode(covered))
wanted = [text(row).split(" left")[0] for row in test_rows[beside]]
hits = [text(row) == want for row, want in zip(now, wanted)]
print(text(said[beside[0]]), "->", text(now[0]))
print(f"the left thing alone: {np.mean(hits):.2f}")
# --8<-- [end:solution-erase]

# --8<-- [start:solution-flip]
mirrored = greedy(model.encode(test_images[beside][:, :, ::-1]))
old = [text(row) for row in test_rows[beside]]
new = [" left of ".join(o.split(" left of ")[::-1]) for o in old]
print(
    f"old caption: {np.mean([text(r) == o for r, o in zip(mirrored, old)]):.2f}"
)
print(
    f"exchanged:   {np.mean([text(r) == n for r, n in zip(mirrored, new)]):.2f}"
)
# --8<-- [end:solution-flip]

# --8<-- [start:solution-floor]
two = np.mean([words[1:3] != words[-2:] for _, words in train])
words = np.mean([len(words) + 1 for _, words in train])
print(f"lowest loss for each word: {two * np.log(2) / words:.3f}")
print(f"highest exact match expected: {1 - two / 2:.2f}")
# --8<-- [end:solution-floor]
