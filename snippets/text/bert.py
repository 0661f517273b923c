"""BERT in small: preprocessing, four outputs, masked words, fine-tuning, saving."""

# --8<-- [start:vocabulary]
import contextlib
import tempfile

import numpy as np
import tensorflow as tf
import tensorflow_text as text
from tensorflow_text.tools.wordpiece_vocab import (
    bert_vocab_from_dataset as learner,
)

from tfnotes import data

layers, ops = tf.keras.layers, tf.keras.ops
pairs = data.cmn_eng()
short = [
    (english, chinese)
    for english, chinese in zip(pairs.source, pairs.target)
    if len(english.split()) <= 8 and len(chinese) <= 12
]
np.random.default_rng(0).shuffle(short)
test, train = short[:200], short[200:12200]
vocabulary = learner.bert_vocab_from_dataset(
    tf.data.Dataset.from_tensor_slices(np.ravel(train)).batch(500),
    vocab_size=5000,
    reserved_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    bert_tokenizer_params={"lower_case": True},
)
print(f"{len(train):,} pairs, {len(vocabulary):,} pieces")
# --8<-- [end:vocabulary]

# --8<-- [start:pack]
numbers = tf.lookup.KeyValueTensorInitializer(
    vocabulary, np.arange(len(vocabulary)), tf.string, tf.int64
)
tokenizer = text.BertTokenizer(
    tf.lookup.StaticVocabularyTable(numbers, 1),
    lower_case=True,
    token_out_type=tf.int32,
)
CLS, SEP, MASK, length = 2, 3, 4, 24


def pack(*sentences):
    """[CLS] first [SEP] second [SEP], cut and filled up to one length."""
    parts = [tokenizer.tokenize(s).merge_dims(-2, -1) for s in sentences]
    room = length - len(parts) - 1
    parts = text.RoundRobinTrimmer(room).trim(parts)
    ids, types = text.combine_segments(parts, CLS, SEP)
    ids, mask = text.pad_model_inputs(ids, length)
    types, _ = text.pad_model_inputs(types, length)
    return {
        "input_mask": mask,
        "input_type_ids": types,
        "input_word_ids": ids,
    }


one = pack(["I like books."], ["我喜欢书。"])
print(*[vocabulary[i] for i in one["input_word_ids"][0] if i])
for name, row in one.items():
    print(f"{name:15}", *row[0].numpy())
# --8<-- [end:pack]

# --8<-- [start:by-hand]
first, second = (
    tokenizer.tokenize([sentence]).merge_dims(-2, -1).to_list()[0]
    for sentence in ("I like books.", "我喜欢书。")
)
ids = [CLS, *first, SEP, *second, SEP]
by_hand = {
    "input_mask": [1] * len(ids),
    "input_type_ids": [0] * (len(first) + 2) + [1] * (len(second) + 1),
    "input_word_ids": ids,
}
for name, row in by_hand.items():
    filled = row + [0] * (length - len(row))
    print(f"{name:15} equal:", filled == one[name][0].numpy().tolist())
# --8<-- [end:by-hand]

with contextlib.suppress(ModuleNotFoundError):
    # --8<-- [start:then]
    from official.nlp.bert import tokenization

    tokenizer = tokenization.FullTokenizer("vocab.txt", do_lower_case=True)
    # --8<-- [end:then]

# --8<-- [start:dataset]
folder = tempfile.mkdtemp()
rows = tf.data.Dataset.from_tensor_slices(pack(*zip(*train[:300])))
rows.save(f"{folder}/rows")
again = tf.data.Dataset.load(f"{folder}/rows").batch(32)
for name, part in sorted(next(iter(again)).items()):
    print(f"{name:15}", part.shape, part.dtype.name)
# --8<-- [end:dataset]


# --8<-- [start:encoder]
def encoder(size, width=48, heads=4, depth=2, longest=64):
    names = "input_mask", "input_type_ids", "input_word_ids"
    inputs = {n: layers.Input([None], dtype="int32", name=n) for n in names}
    mask, types, ids = inputs.values()
    places = ops.cumsum(ops.ones_like(ids), axis=1) - 1
    x = layers.ReversibleEmbedding(size, width, name="words")(ids)
    x += layers.Embedding(longest, width, name="places")(places)
    x += layers.Embedding(2, width, name="types")(types)
    x = layers.LayerNormalization()(x)
    seen, blocks = ops.cast(mask, "bool")[:, None, :], []
    for _ in range(depth):
        attention = layers.MultiHeadAttention(heads, width // heads)
        mixed = attention(x, x, attention_mask=seen)
        x = layers.LayerNormalization()(x + mixed)
        wide = layers.Dense(4 * width, activation="gelu")(x)
        x = layers.LayerNormalization()(x + layers.Dense(width)(wide))
        blocks.append(x)
    pooled = layers.Dense(width, activation="tanh", name="pooler")(x[:, 0])
    outputs = {
        "default": pooled,
        "pooled_output": pooled,
        "sequence_output": x,
        "encoder_outputs": blocks,
    }
    return tf.keras.Model(inputs, outputs)


tf.keras.utils.set_random_seed(0)
bert = encoder(len(vocabulary))
untrained = bert.get_weights()
# --8<-- [end:encoder]

# --8<-- [start:outputs]
found = bert(pack(*zip(*train[:3])))
for name, output in found.items():
    several = output if isinstance(output, list) else [output]
    print(f"{name:15}", *[tuple(o.shape) for o in several])
last = found["encoder_outputs"][-1]
print("last block:", np.array_equal(last, found["sequence_output"]))
print("default:", np.array_equal(found["default"], found["pooled_output"]))
# --8<-- [end:outputs]

# --8<-- [start:pooled]
cls = found["sequence_output"][:, 0]
pooled = found["pooled_output"]
dense = bert.get_layer("pooler")
by_hand = np.tanh(cls @ dense.kernel + dense.bias)
print("the first vector itself:", np.allclose(cls, pooled))
print("tanh of a dense layer:", np.allclose(by_hand, pooled, atol=1e-5))
# --8<-- [end:pooled]


# --8<-- [start:size]
def parameters(size, width, depth, longest):
    embeddings = (size + longest + 2) * width + 2 * width
    attention = 4 * (width + 1) * width
    dense = (width + 1) * 4 * width + (4 * width + 1) * width
    pooler = (width + 1) * width
    return embeddings + depth * (attention + dense + 4 * width) + pooler


ours = parameters(len(vocabulary), 48, 2, 64)
print("equal:", ours == bert.count_params())
print(f"here      {ours:12,}")
print(f"BERT base {parameters(30522, 768, 12, 512):12,}")
# --8<-- [end:size]


# --8<-- [start:hide]
def hide(rows, where, rng, rate=0.3):
    """Of the pieces chosen, 8 in 10 become [MASK], 1 another, 1 stays."""
    chosen = where & (rows > MASK) & (rng.random(rows.shape) < rate)
    lot = rng.random(rows.shape)
    other = rng.integers(MASK + 1, len(vocabulary), rows.shape)
    shown = np.where(chosen & (lot < 0.8), MASK, rows)
    shown = np.where(chosen & (lot >= 0.9), other, shown)
    return shown.astype("int32"), chosen.astype("float32")


x = {name: part.numpy() for name, part in pack(*zip(*train)).items()}
rows = x["input_word_ids"]
shown, chosen = hide(rows, rows > 0, np.random.default_rng(0))
row = np.argmax(chosen[:20].sum(axis=1))
print("true ", *[vocabulary[i] for i in rows[row] if i])
print("shown", *[vocabulary[i] for i in shown[row] if i])
print("asked", *[vocabulary[i] for i in rows[row][chosen[row] > 0]])
written = tokenizer.tokenize(["[MASK]"]).flat_values
print("[MASK] written into a text becomes", len(written), "pieces")
# --8<-- [end:hide]

# --8<-- [start:pretrain]
v = layers.Dense(48, activation="gelu")(bert.output["sequence_output"])
v = layers.LayerNormalization()(v)
guesses = bert.get_layer("words")(v, reverse=True)
filler = tf.keras.Model(bert.input, guesses)

epochs, rng = 12, np.random.default_rng(0)
hidden = [hide(rows, rows > 0, rng) for _ in range(epochs)]
shown, chosen = (np.concatenate(part) for part in zip(*hidden))
inputs = {name: np.tile(part, [epochs, 1]) for name, part in x.items()}
inputs["input_word_ids"] = shown
targets = np.tile(rows, [epochs, 1])
rate = tf.keras.optimizers.schedules.CosineDecay(
    0.0, len(shown) // 32 - 20, warmup_target=0.006, warmup_steps=20
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(rate)
optimizer.build(filler.trainable_variables)
filler.compile(optimizer, loss)
filler.fit(inputs, targets, 32, verbose=0, sample_weight=chosen)
trained = bert.get_weights()
paths = [v.path for v in bert.variables]
same = [np.array_equal(a, b) for a, b in zip(untrained, trained)]
print("not moved:", *[path for path, s in zip(paths, same) if s])
# --8<-- [end:pretrain]


# --8<-- [start:reads]
def right(english, chinese):
    """How many hidden Chinese pieces are found."""
    x = {name: part.numpy() for name, part in pack(english, chinese).items()}
    rows, where = x["input_word_ids"], x["input_type_ids"] == 1
    x["input_word_ids"], chosen = hide(rows, where, np.random.default_rng(1))
    guessed = np.argmax(filler(x), axis=-1)
    return (guessed == rows)[chosen > 0].mean()


english, chinese = zip(*test)
common = np.bincount(rows[rows > MASK]).max() / np.sum(rows > MASK)
print(f"always the most frequent piece {common:.2f}")
print(f"beside its own English sentence {right(english, chinese):.2f}")
print(f"beside another one {right(english[1:] + english[:1], chinese):.2f}")
# --8<-- [end:reads]

# --8<-- [start:guess]
import matplotlib.pyplot as plt

nouns = {
    "book": "这本书",
    "letter": "你的信",
    "apple": "一个苹果",
    "teacher": "老师",
}
x_four = pack(
    ["I like the book."] * 4, [f"我喜欢{n}。" for n in nouns.values()]
)
ids = x_four["input_word_ids"]
place = ids == vocabulary.index("book")
x_four["input_word_ids"] = tf.where(place, MASK, ids)
columns = [vocabulary.index(noun) for noun in nouns]
score = tf.gather(filler(x_four)[place], columns, axis=1)
plt.figure(figsize=(4.6, 3.4), layout="constrained")
plt.imshow(tf.nn.softmax(score), cmap="Blues", vmin=0, vmax=1)
plt.xticks(range(4), nouns)
plt.yticks(range(4), nouns)
plt.xlabel("I like the [MASK].")
plt.ylabel("the Chinese says")
plt.colorbar(ticks=[0, 0.5, 1], label="share among the four")
# --8<-- [end:guess]


# --8<-- [start:task]
def matching(some, rng):
    """Half of the sentences get another one's translation; 1 is its own."""
    english, chinese = zip(*some)
    step = rng.integers(1, len(some), len(some)) * (rng.random(len(some)) < 0.5)
    given = [chinese[(i + s) % len(some)] for i, s in enumerate(step)]
    labels = np.array([g == c for g, c in zip(given, chinese)], "float32")
    x = pack(english, given)
    return {name: part.numpy() for name, part in x.items()}, labels


task, labels = matching(train, np.random.default_rng(0))
task_test, labels_test = matching(test, np.random.default_rng(1))
share = max(labels_test.mean(), 1 - labels_test.mean())
print(f"always the more frequent answer: {share:.2f}")
# --8<-- [end:task]


# --8<-- [start:counts]
def bags(x):
    """Which pieces the first and the second sentence have, as 0 and 1."""
    many = len(x["input_word_ids"])
    both = np.zeros([2, many, len(vocabulary)], "float32")
    row, place = np.nonzero(x["input_word_ids"] > MASK)
    kind, piece = (
        x[n][row, place] for n in ("input_type_ids", "input_word_ids")
    )
    both[kind, row, piece] = 1
    return both


first, second = bags(x)
chance = first.mean(0)[:, None] * second.mean(0) + 1e-4
lift = np.log((first.T @ second / len(first) + 1e-4) / chance)


def fits(x):
    """Of each Chinese piece the English one that goes with it best; mean."""
    return np.array(
        [lift[a > 0][:, b > 0].max(0).mean() for a, b in zip(*bags(x))]
    )


threshold = np.median(fits(task))
right_ones = (fits(task_test) > threshold) == labels_test
print(f"counting, no label {right_ones.mean():.2f}")
# --8<-- [end:counts]

# --8<-- [start:tune]
real = ops.cast(bert.input["input_mask"], "float32")[:, :, None]
v = ops.sum(bert.output["sequence_output"] * real, 1) / ops.sum(real, 1)
answer = layers.Dense(1, activation="sigmoid")(v)
matcher = tf.keras.Model(bert.input, answer)
optimizer = tf.keras.optimizers.Adam(0.001)
matcher.compile(optimizer, "binary_crossentropy")
optimizer.build(matcher.trainable_variables)
start = [v.numpy() for v in optimizer.variables]
head = matcher.layers[-1].get_weights()


def tuned(weights, count, epochs):
    """Same head, same fresh optimizer, same order of rows for all."""
    tf.keras.utils.set_random_seed(0)
    bert.set_weights(weights)
    matcher.layers[-1].set_weights(head)
    for variable, value in zip(optimizer.variables, start):
        variable.assign(value)
    some = {name: part[:count] for name, part in task.items()}
    matcher.fit(some, labels[:count], 32, epochs, verbose=0)
    guessed = matcher(task_test).numpy()[:, 0] > 0.5
    return (guessed == labels_test).mean()


few = len(labels) // 3
print(f"untrained   {tuned(untrained, few, 8):.2f}")
print(f"pre-trained {tuned(trained, few, 8):.2f}")
# --8<-- [end:tune]

# --8<-- [start:save]
matcher.save(f"{folder}/matcher.keras")
with open(f"{folder}/vocabulary.txt", "w", encoding="utf-8") as file:
    file.write("\n".join(vocabulary))
loaded = tf.keras.models.load_model(f"{folder}/matcher.keras")
used = int(one["input_mask"].numpy().sum())
cut = {name: row[:, :used] for name, row in one.items()}
for name, rows_in in (("24 pieces", one), (f"{used} pieces", cut)):
    same = np.allclose(loaded(rows_in), matcher(one), atol=1e-5)
    print(name, "give the same answer:", same)
# --8<-- [end:save]


# --8<-- [start:old-save]
tiny = encoder(len(vocabulary), width=8, heads=2, depth=1)
pooled = tf.keras.Model(tiny.input, tiny.output["pooled_output"])
tf.saved_model.save(pooled, f"{folder}/old")
old = tf.saved_model.load(f"{folder}/old")
signature = old.signatures["serving_default"]
print("callable:", callable(old))
print(sorted(signature.structured_input_signature[1]))
# --8<-- [end:old-save]

with contextlib.suppress(TypeError):
    # --8<-- [start:lost]
    class Pooled(tf.keras.Model):
        def __init__(self, bert):
            super().__init__()
            self.bert = bert

        def call(self, ids):
            inputs = {
                "input_mask": ops.cast(ids != 0, "int32"),
                "input_type_ids": ops.zeros_like(ids),
                "input_word_ids": ids,
            }
            return self.bert(inputs)["pooled_output"]

    model = Pooled(tiny)
    model(one["input_word_ids"])
    model.export(f"{folder}/lost", verbose=False)
    lost = tf.saved_model.load(f"{folder}/lost")
    print(lost.serve.input_signature)
    lost.serve(cut["input_word_ids"])
    # --8<-- [end:lost]

# --8<-- [start:cure]
accepted = tf.TensorSpec([None, None], tf.int32, name="ids")
model.export(f"{folder}/any", verbose=False, input_signature=[accepted])
program = tf.saved_model.load(f"{folder}/any")
ids = one["input_word_ids"]
same = np.allclose(program.serve(ids[:, :used]), model(ids), atol=1e-5)
print("same vector:", same)
# --8<-- [end:cure]

with contextlib.suppress(ModuleNotFoundError):
    # --8<-- [start:hub-error]
    import keras_hub
    # --8<-- [end:hub-error]

if False:  # needs keras_hub and the network
    # --8<-- [start:hub]
    classifier = keras_hub.models.BertTextClassifier.from_preset(
        "bert_base_multi", num_classes=2
    )
    english, chinese = zip(*train)
    classifier.fit((list(english), list(chinese)), labels, batch_size=32)
    # --8<-- [end:hub]

# --8<-- [start:solution-mask]
for filling in (0, 8, 40):
    longer = {n: np.pad(row, [(0, 0), (0, filling)]) for n, row in cut.items()}
    all_seen = {**longer, "input_mask": np.ones_like(longer["input_mask"])}
    same = [
        bool(np.allclose(matcher(inputs), matcher(cut), atol=1e-5))
        for inputs in (longer, all_seen)
    ]
    print(f"{filling:2} pieces of filling: masked {same[0]}, seen {same[1]}")
# --8<-- [end:solution-mask]

# --8<-- [start:solution-export]
try:
    tiny.export(f"{folder}/all", verbose=False)
except ValueError as error:
    at = str(error).index("Outputs for functions")
    print("ValueError:", str(error)[at:].splitlines()[0])
flat = {n: o for n, o in tiny.output.items() if n != "encoder_outputs"}
for i, block in enumerate(tiny.output["encoder_outputs"]):
    flat[f"block_{i}"] = block
tf.keras.Model(tiny.input, flat).export(f"{folder}/all", verbose=False)
program = tf.saved_model.load(f"{folder}/all")
served = program.serve(cut)
for name, output in sorted(served.items()):
    print(f"{name:15}", output.shape)
# --8<-- [end:solution-export]
