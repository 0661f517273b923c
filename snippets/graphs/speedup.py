"""Eager, graph and XLA: what each of them saves, measured."""

# --8<-- [start:models]
import numpy as np
import tensorflow as tf

from tfnotes import timing


def dense_model(units):
    *hidden, last = units
    layers = [tf.keras.layers.Dense(n, activation="relu") for n in hidden]
    return tf.keras.Sequential(
        [*layers, tf.keras.layers.Dense(last, activation="softmax")]
    )


images = tf.random.uniform([60, 28, 28])
models = {
    "shallow": dense_model([10, 20, 30]),
    "deep": dense_model([1000, 2000, 3000]),
}
for name, model in models.items():
    shape = model(images).shape
    print(
        f"{name}: {model.count_params():>9,} parameters,",
        images.shape,
        "->",
        shape,
    )
# --8<-- [end:models]


# --8<-- [start:three-ways]
def three_ways(call):
    return {
        "eager": call,
        "graph": tf.function(call),
        "XLA": tf.function(call, jit_compile=True),
    }


for name, model in models.items():
    results = [way(images) for way in three_ways(model).values()]
    same = all(np.allclose(results[0], result, atol=1e-5) for result in results)
    print(f"{name}: all three agree: {same}")
# --8<-- [end:three-ways]

# --8<-- [start:model-times]
model_times = timing.Benchmark("model")
for name, model in models.items():
    flops = (
        2 * 60 * 28 * model.count_params()
    )  # one multiplication and one addition a weight
    for way, call in three_ways(model).items():
        model_times.add(
            way, name, timing.measure(lambda: call(images)), flops=flops
        )
model_times
# --8<-- [end:model-times]


# --8<-- [start:chain]
def chain(length):
    def call(x):
        for _ in range(length):
            x = x * 0.5 + 1.0
        return x

    return call


x = tf.random.uniform([100])
chain_times = timing.Benchmark("operations")
for length in timing.sizes(full=[1, 4, 16, 64, 256], small=[1, 4]):
    for way, call in three_ways(chain(length)).items():
        chain_times.add(way, 2 * length, timing.measure(lambda: call(x)))
chain_times
# --8<-- [end:chain]

# --8<-- [start:graph-nodes]
graph = tf.function(chain(16)).get_concrete_function(x).graph
names = [node.type for node in graph.get_operations()]
print({kind: names.count(kind) for kind in sorted(set(names))})
# --8<-- [end:graph-nodes]

# --8<-- [start:vector]
vector_times = timing.Benchmark("elements", show="gbytes")
for elements in timing.sizes(
    full=[2**k for k in range(10, 25, 2)], small=[8, 16]
):
    x = tf.random.uniform([elements])
    for way, call in three_ways(chain(16)).items():
        # What must be moved in any case: each element is read and written once.
        vector_times.add(
            way, elements, timing.measure(lambda: call(x)), bytes=8 * elements
        )
vector_times
# --8<-- [end:vector]


# --8<-- [start:hlo]
@tf.function(jit_compile=True)
def short_chain(x):
    return (x * 0.5 + 1.0) * 0.5 + 1.0


text = short_chain.experimental_get_compiler_ir(tf.ones([8]))(
    stage="optimized_hlo"
)
kernels = [line.strip() for line in text.splitlines() if " fusion(" in line]
print(len(kernels), "kernel for", 4, "operations")
print(kernels[0].split(",")[0])
# --8<-- [end:hlo]

# --8<-- [start:lengths]
compiled = tf.function(lambda x: tf.reduce_sum(x * 0.5 + 1.0), jit_compile=True)
any_length = tf.function(
    lambda x: tf.reduce_sum(x * 0.5 + 1.0),
    input_signature=[tf.TensorSpec([None])],
)
for length in [10, 11, 12, 13]:
    compiled(tf.ones([length]))
    any_length(tf.ones([length]))
print("compiled:", compiled.experimental_get_tracing_count())
print("any length:", any_length.experimental_get_tracing_count())
# --8<-- [end:lengths]

# --8<-- [start:retraced]
tf.get_logger().setLevel(
    "ERROR"
)  # TensorFlow warns of exactly what is measured here
x = tf.random.uniform([100])
numbers = iter(range(10**9))
scale = tf.function(lambda x, n: x * n)

argument_times = timing.Benchmark("argument")
tensor = tf.constant(2.0)
argument_times.add(
    "graph", "the same tensor", timing.measure(lambda: scale(x, tensor))
)
argument_times.add(
    "graph",
    "a new Python number",
    timing.measure(lambda: scale(x, next(numbers))),
)
argument_times
# --8<-- [end:retraced]

# --8<-- [start:auto]
model = models["shallow"]
model.compile("sgd", "mse")
print("jit_compile:", model.jit_compile)
# --8<-- [end:auto]

# --8<-- [start:gpu-auto]
model.compile("sgd", "mse")
print("jit_compile:", model.jit_compile)
# --8<-- [end:gpu-auto]

# --8<-- [start:solution-even]
x = tf.random.uniform([100])
even = timing.Benchmark("operations")
for length in timing.sizes(full=range(1, 9), small=[1, 2]):
    call = chain(length)
    even.add("eager", 2 * length, timing.measure(lambda: call(x)))
    traced = tf.function(call)
    even.add("graph", 2 * length, timing.measure(lambda: traced(x)))
even
# --8<-- [end:solution-even]

# --8<-- [start:solution-trace]
scale = tf.function(lambda x, n: x * n)
for n in range(5):
    scale(x, tf.constant(float(n)))
print("with tensors:", scale.experimental_get_tracing_count())

for n in range(5):
    scale(x, float(n))
print("and with Python numbers:", scale.experimental_get_tracing_count())
# --8<-- [end:solution-trace]
