"""Who holds how much memory, how to ask, and how to limit it."""

# --8<-- [start:gpus]
import tensorflow as tf

gpus = tf.config.list_physical_devices("GPU")
print(len(gpus), "GPUs")
# --8<-- [end:gpus]

# --8<-- [start:growth]
for gpu in gpus:
    tf.config.experimental.set_memory_growth(gpu, True)
# --8<-- [end:growth]

# --8<-- [start:growth-set]
print({gpu.name: tf.config.experimental.get_memory_growth(gpu) for gpu in gpus})
# --8<-- [end:growth-set]

try:
    # --8<-- [start:growth-cpu]
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.experimental.set_memory_growth(cpu, True)
    # --8<-- [end:growth-cpu]
except ValueError:
    pass

# --8<-- [start:logical]
halves = [tf.config.LogicalDeviceConfiguration(), tf.config.LogicalDeviceConfiguration()]
tf.config.set_logical_device_configuration(cpu, halves)
print([device.name for device in tf.config.list_logical_devices("CPU")])
with tf.device("CPU:1"):
    print(tf.zeros([2]).device)
# --8<-- [end:logical]

try:
    # --8<-- [start:too-late]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()])
    # --8<-- [end:too-late]
except RuntimeError:
    pass

# --8<-- [start:limit]
import subprocess
import sys

program = """
import tensorflow as tf
gpu = tf.config.list_physical_devices("GPU")[0]
gigabyte = tf.config.LogicalDeviceConfiguration(memory_limit=1024)
tf.config.set_logical_device_configuration(gpu, [gigabyte, gigabyte])
print([device.name for device in tf.config.list_logical_devices("GPU")])
try:
    tf.zeros([1024, 1024, 512])
except tf.errors.ResourceExhaustedError as error:
    print(str(error).splitlines()[0])
"""
done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
print(done.stdout or done.stderr)
# --8<-- [end:limit]

try:
    # --8<-- [start:no-gpu]
    tf.config.experimental.get_memory_info("GPU:0")
    # --8<-- [end:no-gpu]
except ValueError:
    pass


# --8<-- [start:gpu-info]
def mebibytes():
    info = tf.config.experimental.get_memory_info("GPU:0")
    return {name: round(size / 2**20) for name, size in info.items()}


tf.config.experimental.reset_memory_stats("GPU:0")
big = tf.zeros([1024, 1024, 1024])
print("with the tensor:", mebibytes())
del big
print("without it:     ", mebibytes())
# --8<-- [end:gpu-info]

# --8<-- [start:estimate]
layers = [tf.keras.layers.Dense(1000, activation="relu") for _ in range(10)]
model = tf.keras.Sequential([tf.keras.Input([1000]), *layers])
optimizer = tf.keras.optimizers.Adam()
optimizer.build(model.trainable_variables)


def mebibytes_of(variables):
    return sum(4 * tf.size(variable).numpy() for variable in variables) / 2**20


weights = mebibytes_of(model.trainable_variables)
slots = mebibytes_of(optimizer.variables)
print(f"weights {weights:.0f} MiB, as much again for gradients, {slots:.0f} MiB for Adam")
# --8<-- [end:estimate]

# --8<-- [start:batches]
import matplotlib.pyplot as plt

batches = [64, 256, 1024, 4096, 16384]
outputs = [batch * sum(layer.units for layer in layers) * 4 / 2**20 for batch in batches]
for batch, size in zip(batches, outputs):
    print(f"batch {batch:5}: {size:5.0f} MiB of activations")
names = [str(batch) for batch in batches]
plt.figure(figsize=(6.4, 2.8))
below = 0.0
for label, size in {"weights": weights, "gradients": weights, "Adam": slots}.items():
    plt.bar(names, size, bottom=below, label=label)
    below += size
plt.bar(names, outputs, bottom=below, label="activations")
plt.xlabel("batch size")
plt.ylabel("MiB")
plt.legend()
# --8<-- [end:batches]


# --8<-- [start:gpu-training]
@tf.function
def gradients(x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(x) ** 2)
    return tape.gradient(loss, model.trainable_variables)


for batch in [64, 512, 4096]:
    x = tf.zeros([batch, 1000])
    gradients(x)
    tf.config.experimental.reset_memory_stats("GPU:0")
    start = mebibytes()["current"]
    gradients(x)
    print(f"batch {batch:4}: {mebibytes()['peak'] - start:5} MiB on top of the weights")
# --8<-- [end:gpu-training]

try:
    # --8<-- [start:oom]
    tf.zeros([2**20, 2**20, 2**20])
    # --8<-- [end:oom]
except tf.errors.ResourceExhaustedError:
    pass

try:
    # --8<-- [start:config-proto]
    config = tf.ConfigProto()
    config.gpu_options.allow_growth = True
    # --8<-- [end:config-proto]
except AttributeError:
    pass

# --8<-- [start:solution-float16]
half = tf.keras.mixed_precision.Policy("mixed_float16")
layer = tf.keras.layers.Dense(1000, dtype=half)
y = layer(tf.zeros([4096, 1000]))
print("activations:", y.dtype.name, f"{y.dtype.size * 4096 * 1000 / 2**20:.1f} MiB")
print("weights:", layer.kernel.dtype)
# --8<-- [end:solution-float16]

# --8<-- [start:solution-checkpoint]
inner = 10
for segment in [1, 2, 5, 10]:
    kept = inner // segment + segment
    print(f"a checkpoint every {segment:2} layers: at most {kept} activations at a time")
# --8<-- [end:solution-checkpoint]
