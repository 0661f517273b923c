"""Finding the slow part: three stopwatches, the profiler, and what XLA makes of a function."""

# --8<-- [start:program]
import pathlib
import tempfile

import tensorflow as tf

from tfnotes import timing

pictures = tf.random.uniform([256, 64, 64, 3])


def prepare(picture):
    picture = tf.image.resize(picture, [192, 192], method="bicubic")
    picture = tf.image.random_crop(picture, [96, 96, 3])
    return tf.image.random_hue(picture, 0.1)


def pipeline():
    return tf.data.Dataset.from_tensor_slices(pictures).repeat().map(prepare).batch(32)


model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(16, 3, strides=2, activation="relu"),
        tf.keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
        tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(1),
    ]
)
model(tf.zeros([1, 96, 96, 3]))


@tf.function
def step(batch):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(batch) ** 2)
    for weight, gradient in zip(model.weights, tape.gradient(loss, model.trainable_weights)):
        weight.assign(weight - 0.01 * gradient)
    return loss


# --8<-- [end:program]

# --8<-- [start:stopwatches]
batches = iter(pipeline())
batch = next(batches)
ahead = iter(pipeline().prefetch(2))

parts = timing.Benchmark("part")
parts.add("a batch", "input alone", timing.measure(lambda: next(batches)))
parts.add("a batch", "step alone", timing.measure(lambda: step(batch)))
parts.add("a batch", "both", timing.measure(lambda: step(next(batches))))
parts.add("a batch", "both, prefetched", timing.measure(lambda: step(next(ahead))))
parts
# --8<-- [end:stopwatches]


# --8<-- [start:slow-function]
def normalise(x):
    centred = x - tf.reduce_mean(x, axis=0)
    covariance = tf.matmul(centred, centred, transpose_a=True) / len(x)
    values, vectors = tf.linalg.eigh(covariance)
    return tf.matmul(centred, vectors) / tf.sqrt(values + 1e-6)


x = tf.random.normal([2000, 300])
traced = tf.function(normalise)
print(traced(x).shape)
# --8<-- [end:slow-function]

# --8<-- [start:profile]
folder = tempfile.mkdtemp()
with tf.profiler.experimental.Profile(folder):
    for number in range(3):
        with tf.profiler.experimental.Trace("step", step_num=number):
            traced(x)
[file.suffixes[-1] for file in pathlib.Path(folder).rglob("*") if file.is_file()]
# --8<-- [end:profile]

# --8<-- [start:read-profile]
from tensorflow.tsl.profiler.protobuf import xplane_pb2


def operations(folder, plane_name="/host:CPU"):
    file = next(pathlib.Path(folder).rglob("*.xplane.pb"))
    space = xplane_pb2.XSpace.FromString(file.read_bytes())
    milliseconds = {}
    for plane in space.planes:
        for line in plane.lines if plane.name == plane_name else []:
            for event in line.events:
                name = plane.event_metadata[event.metadata_id].name
                milliseconds[name] = milliseconds.get(name, 0) + event.duration_ps / 1e9
    return sorted(milliseconds.items(), key=lambda item: -item[1])


# An operation is called name:Type; everything else is the machinery around it.
events = operations(folder)
found = [
    (name.split(":")[1], ms) for name, ms in events if name.count(":") == 1 and " " not in name
]
for kind, ms in found[:2]:
    print(f"{kind:20} {ms / 3:5.1f} ms a step")
# --8<-- [end:read-profile]

# --8<-- [start:timeline]
import matplotlib.pyplot as plt

file = next(pathlib.Path(folder).rglob("*.xplane.pb"))
space = xplane_pb2.XSpace.FromString(file.read_bytes())
host = next(plane for plane in space.planes if plane.name == "/host:CPU")
rows = ["step", "MatMul", "SelfAdjointEigV2", "all others"]
others = {kind for kind, _ in found} - set(rows)
spans = []
for line in host.lines:
    for event in line.events:
        kind = host.event_metadata[event.metadata_id].name.split(":")[-1]
        kind = "all others" if kind in others else kind
        if kind in rows:
            start = line.timestamp_ns + event.offset_ps / 1e3
            spans.append((rows.index(kind), start, event.duration_ps / 1e3))

begin = min(start for _, start, _ in spans)
length = max(start + duration for _, start, duration in spans) - begin
plt.figure(figsize=(6.4, 2.0))
for row, start, duration in spans:
    left, width = (start - begin) / length, duration / length
    plt.barh(row, width, left=left, color=f"C{row}", edgecolor="grey", height=0.7)
plt.yticks(range(4), rows)
plt.xticks([0, 1], ["begin", "end"])
plt.gca().invert_yaxis()
# --8<-- [end:timeline]

# --8<-- [start:gpu-profile]
for name, ms in operations(folder, "/device:GPU:0")[:5]:
    print(f"{ms / 3:8.3f} ms a step  {name[:60]}")
# --8<-- [end:gpu-profile]


# --8<-- [start:dump]
import os

dump = pathlib.Path(tempfile.mkdtemp())
flags = os.environ.get("XLA_FLAGS", "")
os.environ["XLA_FLAGS"] = f"{flags} --xla_dump_to={dump}"


@tf.function(jit_compile=True)
def gelu_layer(x, w):
    return tf.nn.gelu(x @ w, approximate=True) * 0.5


gelu_layer(tf.ones([8, 8]), tf.ones([8, 8]))
for file in sorted(dump.glob("*.txt")):
    print("…" + file.name.split("_.")[-1])
# --8<-- [end:dump]


# --8<-- [start:hlo]
def instructions(stage):
    text = gelu_layer.experimental_get_compiler_ir(tf.ones([8, 8]), tf.ones([8, 8]))(stage=stage)
    main = text[text.index("ENTRY") :]
    return [line.strip() for line in main.splitlines() if " = " in line]


print("before:", len(instructions("hlo")), "instructions")
after = instructions("optimized_hlo")
print("after: ", len(after))
for line in after:
    print("  ", line.split("(")[0].removeprefix("ROOT "))
# --8<-- [end:hlo]


# --8<-- [start:nan]
def entropy(scores):
    p = tf.nn.relu(scores)
    p = p / tf.reduce_sum(p, axis=-1, keepdims=True)
    return -tf.reduce_sum(p * tf.math.log(p), axis=-1)


scores = tf.constant([[0.5, 1.5, 1.0], [2.0, 2.0, 0.0]])
print(entropy(scores).numpy())
# --8<-- [end:nan]

try:
    # --8<-- [start:check]
    tf.debugging.enable_check_numerics()
    entropy(scores)
    # --8<-- [end:check]
except tf.errors.InvalidArgumentError:
    pass

# --8<-- [start:check-graph]
try:
    tf.function(entropy)(scores)
except tf.errors.InvalidArgumentError as error:
    for line in str(error).splitlines():
        if "!!!" in line or line.endswith(") entropy"):
            print(line.strip())
tf.debugging.disable_check_numerics()
# --8<-- [end:check-graph]


# --8<-- [start:xlogy]
def sound_entropy(scores):
    p = tf.nn.relu(scores)
    p = p / tf.reduce_sum(p, axis=-1, keepdims=True)
    return -tf.reduce_sum(tf.math.xlogy(p, p), axis=-1)


print(sound_entropy(scores).numpy())
# --8<-- [end:xlogy]


# --8<-- [start:eagerly]
@tf.function
def root(x):
    print("Python sees", type(x).__name__)
    return tf.sqrt(x)


root(tf.constant(4.0))
root(tf.constant(9.0))
tf.config.run_functions_eagerly(True)
root(tf.constant(16.0))
root(tf.constant(25.0))
tf.config.run_functions_eagerly(False)
# --8<-- [end:eagerly]

# --8<-- [start:debug-times]
debugging = timing.Benchmark("way to debug")


def add(name):
    fresh = tf.function(step.python_function)  # traced under the present setting
    debugging.add("a step", name, timing.measure(lambda: fresh(batch)))


add("none")
tf.debugging.enable_check_numerics()
add("enable_check_numerics")
tf.debugging.disable_check_numerics()
tf.config.run_functions_eagerly(True)
add("run_functions_eagerly")
tf.config.run_functions_eagerly(False)
debugging
# --8<-- [end:debug-times]

# --8<-- [start:solution-cached]
cached = iter(
    tf.data.Dataset.from_tensor_slices(pictures)
    .map(prepare, num_parallel_calls=tf.data.AUTOTUNE)
    .cache()
    .repeat()
    .batch(32)
    .prefetch(2)
)
for _ in range(8):  # one round through all pictures fills the cache
    next(cached)
better = timing.Benchmark("part")
better.add("a batch", "step alone", timing.measure(lambda: step(batch)))
better.add("a batch", "cached and prefetched", timing.measure(lambda: step(next(cached))))
better
# --8<-- [end:solution-cached]

# --8<-- [start:solution-types]
from collections import Counter

graph = traced.get_concrete_function(x).graph
kinds = Counter(node.type for node in graph.get_operations())
print({kind: count for kind, count in kinds.items() if kind not in ("Const", "Identity")})
# --8<-- [end:solution-types]

# --8<-- [start:solution-checks]
for on in [False, True]:
    if on:
        tf.debugging.enable_check_numerics()
    checked = tf.function(entropy)
    graph = checked.get_concrete_function(scores).graph
    kinds = [node.type for node in graph.get_operations()]
    print(kinds.count("CheckNumericsV2"), "checks among", len(kinds), "nodes")
tf.debugging.disable_check_numerics()
kinds = [node.type for node in checked.get_concrete_function(scores).graph.get_operations()]
print("switched off:", kinds.count("CheckNumericsV2"), "checks are still in it")
# --8<-- [end:solution-checks]
