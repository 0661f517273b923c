"""Code of the page autodiff/higher-order."""

import contextlib

# --8<-- [start:twice]
import tensorflow as tf

x = tf.Variable(3.0)
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        y = x**3
    slope = inner.gradient(y, x)  # still under the outer tape
bend = outer.gradient(slope, x)
print("y, y', y'':", y.numpy(), slope.numpy(), bend.numpy())
# --8<-- [end:twice]

# --8<-- [start:outside]
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        y = x**3
slope = inner.gradient(y, x)  # the outer tape has stopped
print("y':", slope.numpy(), " y'':", outer.gradient(slope, x))
# --8<-- [end:outside]

# --8<-- [start:no_bend]
def second(function, at):
    with tf.GradientTape() as outer:
        outer.watch(at)
        with tf.GradientTape() as inner:
            inner.watch(at)
            value = function(at)
        slope = inner.gradient(value, at)
    return outer.gradient(slope, at)

at = tf.constant(3.0)
print("x ** 2:     ", second(lambda x: x**2, at))
print("5 * x:      ", second(lambda x: 5 * x, at))
print("relu(x):    ", second(tf.nn.relu, at))
print("softplus(x):", second(tf.nn.softplus, at))
# --8<-- [end:no_bend]

# --8<-- [start:curves]
import matplotlib.pyplot as plt

points = tf.linspace(-4.0, 4.0, 401)
with tf.GradientTape() as outer:
    outer.watch(points)
    with tf.GradientTape() as inner:
        inner.watch(points)
        bell = tf.exp(-(points**2) / 2)
    slope = inner.gradient(bell, points)
bend = outer.gradient(slope, points)

figure, axis = plt.subplots()
for name, curve in {"f": bell, "f '": slope, "f ''": bend}.items():
    axis.plot(points, curve, label=name)
axis.axhline(0, color="0.5", lw=0.8)
for place in (-1, 1):
    axis.axvline(place, color="0.5", lw=0.8, ls=":")
axis.set_xlabel("x")
axis.legend()
# --8<-- [end:curves]

# --8<-- [start:jacobian]
matrix = tf.constant([[0.5, -1.0, 2.0], [1.0, 0.3, -0.7]], tf.float64)

def layer(v):
    return tf.tanh(tf.linalg.matvec(matrix, v))

v = tf.constant([0.2, 0.4, 0.1], tf.float64)
with tf.GradientTape(persistent=True) as tape:
    tape.watch([v, matrix])
    out = layer(v)
jacobian, of_matrix = tape.jacobian(out, [v, matrix])
print(jacobian.numpy().round(3))
print("out", out.shape, "by v", v.shape, "->", jacobian.shape)
print("out", out.shape, "by matrix", matrix.shape, "->", of_matrix.shape)
tf.debugging.assert_near(tape.gradient(out, v), tf.reduce_sum(jacobian, axis=0))
# --8<-- [end:jacobian]

# --8<-- [start:differences]
def differences(function, at, h=1e-5):
    moved = [function(at + h * d) - function(at - h * d)
             for d in tf.eye(len(at), dtype=at.dtype)]
    return tf.stack(moved, axis=-1) / (2 * h)

measured = differences(layer, v)
tf.debugging.assert_near(measured, jacobian, atol=1e-9)
print("calls of layer:", 2 * len(v), " agree to nine decimals")
# --8<-- [end:differences]

# --8<-- [start:batch]
import keras

batch = tf.random.normal([6, 3])
model = keras.Sequential([keras.layers.Dense(4, "tanh"), keras.layers.Dense(2)])
model.build((None, 3))

@tf.function
def both_jacobians(function, batch):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(batch)
        out = function(batch)
    return tape.jacobian(out, batch), tape.batch_jacobian(out, batch)

whole, thin = both_jacobians(model, batch)
print("jacobian:", whole.shape, " batch_jacobian:", thin.shape)
tf.debugging.assert_near(tf.einsum("bibj->bij", whole), thin)
# --8<-- [end:batch]

# --8<-- [start:draw_batch]
figure, axis = plt.subplots(figsize=(6.4, 3.0))
table = tf.reshape(abs(whole), [12, 18])
axis.imshow(tf.where(table > 0, table, float("nan")), cmap="viridis")
axis.set(xlabel="input (6 examples of 3)", ylabel="output (6 of 2)")
axis.set(xticks=[2.5, 5.5, 8.5, 11.5, 14.5], yticks=[1.5, 3.5, 5.5, 7.5, 9.5],
         xticklabels=[], yticklabels=[])
axis.grid(alpha=0.5)
# --8<-- [end:draw_batch]

# --8<-- [start:norm]
norm = keras.layers.BatchNormalization()
norm.build((None, 3))
for training in (False, True):
    whole, thin = both_jacobians(lambda b: norm(b, training=training), batch)
    blocks = tf.einsum("bibj->bij", whole)
    largest, off = tf.reduce_max(abs(blocks)), tf.reduce_max(abs(blocks - thin))
    print(f"training={training!s:5} largest entry {largest:.2f}, off by {off:.2f}")
# --8<-- [end:norm]

# --8<-- [start:hessian]
def valley(p):
    x, y = tf.unstack(p)
    return (1 - x) ** 2 + 10 * (y - x**2) ** 2

@tf.function
def gradient_and_hessian(function, p):
    with tf.GradientTape() as outer:
        outer.watch(p)
        with tf.GradientTape() as inner:
            inner.watch(p)
            value = function(p)
        gradient = inner.gradient(value, p)
    return gradient, outer.jacobian(gradient, p)

start = tf.constant([-1.2, 1.0], tf.float64)
gradient, hessian = gradient_and_hessian(valley, start)
x, y = start.numpy()
by_hand = [[2 - 40 * y + 120 * x**2, -40 * x], [-40 * x, 20]]
print("gradient:", gradient.numpy())
print("Hessian:\n", hessian.numpy())
print("curvatures:", tf.linalg.eigvalsh(hessian).numpy().round(1))
tf.debugging.assert_near(hessian, tf.constant(by_hand, tf.float64))
tf.debugging.assert_equal(hessian, tf.transpose(hessian))
# --8<-- [end:hessian]

# --8<-- [start:descend]
def descend(step, limit):
    p, path = start, [start]
    gradient, hessian = gradient_and_hessian(valley, p)
    while tf.norm(gradient) > 1e-4 and len(path) <= limit:
        p = p - step(gradient, hessian)
        path.append(p)
        gradient, hessian = gradient_and_hessian(valley, p)
    return tf.stack(path).numpy()

paths = {
    "gradient descent": descend(lambda g, h: 0.01 * g, 5000),
    "Newton": descend(lambda g, h: tf.linalg.solve(h, g[:, None])[:, 0], 100),
}
for name, path in paths.items():
    print(f"{name}: {len(path) - 1} steps, ends at {path[-1].round(4)}")
# --8<-- [end:descend]

# --8<-- [start:draw_paths]
import numpy as np

xs, ys = np.meshgrid(np.linspace(-1.7, 1.5, 120), np.linspace(-1.4, 1.9, 120))
heights = valley(tf.stack([xs, ys]))
figure, axis = plt.subplots(figsize=(6.4, 3.8))
levels = [0.1, 0.3, 1, 2, 4, 8, 16, 32, 64]
axis.contour(xs, ys, heights, levels, colors="0.5", alpha=0.5, linewidths=0.8)
crept, leapt = paths["gradient descent"], paths["Newton"]
crept = np.concatenate([crept[:10], crept[10::20]])  # later: every 20th step
axis.plot(*crept.T, color="C0", marker=".", ms=4, label="gradient descent, thinned")
axis.plot(*leapt.T, color="C1", marker="o", ms=5, label="Newton")
axis.plot(1, 1, "*", ms=12, color="C3", label="minimum")
axis.set(xlabel="x", ylabel="y", xlim=(-1.7, 1.5), ylim=(-1.4, 1.9))
axis.legend(loc="lower left")
# --8<-- [end:draw_paths]

# --8<-- [start:kernel]
kernel = tf.Variable([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]])
data = tf.random.normal([20, 2])
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        loss = tf.reduce_mean(tf.tanh(data @ kernel) ** 2)
    gradient = inner.gradient(loss, kernel)
hessian = outer.jacobian(gradient, kernel)
square = tf.reshape(hessian, [6, 6])
print(kernel.shape, "->", hessian.shape, "->", square.shape)
tf.debugging.assert_near(square, tf.transpose(square), atol=1e-6)
for count in (6, 1_000, 100_000):
    print(f"{count:7,} parameters: Hessian of {4 * count**2 / 1e9:.3g} GB")
# --8<-- [end:kernel]

# --8<-- [start:product]
def loss_of(weights):
    return tf.reduce_mean(tf.tanh(data @ weights) ** 2)

weights = tf.constant(kernel.numpy())
direction = tf.random.normal([2, 3])

with tf.GradientTape() as outer:  # backward, then backward
    outer.watch(weights)
    with tf.GradientTape() as inner:
        inner.watch(weights)
        loss = loss_of(weights)
    gradient = inner.gradient(loss, weights)
one = outer.gradient(gradient, weights, output_gradients=direction)

with tf.autodiff.ForwardAccumulator(weights, direction) as forward:
    with tf.GradientTape() as tape:  # backward, seen by a forward pass
        tape.watch(weights)
        loss = loss_of(weights)
    gradient = tape.gradient(loss, weights)
two = forward.jvp(gradient)

full = tf.linalg.matvec(square, tf.reshape(direction, [6]))
tf.debugging.assert_near(one, tf.reshape(full, [2, 3]), atol=1e-6)
tf.debugging.assert_near(one, two, atol=1e-6)
print(one.numpy())
# --8<-- [end:product]

# --8<-- [start:forward]
def wave(t):
    return tf.sin(t * tf.range(1.0, 1001.0))  # one number in, a thousand out

t = tf.constant(0.5)
with tf.autodiff.ForwardAccumulator(t, tf.constant(1.0)) as forward:
    out = wave(t)
quick = forward.jvp(out)

with tf.GradientTape() as tape:
    tape.watch(t)
    out = wave(t)
tf.debugging.assert_near(quick, tape.jacobian(out, t), rtol=1e-4)
print(quick.shape, quick[:3].numpy())
# --8<-- [end:forward]

# --8<-- [start:passes]
passes = 0

@tf.custom_gradient
def square_of(v):
    def backward(upstream):
        global passes
        passes += 1  # Python: counts how often this code is run
        return 2 * v * upstream
    return v**2, backward

v = tf.range(1.0, 51.0)
for vectorized in (True, False):
    with tf.GradientTape(persistent=not vectorized) as tape:
        tape.watch(v)
        out = square_of(v)
    passes = 0
    jacobian = tape.jacobian(out, v, experimental_use_pfor=vectorized)
    tf.debugging.assert_equal(tf.linalg.diag_part(jacobian), 2 * v)
    print(f"experimental_use_pfor={vectorized!s:5} walked back {passes} times")
# --8<-- [end:passes]

with contextlib.suppress(RuntimeError):  # the page shows this error
    # --8<-- [start:not_persistent]
    with tf.GradientTape() as tape:
        tape.watch(v)
        out = square_of(v)
    tape.jacobian(out, v, experimental_use_pfor=False)
    # --8<-- [end:not_persistent]

# --8<-- [start:check]
@tf.custom_gradient
def cube(x):
    return x**3, lambda upstream: 3 * x**2 * upstream

@tf.custom_gradient
def wrong_cube(x):
    return x**3, lambda upstream: 3 * x**2  # upstream is forgotten

at = tf.constant([0.5, 1.0, 2.0], tf.float64)
for function in (cube, wrong_cube):
    (claimed,), (measured,) = tf.test.compute_gradient(function, [at])
    print(function.__name__, abs(claimed - measured).max().round(3))
    print(claimed.round(2))
# --8<-- [end:check]

# --8<-- [start:finite]
steps = 10.0 ** np.arange(-12, 0.1, 0.5)
fig, ax = plt.subplots(figsize=(6.4, 3.2))
for dtype, mark in [(tf.float32, "o-"), (tf.float64, "s-")]:
    a = tf.constant(2.0, dtype)
    with tf.GradientTape() as tape:
        tape.watch(a)
        value = tf.sin(a)
    h = tf.constant(steps, dtype)
    central = (tf.sin(a + h) - tf.sin(a - h)) / (2 * h)
    error = abs(central - tape.gradient(value, a))
    ax.loglog(steps, error, mark, markersize=4, label=dtype.name)
ax.set(xlabel="step h", ylabel="|central difference − tape|")
ax.legend()
# --8<-- [end:finite]

# --8<-- [start:penalty]
critic = keras.Sequential([keras.layers.Dense(16, "tanh"), keras.layers.Dense(1)])
samples = tf.random.normal([64, 2])
critic(samples)  # builds it

def slopes_and_gradients():
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(samples)
            score = critic(samples)
        slopes = tf.norm(inner.gradient(score, samples), axis=1)
        penalty = tf.reduce_mean((slopes - 1) ** 2)
    return slopes, outer.gradient(penalty, critic.trainable_variables)

slopes, gradients = slopes_and_gradients()
for variable, gradient in zip(critic.trainable_variables, gradients):
    print(f"{variable.path:28}", None if gradient is None else gradient.shape)
# --8<-- [end:penalty]

# --8<-- [start:penalized]
optimizer = keras.optimizers.Adam(0.02)

@tf.function
def step():
    _, gradients = slopes_and_gradients()
    optimizer.apply_gradients(zip(gradients[:-1], critic.trainable_variables[:-1]))

for rounds in (0, 20, 200):
    for _ in range(rounds):
        step()
    slopes, _ = slopes_and_gradients()
    print(f"{rounds:3} steps more: slopes from {tf.reduce_min(slopes):.2f}"
          f" to {tf.reduce_max(slopes):.2f}")
# --8<-- [end:penalized]

# --8<-- [start:taylor]
def derivatives(function, at, count):
    """The value and the first derivatives of a function, by recursion."""
    if count == 0:
        return [function(at)]
    with tf.GradientTape() as tape:
        tape.watch(at)
        found = derivatives(function, at, count - 1)
    return [*found, tape.gradient(found[-1], at)]

zero = tf.constant(0.0, tf.float64)
found = derivatives(tf.sin, zero, 7)
print([float(d) for d in found])
guess, factorial = 0.0, 1.0
for n, derivative in enumerate(found):
    factorial *= max(n, 1)
    guess += float(derivative) / factorial
print(f"series at 1: {guess:.6f}   tf.sin(1): {tf.sin(1.0):.6f}")
# --8<-- [end:taylor]

# --8<-- [start:saddle]
def pass_between(p):
    return p[0] ** 3 - 3 * p[0] + p[1] ** 2

for place in ([1.0, 0.0], [-1.0, 0.0]):
    gradient, hessian = gradient_and_hessian(pass_between, tf.constant(place))
    curvatures = tf.linalg.eigvalsh(hessian)
    print(place, "gradient", gradient.numpy(), "curvatures", curvatures.numpy())
# --8<-- [end:saddle]

# --8<-- [start:limit]
features = tf.random.normal([100, 20])
answers = tf.reduce_sum(features, axis=1)

def squared_error(w):
    return tf.reduce_mean((tf.linalg.matvec(features, w) - answers) ** 2)

@tf.function
def gradient_and_product(w, direction):
    with tf.autodiff.ForwardAccumulator(w, direction) as forward:
        with tf.GradientTape() as tape:
            tape.watch(w)
            error = squared_error(w)
        gradient = tape.gradient(error, w)
    return gradient, forward.jvp(gradient)

direction = tf.random.normal([20])
for _ in range(100):  # power iteration
    _, product = gradient_and_product(tf.zeros(20), direction)
    sharpest = tf.norm(product)
    direction = product / sharpest
whole = 2 * tf.matmul(features, features, transpose_a=True) / 100
exact = tf.linalg.eigvalsh(whole)[-1]
print(f"largest curvature: {sharpest:.3f}, of the whole matrix: {exact:.3f}")
for factor in (1.9, 2.1):
    w = tf.zeros(20)
    for _ in range(200):
        w -= factor / sharpest * gradient_and_product(w, direction)[0]
    print(f"rate {factor} / curvature: error {squared_error(w):.2g}")
# --8<-- [end:limit]
