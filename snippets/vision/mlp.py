"""A multilayer perceptron on MNIST with a loop of its own: what it reaches, what it gets wrong."""

# --8<-- [start:load]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw import plotting

mnist = data.mnist()
x_train, x_test = (
    mnist.x_train / np.float32(255),
    mnist.x_test / np.float32(255),
)
y_train, y_test = mnist.y_train, mnist.y_test
print("training images:", x_train.shape, x_train.dtype)
# --8<-- [end:load]


# --8<-- [start:model]
class MLP(tf.keras.Model):
    def __init__(self, activation="relu"):
        super().__init__()
        self.flatten = tf.keras.layers.Flatten()
        self.hidden = tf.keras.layers.Dense(100, activation)
        self.scores = tf.keras.layers.Dense(10)

    def call(self, images):
        return self.scores(self.hidden(self.flatten(images)))


tf.keras.utils.set_random_seed(0)
model = MLP()
print("scores of a batch:", model(x_train[:50]).shape)
# --8<-- [end:model]

# --8<-- [start:loop]
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(0.001)


@tf.function
def step(images, labels):
    with tf.GradientTape() as tape:
        loss = cross_entropy(labels, model(images, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


draw = np.random.default_rng(0)
for number in range(1, 1001):
    chosen = draw.integers(0, len(x_train), 50)
    loss = step(x_train[chosen], y_train[chosen])
    if number in (1, 10, 100, 1000):
        print(f"step {number:4}: loss {loss:.1f}")
# --8<-- [end:loop]


# --8<-- [start:test]
def correct(model, x, y):
    return np.mean(np.argmax(model(x), axis=-1) == y)


print(f"test accuracy {correct(model, x_test, y_test):.1%}")
# --8<-- [end:test]

import contextlib

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    mnist = tf.contrib.learn.datasets.load_dataset("mnist")
    # --8<-- [end:then]


# --8<-- [start:train]
def train(steps=1000, seed=0, x=x_train, y=y_train, build=MLP, adapt=None):
    """The same loop, inside the graph too, with a new model and optimizer."""
    tf.keras.utils.set_random_seed(seed)
    model, optimizer = build(), adapt or tf.keras.optimizers.Adam(0.001)
    model(x[:1])  # creates the weights
    x, y = tf.constant(x), tf.constant(y, tf.int32)

    @tf.function
    def run():
        for _ in tf.range(steps):
            chosen = tf.random.uniform([50], 0, len(x), tf.int32)
            with tf.GradientTape() as tape:
                scores = model(tf.gather(x, chosen), training=True)
                loss = cross_entropy(tf.gather(y, chosen), scores)
            weights = model.trainable_variables
            optimizer.apply_gradients(
                zip(tape.gradient(loss, weights), weights)
            )

    run.get_concrete_function()()  # traced once, called once
    return model


# --8<-- [end:train]

# --8<-- [start:seeds]
models = [train(seed=seed) for seed in range(3)]
found = [correct(model, x_test, y_test) for model in models]
print(f"three seeds: {min(found):.1%} to {max(found):.1%}")
seen = len(np.unique(draw.integers(0, len(x_train), 50_000)))
print(f"50,000 draws reach {seen / len(x_train):.0%} of the training images")
# --8<-- [end:seeds]

# --8<-- [start:wrong-digits]
wrong = np.zeros(10)
for model in models:
    guess = np.argmax(model(x_test), axis=-1)
    wrong += np.bincount(y_test[guess != y_test], minlength=10)
share = wrong / (3 * np.bincount(y_test))
figure, ax = plt.subplots(figsize=(5.4, 2.4), layout="constrained")
ax.bar(range(10), share)
ax.set(xticks=range(10), yticks=[0, 0.1, 0.2, 0.3], ylim=(0, 0.3))
ax.set(xlabel="digit", ylabel="share misread")
print(f"least {share.min():.1%}, most {share.max():.1%}")
# --8<-- [end:wrong-digits]

# --8<-- [start:mistakes]
model = models[0]
scores = model(x_test)
guess = np.argmax(scores, axis=-1)
sure = np.max(tf.nn.softmax(scores), axis=-1)
worst = np.argsort(-sure * (guess != y_test))[:14]
titles = [f"{y_test[i]} as {guess[i]}" for i in worst]
plotting.show_images(x_test[worst], titles, columns=7)
# --8<-- [end:mistakes]

# --8<-- [start:longer]
lengths = [100, 300, 1000, 5000]
on_train, on_test = [], []
for steps in lengths:
    model = train(steps)
    on_train.append(correct(model, x_train[:10_000], y_train[:10_000]))
    on_test.append(correct(model, x_test, y_test))
figure, ax = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
ax.semilogx(lengths, on_train, ".-", label="training images")
ax.semilogx(lengths, on_test, ".-", label="test images")
ax.set(xlabel="steps of 50 images", ylabel="accuracy", ylim=(0.8, 1.0))
ax.set(xticks=lengths, xticklabels=lengths, yticks=[0.8, 0.9, 1])
ax.minorticks_off()
ax.legend()
print(f"after 5000 steps: training {on_train[-1]:.1%}, test {on_test[-1]:.1%}")
# --8<-- [end:longer]


# --8<-- [start:linear]
def linear():
    return MLP(activation=None)


flat = train(build=linear)
first, second = flat.hidden, flat.scores
kernel = first.kernel @ second.kernel
bias = first.bias @ second.kernel + second.bias
one_layer = x_test.reshape(-1, 784) @ kernel + bias
print("one layer instead:", np.allclose(one_layer, flat(x_test), atol=1e-3))
print("its parameters:", tf.size(kernel).numpy() + tf.size(bias).numpy())
three = [flat] + [train(build=linear, seed=seed) for seed in (1, 2)]
found = [correct(model, x_test, y_test) for model in three]
print(f"without relu: {min(found):.1%} to {max(found):.1%}")
# --8<-- [end:linear]

# --8<-- [start:shuffled]
order = np.random.default_rng(1).permutation(784)


def scramble(images):
    return images.reshape(-1, 784)[:, order].reshape(-1, 28, 28)


plotting.show_images([x_test[3], x_test[5], *scramble(x_test[[3, 5]])])
found = [
    correct(train(seed=seed, x=scramble(x_train)), scramble(x_test), y_test)
    for seed in range(3)
]
print(f"scrambled, three seeds: {min(found):.1%} to {max(found):.1%}")
# --8<-- [end:shuffled]

# --8<-- [start:same-net]
twin = MLP()
twin(x_test[:1])
twin.set_weights(models[0].get_weights())
twin.hidden.kernel.assign(models[0].hidden.kernel.numpy()[order])
print(np.allclose(twin(scramble(x_test)), models[0](x_test), atol=1e-3))
# --8<-- [end:same-net]

with contextlib.suppress(ValueError):
    # --8<-- [start:no-flatten]
    no_flatten = tf.keras.Sequential(
        [tf.keras.layers.Dense(100, "relu"), tf.keras.layers.Dense(10)]
    )
    scores = no_flatten(x_train[:50])
    print(scores.shape)
    cross_entropy(y_train[:50], scores)
    # --8<-- [end:no-flatten]


# --8<-- [start:sum]
def sum_loss(labels, scores):
    each = tf.keras.losses.sparse_categorical_crossentropy(
        labels, scores, from_logits=True
    )
    return each  # fifty numbers: tf.reduce_mean is missing


def one_run(optimizer):
    return correct(train(adapt=optimizer), x_test, y_test)


mean_loss, cross_entropy = cross_entropy, sum_loss
print(f"Adam, not averaged {one_run(tf.keras.optimizers.Adam(0.001)):.2f}")
print(f"SGD, not averaged  {one_run(tf.keras.optimizers.SGD(0.5)):.2f}")
cross_entropy = mean_loss
print(f"SGD, averaged      {one_run(tf.keras.optimizers.SGD(0.5)):.2f}")
# --8<-- [end:sum]


with contextlib.suppress(TypeError):
    # --8<-- [start:predict]
    class Old(MLP):
        def predict(self, inputs):
            return tf.argmax(self(inputs), axis=-1)

    Old().predict(x_test, verbose=0)
    # --8<-- [end:predict]

# --8<-- [start:cost]
forward = 784 * 100 + 100 * 10
backward = forward + 100 * 10  # the kernels, and the hidden layer's output
print("parameters:", models[0].count_params())
print("multiply-adds for an image:", forward, "to use,", end=" ")
print(forward + backward, "to train")
print(f"1000 steps of 50: {(forward + backward) * 50_000 / 1e9:.1f} billion")
# --8<-- [end:cost]


# --8<-- [start:solution-epochs]
tf.keras.utils.set_random_seed(0)
batches = tf.data.Dataset.from_tensor_slices((x_train, y_train))
batches = batches.shuffle(len(x_train)).repeat().batch(50).take(1000)
model = MLP()
model.compile("adam", cross_entropy)
model.fit(batches, shuffle=False, verbose=0)
print(
    f"every image once before any comes twice: {correct(model, x_test, y_test):.1%}"
)
# --8<-- [end:solution-epochs]

# --8<-- [start:solution-black]
always_black = x_train.reshape(-1, 784).max(axis=0) == 0
tf.keras.utils.set_random_seed(0)
fresh = MLP()  # the weights with which models[0] began
fresh(x_train[:1])
change = models[0].hidden.kernel.numpy() - fresh.hidden.kernel.numpy()
print("pixels that are black in all images:", always_black.sum())
print("largest change of their weights:", np.abs(change[always_black]).max())
print(f"and of the others: {np.abs(change[~always_black]).max():.1f}")
# --8<-- [end:solution-black]

# --8<-- [start:solution-colour]
photo = tf.keras.Sequential(
    [
        tf.keras.Input([224, 224, 3]),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(100, "relu"),
        tf.keras.layers.Dense(10),
    ]
)
print(f"{photo.count_params():,}")
# --8<-- [end:solution-colour]
