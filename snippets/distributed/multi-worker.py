"""MultiWorkerMirroredStrategy with real processes: TF_CONFIG, a worker killed and resumed, fit."""

# --8<-- [start:config]
import json
import os
import tempfile

os.chdir(tempfile.mkdtemp())


def make_config(addresses, index):
    cluster = {"worker": addresses}
    return json.dumps(
        {"cluster": cluster, "task": {"type": "worker", "index": index}}
    )


print(make_config(["10.0.0.1:2222", "10.0.0.2:2222"], 0))
# --8<-- [end:config]

# --8<-- [start:worker]
program = """
import os, signal, sys, time
import numpy as np
import tensorflow as tf

# First of all, because it starts the server that the others look for.
strategy = tf.distribute.MultiWorkerMirroredStrategy()
index = strategy.cluster_resolver.task_id
folder, steps, die_after = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

x = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
y = x @ np.array([[1.0], [-2.0], [0.5]], "float32") + 1
dataset = tf.data.Dataset.from_tensor_slices((x, y)).repeat().batch(16)

with strategy.scope():
    layer = tf.keras.layers.Dense(1, kernel_initializer="zeros")
    model = tf.keras.Sequential([tf.keras.Input([3]), layer])
    optimizer = tf.keras.optimizers.Adam(0.1)
    optimizer.build(model.trainable_variables)
    done = tf.Variable(0, dtype=tf.int64)

def replica_step(x, y):
    with tf.GradientTape() as tape:
        errors = tf.square(model(x) - y)[:, 0]
        loss = tf.nn.compute_average_loss(errors, global_batch_size=16)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

@tf.function
def train_step(x, y):
    losses = strategy.run(replica_step, args=(x, y))
    return strategy.reduce("SUM", losses, axis=None)

# All workers save, since saving can need all of them; the first one's counts.
place = folder if index == 0 else folder + "-ignored"
checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, done=done)
manager = tf.train.CheckpointManager(checkpoint, place, max_to_keep=1)
latest = tf.train.latest_checkpoint(folder)
if latest:
    checkpoint.restore(latest).assert_consumed()
first = int(done.numpy())
print("replicas", strategy.num_replicas_in_sync)
print("begins after step", first)

batches = strategy.experimental_distribute_dataset(dataset.skip(first))
for step, (x, y) in zip(range(first + 1, steps + 1), batches):
    print("step", step, "loss", float(train_step(x, y)), flush=True)
    done.assign_add(1)
    if step % 5 == 0:
        manager.save()
    if step == die_after and index == 1:  # stands for a broken machine
        time.sleep(2)
        os.kill(os.getpid(), signal.SIGKILL)
print("weights", [float(w) for v in model.get_weights() for w in v.ravel()])
"""
with open("worker.py", "w") as file:
    file.write(program)
# --8<-- [end:worker]

# --8<-- [start:start]
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


def run_workers(*command, count=2, timeout=240):
    """Starts a process for each worker; returns their exit codes and outputs."""
    addresses = free_addresses(count)
    processes = []
    for index in range(count):
        config = make_config(addresses, index)
        started = subprocess.Popen(
            [sys.executable, *command],
            env=dict(os.environ, TF_CONFIG=config),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(started)
    try:
        texts = [process.communicate(timeout=timeout) for process in processes]
    finally:
        for process in processes:
            process.kill()
    return [(p.returncode, *text) for p, text in zip(processes, texts)]


# --8<-- [end:start]


# --8<-- [start:run]
def losses_of(output):
    lines = [line.split() for line in output.splitlines()]
    return {int(w[1]): float(w[3]) for w in lines if w[0] == "step"}


whole = run_workers("worker.py", "whole", "20", "0")
for index, (code, output, _) in enumerate(whole):
    losses = losses_of(output)
    print(
        f"worker {index}: {output.splitlines()[0]}, {len(losses)} steps,",
        end=" ",
    )
    print(f"loss from {losses[1]:.2f} to {losses[20]:.2f}, exit code {code}")
print(
    "same weights:",
    whole[0][1].splitlines()[-1] == whole[1][1].splitlines()[-1],
)
# --8<-- [end:run]

# --8<-- [start:alone]
import numpy as np
import tensorflow as tf

x = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
y = x @ np.array([[1.0], [-2.0], [0.5]], "float32") + 1
layer = tf.keras.layers.Dense(1, kernel_initializer="zeros")
model = tf.keras.Sequential([tf.keras.Input([3]), layer])
model.compile(tf.keras.optimizers.Adam(0.1), "mse")
# Five epochs are the same 20 steps.
history = model.fit(x, y, 16, epochs=5, shuffle=False, verbose=0)
print(f"loss of the last epoch: {history.history['loss'][-1]:.3f}")


def weights_of(output):
    return json.loads(output.splitlines()[-1].removeprefix("weights "))


alone = [float(w) for v in model.get_weights() for w in v.ravel()]
gap = np.abs(np.subtract(alone, weights_of(whole[0][1]))).max()
print("one process, same global batch, weights equal:", bool(gap < 1e-5))
# --8<-- [end:alone]

# --8<-- [start:killed]
import re

killed = run_workers("worker.py", "cut", "20", "13")
for index, (code, output, errors) in enumerate(killed):
    print(
        f"worker {index}: last step {max(losses_of(output))}, exit code {code}"
    )
[error] = re.findall(r"errors_impl\.(\w+): ", killed[0][2])
print("worker 0 ended with", error)
# --8<-- [end:killed]

# --8<-- [start:resumed]
print("on disk:", sorted(os.listdir("cut")))
resumed = run_workers("worker.py", "cut", "20", "0")
print(resumed[0][1].splitlines()[1])
same = weights_of(resumed[0][1]) == weights_of(whole[0][1])
print("weights equal to the run without a break, to the last bit:", same)
# --8<-- [end:resumed]

# --8<-- [start:picture]
import matplotlib.pyplot as plt

plt.figure(figsize=(5.2, 3.2))
for name, runs, style in [
    ("never interrupted", whole, "-"),
    ("until worker 1 is killed", killed, "x"),
    ("started again", resumed, "o"),
]:
    losses = losses_of(runs[0][1])
    plt.plot(list(losses), list(losses.values()), style, label=name, mfc="none")
plt.axvline(10, ls=":", color="gray")
plt.text(10.2, 6.5, "checkpoint")
plt.xlabel("step")
plt.ylabel("loss on worker 0")
plt.xlim(0, 21)
plt.xticks([0, 5, 10, 15, 20])
plt.ylim(0, 8)
plt.legend()
# --8<-- [end:picture]

# --8<-- [start:fit]
program = """
import numpy as np
import tensorflow as tf
import tf_keras

strategy = tf.distribute.MultiWorkerMirroredStrategy()
x = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
y = x @ np.array([[1.0], [-2.0], [0.5]], "float32") + 1
dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)

def attempt(keras):
    with strategy.scope():
        layer = keras.layers.Dense(1, kernel_initializer="zeros")
        model = keras.Sequential([keras.Input([3]), layer])
        model.compile(keras.optimizers.Adam(0.1), "mse")
    history = model.fit(dataset, epochs=5, verbose=0, shuffle=False)
    return "last loss " + format(history.history["loss"][-1], ".3f")

for name, keras in [("Keras 3", tf.keras), ("tf_keras", tf_keras)]:
    try:
        print(name + ":", attempt(keras))
    except Exception as error:
        first, *_, last = str(error).splitlines()
        print(name + ":", type(error).__name__, first[:40], "...", last[-62:])
numbers = tf.data.Dataset.range(16).batch(8)
policies = tf.data.experimental.AutoShardPolicy
for policy in (policies.DATA, policies.OFF):
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = policy
    shards = strategy.experimental_distribute_dataset(numbers.with_options(options))
    parts = [strategy.experimental_local_results(b)[0].numpy() for b in shards]
    print(policy.name, [part.tolist() for part in parts])
"""
with open("fit.py", "w") as file:
    file.write(program)
two = run_workers("fit.py")
print("\n".join(two[0][1].splitlines()[:2]))
# --8<-- [end:fit]

import contextlib

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.estimator.train_and_evaluate
    # --8<-- [end:then]

# --8<-- [start:solution-shards]
for index, (_, output, _) in enumerate(two):
    for line in output.splitlines()[2:]:
        print(f"worker {index}:", line)
# --8<-- [end:solution-shards]

# --8<-- [start:solution-single]
single = tf.distribute.MultiWorkerMirroredStrategy()  # no TF_CONFIG: alone
with single.scope():
    layer = tf.keras.layers.Dense(1, kernel_initializer="zeros")
    model = tf.keras.Sequential([tf.keras.Input([3]), layer])
    model.compile(tf.keras.optimizers.Adam(0.1), "mse")
history = model.fit(x, y, 16, epochs=5, shuffle=False, verbose=0)
print(
    single.num_replicas_in_sync, f"last loss {history.history['loss'][-1]:.3f}"
)
# --8<-- [end:solution-single]
