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

# --8<-- [start:bpe]
from collections import Counter


def merge(symbols, pair):
    """Joins a pair of neighbours wherever it stands, from left to right."""
    found, i = [], 0
    while i < len(symbols):
        two = tuple(symbols[i : i + 2])
        found.append("".join(two) if two == pair else symbols[i])
        i += 2 if two == pair else 1
    return tuple(found)


def learn_bpe(words, merges):
    counts = Counter(tuple(word) for word in words)
    symbols = sorted({symbol for word in counts for symbol in word})
    rules = []
    for _ in range(merges):
        pairs = Counter()
        for word, count in counts.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        number = {symbol: n for n, symbol in enumerate(symbols)}
        # The most frequent pair; of equals, the one whose symbols are older.
        best = min(pairs, key=lambda p: (-pairs[p], number[p[0]], number[p[1]]))
        rules.append(best)
        symbols.append("".join(best))
        merged = Counter()
        for word, count in counts.items():
            merged[merge(word, best)] += count
        counts = merged
    return rules


corpus = "low low low low low lower lower newest newest newest newest newest newest widest widest widest".split()
rules = learn_bpe(corpus, 6)
print(["".join(pair) for pair in rules])
# --8<-- [end:bpe]


# --8<-- [start:encode]
def encode(word, rules):
    symbols = tuple(word)
    for pair in rules:
        symbols = merge(symbols, pair)
    return symbols


for word in ["lowest", "newer", "widen"]:
    print(f"{word:8}", encode(word, rules))
# --8<-- [end:encode]

# --8<-- [start:library]
from tokenizers import Tokenizer as Library
from tokenizers import models, pre_tokenizers, trainers

library = Library(models.BPE())
library.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
letters = sorted(set("".join(corpus)))
trainer = trainers.BpeTrainer(vocab_size=len(letters) + 6, show_progress=False)
library.train_from_iterator([" ".join(corpus)], trainer)
for word in ["lowest", "newer", "widen", *corpus]:
    assert library.encode(word).tokens == list(encode(word, rules))
print(
    "the library's vocabulary:",
    sorted(library.get_vocab(), key=lambda t: (len(t), t))[-6:],
)
# --8<-- [end:library]

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

# --8<-- [start:curve]
import matplotlib.pyplot as plt

rules = learn_bpe(train, 400)
letters = sorted(set("".join(train)))
sizes, lengths = [], []
for merges in (0, 25, 50, 100, 200, 400):
    pieces = [encode(word, rules[:merges]) for word in set(test)]
    counts = Counter(test)
    total = sum(len(p) * counts["".join(p)] for p in pieces)
    sizes.append(len(letters) + merges)
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

# --8<-- [start:three-ways]
pairs = data.cmn_eng()
lines = pairs.target
cut = len(lines) * 4 // 5
ways = {
    "characters": list,
    "jieba": lambda line: [w for w in jieba.cut(line) if w.strip()],
}
for name, split in ways.items():
    seen = Counter(token for line in lines[:cut] for token in split(line))
    fresh = [token for line in lines[cut:] for token in split(line)]
    missing = sum(token not in seen for token in fresh) / len(fresh)
    print(
        f"{name:11} {len(seen):6,} symbols, {len(fresh) / len(lines[cut:]):4.1f} a sentence, {missing:.1%} unknown"
    )
# --8<-- [end:three-ways]

# --8<-- [start:chinese-bpe]
chinese = ["".join(c for c in line if "一" <= c <= "鿿") for line in lines]
rules = learn_bpe(chinese[:cut], 300)
seen = {c for line in chinese[:cut] for c in line}
fresh = [symbol for line in chinese[cut:] for symbol in encode(line, rules)]
vocabulary = seen | {"".join(pair) for pair in rules}
missing = sum(symbol not in vocabulary for symbol in fresh) / len(fresh)
print(
    f"BPE         {len(vocabulary):6,} symbols, {len(fresh) / len(chinese[cut:]):4.1f} a sentence, {missing:.1%} unknown"
)
print(["".join(pair) for pair in rules[:8]])
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
