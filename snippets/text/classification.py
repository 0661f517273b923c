"""Classifying reviews: bag of words, averages, convolution, LSTM, Transformer."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf

from tfnotes import data

layers = tf.keras.layers
imdb = data.imdb()


def some(texts, labels, most, seed):
    """Reviews in random order, of each the first 120 words."""
    order = np.random.default_rng(seed).permutation(len(texts))[:most]
    return [" ".join(texts[i].split()[:120]) for i in order], labels[order]


texts, labels = some(imdb.x_train, imdb.y_train, 4000, 0)
test_texts, test_labels = some(imdb.x_test, imdb.y_test, 2000, 1)
print(f"{len(texts):,} to learn from, {len(test_texts):,} to test")
# --8<-- [end:data]

# --8<-- [start:smallest]
tf.keras.utils.set_random_seed(0)
vectorize = layers.TextVectorization(5000, output_mode="multi_hot")
vectorize.adapt(texts)
model = tf.keras.Sequential([vectorize, layers.Dense(1, activation="sigmoid")])
model.compile(
    tf.keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"]
)
strings = tf.constant(texts)
model.fit(strings, labels, epochs=5, verbose=0)
accuracy = model.evaluate(tf.constant(test_texts), test_labels, verbose=0)[1]
constant = max(test_labels.mean(), 1 - test_labels.mean())
print(f"accuracy {accuracy:.2f}, always one class {constant:.2f}")
new = tf.constant(["what a boring story", "a beautiful story"])
print(model.predict(new, verbose=0).argsort(axis=0).ravel(), "worst first")
# --8<-- [end:smallest]

# --8<-- [start:weights]
words = np.array(vectorize.get_vocabulary())
weights = model.layers[-1].get_weights()[0][:, 0]
for name, ends in {
    "bad": weights.argsort()[:6],
    "good": weights.argsort()[::-1][:6],
}.items():
    print(f"{name:5}", *words[ends])
# --8<-- [end:weights]

# --8<-- [start:order]
pair = tf.constant(["not boring but moving", "not moving but boring"])
print("one bag:", np.array_equal(*vectorize(pair)))
phrases = layers.TextVectorization(ngrams=2, output_mode="multi_hot")
phrases.adapt(pair)
print("with pairs of words:", np.array_equal(*phrases(pair)))
# --8<-- [end:order]

# --8<-- [start:threshold]
logits, truth = np.array([[0.3], [-0.3]]), np.array([[1.0], [0.0]])
head = tf.keras.Sequential([tf.keras.Input([1]), layers.Activation("linear")])
loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
for name, metric in {
    '"accuracy"': "accuracy",
    "BinaryAccuracy(threshold=0)": tf.keras.metrics.BinaryAccuracy(
        threshold=0.0
    ),
}.items():
    head.compile(loss=loss, metrics=[metric])
    print(f"{name:28}", head.evaluate(logits, truth, verbose=0)[1])
# --8<-- [end:threshold]

# --8<-- [start:numbers]
length, vocabulary, size = 120, 5000, 16
numbers = layers.TextVectorization(vocabulary, output_sequence_length=length)
numbers.adapt(texts)
x_train, x_test = numbers(texts).numpy(), numbers(test_texts).numpy()
bags = vectorize(texts).numpy(), vectorize(test_texts).numpy()
phrases = layers.TextVectorization(10000, ngrams=2, output_mode="multi_hot")
phrases.adapt(texts)
pairs = phrases(texts).numpy(), phrases(test_texts).numpy()
print(f"words in a bag: {bags[0].shape[1]:,}, pairs: {pairs[0].shape[1]:,}")
# --8<-- [end:numbers]


# --8<-- [start:models]
def embed(ids, mask=True):
    return layers.Embedding(vocabulary, size, mask_zero=mask)(ids)


def average(ids):
    return layers.GlobalAveragePooling1D()(embed(ids))


def convolution(ids):
    v = layers.Conv1D(32, 5, activation="relu")(embed(ids, mask=False))
    return layers.GlobalMaxPooling1D()(v)


def lstm(ids):
    return layers.LSTM(32)(embed(ids))


def transformer(ids):
    places = layers.Embedding(length, size)(tf.range(length))
    v = embed(ids) + places
    mask = tf.keras.ops.not_equal(ids, 0)
    seen = layers.MultiHeadAttention(2, 8)(v, v, attention_mask=mask[:, None])
    v = layers.LayerNormalization()(v + seen)
    wide = layers.Dense(32, activation="relu")(v)
    v = layers.LayerNormalization()(v + layers.Dense(size)(wide))
    return layers.GlobalAveragePooling1D()(v, mask=mask)


def one_layer(bag):
    return bag  # the dense unit behind it is the whole model


# --8<-- [end:models]


# --8<-- [start:train]
tf.get_logger().setLevel("ERROR")  # many models: it would warn of retracing


def compiled(body, x):
    inputs = tf.keras.Input(x.shape[1:], dtype=x.dtype.name)
    outputs = layers.Dense(1, activation="sigmoid")(body(inputs))
    model = tf.keras.Model(inputs, outputs)
    adam = tf.keras.optimizers.Adam(0.008)
    adam.build(model.trainable_variables)
    model.compile(adam, "binary_crossentropy", metrics=["accuracy"])
    return model


def train(model, x, seed, epochs):
    """Begins with fresh weights; the model is traced once for all seeds."""
    tf.keras.utils.set_random_seed(seed)
    model.set_weights(tf.keras.models.clone_model(model).get_weights())
    adam = tf.keras.optimizers.Adam(0.008)
    adam.build(model.trainable_variables)
    for old, fresh in zip(model.optimizer.variables, adam.variables):
        old.assign(fresh)
    held = len(x) * 4 // 5
    stop = tf.keras.callbacks.EarlyStopping(
        "val_loss", patience=2, restore_best_weights=True
    )
    model.fit(
        x[:held],
        labels[:held],
        batch_size=64,
        epochs=epochs,
        validation_data=(x[held:], labels[held:]),
        validation_batch_size=40,  # no smaller last batch, no second trace
        verbose=0,
        callbacks=[stop],
    )


# --8<-- [end:train]

# --8<-- [start:compare]
d, n = size, length
candidates = {  # body, training and test input, multiply-adds for a review
    "bag of words": (one_layer, bags, bags[0].shape[1]),
    "bag of pairs": (one_layer, pairs, pairs[0].shape[1]),
    "average": (average, (x_train, x_test), n * d),
    "Conv1D": (convolution, (x_train, x_test), (n - 4) * 5 * d * 32),
    "LSTM": (lstm, (x_train, x_test), n * 4 * 32 * (d + 32)),
    "Transformer": (
        transformer,
        (x_train, x_test),
        n * 4 * d * d + 2 * n * n * d + n * 2 * d * 32,
    ),
}
results, models = {}, {}
for name, (body, (x, x_new), work) in candidates.items():
    model, found = compiled(body, x), []
    for seed in (0, 1):
        train(model, x, seed, epochs=6)
        found.append(model.evaluate(x_new, test_labels, 40, verbose=0)[1])
    results[name], models[name] = (work, found), model
    print(
        f"{name:13}{min(found):.2f} to {max(found):.2f}"
        f" {model.count_params():7,} parameters {work:9,} multiply-adds"
    )
# --8<-- [end:compare]

# --8<-- [start:draw]
import matplotlib.pyplot as plt

plt.figure(figsize=(5.6, 3.6))
for name, (work, found) in results.items():
    plt.plot([work, work], [min(found), max(found)], "o-", label=name)
plt.xscale("log")
plt.xlim(1e3, 2e6)
plt.ylim(0.4, 1.05)
plt.yticks([0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
plt.xlabel("multiply-adds for a review")
plt.ylabel("accuracy on the test reviews")
plt.legend(ncols=2, loc="lower center")
# --8<-- [end:draw]

# --8<-- [start:errors]
probability = models["bag of words"].predict(bags[1], verbose=0)[:, 0]
sure = np.abs(probability - 0.5)
wrong = (probability > 0.5) != test_labels
for name, chosen in {
    "surest third": sure >= np.quantile(sure, 2 / 3),
    "least sure third": sure <= np.quantile(sure, 1 / 3),
}.items():
    print(f"{name:17} wrong: {wrong[chosen].mean():.2f}")
# --8<-- [end:errors]

# --8<-- [start:solution-tfidf]
tf_idf = layers.TextVectorization(10000, ngrams=2, output_mode="tf_idf")
tf_idf.adapt(texts)
weighted = tf_idf(texts).numpy()
model = compiled(one_layer, weighted)
train(model, weighted, 0, epochs=6)
accuracy = model.evaluate(tf_idf(test_texts), test_labels, 40, verbose=0)[1]
print(f"tf-idf of words and pairs: {accuracy:.2f}")
# --8<-- [end:solution-tfidf]

# --8<-- [start:solution-shuffled]
shuffled = x_test.copy()
generator = np.random.default_rng(0)
for row in shuffled:
    words_in = np.count_nonzero(row)
    row[:words_in] = generator.permutation(row[:words_in])
for name in ("average", "Conv1D", "LSTM", "Transformer"):
    model = models[name]
    before = model.evaluate(x_test, test_labels, 40, verbose=0)[1]
    after = model.evaluate(shuffled, test_labels, 40, verbose=0)[1]
    print(f"{name:12} in order {before:.2f}, words shuffled {after:.2f}")
# --8<-- [end:solution-shuffled]
