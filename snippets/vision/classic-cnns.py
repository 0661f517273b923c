"""Five classic CNNs, small: what each idea is, what it costs, and what is lost without it."""

# --8<-- [start:load]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data, timing
from tfnotes.draw import models

fashion = data.fashion_mnist()


def halved(images):
    """The mean of each 2 x 2 pixels: 14 x 14 images, a quarter of the work."""
    quarters = images.reshape(-1, 14, 2, 14, 2) / np.float32(255)
    return quarters.mean(axis=(2, 4))[..., None]


x_train, y_train = halved(fashion.x_train), fashion.y_train
x_test, y_test = halved(fashion.x_test[:2000]), fashion.y_test[:2000]
print(x_train.shape, x_test.shape)
# --8<-- [end:load]

# --8<-- [start:conv]
layers = tf.keras.layers


def conv(x, filters, size=3, stride=1, norm=False, activation="relu"):
    x = layers.Conv2D(filters, size, stride, "same", use_bias=not norm)(x)
    if norm:
        x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.Activation(activation)(x)


def model_of(body, **options):
    inputs = tf.keras.Input([14, 14, 1])
    outputs = layers.Dense(10)(body(inputs, **options))
    return tf.keras.Model(inputs, outputs)


# --8<-- [end:conv]


# --8<-- [start:lenet]
def lenet(x):
    for filters in (6, 16):
        x = conv(x, filters, size=5, activation="tanh")
        x = layers.AveragePooling2D(2)(x)
    x = layers.Dense(120, activation="tanh")(layers.Flatten()(x))
    return layers.Dense(84, activation="tanh")(x)


# --8<-- [end:lenet]


# --8<-- [start:alexnet]
def alexnet(x, activation="relu", dropout=0.5):
    x = conv(x, 16, size=5, activation=activation)
    x = layers.MaxPooling2D(3, 2)(x)  # windows of 3, two apart: they overlap
    for _ in range(2):
        x = conv(x, 32, activation=activation)
    x = layers.MaxPooling2D(3, 2)(x)
    x = layers.Dense(128, activation=activation)(layers.Flatten()(x))
    return layers.Dropout(dropout)(x)


# --8<-- [end:alexnet]


# --8<-- [start:vgg]
def vgg(x, small=True):
    for filters in (12, 24):
        if small:
            x = conv(conv(x, filters), filters)  # reads 5 x 5, in two steps
        else:
            x = conv(x, filters, size=5)
        x = layers.MaxPooling2D()(x)
    return layers.Dense(64, activation="relu")(layers.Flatten()(x))


# --8<-- [end:vgg]


# --8<-- [start:inception]
def inception(x, norm=True):
    x = conv(x, 16, norm=norm)
    pooled = layers.MaxPooling2D(3, 1, "same")(x)
    branches = [
        conv(x, 8, size=1, norm=norm),
        conv(conv(x, 8, size=1, norm=norm), 8, size=3, norm=norm),
        conv(conv(x, 4, size=1, norm=norm), 4, size=5, norm=norm),
        conv(pooled, 4, size=1, norm=norm),
    ]
    x = layers.MaxPooling2D()(layers.Concatenate()(branches))
    return layers.GlobalAveragePooling2D()(conv(x, 24, norm=norm))


# --8<-- [end:inception]


# --8<-- [start:resnet]
def resnet(x, blocks=2, residual=True):
    x = conv(x, 16, stride=2, norm=True)
    for _ in range(blocks):
        y = conv(conv(x, 16, norm=True), 16, norm=True, activation="linear")
        x = layers.ReLU()(x + y if residual else y)
    return layers.GlobalAveragePooling2D()(x)


models.show_models(model_of(resnet, blocks=1))
# --8<-- [end:resnet]

# --8<-- [start:train]
real = fashion.origin == "real"
steps, seeds = (300, (0, 1)) if real else (50, (0,))


def products(layer):
    """Multiplications for one image: places of the output times weights."""
    places = np.prod(layer.output.shape[1:-1], dtype=int)
    return places * layer.kernel.numpy().size if hasattr(layer, "kernel") else 0


def train(body, seed=0, **options):
    tf.keras.utils.set_random_seed(seed)
    model = model_of(body, **options)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(0.003), loss)
    batches = tf.data.Dataset.from_tensor_slices((x_train, y_train))
    batches = batches.shuffle(len(x_train), seed=seed).repeat().batch(64)
    history = model.fit(
        batches, steps_per_epoch=steps, shuffle=False, verbose=0
    )
    return model, history.history["loss"][0]


def accuracy(model):
    return np.mean(np.argmax(model(x_test), axis=-1) == y_test)


# --8<-- [end:train]

# --8<-- [start:table]
networks = {
    "LeNet": lenet,
    "AlexNet": alexnet,
    "VGG": vgg,
    "Inception": inception,
    "ResNet": resnet,
}
trained = {}
print("           parameters   products       accuracy")
for name, body in networks.items():
    trained[name] = [train(body, seed) for seed in seeds]
    found = [accuracy(model) for model, _ in trained[name]]
    model, _ = trained[name][0]
    work = sum(map(products, model.layers))
    print(
        f"{name:10} {model.count_params():10,} {work:10,}",
        f" {min(found):.2f} to {max(found):.2f}",
    )
# --8<-- [end:table]

# --8<-- [start:off]
switches = {
    "AlexNet": ("tanh, not ReLU", {"activation": "tanh"}),
    "VGG": ("5 x 5 once, not 3 x 3 twice", {"small": False}),
    "Inception": ("no BatchNormalization", {"norm": False}),
    "ResNet": ("no residuals", {"residual": False}),
}
print("                             products    loss       accuracy")
for name, (change, options) in switches.items():
    without = [train(networks[name], seed, **options) for seed in seeds]
    for kind, runs in ((name, trained[name]), ("  " + change, without)):
        found = [accuracy(model) for model, _ in runs]
        loss = np.mean([loss for _, loss in runs])
        work = sum(map(products, runs[0][0].layers))
        print(
            f"{kind:29} {work:7,} {loss:7.2f}  ",
            f"{min(found):.2f} to {max(found):.2f}",
        )
# --8<-- [end:off]


# --8<-- [start:deep]
def normalized(x):
    mean, variance = tf.nn.moments(x, axes=(0, 1, 2))
    return (x - mean) / tf.sqrt(variance + 1e-3)


def training_loss(depth, residual, seed=0):
    """The loss at the end of the training of a net of so many convolutions."""
    tf.keras.utils.set_random_seed(seed)
    new = tf.keras.initializers.HeNormal
    stem = tf.Variable(new(0)([3, 3, 1, 16]))
    kernels = [tf.Variable(new(n)([3, 3, 16, 16])) for n in range(1, depth + 1)]
    head = tf.Variable(new(999)([16, 10]))
    weights = [stem, *kernels, head]
    optimizer = tf.keras.optimizers.Adam(0.003)
    optimizer.build(weights)

    @tf.function
    def step(images, labels):
        with tf.GradientTape() as tape:
            x = tf.nn.relu(normalized(tf.nn.conv2d(images, stem, 2, "SAME")))
            for first, second in zip(kernels[::2], kernels[1::2]):
                y = tf.nn.conv2d(x, first, 1, "SAME")
                y = tf.nn.relu(normalized(y))
                y = normalized(tf.nn.conv2d(y, second, 1, "SAME"))
                x = tf.nn.relu(x + y if residual else y)
            scores = tf.reduce_mean(x, axis=(1, 2)) @ head
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels, scores
            )
            loss = tf.reduce_mean(loss)
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return loss

    draw = np.random.default_rng(seed)
    losses = []
    for _ in range(steps):
        chosen = draw.integers(0, len(x_train), 64)
        losses.append(step(x_train[chosen], y_train[chosen].astype(np.int32)))
    return np.mean(losses[-steps // 5 :])


# --8<-- [end:deep]

# --8<-- [start:degradation]
depths = (2, 8, 20, 40) if real else (2, 8, 20)
figure, ax = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
for name, residual in (("plain", False), ("residual", True)):
    ends = [training_loss(depth, residual) for depth in depths]
    ax.plot(depths, ends, ".-", label=name)
    print(
        f"{name:8}",
        *(f"{depth}: {end:.2f} " for depth, end in zip(depths, ends)),
    )
ax.set(xlabel="convolutions", ylabel="training loss", xticks=depths)
ax.set(ylim=(0, 2), yticks=[0, 0.5, 1, 1.5, 2])
ax.legend()
# --8<-- [end:degradation]

# --8<-- [start:seconds]
batch = tf.constant(x_train[:64])
seconds = timing.Benchmark("network")
for name, runs in trained.items():
    call = tf.function(runs[0][0])
    seconds.add("64 images", name, timing.measure(lambda: call(batch)))
seconds
# --8<-- [end:seconds]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:shapes]
    x = tf.keras.Input([14, 14, 16])
    layers.Add()([x, conv(x, 32)])
    # --8<-- [end:shapes]

# --8<-- [start:broadcast]
x = tf.keras.Input([14, 14, 1])
y = conv(x, 16)
print(x.shape, "+", y.shape, "=", (x + y).shape)
# --8<-- [end:broadcast]

with contextlib.suppress(ModuleNotFoundError):
    # --8<-- [start:then]
    from keras.layers.merge import add
    # --8<-- [end:then]


# --8<-- [start:solution-shortcut]
def block(x, filters, stride=1):
    y = conv(x, filters, stride=stride, norm=True)
    y = conv(y, filters, norm=True, activation="linear")
    if stride > 1 or x.shape[-1] != filters:
        x = conv(x, filters, 1, stride, norm=True, activation="linear")
    return layers.ReLU()(x + y)


x = tf.keras.Input([14, 14, 16])
print(block(x, 16).shape, block(x, 32, stride=2).shape)
# --8<-- [end:solution-shortcut]

# --8<-- [start:solution-vgg16]
convolutions, depth = 0, 3
for filters in [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6:
    convolutions += 9 * depth * filters + filters
    depth = filters
dense = 0
for inputs, outputs in ((7 * 7 * 512, 4096), (4096, 4096), (4096, 1000)):
    dense += inputs * outputs + outputs
print(f"{convolutions + dense:,} in all, {dense:,} in the dense layers")
# --8<-- [end:solution-vgg16]
