"""BERT in small: preprocessing, encoder and its outputs, pre-training, tuning, saving."""

# --8<-- [start:vocabulary]
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
test, train = short[:200], short[200:6200]
vocabulary = learner.bert_vocab_from_dataset(
    tf.data.Dataset.from_tensor_slices(np.ravel(train)).batch(500),
    vocab_size=2000,
    reserved_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
    bert_tokenizer_params={"lower_case": True},
)
print(len(train), "pairs,", len(vocabulary), "pieces")
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
        "input_word_ids": ids,
        "input_mask": mask,
        "input_type_ids": types,
    }


one = pack(["I like your books."], ["我喜欢你的书。"])
print([vocabulary[i] for i in one["input_word_ids"][0] if i])
for name, row in one.items():
    print(f"{name:15}", *row[0].numpy())
# --8<-- [end:pack]

# --8<-- [start:by-hand]
first, second = (
    tokenizer.tokenize([s]).merge_dims(-2, -1).to_list()[0]
    for s in ("I like your books.", "我喜欢你的书。")
)
ids = [CLS, *first, SEP, *second, SEP]
types = [0] * (len(first) + 2) + [1] * (len(second) + 1)
by_hand = {
    "input_word_ids": ids,
    "input_mask": [1] * len(ids),
    "input_type_ids": types,
}
for name, row in by_hand.items():
    filled = row + [0] * (length - len(row))
    print(f"{name:15} equal:", filled == one[name][0].numpy().tolist())
# --8<-- [end:by-hand]

# --8<-- [start:then]
import contextlib

with contextlib.suppress(ModuleNotFoundError):
    from official.nlp.bert import tokenization
# --8<-- [end:then]

# --8<-- [start:dataset]
import tempfile

folder = tempfile.mkdtemp()
columns = tuple(np.array(side) for side in zip(*train))
encoded = tf.data.Dataset.from_tensor_slices(columns).batch(100).map(pack)
encoded.unbatch().save(f"{folder}/encoded")
again = tf.data.Dataset.load(f"{folder}/encoded")
print(int(again.cardinality()), "rows on disk")
print({name: spec.shape.as_list() for name, spec in again.element_spec.items()})
# --8<-- [end:dataset]


# --8<-- [start:encoder]
def encoder(size, width=48, heads=4, depth=2, longest=64):
    names = "input_word_ids", "input_mask", "input_type_ids"
    inputs = {n: layers.Input([None], dtype="int32", name=n) for n in names}
    ids, mask, types = inputs.values()
    places = ops.cumsum(ops.ones_like(ids), axis=1) - 1
    x = layers.ReversibleEmbedding(size, width, name="words")(ids)
    x += layers.Embedding(longest, width, name="places")(places)
    x += layers.Embedding(2, width, name="types")(types)
    x = layers.LayerNormalization()(x)
    seen, blocks = ops.cast(mask, "bool")[:, None, :], []
    for _ in range(depth):
        attention = layers.MultiHeadAttention(heads, width // heads)
        x = layers.LayerNormalization()(x + attention(x, x, attention_mask=seen))
        wide = layers.Dense(4 * width, activation="gelu")(x)
        x = layers.LayerNormalization()(x + layers.Dense(width)(wide))
        blocks.append(x)
    pooled = layers.Dense(width, activation="tanh", name="pooler")(x[:, 0])
    outputs = {
        "pooled_output": pooled,
        "sequence_output": x,
        "encoder_outputs": blocks,
        "default": pooled,
    }
    return tf.keras.Model(inputs, outputs)


tf.keras.utils.set_random_seed(0)
bert = encoder(len(vocabulary))
untrained = bert.get_weights()
# --8<-- [end:encoder]

# --8<-- [start:outputs]
few = pack(*zip(*train[:3]))
found = bert(few)
for name, output in found.items():
    many = isinstance(output, list)
    print(
        f"{name:15}", [tuple(o.shape) for o in (output if many else [output])]
    )
last = found["encoder_outputs"][-1]
print("last block:", np.array_equal(last, found["sequence_output"]))
print("default:", np.array_equal(found["default"], found["pooled_output"]))
# --8<-- [end:outputs]

# --8<-- [start:pooled]
cls = found["sequence_output"][:, 0]
pooler = bert.get_layer("pooler")
by_hand = np.tanh(cls @ pooler.kernel + pooler.bias)
print("pooled is [CLS]:", np.allclose(cls, found["pooled_output"]))
print("pooled is tanh(Dense([CLS])):", np.allclose(by_hand, found["default"], atol=1e-6))
# --8<-- [end:pooled]


# --8<-- [start:size]
def parameters(size, width, depth, longest):
    embedding = (size + longest + 2) * width + 2 * width
    attention = 4 * (width + 1) * width
    dense = (width + 1) * 4 * width + (4 * width + 1) * width
    block = attention + dense + 2 * 2 * width
    return embedding + depth * block + (width + 1) * width


print("equal:", parameters(len(vocabulary), 48, 2, 64) == bert.count_params())
print(f"ours      {bert.count_params():12,}")
print(f"BERT base {parameters(30522, 768, 12, 512):12,}")
# --8<-- [end:size]


# --8<-- [start:hide]
def hide(rows, where, rng, rate=0.3):
    """Choose pieces; 80 % become [MASK], 10 % another piece, 10 % stay."""
    chosen = where & (rows > MASK) & (rng.random(rows.shape) < rate)
    lot = rng.random(rows.shape)
    other = rng.integers(MASK + 1, len(vocabulary), rows.shape)
    shown = np.where(chosen & (lot < 0.8), MASK, rows)
    shown = np.where(chosen & (lot >= 0.9), other, shown)
    return shown.astype("int32"), chosen.astype("float32")


x = {name: rows.numpy() for name, rows in pack(*zip(*train)).items()}
rows = x["input_word_ids"]
shown, chosen = hide(rows, rows > 0, np.random.default_rng(0))
row = chosen[:20].sum(axis=1).argmax()
print("true ", *[vocabulary[i] for i in rows[row] if i])
print("shown", *[vocabulary[i] for i in shown[row] if i])
print("asked", *[vocabulary[i] for i in rows[row][chosen[row] > 0]])
# --8<-- [end:hide]

# --8<-- [start:pretrain]
v = layers.Dense(48, activation="gelu")(bert.output["sequence_output"])
v = layers.LayerNormalization()(v)
guesses = bert.get_layer("words")(v, reverse=True)
filler = tf.keras.Model(bert.input, guesses)
epochs, rng = 12, np.random.default_rng(0)
steps = epochs * len(rows) // 32
rate = tf.keras.optimizers.schedules.CosineDecay(
    0.0, steps - 20, warmup_target=0.006, warmup_steps=20
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
filler.compile(
    tf.keras.optimizers.Adam(rate), loss, weighted_metrics=["accuracy"]
)
hidden = [hide(rows, rows > 0, rng) for _ in range(epochs)]
shown, chosen = (np.concatenate(part) for part in zip(*hidden))
inputs = {name: np.tile(part, [epochs, 1]) for name, part in x.items()}
inputs["input_word_ids"] = shown
targets = np.tile(rows, [epochs, 1])
filler.fit(inputs, targets, 32, verbose=0, sample_weight=chosen)
# --8<-- [end:pretrain]

# --8<-- [start:reads]
x_test = {n: part.numpy() for n, part in pack(*zip(*test)).items()}
swapped = pack([english for english, _ in test[1:] + test[:1]], [c for _, c in test])
swapped = {n: part.numpy() for n, part in swapped.items()}


def right(inputs, where):
    """The share of hidden pieces that are found."""
    rows = inputs["input_word_ids"]
    shown, chosen = hide(rows, where, np.random.default_rng(1))
    guessed = filler.predict({**inputs, "input_word_ids": shown}, verbose=0)
    return (guessed.argmax(-1) == rows)[chosen > 0].mean()


common = np.bincount(rows[rows > MASK]).max() / np.sum(rows > MASK)
print(f"always the most frequent piece: {common:.2f}")
for name, some in (("its own", x_test), ("another", swapped)):
    chinese = some["input_type_ids"] == 1
    print(f"Chinese found, with {name} English sentence: {right(some, chinese):.2f}")
trained = bert.get_weights()
names = [v.path for v in bert.variables]
same = [np.array_equal(a, b) for a, b in zip(untrained, trained)]
print("unchanged:", [n for n, s in zip(names, same) if s])
# --8<-- [end:reads]

# --8<-- [start:guess]
import matplotlib.pyplot as plt

nouns = ["book", "teacher", "cat", "house", "letter", "tea", "friend"]
figure, axes = plt.subplots(2, 1, figsize=(6, 3.6), layout="constrained")
cases = {"the book": "我喜欢这本书。", "the teacher": "我喜欢老师。"}
for ax, (name, chinese) in zip(axes, cases.items()):
    asked = pack(["I like the book."], [chinese])
    ids = asked["input_word_ids"]
    asked["input_word_ids"] = tf.where(ids == vocabulary.index("book"), MASK, ids)
    place = np.argmax(asked["input_word_ids"][0] == MASK)
    probability = tf.nn.softmax(filler(asked)[0, place]).numpy()
    ax.bar(nouns, [probability[vocabulary.index(noun)] for noun in nouns])
    ax.set(ylim=(0, 1), yticks=[0, 0.5, 1], ylabel="probability")
    ax.set_title(f"I like the [MASK]. + Chinese for: I like {name}.", fontsize=9)
    print("with", name, "->", vocabulary[probability.argmax()])
# --8<-- [end:guess]


# --8<-- [start:task]
def matching(some, seed):
    """Half of the sentences get another's translation; 1 says it is their own."""
    rng = np.random.default_rng(seed)
    english, chinese = zip(*some)
    other = np.where(rng.random(len(some)) < 0.5, 0, 1 + rng.integers(len(some) - 1, size=len(some)))
    given = [chinese[(i + o) % len(some)] for i, o in enumerate(other)]
    labels = np.array([g == c for g, c in zip(given, chinese)], "float32")
    inputs = {n: part.numpy() for n, part in pack(english, given).items()}
    return inputs, labels


task, labels = matching(train, 0)
task_test, labels_test = matching(test, 1)
print(f"own translation: {labels.mean():.2f}, in the test {labels_test.mean():.2f}")
# --8<-- [end:task]

# --8<-- [start:tune]
weight = ops.cast(bert.input["input_mask"], "float32")[:, :, None]
v = ops.sum(bert.output["sequence_output"] * weight, 1) / ops.sum(weight, 1)
answer = layers.Dense(1, activation="sigmoid")(v)
matcher = tf.keras.Model(bert.input, answer)
optimizer = tf.keras.optimizers.Adam(0.001)
matcher.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
optimizer.build(matcher.trainable_variables)
begin = [v.numpy() for v in optimizer.variables]
head = matcher.layers[-1].get_weights()


def tuned(weights, count, epochs):
    """Each begins with the same head, optimizer and order of the rows."""
    bert.set_weights(weights)
    matcher.layers[-1].set_weights(head)
    for variable, value in zip(optimizer.variables, begin):
        variable.assign(value)
    tf.keras.utils.set_random_seed(0)
    some = {name: rows[:count] for name, rows in task.items()}
    matcher.fit(some, labels[:count], 32, epochs, verbose=0)
    return matcher.evaluate(task_test, labels_test, verbose=0)[1]


cases = {
    "untrained, all labels": (untrained, len(labels), 6),
    "untrained, 256 labels": (untrained, 256, 10),
    "pre-trained, 256 labels": (trained, 256, 10),
}
for name, case in cases.items():
    print(f"{name:24} {tuned(*case):.2f}")
# --8<-- [end:tune]

# --8<-- [start:save]
matcher.save(f"{folder}/matcher.keras")
with open(f"{folder}/vocabulary.txt", "w", encoding="utf-8") as file:
    file.write("\n".join(vocabulary))
loaded = tf.keras.models.load_model(f"{folder}/matcher.keras")
question = pack(["I like the book."], ["我喜欢这本书。"])
equal = np.array_equal(loaded(question), matcher(question))
print("same answer:", equal)
crop = {name: rows[:, :16] for name, rows in question.items()}
print("16 instead of 24 pieces:", np.allclose(loaded(crop), loaded(question), atol=1e-5))
# --8<-- [end:save]

# --8<-- [start:lost]


class Matcher(tf.keras.Model):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)


model = Matcher(matcher)
model(question)
model.export(f"{folder}/lost", verbose=False)
lost = tf.saved_model.load(f"{folder}/lost")
spec = lost.serve.input_signature if hasattr(lost.serve, "input_signature") else None
print(spec)
lost.serve(crop)
# --8<-- [end:lost]
