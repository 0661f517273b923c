"""Activation functions: their curves and gradients, units that saturate or die, softmax on an axis."""

import contextlib

# --8<-- [start:three-ways]
import keras
import numpy as np
import tensorflow as tf

layers = keras.layers
x = tf.constant([[-2.0, -0.5, 0.0, 0.5, 2.0]])
print("function", keras.activations.relu(x).numpy())
print("layer   ", layers.ReLU()(x).numpy())
print("by name ", layers.Activation("relu")(x).numpy())
# --8<-- [end:three-ways]

# --8<-- [start:linear]
keras.utils.set_random_seed(0)
inputs = keras.random.normal([6, 4], seed=0)
first, second = layers.Dense(8), layers.Dense(3)
two_layers = second(first(inputs))
kernel = first.kernel @ second.kernel
bias = first.bias @ second.kernel + second.bias
print(
    "one layer does the same:",
    np.allclose(two_layers, inputs @ kernel + bias, atol=1e-5),
)
relu_between = second(tf.nn.relu(first(inputs)))
print(
    "with relu between:      ",
    np.allclose(relu_between, inputs @ kernel + bias, atol=1e-5),
)
# --8<-- [end:linear]

# --8<-- [start:gallery]
import matplotlib.pyplot as plt

names = ["sigmoid", "tanh", "softplus", "relu"]
names += ["leaky_relu", "elu", "silu", "gelu"]
at = tf.linspace(-4.0, 4.0, 401)
figure, axes = plt.subplots(
    2, 4, figsize=(7, 3.4), layout="constrained", sharex=True, sharey=True
)
for axis, name in zip(axes.flat, names, strict=True):
    function = keras.activations.get(name)
    with tf.GradientTape() as tape:
        tape.watch(at)
        values = function(at)
    axis.plot(at, values, label="value")
    axis.plot(at, tape.gradient(values, at), "--", label="gradient")
    axis.axhline(0, color="gray", lw=0.6)
    axis.set(title=name, xlim=(-4, 4), ylim=(-1.3, 2.3))
    axis.set(xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
axes[0, 0].legend(fontsize=7, loc="upper left")
# --8<-- [end:gallery]

# --8<-- [start:extremes]
for name in names:
    function = keras.activations.get(name)
    with tf.GradientTape() as tape:
        tape.watch(at)
        values = function(at)
    slope = tape.gradient(values, at).numpy()
    print(f"{name:10} gradient from {slope.min():6.3f} to {slope.max():.3f}")
# --8<-- [end:extremes]


# --8<-- [start:depth]
def gradient_sizes(activation, depth=12):
    """Mean size of the kernel's gradient, layer by layer."""
    keras.utils.set_random_seed(1)
    net = keras.Sequential([keras.Input([32])])
    for _ in range(depth):
        net.add(layers.Dense(32, activation=activation))
    batch = keras.random.normal([256, 32], seed=2)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(net(batch) ** 2)
    kernels = [layer.kernel for layer in net.layers]
    return [float(tf.norm(g)) for g in tape.gradient(loss, kernels)]


figure, axis = plt.subplots(figsize=(6, 2.8), layout="constrained")
sizes = {
    name: gradient_sizes(name) for name in ("sigmoid", "tanh", "relu", "gelu")
}
for name, values in sizes.items():
    axis.semilogy(range(1, 13), values, marker="o", ms=3, label=name)
axis.set(xlabel="layer, from the input", ylabel="size of the gradient")
axis.set(xlim=(0.5, 12.5), xticks=[1, 4, 8, 12], ylim=(1e-9, 10))
axis.legend(fontsize=8, ncol=2)
for name, values in sizes.items():
    tens = round(np.log10(values[-1] / values[0]))
    print(f"{name:8} last layer / first layer: about 1e{tens}")
# --8<-- [end:depth]

# --8<-- [start:saturated]
for score in (0.0, 5.0, 20.0, 200.0):
    point = tf.constant(score)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(point)
        value = keras.activations.sigmoid(point)
        loss = -tf.math.log(1 - value)
        stable = keras.losses.binary_crossentropy(
            [0.0], [point], from_logits=True
        )
    slopes = tape.gradient(value, point), tape.gradient(stable, point)
    print(f"score {score:5}: sigmoid's slope {slopes[0]:.0e}", end="   ")
    print(f"log(1 - sigmoid): {tape.gradient(loss, point):4.1f}", end="   ")
    print(f"from_logits: {slopes[1]:.1f}")
# --8<-- [end:saturated]

# --8<-- [start:dead]
rng = np.random.default_rng(0)
points = rng.uniform(-1, 1, [500, 2]).astype("float32")
inside = (np.hypot(*points.T) < 0.7).astype("float32")[:, None]


def trained(activation, rate, seed=0, epochs=20):
    """A small net on points within a circle or not, after training."""
    keras.utils.set_random_seed(seed)
    net = keras.Sequential(
        [
            keras.Input([2]),
            layers.Dense(64, activation=activation),
            layers.Dense(1),
        ]
    )
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    net.compile(keras.optimizers.SGD(rate, momentum=0.9), loss)
    net.fit(points, inside, batch_size=50, epochs=epochs, verbose=0)
    return net


def silent(net):
    """Units that give nothing for any of the points."""
    return int(np.sum(net.layers[0](points).numpy().max(axis=0) <= 0))


for rate in (0.1, 10.0):
    net = trained("relu", rate)
    right = np.mean((net(points).numpy() > 0) == inside)
    print(f"rate {rate:4}: dead units {silent(net):2} of 64, right {right:.0%}")
# --8<-- [end:dead]

# --8<-- [start:no-way-back]
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(net(points) ** 2)
slope = tape.gradient(loss, net.layers[0].kernel).numpy()
dead = net.layers[0](points).numpy().max(axis=0) <= 0
print("gradient of dead units is zero:", not slope[:, dead].any())
leaky = keras.models.clone_model(net)
leaky.layers[0].activation = keras.activations.leaky_relu
leaky.set_weights(net.get_weights())
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(leaky(points) ** 2)
slope = tape.gradient(loss, leaky.layers[0].kernel).numpy()
print("with leaky_relu:               ", not slope[:, dead].any())
# --8<-- [end:no-way-back]

# --8<-- [start:softmax]
scores = tf.constant([[2.0, 1.0, 0.0], [0.0, 3.0, 0.0]])
print(keras.activations.softmax(scores).numpy().round(2))
print(keras.activations.softmax(scores, axis=0).numpy().round(2))
# --8<-- [end:softmax]

# --8<-- [start:neighbours]
for axis in (-1, 0):
    alone = keras.activations.softmax(scores[:1], axis=axis)[0]
    together = keras.activations.softmax(scores, axis=axis)[0]
    print(f"axis {axis:2}: alone {alone.numpy().round(2)}", end="  ")
    print("in a batch", together.numpy().round(2))
# --8<-- [end:neighbours]

# --8<-- [start:one-unit]
keras.utils.set_random_seed(0)
one = keras.Sequential(
    [keras.Input([2]), layers.Dense(1, activation="softmax")]
)
one.compile("adam", "binary_crossentropy", metrics=["accuracy"])
one.fit(points, inside, epochs=3, verbose=0)
print("answers:", np.unique(one.predict(points, verbose=0).round(3)))
print("accuracy:", f"{one.evaluate(points, inside, verbose=0)[1]:.3f}")
print("share of ones:", f"{inside.mean():.3f}")
# --8<-- [end:one-unit]

# --8<-- [start:race]
kinds = [None, "sigmoid", "tanh", "relu", "gelu"]
for kind in kinds:
    right = []
    for seed in range(2):
        net = trained(kind, rate=0.2, seed=seed, epochs=20)
        right.append(np.mean((net(points).numpy() > 0) == inside))
    print(f"{kind or 'none':10}", " ".join(f"{value:4.0%}" for value in right))
# --8<-- [end:race]

# --8<-- [start:solution-slope]
z = tf.linspace(-6.0, 6.0, 13)
with tf.GradientTape() as tape:
    tape.watch(z)
    s = tf.sigmoid(z)
print(np.allclose(tape.gradient(s, z), s * (1 - s), atol=1e-6))
# --8<-- [end:solution-slope]

# --8<-- [start:solution-shift]
huge = tf.constant([1000.0, 1001.0])
print("by the formula:", (tf.exp(huge) / tf.reduce_sum(tf.exp(huge))).numpy())
shifted = tf.exp(huge - tf.reduce_max(huge))
print("shifted:       ", (shifted / tf.reduce_sum(shifted)).numpy().round(3))
print("tf.nn.softmax: ", tf.nn.softmax(huge).numpy().round(3))
# --8<-- [end:solution-shift]

# --8<-- [start:solution-approximate]
exact = keras.activations.gelu(at, approximate=False)
close = keras.activations.gelu(at, approximate=True)
print(f"largest difference: {np.abs(exact - close).max():.5f}")
# --8<-- [end:solution-approximate]
