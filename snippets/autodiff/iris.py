"""Code of the page autodiff/iris."""

import contextlib

# --8<-- [start:load]
import numpy as np
import tensorflow as tf

from tfnotes import data

flowers = data.iris()
print(flowers.x.shape, flowers.y.shape, flowers.classes)
print("first flower:", flowers.x[0], "species:", flowers.y[0])
# --8<-- [end:load]

# --8<-- [start:look]
import matplotlib.pyplot as plt

fig, axes = plt.subplots(1, 2, figsize=(6.4, 3.0))
for ax, (i, j) in zip(axes, [(0, 1), (2, 3)]):
    for kind, name in enumerate(flowers.classes):
        ax.scatter(*flowers.x[flowers.y == kind][:, [i, j]].T, 12, label=name)
    ax.set(xlabel=flowers.features[i], ylabel=flowers.features[j])
axes[1].legend()
# --8<-- [end:look]


# --8<-- [start:model]
def scores(parameters, x):
    """One score for each species."""
    weights, biases = parameters
    return x @ weights + biases


def fresh():
    """Parameters that know nothing: every score is zero."""
    return [tf.Variable(tf.zeros((4, 3))), tf.Variable(tf.zeros(3))]


def step(parameters, x, y, rate=0.5):
    """One step downhill on one batch; returns its loss."""
    with tf.GradientTape() as tape:
        logits = scores(parameters, x)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        loss = tf.reduce_mean(losses)
    for variable, gradient in zip(parameters, tape.gradient(loss, parameters)):
        variable.assign_sub(rate * gradient)
    return loss


def accuracy(parameters, x, y):
    return np.mean(np.argmax(scores(parameters, x), axis=1) == y)


# --8<-- [end:model]


# --8<-- [start:sorted]
def prepare(train, test):
    """Both parts, scaled by the mean and spread of the training part."""
    mean, spread = flowers.x[train].mean(axis=0), flowers.x[train].std(axis=0)
    x = (flowers.x - mean) / spread
    return (x[train], flowers.y[train]), (x[test], flowers.y[test])


def fit(train, steps=50):
    parameters = fresh()
    for _ in range(steps):
        step(parameters, *train)
    return parameters


rows = np.arange(150)
train, test = prepare(rows[:100], rows[100:])
print("species in training:", np.bincount(train[1], minlength=3))
print("species in the test:", np.bincount(test[1], minlength=3))
print("test accuracy:", accuracy(fit(train), *test))
# --8<-- [end:sorted]

# --8<-- [start:twice]
rng = np.random.default_rng(0)
x, y = rng.permutation(flowers.x), rng.permutation(flowers.y)
parameters = fit((x[:90], y[:90]))
print(f"test accuracy: {accuracy(parameters, x[90:], y[90:]):.3f}")
# --8<-- [end:twice]

# --8<-- [start:luck]
for seed in range(5):
    order = np.random.default_rng(seed).permutation(150)
    train, test = prepare(order[:90], order[90:])
    result = accuracy(fit(train), *test)
    print(f"seed {seed}: test {np.bincount(test[1])}, accuracy {result:.3f}")
# --8<-- [end:luck]


# --8<-- [start:stratified]
def stratified(y, share, seed):
    """Row numbers of two parts with the species in the same proportions."""
    rng = np.random.default_rng(seed)
    train, test = [], []
    for kind in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == kind))
        cut = round(share * len(rows))
        test.extend(rows[:cut])
        train.extend(rows[cut:])
    return rng.permutation(train), rng.permutation(test)


train_rows, test_rows = stratified(flowers.y, 0.4, seed=1)
train, test = prepare(train_rows, test_rows)
assert not set(train_rows) & set(test_rows)
print("training:", np.bincount(train[1]), "test:", np.bincount(test[1]))
# --8<-- [end:stratified]


# --8<-- [start:epoch]
def batches(examples, size, seed=0):
    everything = tf.data.Dataset.from_tensor_slices(examples)
    return everything.shuffle(len(examples[0]), seed=seed).batch(size)


numbers = batches((np.arange(90),), 32)
for epoch in range(2):
    drawn = [batch.numpy() for (batch,) in numbers]
    print(f"epoch {epoch}: first {drawn[0][:6]}", end=", ")
    print("sizes", [len(batch) for batch in drawn])
    assert sorted(np.concatenate(drawn)) == list(range(90))
# --8<-- [end:epoch]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:float64]
    doubles = batches((train[0].astype("float64"), train[1]), 32)
    for x, y in doubles:
        step(fresh(), x, y)
    # --8<-- [end:float64]

# --8<-- [start:train]
parameters, curves = fresh(), {"training": [], "test": []}
shuffled = batches(train, 32)
for epoch in range(40):
    for x, y in shuffled:
        step(parameters, x, y)
    curves["training"].append(accuracy(parameters, *train))
    curves["test"].append(accuracy(parameters, *test))

for epoch in [1, 5, 20, 40]:
    parts = (f"{name} {curve[epoch - 1]:.3f}" for name, curve in curves.items())
    print(f"after epoch {epoch}:", *parts)
# --8<-- [end:train]

# --8<-- [start:curve]
fig, ax = plt.subplots(figsize=(6.4, 2.8))
for name, curve in curves.items():
    ax.plot(range(1, 41), curve, ".-", markersize=4, label=name)
ax.set(xlabel="epoch", ylabel="accuracy")
ax.legend(loc="lower right")
# --8<-- [end:curve]

# --8<-- [start:confusion]
guesses = np.argmax(scores(parameters, test[0]), axis=1)
table = tf.math.confusion_matrix(test[1], guesses).numpy()

fig, ax = plt.subplots(figsize=(4.2, 2.8))
cells = np.full((3, 3, 4), plt.matplotlib.colors.to_rgba("C0"))
cells[..., 3] = table / 30  # the more flowers, the less transparent
ax.imshow(cells)
for truth, guess in np.ndindex(3, 3):
    ax.text(guess, truth, table[truth, guess], ha="center", va="center")
ax.set_xticks(range(3), flowers.classes)
ax.set_yticks(range(3), flowers.classes)
ax.set(xlabel="the model says", ylabel="it is")
wrong = np.flatnonzero(guesses != test[1])
print("wrong:", len(wrong), "of", len(guesses))
print(f"on the diagonal: {np.trace(table) / table.sum():.3f}")
# --8<-- [end:confusion]

# --8<-- [start:keras]
import keras

layer = keras.layers.Dense(3, kernel_initializer="zeros")
model = keras.Sequential([keras.Input((4,)), layer])
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.SGD(0.5), loss_of, metrics=["accuracy"])
model.fit(*train, batch_size=32, epochs=40, shuffle=False, verbose=0)
print(f"test accuracy: {model.evaluate(*test, verbose=0)[1]:.3f}")
# --8<-- [end:keras]

# --8<-- [start:same]
in_order = tf.data.Dataset.from_tensor_slices(train).batch(32)
ours = fresh()
for _ in range(40):
    for x, y in in_order:
        step(ours, x, y)

theirs = model.get_weights()
print(ours[0].numpy())
for our, their in zip(ours, theirs):
    np.testing.assert_allclose(our, their, atol=1e-4)
# --8<-- [end:same]


# --8<-- [start:reset]
def watch(reset, epochs=30):
    """The training accuracy that a loop reports in each epoch."""
    parameters, reported = fresh(), []
    metric = keras.metrics.SparseCategoricalAccuracy()
    shuffled = batches(train, 32)
    for _ in range(epochs):
        if reset:
            metric.reset_state()
        for x, y in shuffled:
            metric.update_state(y, scores(parameters, x))
            step(parameters, x, y)
        reported.append(float(metric.result()))
    return reported


with_reset, without = watch(reset=True), watch(reset=False)
print("last epoch, with reset:   ", round(with_reset[-1], 4))
print("last epoch, without reset:", round(without[-1], 4))
print("mean of all epochs:       ", round(np.mean(with_reset), 4))

fig, ax = plt.subplots(figsize=(6.4, 2.8))
ax.plot(range(1, 31), with_reset, ".-", label="reset_state() in every epoch")
ax.plot(range(1, 31), without, ".-", label="never reset")
ax.set(xlabel="epoch", ylabel="reported accuracy")
ax.legend(loc="lower right")
# --8<-- [end:reset]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    keras.metrics.SparseCategoricalAccuracy().reset_states()
    # --8<-- [end:then]

# --8<-- [start:regions]
fig, axes = plt.subplots(1, 2, figsize=(6.4, 3.0))
for ax, columns in zip(axes, [[0, 1], [2, 3]]):
    parameters = [tf.Variable(tf.zeros((2, 3))), tf.Variable(tf.zeros(3))]
    for _ in range(100):
        step(parameters, train[0][:, columns], train[1])
    result = accuracy(parameters, test[0][:, columns], test[1])
    mesh = np.meshgrid(np.linspace(-3, 3.4, 120), np.linspace(-3, 3.4, 120))
    grid = np.reshape(mesh, (2, -1)).T.astype("float32")
    winner = np.argmax(scores(parameters, grid), axis=1).reshape(120, 120)
    colors = ["C0", "C1", "C2"]
    ax.contourf(*mesh, winner, [-0.5, 0.5, 1.5, 2.5], colors=colors, alpha=0.2)
    for kind in range(3):
        flowers_of = train[0][train[1] == kind]
        ax.scatter(*flowers_of[:, columns].T, 8, color=colors[kind])
    part = flowers.features[columns[0]].split()[0]
    ax.set_title(f"{part} only: test accuracy {result:.3f}")
    print(f"{part} only, test accuracy: {result:.3f}")
# --8<-- [end:regions]


# --8<-- [start:exercise-by-hand]
def step_by_hand(weights, biases, x, y, rate=0.5):
    """The same step in NumPy, without a tape."""
    powers = np.exp(x @ weights + biases)
    p = powers / powers.sum(axis=1, keepdims=True)
    slope = (p - np.eye(3)[y]) / len(x)
    return weights - rate * x.T @ slope, biases - rate * slope.sum(axis=0)


parameters, weights, biases = fresh(), np.zeros((4, 3)), np.zeros(3)
for _ in range(100):
    step(parameters, *train)
    weights, biases = step_by_hand(weights, biases, *train)
np.testing.assert_allclose(parameters[0], weights, atol=1e-4)
guesses = np.argmax(test[0] @ weights + biases, axis=1)
print(f"accuracy: {np.mean(guesses == test[1]):.3f}")
# --8<-- [end:exercise-by-hand]

# --8<-- [start:exercise-mse]
for steps in [10, 50, 150]:
    parameters = fresh()
    for _ in range(steps):
        with tf.GradientTape() as tape:
            p = tf.nn.softmax(scores(parameters, train[0]))
            loss = tf.reduce_mean((p - tf.one_hot(train[1], 3)) ** 2)
        gradients = tape.gradient(loss, parameters)
        for variable, gradient in zip(parameters, gradients):
            variable.assign_sub(0.5 * gradient)
    chances = tf.gather(p, train[1], batch_dims=1)
    p = tf.nn.softmax(scores(fit(train, steps), train[0]))
    surer = tf.gather(p, train[1], batch_dims=1)
    print(f"{steps} steps: by squared error {np.mean(chances):.3f}, ", end="")
    print(f"by cross entropy {np.mean(surer):.3f}")
# --8<-- [end:exercise-mse]

# --8<-- [start:exercise-splits]
results = []
for seed in range(10):
    train, test = prepare(*stratified(flowers.y, 0.4, seed))
    results.append(accuracy(fit(train), *test))
print(f"from {min(results):.3f} to {max(results):.3f}, mean {np.mean(results):.3f}")
# --8<-- [end:exercise-splits]
