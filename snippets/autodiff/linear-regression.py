"""Code of the page autodiff/linear-regression."""

# --8<-- [start:data]
import numpy as np

years = np.array([2013, 2014, 2015, 2016, 2017])
prices = np.array([12000, 14000, 15000, 16500, 17500])

x = (years - years.min()) / np.ptp(years)
y = (prices - prices.min()) / np.ptp(prices)
print("x:", x)
print("y:", y.round(4))
# --8<-- [end:data]

# --8<-- [start:closed-form]
design = np.stack([x, np.ones_like(x)], axis=1)
best = np.linalg.solve(design.T @ design, design.T @ y)
print("slope a, intercept b:", best)
print(f"price rise per year:  {best[0] * np.ptp(prices) / np.ptp(years):.1f}")
# --8<-- [end:closed-form]


# --8<-- [start:by-hand]
def descend(x, y, rate, steps):
    """Gradient descent from (0, 0); returns every point it passes."""
    a = b = 0.0
    path = [(a, b)]
    for _ in range(steps):
        error = a * x + b - y
        slope_a, slope_b = error @ x, error.sum()
        a, b = a - rate * slope_a, b - rate * slope_b
        path.append((a, b))
    return np.array(path)


path = descend(x, y, rate=1e-3, steps=10_000)
for step in range(2000, 10_001, 2000):
    (a, b), distance = path[step], np.linalg.norm(path[step] - best)
    print(f"step {step:5d}: a = {a:.4f}, b = {b:.4f}, off by {distance:.4f}")
# --8<-- [end:by-hand]

# --8<-- [start:fit]
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(6.4, 3.4))
ax.plot(years, prices, "o", color="C1", markersize=7, label="prices")
for step, alpha in [(0, 0.4), (500, 0.55), (2000, 0.75), (10_000, 1.0)]:
    a, b = path[step]
    line = (a * x + b) * np.ptp(prices) + prices.min()
    ax.plot(years, line, color="C0", alpha=alpha, label=f"step {step}")
ax.set(xticks=years, xlabel="year", ylabel="price")
ax.legend()
# --8<-- [end:fit]

# --8<-- [start:one-gradient]
import tensorflow as tf

a, b = tf.Variable(0.0), tf.Variable(0.0)
with tf.GradientTape() as tape:
    error = a * x.astype("float32") + b - y.astype("float32")
    loss = tf.reduce_sum(error**2) / 2

print("tape:   ", [g.numpy().item() for g in tape.gradient(loss, [a, b])])
print("by hand:", [float((0 - y) @ x), float((0 - y).sum())])
# --8<-- [end:one-gradient]


# --8<-- [start:with-tape]
@tf.function
def descend_with_tape(a, b, xs, ys, rate, steps):
    for _ in tf.range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((a * xs + b - ys) ** 2) / 2
        slope_a, slope_b = tape.gradient(loss, [a, b])
        a.assign_sub(rate * slope_a)
        b.assign_sub(rate * slope_b)


def run_tape(dtype, rate, steps):
    a, b = tf.Variable(0, dtype=dtype), tf.Variable(0, dtype=dtype)
    data = tf.constant(x, dtype), tf.constant(y, dtype)
    descend_with_tape(a, b, *data, tf.constant(rate, dtype), tf.constant(steps))
    return np.array([a.numpy(), b.numpy()])


print("NumPy:        ", path[-1])
print("tape, float64:", run_tape(tf.float64, 1e-3, 10_000))
print("tape, float32:", run_tape(tf.float32, 1e-3, 10_000))
# --8<-- [end:with-tape]

# --8<-- [start:agree]
for dtype, rtol in [(tf.float64, 1e-12), (tf.float32, 1e-5)]:
    np.testing.assert_allclose(run_tape(dtype, 1e-3, 10_000), path[-1], rtol)
# --8<-- [end:agree]

# --8<-- [start:surface]
slopes, intercepts = np.linspace(-0.3, 1.7, 140), np.linspace(-0.8, 1.4, 140)
mesh = np.meshgrid(slopes, intercepts)
errors = [mesh[0] * x_i + mesh[1] - y_i for x_i, y_i in zip(x, y)]
surface = np.square(errors).sum(axis=0) / 2


def draw_surface(ax, path):
    """The loss as contours, the minimum as a star, and a path across it."""
    levels = np.geomspace(0.006, 3, 11)
    ax.contour(*mesh, surface, levels, colors="0.5", linewidths=0.6)
    ax.plot(*path.T, ".-" if len(path) < 100 else "-", linewidth=1.5)
    ax.plot(*best, "*", color="C1", markersize=12)
    ax.set(xlabel="slope a", xlim=slopes[[0, -1]], ylim=intercepts[[0, -1]])


fig, ax = plt.subplots(figsize=(6.4, 3.6))
draw_surface(ax, path)
for step in [0, 250, 500, 1000, 2000, 4000, 10_000]:
    ax.plot(*path[step], "o", color="C0", markersize=4)
    ax.annotate(step, path[step], (5, 5), textcoords="offset points")
ax.set(xlim=(-0.15, 1.3), ylim=(-0.25, 0.75))
ax.set_ylabel("intercept b")
# --8<-- [end:surface]

# --8<-- [start:curvature]
curvature = design.T @ design
(flat, steep), directions = np.linalg.eigh(curvature)
along_flat, along_steep = directions.T * np.sign(directions[1])[:, None]
print(f"steep direction {along_steep.round(2)}, curvature {steep:.3f}")
print(f"flat direction  {along_flat.round(2)}, curvature {flat:.3f}")
print(f"ratio {steep / flat:.1f}")
# --8<-- [end:curvature]

# --8<-- [start:predicted]
start = abs(along_flat @ (path[0] - best))
for step in [2000, 6000, 10_000]:
    predicted = start * (1 - 1e-3 * flat) ** step
    measured = np.linalg.norm(path[step] - best)
    print(f"step {step:5d}: predicted {predicted:.6f}, measured {measured:.6f}")
# --8<-- [end:predicted]

# --8<-- [start:rates]
limit, fastest = 2 / steep, 2 / (steep + flat)
print(f"limit {limit:.4f}, fastest {fastest:.4f}")

fig, ax = plt.subplots(figsize=(6.4, 3.4))
for rate in [0.001, 0.01, 0.1, fastest, 0.32]:
    distance = np.linalg.norm(descend(x, y, rate, 120) - best, axis=1)
    ax.semilogy(distance, label=f"rate {rate:.3f}")
ax.set(xlabel="step", ylabel="distance to the minimum")
ax.legend(loc="lower left")
# --8<-- [end:rates]

# --8<-- [start:diverge]
fig, axes = plt.subplots(1, 2, figsize=(6.4, 2.9), sharey=True)
for ax, rate in zip(axes, [fastest, 0.32]):
    draw_surface(ax, descend(x, y, rate, 16))
    ax.set_title(f"rate {rate:.3f}, 16 steps")
axes[0].set_ylabel("intercept b")
# --8<-- [end:diverge]

# --8<-- [start:stall]
for steps in [10_000, 20_000, 30_000, 40_000]:
    single = np.linalg.norm(run_tape(tf.float32, 1e-3, steps) - best)
    double = np.linalg.norm(run_tape(tf.float64, 1e-3, steps) - best)
    print(f"{steps} steps: float32 off by {single:.1e}, float64 {double:.1e}")
# --8<-- [end:stall]

# --8<-- [start:standardise]
z = (years - years.mean()) / years.std()
print("after one step:", descend(z, y, rate=1 / len(z), steps=1)[-1])
print("exact:         ", np.polyfit(z, y, 1))
# --8<-- [end:standardise]

# --8<-- [start:why-one]
design_z = np.stack([z, np.ones_like(z)], axis=1)
print(design_z.T @ design_z)
# --8<-- [end:why-one]

# --8<-- [start:optimizer]
import keras

xs, ys = tf.constant(x, tf.float32), tf.constant(y, tf.float32)


def train(optimizer, steps=100):
    a, b = tf.Variable(0.0), tf.Variable(0.0)
    path = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((a * xs + b - ys) ** 2) / 2
        gradients = tape.gradient(loss, [a, b])
        optimizer.apply_gradients(zip(gradients, [a, b]))
        path.append([a.numpy(), b.numpy()])
    return np.array(path)


by_keras = train(keras.optimizers.SGD(learning_rate=0.1))
np.testing.assert_allclose(by_keras, descend(x, y, 0.1, 100)[1:], atol=1e-5)
print(by_keras[-1])
# --8<-- [end:optimizer]

# --8<-- [start:race]
optimizers = {
    "SGD 0.1": keras.optimizers.SGD(0.1),
    "SGD 0.1, momentum 0.5": keras.optimizers.SGD(0.1, momentum=0.5),
    "Adam 0.1": keras.optimizers.Adam(0.1),
    "Adam 0.001 (default)": keras.optimizers.Adam(),
}
fig, ax = plt.subplots(figsize=(6.4, 3.4))
for name, optimizer in optimizers.items():
    distance = np.linalg.norm(train(optimizer) - best, axis=1)
    ax.semilogy(distance, label=name)
    print(f"{name:<22} off by {distance[-1]:.1e}")
ax.set(xlabel="step", ylabel="distance to the minimum")
ax.legend(loc="lower left")
# --8<-- [end:race]

try:
    # --8<-- [start:then]
    tf.train.GradientDescentOptimizer(learning_rate=1e-3)
    # --8<-- [end:then]
except AttributeError as error:
    print(error)

# --8<-- [start:compat]
old = tf.compat.v1.train.GradientDescentOptimizer(learning_rate=0.1)
new = keras.optimizers.SGD(learning_rate=0.1)
for optimizer in [old, new]:
    a = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        loss = (a - 1) ** 2
    optimizer.apply_gradients([(tape.gradient(loss, a), a)])
    print(f"{type(optimizer).__name__:<24}", a.numpy())
# --8<-- [end:compat]

try:
    # --8<-- [start:compat-compile]
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(optimizer=old, loss="mse")
    # --8<-- [end:compat-compile]
except ValueError as error:
    print(error)

# --8<-- [start:exercise-mean]
error = path[500, 0] * x + path[500, 1] - y
print("sum: ", error @ x)
print("mean:", (error * x).mean())
# --8<-- [end:exercise-mean]

# --8<-- [start:exercise-raw]
raw = np.stack([years, np.ones_like(years)], axis=1).astype(float)
flat_raw, steep_raw = np.linalg.eigvalsh(raw.T @ raw)
print(f"largest rate {2 / steep_raw:.1e}")
print(f"condition number {steep_raw / flat_raw:.0e}")

with np.errstate(over="ignore", invalid="ignore"):
    print("rate 1e-3, 50 steps:", descend(years, prices, 1e-3, 50)[-1])
# --8<-- [end:exercise-raw]

# --8<-- [start:exercise-newton]
start = np.array([-3.0, 8.0])
gradient = design.T @ (design @ start - y)
print("gradient step:", start - fastest * gradient)
print("Newton step:  ", start - np.linalg.solve(curvature, gradient))
print("best:         ", best)
# --8<-- [end:exercise-newton]
