"""DeepDream with a network trained here on digits: channels, octaves, jitter."""

# --8<-- [start:network]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

mnist = data.mnist()
digits = mnist.x_train[:3000, ..., None].astype("float32") / 255
labels = mnist.y_train[:3000]
layers = tf.keras.layers


def make_network():
    same = {"padding": "same", "activation": "relu"}
    return tf.keras.Sequential(
        [
            tf.keras.Input([None, None, 1]),
            layers.Conv2D(16, 5, name="first", **same),
            layers.AveragePooling2D(2),
            layers.Conv2D(32, 5, name="second", **same),
            layers.AveragePooling2D(2),
            layers.Conv2D(48, 5, name="third", **same),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, name="scores"),
        ]
    )


tf.keras.utils.set_random_seed(0)
network = make_network()
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
network.compile(tf.keras.optimizers.Adam(0.003), loss, metrics=["accuracy"])
network.fit(digits, labels, batch_size=16, epochs=4, verbose=0)
test = mnist.x_test[:300, ..., None] / 255, mnist.y_test[:300]
print(f"test accuracy {network.evaluate(*test, verbose=0)[1]:.2f}")
# --8<-- [end:network]

# --8<-- [start:smallest]
photos = data.pets(96)
photo = tf.image.rgb_to_grayscale(tf.cast(photos.x[3], tf.float32) / 255)[None]


def reader(network, name):
    """From the image to what one layer computes."""
    return tf.keras.Model(network.inputs[0], network.get_layer(name).output)


third = reader(network, "third")
image = tf.Variable(photo)
for _ in range(30):
    with tf.GradientTape() as tape:
        joy = tf.reduce_mean(third(image) ** 2)
    gradient = tape.gradient(joy, image)
    gradient -= tf.reduce_mean(gradient)  # shapes, not brightness
    gradient /= tf.math.reduce_std(gradient) + 1e-8
    image.assign(tf.clip_by_value(image + 0.02 * gradient, 0, 1))
print(f"{float(tf.reduce_mean(third(photo) ** 2)):.2f} to {float(joy):.2f}")
show_images([photo[0], image[0]], ["photo", "dream"], cell=1.8)
# --8<-- [end:smallest]

# --8<-- [start:gradients]
for name in ("first", "second", "third"):
    part = reader(network, name)
    with tf.GradientTape() as tape:
        tape.watch(photo)
        joy = tf.reduce_mean(part(photo) ** 2)
    gradient = tape.gradient(joy, photo)
    print(f"{name:7} standard deviation of the gradient {np.std(gradient):.1e}")
# --8<-- [end:gradients]


# --8<-- [start:climb]
def climb(image, objective, steps=30, size=0.02, shift=0, seed=0):
    """Gradient ascent on the image; `shift` rolls it a little at each step."""
    random = np.random.default_rng(seed)

    @tf.function
    def step(image, down, right):
        rolled = tf.roll(image, [down, right], axis=[1, 2])
        with tf.GradientTape() as tape:
            tape.watch(rolled)
            value = objective(rolled)
        gradient = tape.gradient(value, rolled)
        gradient -= tf.reduce_mean(gradient)
        gradient /= tf.math.reduce_std(gradient) + 1e-8
        rolled = tf.clip_by_value(rolled + size * gradient, 0, 1)
        return tf.roll(rolled, [-down, -right], axis=[1, 2])

    for _ in range(steps):
        down, right = random.integers(-shift, shift + 1, size=2)
        image = step(image, tf.constant(down), tf.constant(right))
    return image


# --8<-- [end:climb]

# --8<-- [start:channels]
grey = 0.4 + 0.02 * tf.random.stateless_normal([1, 48, 48, 1], seed=(1, 2))
found = []
for name in ("first", "second", "third"):
    part = reader(network, name)
    means = tf.reduce_mean(part(digits[:200]), axis=[0, 1, 2])
    for channel in np.argsort(-means)[:6]:
        found.append(
            climb(
                grey, lambda x: tf.reduce_mean(part(x)[..., channel]), shift=2
            )[0]
        )
show_images(found, columns=6)
# --8<-- [end:channels]

# --8<-- [start:dead]
second = reader(network, "second")
active = tf.reduce_max(second(digits[:500]), axis=[0, 1, 2]).numpy()
print("channels of `second` that no digit excites:", int((active == 0).sum()))
biases = network.get_layer("second").bias
before = biases.numpy()
biases.assign(np.where(np.arange(32) == 5, -99, before))
with tf.GradientTape() as tape:
    tape.watch(grey)
    joy = tf.reduce_mean(second(grey)[..., 5])
gradient = tape.gradient(joy, grey)
biases.assign(before)
print("a channel below zero everywhere: gradient", np.abs(gradient).max())
# --8<-- [end:dead]


# --8<-- [start:octaves]
def whole_layer(x):
    return tf.reduce_mean(third(x) ** 2)


def dream(photo, octaves, steps, shift=4):
    """From small to large, adding back at each size what scaling had lost."""
    sizes = [int(96 / 1.4**n) for n in range(octaves)][::-1]
    image = tf.image.resize(photo, [sizes[0]] * 2)
    for size in sizes:
        now = tf.image.resize(photo, [size] * 2)
        if size != sizes[0]:
            small = tf.image.resize(photo, image.shape[1:3])
            lost = now - tf.image.resize(small, [size] * 2)
            image = tf.image.resize(image, [size] * 2) + lost
        image = climb(image, whole_layer, steps, shift=shift)
    return image


def coarse_share(image):
    """How much of the change survives averaging over 8 by 8 blocks."""
    change = image - photo
    blocks = tf.nn.avg_pool2d(change, 8, 8, "VALID")
    return float(tf.reduce_mean(blocks**2) / tf.reduce_mean(change**2))


variants = {
    "one size": dream(photo, 1, 40),
    "four octaves": dream(photo, 4, 10),
}
for name, image in variants.items():
    numbers = coarse_share(image), float(whole_layer(image))
    print(
        f"{name}: coarse share {{:.2f}}, activation {{:.0f}}".format(*numbers)
    )
show_images([i[0] for i in variants.values()], list(variants), cell=1.8)
# --8<-- [end:octaves]

# --8<-- [start:untrained]
tf.keras.utils.set_random_seed(7)
fresh = reader(make_network(), "third")
random_dream = climb(photo, lambda x: tf.reduce_mean(fresh(x) ** 2), shift=4)
trained_dream = climb(photo, whole_layer, shift=4)
show_images(
    [trained_dream[0], random_dream[0]],
    ["trained on digits", "untrained"],
    cell=1.8,
)
# --8<-- [end:untrained]

# --8<-- [start:class]
seen, titles = [], []
start = 0.1 + 0.02 * tf.random.stateless_normal([1, 28, 28, 1], seed=(1, 2))
for digit in (0, 3, 7):
    image = climb(
        start, lambda x: tf.nn.log_softmax(network(x))[0, digit], 60, shift=2
    )
    chance = tf.nn.softmax(network(image))[0, digit]
    print(f"{digit}: probability {float(chance):.2f}")
    seen.append(image[0])
    titles.append(f"for {digit}")
show_images(seen, titles, cell=1.4)
# --8<-- [end:class]

import contextlib

with contextlib.suppress(RuntimeError):
    # --8<-- [start:then]
    K = tf.keras.backend
    gradient = K.gradients(third.output, third.input)[0]
    # --8<-- [end:then]

# --8<-- [start:solution-smooth]
image = climb(
    start,
    lambda x: (
        tf.nn.log_softmax(network(x))[0, 3]
        - 0.02 * tf.image.total_variation(x)[0]
    ),
    60,
    shift=2,
)
for name, shown in {"without": seen[1], "with": image[0]}.items():
    rough = float(tf.image.total_variation(shown)) / 28**2
    chance = float(tf.nn.softmax(network(shown[None]))[0, 3])
    print(
        f"{name:8} total variation {rough:.2f}, probability of 3: {chance:.2f}"
    )
show_images([seen[1], image[0]], ["without", "with"], cell=1.4)
# --8<-- [end:solution-smooth]

# --8<-- [start:solution-field]
with tf.GradientTape() as tape:
    tape.watch(photo)
    value = third(photo)[0, 12, 12, :]
    value = tf.reduce_sum(value)
touched = np.argwhere(tape.gradient(value, photo)[0, ..., 0] != 0)
print("one unit sees", touched.max(0) - touched.min(0) + 1, "pixels")
# --8<-- [end:solution-field]
