"""Layer nodes: what a call leaves behind, a layer used twice, and the graph read."""

import contextlib

# --8<-- [start:thrice]
import keras
import tensorflow as tf
from keras import layers

step = layers.Dense(4, activation="tanh", name="step")
x = keras.Input([4], name="x")
once = step(x)
twice = step(once)
thrice = step(twice)
model = keras.Model(x, thrice)
model.summary()
# --8<-- [end:thrice]

# --8<-- [start:drawn]
from tfnotes.draw.models import show_models

show_models(model)
# --8<-- [end:drawn]

# --8<-- [start:loop]
batch = tf.random.normal([2, 4], seed=1)
by_hand = batch
for _ in range(3):
    by_hand = tf.tanh(by_hand @ step.kernel + step.bias)
tf.debugging.assert_near(model(batch), by_hand)
print("parameters:", model.count_params())
# --8<-- [end:loop]

# --8<-- [start:nodes]
names = {id(x): "x", id(once): "once", id(twice): "twice", id(thrice): "thrice"}
for place, node in enumerate(step._inbound_nodes):
    read = [names[id(tensor)] for tensor in node.input_tensors]
    made = [names[id(tensor)] for tensor in node.outputs]
    print(f"node {place}: {node.operation.name} read {read}, made {made}")
# --8<-- [end:nodes]

# --8<-- [start:history]
for tensor in (x, once, twice, thrice):
    layer, node, output = tensor._keras_history
    print(f"{names[id(tensor)]:8}{layer.name}[{node}][{output}]")
# --8<-- [end:history]


# --8<-- [start:walk]
def walk_back(tensor, seen=()):
    operation, place, _ = tensor._keras_history
    node = operation._inbound_nodes[place]
    for source in node.input_tensors:
        seen = walk_back(source, seen)
    return seen if (operation.name, place) in seen else (*seen, (operation.name, place))


print(*walk_back(thrice))
# --8<-- [end:walk]


# --8<-- [start:edges]
def tensors(thing):
    if isinstance(thing, dict) and thing.get("class_name") == "__keras_tensor__":
        yield thing["config"]["keras_history"]
    elif isinstance(thing, (list, tuple, dict)):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from tensors(part)


def arrows(model):
    for layer in model.get_config()["layers"]:
        for place, call in enumerate(layer["inbound_nodes"]):
            for source, node, _ in tensors(call["args"]):
                yield f"{source}[{node}] -> {layer['name']}[{place}]"


print(*arrows(model), sep="\n")
# --8<-- [end:edges]

# --8<-- [start:first-only]
left = keras.Input([4], name="left")
right = keras.Input([5, 4], name="right")
shared = layers.Dense(2, name="shared")
from_left, from_right = shared(left), shared(right)
print("shared.output:", shared.output.shape)
print("calls:        ", from_left.shape, from_right.shape)
print(shared.output is from_left)
# --8<-- [end:first-only]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:wrong-end]
    keras.Model(right, shared.output)
    # --8<-- [end:wrong-end]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:get-output-at]
    shared.get_output_at(1)
    # --8<-- [end:get-output-at]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:get-input-at]
    shared.get_input_at(0)
    # --8<-- [end:get-input-at]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:output-shape]
    shared.output_shape
    # --8<-- [end:output-shape]

# --8<-- [start:now]
second = keras.Model(right, from_right)
print(second.output_shape, shared._inbound_nodes[1].outputs[0] is from_right)
# --8<-- [end:now]

# --8<-- [start:old]
import tf_keras

old = tf_keras.layers.Dense(2, name="shared")
old(tf_keras.Input([4]))
old(tf_keras.Input([5, 4]))
print("get_output_at(1):", old.get_output_at(1).shape)
print("get_input_at(0): ", old.get_input_at(0).shape)
print("output:          ", old.output.shape)
# --8<-- [end:old]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:old-shape]
    old.output_shape
    # --8<-- [end:old-shape]

# --8<-- [start:gradients]
first, second = layers.Dense(4, activation="tanh"), layers.Dense(4, activation="tanh")
apart = keras.Sequential([keras.Input([4]), first, second])
apart.set_weights([*step.get_weights(), *step.get_weights()])
with tf.GradientTape(persistent=True) as tape:
    same = tf.reduce_sum(step(step(batch)) ** 2)
    copy = tf.reduce_sum(apart(batch) ** 2)
kernel = tape.gradient(same, step.kernel.value)
kernels = tape.gradient(copy, [first.kernel.value, second.kernel.value])
tf.debugging.assert_equal(same, copy)
tf.debugging.assert_near(kernel, kernels[0] + kernels[1])
print("shared: ", kernel[0].numpy().round(3))
print("first:  ", kernels[0][0].numpy().round(3))
print("second: ", kernels[1][0].numpy().round(3))
# --8<-- [end:gradients]

# --8<-- [start:growth]
print("nodes:", len(step._inbound_nodes))
for _ in range(100):
    step(batch)
print("after 100 calls on data:", len(step._inbound_nodes))
for _ in range(3):
    keras.Model(x, step(x))
print("after 3 more models:", len(step._inbound_nodes))
print("calls in the first model:", len(list(arrows(model))))
# --8<-- [end:growth]

# --8<-- [start:nested]
inner = keras.Sequential([keras.Input([4]), layers.Dense(3, name="inside")], name="inner")
a, b = keras.Input([4], name="a"), keras.Input([4], name="b")
outer = keras.Model([a, b], inner(a) - inner(b))
print(*arrows(outer), sep="\n")
print("inside:", len(inner.get_layer("inside")._inbound_nodes), "node")
# --8<-- [end:nested]

# --8<-- [start:solution-power]
linear = layers.Dense(4, use_bias=False)
tensor = x
for _ in range(5):
    tensor = linear(tensor)
five = keras.Model(x, tensor)
power = batch
for _ in range(5):
    power = power @ linear.kernel
tf.debugging.assert_near(five(batch), power)
print("parameters:", five.count_params(), " calls:", len(list(arrows(five))))
# --8<-- [end:solution-power]


# --8<-- [start:solution-shared]
def used_twice(model):
    for layer in model.get_config()["layers"]:
        if len(layer["inbound_nodes"]) > 1:
            yield layer["name"], len(layer["inbound_nodes"])


print(dict(used_twice(model)), dict(used_twice(outer)))
# --8<-- [end:solution-shared]

# --8<-- [start:solution-norm]
norm = layers.BatchNormalization(momentum=0.5)
one, two = keras.Input([1]), keras.Input([1])
both = keras.Model([one, two], [norm(one), norm(two)])
both([tf.fill([8, 1], 0.0), tf.fill([8, 1], 100.0)], training=True)
print("moving mean:", norm.moving_mean.numpy())
# --8<-- [end:solution-norm]
