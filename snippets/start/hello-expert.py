"""The same classifier by the long way: tf.data, subclassing, a tape, tf.function, metrics."""

import contextlib

# --8<-- [start:load]
import keras
import tensorflow as tf

from tfnotes import data

digits = data.mnist()
x_train = digits.x_train.astype("float32") / 255
x_test = digits.x_test.astype("float32") / 255
y_train, y_test = digits.y_train, digits.y_test
x_train.shape, x_test.shape
# --8<-- [end:load]


# --8<-- [start:pipeline]
def pipeline():
    examples = tf.data.Dataset.from_tensor_slices((x_train, y_train))
    n = len(examples)
    mixed = examples.shuffle(n, seed=1, reshuffle_each_iteration=False)
    return mixed.batch(32).prefetch(2)


test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(500)
images, labels = next(iter(pipeline()))
print(images.shape, labels.shape, len(pipeline()), "batches")
# --8<-- [end:pipeline]


# --8<-- [start:model]
class Digits(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = keras.layers.Flatten()
        self.hidden = keras.layers.Dense(128, activation="relu")
        self.dropout = keras.layers.Dropout(0.2)
        self.scores = keras.layers.Dense(10)

    def call(self, images, training=False):
        x = self.hidden(self.flatten(images))
        return self.scores(self.dropout(x, training=training))


model = Digits()
model(images).shape
# --8<-- [end:model]

# --8<-- [start:half]
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

with tf.GradientTape() as tape:
    loss = loss_of(labels, model(images, training=True))
gradients = tape.gradient(loss, model.trainable_variables)

print(f"loss {loss:.2f}")
for variable, gradient in zip(model.trainable_variables, gradients):
    print(f"{variable.path:24} {variable.shape!s:11} {tf.norm(gradient):.3f}")
# --8<-- [end:half]

# --8<-- [start:step]
optimizer = keras.optimizers.Adam()
mean_loss = keras.metrics.Mean()
accuracy = keras.metrics.SparseCategoricalAccuracy()


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = loss_of(labels, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    mean_loss.update_state(loss)
    accuracy.update_state(labels, logits)


# --8<-- [end:step]

# --8<-- [start:loop]
keras.utils.set_random_seed(1)
model, train = Digits(), pipeline()
long_losses = []
for epoch in range(5):
    mean_loss.reset_state()
    accuracy.reset_state()
    for images, labels in train:
        train_step(images, labels)
    loss, right = float(mean_loss.result()), accuracy.result()
    print(f"epoch {epoch + 1}: loss {loss:.3f}, accuracy {right:.1%}")
    long_losses.append(loss)
# --8<-- [end:loop]


# --8<-- [start:test]
@tf.function
def test_step(images, labels):
    accuracy.update_state(labels, model(images, training=False))


accuracy.reset_state()
for images, labels in test:
    test_step(images, labels)
long_accuracy = float(accuracy.result())
print(f"accuracy on the test images: {long_accuracy:.2%}")
# --8<-- [end:test]

# --8<-- [start:short]
keras.utils.set_random_seed(1)
short = keras.Sequential(
    [
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10),
    ]
)
short.compile("adam", loss_of, metrics=["accuracy"])
past = short.fit(pipeline(), epochs=5, shuffle=False, verbose=0)
_, short_accuracy = short.evaluate(test, verbose=0)
# --8<-- [end:short]

# --8<-- [start:agree]
import matplotlib.pyplot as plt
import numpy as np

print("test accuracy     short way  long way")
print(f"{short_accuracy:23.2%} {long_accuracy:9.2%}")
pairs = zip(short.get_weights(), model.get_weights())
apart = max(np.abs(a - b).max() for a, b in pairs)
print("greatest distance between two weights:", apart)

epochs = range(1, 6)
plt.plot(epochs, past.history["loss"], "C0", label="short way: fit")
plt.plot(epochs, long_losses, "C1o", label="long way: train_step")
plt.gca().set(xlabel="epoch", ylabel="training loss", xticks=epochs, ylim=0)
plt.legend()
# --8<-- [end:agree]


# --8<-- [start:make-step]
def make_step(model, optimizer, limit=None):
    @tf.function
    def step(images, labels):
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(images, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        norm = tf.linalg.global_norm(gradients)
        if limit is not None:
            gradients, _ = tf.clip_by_global_norm(gradients, limit, norm)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss, norm

    return step


# --8<-- [end:make-step]

# --8<-- [start:spoiled]
steps = 120
figure, (upper, lower) = plt.subplots(2, 1, figsize=(6.4, 4.2), sharex=True)
for limit, style in {None: "C1", 3.0: "C0"}.items():
    keras.utils.set_random_seed(1)
    step = make_step(Digits(), keras.optimizers.SGD(0.1), limit)
    seen = []
    for i, (images, labels) in enumerate(pipeline().repeat().take(steps)):
        seen.append(step(images * 255 if i == 60 else images, labels))
    losses, norms = np.array(seen).T
    middle, end = np.median(norms), losses[-20:].mean()
    print(f"limit {limit!s:4}  norm: median {middle:.1f},", end=" ")
    print(f"step 60 {norms[60]:.0f}; loss at the end {end:.2f}")
    upper.semilogy(losses, style, label=f"limit {limit}")
    lower.semilogy(norms, style)
upper.set_ylabel("loss")
upper.legend()
lower.set(xlabel="step", ylabel="norm of the gradient")
# --8<-- [end:spoiled]


# --8<-- [start:training]
def share_right(scores):
    return np.mean(np.argmax(scores, axis=1) == y_test)


for training in False, True:
    first, second = (model(x_test, training=training) for _ in range(2))
    equal = np.array_equal(first, second)
    print(f"training={training!s:5}  twice the same: {equal!s:5}", end="  ")
    print(f"accuracy {share_right(first):.2%}")
# --8<-- [end:training]

# --8<-- [start:no-reset]
keras.utils.set_random_seed(1)
step = make_step(Digits(), keras.optimizers.Adam())
reset, never_reset = keras.metrics.Mean(), keras.metrics.Mean()
for epoch in range(5):
    reset.reset_state()
    for images, labels in train:
        loss, _ = step(images, labels)
        reset.update_state(loss)
        never_reset.update_state(loss)
    print(f"epoch {epoch + 1}: reset {reset.result():.3f}", end=", ")
    print(f"never reset {never_reset.result():.3f}")
# --8<-- [end:no-reset]

with contextlib.suppress(AttributeError):  # the page shows this error
    # --8<-- [start:reset-states]
    mean_loss.reset_states()
    # --8<-- [end:reset-states]

# --8<-- [start:reset-state]
mean_loss.reset_state()
print(f"{mean_loss.result():.1f}")
# --8<-- [end:reset-state]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:blind-tape]
    logits = model(images, training=True)
    with tf.GradientTape() as tape:
        loss = loss_of(labels, logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    # --8<-- [end:blind-tape]

# --8<-- [start:stale]
model = Digits()
accuracy.reset_state()
for images, labels in train:
    train_step(images, labels)
print(f"train_step reports {accuracy.result():.1%}")
print(f"the new model gets {share_right(model(x_test)):.1%} right")
# --8<-- [end:stale]

# --8<-- [start:exercise-smoothing]
soft = 0.9 * tf.one_hot(labels, 10) + 0.1 / 10
logits = model(images)
by_hand = tf.nn.softmax_cross_entropy_with_logits(soft, logits)
smoothed = keras.losses.CategoricalCrossentropy(
    from_logits=True,
    label_smoothing=0.1,
)
by_argument = smoothed(tf.one_hot(labels, 10), logits)
print(f"{tf.reduce_mean(by_hand):.4f} {by_argument:.4f}")
# --8<-- [end:exercise-smoothing]

# --8<-- [start:exercise-clip]
keras.utils.set_random_seed(1)
step = make_step(Digits(), keras.optimizers.SGD(0.1, global_clipnorm=3.0))
again = []
for i, (images, labels) in enumerate(pipeline().repeat().take(steps)):
    again.append(step(images * 255 if i == 60 else images, labels)[0])
print("the same losses:", np.allclose(again, losses, rtol=1e-3))
# --8<-- [end:exercise-clip]


# --8<-- [start:exercise-fit]
class Clipped(Digits):
    def train_step(self, batch):
        images, labels = batch
        with tf.GradientTape() as tape:
            logits = self(images, training=True)
            loss = self.compute_loss(y=labels, y_pred=logits)
        weights = self.trainable_variables
        gradients = tape.gradient(loss, weights)
        gradients, norm = tf.clip_by_global_norm(gradients, 3.0)
        self.optimizer.apply_gradients(zip(gradients, weights))
        return {"loss": loss, "norm": norm}


clipped = Clipped()
clipped.compile("adam", loss_of)
past = clipped.fit(train, epochs=5, shuffle=False, verbose=0)
print("last norm of each epoch:", np.round(past.history["norm"], 2))
print(f"accuracy on the test images: {share_right(clipped(x_test)):.1%}")
# --8<-- [end:exercise-fit]
