"""Code of the page autodiff/gradient-tape."""

# --8<-- [start:smallest]
import tensorflow as tf

x = tf.Variable(3.0)
with tf.GradientTape() as tape:
    y = x**2

print("y     =", y.numpy())
print("dy/dx =", tape.gradient(y, x).numpy())
# --8<-- [end:smallest]

# --8<-- [start:three-cases]
constant, variable = tf.constant(3.0), tf.Variable(3.0)
watched = tf.constant(3.0)

with tf.GradientTape() as tape:
    y = constant**2
print("constant:", tape.gradient(y, constant))

with tf.GradientTape() as tape:
    y = variable**2
print("variable:", tape.gradient(y, variable))

with tf.GradientTape() as tape:
    tape.watch(watched)
    y = watched**2
print("watched: ", tape.gradient(y, watched))
# --8<-- [end:three-cases]

# --8<-- [start:curve]
import matplotlib.pyplot as plt

points = tf.linspace(-6.0, 6.0, 400)
with tf.GradientTape() as tape:
    tape.watch(points)
    curve = tf.exp(-(points**2) / 8) * tf.sin(2 * points)
slope = tape.gradient(curve, points)

fig, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 3.6), sharex=True)
top.plot(points, curve)
top.set_ylabel("f(x)")
bottom.plot(points, slope, color="C1")
bottom.axhline(0, linewidth=0.8, color="0.5")
bottom.set(xlabel="x", ylabel="f '(x), from the tape")
# --8<-- [end:curve]

# --8<-- [start:chain]
w, b = tf.Variable(2.0), tf.Variable(1.0)

with tf.GradientTape() as tape:
    product = w * 3.0
    prediction = product + b
    error = prediction - 5.0
    loss = error**2

steps = {"loss": loss, "error": error, "prediction": prediction}
steps |= {"product": product, "b": b, "w": w}
gradients = tape.gradient(loss, steps)
for name, gradient in gradients.items():
    print(f"d loss / d {name:<10} = {gradient.numpy():4.1f}")
# --8<-- [end:chain]

# --8<-- [start:chain-figure]
fig, ax = plt.subplots(figsize=(5.6, 2.4))
ax.set(xlim=(-0.5, 8.3), ylim=(-1.95, 1.0))
ax.axis("off")
columns = {"w": 0, "product": 2, "prediction": 4.1, "error": 6.1, "loss": 7.9}
place = {name: (column, 0) for name, column in columns.items()} | {"b": (4.1, -1.55)}


def arrow(start, end, text, color, lift):
    """A curved arrow between two boxes of the upper row, with its label."""
    ends = [columns[start], columns[end]]
    way = 1 if ends[1] > ends[0] else -1
    ends = [ends[0] + way * (0.12 + 0.05 * len(start)), ends[1] - way * (0.12 + 0.05 * len(end))]
    style = {
        "arrowstyle": "-|>",
        "color": color,
        "linewidth": 1.3,
        "connectionstyle": "arc3,rad=-0.3",
    }
    ax.annotate("", (ends[1], lift / 3), (ends[0], lift / 3), arrowprops=style)
    ax.text(sum(ends) / 2, 1.2 * lift, text, color=color, ha="center", va="center", fontsize=9)


forward = {("w", "product"): "× 3", ("product", "prediction"): "+ b"}
forward |= {("prediction", "error"): "− 5", ("error", "loss"): "square"}
for (start, end), label in forward.items():
    arrow(start, end, label, "C0", 0.5)
    arrow(end, start, f"{gradients[start].numpy():g}", "C1", -0.5)
for x_shift, ends, color in [(-0.12, (-1.1, -0.4), "C0"), (0.12, (-0.4, -1.1), "C1")]:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.3}
    ax.annotate("", (4.1 + x_shift, ends[1]), (4.1 + x_shift, ends[0]), arrowprops=style)
ax.text(4.42, -0.78, f"{gradients['b'].numpy():g}", color="C1", va="center", fontsize=9)
for name, at in place.items():
    box = {"boxstyle": "round,pad=0.35", "facecolor": "none", "edgecolor": "0.5"}
    text = f"{name}\n{steps[name].numpy():g}"
    ax.text(*at, text, ha="center", va="center", fontsize=9, bbox=box)
ax.text(-0.2, -1.3, "forward: values", color="C0", fontsize=9)
ax.text(-0.2, -1.7, "backward: d loss / d …", color="C1", fontsize=9)
# --8<-- [end:chain-figure]

try:
    # --8<-- [start:second-call]
    with tf.GradientTape() as tape:
        square, cube = x**2, x**3

    print("first:", tape.gradient(square, x).numpy())
    tape.gradient(cube, x)
    # --8<-- [end:second-call]
except RuntimeError as error:
    print(error)

# --8<-- [start:persistent]
with tf.GradientTape(persistent=True) as tape:
    square, cube = x**2, x**3

print("first: ", tape.gradient(square, x).numpy())
print("second:", tape.gradient(cube, x).numpy())
del tape
# --8<-- [end:persistent]

# --8<-- [start:choose]
trained, frozen = tf.Variable(2.0), tf.Variable(5.0)

with tf.GradientTape(watch_accessed_variables=False) as tape:
    tape.watch(trained)
    y = trained * frozen

print("watched:  ", [v.numpy().item() for v in tape.watched_variables()])
print("gradients:", tape.gradient(y, [trained, frozen]))
# --8<-- [end:choose]

try:
    # --8<-- [start:watch-keras]
    import keras

    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    layer.build((None, 1))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(layer.kernel.value)
        tape.watch(layer.kernel)
    # --8<-- [end:watch-keras]
except ValueError as error:
    print(error)

# --8<-- [start:stop]
with tf.GradientTape(persistent=True) as tape:
    free = x * x
    held = x * tf.stop_gradient(x)
    cut = tf.stop_gradient(x * x)

for name, y in {"free": free, "held": held, "cut": cut}.items():
    print(f"{name}: value {y.numpy()}, gradient {tape.gradient(y, x)}")
# --8<-- [end:stop]


# --8<-- [start:control-flow]
def newton_root(a):
    """The square root of a, by averaging until the guess stops moving."""
    guess, rounds = a, 0
    while abs(guess * guess - a) > 1e-6 * a:
        guess, rounds = (guess + a / guess) / 2, rounds + 1
    return guess, rounds


for start in [2.0, 50.0]:
    a = tf.Variable(start)
    with tf.GradientTape(persistent=True) as tape:
        root, rounds = newton_root(a)
        library_root = tf.sqrt(a)
    print(f"a = {start}: {rounds} rounds, root {root:.5f}", end=", ")
    print(f"slope {tape.gradient(root, a):.5f}", end=", ")
    print(f"tf.sqrt has {tape.gradient(library_root, a):.5f}")
# --8<-- [end:control-flow]

try:
    # --8<-- [start:none-numpy]
    import numpy as np

    with tf.GradientTape() as tape:
        y = tf.reduce_sum(np.square(x))  # np.square gives a NumPy number
    print("with np.square:", tape.gradient(y, x))

    with tf.GradientTape() as tape:
        y = tf.reduce_sum(tf.square(x))
    print("with tf.square:", tape.gradient(y, x))

    with tf.GradientTape() as tape:
        y = float(x) ** 2
    tape.gradient(y, x)
    # --8<-- [end:none-numpy]
except AttributeError as error:
    print(error)

# --8<-- [start:none-integer]
for start in [3, 3.0]:
    v = tf.Variable(start)
    with tf.GradientTape() as tape:
        y = v * v
    print(f"{v.dtype.name:<7}", tape.gradient(y, v))
# --8<-- [end:none-integer]

# --8<-- [start:none-flat]
operations = {
    "tf.round(v)": tf.round,
    "tf.cast(v, tf.int32)": lambda v: tf.cast(v, tf.int32),
    "v > 1": lambda v: tf.cast(v > 1, tf.float32),
    "tf.sign(v)": tf.sign,
    "tf.nn.relu(v - 5)": lambda v: tf.nn.relu(v - 5),
}
for name, operation in operations.items():
    with tf.GradientTape() as tape:
        y = operation(x)
    print(f"{name:<20}", tape.gradient(y, x))
# --8<-- [end:none-flat]

# --8<-- [start:none-state]
source, state = tf.Variable(3.0), tf.Variable(0.0)
with tf.GradientTape() as tape:
    state.assign_add(source)
    y = state**2
print("through the state:", tape.gradient(y, source))

with tf.GradientTape() as tape:
    y = (0.0 + source) ** 2
print("through a tensor: ", tape.gradient(y, source))
# --8<-- [end:none-state]

# --8<-- [start:none-outside]
layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
inputs = tf.constant([[2.0]])
outputs = layer(inputs)

with tf.GradientTape() as tape:
    loss = tf.reduce_sum(outputs**2)
print("called before the tape:", tape.gradient(loss, layer.kernel))

with tf.GradientTape() as tape:
    loss = tf.reduce_sum(layer(inputs) ** 2)
print("called under the tape: ", tape.gradient(loss, layer.kernel))

model = keras.Sequential([layer])
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(model.predict(inputs, verbose=0) ** 2)
print("predict under the tape:", tape.gradient(loss, layer.kernel))
# --8<-- [end:none-outside]

try:
    # --8<-- [start:none-replaced]
    w = tf.Variable(2.0)
    for step in range(2):
        with tf.GradientTape() as tape:
            loss = w**2
        gradient = tape.gradient(loss, w)
        print(f"step {step}: type {type(w).__name__}, gradient {gradient}")
        w = w - 0.1 * gradient
    # --8<-- [end:none-replaced]
except TypeError as error:
    print(error)

# --8<-- [start:none-untrainable]
average = tf.Variable(2.0, trainable=False)
with tf.GradientTape() as tape:
    y = average**2
print("by itself:", tape.gradient(y, average))

with tf.GradientTape() as tape:
    tape.watch(average)
    y = average**2
print("watched:  ", tape.gradient(y, average))
# --8<-- [end:none-untrainable]

try:
    # --8<-- [start:none-lookup]
    image = tf.Variable([[[[0.2], [0.4], [0.9]]]])
    with tf.GradientTape(persistent=True) as tape:
        mean = tf.reduce_mean(image, axis=[1, 2], keepdims=True)
        by_hand = (image - mean) * 2.0 + mean
        library = tf.image.adjust_contrast(image, 2.0)

    tf.debugging.assert_near(by_hand, library)
    print("by hand:", tape.gradient(by_hand, image).numpy().ravel())
    tape.gradient(library, image)
    # --8<-- [end:none-lookup]
except LookupError as error:
    print(error)

# --8<-- [start:find-break]
w = tf.Variable(1.3)
with tf.GradientTape(persistent=True) as tape:
    hidden = w * 3.0
    rounded = tf.round(hidden)
    scaled = rounded * 2.0
    loss = scaled**2

print("seen by the tape:", any(v is w for v in tape.watched_variables()))
steps = {"scaled": scaled, "rounded": rounded, "hidden": hidden, "w": w}
for name, step in steps.items():
    print(f"d loss / d {name:<7} =", tape.gradient(loss, step))
# --8<-- [end:find-break]

# --8<-- [start:unconnected]
w = tf.Variable(1.3)
with tf.GradientTape(persistent=True) as tape:
    loss = tf.round(w) ** 2

print(tape.gradient(loss, w))
print(tape.gradient(loss, w, unconnected_gradients="zero"))
# --8<-- [end:unconnected]

# --8<-- [start:exercise-softplus]
a = tf.Variable(100.0)
with tf.GradientTape(persistent=True) as tape:
    by_hand = tf.math.log(1 + tf.exp(a))
    library = tf.math.softplus(a)

for name, y in {"by hand": by_hand, "library": library}.items():
    print(f"{name}: value {y.numpy()}, gradient {tape.gradient(y, a)}")
# --8<-- [end:exercise-softplus]

# --8<-- [start:exercise-input]
features = tf.constant([[0.2, -1.0, 0.7]])
kernel = tf.Variable([[2.0], [-1.0], [0.1]])

with tf.GradientTape() as tape:
    tape.watch(features)
    score = tf.tanh(features @ kernel)
print("d score / d features:", tape.gradient(score, features).numpy())
# --8<-- [end:exercise-input]
