"""A CNN on the digits: shapes, against an MLP of equal size, and what shifting the digits does."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

mnist = data.mnist()
x_train, x_test = (
    x[..., None] / np.float32(255) for x in (mnist.x_train, mnist.x_test[:2000])
)
y_train, y_test = mnist.y_train, mnist.y_test[:2000]
layers = tf.keras.layers
cnn = tf.keras.Sequential(
    [
        tf.keras.Input([28, 28, 1]),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10),
    ]
)
print(x_train.shape, "->", cnn(x_train[:32]).shape)
# --8<-- [end:smallest]


# --8<-- [start:shapes]
def products(layer):
    """Multiplications for one image: places of the output times weights."""
    places = np.prod(layer.output.shape[1:-1], dtype=int)
    return places * layer.kernel.numpy().size if layer.weights else 0


print("layer            output            weights  products")
for layer in cnn.layers:
    shape = " x ".join(map(str, layer.output.shape[1:]))
    print(
        f"{layer.name.split('_')[0]:16} {shape:14}"
        f"{layer.count_params():9,} {products(layer):9,}"
    )
print(f"{'in all':16} {cnn.count_params():23,}", end=" ")
print(f"{sum(map(products, cnn.layers)):9,}")
# --8<-- [end:shapes]


# --8<-- [start:train]
steps = 1000 if mnist.origin == "real" else 200


def train(build, seed=0, x=x_train):
    tf.keras.utils.set_random_seed(seed)
    model = build()
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    adam = tf.keras.optimizers.Adam(0.003)
    adam.build(model.trainable_variables)  # or the first step is traced twice
    model.compile(adam, loss)
    batches = tf.data.Dataset.from_tensor_slices((x, y_train))
    batches = batches.shuffle(len(x)).repeat().batch(50).take(steps)
    model.fit(batches, shuffle=False, verbose=0)
    return model


def accuracy(model, x=x_test):
    return np.mean(np.argmax(model(x), axis=-1) == y_test)


# --8<-- [end:train]


# --8<-- [start:equal]
def new_mlp(hidden=35):
    return tf.keras.Sequential(
        [
            tf.keras.Input([28, 28, 1]),
            layers.Flatten(),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(10),
        ]
    )


def new_cnn():
    return tf.keras.models.clone_model(cnn)  # the layers, with new weights


def wide_mlp():
    return new_mlp(hidden=270)


kinds = {"MLP": new_mlp, "CNN": new_cnn, "wide MLP": wide_mlp}
trained = {}
for name, build in kinds.items():
    models = [train(build, seed) for seed in (0, 1)]
    found = sorted(accuracy(model) for model in models)
    trained[name] = models[0]
    print(
        f"{name:8} {models[0].count_params():7,} parameters,",
        f"{sum(map(products, models[0].layers)):7,} products:",
        f"{found[0]:.1%} to {found[1]:.1%}",
    )
# --8<-- [end:equal]

# --8<-- [start:maps]
cnn = trained["CNN"]
inside = tf.keras.Model(
    cnn.inputs[0], [layer.output for layer in cnn.layers[:4]]
)
maps = inside(x_test[:1])
figure, axes = plt.subplots(4, 8, figsize=(6.4, 3.6), layout="constrained")
names = ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D"]
for row, name, channels in zip(axes, names, maps):
    row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for ax, channel in zip(row, np.moveaxis(channels[0], -1, 0)):
        ax.imshow(channel, cmap="gray", vmin=0)
        ax.set(xticks=[], yticks=[])
# --8<-- [end:maps]


# --8<-- [start:shift]
def shifted(images, pixels):
    """Moved to the right by so many pixels (or left), with black coming in."""
    moved = np.roll(images, pixels, axis=2)
    if pixels > 0:
        moved[:, :, :pixels] = 0
    elif pixels < 0:
        moved[:, :, pixels:] = 0
    return moved


pixels = range(-6, 7)
curves = {
    name: [accuracy(model, shifted(x_test, by)) for by in pixels]
    for name, model in trained.items()
    if name != "wide MLP"
}


def draw(curves):
    figure, ax = plt.subplots(figsize=(5.6, 3), layout="constrained")
    for name, curve in curves.items():
        ax.plot(pixels, curve, ".-", label=name)
    ax.set(xlabel="test digits moved by pixels", ylabel="accuracy")
    ax.set(xticks=range(-6, 7, 2), ylim=(0, 1), yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.legend()


draw(curves)
for name, curve in curves.items():
    print(f"{name}: in place {curve[6]:.2f}, by four {curve[10]:.2f}")
# --8<-- [end:shift]

# --8<-- [start:equivariant]
first = trained["CNN"].layers[0]
moved_after = shifted(first(x_test[:50]).numpy(), 2)
moved_before = first(shifted(x_test[:50], 2)).numpy()
inner = np.s_[:, :, 3:-3]
print(
    "a convolution moves along:",
    np.allclose(moved_after[inner], moved_before[inner], atol=1e-5),
)
dense = trained["CNN"].layers[-2]
blocks = dense.kernel.numpy().reshape(5, 5, 16, 64)
print("weights of the Dense layer for each place:", blocks[0, 0].size)
# --8<-- [end:equivariant]


# --8<-- [start:global]
def new_global():
    return tf.keras.Sequential(
        [
            tf.keras.Input([28, 28, 1]),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(24, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(48, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10),
        ]
    )


model = trained["global pooling"] = train(new_global)
curves["global pooling"] = [
    accuracy(model, shifted(x_test, by)) for by in pixels
]
draw(curves)
curve = curves["global pooling"]
print(f"{model.count_params():,} parameters", end=", ")
print(f"{sum(map(products, model.layers)):,} products")
print(f"in place {curve[6]:.2f}, by four {curve[10]:.2f}")
# --8<-- [end:global]


# --8<-- [start:pooling]
def smaller(kind):
    """The CNN with another way of making the maps smaller."""
    stride = 2 if kind == "strides" else 1
    model = tf.keras.Sequential([tf.keras.Input([28, 28, 1])])
    for filters in (8, 16):
        model.add(layers.Conv2D(filters, 3, strides=stride, activation="relu"))
        if kind != "strides":
            mean = kind == "mean"
            pool = layers.AveragePooling2D if mean else layers.MaxPooling2D
            model.add(pool(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(41 if kind == "strides" else 64, activation="relu"))
    model.add(layers.Dense(10))
    return model


for kind in ("max", "mean", "strides"):
    model = trained["CNN"] if kind == "max" else train(lambda: smaller(kind))
    print(
        f"{kind:8} {model.count_params():,} parameters,",
        f"{sum(map(products, model.layers)):7,} products: {accuracy(model):.2f}",
    )
# --8<-- [end:pooling]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:no-channel]
    without_axis = mnist.x_test[:32] / np.float32(255)
    print("a model with Input:", cnn(without_axis).shape)
    layers.Conv2D(8, 3)(without_axis)
    # --8<-- [end:no-channel]

# --8<-- [start:channels-first]
first = np.transpose(x_test[:32], [0, 3, 1, 2])
same = layers.Conv2D(8, 3, padding="same")
print(first.shape, "->", same(first).shape)
print("kernel", tuple(same.kernel.shape))
# --8<-- [end:channels-first]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.layers.conv2d(x_test, filters=8, kernel_size=3, activation=tf.nn.relu)
    # --8<-- [end:then]

# --8<-- [start:old-cnn]
old = tf.keras.Sequential(
    [
        tf.keras.Input([28, 28, 1]),
        layers.Conv2D(32, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 5, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(1024, activation="relu"),
        layers.Dense(10),
    ]
)
in_dense = old.layers[-2].count_params()
print(f"{old.count_params():,} parameters, {in_dense:,} in one Dense layer")
work = sum(map(products, old.layers))
print(
    f"{work:,} products, {work / sum(map(products, cnn.layers)):.0f} times ours"
)
# --8<-- [end:old-cnn]


# --8<-- [start:solution-augment]
def move_at_random(images, seed=0):
    draw_shift = np.random.default_rng(seed).integers(-6, 7, len(images))
    moved = np.empty_like(images)
    for by in range(-6, 7):
        moved[draw_shift == by] = shifted(images[draw_shift == by], by)
    return moved


moved = move_at_random(x_train)
for name, build in (("MLP", new_mlp), ("CNN", new_cnn)):
    model = train(build, x=moved)
    print(f"{name}: in place {accuracy(model):.2f},", end=" ")
    print(f"by four {accuracy(model, shifted(x_test, 4)):.2f}")
# --8<-- [end:solution-augment]

# --8<-- [start:solution-scrambled]
order = np.random.default_rng(1).permutation(784)


def scramble(images):
    return images.reshape(-1, 784)[:, order].reshape(-1, 28, 28, 1)


scores = [
    accuracy(train(new_cnn, seed, scramble(x_train)), scramble(x_test))
    for seed in range(3)
]
print(f"CNN, scrambled: {min(scores):.2f} to {max(scores):.2f}")
# --8<-- [end:solution-scrambled]

# --8<-- [start:solution-size]
larger = tf.keras.Sequential([tf.keras.Input([32, 32, 1])])
for layer in tf.keras.models.clone_model(cnn).layers:
    larger.add(layer.from_config(layer.get_config()))
print([tuple(layer.output.shape[1:]) for layer in larger.layers])
print(f"{larger.count_params():,} parameters")
# --8<-- [end:solution-size]
