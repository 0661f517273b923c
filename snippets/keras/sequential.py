"""Sequential: the summary read line by line, parameters counted by hand."""

import contextlib

# --8<-- [start:model]
import keras
import numpy as np
import tensorflow as tf
from keras import layers

model = keras.Sequential(
    [
        keras.Input([28, 28, 1]),
        layers.Conv2D(8, 3, activation="relu", name="conv"),
        layers.BatchNormalization(name="norm"),
        layers.MaxPooling2D(name="pool"),
        layers.Flatten(name="flatten"),
        layers.Dropout(0.2, name="dropout"),
        layers.Dense(10, name="scores"),
    ]
)
model.summary()
# --8<-- [end:model]

# --8<-- [start:chain]
pictures = tf.random.uniform([5, 28, 28, 1], seed=1)
x = pictures
for layer in model.layers:
    x = layer(x)
    print(f"{layer.name:8}", x.shape)
tf.debugging.assert_equal(x, model(pictures))
# --8<-- [end:chain]


# --8<-- [start:by-hand]
def by_hand(layer):
    inputs, outputs = layer.input.shape[-1], layer.output.shape[-1]
    if isinstance(layer, layers.Dense):
        return (inputs + 1) * outputs
    if isinstance(layer, layers.Conv2D):
        height, width = layer.kernel_size
        return (height * width * inputs + 1) * outputs
    if isinstance(layer, layers.BatchNormalization):
        return 4 * inputs
    return 0


for layer in model.layers:
    print(f"{layer.name:8}{by_hand(layer):7,}")
    assert by_hand(layer) == layer.count_params()
print(f"total   {sum(map(by_hand, model.layers)):7,}")
# --8<-- [end:by-hand]

# --8<-- [start:norm]
for weight in model.get_layer("norm").weights:
    print(f"{weight.name:16} {weight.shape}  trainable: {weight.trainable}")

count = model.count_params()
print("bytes:", 4 * count, " KB:", round(4 * count / 1024, 2))
# --8<-- [end:norm]

# --8<-- [start:bars]
import matplotlib.pyplot as plt

names = [layer.name for layer in model.layers]
held = [layer.count_params() for layer in model.layers]
made = [np.prod(layer.output.shape[1:]) for layer in model.layers]
figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.6), sharey=True)
for axis, numbers, title, color in zip(
    axes, (held, made), ("parameters", "outputs per image"), ("C0", "C1")
):
    axis.barh(names, numbers, color=color)
    axis.set_title(title)
    axis.set(xlim=(0, 1.25 * max(numbers)), xticks=[])
    for place, number in enumerate(numbers):
        axis.text(number, place, f" {number:,}", va="center")
axes[0].invert_yaxis()
# --8<-- [end:bars]

# --8<-- [start:formulas]
i, o = 5, 7
cases = [
    (layers.Dense(o), [None, i], (i + 1) * o),
    (layers.Conv2D(o, 3), [None, 9, 9, i], (3 * 3 * i + 1) * o),
    (layers.SeparableConv2D(o, 3), [None, 9, 9, i], 3 * 3 * i + (i + 1) * o),
    (layers.LayerNormalization(), [None, i], 2 * i),
    (layers.BatchNormalization(), [None, i], 4 * i),
    (layers.Embedding(1000, o), [None, 9], 1000 * o),
    (layers.SimpleRNN(o), [None, 9, i], (i + o + 1) * o),
    (layers.LSTM(o), [None, 9, i], 4 * (i + o + 1) * o),
    (layers.GRU(o), [None, 9, i], 3 * (i + o + 2) * o),
]
for layer, shape, count in cases:
    layer.build(shape)
    print(f"{type(layer).__name__:20}{layer.count_params():5}")
    assert layer.count_params() == count
# --8<-- [end:formulas]

# --8<-- [start:optimizer]
labels = np.zeros(5, int)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer="adam", loss=loss)
model.fit(pictures, labels, verbose=0)

text = []
model.summary(print_fn=lambda line, **rest: text.append(line))
print(*"".join(text).splitlines()[-4:], sep="\n")
# --8<-- [end:optimizer]

# --8<-- [start:unbuilt]
open_model = keras.Sequential([layers.Dense(4), layers.Dense(2)])
open_model.summary()
# --8<-- [end:unbuilt]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-count]
    open_model.count_params()
    # --8<-- [end:no-count]

# --8<-- [start:first-come]
open_model(tf.ones([1, 3]))
print("after three features:", open_model.count_params())
# --8<-- [end:first-come]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:second-come]
    open_model(tf.ones([1, 4]))
    # --8<-- [end:second-come]

# --8<-- [start:no-flatten]
slip = keras.Sequential(
    [
        keras.Input([28, 28, 1]),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Dense(10),
    ]
)
print("parameters:", [layer.count_params() for layer in slip.layers])
print("output:", slip.output_shape)
# --8<-- [end:no-flatten]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-flatten-fit]
    slip.compile(optimizer="adam", loss=loss)
    slip.fit(pictures, labels, verbose=0)
    # --8<-- [end:no-flatten-fit]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:too-deep]
    deep = keras.Sequential([keras.Input([28, 28, 1])])
    for depth in range(5):
        deep.add(layers.Conv2D(8, 3))
        deep.add(layers.MaxPooling2D())
        print("after pooling", depth + 1, "times:", deep.output_shape)
    # --8<-- [end:too-deep]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:one-picture]
    model(pictures[0])
    # --8<-- [end:one-picture]

# --8<-- [start:one-picture-cure]
print("one image:        ", model(pictures[:1]).shape)
print("no channel axis:  ", model(pictures[..., 0]).shape)
# --8<-- [end:one-picture-cure]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-list]
    keras.Sequential(layers.Dense(4), layers.Dense(2))
    # --8<-- [end:no-list]

# --8<-- [start:list]
body = keras.Sequential(model.layers[:-1], name="body")
again = keras.Sequential([body, layers.Dense(3, name="three")])
print(again(pictures).shape, "same convolution:", body.layers[0] is model.layers[0])
again.summary(expand_nested=True)
print("other batch sizes:", again(pictures[:2]).shape)
# --8<-- [end:list]

# --8<-- [start:twice]
dense = layers.Dense(4)
twice = keras.Sequential([keras.Input([4]), dense, dense])
print("layers:", len(twice.layers), " parameters:", twice.count_params())
# --8<-- [end:twice]

# --8<-- [start:then-shape]
keras.Sequential([layers.Dense(4, input_shape=(3,))]).output_shape
# --8<-- [end:then-shape]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-classes]
    model.predict_classes(pictures)
    # --8<-- [end:then-classes]

# --8<-- [start:now-classes]
scores = model.predict(pictures, verbose=0)
np.argmax(scores, axis=-1).shape
# --8<-- [end:now-classes]

# --8<-- [start:solution-lenet]
lenet = keras.Sequential(
    [
        keras.Input([32, 32, 1]),
        layers.Conv2D(6, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(120, activation="tanh"),
        layers.Dense(84, activation="tanh"),
        layers.Dense(10),
    ]
)
for layer in lenet.layers:
    print(f"{layer.name:22}{layer.output.shape!s:20}{by_hand(layer):7,}")
assert lenet.count_params() == sum(map(by_hand, lenet.layers))
print("total:", lenet.count_params())
# --8<-- [end:solution-lenet]

# --8<-- [start:solution-pooling]
small = keras.Sequential([*model.layers[:3], layers.GlobalAveragePooling2D(), layers.Dense(10)])
small.build([None, 28, 28, 1])
print("parameters:", small.count_params(), "instead of", model.count_params())
# --8<-- [end:solution-pooling]


# --8<-- [start:solution-check]
def check(model, expected):
    found = [layer.count_params() for layer in model.layers]
    assert found == expected, f"parameters by layer are {found}, not {expected}"


check(model, [80, 32, 0, 0, 0, 13530])
try:
    check(slip, [80, 0, 13530])
except AssertionError as error:
    print(error)
# --8<-- [end:solution-check]
