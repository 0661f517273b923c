"""Code of the page tensors/ragged-sparse-strings."""

import contextlib

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:refused]
    import tensorflow as tf

    tf.constant([[3, 1, 4], [1], [], [5, 9]])
    # --8<-- [end:refused]

# --8<-- [start:ragged]
marks = tf.ragged.constant([[3, 1, 4], [1], [], [5, 9]])
print(marks)
print("shape:", marks.shape, " lengths:", marks.row_lengths().numpy())
# --8<-- [end:ragged]

# --8<-- [start:draw]
from tfnotes.draw.ragged import show_ragged

show_ragged(marks)
# --8<-- [end:draw]

# --8<-- [start:made]
flat = [3, 1, 4, 1, 5, 9]
made = {
    "splits": tf.RaggedTensor.from_row_splits(flat, [0, 3, 4, 4, 6]),
    "lengths": tf.RaggedTensor.from_row_lengths(flat, [3, 1, 0, 2]),
    "row of each": tf.RaggedTensor.from_value_rowids(flat, [0, 0, 0, 1, 3, 3]),
    "padded": tf.RaggedTensor.from_tensor(
        [[3, 1, 4], [1, 0, 0], [0, 0, 0], [5, 9, 0]], padding=0),
}
for name, ragged in made.items():
    assert ragged.to_list() == marks.to_list(), name
# --8<-- [end:made]

# --8<-- [start:operations]
print("last row:   ", marks[-1].numpy())
print("first two:  ", marks[:, :2])
print("times ten:  ", marks * 10)
print("per row:    ", marks + [[100], [200], [300], [400]])
print("longer rows:", tf.concat([marks, marks], axis=1))
print("sums:       ", tf.reduce_sum(marks, axis=1).numpy())
print("means:      ", tf.reduce_mean(tf.cast(marks, tf.float32), axis=1).numpy())
# --8<-- [end:operations]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:column]
    marks[:, 1]
    # --8<-- [end:column]

# --8<-- [start:padding]
padded = tf.cast(marks.to_tensor(), tf.float32)
print(padded.numpy())
print("means of padded rows:", tf.reduce_mean(padded, axis=1).numpy().round(2))

mask = tf.sequence_mask(marks.row_lengths(), dtype=tf.float32)
sums, counts = tf.reduce_sum(padded * mask, axis=1), tf.reduce_sum(mask, axis=1)
means = tf.math.divide_no_nan(sums, counts)
print("means under a mask:  ", means.numpy().round(2))
# --8<-- [end:padding]

# --8<-- [start:batches]
lines = tf.data.Dataset.range(1, 5).map(lambda n: tf.range(n))
print(next(iter(lines.ragged_batch(4))))
print(next(iter(lines.padded_batch(4))).numpy())
# --8<-- [end:batches]

# --8<-- [start:keras_works]
import keras

words = tf.ragged.constant([[3, 1, 4], [1], [5, 9], [2, 2, 2, 2]])
inputs = keras.Input([None], ragged=True, dtype="int32")
vectors = keras.layers.Embedding(10, 4)(inputs)
outputs = keras.layers.GlobalAveragePooling1D()(vectors)
model = keras.Model(inputs, outputs)
one_by_one = tf.concat([model(row[tf.newaxis]) for row in words], axis=0)
tf.debugging.assert_near(model(words), one_by_one)
print(model(words).shape)
# --8<-- [end:keras_works]

# --8<-- [start:keras_table]
vectors = tf.nn.embedding_lookup(tf.random.normal([10, 4]), words)
layers = [keras.layers.Dropout(0.5), keras.layers.LayerNormalization(),
          keras.layers.Dense(2), keras.layers.Conv1D(2, 2), keras.layers.LSTM(2),
          keras.layers.Flatten()]
for layer in layers:
    try:
        result = layer(vectors).shape
    except ValueError:
        result = "ValueError"
    print(f"{type(layer).__name__:18} {vectors.shape} -> {result}")
# --8<-- [end:keras_table]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:keras_lstm]
    keras.layers.LSTM(2)(vectors)
    # --8<-- [end:keras_lstm]

# --8<-- [start:keras_cure]
embed = keras.layers.Embedding(10, 4, mask_zero=True)  # 0 is padding, no word
lstm = keras.layers.LSTM(2)
together = lstm(embed(words.to_tensor()))
alone = tf.concat([lstm(embed(row[tf.newaxis])) for row in words], axis=0)
tf.debugging.assert_near(together, alone)
print(together.shape)
# --8<-- [end:keras_cure]

# --8<-- [start:sparse]
table = tf.constant([[0, 0, 3.0, 0], [0, 0, 0, 0], [7.0, 0, 0, 5.0]])
sparse = tf.sparse.from_dense(table)
print("indices:", sparse.indices.numpy().tolist())
print("values: ", sparse.values.numpy())
print("shape:  ", sparse.dense_shape.numpy())
# --8<-- [end:sparse]

# --8<-- [start:memory]
def size(*tensors):
    return sum(t.dtype.size * int(tf.size(t)) for t in tensors)

for share in (0.01, 0.1, 0.2, 0.5):
    dense = tf.where(tf.random.uniform([1000, 500]) < share, 1.0, 0.0)
    thin = tf.sparse.from_dense(dense)
    stored = size(thin.indices, thin.values, thin.dense_shape)
    print(f"{share:4.0%} not zero: {size(dense):,} bytes dense, {stored:9,} sparse")
# --8<-- [end:memory]

with contextlib.suppress(TypeError):  # the page shows this error
    # --8<-- [start:no_plus]
    sparse + 1.0
    # --8<-- [end:no_plus]

# --8<-- [start:matmul]
weights = tf.random.normal([4, 2])
try:
    tf.matmul(sparse, weights)
except ValueError:
    print("tf.matmul: ValueError")
product = tf.sparse.sparse_dense_matmul(sparse, weights)
tf.debugging.assert_near(product, table @ weights)
print("row sums: ", tf.sparse.reduce_sum(sparse, axis=1).numpy())
print("doubled:  ", (sparse * 2.0).values.numpy())
print("squares:  ", tf.sparse.map_values(tf.square, sparse).values.numpy())
# --8<-- [end:matmul]

with contextlib.suppress(tf.errors.InvalidArgumentError):  # the page shows this error
    # --8<-- [start:order]
    mixed = tf.SparseTensor([[1, 0], [0, 1]], [1.0, 2.0], dense_shape=[2, 2])
    tf.sparse.to_dense(mixed)
    # --8<-- [end:order]

# --8<-- [start:reorder]
print(tf.sparse.to_dense(tf.sparse.reorder(mixed)).numpy())
# --8<-- [end:reorder]

with contextlib.suppress(tf.errors.InvalidArgumentError):  # the page shows this error
    # --8<-- [start:repeated]
    twice = tf.SparseTensor([[0, 1], [0, 1]], [1.0, 2.0], dense_shape=[2, 2])
    tf.sparse.to_dense(tf.sparse.reorder(twice))
    # --8<-- [end:repeated]

# --8<-- [start:twice]
print("reduce_sum:", tf.sparse.reduce_sum(twice).numpy())
print("matmul:    ", tf.sparse.sparse_dense_matmul(twice, tf.eye(2)).numpy()[0])
unchecked = tf.sparse.to_dense(twice, validate_indices=False)
print("unchecked: ", unchecked.numpy()[0])
added = tf.scatter_nd(twice.indices, twice.values, twice.dense_shape)
print("scatter_nd:", added.numpy()[0])
# --8<-- [end:twice]

# --8<-- [start:string]
text = tf.constant("张量 tensor")
print(text)
print("rank:", tf.rank(text).numpy())
print("bytes:", tf.strings.length(text).numpy())
print("characters:", tf.strings.length(text, unit="UTF8_CHAR").numpy())
# --8<-- [end:string]

# --8<-- [start:equal]
print(text.numpy() == "张量 tensor")
print(text.numpy().decode() == "张量 tensor")
print((text == "张量 tensor").numpy())
# --8<-- [end:equal]

# --8<-- [start:substr]
print(tf.strings.substr(text, 0, 2, unit="UTF8_CHAR").numpy().decode())
cut = tf.strings.substr(text, 0, 4)
print(cut.numpy(), cut.numpy().decode(errors="replace"))
# --8<-- [end:substr]

with contextlib.suppress(UnicodeDecodeError):  # the page shows this error
    # --8<-- [start:python_decode]
    cut.numpy().decode()
    # --8<-- [end:python_decode]

# --8<-- [start:replaced]
for errors in ("replace", "ignore"):
    decoded = tf.strings.unicode_decode(cut, "UTF-8", errors=errors)
    print(f"{errors:8}", decoded.numpy())
print("chr(65533) is", chr(65533))
# --8<-- [end:replaced]

with contextlib.suppress(tf.errors.InvalidArgumentError):  # the page shows this error
    # --8<-- [start:strict]
    tf.strings.unicode_decode(cut, "UTF-8", errors="strict")
    # --8<-- [end:strict]

# --8<-- [start:points]
scalar = tf.constant("张量")
vector = tf.strings.unicode_decode(scalar, "UTF-8")
print("string scalar:", scalar.shape, scalar.numpy())
print("int32 vector: ", vector.shape, vector.numpy())
print("in hexadecimal:", [f"{number:X}" for number in vector.numpy()])
tf.debugging.assert_equal(tf.strings.unicode_encode(vector, "UTF-8"), scalar)
# --8<-- [end:points]

# --8<-- [start:gbk]
old_file = "张量".encode("gbk")
print(tf.strings.unicode_decode(old_file, "UTF-8").numpy())
right = tf.strings.unicode_transcode(old_file, "GBK", "UTF-8")
print(right.numpy().decode())
# --8<-- [end:gbk]

# --8<-- [start:split]
def show(strings):
    for row in strings.to_list():
        print([piece.decode() for piece in row])

sentences = tf.constant(["今天天气很好", "deep learning 很有意思"])
show(tf.strings.split(sentences))
show(tf.strings.unicode_split(sentences, "UTF-8"))
# --8<-- [end:split]

# --8<-- [start:regex]
price = tf.constant("价格：128 元（原价 256 元）。")
print(tf.strings.regex_replace(price, "[0-9]+", "#").numpy().decode())
print(tf.strings.regex_replace(price, r"\p{Han}+", "汉").numpy().decode())
print(tf.strings.regex_replace(price, r"\pP", "").numpy().decode())
characters = tf.strings.unicode_split("今天天气很好", "UTF-8")
print(tf.strings.reduce_join(characters, separator=" ").numpy().decode())
lines = tf.strings.join(["第", tf.strings.as_string([1, 2]), "行"])
print([line.decode() for line in lines.numpy()])
# --8<-- [end:regex]

# --8<-- [start:hash]
points = tf.range(0x4E00, 0x4E00 + 100)[:, tf.newaxis]  # Chinese characters
alphabet = tf.strings.unicode_encode(points, "UTF-8")
for buckets in (10, 100, 1000):
    used = tf.unique(tf.strings.to_hash_bucket_fast(alphabet, buckets)).y
    print(f"100 characters in {buckets} buckets: {len(used)} buckets used")
print(tf.strings.to_hash_bucket_fast(["猫", "狗", "猫"], 1000).numpy())
# --8<-- [end:hash]

# --8<-- [start:bag]
documents = tf.constant(["今天天气很好", "明天天气不好", "深度学习很有意思"])
points = tf.strings.unicode_decode(documents, "UTF-8")  # ragged
bag = tf.sparse.bincount(points, axis=-1, binary_output=True)  # sparse
bag = tf.cast(bag, tf.float32)
print("shape", bag.shape, "holds", len(bag.values), "values")
shared = tf.sparse.sparse_dense_matmul(bag, tf.sparse.to_dense(bag), adjoint_b=True)
print(shared.numpy())
# --8<-- [end:bag]

# --8<-- [start:cut_safely]
def cut_to(text, limit):
    """The longest beginning of a text that fits into so many bytes."""
    whole = tf.strings.substr(text, 0, limit)
    return tf.strings.unicode_transcode(whole, "UTF-8", "UTF-8", errors="ignore")

for limit in (3, 4, 5, 6, 8):
    print(limit, cut_to("张量 tensor", limit).numpy().decode())
# --8<-- [end:cut_safely]

# --8<-- [start:breakeven]
for rank in (1, 2, 3, 4):
    print(f"rank {rank}: sparse is smaller below {4 / (8 * rank + 4):.1%}")
# --8<-- [end:breakeven]

# --8<-- [start:accent]
import unicodedata

for form in ("NFC", "NFD"):
    word = tf.constant(unicodedata.normalize(form, "café"))
    count = [int(tf.strings.length(word, unit)) for unit in ("BYTE", "UTF8_CHAR")]
    same = bool(word == "caf\u00e9")
    print(f"{form}: bytes and characters {count}, equal to NFC: {same}")
# --8<-- [end:accent]
