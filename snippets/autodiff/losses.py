"""Code of the page autodiff/losses."""

import contextlib

# --8<-- [start:price]
import tensorflow as tf

print("chance given to what happened   squared error   minus log")
for p in [0.99, 0.9, 0.5, 0.1, 0.001]:
    print(f"{p:29.3f}   {(1 - p) ** 2:13.4f}   {-tf.math.log(p):9.4f}")
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

truth = tf.constant([[3.0], [5.0], [2.0], [90.0]])
guess = tf.constant([[2.5], [5.5], [2.0], [10.0]])

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

binary = -(rain * tf.math.log(forecast) + (1 - rain) * tf.math.log(1 - forecast))
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
    print(f"{way.__name__:<24}{loss.numpy()[0]:8.3f}", tape.gradient(loss, z).numpy())


for way in [by_exp, by_softmax, keras_on_probabilities, keras_on_logits]:
    show(way)
# --8<-- [end:logits]

# --8<-- [start:epsilon]
print("epsilon:", keras.config.epsilon())
print("-log(epsilon):", -tf.math.log(keras.config.epsilon()).numpy())
# --8<-- [end:epsilon]

# --8<-- [start:log-sum-exp]
def by_shift(z):
    top = tf.reduce_max(z, axis=-1, keepdims=True)
    return tf.math.log(tf.reduce_sum(tf.exp(z - top), axis=-1)) + top[:, 0] - z[:, 0]


show(by_shift)
near(by_shift(z), keras_on_logits(z))
# --8<-- [end:log-sum-exp]

# --8<-- [start:cliff]
gaps = tf.linspace(-5.0, 130.0, 271)
pairs = tf.stack([tf.zeros_like(gaps), gaps], axis=1)
firsts = tf.zeros(len(gaps), tf.int32)
ways = {
    "log of softmax": -tf.math.log(tf.nn.softmax(pairs)[:, 0]),
    "Keras, probabilities": keras.losses.sparse_categorical_crossentropy(
        firsts, tf.nn.softmax(pairs)
    ),
    "Keras, logits": keras.losses.sparse_categorical_crossentropy(firsts, pairs, from_logits=True),
}
fig, ax = plt.subplots(figsize=(6.4, 3.0))
for (name, loss), width in zip(ways.items(), [5, 2, 1.5]):
    ax.plot(gaps, loss, linewidth=width, alpha=0.5 if width == 5 else 1, label=name)
last = float(gaps[tf.math.is_finite(ways["log of softmax"])][-1])
print(f"last finite log of softmax: at a gap of {last:.1f}")
ax.set(xlabel="how far the wrong score is ahead", ylabel="loss")
ax.legend()
# --8<-- [end:cliff]

# --8<-- [start:graph]
@tf.function
def keras_in_a_graph(z):
    return keras.losses.sparse_categorical_crossentropy(y, tf.nn.softmax(z))


keras_in_a_graph.__name__ = "keras_in_a_graph"
show(keras_on_probabilities)
show(keras_in_a_graph)
# --8<-- [end:graph]
