"""A variational autoencoder: both terms of its loss, the latent plane, beta."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

mnist = data.mnist()
x = mnist.x_train[:3000].reshape(-1, 784).astype("float32") / 255
test_x = mnist.x_test[:300].reshape(-1, 784).astype("float32") / 255
test_y = mnist.y_test[:300]
layers = tf.keras.layers


def make_encoder(outputs):
    hidden = layers.Dense(256, activation="relu")
    return tf.keras.Sequential(
        [tf.keras.Input([784]), hidden, layers.Dense(outputs)]
    )


def make_decoder(latent=2):
    hidden = layers.Dense(256, activation="relu")
    return tf.keras.Sequential(
        [tf.keras.Input([latent]), hidden, layers.Dense(784)]
    )


# --8<-- [end:data]

# --8<-- [start:plain]
tf.keras.utils.set_random_seed(0)
encoder, decoder = make_encoder(2), make_decoder()
plain = tf.keras.Sequential([encoder, decoder])
loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
plain.compile(tf.keras.optimizers.Adam(0.002), loss)
plain.fit(x, x, epochs=12, batch_size=64, verbose=0)
codes = encoder.predict(test_x, verbose=0)
print(f"largest coordinate of a code: {np.abs(codes).max():.0f}")
draws = np.random.default_rng(0).normal(size=[16, 2]).astype("float32")
show_images(tf.sigmoid(decoder(draws)).numpy().reshape(-1, 28, 28))
# --8<-- [end:plain]

# --8<-- [start:sampling]
mean, deviation = tf.Variable(1.5), tf.Variable(0.5)
with tf.GradientTape() as tape:
    z = mean + deviation * tf.random.normal([200_000], seed=1)
    result = tf.reduce_mean(z**2)
slopes = tape.gradient(result, [mean, deviation])
print("by sampling:", [f"{float(slope):.2f}" for slope in slopes])
print("exact:      ", [f"{2 * float(v):.2f}" for v in (mean, deviation)])
# --8<-- [end:sampling]

# --8<-- [start:whose-noise]
with tf.GradientTape(persistent=True) as tape:
    by_numpy = np.random.default_rng(1).normal(mean.numpy(), 0.5, 1000)
    by_numpy = tf.reduce_mean(tf.constant(by_numpy, tf.float32) ** 2)
    by_tf = tf.random.normal([200_000], mean, deviation, seed=1)
    by_tf = tf.reduce_mean(by_tf**2)
print("NumPy:           ", tape.gradient(by_numpy, mean))
print(f"tf.random.normal: {float(tape.gradient(by_tf, mean)):.2f}")
# --8<-- [end:whose-noise]


# --8<-- [start:kl]
def kl_to_standard(mean, log_variance):
    """In nats, summed over the latent axes; one number an image."""
    terms = tf.exp(log_variance) + mean**2 - 1 - log_variance
    return 0.5 * tf.reduce_sum(terms, axis=-1)


def log_normal(z, mean, log_variance):
    terms = (z - mean) ** 2 / tf.exp(log_variance) + log_variance
    return -0.5 * tf.reduce_sum(terms + np.log(2 * np.pi), axis=-1)


m, v = tf.constant([0.8, -1.0]), tf.constant([-1.0, 0.3])
z = m + tf.exp(v / 2) * tf.random.normal([200_000, 2], seed=1)
difference = log_normal(z, m, v) - log_normal(z, 0.0, tf.zeros(2))
print(f"by sampling: {float(tf.reduce_mean(difference)):.2f} nats")
print(f"by formula:  {float(kl_to_standard(m, v)):.2f} nats")
# --8<-- [end:kl]


# --8<-- [start:model]
def pixel_loss(images, logits):
    each = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
    return tf.reduce_sum(each, axis=-1)


class VAE(tf.keras.Model):
    def __init__(self, latent=2, beta=1.0):
        super().__init__()
        self.encoder = make_encoder(2 * latent)
        self.decoder = make_decoder(latent)
        self.beta = beta

    def encode(self, images):
        return tf.split(self.encoder(images), 2, axis=-1)

    def terms(self, images):
        mean, log_variance = self.encode(images)
        noise = tf.random.normal(tf.shape(mean))
        z = mean + tf.exp(log_variance / 2) * noise
        pixels = tf.reduce_mean(pixel_loss(images, self.decoder(z)))
        return pixels, tf.reduce_mean(kl_to_standard(mean, log_variance))

    def train_step(self, images):
        with tf.GradientTape() as tape:
            pixels, kl = self.terms(images)
            loss = pixels + self.beta * kl
        slopes = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(slopes, self.trainable_variables)
        return {"pixels": pixels, "kl": kl}


# --8<-- [end:model]


# --8<-- [start:train]
def train(epochs=20, **options):
    tf.keras.utils.set_random_seed(0)
    vae = VAE(**options)
    vae.compile(tf.keras.optimizers.Adam(0.002))
    # The last batch is left out: it is smaller and weighs as much.
    batches = (
        tf.data.Dataset.from_tensor_slices(x).cache().shuffle(3000, seed=0)
    )
    batches = batches.batch(64, drop_remainder=True)
    return vae, vae.fit(
        batches, epochs=epochs, shuffle=False, verbose=0
    ).history


vae, history = train()
figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.5))
for ax, name, top in zip(axes, ("pixels", "kl"), (350, 8)):
    ax.plot(range(1, 21), history[name], marker=".")
    ax.set(title=f"{name}, nats an image", xlabel="epoch", ylim=(0, top))
# --8<-- [end:train]

# --8<-- [start:elbo]
pixels, kl = (float(term) for term in vae.terms(test_x))
print(f"pixels {pixels:.0f} + KL {kl:.1f} = {pixels + kl:.0f}")


def log_likelihood(vae, images, count):
    """Importance sampling: many draws from q, weighted by p / q."""
    m, v = vae.encode(images)
    z = m + tf.exp(v / 2) * tf.random.normal([count, *m.shape], seed=1)
    logits = tf.reshape(vae.decoder(tf.reshape(z, [-1, 2])), [count, -1, 784])
    weights = log_normal(z, 0.0, tf.zeros(2)) - log_normal(z, m, v)
    weights -= pixel_loss(tf.broadcast_to(images, logits.shape), logits)
    return tf.reduce_logsumexp(weights, axis=0) - np.log(count)


tf.keras.utils.set_random_seed(0)
for count in (1, 10, 100):
    bound = -float(tf.reduce_mean(log_likelihood(vae, test_x, count)))
    print(f"{count:3} draws: {bound:.1f} nats")
# --8<-- [end:elbo]

# --8<-- [start:plane]
steps = np.linspace(-2, 2, 12).astype("float32")
grid = np.stack(np.meshgrid(steps, steps[::-1]), -1).reshape(-1, 2)
drawn = tf.sigmoid(vae.decoder(grid)).numpy().reshape(12, 12, 28, 28)
means = vae.encode(test_x)[0]
figure, axes = plt.subplots(1, 2, figsize=(7, 3.5), layout="constrained")
dots = axes[0].scatter(*means.numpy().T, c=test_y, cmap="tab10", s=8)
axes[0].set(xlim=(-4, 4), ylim=(-4, 4), aspect="equal", title="test digits")
figure.colorbar(dots, ax=axes[0], ticks=range(10), shrink=0.8)
axes[1].imshow(
    drawn.transpose(0, 2, 1, 3).reshape(336, 336),
    cmap="gray",
    extent=(-2.2, 2.2, -2.2, 2.2),
)
axes[1].set(title="decoded plane", xticks=[-2, 0, 2], yticks=[-2, 0, 2])
# --8<-- [end:plane]

# --8<-- [start:samples]
print(f"largest coordinate of a mean: {np.abs(means).max():.0f}")
show_images(tf.sigmoid(vae.decoder(draws)).numpy().reshape(-1, 28, 28))
# --8<-- [end:samples]


# --8<-- [start:collapse]
class MeanOverPixels(VAE):
    def terms(self, images):
        pixels, kl = super().terms(images)
        return pixels / 784, kl  # what losses.BinaryCrossentropy returns


tf.keras.utils.set_random_seed(0)
collapsed = MeanOverPixels()
collapsed.compile(tf.keras.optimizers.Adam(0.002))
collapsed.fit(x, epochs=10, batch_size=64, verbose=0)
pixels, kl = (float(term) for term in collapsed.terms(test_x))
print(f"pixels {784 * pixels:.0f}, KL {kl:.2f} nats")
means = collapsed.encode(test_x[:8])[0]
restored = tf.sigmoid(collapsed.decoder(means)).numpy().reshape(-1, 28, 28)
show_images([*test_x[:8].reshape(-1, 28, 28), *restored])
# --8<-- [end:collapse]

# --8<-- [start:beta]
for beta in (0.1, 1.0, 4.0, 20.0):
    other, _ = train(epochs=10, beta=beta)
    pixels, kl = (float(term) for term in other.terms(test_x))
    print(
        f"beta {beta:4}: pixels {pixels:3.0f}, KL {kl:4.1f}, sum {pixels + kl:3.0f}"
    )
# --8<-- [end:beta]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:then]
    inputs = tf.keras.Input([784])
    m, v = layers.Dense(2)(inputs), layers.Dense(2)(inputs)
    old = tf.keras.Model(inputs, make_decoder()(m))
    old.add_loss(tf.reduce_mean(kl_to_standard(m, v)))
    # --8<-- [end:then]


# --8<-- [start:now]
class Sampling(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seeds = tf.keras.random.SeedGenerator(0)

    def call(self, inputs):
        mean, log_variance = inputs
        self.add_loss(tf.reduce_mean(kl_to_standard(mean, log_variance)))
        noise = tf.keras.random.normal(tf.shape(mean), seed=self.seeds)
        return mean + tf.exp(log_variance / 2) * noise


functional = tf.keras.Model(inputs, make_decoder()(Sampling()([m, v])))
functional.compile("adam", lambda a, b: tf.reduce_mean(pixel_loss(a, b)))
log = functional.fit(x[:640], x[:640], verbose=0).history
print("trained on", list(log))
# --8<-- [end:now]

# --8<-- [start:solution-path]
ends = [np.flatnonzero(test_y == digit)[0] for digit in (0, 1)]
start, end = vae.encode(test_x[ends])[0]
between = [start + t * (end - start) for t in np.linspace(0, 1, 8)]
path = tf.sigmoid(vae.decoder(tf.stack(between)))
show_images(path.numpy().reshape(-1, 28, 28))
# --8<-- [end:solution-path]

# --8<-- [start:solution-floor]
inside = np.clip(test_x, 1e-7, 1 - 1e-7)
entropy = -inside * np.log(inside) - (1 - inside) * np.log(1 - inside)
print(f"perfect reconstruction: {entropy.sum(1).mean():.0f} nats an image")
# --8<-- [end:solution-floor]

# --8<-- [start:solution-latent]
for latent in (4, 8):
    other, _ = train(epochs=10, latent=latent)
    pixels, kl = (float(term) for term in other.terms(test_x))
    print(
        f"{latent} axes: pixels {pixels:.0f}, KL {kl:.0f}, sum {pixels + kl:.0f}"
    )
# --8<-- [end:solution-latent]
