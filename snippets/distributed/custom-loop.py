"""A distributed training loop: per-replica values, loss scaling, iterators, uneven batches."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
strategy = tf.distribute.MirroredStrategy()
tf.get_logger().setLevel("ERROR")  # no advice on speed for what is small here

dataset = tf.data.Dataset.from_tensor_slices([1.0, 2.0, 3.0, 10.0]).batch(4)
batch = next(iter(strategy.experimental_distribute_dataset(dataset)))
means = strategy.run(tf.reduce_mean, args=(batch,))
parts = strategy.experimental_local_results(batch)
print("what each replica has:", [part.numpy().tolist() for part in parts])
print("what run returns:     ", type(means).__name__)
print("on one:", [float(m) for m in strategy.experimental_local_results(means)])
print("together:", float(strategy.reduce("SUM", means, axis=None)))
# --8<-- [end:smallest]

# --8<-- [start:model]
rng = np.random.default_rng(0)
x = rng.normal(size=(256, 3)).astype("float32")
y = x @ np.array([[1.0], [-2.0], [0.5]], "float32") + 1
GLOBAL_BATCH = 32
examples = tf.data.Dataset.from_tensor_slices((x, y)).batch(GLOBAL_BATCH)


def make_model(learning_rate, optimizer=tf.keras.optimizers.SGD):
    model = tf.keras.Sequential(
        [
            tf.keras.Input([3]),
            tf.keras.layers.Dense(1, kernel_initializer="zeros"),
        ]
    )
    optimizer = optimizer(learning_rate)
    optimizer.build(model.trainable_variables)
    return model, optimizer


# --8<-- [end:model]


# --8<-- [start:loop]
def right(errors):
    return tf.nn.compute_average_loss(errors, global_batch_size=GLOBAL_BATCH)


def make_step(strategy, model, optimizer, scale):
    def replica_step(x, y):
        with tf.GradientTape() as tape:
            errors = tf.square(model(x, training=True) - y)[:, 0]
            loss = scale(errors)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    @tf.function
    def step(x, y):
        losses = strategy.run(replica_step, args=(x, y))
        return strategy.reduce("SUM", losses, axis=None)

    return step


def train(strategy, scale, learning_rate, dataset=examples, epochs=1, **more):
    with strategy.scope():
        model, optimizer = make_model(learning_rate, **more)
    step = make_step(strategy, model, optimizer, scale)
    losses = []
    for _ in range(epochs):
        for x, y in strategy.experimental_distribute_dataset(dataset):
            losses.append(float(step(x, y)))
    return losses, model.get_weights()


# --8<-- [end:loop]


# --8<-- [start:same]
def difference(ours, theirs):
    return max(np.abs(a - b).max() for a, b in zip(ours, theirs))


single = tf.distribute.get_strategy()  # the default: no distribution
losses, weights = train(strategy, right, 0.1)
expected_losses, expected = train(single, right, 0.1)
print("weights equal:", difference(weights, expected) < 1e-6)
print("losses equal: ", np.allclose(losses, expected_losses))
# --8<-- [end:same]


# --8<-- [start:wrong]
def wrong(errors):
    return tf.reduce_mean(errors)  # over the share, not over the global batch


_, weights = train(strategy, wrong, 0.1)
for learning_rate in (0.1, 0.2):
    _, alone = train(single, right, learning_rate)
    equal = difference(weights, alone) < 1e-6
    print(f"equals one device with learning rate {learning_rate}: {equal}")
# --8<-- [end:wrong]

# --8<-- [start:picture]
import matplotlib.pyplot as plt

rates = (0.2, 0.6)
figure, axes = plt.subplots(1, 3, figsize=(7.2, 2.8), sharey=True)
runs = [(f"SGD, rate {rate}", dict(learning_rate=rate)) for rate in rates]
adam = dict(learning_rate=0.1, optimizer=tf.keras.optimizers.Adam)
runs.append(("Adam, rate 0.1", adam))
for ax, (title, settings) in zip(axes, runs):
    for name, scale, line in (("right", right, "-"), ("wrong", wrong, "--")):
        losses, _ = train(strategy, scale, epochs=2, **settings)
        share = 1 if scale is right else 2  # the sum of two means
        ax.plot(np.array(losses) / share, line, label=name)
    ax.set(title=title, xlabel="step", xlim=(0, 15), xticks=[0, 5, 10, 15])
    ax.set(yscale="log", ylim=(1e-4, 1e4), yticks=[1e-4, 1e-2, 1, 1e2, 1e4])
axes[0].set_ylabel("mean squared error")
axes[0].legend()
# --8<-- [end:picture]

# --8<-- [start:keras-loss]
y_true, y_pred = tf.constant([[0.0], [0.0]]), tf.constant([[1.0], [3.0]])
for reduction in ("sum_over_batch_size", "none"):
    loss = tf.keras.losses.MeanSquaredError(reduction=reduction)
    value = strategy.run(lambda: loss(y_true, y_pred))
    parts = strategy.experimental_local_results(value)
    print(f"{reduction:20}", parts[0].numpy(), "on each replica")
# --8<-- [end:keras-loss]

# --8<-- [start:uneven-values]
three = tf.data.Dataset.from_tensor_slices([0.0, 0.0, 9.0]).batch(3)
batch = next(iter(strategy.experimental_distribute_dataset(three)))
means = strategy.run(tf.reduce_mean, args=(batch,))
print(
    "MEAN of the two means:", float(strategy.reduce("MEAN", means, axis=None))
)
print("MEAN over axis 0:     ", float(strategy.reduce("MEAN", batch, axis=0)))
# --8<-- [end:uneven-values]


# --8<-- [start:uneven]
def by_count(errors):
    """Divides by the number of examples that this step has on all replicas."""
    count = tf.cast(tf.size(errors), tf.float32)
    context = tf.distribute.get_replica_context()
    return tf.reduce_sum(errors) / context.all_reduce("SUM", count)


for scale in (right, by_count):
    for count in (64 + 32, 64 + 3, 64 + 1):
        few = tf.data.Dataset.from_tensor_slices((x[:count], y[:count]))
        few = few.batch(GLOBAL_BATCH)
        _, weights = train(strategy, scale, 0.1, few)
        _, alone = train(
            single, lambda errors: tf.reduce_mean(errors), 0.1, few
        )
        gap = difference(weights, alone)
        last = count % GLOBAL_BATCH or GLOBAL_BATCH
        print(f"{scale.__name__:9} last batch {last:2}: equal {gap < 1e-6}")
# --8<-- [end:uneven]

# --8<-- [start:iterators]
import warnings

warnings.filterwarnings("ignore", "To make it possible")  # on dataset options
with strategy.scope():
    model, optimizer = make_model(0.1)
step = make_step(strategy, model, optimizer, right)
distributed = strategy.experimental_distribute_dataset(examples)


@tf.function
def epoch_inside():
    total, steps = 0.0, 0
    for x, y in distributed:  # a loop in the graph
        total += step(x, y)
        steps += 1
    return total / tf.cast(steps, tf.float32)


@tf.function
def some_steps(iterator, steps):
    for _ in tf.range(steps):
        loss = step(*next(iterator))
    return loss


iterator = iter(distributed)
print(f"outside: one step       {float(step(*next(iterator))):.2f}")
print(f"iterator inside: 5 more {float(some_steps(iterator, 5)):.2f}")
print(f"whole epoch inside      {float(epoch_inside()):.2f}")
# --8<-- [end:iterators]

import contextlib

with contextlib.suppress(tf.errors.OutOfRangeError):
    # --8<-- [start:end-inside]
    iterator = iter(distributed)
    some_steps(iterator, 9)
    # --8<-- [end:end-inside]

with contextlib.suppress(StopIteration):
    # --8<-- [start:end-outside]
    iterator = iter(distributed)
    for _ in range(9):
        next(iterator)
    # --8<-- [end:end-outside]

# --8<-- [start:retrace]
traces = 0


@tf.function
def counted(iterator):
    global traces
    traces += 1
    return step(*next(iterator))


for _ in range(3):
    counted(iter(distributed))
print("three iterators, traces:", traces)
# --8<-- [end:retrace]


# --8<-- [start:clip]
def clipped_step(rows):
    with tf.GradientTape() as tape:
        loss = right(-model(rows)[:, 0])
    gradient = tape.gradient(loss, model.trainable_variables[0])
    optimizer.apply([gradient], model.trainable_variables[:1])
    return tf.norm(gradient)


rows = np.repeat([[1.0, 0, 0], [9.0, 0, 0]], 16, axis=0).astype("float32")
for clip in (None, 1.0):
    with strategy.scope():
        model, _ = make_model(1.0)
        optimizer = tf.keras.optimizers.SGD(1.0, global_clipnorm=clip)
        optimizer.build(model.trainable_variables[:1])
    dataset = tf.data.Dataset.from_tensor_slices(rows).batch(32)
    batch = next(iter(strategy.experimental_distribute_dataset(dataset)))
    lengths = strategy.run(clipped_step, args=(batch,))
    lengths = strategy.experimental_local_results(lengths)
    moved = np.linalg.norm(model.get_weights()[0])
    shares = [round(float(n), 1) for n in lengths]
    print(f"limit {clip}: gradients {shares}, the step is {moved:.1f} long")
# --8<-- [end:clip]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    strategy.experimental_run_v2(tf.reduce_mean, args=(batch,))
    # --8<-- [end:then]

# --8<-- [start:solution-metric]
with strategy.scope():
    mean = tf.keras.metrics.Mean()


@tf.function
def record(batch):
    strategy.run(lambda part: mean.update_state(part), args=(batch,))


for batch in strategy.experimental_distribute_dataset(three):
    record(batch)
print("mean of 0, 0, 9:", float(mean.result()))
# --8<-- [end:solution-metric]


# --8<-- [start:solution-penalty]
def with_penalty(scaled):
    def scale(errors):
        penalty = tf.constant(1.0)
        return right(errors) + (
            tf.nn.scale_regularization_loss(penalty) if scaled else penalty
        )

    return scale


first = next(iter(examples))[1][:, 0]
print("one device:   ", round(float(right(tf.square(first)) + 1), 2))
for scaled in (False, True):
    losses, _ = train(strategy, with_penalty(scaled), 0.1, examples.take(1))
    print(f"scaled {scaled!s:5}:  ", round(losses[0], 2))
# --8<-- [end:solution-penalty]
