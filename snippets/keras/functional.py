"""The functional style: two inputs, two outputs, a shared layer, the model drawn."""

import contextlib

# --8<-- [start:pairs]
import matplotlib.pyplot as plt
import numpy as np

from tfnotes import data

digits = data.mnist()
random = np.random.default_rng(0)


def pairs(pictures, labels, count):
    first, second = random.integers(len(labels), size=[2, count])
    for place in range(0, count, 2):  # every other pair shows the same digit
        alike = np.flatnonzero(labels == labels[first[place]])
        second[place] = random.choice(alike)
    a, b = labels[first].astype("float32"), labels[second].astype("float32")
    inputs = {"left": pictures[first], "right": pictures[second]}
    return inputs, {"same": (a == b).astype("float32"), "sum": a + b}


train = pairs(digits.x_train, digits.y_train, 4000)
test = pairs(digits.x_test, digits.y_test, 1024)


def show(titles):
    _, axes = plt.subplots(1, len(titles), figsize=(6.4, 1.5))
    for place, (axis, title) in enumerate(zip(axes, titles)):
        pair = [test[0]["left"][place], test[0]["right"][place]]
        axis.imshow(np.hstack(pair), cmap="gray")
        axis.set_title(title, size=9)
        axis.set_axis_off()


same, total = test[1]["same"], test[1]["sum"]
show([f"same {same[k]:.0f}, sum {total[k]:.0f}" for k in range(4)])
# --8<-- [end:pairs]

# --8<-- [start:symbols]
import keras
from keras import layers

inputs = keras.Input([4])
hidden = layers.Dense(3, activation="relu")(inputs)
outputs = layers.Dense(2)(hidden)
print(type(hidden).__name__, hidden.shape, hidden.dtype)
# --8<-- [end:symbols]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-numbers]
    float(hidden[0, 0])
    # --8<-- [end:no-numbers]

# --8<-- [start:small]
small = keras.Model(inputs, outputs)
chain = keras.Sequential(small.layers)
x = random.normal(size=[5, 4]).astype("float32")
np.testing.assert_array_equal(small(x), chain(x))
print([layer.name for layer in small.layers], small.count_params())
# --8<-- [end:small]


# --8<-- [start:build]
def make_encoder(name):
    return keras.Sequential(
        [
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
        ],
        name=name,
    )


def make_heads(a, b):
    distance = keras.ops.abs(a - b)
    same = layers.Dense(1, activation="sigmoid", name="same")(distance)
    both = layers.Concatenate(name="both")([a, b])
    hidden = layers.Dense(32, activation="relu", name="hidden")(both)
    return {"same": same, "sum": layers.Dense(1, name="sum")(hidden)}


left = keras.Input([28, 28], name="left")
right = keras.Input([28, 28], name="right")
encoder = make_encoder("encoder")
heads = make_heads(encoder(left), encoder(right))
model = keras.Model({"left": left, "right": right}, heads)
# --8<-- [end:build]

# --8<-- [start:draw]
from tfnotes.draw.models import show_models

show_models(model)
# --8<-- [end:draw]


# --8<-- [start:train]
def fit(model):
    model.compile(
        optimizer="adam",
        loss={"same": "binary_crossentropy", "sum": "mse"},
        loss_weights={"same": 10.0, "sum": 1.0},
        metrics={"same": "accuracy", "sum": "mae"},
    )
    model.fit(*train, epochs=10, batch_size=64, verbose=0)
    return model.evaluate(*test, verbose=0, return_dict=True)


result = fit(model)
for name, value in result.items():
    print(f"{name:15}{value:.3f}")
# --8<-- [end:train]

# --8<-- [start:look]
found = model.predict(test[0], verbose=0)
same, total = found["same"][:, 0], found["sum"][:, 0]
show([f"same {same[k]:.2f}, sum {total[k]:.1f}" for k in range(4)])
# --8<-- [end:look]

# --8<-- [start:losses]
weighted = 10.0 * result["same_loss"] + 1.0 * result["sum_loss"]
squares = np.mean((found["sum"][:, 0] - test[1]["sum"]) ** 2)
print(f"loss     {result['loss']:.3f}   10 same + sum {weighted:.3f}")
print(f"sum_loss {result['sum_loss']:.3f}   by hand       {squares:.3f}")
np.testing.assert_allclose(result["loss"], weighted, rtol=1e-4)
np.testing.assert_allclose(result["sum_loss"], squares, rtol=1e-4)
# --8<-- [end:losses]

# --8<-- [start:separate]
codes = make_encoder("left_encoder")(left), make_encoder("right_encoder")(right)
separate = keras.Model({"left": left, "right": right}, make_heads(*codes))
show_models({"shared": model, "separate": separate})
print("shared:  ", model.count_params())
print("separate:", separate.count_params())
# --8<-- [end:separate]

# --8<-- [start:swapped]
fit(separate)
swapped = {"left": test[0]["right"], "right": test[0]["left"]}
for name, one in {"shared": model, "separate": separate}.items():
    there = one.predict(test[0], verbose=0)["same"]
    back = one.predict(swapped, verbose=0)["same"]
    right_answers = np.mean((there > 0.5)[:, 0] == test[1]["same"])
    print(f"right answers,  {name}: {right_answers:.3f}")
    print(f"largest change, {name}: {np.abs(there - back).max():.3f}")
# --8<-- [end:swapped]

# --8<-- [start:order]
price = keras.Input([1], name="price")
discount = keras.Input([1], name="discount")
bill = keras.Model([price, discount], price - discount)
hundred, twenty = np.array([[100.0]]), np.array([[20.0]])
print("price, discount:", float(bill([hundred, twenty])[0, 0]))
print("discount, price:", float(bill([twenty, hundred])[0, 0]))
# --8<-- [end:order]

# --8<-- [start:names]
named = keras.Model({"price": price, "discount": discount}, price - discount)
print(float(named({"discount": twenty, "price": hundred})[0, 0]))
# --8<-- [end:names]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:wrong-name]
    named({"rebate": twenty, "price": hundred})
    # --8<-- [end:wrong-name]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:disconnected]
    keras.Model(left, heads["same"])
    # --8<-- [end:disconnected]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:tf-function]
    import tensorflow as tf

    tf.abs(inputs)
    # --8<-- [end:tf-function]

# --8<-- [start:ops]
absolute = keras.Model(inputs, keras.ops.abs(inputs))
np.testing.assert_array_equal(absolute(x), np.abs(x))
print("layers:    ", [layer.name for layer in absolute.layers])
print("operations:", [operation.name for operation in absolute.operations])
# --8<-- [end:ops]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:plot-model]
    keras.utils.plot_model(model, "model.svg", show_shapes=True)
    # --8<-- [end:plot-model]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    keras.Model(input=left, output=heads["same"])
    # --8<-- [end:then]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-merge]
    layers.merge([encoder(left), encoder(right)], mode="concat")
    # --8<-- [end:then-merge]

# --8<-- [start:now]
joined = layers.Concatenate()([encoder(left), encoder(right)])
keras.Model(inputs=[left, right], outputs=joined).output_shape
# --8<-- [end:now]


# --8<-- [start:solution-count]
def dense(inputs, outputs):
    return (inputs + 1) * outputs


shared = dense(28 * 28, 64) + dense(64, 32)
rest = dense(32, 1) + dense(64, 32) + dense(32, 1)
assert model.count_params() == shared + rest
assert separate.count_params() == 2 * shared + rest
print("encoder:", shared, " heads:", rest)
# --8<-- [end:solution-count]


# --8<-- [start:solution-residual]
def residual(x, name):
    change = layers.Dense(x.shape[-1], activation="relu", name=name)(x)
    return layers.Add(name=f"{name}_add")([x, change])


start = keras.Input([8], name="x")
ladder = keras.Model(start, residual(residual(start, "one"), "two"))
show_models(ladder)
print("parameters:", ladder.count_params())
# --8<-- [end:solution-residual]

# --8<-- [start:solution-encoder]
known = encoder.predict(digits.x_train, verbose=0)
means = np.stack([known[digits.y_train == digit].mean(axis=0) for digit in range(10)])
codes = encoder.predict(digits.x_test, verbose=0)
distances = np.linalg.norm(codes[:, None] - means, axis=-1)
print("right:", np.mean(distances.argmin(axis=1) == digits.y_test).round(2))
# --8<-- [end:solution-encoder]
