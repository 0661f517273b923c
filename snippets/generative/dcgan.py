"""A small DCGAN that works, one that collapses, and a number between them."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

mnist = data.mnist()
layers = tf.keras.layers


def halve(images):
    images = tf.cast(images[..., None], tf.float32) / 127.5 - 1
    return tf.nn.avg_pool2d(images, 2, 2, "VALID")


x = halve(mnist.x_train[:4000])
labels = tf.constant(mnist.y_train[:4000])
print(
    "14 by 14 pixels from",
    float(tf.reduce_min(x)),
    "to",
    float(tf.reduce_max(x)),
)
# --8<-- [end:data]


# --8<-- [start:networks]
def make_generator():
    up = {"strides": 2, "padding": "same", "use_bias": False}
    return tf.keras.Sequential(
        [
            tf.keras.Input([32]),
            layers.Dense(4 * 4 * 48, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape([4, 4, 48]),
            layers.Conv2DTranspose(24, 4, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Cropping2D(((0, 1), (0, 1))),
            layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh"),
        ]
    )


def make_discriminator():
    return tf.keras.Sequential(
        [
            tf.keras.Input([14, 14, 1]),
            layers.Conv2D(24, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dropout(0.3),
            layers.Conv2D(48, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


generator, discriminator = make_generator(), make_discriminator()
print(
    f"{generator.count_params():,} and {discriminator.count_params():,} weights"
)
# --8<-- [end:networks]


# --8<-- [start:step]
def cross_entropy(label, logits):
    labels = tf.fill(tf.shape(logits), label)
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
    )


class GAN(tf.keras.Model):
    def __init__(self, generator_steps=1):
        super().__init__()
        self.generator = make_generator()
        self.discriminator = make_discriminator()
        self.generator_steps = generator_steps

    def compile(self, rate=0.001, **kwargs):
        super().compile(**kwargs)
        Adam = tf.keras.optimizers.Adam
        self.optimizers = [Adam(rate, beta_1=0.5) for _ in range(2)]
        for optimizer, network in zip(self.optimizers, self.networks()):
            optimizer.build(network.trainable_variables)

    def networks(self):
        return self.generator, self.discriminator

    def improve(self, which, loss, tape):
        variables = self.networks()[which].trainable_variables
        slopes = tape.gradient(loss, variables)
        self.optimizers[which].apply(slopes, variables)

    def train_step(self, real):
        count = tf.shape(real)[0]
        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal([count, 32]), training=True)
            on_real = self.discriminator(real, training=True)
            on_fake = self.discriminator(fake, training=True)
            judge = cross_entropy(1.0, on_real) + cross_entropy(0.0, on_fake)
        self.improve(1, judge, tape)
        for _ in range(self.generator_steps):
            with tf.GradientTape() as tape:
                z = tf.random.normal([count, 32])
                fake = self.generator(z, training=True)
                on_fake = self.discriminator(fake, training=True)
                forger = cross_entropy(1.0, on_fake)
            self.improve(0, forger, tape)
        return {"discriminator": judge, "generator": forger}


# --8<-- [end:step]

# --8<-- [start:measure]
tf.keras.utils.set_random_seed(0)
reader = tf.keras.Sequential(
    [
        tf.keras.Input([14, 14, 1]),
        layers.Conv2D(16, 3, strides=2, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10),
    ]
)
reader.compile(
    "adam",
    tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
reader.fit(x, labels, epochs=8, batch_size=50, verbose=0)
held_out = halve(mnist.x_test[:300])
print(
    f"reader: {reader.evaluate(held_out, mnist.y_test[:300], verbose=0)[1]:.2f}"
)


def measure(images):
    """How many kinds of digits, and how different the images are."""
    digits = np.argmax(reader(images), axis=-1)
    share = np.bincount(digits, minlength=10) / len(digits)
    share = share[share > 0]
    kinds = np.exp(-(share * np.log(share)).sum())
    flat = tf.reshape(images, [len(images), -1])
    apart = tf.norm(flat[: len(flat) // 2] - flat[len(flat) // 2 :], axis=1)
    return kinds, float(tf.reduce_mean(apart))


print("real digits: {:.1f} kinds, {:.1f} apart".format(*measure(held_out)))
# --8<-- [end:measure]

# --8<-- [start:train]
fixed = tf.random.stateless_normal([300, 32], seed=(3, 4))


def train(rounds=8, seed=0, steps=60, rate=0.001, **options):
    tf.keras.utils.set_random_seed(seed)
    gan = GAN(**options)
    gan.compile(rate)
    batches = tf.data.Dataset.from_tensor_slices(x).shuffle(4000, seed=seed)
    batches = batches.repeat().batch(48)
    losses, kinds, shown = [], [], []
    for _ in range(rounds):
        history = gan.fit(
            batches, steps_per_epoch=steps, shuffle=False, verbose=0
        ).history
        losses.append([history[name][0] for name in history])
        drawn = gan.generator(fixed)
        kinds.append(measure(drawn))
        shown.append(drawn[:8] / 2 + 0.5)
    return gan, np.array(losses), np.array(kinds), shown


good = train()
print("{:.1f} kinds, {:.1f} apart".format(*good[2][-1]))
show_images(np.concatenate([good[3][i] for i in (0, 1, 3, 7)]))
# --8<-- [end:train]

# --8<-- [start:collapse]
bad = train(generator_steps=6, steps=9, rate=0.003)
print("{:.1f} kinds, {:.1f} apart".format(*bad[2][-1]))
show_images(np.concatenate([bad[3][i] for i in (0, 1, 3, 7)]))
# --8<-- [end:collapse]

# --8<-- [start:curves]
figure, axes = plt.subplots(2, 2, figsize=(6, 4.2), layout="constrained")
for column, (name, run) in zip(
    axes.T, {"works": good, "collapses": bad}.items()
):
    for losses, label in zip(run[1].T, ("discriminator", "generator")):
        column[0].plot(range(1, 9), losses, ".-", label=label)
    column[0].set(title=name, ylabel="loss", ylim=(0, 4))
    column[1].plot(range(1, 9), run[2][:, 0], ".-", color="C2")
    column[1].set(xlabel="round", ylabel="kinds of digits", ylim=(0, 10.5))
axes[0, 0].legend()
# --8<-- [end:curves]

# --8<-- [start:still]
import tf_keras


def learns_when_frozen_late(keras):
    inputs = keras.Input([14, 14, 1])
    flat = keras.layers.Flatten()(inputs)
    discriminator = keras.Model(inputs, keras.layers.Dense(1)(flat))
    discriminator.compile("adam", "mse")
    discriminator.trainable = False  # meant for the combined model
    before = discriminator.get_weights()[0]
    discriminator.train_on_batch(x[:32].numpy(), np.ones([32, 1]))
    return bool((discriminator.get_weights()[0] != before).any())


print("Keras 2, discriminator learns:", learns_when_frozen_late(tf_keras))
print("Keras 3, discriminator learns:", learns_when_frozen_late(tf.keras))
# --8<-- [end:still]

# --8<-- [start:mode]
z = fixed[:100]
alone = good[0].generator(z[:1], training=True)
among = good[0].generator(z, training=True)[:1]
print("training=True, same z alone and among 100:", end=" ")
print(f"{float(tf.norm(alone - among)):.1f} apart")
alone, among = good[0].generator(z[:1]), good[0].generator(z)[:1]
print(f"training=False: {float(tf.norm(alone - among)):.1f} apart")
# --8<-- [end:mode]

# --8<-- [start:saturate]
logits = tf.Variable([-6.0, -2.0, 0.0, 2.0])  # what the discriminator says
with tf.GradientTape(persistent=True) as tape:
    minimax = tf.reduce_sum(tf.math.log_sigmoid(-logits))  # log(1 - D)
    usual = tf.reduce_sum(-tf.math.log_sigmoid(logits))  # -log D
print("log(1 - D):", np.round(tape.gradient(minimax, logits), 3))
print("-log D:    ", np.round(tape.gradient(usual, logits), 3))
# --8<-- [end:saturate]

# --8<-- [start:solution-nearest]
drawn = good[0].generator(fixed[:8])
away = tf.norm(
    tf.reshape(drawn, [8, 1, -1]) - tf.reshape(x, [1, len(x), -1]), axis=-1
)
nearest = tf.gather(x, tf.argmin(away, axis=1))
near = tf.norm(
    tf.reshape(held_out[:8], [8, 1, -1]) - tf.reshape(x, [1, len(x), -1]),
    axis=-1,
)
print(
    f"samples to the nearest training image: {tf.reduce_min(away, 1).numpy().mean():.1f}"
)
print(
    f"new real digits to the nearest:        {tf.reduce_min(near, 1).numpy().mean():.1f}"
)
show_images(tf.concat([drawn, nearest], 0) / 2 + 0.5)
# --8<-- [end:solution-nearest]

# --8<-- [start:solution-path]
ends = fixed[1], fixed[2]
path = [ends[0] + t * (ends[1] - ends[0]) for t in np.linspace(0, 1, 8)]
show_images(good[0].generator(tf.stack(path)) / 2 + 0.5)
# --8<-- [end:solution-path]

# --8<-- [start:solution-guess]
print(f"guessing: {float(2 * cross_entropy(0.0, tf.zeros([4]))):.2f}")
for name, run in {"works": good, "collapses": bad}.items():
    print(f"{name}: discriminator {run[1][-1, 0]:.1f}")
# --8<-- [end:solution-guess]
