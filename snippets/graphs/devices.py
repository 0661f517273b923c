"""Where a tensor lives, what a copy costs, and from which size a GPU is worth it."""

# --8<-- [start:devices]
import numpy as np
import tensorflow as tf

from tfnotes import timing

for device in tf.config.list_physical_devices():
    print(device.device_type, device.name)
# --8<-- [end:devices]

# --8<-- [start:gpu-devices]
for gpu in tf.config.list_physical_devices("GPU"):
    details = tf.config.experimental.get_device_details(gpu)
    print(
        gpu.name,
        details["device_name"],
        "compute capability",
        details["compute_capability"],
    )
# --8<-- [end:gpu-devices]

# --8<-- [start:placement]
with tf.device("CPU:0"):
    a = tf.ones([2, 2])
b = tf.ones([2, 2])
print(a.device)
print((a + b).device)
# --8<-- [end:placement]

# --8<-- [start:gpu-placement]
with tf.device("CPU:0"):
    on_cpu = tf.ones([2, 2])
on_gpu = tf.ones([2, 2])
print(on_gpu.device)
print((on_cpu + on_gpu).device)
print(tf.identity(on_gpu).numpy().sum())
# --8<-- [end:gpu-placement]

# --8<-- [start:soft]
with tf.device("GPU:7"):
    somewhere = tf.ones([2])
print(somewhere.device)
# --8<-- [end:soft]

try:
    # --8<-- [start:hard]
    tf.config.set_soft_device_placement(False)
    with tf.device("GPU:7"):
        tf.ones([2]) + 1.0
    # --8<-- [end:hard]
except tf.errors.InvalidArgumentError:
    pass

# --8<-- [start:returned]
tf.config.set_soft_device_placement(True)
matrix = tf.random.normal([1000, 1000])
found = timing.measure(lambda: matrix @ matrix)
print("comes back before the work is done:", found.asynchronous)
# --8<-- [end:returned]

# --8<-- [start:gpu-returned]
matrix = tf.random.normal([8000, 8000])
found = timing.measure(lambda: matrix @ matrix)
print(f"back in Python after {found.returned * 1e6:.0f} µs")
print(f"done after           {found.median * 1e6:.0f} µs")
print("comes back before the work is done:", found.asynchronous)
# --8<-- [end:gpu-returned]

# --8<-- [start:add]
sides = timing.sizes(full=[2**k for k in range(6, 14)], small=[8, 16])
added = timing.Benchmark("matrix size n", show="gbytes")
for device in timing.devices():
    for n in sides:
        with tf.device(device):
            x, y = tf.random.normal([n, n]), tf.random.normal([n, n])
            # Two matrices are read and one is written, 4 bytes a number.
            added.add(
                device, n, timing.measure(lambda: x + y), bytes=3 * 4 * n * n
            )
added
# --8<-- [end:add]


# --8<-- [start:matmul]
def kinds(device):
    yield "float32", tf.float32, False
    if device == "GPU":
        yield "TF32", tf.float32, True
    yield "bfloat16", tf.bfloat16, False
    yield "float16", tf.float16, False


product = timing.Benchmark("matrix size n", show="gflops")
for device in timing.devices():
    for kind, dtype, tf32 in kinds(device):
        tf.config.experimental.enable_tensor_float_32_execution(tf32)
        for n in sides:
            if product.slow(f"{kind} {device}", seconds=0.5):
                break
            with tf.device(device):
                x = tf.cast(tf.random.normal([n, n]), dtype)
                y = tf.cast(tf.random.normal([n, n]), dtype)
                timed = timing.measure(lambda: x @ y)
            moved = 3 * dtype.size * n * n
            product.add(
                f"{kind} {device}", n, timed, flops=2 * n**3, bytes=moved
            )
tf.config.experimental.enable_tensor_float_32_execution(True)
product
# --8<-- [end:matmul]

# --8<-- [start:copies]
copies = timing.Benchmark("bytes", show="gbytes")
for count in timing.sizes(full=[2**k for k in range(12, 29, 4)], small=[1024]):
    array = np.ones(count // 4, np.float32)
    for device in timing.devices():
        with tf.device(device):
            tensor = tf.constant(array)
            there = timing.measure(lambda: tf.constant(array))
            back = timing.measure(lambda: tensor.numpy())
        copies.add(f"NumPy to {device}", count, there, bytes=count)
        copies.add(f"{device} to NumPy", count, back, bytes=count)
copies
# --8<-- [end:copies]


# --8<-- [start:networks]
class SmallTransformer(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.attention = tf.keras.layers.MultiHeadAttention(4, 16)
        self.hidden = tf.keras.layers.Dense(128, activation="relu")
        self.out = tf.keras.layers.Dense(28)

    def call(self, x):
        x = x + self.attention(x, x)
        return x + self.out(self.hidden(x))


def network(kind, cudnn=False):
    layers = {
        "MLP": [
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(256, activation="relu"),
        ],
        "CNN": [
            tf.keras.layers.Reshape([28, 28, 1]),
            tf.keras.layers.Conv2D(32, 3, activation="relu"),
            tf.keras.layers.MaxPooling2D(),
            tf.keras.layers.Conv2D(64, 3, activation="relu"),
            tf.keras.layers.GlobalAveragePooling2D(),
        ],
        "LSTM": [tf.keras.layers.LSTM(128, use_cudnn=cudnn)],
        "Transformer": [
            SmallTransformer(),
            tf.keras.layers.GlobalAveragePooling1D(),
        ],
    }
    return tf.keras.Sequential([*layers[kind], tf.keras.layers.Dense(10)])


for kind in ["MLP", "CNN", "LSTM", "Transformer"]:
    model = network(kind)
    model(tf.zeros([1, 28, 28]))
    print(f"{kind:11} {model.count_params():>7,} parameters")
# --8<-- [end:networks]


# --8<-- [start:training-step]
def training_step(model, images, labels):
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.SGD(0.01)
    model(images)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(images, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    return step


steps = timing.Benchmark("batch size", show="rate")
for device in timing.devices():
    for kind in timing.sizes(
        full=["MLP", "CNN", "LSTM", "Transformer"], small=["MLP"]
    ):
        for batch in timing.sizes(full=[1, 8, 64, 512], small=[2]):
            with tf.device(device):
                images = tf.random.normal([batch, 28, 28])
                labels = tf.random.uniform([batch], maxval=10, dtype=tf.int64)
                model = network(
                    kind, cudnn="auto" if device == "GPU" else False
                )
                step = training_step(model, images, labels)
                steps.add(
                    f"{kind} {device}", batch, timing.measure(step), items=batch
                )
steps
# --8<-- [end:training-step]

# --8<-- [start:solution-roundtrip]
trip = timing.Benchmark("matrix size n")
for n in timing.sizes(full=[2**k for k in range(6, 13)], small=[8, 16]):
    array = np.ones([n, n], np.float32)
    matrix = tf.constant(array)
    trip.add("stays a tensor", n, timing.measure(lambda: matrix @ matrix))
    trip.add(
        "from NumPy and back",
        n,
        timing.measure(lambda: (tf.constant(array) @ matrix).numpy()),
    )
trip
# --8<-- [end:solution-roundtrip]

# --8<-- [start:solution-intensity]
for n in [64, 1024]:
    moved = 3 * 4 * n**2
    print(f"n = {n}: sum {n**2 / moved:.2f}, product {2 * n**3 / moved:.0f}")
# --8<-- [end:solution-intensity]
