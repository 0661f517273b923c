"""ParameterServerStrategy with real processes: asynchronous steps, staleness, lost workers."""

# --8<-- [start:server]
import os
import tempfile

os.chdir(tempfile.mkdtemp())
program = """
import json, sys
import tensorflow as tf

cluster, job, index = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
tf.distribute.Server(cluster, job_name=job, task_index=index)
print("ready", flush=True)
sys.stdin.read()  # until the coordinator is gone
"""
with open("server.py", "w") as file:
    file.write(program)
# --8<-- [end:server]

# --8<-- [start:start]
import json
import socket
import subprocess
import sys


def free_addresses(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))  # 0: any free port
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    return addresses


addresses = free_addresses(4)
cluster = {"ps": addresses[:2], "worker": addresses[2:]}
# With a single thread, a server that waits for another would block itself.
environment = dict(os.environ, TF_NUM_INTEROP_THREADS="4")
servers = {}
for job in cluster:
    for index in (0, 1):
        command = [
            sys.executable,
            "server.py",
            json.dumps(cluster),
            job,
            str(index),
        ]
        servers[job, index] = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
for name, server in servers.items():
    print(*name, server.stdout.readline().strip())
# --8<-- [end:start]

# --8<-- [start:connect]
import tensorflow as tf

tf.get_logger().setLevel("CRITICAL")  # lost workers are reported at length
resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
    tf.train.ClusterSpec(cluster), rpc_layer="grpc"
)
strategy = tf.distribute.ParameterServerStrategy(resolver)
coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)

with strategy.scope():
    layer = tf.keras.layers.Dense(1, kernel_initializer="zeros")
    model = tf.keras.Sequential([tf.keras.Input([3]), layer])
    optimizer = tf.keras.optimizers.SGD(0.05)
    optimizer.build(model.trainable_variables)
    version = tf.Variable(0, dtype=tf.int64)
for variable in (layer.kernel.value, layer.bias.value, version):
    print(list(variable.shape), "lives at", variable.device)
# --8<-- [end:connect]

# --8<-- [start:schedule]
import numpy as np

x = np.random.default_rng(0).normal(size=(256, 3)).astype("float32")
y = x @ np.array([[1.0], [-2.0], [0.5]], "float32") + 1


def make_dataset():  # runs once on each worker
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    return dataset.shuffle(256).repeat().batch(16)


def replica_step(x, y):
    before = version.read_value()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x) - y))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, version.assign_add(1) - before - 1


@tf.function
def step(iterator):
    return strategy.run(replica_step, args=next(iterator))


iterator = iter(coordinator.create_per_worker_dataset(make_dataset))
result = coordinator.schedule(step, args=(iterator,))
print("schedule returns a", type(result).__name__)
print("fetch waits for it: loss above 1:", bool(result.fetch()[0] > 1))
# --8<-- [end:schedule]

# --8<-- [start:train]
results = [coordinator.schedule(step, args=(iterator,)) for _ in range(300)]
coordinator.join()
losses = [float(result.fetch()[0]) for result in results]
print("steps made:", int(version.numpy()))
print(f"last loss below 0.001: {np.mean(losses[-10:]) < 1e-3}")
print(
    "weights:",
    layer.kernel.numpy().ravel().round(2),
    layer.bias.numpy().round(2),
)
# --8<-- [end:train]

# --8<-- [start:stale]
behind = np.array([int(result.fetch()[1]) for result in results])
print("never behind in all 300 steps:", bool((behind == 0).all()))
# --8<-- [end:stale]


# --8<-- [start:delay]
def delayed(delay, learning_rate=0.05, steps=200):
    """The same training in NumPy; gradients arrive `delay` steps late."""
    inputs = np.hstack([x, np.ones([256, 1], "float32")])
    weights, waiting, losses = np.zeros([4, 1]), [], []
    for _ in range(steps):
        error = inputs @ weights - y
        losses.append(float(np.mean(error**2)))
        waiting.append(2 * inputs.T @ error / len(x))
        if len(waiting) > delay:
            weights -= learning_rate * waiting.pop(0)
    return losses


import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, figsize=(7.0, 3.0), sharey=True)
for ax, rate in zip(axes, (0.05, 0.2)):
    for delay, style in ((0, "-"), (1, "--"), (4, "-."), (8, ":")):
        losses = delayed(delay, rate)
        ax.plot(losses, style, label=f"{delay} steps late")
    ax.set(title=f"learning rate {rate}", xlabel="step", yscale="log")
    ax.set(xlim=(0, 200), xticks=[0, 100, 200], ylim=(1e-8, 1e4))
    ax.set(yticks=[1e-8, 1e-4, 1, 1e4])
axes[0].set_ylabel("mean squared error")
axes[0].legend()
for delay in (0, 4, 8):
    grows = [delayed(delay, rate)[-1] > 10 for rate in (0.05, 0.2)]
    print(
        f"{delay} steps late: grows at rate 0.05 {grows[0]}, at 0.2 {grows[1]}"
    )
# --8<-- [end:delay]

# --8<-- [start:lost]
first = int(version.numpy())
results = [coordinator.schedule(step, args=(iterator,)) for _ in range(300)]
servers["worker", 1].kill()
coordinator.join()
made = int(version.numpy()) - first
print("all 300 have a result:", len([r.fetch() for r in results]) == 300)
print("made at least 300:", made >= 300)
# --8<-- [end:lost]

# --8<-- [start:alone]
first = int(version.numpy())
results = [coordinator.schedule(step, args=(iterator,)) for _ in range(50)]
coordinator.join()
print("one worker left, steps:", int(version.numpy()) - first)
print("behind:", {int(result.fetch()[1]) for result in results})
# --8<-- [end:alone]

# --8<-- [start:save]
checkpoint = tf.train.Checkpoint(model=model, version=version)
path = checkpoint.save("checkpoints/all")
print(sorted(name for name in os.listdir("checkpoints")))
# --8<-- [end:save]

import contextlib

# --8<-- [start:lost-ps]
servers["ps", 0].kill()
try:
    for _ in range(10):
        coordinator.schedule(step, args=(iterator,))
    coordinator.join()
except tf.errors.OpError as error:
    print("training ends with", type(error).__name__)
# --8<-- [end:lost-ps]

# --8<-- [start:restore]
layer = tf.keras.layers.Dense(1)
rebuilt = tf.keras.Sequential([tf.keras.Input([3]), layer])
found = tf.Variable(0, dtype=tf.int64)
checkpoint = tf.train.Checkpoint(model=rebuilt, version=found)
checkpoint.restore(path).assert_consumed()
print(
    layer.kernel.numpy().ravel().round(2),
    "after at least 651:",
    found.numpy() >= 651,
)
# --8<-- [end:restore]

with contextlib.suppress(ValueError):
    # --8<-- [start:fit]
    model.compile(tf.keras.optimizers.SGD(0.05), "mse")
    model.fit(make_dataset(), steps_per_epoch=16, shuffle=False, verbose=0)
    # --8<-- [end:fit]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.train.replica_device_setter(ps_tasks=2)
    # --8<-- [end:then]

# --8<-- [start:solution-bytes]
parameters = 10_000_000
for workers in (1, 10, 100):
    moved = 2 * 4 * parameters * workers  # weights out, gradients back
    print(
        f"{workers:3} workers, one step each: {moved / 1e9:.2f} GB through the servers"
    )
# --8<-- [end:solution-bytes]

# --8<-- [start:solution-rate]
for rate in (0.4, 0.2, 0.1, 0.05):
    print(f"rate {rate}: ends at {delayed(8, rate)[-1]:.0e}")
# --8<-- [end:solution-rate]
