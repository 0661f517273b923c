"""Code of the page autodiff/losses."""

import contextlib

# --8<-- [start:price]
import tensorflow as tf

print("probability   squared error   minus log")
for p in [0.99, 0.9, 0.5, 0.1, 0.001]:
    print(f"{p:11.3f}   {(1 - p) ** 2:13.4f}   {-tf.math.log(p):9.4f}")
# --8<-- [end:price]

# --8<-- [start:slopes]
import matplotlib.pyplot as plt

score = tf.linspace(-8.0, 8.0, 200)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(score)
    p = tf.sigmoid(score)
    losses = {"squared error": (1 - p) ** 2, "minus log": -tf.math.log(p)}

fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.0))
for name, loss in losses.items():
    left.plot(score, loss, label=name)
    right.plot(score, -tape.gradient(loss, score), label=name)
left.set(xlabel="score of what happened", ylabel="loss")
right.set(xlabel="score of what happened", ylabel="pull towards a higher score")
left.legend()
# --8<-- [end:slopes]

# --8<-- [start:mse]
import keras

truth = tf.constant([[3.0], [5.0], [2.0], [4.0], [90.0]])
guess = tf.constant([[2.5], [5.5], [2.0], [4.0], [10.0]])

squared = tf.reduce_mean(tf.square(guess - truth))
absolute = tf.reduce_mean(tf.abs(guess - truth))
print(f"mean squared error {squared:.3f}, mean absolute error {absolute:.3f}")

assert squared == keras.losses.MeanSquaredError()(truth, guess)
assert absolute == keras.losses.MeanAbsoluteError()(truth, guess)
# --8<-- [end:mse]

# --8<-- [start:classes]
labels = tf.constant([0, 2, 0])  # the right class of three examples
p = tf.constant([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3]])

sparse = -tf.math.log(tf.gather(p, labels, batch_dims=1))
one_hot = tf.one_hot(labels, 3)
categorical = -tf.reduce_sum(one_hot * tf.math.log(p), axis=-1)
print("from class numbers:", sparse.numpy())
print("from one-hot rows: ", categorical.numpy())

near = tf.debugging.assert_near
near(sparse, keras.losses.sparse_categorical_crossentropy(labels, p))
near(categorical, keras.losses.categorical_crossentropy(one_hot, p))
# --8<-- [end:classes]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:mixed-up]
    keras.losses.sparse_categorical_crossentropy(one_hot, p)
    # --8<-- [end:mixed-up]

# --8<-- [start:binary]
rain = tf.constant([[1.0], [0.0], [1.0]])
forecast = tf.constant([[0.9], [0.4], [0.2]])

binary = -(
    rain * tf.math.log(forecast) + (1 - rain) * tf.math.log(1 - forecast)
)
print(binary.numpy().ravel())
near(binary[:, 0], keras.losses.binary_crossentropy(rain, forecast))
# --8<-- [end:binary]

# --8<-- [start:logits]
y = tf.constant([0])  # the right class is the first …
z = tf.Variable([[0.0, 200.0]])  # … and the score insists on the second


def by_exp(z):
    return -tf.math.log(tf.exp(z[:, 0]) / tf.reduce_sum(tf.exp(z), axis=-1))


def by_softmax(z):
    return -tf.math.log(tf.nn.softmax(z)[:, 0])


def keras_on_probabilities(z):
    return keras.losses.sparse_categorical_crossentropy(y, tf.nn.softmax(z))


def keras_on_logits(z):
    return keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True)


def show(way):
    with tf.GradientTape() as tape:
        loss = way(z)
    gradient = tape.gradient(loss, z).numpy()
    print(f"{way.__name__:<24}{loss.numpy()[0]:8.3f}", gradient)


for way in [by_exp, by_softmax, keras_on_probabilities, keras_on_logits]:
    show(way)
print(f"{'-log(epsilon)':<24}{-tf.math.log(keras.config.epsilon()):8.3f}")
# --8<-- [end:logits]

# --8<-- [start:cliff]
ahead = tf.linspace(-5.0, 130.0, 271)
scores = tf.stack([tf.zeros_like(ahead), ahead], axis=1)
first = tf.zeros(len(ahead), tf.int32)
probabilities = tf.nn.softmax(scores)
cross_entropy = keras.losses.sparse_categorical_crossentropy

by_log = -tf.math.log(probabilities[:, 0])
from_softmax = cross_entropy(first, probabilities)
from_scores = cross_entropy(first, scores, from_logits=True)

fig, ax = plt.subplots(figsize=(6.4, 3.0))
ax.plot(ahead, by_log, linewidth=6, alpha=0.4, label="log of softmax")
ax.plot(ahead, from_softmax, label="Keras, from probabilities")
ax.plot(ahead, from_scores, label="Keras, from logits")
ax.set(xlabel="how far the wrong score is ahead", ylabel="loss")
ax.legend()
# --8<-- [end:cliff]

# --8<-- [start:graph]
in_a_graph = tf.function(keras_on_probabilities)
print(f"eager      {keras_on_probabilities(z).numpy()[0]:8.3f}")
print(f"in a graph {in_a_graph(z).numpy()[0]:8.3f}")
# --8<-- [end:graph]

# --8<-- [start:flags]
import numpy as np

rng = np.random.default_rng(0)
kinds = rng.integers(0, 10, 600)  # ten clusters on a circle
angle = 2 * np.pi * kinds / 10
middles = 3 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
points = middles + rng.normal(0, 0.4, (600, 2))
points, kinds = tf.constant(points, tf.float32), tf.constant(kinds)


def train(activation, from_logits, steps=150, rate=0.5):
    """Train one linear layer; return its accuracies and the last loss."""
    w = tf.Variable(tf.random.stateless_normal((2, 10), seed=(1, 0)) / 3)
    b = tf.Variable(tf.zeros(10))
    loss_of = keras.losses.SparseCategoricalCrossentropy(
        from_logits=from_logits
    )
    accuracies = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            outputs = activation(points @ w + b)
            loss = loss_of(kinds, outputs)
        for variable, gradient in zip([w, b], tape.gradient(loss, [w, b])):
            variable.assign_sub(rate * gradient)
        accuracies.append(np.mean(np.argmax(outputs, axis=1) == kinds))
    return accuracies, loss.numpy()


fig, ax = plt.subplots(figsize=(6.4, 3.0))
for name, activation, from_logits in [
    ("scores, from_logits=True", tf.identity, True),
    ("softmax, from_logits=False", tf.nn.softmax, False),
    ("softmax, from_logits=True", tf.nn.softmax, True),
    ("scores, from_logits=False", tf.identity, False),
]:
    accuracies, loss = train(activation, from_logits)
    dashed = name == "softmax, from_logits=False"
    ax.plot(accuracies, "--" if dashed else "-", label=name)
    print(f"{name}: accuracy {accuracies[-1]:.3f}, loss {loss:.3f}")
ax.set(xlabel="step", ylabel="accuracy", ylim=(-0.05, 1.05))
ax.legend(loc="upper right", bbox_to_anchor=(1, 0.96))
# --8<-- [end:flags]

# --8<-- [start:noticed]
dense = keras.layers.Dense(10, activation="softmax")
model = keras.Sequential([keras.Input((2,)), dense])
model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))

loss = model.evaluate(points, kinds, verbose=0)
right = model.predict(points, verbose=0)[np.arange(600), kinds]
by_hand = -np.log(right).mean()
print(f"evaluate: {loss:.4f}, by hand: {by_hand:.4f}")
# --8<-- [end:noticed]

# --8<-- [start:p-minus-y]
scores = tf.Variable([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]])
right = tf.constant([0, 1])

with tf.GradientTape() as tape:
    loss = tf.reduce_mean(cross_entropy(right, scores, from_logits=True))
by_tape = tape.gradient(loss, scores)
p_minus_y = tf.nn.softmax(scores) - tf.one_hot(right, 3)

print(by_tape.numpy())
near(by_tape, p_minus_y / 2)  # the mean is over 2 examples
# --8<-- [end:p-minus-y]

# --8<-- [start:reduction]
values = tf.constant([[0.0], [0.0], [0.0], [0.0], [0.0]])
targets = tf.constant([[1.0], [1.0], [1.0], [1.0], [6.0]])

print("function:", keras.losses.mean_squared_error(targets, values).numpy())
for reduction in ["none", "sum", "sum_over_batch_size"]:
    loss_of = keras.losses.MeanSquaredError(reduction=reduction)
    print(f"{reduction}:", loss_of(targets, values).numpy())

batches = [loss_of(targets[i : i + 2], values[i : i + 2]) for i in [0, 2, 4]]
print("mean of the batches' means:", np.mean(batches))
# --8<-- [end:reduction]

# --8<-- [start:weights]
weight = tf.constant([0.0, 0.0, 0.0, 0.0, 1.0])
for reduction in ["sum_over_batch_size", "mean_with_sample_weight"]:
    loss_of = keras.losses.MeanSquaredError(reduction=reduction)
    loss = loss_of(targets, values, sample_weight=weight)
    print(f"{reduction}:", loss.numpy())
# --8<-- [end:weights]

# --8<-- [start:smoothing]
lead = np.linspace(0, 12, 1201)  # of the right score before two others
scores = np.stack([lead, 0 * lead, 0 * lead], axis=1)
sure = np.eye(3)[np.zeros(len(lead), int)]
for smoothing in [0.0, 0.1]:
    soft = sure * (1 - smoothing) + smoothing / 3
    by_hand = tf.nn.softmax_cross_entropy_with_logits(soft, scores)
    loss_of = keras.losses.CategoricalCrossentropy(
        True, smoothing, dtype="float64"
    )
    near(tf.reduce_mean(by_hand), loss_of(sure, scores))
    best = lead[np.argmin(by_hand)]
    print(
        f"smoothing {smoothing}: best lead {best:.2f}, target {soft[0].round(3)}"
    )
# --8<-- [end:smoothing]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-losses]
    tf.losses.softmax_cross_entropy(one_hot, tf.math.log(p))
    # --8<-- [end:then-losses]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-auto]
    keras.losses.CategoricalCrossentropy(from_logits=True, reduction="auto")
    # --8<-- [end:then-auto]

# --8<-- [start:now]
loss_of = keras.losses.CategoricalCrossentropy(
    from_logits=True,
    reduction="sum_over_batch_size",
)
print(loss_of(one_hot, tf.math.log(p)).numpy())
# --8<-- [end:now]

# --8<-- [start:exercise-first]
answers = tf.constant(rng.integers(0, 10, 1000))
noise = tf.random.stateless_normal((1000, 10), seed=(3, 0))
for size in [0.0, 0.1, 10.0]:
    loss = tf.reduce_mean(
        cross_entropy(answers, size * noise, from_logits=True)
    )
    print(f"scores of size {size:4.1f}: loss {loss:.3f}")
print(f"log 10 = {np.log(10):.3f}")
# --8<-- [end:exercise-first]


# --8<-- [start:exercise-shift]
def by_shift(z):
    top = tf.reduce_max(z, axis=-1, keepdims=True)
    total = tf.reduce_sum(tf.exp(z - top), axis=-1)
    return tf.math.log(total) + top[:, 0] - z[:, 0]


show(by_shift)
near(by_shift(z), keras_on_logits(z))
# --8<-- [end:exercise-shift]

# --8<-- [start:exercise-constant]
candidates = tf.linspace(0.0, 100.0, 1001)
errors = candidates - truth  # (5, 1001): every truth with every candidate
best_square = candidates[tf.argmin(tf.reduce_mean(errors**2, axis=0))]
best_absolute = candidates[tf.argmin(tf.reduce_mean(tf.abs(errors), axis=0))]
print(f"squared: {best_square:.1f}, mean {np.mean(truth):.1f}")
print(f"absolute: {best_absolute:.1f}, median {np.median(truth):.1f}")
# --8<-- [end:exercise-constant]
