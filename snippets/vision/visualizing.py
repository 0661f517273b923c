"""What a convolutional network reacts to: activations, filters, Grad-CAM."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

mnist = data.mnist()
rng = np.random.default_rng(0)


def place(digits):
    """Put each digit somewhere on a canvas of 56 by 56; return where."""
    canvas = np.zeros([len(digits), 56, 56, 1], "float32")
    corners = rng.integers(0, 29, [len(digits), 2])
    for image, digit, (top, left) in zip(canvas, digits, corners):
        image[top : top + 28, left : left + 28, 0] = digit / 255
    return canvas, corners


x, _ = place(mnist.x_train[:1400])
y = mnist.y_train[:1400].astype("int32")
val_x, val_corners = place(mnist.x_test[:300])
val_y = mnist.y_test[:300].astype("int32")
show_images(val_x[:5])
# --8<-- [end:data]

# --8<-- [start:model]
layers = tf.keras.layers


def make_model():
    tf.keras.utils.set_random_seed(0)
    inputs = x = tf.keras.Input([56, 56, 1])
    for filters, name in (16, "first"), (32, "second"), (64, "last"):
        x = layers.Conv2D(
            filters, 3, 2, padding="same", activation="relu", name=name
        )(x)
    x = layers.GlobalMaxPooling2D()(x)
    return tf.keras.Model(inputs, layers.Dense(10)(x))


def train(images):
    model = make_model()
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
    model.fit(images, y, batch_size=50, epochs=12, verbose=0)
    return model


model = train(x)
print(f"accuracy {model.evaluate(val_x, val_y, verbose=0)[1]:.2f}")
# --8<-- [end:model]

# --8<-- [start:activations]
names = ["first", "second", "last"]
probe = tf.keras.Model(
    model.inputs[0], [model.get_layer(name).output for name in names]
)
found = probe(val_x[:1])
for name, maps in zip(names, found):
    print(f"{name:6} {maps.shape}, zeros {np.mean(maps == 0):.2f}")
strongest = []
for maps in found:
    order = np.argsort(np.max(maps[0], axis=(0, 1)))[::-1][:6]
    strongest += [maps[0, ..., k] / np.max(maps[0, ..., k]) for k in order]
show_images([np.array(image) for image in strongest], columns=6)
# --8<-- [end:activations]

# --8<-- [start:kernels]
kernels = model.get_layer("first").kernel.numpy()
print(kernels.shape, "second", model.get_layer("second").kernel.shape)
largest = np.abs(kernels).max()
show_images(
    [kernels[:, :, 0, k] / largest / 2 + 0.5 for k in range(8)], columns=8
)
# --8<-- [end:kernels]


# --8<-- [start:ascent]
def strength(images, channel):
    """The mean of one channel of the last convolution."""
    return tf.reduce_mean(probe(images)[2][..., channel], axis=[1, 2])


def exciting(channel, start, steps=40):
    """Changes an image until the channel is large, by gradient ascent."""
    image = tf.Variable(start)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = strength(image, channel)
        slope = tape.gradient(value, image)
        slope /= tf.norm(slope) + 1e-8
        image.assign(tf.clip_by_value(image + slope, 0, 1))
    return image


noise = tf.random.stateless_uniform([1, 56, 56, 1], (1, 2)) / 5
at_zero = [float(strength(noise, channel)[0]) == 0 for channel in range(6)]
print("zero on noise:", sum(at_zero), "of 6 channels")
real = [strength(val_x, channel) for channel in range(6)]
best = [val_x[int(tf.argmax(r))] for r in real]
images = [exciting(channel, best[channel][None]) for channel in range(6)]
made = [float(strength(image, k)[0]) for k, image in enumerate(images)]
strongest = [float(tf.reduce_max(r)) for r in real]
more = sum(m > r for m, r in zip(made, strongest))
print("more than any of 300 real images:", more, "of 6 channels")
show_images([image[0].numpy() for image in images] + best, columns=6)
# --8<-- [end:ascent]


# --8<-- [start:grad-cam]
def grad_cam(model, images, labels):
    """How much each place of the last convolution speaks for a label."""
    both = tf.keras.Model(
        model.inputs[0], [model.get_layer("last").output, model.outputs[0]]
    )
    with tf.GradientTape() as tape:
        features, logits = both(images)
        score = tf.gather(logits, labels, batch_dims=1)
    slopes = tape.gradient(score, features)
    weights = tf.reduce_mean(slopes, axis=[1, 2], keepdims=True)
    return tf.nn.relu(tf.reduce_sum(features * weights, axis=-1)).numpy()


heat = grad_cam(model, val_x, val_y)
print(heat.shape)
# --8<-- [end:grad-cam]


# --8<-- [start:on-digit]
def draw(rows):
    """Images with their heat maps laid over them."""
    figure, axes = plt.subplots(len(rows), 5, figsize=(5.4, 1.1 * len(rows)))
    for row, (name, (images, heat)) in zip(np.atleast_2d(axes), rows.items()):
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for ax, image, hot in zip(row, images, heat):
            ax.imshow(image[..., 0], cmap="gray")
            ax.imshow(
                hot, cmap="inferno", alpha=0.6, extent=(-0.5, 55.5, 55.5, -0.5)
            )
            ax.set(xticks=[], yticks=[])


def on_digit(heat):
    """Share of heat maps whose highest place lies on the digit."""
    rows, columns = np.unravel_index(
        heat.reshape(len(heat), -1).argmax(1), (7, 7)
    )
    spots = np.stack([rows, columns], axis=1) * 8 + 4
    inside = (spots >= val_corners) & (spots < val_corners + 28)
    return np.mean(inside.all(axis=1))


print(f"peak on the digit {on_digit(heat):.2f}")
draw({"trained": (val_x, heat)})
# --8<-- [end:on-digit]


# --8<-- [start:shortcut]
def marked(images, labels):
    """A bright mark on the upper edge, whose place tells the label."""
    images = images.copy()
    for image, label in zip(images, labels):
        image[:3, 5 * label + 2 : 5 * label + 5] = 1
    return images


marked_x = marked(val_x, val_y)
cheat = train(marked(x, y))
for name, images in ("with marks", marked_x), ("without", val_x):
    print(
        f"{name:10} accuracy {cheat.evaluate(images, val_y, verbose=0)[1]:.2f}"
    )
heat_of_cheat = grad_cam(cheat, marked_x, val_y)
print(f"peak on the digit {on_digit(heat_of_cheat):.2f}")
draw({"shortcut": (marked_x, heat_of_cheat)})
# --8<-- [end:shortcut]

# --8<-- [start:untrained]
untrained = make_model()
heat_of_untrained = grad_cam(untrained, val_x, val_y)
print(f"accuracy {np.mean(np.argmax(untrained(val_x), 1) == val_y):.2f}")
print(f"peak on the digit {on_digit(heat_of_untrained):.2f}")
draw({"untrained": (val_x, heat_of_untrained)})
# --8<-- [end:untrained]

# --8<-- [start:other]
other = (val_y + 1) % 10
print(
    f"another label, peak on the digit {on_digit(grad_cam(model, val_x, other)):.2f}"
)
# --8<-- [end:other]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:nested]
    outer = tf.keras.Sequential([tf.keras.Input([56, 56, 1]), model])
    outer.get_layer("last")
    # --8<-- [end:nested]

# --8<-- [start:solution-softmax]
with tf.GradientTape(persistent=True) as tape:
    image = tf.constant(val_x)
    tape.watch(image)
    logits = model(image)
    chosen = tf.gather(logits, val_y, batch_dims=1)
    sure = tf.gather(tf.nn.softmax(logits), val_y, batch_dims=1)
by_logit, by_probability = (
    tape.gradient(chosen, image),
    tape.gradient(sure, image),
)
norms = [
    np.linalg.norm(np.reshape(g, [300, -1]), axis=1)
    for g in (by_logit, by_probability)
]
print(
    "median gradient: logit",
    f"{np.median(norms[0]):.0e}",
    "probability",
    f"{np.median(norms[1]):.0e}",
)
# --8<-- [end:solution-softmax]

# --8<-- [start:solution-cover]
covered = val_x.copy()
spots = heat.reshape(300, -1).argmax(1)
for image, spot in zip(covered, spots):
    row, column = divmod(int(spot), 7)
    image[
        max(0, row * 8 - 4) : row * 8 + 12,
        max(0, column * 8 - 4) : column * 8 + 12,
    ] = 0
accuracy = model.evaluate(covered, val_y, verbose=0)[1]
print(f"with the hottest place covered: accuracy {accuracy:.2f}")
# --8<-- [end:solution-cover]
