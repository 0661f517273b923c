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
rng = np.random.default_rng(0)
shown, chosen = hide(rows, rows > 0, rng)
for name, row in (("true", rows), ("shown", shown)):
    print(f"{name:6}", *[vocabulary[i] for i in row[1] if i])
print("asked ", *[vocabulary[i] for i in rows[1][chosen[1] > 0]])
# --8<-- [end:hide]

# --8<-- [start:pretrain]
v = layers.Dense(48, activation="gelu")(bert.output["sequence_output"])
v = layers.LayerNormalization()(v)
guesses = bert.get_layer("words")(v, reverse=True)
filler = tf.keras.Model(bert.input, guesses)
epochs = 12
steps = epochs * -(-len(rows) // 32)
rate = tf.keras.optimizers.schedules.CosineDecay(
    0.0, steps - 20, warmup_target=0.006, warmup_steps=20
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
filler.compile(
    tf.keras.optimizers.Adam(rate), loss, weighted_metrics=["accuracy"]
)
curve = []
for _ in range(epochs):
    shown, chosen = hide(rows, rows > 0, rng)
    inputs = {**x, "input_word_ids": shown}
    history = filler.fit(
        inputs, rows, 32, verbose=0, sample_weight=chosen
    ).history
    curve.append(history["accuracy"][0])
common = np.bincount(rows[rows > MASK]).max() / np.sum(rows > MASK)
print(f"hidden pieces right: {curve[0]:.1f} at first, {curve[-1]:.1f} at last")
print(f"always the most frequent piece: {common:.1f}")
# --8<-- [end:pretrain]
