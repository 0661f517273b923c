"""MirroredStrategy: replicas, global batch, scope, BatchNormalization, dropout, last batches."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

# Stands for a machine with four GPUs: one CPU, cut into four devices.
cpu = tf.config.list_physical_devices("CPU")[0]
quarters = [tf.config.LogicalDeviceConfiguration()] * 4
tf.config.set_logical_device_configuration(cpu, quarters)

strategy = tf.distribute.MirroredStrategy()
with strategy.scope():
    model = tf.keras.Sequential([tf.keras.Input([3]), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse")

x = np.random.default_rng(0).normal(size=(256, 3)).astype("float32")
y = x.sum(axis=1, keepdims=True)
history = model.fit(x, y, batch_size=32, epochs=3, shuffle=False, verbose=0)
print("replicas:", strategy.num_replicas_in_sync)
print("loss:", [f"{loss:.2f}" for loss in history.history["loss"]])
# --8<-- [end:smallest]

# --8<-- [start:copies]
for copy in strategy.experimental_local_results(model.layers[0].kernel.value):
    print(copy.device[-5:], copy.numpy().ravel().round(4))
# --8<-- [end:copies]

# --8<-- [start:batch]
numbers = tf.data.Dataset.range(20).batch(8)
for batch in strategy.experimental_distribute_dataset(numbers):
    parts = strategy.experimental_local_results(batch)
    print([part.numpy().tolist() for part in parts])
# --8<-- [end:batch]

# --8<-- [start:study]
import functools

from tfnotes import data

fashion = data.fashion_mnist()
images = fashion.x_train[:1024] / np.float32(255)
labels = fashion.y_train[:1024]


@functools.cache  # one training is used twice below
def train(replicas, batch_size, learning_rate, count=1024, epochs=6):
    """The same first weights and the same order of the images every time."""
    devices = [f"CPU:{number}" for number in range(replicas)]
    one_place = tf.distribute.ReductionToOneDevice()
    strategy = tf.distribute.MirroredStrategy(devices, one_place)
    tf.keras.utils.set_random_seed(0)
    with strategy.scope():
        model = tf.keras.Sequential(
            [
                tf.keras.Input([28, 28]),
                tf.keras.layers.Flatten(),
                tf.keras.layers.Dense(32, activation="relu"),
                tf.keras.layers.Dense(10),
            ]
        )
        model.compile(
            tf.keras.optimizers.SGD(learning_rate),
            tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
    chosen = images[:count], labels[:count]
    settings = dict(epochs=epochs, shuffle=False, verbose=0)
    history = model.fit(*chosen, batch_size, **settings)
    return history.history["loss"], model.get_weights()


# --8<-- [end:study]


# --8<-- [start:same]
def difference(ours, theirs):
    return max(np.abs(a - b).max() for a, b in zip(ours, theirs))


one, weights_of_one = train(1, 32, 0.1)
two, weights_of_two = train(2, 32, 0.1)
four, weights_of_four = train(4, 32, 0.1)
print(
    "two replicas equal one: ",
    difference(weights_of_one, weights_of_two) < 1e-5,
)
print(
    "four replicas equal one:",
    difference(weights_of_one, weights_of_four) < 1e-5,
)
# --8<-- [end:same]

# --8<-- [start:curves]
import matplotlib.pyplot as plt

# On one device, since four replicas with the same batch compute the same.
figure, axes = plt.subplots(1, 2, figsize=(6.8, 3.2), sharey=True)
for ax, rate in zip(axes, (0.02, 0.1)):
    for name, line, settings in [
        ("batch 32", "-", (32, rate)),
        ("batch 128", "--", (128, rate)),
        ("batch 128, rate × 4", ":", (128, 4 * rate)),
    ]:
        losses, _ = train(1, *settings)
        ax.plot(range(1, 7), losses, line, lw=2, label=name)
        print(f"rate {rate}, {name:19} last loss {losses[-1]:.2f}")
    ax.set(title=f"learning rate {rate}", xlabel="epoch", ylim=(0, 4))
    ax.set(xticks=range(1, 7), yticks=range(5))
axes[1].plot(range(1, 7), four, "o", label="4 replicas, batch 32")
axes[0].set_ylabel("training loss")
axes[1].legend()
# --8<-- [end:curves]

import contextlib

# --8<-- [start:outside]
outside = tf.keras.Sequential([tf.keras.Input([3]), tf.keras.layers.Dense(1)])
with strategy.scope():
    outside.compile("sgd", "mse")
# --8<-- [end:outside]
with contextlib.suppress(AssertionError):
    # --8<-- [start:outside-fit]
    outside.fit(x, y, verbose=0)
    # --8<-- [end:outside-fit]

adam = tf.keras.optimizers.Adam()
with contextlib.suppress(RuntimeError):
    # --8<-- [start:optimizer-outside]
    adam = tf.keras.optimizers.Adam()
    with strategy.scope():
        inside = tf.keras.Sequential(
            [tf.keras.Input([3]), tf.keras.layers.Dense(1)]
        )
        inside.compile(adam, "mse")
    inside.fit(x, y, verbose=0)
    # --8<-- [end:optimizer-outside]

# --8<-- [start:norm]
halves = tf.data.Dataset.from_tensor_slices([[0.0], [2.0], [10.0], [12.0]])
halves = halves.batch(4)
pair = tf.distribute.MirroredStrategy(
    ["CPU:0", "CPU:1"], tf.distribute.ReductionToOneDevice()
)


def per_replica(layer, strategy, dataset):
    @tf.function
    def step(batch):
        return strategy.run(lambda part: layer(part, training=True), (batch,))

    batch = next(iter(strategy.experimental_distribute_dataset(dataset)))
    parts = strategy.experimental_local_results(step(batch))
    return [[round(float(v), 1) for v in tf.reshape(p, [-1])] for p in parts]


for synchronized in (False, True):
    with pair.scope():
        norm = tf.keras.layers.BatchNormalization(
            synchronized=synchronized, momentum=0.0
        )
        norm.build([None, 1])
    print(f"synchronized={synchronized}:", per_replica(norm, pair, halves))
    kept = pair.experimental_local_results(norm.moving_mean.value)
    print("  mean kept on each device:", [float(mean[0]) for mean in kept])
    print("  in get_weights:", float(norm.get_weights()[2][0]))
# --8<-- [end:norm]

# --8<-- [start:dropout]
ones = tf.data.Dataset.from_tensor_slices(tf.ones([2, 8])).batch(2)
with pair.scope():
    dropout = tf.keras.layers.Dropout(0.5, seed=1)
for name, layer in {
    "Dropout": dropout,
    "tf.nn.dropout": lambda part, training: tf.nn.dropout(part, 0.5),
}.items():
    first, second = per_replica(layer, pair, ones)
    print(f"{name:14}", "same mask on both:", first == second)
# --8<-- [end:dropout]

# --8<-- [start:last]
for count in (256, 226, 225):
    _, alone = train(1, 32, 0.1, count, epochs=1)
    _, shared = train(2, 32, 0.1, count, epochs=1)
    last = count % 32
    print(f"last batch {last:2}: equal {difference(alone, shared) < 1e-5}")
# --8<-- [end:last]

# --8<-- [start:cost]
parameters = sum(weight.size for weight in weights_of_one)
for replicas in (2, 4, 8):
    sent = 2 * (replicas - 1) / replicas * parameters * 4
    print(f"{replicas} replicas: each sends {sent / 1e3:.0f} kB per step")
# --8<-- [end:cost]

with contextlib.suppress(ImportError):
    # --8<-- [start:then]
    from tensorflow.keras.utils import multi_gpu_model
    # --8<-- [end:then]

# --8<-- [start:solution-parts]
thousand = tf.data.Dataset.range(1000).batch(64)
spread = list(strategy.experimental_distribute_dataset(thousand))
parts = strategy.experimental_local_results(spread[-1])
print("steps", len(spread), "last parts", [len(part) for part in parts])
# --8<-- [end:solution-parts]

# --8<-- [start:solution-drop]
thousand = tf.data.Dataset.range(1000).batch(64, drop_remainder=True)
spread = list(strategy.experimental_distribute_dataset(thousand))
sizes = {
    len(part)
    for batch in spread
    for part in strategy.experimental_local_results(batch)
}
print("steps", len(spread), "sizes of parts", sizes)
# --8<-- [end:solution-drop]

with contextlib.suppress(tf.errors.InternalError):
    # --8<-- [start:solution-two]
    smaller = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with smaller.scope():
        second = tf.keras.Sequential(
            [tf.keras.Input([3]), tf.keras.layers.Dense(1)]
        )
        second.compile("sgd", "mse")
    second.fit(x, y, verbose=0)
    # --8<-- [end:solution-two]
