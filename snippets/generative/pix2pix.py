"""pix2pix on generated pairs: L1 alone, with the discriminator, and without L1."""

# --8<-- [start:pairs]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes.draw.plotting import show_images

layers = tf.keras.layers


def make_pairs(count, seed):
    """A plan, and an image of it: the plan does not say where stripes begin."""
    random = np.random.default_rng(seed)
    row, column = np.mgrid[0:24, 0:24]
    plans = np.zeros([count, 24, 24, 3], np.float32)
    images = np.full([count, 24, 24, 3], 0.6, np.float32)
    for plan, image in zip(plans, images):
        high, wide = random.integers(8, 16, size=2)
        top, left = random.integers(1, 23 - high), random.integers(1, 23 - wide)
        box = (row >= top) & (row < top + high)
        box &= (column >= left) & (column < left + wide)
        disc = (
            np.hypot(
                row - random.integers(6, 18), column - random.integers(6, 18)
            )
            < 5
        )
        stripes = (row + random.integers(4)) % 4 < 2
        plan[..., 2] = 1
        for where, colour, channel in (
            (box, [0.9, 0.3, 0.2], 0),
            (disc, [0.2, 0.4, 0.9], 1),
        ):
            plan[where] = np.eye(3)[channel]
            image[where] = colour
        image[box & ~disc & stripes] = [0.3, 0.1, 0.1]
    return plans, images * 2 - 1


plans, images = make_pairs(600, seed=0)
new_plans, new_images = make_pairs(64, seed=1)
show_images([*new_plans[:6], *(new_images[:6] / 2 + 0.5)], columns=6)
# --8<-- [end:pairs]


# --8<-- [start:generator]
def down(x, channels):
    x = layers.Conv2D(channels, 4, strides=2, padding="same", use_bias=False)(x)
    return layers.LeakyReLU(negative_slope=0.2)(layers.BatchNormalization()(x))


def up(x, channels):
    x = layers.Conv2DTranspose(channels, 4, 2, "same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def make_generator(skips=True):
    inputs = tf.keras.Input([24, 24, 3])
    half = down(inputs, 16)
    quarter = down(half, 32)
    x = up(down(quarter, 48), 32)
    x = layers.Dropout(0.5)(x)
    if skips:
        x = layers.Concatenate()([x, quarter])
    x = up(x, 16)
    if skips:
        x = layers.Concatenate()([x, half])
    x = layers.Conv2DTranspose(16, 4, 2, "same", activation="relu")(x)
    if skips:
        x = layers.Concatenate()([x, inputs])
    outputs = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    return tf.keras.Model(inputs, outputs)


def make_discriminator():
    plan, image = tf.keras.Input([24, 24, 3]), tf.keras.Input([24, 24, 3])
    x = layers.Concatenate()([plan, image])
    for channels in (24, 48):
        x = layers.Conv2D(channels, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    scores = layers.Conv2D(1, 3, padding="same")(x)
    return tf.keras.Model([plan, image], scores)


print("the generator returns", make_generator().output_shape)
print("the discriminator returns", make_discriminator().output_shape)
# --8<-- [end:generator]


# --8<-- [start:patch]
judge = make_discriminator()
image = tf.constant(new_images[:1])
with tf.GradientTape() as tape:
    tape.watch(image)
    score = judge([tf.constant(new_plans[:1]), image])[0, 3, 3, 0]
seen = np.argwhere(tape.gradient(score, image)[0, ..., 0] != 0)
print("one score looks at", seen.max(0) - seen.min(0) + 1, "pixels")
# --8<-- [end:patch]


# --8<-- [start:step]
def cross_entropy(label, logits):
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
    )


def train(distance, adversarial, steps=500, seed=0, skips=True):
    """Weights of the two terms: L1 distance to the partner, discriminator."""
    tf.keras.utils.set_random_seed(seed)
    generator, discriminator = make_generator(skips), make_discriminator()
    forge, judge = (tf.keras.optimizers.Adam(0.002, 0.5) for _ in range(2))

    @tf.function
    def step(plan, real):
        with tf.GradientTape(persistent=True) as tape:
            fake = generator(plan, training=True)
            off = tf.reduce_mean(abs(real - fake))
            loss = distance * off
            if adversarial:
                on_real = discriminator([plan, real])
                on_fake = discriminator([plan, fake])
                loss += adversarial * cross_entropy(1.0, on_fake)
                doubt = cross_entropy(1.0, on_real) + cross_entropy(
                    0.0, on_fake
                )
        variables = generator.trainable_variables
        forge.apply(tape.gradient(loss, variables), variables)
        if adversarial:
            variables = discriminator.trainable_variables
            judge.apply(tape.gradient(doubt, variables), variables)

    random = np.random.default_rng(seed)
    for _ in range(steps):
        chosen = random.integers(0, len(plans), 8)
        step(tf.constant(plans[chosen]), tf.constant(images[chosen]))
    return generator


# --8<-- [end:step]


# --8<-- [start:measure]
def measure(made):
    """L1 to the partner, and how strong the stripes are (1: as in the images)."""
    off = np.abs(made - new_images).mean()
    boxes = new_plans[..., 0] > 0
    inside = boxes[:, 1:] & boxes[:, :-1]

    def edges(images):
        return np.abs(np.diff(images, axis=1))[inside].mean()

    return off, edges(made) / edges(new_images)


def make(generator, training=True):
    tf.keras.utils.set_random_seed(0)
    return generator(new_plans, training=training).numpy()


blurred = train(distance=1.0, adversarial=0.0, steps=300)
print("L1 only: off by {:.2f}, stripes {:.1f}".format(*measure(make(blurred))))
# --8<-- [end:measure]

# --8<-- [start:both]
sharp = train(distance=1.0, adversarial=0.1)
print("both:    off by {:.2f}, stripes {:.1f}".format(*measure(make(sharp))))
# --8<-- [end:both]

# --8<-- [start:free]
free = train(distance=0.0, adversarial=0.1)
print("no L1:   off by {:.2f}, stripes {:.1f}".format(*measure(make(free))))
rows = new_images, make(blurred), make(sharp), make(free)
show_images([image / 2 + 0.5 for row in rows for image in row[:6]], columns=6)
# --8<-- [end:free]

# --8<-- [start:modes]
for training in (True, False):
    made = make(sharp, training)
    print(
        f"training={training}: off by {{:.2f}}, stripes {{:.1f}}".format(
            *measure(made)
        )
    )
one = new_plans[:1]
draws = np.stack([sharp(one, training=True)[0] for _ in range(8)])
print(f"eight draws for one plan differ by {draws.std(0).mean():.3f}")
# --8<-- [end:modes]

# --8<-- [start:solution-skips]
bare = train(1.0, 0.0, steps=300, skips=False)
print(f"with skips: off by {measure(make(blurred))[0]:.2f}")
print(f"without:    off by {measure(make(bare))[0]:.2f}")
# --8<-- [end:solution-skips]

# --8<-- [start:solution-median]
values = np.array([-0.4, 0.8])  # dark and light stripe
answers = np.linspace(-0.4, 0.8, 5)
for name, power in (("L1", 1), ("L2", 2)):
    losses = [(np.abs(values - a) ** power).mean() for a in answers]
    print(name, np.round(losses, 2))
# --8<-- [end:solution-median]
