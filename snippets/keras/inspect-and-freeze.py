"""Code of the page keras/inspect-and-freeze."""

import contextlib

# --8<-- [start:model]
import keras
import numpy as np
import tensorflow as tf
from keras import layers

rng = np.random.default_rng(0)
points = rng.normal(size=(640, 2)).astype("float32")
inside = np.sum(points**2, axis=1) < 1.2  # a disc in a cloud

inputs = keras.Input((2,))
x = layers.Dense(6, activation="relu", name="hidden")(inputs)
x = layers.BatchNormalization(name="norm")(x)
model = keras.Model(inputs, layers.Dense(1, name="score")(x), name="disc")

cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(0.02), cross_entropy)
model.fit(points, inside, epochs=20, verbose=0)


def accuracy():
    return np.mean((model(points)[:, 0] > 0) == inside)


print(f"accuracy {accuracy():.3f}")
# --8<-- [end:model]

# --8<-- [start:get-layer]
hidden = model.get_layer("hidden")
assert hidden is model.get_layer(index=1) is model.layers[1]
print([layer.name for layer in model.layers])
print(hidden.kernel.shape, hidden.input.shape, hidden.output.shape)
# --8<-- [end:get-layer]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-layer]
    model.get_layer("hiden")
    # --8<-- [end:no-layer]

# --8<-- [start:probe]
outputs = {layer.name: layer.output for layer in model.layers[1:]}
probe = keras.Model(inputs, outputs)

inner = probe(points[:3])
for name, value in inner.items():
    print(name, value.shape)
by_hand = np.maximum(points[:3] @ hidden.kernel + hidden.bias, 0)
np.testing.assert_allclose(inner["hidden"], by_hand, atol=1e-5)
assert probe.get_layer("hidden") is hidden
# --8<-- [end:probe]

# --8<-- [start:units]
import matplotlib.pyplot as plt

axis = np.linspace(-3, 3, 61)
grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
seen = probe(grid)

fig, axes = plt.subplots(1, 7, figsize=(6.4, 1.3), sharey=True)
for i, ax in enumerate(axes):
    last = i == 6
    values = seen["score"][:, 0] > 0 if last else seen["hidden"][:, i]
    picture = np.reshape(values, (61, 61))
    ax.imshow(picture, origin="lower", extent=(-3, 3, -3, 3))
    ax.set_title("answer" if last else f"unit {i}", fontsize=8.5)
    ax.set(xticks=[], yticks=[])
# --8<-- [end:units]

# --8<-- [start:weights]
for weight in model.weights:
    print(f"{weight.path:<22}{weight.shape!s:<8}trainable {weight.trainable}")
# --8<-- [end:weights]

# --8<-- [start:surgery]
kernel, bias = hidden.get_weights()
for unit in range(6):
    kept = np.arange(6) != unit
    hidden.set_weights([kernel * kept, bias * kept])
    print(f"without unit {unit}: accuracy {accuracy():.3f}")
hidden.set_weights([kernel, bias])
print(f"put back:       accuracy {accuracy():.3f}")
# --8<-- [end:surgery]


# --8<-- [start:moved]
def moved(network, x, y):
    """Fit for one epoch; say which layers' weights changed."""
    before = [[w.numpy() for w in layer.weights] for layer in network.layers]
    network.fit(x, y, epochs=1, verbose=0)
    changed = []
    for layer, old in zip(network.layers, before):
        if any(np.any(w.numpy() != o) for w, o in zip(layer.weights, old)):
            changed.append(layer.name)
    return changed


print("free:             ", moved(model, points, inside))
hidden.trainable = False
print("frozen:           ", moved(model, points, inside))
model.compile("sgd", cross_entropy)
print("frozen, compiled: ", moved(model, points, inside))
hidden.trainable = True
print("thawed:           ", moved(model, points, inside))
model.compile("sgd", cross_entropy)
print("thawed, compiled: ", moved(model, points, inside))
# --8<-- [end:moved]


# --8<-- [start:order]
def compile_then_freeze(keras, fitted_before):
    first = keras.layers.Dense(6, name="hidden")
    last = keras.layers.Dense(1, name="score")
    network = keras.Sequential([keras.Input((2,)), first, last])
    network.compile("sgd", "mse")
    if fitted_before:
        network.fit(points, inside, verbose=0)
    first.trainable = False
    return moved(network, points, inside)


print("never fitted: ", compile_then_freeze(keras, fitted_before=False))
print("fitted before:", compile_then_freeze(keras, fitted_before=True))
# --8<-- [end:order]

# --8<-- [start:order-then]
import tf_keras

print("never fitted: ", compile_then_freeze(tf_keras, fitted_before=False))
print("fitted before:", compile_then_freeze(tf_keras, fitted_before=True))
# --8<-- [end:order-then]

# --8<-- [start:gan]
def adversaries(keras):
    """The recipe of many GAN tutorials, with both compiled before any fit."""
    hand, opinion = keras.layers.Dense(2, name="hand"), keras.layers.Dense(1)
    judge = keras.Sequential([keras.Input((2,)), opinion], name="judge")
    judge.compile("sgd", "mse")
    judge.trainable = False  # meant for the forger's training only
    forger = keras.Sequential([keras.Input((2,)), hand, judge], name="forger")
    forger.compile("sgd", "mse")
    for network in [forger, judge]:
        print(network.name, moved(network, points, inside))


for package in [tf_keras, keras]:
    print(package.__name__, package.__version__)
    adversaries(package)
# --8<-- [end:gan]

# --8<-- [start:norm]
shifted = points + 5.0  # new data, from somewhere else
norm = model.get_layer("norm")


def mean_after_a_pass(**flags):
    before = norm.moving_mean.numpy()
    result = model(shifted, **flags)
    moved_by = np.abs(norm.moving_mean.numpy() - before).max()
    print(f"{flags!s:<20}frozen {not norm.trainable!s:<6}", end=" ")
    print(f"moving mean by {moved_by:.3f}, mean score {np.mean(result):.2f}")


hidden.trainable = False
mean_after_a_pass(training=True)
norm.trainable = False
mean_after_a_pass(training=True)
mean_after_a_pass(training=False)
# --8<-- [end:norm]


# --8<-- [start:all]
def flags():
    names = [layer.name for layer in model.layers[1:] if layer.trainable]
    print(f"{len(model.trainable_weights)} weights to train, layers on: {names}")


flags()
model.trainable = False
model.get_layer("score").trainable = True
flags()
model.trainable = True
flags()
# --8<-- [end:all]

# --8<-- [start:solution-last]
model.trainable = True
for layer in model.layers[:-1]:
    layer.trainable = False
print([w.path for w in model.trainable_weights])
count = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
print(count, "of", model.count_params(), "numbers")
# --8<-- [end:solution-last]

# --8<-- [start:solution-dropout]
dropout = layers.Dropout(0.5, seed=0)
dropout.trainable = False
print(dropout(tf.ones(8), training=True).numpy())
# --8<-- [end:solution-dropout]

# --8<-- [start:solution-score]
names = ["norm", "score"]
tail = keras.Sequential([model.get_layer(name) for name in names])
inner = probe(points[:3])  # with the weights of now
np.testing.assert_allclose(tail(inner["hidden"]), model(points[:3]), atol=1e-5)
print(tail(inner["hidden"]).numpy().ravel())
# --8<-- [end:solution-score]
