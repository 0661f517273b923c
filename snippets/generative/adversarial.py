"""Adversarial examples: one step, many steps, targets, transfer, training."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

mnist = data.mnist()
x = mnist.x_train[:4000, ..., None].astype("float32") / 255
y = mnist.y_train[:4000].astype("int32")
test_x = mnist.x_test[:300, ..., None].astype("float32") / 255
test_y = mnist.y_test[:300].astype("int32")
layers = tf.keras.layers
loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def make_network():
    return tf.keras.Sequential(
        [
            tf.keras.Input([28, 28, 1]),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 5, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def train(model, epochs=6):
    model.compile(tf.keras.optimizers.Adam(0.003), loss_of)
    model.fit(x, y, batch_size=50, epochs=epochs, verbose=0)
    return model


def accuracy(model, images):
    found = tf.argmax(model(images), axis=-1, output_type=tf.int32)
    return float(tf.reduce_mean(tf.cast(found == test_y, tf.float32)))


tf.keras.utils.set_random_seed(0)
model = train(make_network())
print(f"test accuracy {accuracy(model, test_x):.2f}")
# --8<-- [end:data]


# --8<-- [start:fgsm]
def fgsm(model, images, labels, epsilon):
    images = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(images)  # a constant is not watched by itself
        loss = loss_of(labels, model(images))
    direction = tf.sign(tape.gradient(loss, images))
    return tf.clip_by_value(images + epsilon * direction, 0, 1)


attacked = fgsm(model, test_x, test_y, 0.15)
noise = tf.sign(tf.random.stateless_normal(test_x.shape, seed=(1, 2)))
noisy = tf.clip_by_value(test_x + 0.15 * noise, 0, 1)
print(f"accuracy, random signs:      {accuracy(model, noisy):.2f}")
print(f"accuracy, signs of gradient: {accuracy(model, attacked):.2f}")
show_images([*test_x[:6], *noisy[:6], *attacked[:6]], columns=6)
# --8<-- [end:fgsm]


# --8<-- [start:no-watch]
def input_gradient(images, watch):
    with tf.GradientTape() as tape:
        if watch:
            tape.watch(images)
        loss = loss_of(test_y[:1], model(images))
    return tape.gradient(loss, images)


one = tf.constant(test_x[:1])
for watch in (False, True):
    print("watched", watch, type(input_gradient(one, watch)).__name__)
# --8<-- [end:no-watch]


# --8<-- [start:why]
def margin(images):
    """The score of the right digit minus the best score of another."""
    logits = model(images)
    right = tf.one_hot(
        test_y, 10, dtype=tf.bool, on_value=True, off_value=False
    )
    other = tf.reduce_max(tf.where(right, -1e9, logits), axis=-1)
    return tf.boolean_mask(logits, right) - other


images = tf.constant(test_x)
with tf.GradientTape() as tape:
    tape.watch(images)
    margins = margin(images)
slopes = tape.gradient(margins, images)
epsilon = 0.03
predicted = epsilon * tf.reduce_sum(abs(slopes), axis=[1, 2, 3])
actual = margins - margin(images - epsilon * tf.sign(slopes))
by_chance = margins - margin(images + epsilon * noise)
for name, drop in {
    "margin": margins,
    "predicted drop": predicted,
    "actual drop": actual,
    "random signs": abs(by_chance),
}.items():
    print(f"{name:15}{float(tf.reduce_mean(drop)):5.2f}")
# --8<-- [end:why]


# --8<-- [start:iterated]
@tf.function
def attack(model, images, labels, epsilon, steps, sign=1.0):
    """Many small steps, each taken back into the box around the original."""
    low = tf.maximum(images - epsilon, 0.0)
    high = tf.minimum(images + epsilon, 1.0)
    found = images
    for _ in tf.range(steps):
        with tf.GradientTape() as tape:
            tape.watch(found)
            loss = loss_of(labels, model(found))
        step = sign * epsilon / 4 * tf.sign(tape.gradient(loss, found))
        found = tf.clip_by_value(found + step, low, high)
    return found


epsilons = [0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3]


def curves(model):
    once = [accuracy(model, fgsm(model, images, test_y, e)) for e in epsilons]
    often = [
        accuracy(model, attack(model, images, test_y, tf.constant(e), 20))
        for e in epsilons
    ]
    return once, often


plain = curves(model)
figure, ax = plt.subplots(figsize=(4.6, 2.8))
ax.plot(epsilons, plain[0], "o-", label="one step (FGSM)")
ax.plot(epsilons, plain[1], "s-", label="20 steps (PGD)")
ax.set(xlabel="epsilon", ylabel="accuracy", ylim=(0, 1), xlim=(0, 0.3))
ax.legend()
print(f"at 0.1: one step {plain[0][3]:.2f}, 20 steps {plain[1][3]:.2f}")
# --8<-- [end:iterated]

# --8<-- [start:targeted]
start = images[:12]
epsilon = tf.constant(0.25)
reached = np.zeros([10, 12], bool)
for target in range(10):
    wanted = tf.fill([12], target)
    ended = attack(model, start, wanted, epsilon, 40, sign=-1.0)
    reached[target] = tf.argmax(model(ended), -1) == target
print(f"reached {reached.mean():.1%} of the targets")
kept = tf.constant(test_x[test_y == 0][:1])
turned = [
    attack(model, kept, tf.fill([1], t), epsilon, 40, sign=-1.0)[0]
    for t in range(10)
]
titles = [int(tf.argmax(model(image[None]), -1)[0]) for image in turned]
show_images(turned, titles, columns=5)
# --8<-- [end:targeted]

# --8<-- [start:transfer]
tf.keras.utils.set_random_seed(1)
victims = {
    "same network": model,
    "other seed": train(make_network()),
    "dense": train(
        tf.keras.Sequential(
            [
                tf.keras.Input([28, 28, 1]),
                layers.Flatten(),
                layers.Dense(128, activation="relu"),
                layers.Dense(10),
            ]
        )
    ),
}
strong = attack(model, images, test_y, tf.constant(0.15), 20)
for name, victim in victims.items():
    scores = [accuracy(victim, shown) for shown in (test_x, noisy, strong)]
    print(f"{name:13}" + "  ".join(f"{score:.2f}" for score in scores))
# --8<-- [end:transfer]


# --8<-- [start:defended]
class Hardened(tf.keras.Sequential):
    """Every batch is attacked before it is learnt."""

    epsilon, steps = 0.15, 5

    def train_step(self, batch):
        images, labels = batch
        epsilon = tf.constant(self.epsilon)
        images = attack(self, images, labels, epsilon, self.steps)
        return super().train_step((images, labels))


def go_on(network):
    """Train on from the weights that the plain network has reached."""
    tf.keras.utils.set_random_seed(0)
    network.set_weights(model.get_weights())
    return train(network)


longer = go_on(make_network())
hardened = go_on(Hardened(make_network().layers))
for name, network in {
    "plain": model,
    "plain, twice as long": longer,
    "hardened": hardened,
}.items():
    strong = attack(network, images, test_y, tf.constant(0.15), 20)
    scores = accuracy(network, strong), accuracy(network, test_x)
    print(f"{name}: attacked {{:.2f}}, clean {{:.2f}}".format(*scores))
# --8<-- [end:defended]

# --8<-- [start:defended-curves]
hard = curves(hardened)
figure, ax = plt.subplots(figsize=(4.6, 2.8))
ax.plot(epsilons, plain[1], "s-", label="plain, 20 steps")
ax.plot(epsilons, hard[0], "o-", label="hardened, one step")
ax.plot(epsilons, hard[1], "s-", label="hardened, 20 steps")
ax.axvline(Hardened.epsilon, color="gray", ls=":")
ax.set(xlabel="epsilon", ylabel="accuracy", ylim=(0, 1), xlim=(0, 0.3))
ax.legend()
# --8<-- [end:defended-curves]

# --8<-- [start:rounding]
rounded = np.round(test_x)


def rounding(images):
    return model(tf.round(images))


with tf.GradientTape() as tape:
    tape.watch(images)
    loss = loss_of(test_y, rounding(images))
print("gradient through tf.round:", tape.gradient(loss, images))
# --8<-- [end:rounding]

# --8<-- [start:rounding-broken]
strong = attack(model, images, test_y, tf.constant(0.15), 20)
print(f"rounded, attack on the plain network: {accuracy(rounding, strong):.2f}")


@tf.custom_gradient
def round_with_slope(images):
    return tf.round(images), lambda upstream: upstream


def seen_through(images):
    return model(round_with_slope(images))


for epsilon in (0.15, 0.45, 0.55):
    strong = attack(seen_through, images, test_y, tf.constant(epsilon), 20)
    print(f"slope pretended, {epsilon}: {accuracy(rounding, strong):.2f}")
# --8<-- [end:rounding-broken]

# --8<-- [start:solution-label]
logits = model(test_x)
own = tf.argmax(logits, axis=-1, output_type=tf.int32)
with_truth = accuracy(model, fgsm(model, test_x, test_y, 0.1))
with_own = accuracy(model, fgsm(model, test_x, own, 0.1))
print(f"true labels {with_truth:.2f}, the network's own {with_own:.2f}")
# --8<-- [end:solution-label]


# --8<-- [start:solution-euclid]
def euclid(model, images, labels, length):
    with tf.GradientTape() as tape:
        tape.watch(images)
        loss = loss_of(labels, model(images))
    slope = tape.gradient(loss, images)
    norm = tf.norm(tf.reshape(slope, [len(slope), -1]), axis=1)
    step = length * slope / (norm[:, None, None, None] + 1e-12)
    return tf.clip_by_value(images + step, 0, 1)


def lengths(changed):
    return tf.norm(tf.reshape(changed - images, [len(images), -1]), axis=1)


once = fgsm(model, images, test_y, 0.1)
length = float(tf.reduce_mean(lengths(once)))
same_length = euclid(model, images, test_y, length)
print(f"signs:    accuracy {accuracy(model, once):.2f}")
print(f"gradient: accuracy {accuracy(model, same_length):.2f}")
largest = float(tf.reduce_max(abs(same_length - images)))
print(f"largest change of a pixel: {largest:.1f} instead of 0.1")
# --8<-- [end:solution-euclid]
