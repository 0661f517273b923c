"""Code of the page autodiff/regularized-boundary."""

import contextlib

# --8<-- [start:plain]
import keras
import tensorflow as tf

penalty = keras.regularizers.L2(0.01)
layer = keras.layers.Dense(
    2, kernel_initializer="ones", kernel_regularizer=penalty
)
layer(tf.ones([1, 3]))  # now the kernel exists

by_hand = 0.01 * tf.reduce_sum(layer.kernel**2)
print(f"by the layer {layer.losses[0]:.2f}, by hand {by_hand:.2f}")
# --8<-- [end:plain]

# --8<-- [start:penalties]
w = tf.Variable([3.0, 0.5, -0.1])
penalties = {
    "tf.nn.l2_loss(w)": tf.nn.l2_loss,
    "regularizers.L2(1.0)(w)": keras.regularizers.L2(1.0),
    "regularizers.L1(1.0)(w)": keras.regularizers.L1(1.0),
}
for name, penalty in penalties.items():
    with tf.GradientTape() as tape:
        value = penalty(w)
    gradient = tape.gradient(value, w).numpy()
    print(f"{name:<24}{value.numpy():6.2f}   gradient {gradient}")
# --8<-- [end:penalties]

# --8<-- [start:zero]
import matplotlib.pyplot as plt

goal = tf.constant([1.0, 0.3, -0.1])  # where the loss alone would end
rate, factor = 0.1, 0.5


def descend(penalty, threshold=0.0):
    """Take 60 steps; return the weights after each of them."""
    w, path = tf.Variable([0.8, 0.53, -0.27]), []
    for _ in range(60):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((w - goal) ** 2) + penalty(w)
        w.assign_sub(rate * tape.gradient(loss, w))
        shorter = tf.maximum(tf.abs(w) - threshold, 0)
        w.assign(tf.sign(w) * shorter)
        path.append(w.numpy())
    return path


paths = {
    "L2": descend(keras.regularizers.L2(factor)),
    "L1": descend(keras.regularizers.L1(factor)),
    "soft threshold": descend(lambda w: 0.0, threshold=rate * factor),
}
fig, axes = plt.subplots(1, 3, figsize=(6.4, 2.6), sharey=True)
for ax, (name, path) in zip(axes, paths.items()):
    ax.axhline(0, color="0.7", linewidth=0.8)
    ax.plot(path)
    ax.set(title=name, xlabel="step", ylim=(-0.32, 1.05))
    zeros = int(tf.reduce_sum(tf.cast(path[-1] == 0, tf.int32)))
    print(f"{name}: weights that are exactly zero: {zeros}")
axes[0].set_ylabel("three weights")
# --8<-- [end:zero]

# --8<-- [start:sgd]
decay = 0.5


def step_by_hand(w):
    """Add half the sum of squares to the loss, then go downhill."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - 1) ** 2) + decay * tf.nn.l2_loss(w)
    w.assign_sub(rate * tape.gradient(loss, w))


def step_by_keras(w, optimizer):
    """Leave the loss alone; the optimizer shrinks the weights itself."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - 1) ** 2)
    optimizer.apply([tape.gradient(loss, w)], [w])


one, two = tf.Variable([3.0, 0.5, -0.1]), tf.Variable([3.0, 0.5, -0.1])
sgd = keras.optimizers.SGD(rate, weight_decay=decay)
for _ in range(50):
    step_by_hand(one)
    step_by_keras(two, sgd)
print(one.numpy(), two.numpy())
near = tf.debugging.assert_near
near(one, two)
# --8<-- [end:sgd]


# --8<-- [start:adam]
noise = tf.constant([[0.0], [0.1], [10.0]])  # sizes of their gradients


def shrink(decay, optimizer, in_the_loss):
    """Take 1000 steps on gradients of noise; return the mean weights."""
    w = tf.Variable(tf.ones([3, 500]))

    @tf.function
    def run():
        for i in tf.range(1000):
            seed = tf.stack([i, 0])
            gradient = noise * tf.random.stateless_normal([3, 500], seed)
            if in_the_loss:  # the slope of decay * tf.nn.l2_loss(w)
                gradient += decay * w
            optimizer.apply([gradient], [w])

    optimizer.build([w])
    run()
    return tf.reduce_mean(w, axis=1).numpy()


print("size of the gradients           0      0.1     10")
for decay in [0.1, 0.001]:
    adam = keras.optimizers.Adam(0.001)
    adamw = keras.optimizers.AdamW(0.001, weight_decay=decay)
    for name, optimizer in {
        "Adam, L2 in the loss": adam,
        "AdamW": adamw,
    }.items():
        means = shrink(decay, optimizer, optimizer is adam)
        left = " ".join(f"{mean:7.2f}" for mean in means)
        print(f"decay {decay:5}, {name:<20}{left}")
# --8<-- [end:adam]

# --8<-- [start:exclude]
layer = keras.layers.Dense(
    1, kernel_initializer="ones", bias_initializer="ones"
)
layer.build([None, 1])
nothing = [tf.zeros_like(v) for v in layer.trainable_variables]

for spared in [[], ["bias"]]:
    optimizer = keras.optimizers.AdamW(0.1, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=spared)
    for variable in layer.trainable_variables:
        variable.assign(tf.ones_like(variable))
    optimizer.apply(nothing, layer.trainable_variables)
    kernel, bias = (v.numpy().item() for v in layer.trainable_variables)
    print(f"spared {spared}: kernel {kernel:.2f}, bias {bias:.2f}")
# --8<-- [end:exclude]

# --8<-- [start:surface]
import numpy as np

rng = np.random.default_rng(0)
side = np.repeat([1.0, -1.0], 15)  # two classes that a line can part
cloud = rng.normal(0, 0.5, (30, 2)) + side[:, None] * [1.2, 0.6]
signed = tf.constant(side[:, None] * cloud, tf.float32)


def logistic_loss(w, decay):
    """Cross entropy and penalty, for each row of w."""
    losses = tf.nn.softplus(-w @ tf.transpose(signed))
    penalty = decay * tf.reduce_sum(w**2, axis=1) / 2
    return tf.reduce_mean(losses, axis=1) + penalty


@tf.function
def walk(w, decay, steps, rate=1.0):
    """Take steps of plain SGD, each with an assign_sub."""
    for _ in tf.range(steps):
        with tf.GradientTape() as tape:
            loss = logistic_loss(w, decay)
        w.assign_sub(rate * tape.gradient(loss, w))


mesh = np.meshgrid(np.linspace(-1, 11, 120), np.linspace(-1, 6, 100))
rows = tf.constant(np.reshape(mesh, (2, -1)).T, tf.float32)
fig, axes = plt.subplots(1, 2, figsize=(6.4, 3.0), sharey=True)
for ax, decay in zip(axes, [0.0, 0.02]):
    w, path = tf.Variable([[-0.5, 5.0]]), []
    for _ in range(200):
        path.append(w.numpy()[0])
        walk(w, tf.constant(decay), tf.constant(20))
    surface = logistic_loss(rows, decay).numpy().reshape(mesh[0].shape)
    levels = np.geomspace(surface.min() * 1.01, 3, 14)
    ax.contour(*mesh, surface, levels, colors="0.5", linewidths=0.6)
    ax.plot(*np.transpose(path), ".-", markersize=4)
    ax.set(title=f"decay {decay}", xlabel="first weight")
    length = np.linalg.norm(path, axis=1)
    print(
        f"decay {decay}: length halfway {length[100]:.3f}, at the end {length[-1]:.3f}"
    )
axes[0].set_ylabel("second weight")
# --8<-- [end:surface]


# --8<-- [start:moons]
rng = np.random.default_rng(2)


def moons(n):
    """Two half moons that reach into each other, with noise."""
    kind = rng.integers(0, 2, n)
    turn = rng.uniform(0, np.pi, n)
    flip = 1 - 2 * kind
    x, y = flip * np.cos(turn) + kind, flip * np.sin(turn) + kind / 2
    noisy = np.stack([x, y], axis=1) + rng.normal(0, 0.35, (n, 2))
    return tf.constant(noisy, tf.float32), tf.constant(kind, tf.int32)


x_train, y_train = moons(80)
x_test, y_test = moons(2000)


def start():
    """Return weights and biases of three layers, the same each time."""
    parameters = []
    for i, shape in enumerate([(2, 32), (32, 32), (32, 2)]):
        normal = tf.random.stateless_normal(shape, seed=(i, 0))
        parameters.append(tf.Variable(normal / shape[0] ** 0.5))
        parameters.append(tf.Variable(tf.zeros(shape[1])))
    return parameters


def network(parameters, x):
    w1, b1, w2, b2, w3, b3 = parameters
    return tf.tanh(tf.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3


def penalised(parameters, decay):
    scores = network(parameters, x_train)
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y_train, scores)
    weights = parameters[::2]  # no penalty on biases
    penalty = tf.add_n([tf.nn.l2_loss(w) for w in weights])
    return tf.reduce_mean(loss) + decay * penalty


@tf.function
def fit(parameters, decay, steps=5000, rate=0.2):
    for _ in tf.range(steps):
        with tf.GradientTape() as tape:
            loss = penalised(parameters, decay)
        gradients = tape.gradient(loss, parameters)
        for variable, gradient in zip(parameters, gradients):
            variable.assign_sub(rate * gradient)


# --8<-- [end:moons]


# --8<-- [start:boundary]
def accuracy(parameters, x, y):
    return np.mean(np.argmax(network(parameters, x), axis=1) == y)


mesh = np.meshgrid(np.linspace(-2.2, 3.2, 160), np.linspace(-1.8, 2.3, 120))
grid = tf.constant(np.reshape(mesh, (2, -1)).T, tf.float32)
fig, axes = plt.subplots(1, 3, figsize=(6.4, 2.5), sharey=True)
for ax, decay in zip(axes, [0.0, 0.01, 0.03]):
    parameters = start()
    fit(parameters, tf.constant(decay))
    train = accuracy(parameters, x_train, y_train)
    test = accuracy(parameters, x_test, y_test)
    print(f"decay {decay}, train {train:.3f}")
    print(f"decay {decay}, test  {test:.3f}")
    scores = network(parameters, grid)
    lead = tf.reshape(scores[:, 1] - scores[:, 0], mesh[0].shape)
    ax.contourf(*mesh, lead, [-1e9, 0, 1e9], colors=["C0", "C1"], alpha=0.15)
    ax.contour(*mesh, lead, [0], colors="0.4", linewidths=1)
    for kind in [0, 1]:
        ax.scatter(*x_train[y_train == kind].numpy().T, 10, color=f"C{kind}")
    ax.set_title(f"decay {decay}, test {test:.1%}", fontsize=9)
# --8<-- [end:boundary]

# --8<-- [start:then]
optimizer = keras.optimizers.SGD(0.1, decay=0.5)
print("weight decay:", optimizer.weight_decay)
# --8<-- [end:then]

# --8<-- [start:now]
optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5)
print("weight decay:", optimizer.weight_decay)
# --8<-- [end:now]

# --8<-- [start:exercise-factor]
ours = 0.02 * tf.nn.l2_loss(layer.kernel)
theirs = keras.regularizers.L2(0.01)(layer.kernel)
near(ours, theirs)
# --8<-- [end:exercise-factor]

# --8<-- [start:exercise-loop]
model = keras.Sequential(
    [keras.Input([3]), keras.layers.Dense(1, kernel_regularizer="l2")]
)
x, y = tf.ones([4, 3]), tf.zeros([4, 1])
with tf.GradientTape(persistent=True) as tape:
    loss = tf.reduce_mean((model(x) - y) ** 2)
    whole = loss + tf.add_n(model.losses)
kernel = model.layers[0].kernel
without, with_it = tape.gradient(loss, kernel), tape.gradient(whole, kernel)
near(with_it - without, 2 * 0.01 * kernel)
# --8<-- [end:exercise-loop]

# --8<-- [start:exercise-choose]
x_new, y_new = moons(1000)
for decay in [0.001, 0.003, 0.01, 0.03]:
    parameters = start()
    fit(parameters, tf.constant(decay))
    train = accuracy(parameters, x_train, y_train)
    new = accuracy(parameters, x_new, y_new)
    print(f"decay {decay}: train {train:.2f}, validation {new:.2f}")
# --8<-- [end:exercise-choose]
