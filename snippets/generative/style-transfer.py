"""Style transfer with a small network trained here: content, Gram matrices."""

# --8<-- [start:textures]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

layers = tf.keras.layers
random = np.random.default_rng(0)
row, column = np.mgrid[0:64, 0:64] / 64


def draw(kind, turn, size):
    u = (np.cos(turn) * row + np.sin(turn) * column) * size
    v = (-np.sin(turn) * row + np.cos(turn) * column) * size
    return {
        "stripes": np.sin(2 * np.pi * u),
        "checks": np.sin(2 * np.pi * u) * np.sin(2 * np.pi * v),
        "dots": 1.2 - np.hypot(u % 1 - 0.5, v % 1 - 0.5) * 4,
        "waves": np.sin(2 * np.pi * (u + 0.3 * np.sin(2 * np.pi * v))),
        "noise": random.normal(size=[64, 64]),
    }[kind]


textures = []
for _ in range(12):
    dark, light = random.uniform(0, 0.5, 3), random.uniform(0.5, 1, 3)
    for kind in ("stripes", "checks", "dots", "waves", "noise"):
        turn, size = random.uniform(0, np.pi), random.uniform(5, 9)
        share = 1 / (1 + np.exp(-5 * draw(kind, turn, size)[..., None]))
        textures.append(share * light + (1 - share) * dark)
textures = np.array(textures, np.float32)
show_images(list(textures[:10]), columns=5)
# --8<-- [end:textures]

# --8<-- [start:train]
tf.keras.utils.set_random_seed(0)
inputs = tf.keras.Input([None, None, 3])
x = layers.Rescaling(2.0, -1.0)(inputs)
convolutions = []
for size, channels in ((5, 16), (3, 32), (3, 48)):
    if convolutions:
        x = layers.AveragePooling2D(2)(x)
    convolution = layers.Conv2D(
        channels, size, activation="relu", kernel_initializer="he_normal"
    )
    x = convolution(x)
    convolutions.append(x)
scores = layers.Dense(60)(layers.GlobalAveragePooling2D()(x))
network = tf.keras.Model(inputs, scores)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
network.compile(tf.keras.optimizers.Adam(0.005), loss, metrics=["accuracy"])


def crops(count, seed):
    random = np.random.default_rng(seed)
    which = random.integers(60, size=count)
    corners = random.integers(33, size=[count, 2])
    cut = [
        textures[w, top : top + 32, left : left + 32]
        for w, (top, left) in zip(which, corners)
    ]
    return np.array(cut), which


network.fit(*crops(3000, 0), batch_size=32, epochs=3, verbose=0)
right = network.evaluate(*crops(300, 1), verbose=0)[1]
print(f"other crops: {right:.2f} right")
look = tf.keras.Model(inputs, convolutions)
# --8<-- [end:train]


# --8<-- [start:gram]
def gram(features):
    """How much each two channels light up in the same places."""
    places = tf.cast(tf.shape(features)[1] * tf.shape(features)[2], tf.float32)
    return tf.einsum("nijc,nijd->ncd", features, features) / places


features = look(textures[:1])[1]
rows = tf.reshape(features, [-1, 32])
by_hand = tf.transpose(rows) @ rows / len(rows)
assert np.allclose(gram(features)[0], by_hand, rtol=1e-3, atol=1e-4)
print("features", features.shape, "gram", gram(features).shape)
# --8<-- [end:gram]


# --8<-- [start:shuffled]
def distances(a, b):
    content, style = [], []
    for one, other in zip(look(a[None]), look(b[None])):
        scale = tf.reduce_mean(one**2)
        content.append(tf.reduce_mean((one - other) ** 2) / scale)
        grams = gram(one), gram(other)
        difference = tf.reduce_sum((grams[0] - grams[1]) ** 2)
        style.append(difference / tf.reduce_sum(grams[0] ** 2))
    return float(tf.reduce_mean(content)), float(tf.reduce_mean(style))


style = textures[13]  # waves
pets = data.pets(64)
content = pets.x[3].astype("float32") / 255
moved = np.roll(style, (13, 22), axis=(0, 1))
flat = style.reshape(-1, 3)
scattered = random.permutation(flat).reshape(64, 64, 3)
shown = {"itself": style, "moved": moved, "pixels mixed": scattered}
for name, image in (shown | {"the photo": content}).items():
    place, texture = distances(style, image)
    print(f"{name}: style {texture:.2f}")
    print(f"{name}: content {place:.2f}")
show_images(list(shown.values()), list(shown), cell=1.3)
# --8<-- [end:shuffled]


# --8<-- [start:transfer]
def as_targets(content, style):
    return look(content[None])[2], [gram(f) for f in look(style[None])]


@tf.function
def cost(image, wanted, grams, weights):
    found = look(image)
    content_loss = tf.reduce_mean((found[2] - wanted) ** 2)
    content_loss /= tf.reduce_mean(wanted**2)
    style_loss = tf.add_n(
        [
            tf.reduce_sum((gram(f) - g) ** 2) / tf.reduce_sum(g**2)
            for f, g in zip(found, grams)
        ]
    )
    variation = tf.reduce_mean(tf.image.total_variation(image)) / (64 * 64)
    total = weights[0] * content_loss + weights[1] * style_loss
    return total + weights[2] * variation, content_loss, style_loss, variation


def transfer(start, content, style, weights=(1.0, 1.0, 0.1), steps=150):
    targets = as_targets(content, style)
    image = tf.Variable(start[None])
    weights = tf.constant(weights)
    optimizer = tf.keras.optimizers.Adam(0.03)
    curve = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            losses = cost(image, *targets, weights)
        optimizer.apply([tape.gradient(losses[0], image)], [image])
        image.assign(tf.clip_by_value(image, 0, 1))
        curve.append([float(value) for value in losses[1:]])
    return image[0].numpy(), np.array(curve)


result, result_curve = transfer(content, content, style)
for name, at in (("start", 0), ("end", -1)):
    place, texture = result_curve[at][:2]
    print(f"{name}: content {place:.2f}, style {texture:.2f}")
show_images([content, style, result], ["content", "style", "result"], cell=1.6)
# --8<-- [end:transfer]

# --8<-- [start:weights]
results = {}
for weight in (0.1, 0.5, 3.0):
    image, curve = transfer(content, content, style, (1.0, weight, 0.1))
    results[f"style x {weight:g}"] = image
    place, texture = curve[-1][:2]
    print(f"style x {weight:<3g} content {place:.2f}, style {texture:.3f}")
show_images(list(results.values()), list(results), cell=1.6)
# --8<-- [end:weights]

# --8<-- [start:variation]
runs = {
    "variation x 0": transfer(content, content, style, (1.0, 1.0, 0.0)),
    "variation x 0.1": (result, result_curve),
    "variation x 2": transfer(content, content, style, (1.0, 1.0, 2.0)),
}
for name, (_, curve) in runs.items():
    texture, variation = curve[-1][1:]
    print(f"{name:15} variation {variation:.2f}, style {texture:.2f}")
show_images([image for image, _ in runs.values()], list(runs), cell=1.6)
# --8<-- [end:variation]

# --8<-- [start:untrained]
trained = look.get_weights()
random = np.random.default_rng(5)
look.set_weights(
    [random.permutation(w.ravel()).reshape(w.shape) for w in trained]
)
mixed, curve = transfer(content, content, style)
print(f"weights mixed up, style by its own measure: {curve[-1][1]:.2f}")
look.set_weights(trained)
for name, image in {"trained": result, "mixed up": mixed}.items():
    place, texture = distances(style, image)
    print(f"{name}: style {texture:.2f} by the trained network")
show_images([result, mixed], ["trained", "weights mixed up"], cell=1.8)
# --8<-- [end:untrained]

# --8<-- [start:bytes]
image = tf.Variable(pets.x[3][None])
targets = as_targets(content, style)
with tf.GradientTape() as tape:
    scaled = tf.cast(image, tf.float32) / 255
    losses = cost(scaled, *targets, tf.ones(3))
print("gradient:", tape.gradient(losses[0], image))
# --8<-- [end:bytes]

# --8<-- [start:solution-texture]
noise = np.random.default_rng(2).uniform(0, 1, [64, 64, 3]).astype("float32")
image, curve = transfer(noise, content, style, (0.0, 1.0, 0.0))
print(f"style loss {curve[0][1]:.2f} to {curve[-1][1]:.3f}")
show_images([noise, image, style], ["start", "end", "style"], cell=1.4)
# --8<-- [end:solution-texture]

# --8<-- [start:solution-shift]
f = look(style[None])[2]
means = tf.reduce_mean(f, axis=(1, 2), keepdims=True)
centred = gram(f - means)[0]
m = tf.reshape(means, [-1, 1])
agree = np.allclose(
    gram(f)[0], centred + m @ tf.transpose(m), rtol=1e-3, atol=1e-3
)
print("gram = covariance + product of the means:", agree)
# --8<-- [end:solution-shift]
