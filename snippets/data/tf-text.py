"""TensorFlow Text: normalisation and WordPiece in the graph, and what runs without it."""

# --8<-- [start:normalise]
import tensorflow as tf
import tensorflow_text as text

orders = tf.constant(["iPhone１６　Ｐｒｏ", "iPhone16 Pro", "IPHONE16 PRO"])
clean = text.case_fold_utf8(text.normalize_utf8(orders, "NFKC"))
print([order.decode() for order in clean.numpy()])
# --8<-- [end:normalise]

# --8<-- [start:equal]
one, two = "e\u0301", "\u00e9"
print(one, two, "equal:", one == two, "code points:", [len(one), len(two)])
print("after NFC:", text.normalize_utf8([one, two], "NFC").numpy().tolist())
# --8<-- [end:equal]

# --8<-- [start:forms]
import unicodedata

words = [one, two, "（你好）", "Ｔｆ２", "ﬁ", "①", "10²"]
print("    ", *words, [len(word) for word in words])
for form in ["NFC", "NFD", "NFKC", "NFKD"]:
    found = [w.decode() for w in text.normalize_utf8(words, form).numpy()]
    assert found == [unicodedata.normalize(form, word) for word in words]
    print(f"{form:5}", *found, [len(word) for word in found])
# --8<-- [end:forms]

# --8<-- [start:signs]
signs = list("，。！？：；、（）【】“”《》…—￥～")
after = [s.decode() for s in text.normalize_utf8(signs, "NFKC").numpy()]
changed = [pair for pair in zip(signs, after) if pair[0] != pair[1]]
print("changed:", *[before for before, _ in changed])
print("to:     ", *[after for _, after in changed])
print("stays:  ", *[sign for sign in signs if sign in after])
# --8<-- [end:signs]

# --8<-- [start:fold]
names = ["É", "Straße", "ΣΊΣΥΦΟΣ", "Ｔｆ２", "ﬁ", "①"]
for name, function in {
    "tf.strings.lower": tf.strings.lower,
    "  with utf-8": lambda t: tf.strings.lower(t, encoding="utf-8"),
    "case_fold_utf8": text.case_fold_utf8,
}.items():
    print(f"{name:17}", *[t.decode() for t in function(names).numpy()])
print(f"{'Python casefold':17}", *[name.casefold() for name in names])
# --8<-- [end:fold]

# --8<-- [start:fold-nfkc]
characters = [chr(c) for c in range(1, 0x10000) if not 0xD800 <= c < 0xE000]
fold = text.case_fold_utf8(characters)
first_nfkc = text.case_fold_utf8(text.normalize_utf8(characters, "NFKC"))
print(
    f"of {len(characters):,} characters, folded alike with and without NFKC:",
    f"{int(tf.reduce_sum(tf.cast(fold == first_nfkc, tf.int32))):,}",
)
# --8<-- [end:fold-nfkc]

# --8<-- [start:traditional]
pair = ["头发", "頭髮"]
print([word.decode() for word in text.normalize_utf8(pair, "NFKC").numpy()])
# --8<-- [end:traditional]

# --8<-- [start:split]
sentence = ["We can't stop, can we? 我们停不下来。"]
for name, tokenizer in {
    "whitespace": text.WhitespaceTokenizer(),
    "script": text.UnicodeScriptTokenizer(),
    "characters": text.UnicodeCharTokenizer(),
}.items():
    tokens = tokenizer.tokenize(sentence)
    shown = (
        [t.decode() for t in tokens.numpy()[0][:8]]
        if tokens.dtype == tf.string
        else tokens.numpy()[0][:8].tolist()
    )
    print(f"{name:11} {tokens.row_lengths().numpy()[0]:3}", shown)
# --8<-- [end:split]

# --8<-- [start:offsets]
tokens, starts, ends = text.UnicodeScriptTokenizer().tokenize_with_offsets(
    sentence
)
raw = sentence[0].encode()
first = [
    (raw[s:e].decode(), int(s), int(e))
    for s, e in zip(starts.numpy()[0][:4], ends.numpy()[0][:4])
]
print(first)
# --8<-- [end:offsets]

# --8<-- [start:learn]
from tensorflow_text.tools.wordpiece_vocab import (
    bert_vocab_from_dataset as learner,
)

from tfnotes import data

lines = data.shakespeare().text.lower().splitlines()
corpus = tf.data.Dataset.from_tensor_slices(
    [line for line in lines if line][:3000]
)
vocabulary = learner.bert_vocab_from_dataset(
    corpus.batch(500),
    vocab_size=300,
    reserved_tokens=["[PAD]", "[UNK]", "[START]", "[END]"],
    bert_tokenizer_params={"lower_case": True},
)
print(len(vocabulary), "pieces, for example", vocabulary[-6:])
# --8<-- [end:learn]

# --8<-- [start:wordpiece]
import pathlib
import tempfile

file = pathlib.Path(tempfile.mkdtemp()) / "vocabulary.txt"
file.write_text("\n".join(vocabulary))
bert = text.BertTokenizer(str(file), lower_case=True)
numbers = bert.tokenize(["Shall I compare thee to a summer's day?"]).merge_dims(
    -2, -1
)
pieces = tf.gather(vocabulary, numbers)
print([piece.decode() for piece in pieces.numpy()[0]])
# --8<-- [end:wordpiece]


# --8<-- [start:greedy]
def wordpiece(word, known):
    """Takes the longest known piece, again and again."""
    found, rest = [], word
    while rest:
        mark = "##" if found else ""
        ends = range(len(rest), 0, -1)
        piece = next(
            (mark + rest[:end] for end in ends if mark + rest[:end] in known),
            None,
        )
        if piece is None:
            return ["[UNK]"]
        found.append(piece)
        rest = rest[len(piece) - len(mark) :]
    return found


known = set(vocabulary)
sample = ["summer", "temperate", "winds", "darling", "lovely", "too"]
library = text.FastWordpieceTokenizer(
    vocabulary, token_out_type=tf.string, unknown_token="[UNK]"
)
for word in sample:
    theirs = [piece.decode() for piece in library.tokenize([word]).numpy()[0]]
    assert theirs == wordpiece(word, known), (
        word,
        theirs,
        wordpiece(word, known),
    )
print({word: wordpiece(word, known) for word in sample[:3]})
# --8<-- [end:greedy]

# --8<-- [start:detokenize]
backwards = text.FastWordpieceTokenizer(
    vocabulary, unknown_token="[UNK]", support_detokenization=True
)
print(backwards.detokenize(numbers).numpy()[0].decode())
# --8<-- [end:detokenize]

# --8<-- [start:in-graph]
pipeline = corpus.batch(32).map(
    lambda batch: bert.tokenize(batch).merge_dims(-2, -1)
)
print(next(iter(pipeline)).shape)


class Reader(tf.Module):
    def __init__(self):
        self.tokenizer = text.BertTokenizer(str(file), lower_case=True)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def __call__(self, batch):
        return self.tokenizer.tokenize(batch).merge_dims(-2, -1).to_tensor()


folder = str(file.parent / "reader")
tf.saved_model.save(Reader(), folder)
again = tf.saved_model.load(folder)
print("from a SavedModel:", again(["a summer's day"]).numpy())
# --8<-- [end:in-graph]

# --8<-- [start:without]
import subprocess
import sys

program = """
import tensorflow as tf
try:
    tf.saved_model.load({folder!r})
except Exception as error:
    print(type(error).__name__, str(error).split(" in binary")[0])
"""
done = subprocess.run(
    [sys.executable, "-c", program.format(folder=folder)],
    capture_output=True,
    text=True,
)
print(done.stdout.strip().replace(folder, "FOLDER"))
# --8<-- [end:without]


# --8<-- [start:plain]
def plain_split(sentences):
    """Words and signs, with TensorFlow's own operations."""
    lower = tf.strings.lower(sentences, encoding="utf-8")
    spaced = tf.strings.regex_replace(lower, r"([\p{P}\p{Han}])", r" \1 ")
    return tf.strings.split(spaced)


print([token.decode() for token in plain_split(sentence).numpy()[0]])
# --8<-- [end:plain]

# --8<-- [start:plain-normalise]
width = tf.constant(
    [[chr(0xFF01 + i), chr(0x21 + i)] for i in range(94)] + [["\u3000", " "]]
)


def half_width(texts):
    for wide, narrow in width.numpy():
        safe = narrow.decode().replace("\\", r"\\")
        texts = tf.strings.regex_replace(texts, wide.decode(), safe)
    return texts


narrow = half_width(orders)
print([t.decode() for t in narrow.numpy()])
same = narrow == text.normalize_utf8(orders, "NFKC")
print("as NFKC:", same.numpy().tolist())
# --8<-- [end:plain-normalise]

# --8<-- [start:plain-python]
import numpy as np


def nfkc(batch):
    rows = [unicodedata.normalize("NFKC", row.decode()) for row in batch]
    return np.array([row.casefold().encode() for row in rows], dtype=object)


in_python = (
    tf.data.Dataset.from_tensor_slices(orders)
    .batch(3)
    .map(lambda batch: tf.numpy_function(nfkc, [batch], tf.string))
)
same = next(iter(in_python)) == clean
print("as TensorFlow Text:", same.numpy().tolist())
# --8<-- [end:plain-python]


# --8<-- [start:solution-rate]
def unknown_rate(sentences):
    pieces = bert.tokenize(sentences).merge_dims(-2, -1)
    return float(tf.reduce_mean(tf.cast(pieces.flat_values == 1, tf.float32)))


print(
    f"English {unknown_rate(['the quick brown fox']):.0%}, Chinese {unknown_rate(['我们停不下来']):.0%}"
)
# --8<-- [end:solution-rate]

# --8<-- [start:solution-ngrams]
tokens = text.WhitespaceTokenizer().tokenize(["to be or not to be"])
print(
    [
        pair.decode()
        for pair in text.ngrams(
            tokens, 2, reduction_type=text.Reduction.STRING_JOIN
        ).numpy()[0]
    ]
)
# --8<-- [end:solution-ngrams]
