"""float32, TF32, bfloat16, float16: what they keep, what they lose, and how training survives it."""

# --8<-- [start:formats]
import ml_dtypes
import numpy as np
import tensorflow as tf

from tfnotes import timing

print("type      bits    step after 1    largest   smallest")
for dtype in [tf.float32, tf.bfloat16, tf.float16]:
    info = ml_dtypes.finfo(dtype.as_numpy_dtype)
    step, largest, smallest = (float(v) for v in (info.eps, info.max, info.smallest_subnormal))
    print(f"{dtype.name:8} {info.bits:>5} {step:>15.2g} {largest:>10.2g} {smallest:>10.1g}")
# --8<-- [end:formats]

# --8<-- [start:bits]
import matplotlib.pyplot as plt


def bits(number, dtype):
    """The bits of a number, the sign first."""
    return np.unpackbits(np.array([number], dtype.as_numpy_dtype).view(np.uint8)[::-1])


rows = {dtype.name: bits(0.1, dtype) for dtype in [tf.float32, tf.bfloat16, tf.float16]}
rows["TF32"] = rows["float32"][:19]  # the other 13 are ignored
exponents = {"float16": 5}
plt.figure(figsize=(6.4, 1.9))
for y, name in enumerate(["float32", "TF32", "bfloat16", "float16"]):
    digits = len(rows[name]) - 1 - exponents.get(name, 8)
    parts = ["C0"] + ["C1"] * exponents.get(name, 8) + ["C2"] * digits
    places = range(len(parts))
    plt.bar(places, 0.8, bottom=y - 0.4, width=1, color=parts, alpha=0.4, edgecolor="grey")
    for x, bit in zip(places, rows[name]):
        plt.text(x, y, bit, ha="center", va="center")
plt.yticks(range(4), ["float32", "TF32", "bfloat16", "float16"])
plt.xticks([0, 4.5, 20], ["sign", "exponent", "fraction"])
plt.gca().invert_yaxis()
# --8<-- [end:bits]

# --8<-- [start:lost]
for dtype in [tf.bfloat16, tf.float16]:
    values = tf.constant([1.001, 257.0, 70000.0, 1e-8])
    print(f"{dtype.name:8}", tf.cast(tf.cast(values, dtype), tf.float32).numpy())
# --8<-- [end:lost]

# --8<-- [start:stuck]
total = tf.constant(0.0, tf.bfloat16)
for _ in range(1000):
    total += 1.0
print("one by one:", float(total))
print("reduce_sum:", float(tf.reduce_sum(tf.ones([1000], tf.bfloat16))))
# --8<-- [end:stuck]

# --8<-- [start:product-error]
rng = np.random.default_rng(0)
a, b = rng.standard_normal((2, 256, 256))
exact = a @ b


def relative_error(product):
    return np.abs(np.asarray(product, np.float64) - exact).max() / np.abs(exact).max()


for dtype in [tf.float32, tf.bfloat16, tf.float16]:
    product = tf.cast(a, dtype) @ tf.cast(b, dtype)
    print(f"{dtype.name:8} {relative_error(tf.cast(product, tf.float32)):.0e}")
# --8<-- [end:product-error]

# --8<-- [start:tf32]
a32, b32 = tf.cast(a, tf.float32), tf.cast(b, tf.float32)
for on in [False, True]:
    tf.config.experimental.enable_tensor_float_32_execution(on)
    print(f"TF32 {'on ' if on else 'off'} {relative_error(a32 @ b32):.0e}")
# --8<-- [end:tf32]

# --8<-- [start:policy]
policy = tf.keras.mixed_precision.Policy("mixed_bfloat16")
layer = tf.keras.layers.Dense(4, dtype=policy)
y = layer(tf.ones([1, 3]))
print("computes in", layer.compute_dtype, "and keeps its weights in", layer.kernel.dtype)
print("its output is", y.dtype.name)
# --8<-- [end:policy]

# --8<-- [start:underflow]
gradient = tf.constant(1e-8)
as_half = tf.cast(gradient, tf.float16)
scaled = tf.cast(gradient * 1024.0, tf.float16)
print("as it is:", float(as_half))
print("scaled, and scaled back:", f"{float(tf.cast(scaled, tf.float32) / 1024.0):.1e}")
# --8<-- [end:underflow]

# --8<-- [start:histogram]
dense = tf.keras.layers.Dense
deep = tf.keras.Sequential([tf.keras.Input([20])])
for _ in range(12):
    deep.add(dense(64, activation="sigmoid"))
deep.add(dense(1))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean((deep(tf.random.normal([256, 20])) - 1.0) ** 2)
found = [tf.reshape(g, [-1]) for g in tape.gradient(loss, deep.trainable_variables)]
sizes = tf.abs(tf.concat(found, axis=0))
plt.figure(figsize=(6.4, 2.6))
plt.hist(sizes, bins=np.logspace(-16, 2, 73))
plt.axvline(2.0**-24, color="C1", label="smallest float16")
plt.axvline(2.0**-14, color="C1", linestyle=":", label="fewer digits below")
plt.xscale("log")
plt.xlabel("size of a gradient")
plt.legend()
for scale in [1, 1024, 2**20]:
    half = tf.cast(sizes * scale, tf.float16).numpy()
    zeros, infinite = (half == 0).mean(), np.isinf(half).any()
    print(f"scale {scale:>7}: {zeros:5.1%} become zero, some infinite: {infinite}")
# --8<-- [end:histogram]

# --8<-- [start:loss-scale]
w = tf.keras.Variable([1.0])
optimizer = tf.keras.mixed_precision.LossScaleOptimizer(
    tf.keras.optimizers.SGD(1.0), initial_scale=1024.0, dynamic_growth_steps=2
)
optimizer.build([w])
for gradient in [0.5, 0.5, float("inf"), 0.5]:
    optimizer.apply([tf.constant([gradient]) * optimizer.dynamic_scale])
    print(
        f"gradient {gradient}: w = {float(w[0])}, next scale {float(optimizer.dynamic_scale):.0f}"
    )
# --8<-- [end:loss-scale]


# --8<-- [start:training]
def classifier(policy, width=64):
    dense = tf.keras.layers.Dense
    return tf.keras.Sequential(
        [
            tf.keras.Input([20]),
            dense(width, activation="relu", dtype=tf.keras.mixed_precision.Policy(policy)),
            dense(width, activation="relu", dtype=tf.keras.mixed_precision.Policy(policy)),
            dense(4, dtype="float32"),
        ]
    )


centres = rng.standard_normal((4, 20))
labels = rng.integers(0, 4, 1024)
points = (centres[labels] + 1.2 * rng.standard_normal((1024, 20))).astype("float32")
for policy in ["float32", "mixed_bfloat16", "mixed_float16"]:
    tf.keras.utils.set_random_seed(0)
    model = classifier(policy)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = tf.keras.optimizers.Adam(0.003)
    if policy == "mixed_float16":
        optimizer = tf.keras.mixed_precision.LossScaleOptimizer(optimizer)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    model.fit(points[:768], labels[:768], batch_size=64, epochs=4, verbose=0)
    accuracy = model.evaluate(points[768:], labels[768:], verbose=0)[1]
    print(f"{policy:15} accuracy {accuracy:.2f}")
# --8<-- [end:training]

# --8<-- [start:training-speed]
batch = 256
step_times = timing.Benchmark("width", show="gflops")
for device in timing.devices():
    for policy in ["float32", "mixed_bfloat16", "mixed_float16"]:
        for width in timing.sizes(full=[128, 512, 2048, 4096, 8192], small=[8, 16]):
            if step_times.slow(f"{policy} {device}", seconds=0.5):
                break
            with tf.device(device):
                model = classifier(policy, width)
                variables = model.trainable_variables
                inputs = tf.random.normal([batch, 20])

                @tf.function
                def gradients():
                    with tf.GradientTape() as tape:
                        loss = tf.reduce_mean(model(inputs) ** 2)
                    return tape.gradient(loss, variables)

                timed = timing.measure(gradients)
            # Forward once, and twice as much backward: six operations a weight and example.
            flops = 6 * batch * model.count_params()
            step_times.add(f"{policy} {device}", width, timed, flops=flops)
step_times
# --8<-- [end:training-speed]

# --8<-- [start:solution-largest]
for dtype in [tf.float16, tf.bfloat16]:
    n = tf.constant(1.0, dtype)
    while n + 1 != n:
        n *= 2
    print(f"{dtype.name:8} {int(n)} + 1 = {int(n + 1)}")
# --8<-- [end:solution-largest]

# --8<-- [start:solution-softmax]
logits = tf.constant([12.0, 0.0])
for dtype in [tf.float32, tf.float16]:
    x = tf.cast(logits, dtype)
    print(f"{dtype.name}: exp {tf.exp(x).numpy()}, softmax {tf.nn.softmax(x).numpy()}")
# --8<-- [end:solution-softmax]
