"""From text to numbers: words, subwords, characters, hashes; English and Chinese."""

# --8<-- [start:smallest]
import tensorflow as tf

vectorize = tf.keras.layers.TextVectorization()
vectorize.adapt(["the cat sat", "the dog sat down"])
print([str(word) for word in vectorize.get_vocabulary()])
print(vectorize(["The cat sat, the BIRD sat."]).numpy())
# --8<-- [end:smallest]

# --8<-- [start:steps]
raw = tf.constant("The cat sat, the BIRD sat.")
lower = tf.strings.lower(raw)
bare = tf.strings.regex_replace(lower, r"[!-/:-@\[-`{-~]", "")
words = tf.strings.split(bare)
table = {
    str(word): number for number, word in enumerate(vectorize.get_vocabulary())
}
numbers = [table.get(word.decode(), 1) for word in words.numpy()]
print(words.numpy())
print(numbers, "as the layer:", numbers == vectorize([raw]).numpy()[0].tolist())
# --8<-- [end:steps]

# --8<-- [start:modes]
texts = ["the cat sat", "the the dog"]
for mode in ["int", "multi_hot", "count", "tf_idf"]:
    layer = tf.keras.layers.TextVectorization(output_mode=mode)
    layer.adapt(["the cat sat", "the dog sat down"])
    print(f"{mode:9}", layer(texts).numpy().round(2))
# --8<-- [end:modes]

# --8<-- [start:adapt-twice]
layer = tf.keras.layers.TextVectorization()
layer.adapt(["red green"])
layer.adapt(["blue"])
print([str(word) for word in layer.get_vocabulary()])
# --8<-- [end:adapt-twice]

import contextlib

with contextlib.suppress(ImportError):
    # --8<-- [start:then]
    from keras.preprocessing.text import Tokenizer
    # --8<-- [end:then]

# --8<-- [start:offset]
legacy = tf.keras.preprocessing.text.Tokenizer(oov_token="[UNK]")
legacy.fit_on_texts(["the cat sat", "the dog sat down"])
print("Tokenizer:        ", legacy.word_index)
print("TextVectorization:", table)
# --8<-- [end:offset]

# --8<-- [start:limit]
layer = tf.keras.layers.TextVectorization(max_tokens=4)
layer.adapt(["the cat sat", "the dog sat down"])
print("max_tokens=4:", [str(word) for word in layer.get_vocabulary()])
keras_2 = tf.keras.preprocessing.text.Tokenizer(num_words=4)
keras_2.fit_on_texts(["the cat sat", "the dog sat down"])
print(
    "num_words=4 keeps:", keras_2.texts_to_sequences(["the cat sat down dog"])
)
# --8<-- [end:limit]

# --8<-- [start:text]
from tfnotes import data

text = data.shakespeare().text.lower()
words = "".join(c if c.isalpha() else " " for c in text).split()
train, test = words[: len(words) * 4 // 5], words[len(words) * 4 // 5 :]
known = set(train)
unknown = sum(word not in known for word in test) / len(test)
print(f"{len(train):,} words for learning, {len(known):,} different ones")
print(f"unknown among the other {len(test):,}: {unknown:.1%}")
# --8<-- [end:text]

# --8<-- [start:bpe]
from collections import Counter, defaultdict


def merge(symbols, pair):
    """Joins a pair of neighbours wherever it stands, from left to right."""
    found, i = [], 0
    while i < len(symbols):
        joined = tuple(symbols[i : i + 2]) == pair
        found.append("".join(pair) if joined else symbols[i])
        i += 1 + joined
    return found


def learn_bpe(words, joins):
    counts = Counter(words)
    cut = {word: list(word) for word in counts}
    age = {s: n for n, s in enumerate(sorted(set("".join(counts))))}
    often, where = Counter(), defaultdict(set)

    def add(word, sign):
        for pair in zip(cut[word], cut[word][1:]):
            often[pair] += sign * counts[word]
            where[pair].add(word)

    for word in counts:
        add(word, +1)
    rules = {}
    while len(rules) < joins and (most := max(often.values())) > 0:
        # The most frequent pair; of equals, the one whose symbols are older.
        equal = [pair for pair, count in often.items() if count == most]
        best = min(equal, key=lambda pair: (age[pair[0]], age[pair[1]]))
        rules[best] = len(rules)
        age.setdefault("".join(best), len(age))
        for word in where.pop(best):  # no other word changes
            add(word, -1)
            cut[word] = merge(cut[word], best)
            add(word, +1)
    return rules


corpus = "low " * 5 + "lower " * 2 + "newest " * 6 + "widest " * 3
corpus = corpus.split()
rules = learn_bpe(corpus, 6)
print(["".join(pair) for pair in rules])
# --8<-- [end:bpe]


# --8<-- [start:encode]
def encode(word, rules):
    symbols = list(word)
    while True:
        pairs = [p for p in zip(symbols, symbols[1:]) if p in rules]
        if not pairs:
            return symbols
        symbols = merge(symbols, min(pairs, key=rules.get))


for word in ["lowest", "newer", "widen"]:
    print(f"{word:8}", encode(word, rules))
# --8<-- [end:encode]

# --8<-- [start:library]
import json

from tokenizers import Tokenizer as Library
from tokenizers import models, pre_tokenizers, trainers


def learn_with_library(words, joins):
    library = Library(models.BPE())
    library.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    size = len(set("".join(words))) + joins
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    library.train_from_iterator(words, trainer)
    return library


def check(words, rules):
    """Asserts that the library learns the same joins and cuts each word alike."""
    library = learn_with_library(words, len(rules))
    learnt = json.loads(library.to_str())["model"]["merges"]
    assert [tuple(pair) for pair in learnt] == list(rules)
    for word in set(words):
        assert library.encode(word).tokens == encode(word, rules)
    return f"{len(rules)} joins and {len(set(words)):,} words: equal"


print(check(corpus, rules))
rules = learn_bpe(train, 400)
print(check(train, rules))
changes = sum(len(word) - len(encode(word, rules)) for word in set(train))
print(f"joins made inside words: {changes:,}")
print(f"a full search looks at:  {400 * len(set(train)):,}")
# --8<-- [end:library]

# --8<-- [start:curve]
import matplotlib.pyplot as plt

counts = Counter(test)
sizes, lengths = [], []
for joins in (0, 25, 50, 100, 200, 400):
    first = dict(list(rules.items())[:joins])
    total = sum(counts[w] * len(encode(w, first)) for w in counts)
    sizes.append(len(set("".join(train))) + joins)
    lengths.append(total / len(test))
    print(f"{sizes[-1]:4} symbols: {lengths[-1]:.2f} a word")
plt.figure(figsize=(6.2, 3))
plt.plot(sizes, lengths, "o-")
plt.axhline(1, color="0.6", linestyle="--", label="whole words")
plt.xlabel("size of the vocabulary")
plt.ylabel("symbols a word")
plt.ylim(0, None)
plt.legend()
# --8<-- [end:curve]

# --8<-- [start:one-hot]
print(tf.one_hot([2, 0], depth=4).numpy())
encoder = tf.keras.layers.StringLookup(
    vocabulary=["cat", "dog"], output_mode="one_hot"
)
print(encoder(["dog", "bird"]).numpy())
# --8<-- [end:one-hot]

# --8<-- [start:hashing]
names = [f"user-{n}" for n in range(1000)]
for bins in (1000, 10_000, 100_000):
    layer = tf.keras.layers.Hashing(num_bins=bins)
    places = layer(tf.constant(names)).numpy()
    shared = 1000 - len(set(places.tolist()))
    expected = 1000 - bins * (1 - (1 - 1 / bins) ** 1000)
    print(
        f"{bins:>7} bins: {shared:3} names share one, expected {expected:.0f}"
    )
# --8<-- [end:hashing]

# --8<-- [start:chinese]
sentence = "我来到北京清华大学学习自然语言处理"
spaces = tf.keras.layers.TextVectorization(standardize=None)
spaces.adapt([sentence])
print("split at spaces:", [str(word) for word in spaces.get_vocabulary()[2:]])
print("characters:", tf.strings.unicode_split(sentence, "UTF-8").shape[0])
# --8<-- [end:chinese]

# --8<-- [start:jieba]
import logging

import jieba

jieba.setLogLevel(logging.ERROR)
print(list(jieba.cut(sentence)))
print(list(jieba.cut("乒乓球拍卖完了")))
# --8<-- [end:jieba]

# --8<-- [start:chinese-layer]
layer = tf.keras.layers.TextVectorization(standardize=None, split="character")
layer.adapt([sentence])
print(
    "characters:",
    layer([sentence]).shape,
    [str(c) for c in layer.get_vocabulary()[2:8]],
)
by_words = tf.keras.layers.TextVectorization(standardize=None)
by_words.adapt([" ".join(jieba.cut(sentence))])
print("words:     ", by_words([" ".join(jieba.cut("我学习语言"))]).numpy())
# --8<-- [end:chinese-layer]

with contextlib.suppress(AttributeError):
    # --8<-- [start:split-error]
    by_jieba = tf.keras.layers.TextVectorization(
        standardize=None, split=jieba.lcut
    )
    by_jieba.adapt([sentence])
    # --8<-- [end:split-error]

# --8<-- [start:held-out]
import random
import re

pairs = data.cmn_eng()
once = dict(zip(pairs.target, pairs.source))
both = sorted(once.items())
random.Random(0).shuffle(both)
learn, fresh = both[: len(both) * 4 // 5], both[len(both) * 4 // 5 :]


def runs(rows, side, letters):
    text = " ".join(row[side] for row in rows)
    return re.findall(letters, text.lower())


print(f"{len(pairs.target):,} pairs, {len(once):,} different on the right")
print(runs(fresh[:2], 0, r"[\u4e00-\u9fff]+"), runs(fresh[:2], 1, "[a-z]+"))
# --8<-- [end:held-out]


# --8<-- [start:three-ways]
def compare(language, side, letters, split):
    test = runs(fresh, side, letters)
    for part in (learn[:10], learn):
        seen = runs(part, side, letters)
        joins = learn_bpe(seen, 500)
        characters = set("".join(seen))
        ways = {
            "characters": (list, characters),
            "words": (split, {word for run in seen for word in split(run)}),
            "BPE": (
                lambda run: encode(run, joins),
                characters | {"".join(pair) for pair in joins},
            ),
        }
        lost = {}
        for name, (cut, known) in ways.items():
            pieces = [piece for run in test for piece in cut(run)]
            unknown = sum(len(piece) for piece in pieces if piece not in known)
            lost[name] = unknown / sum(map(len, test))
            print(
                f"{language} {len(part):6,} {name:10} {len(known):7,}"
                f"{len(pieces) / len(fresh):14.1f}{lost[name]:9.1%}"
            )
        assert lost["BPE"] == lost["characters"]
    return lost["words"], joins


print("learnt from    cut into   symbols  per sentence  unknown")
lost, chinese_joins = compare("Chinese", 0, r"[\u4e00-\u9fff]+", jieba.lcut)
lost_en, _ = compare("English", 1, "[a-z]+", lambda run: [run])
print(
    f"as words, all learnt: lost in Chinese {lost:.1%}, English {lost_en:.1%}"
)
# --8<-- [end:three-ways]

# --8<-- [start:chinese-bpe]
print(["".join(pair) for pair in chinese_joins][:8])
print(check(runs(learn, 0, r"[\u4e00-\u9fff]+"), chinese_joins))
# --8<-- [end:chinese-bpe]

# --8<-- [start:solution-ngrams]
layer = tf.keras.layers.TextVectorization(ngrams=2, output_mode="int")
layer.adapt(["good not bad", "bad not good"])
print([str(word) for word in layer.get_vocabulary()[2:]])
# --8<-- [end:solution-ngrams]

# --8<-- [start:solution-bytes]
word = "北京"
print(
    list(word.encode()),
    len(set(range(256))),
    "symbols are enough for every text",
)
# --8<-- [end:solution-bytes]
