"""CycleGAN on generated images: with and without the cycle, and what it hides."""

# --8<-- [start:images]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes.draw.plotting import show_images

layers = tf.keras.layers


def make_boxes(count, seed):
    """The same boxes twice: warm ones of any hue, and blue ones in the dark."""
    random = np.random.default_rng(seed)
    warm = np.full([count, 16, 16, 3], 0.9, np.float32)
    blue = np.full([count, 16, 16, 3], 0.1, np.float32)
    inside = np.zeros([count, 16, 16], bool)
    hues = random.uniform(0, 1, count)
    for i in range(count):
        high, wide = random.integers(5, 9, size=2)
        top, left = random.integers(0, 17 - high), random.integers(0, 17 - wide)
        inside[i, top : top + high, left : left + wide] = True
        warm[i][inside[i]] = [0.9, hues[i] * 0.8, 0.1]
        blue[i][inside[i]] = [0.1, 0.4, 0.9]
    return warm * 2 - 1, blue * 2 - 1, inside, hues


warm, _, _, _ = make_boxes(1000, seed=0)
_, blue, _, _ = make_boxes(1000, seed=1)  # other boxes: there are no pairs
new_warm, new_blue, inside, hues = make_boxes(128, seed=2)
show_images([*(new_warm[:6] / 2 + 0.5), *(blue[:6] / 2 + 0.5)], columns=6)
# --8<-- [end:images]


# --8<-- [start:networks]
def block(layer, *options):
    return [
        layer(*options, padding="same", use_bias=False),
        layers.GroupNormalization(4),
        layers.ReLU(),
    ]


def make_translator():
    inputs = tf.keras.Input([16, 16, 3])
    x = inputs
    for layer in (
        *block(layers.Conv2D, 16, 4, 2),
        *block(layers.Conv2D, 32, 3, 1),
        *block(layers.Conv2DTranspose, 16, 4, 2),
    ):
        x = layer(x)
    x = layers.Concatenate()([x, inputs])
    outputs = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    return tf.keras.Model(inputs, outputs)


def make_judge():
    return tf.keras.Sequential(
        [
            tf.keras.Input([16, 16, 3]),
            layers.Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


# --8<-- [end:networks]


# --8<-- [start:train]
def overlap(made):
    """Box found (where blue is strong) and box meant: intersection / union."""
    found = made[..., 2] > 0
    both = (found & inside).sum((1, 2))
    return (both / (found | inside).sum((1, 2))).mean()


def train(cycle, seed=0, steps=450):
    tf.keras.utils.set_random_seed(seed)
    to_blue, to_warm = make_translator(), make_translator()
    judge_blue, judge_warm = make_judge(), make_judge()
    translators = to_blue.trainable_variables + to_warm.trainable_variables
    judges = judge_blue.trainable_variables + judge_warm.trainable_variables
    forge, judge = (tf.keras.optimizers.Adam(0.002, 0.5) for _ in range(2))

    @tf.function
    def step(a, b):
        with tf.GradientTape(persistent=True) as tape:
            fake_b, fake_a = to_blue(a), to_warm(b)
            back = abs(to_warm(fake_b) - a), abs(to_blue(fake_a) - b)
            back = tf.reduce_mean(back[0]) + tf.reduce_mean(back[1])
            fooled = tf.reduce_mean((judge_blue(fake_b) - 1) ** 2)
            fooled += tf.reduce_mean((judge_warm(fake_a) - 1) ** 2)
            doubt = tf.reduce_mean((judge_blue(b) - 1) ** 2)
            doubt += tf.reduce_mean((judge_warm(a) - 1) ** 2)
            doubt += tf.reduce_mean(judge_blue(fake_b) ** 2)
            doubt += tf.reduce_mean(judge_warm(fake_a) ** 2)
            loss = fooled + cycle * back
        forge.apply(tape.gradient(loss, translators), translators)
        judge.apply(tape.gradient(doubt, judges), judges)

    random = np.random.default_rng(seed)
    curve = []
    for done in range(1, steps + 1):
        a, b = random.integers(0, 1000, size=[2, 8])
        step(tf.constant(warm[a]), tf.constant(blue[b]))
        if done % 50 == 0:
            curve.append(overlap(to_blue(new_warm).numpy()))
    return to_blue, to_warm, curve


# --8<-- [end:train]


# --8<-- [start:measure]
def hue_of(images):
    return np.array([i[where][:, 1].mean() for i, where in zip(images, inside)])


def agreement(images):
    """Correlation of the hues with those of the boxes we started from."""
    return np.corrcoef(hue_of(images), hues)[0, 1]


def report(to_blue, to_warm, curve):
    made = to_blue(new_warm).numpy()
    back = to_warm(made).numpy()
    print(f"box in place: {overlap(made):.2f}")
    print(f"way back off by {np.abs(back - new_warm).mean():.2f}")
    print(f"hue after the way back, correlation: {agreement(back):.2f}")
    return made, back


without = train(cycle=0.0)
made_without, back_without = report(*without)
# --8<-- [end:measure]

# --8<-- [start:cycle]
whole = train(cycle=10.0)
made, back = report(*whole)
rows = new_warm, made_without, back_without, made, back
show_images([image / 2 + 0.5 for row in rows for image in row[:6]], columns=6)
# --8<-- [end:cycle]

# --8<-- [start:curves]
figure, ax = plt.subplots(figsize=(4.6, 2.6))
for name, run in {"without": without, "with the cycle": whole}.items():
    ax.plot(range(50, 451, 50), run[2], ".-", label=name)
ax.set(xlabel="step", ylabel="box in place", ylim=(0, 1), xlim=(0, 450))
ax.legend()
# --8<-- [end:curves]

# --8<-- [start:hidden]
noise = np.random.default_rng(0).normal(size=made.shape).astype("float32")
for amount in (0.0, 0.1, 0.3, 1.0):
    noisy = whole[1](made + amount * noise).numpy()
    print(f"noise {amount}: correlation {agreement(noisy):.2f}")
honest = whole[1](new_blue).numpy()
print(f"true blue boxes: correlation {agreement(honest):.2f}")
# --8<-- [end:hidden]

# --8<-- [start:message]
order = np.argsort(hues)[::16]
figure, axes = plt.subplots(2, 1, figsize=(5, 1.8), layout="constrained")
strips = {"input": new_warm, "translation": made}
for ax, (name, images) in zip(axes, strips.items()):
    means = [images[i][inside[i]].mean(0) / 2 + 0.5 for i in order]
    ax.imshow(np.stack(means)[None], aspect="auto")
    ax.set(xticks=[], yticks=[], title=f"mean colour of the box, {name}")
# --8<-- [end:message]

# --8<-- [start:solution-other]
warm_made = whole[1](new_blue).numpy()
again = whole[0](warm_made).numpy()
print(f"blue to warm and back: off by {np.abs(again - new_blue).mean():.2f}")
print(f"spread of the hues: {hue_of(warm_made).std():.2f}")
print(f"of real warm boxes: {hue_of(new_warm).std():.2f}")
# --8<-- [end:solution-other]

# --8<-- [start:solution-field]
image = tf.constant(new_warm[:1])
with tf.GradientTape() as tape:
    tape.watch(image)
    pixel = tf.reduce_sum(whole[0](image)[0, 8, 8])
slope = tape.gradient(pixel, image)
share = tf.reduce_sum(abs(slope[0, 4:13, 4:13])) / tf.reduce_sum(abs(slope))
print(f"within 4 pixels: {float(share):.2f} of the slope")
# --8<-- [end:solution-field]
