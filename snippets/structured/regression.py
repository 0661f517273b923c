"""Regression: fuel consumption of cars, scaling inside the model, losses that outliers bend, early stopping."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

cars = data.auto_mpg().frame().dropna()  # six cars have no horsepower
columns = ["cylinders", "displacement", "horsepower", "weight"]
columns += ["acceleration", "model_year"]
origins = np.eye(3)[cars["origin"] - 1]  # a name, not a size: one column each
x = np.column_stack([cars[columns], origins]).astype("float32")
y = cars["mpg"].to_numpy("float32")[:, None]

order = np.random.default_rng(0).permutation(len(cars))
train, validation, test = np.split(order, [250, 320])
scale = tf.keras.layers.Normalization()
scale.adapt(x[train])


def network(*layers):
    return tf.keras.Sequential([tf.keras.Input([9]), *layers])


tf.keras.utils.set_random_seed(0)
model = network(
    scale,
    tf.keras.layers.Dense(32, activation="relu"),
    tf.keras.layers.Dense(1),
)
model.compile(tf.keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
model.fit(x[train], y[train], epochs=50, verbose=0)
print(f"always the mean: off by {np.abs(y[test] - y[train].mean()).mean():.1f}")
print(
    f"network:         off by {model.evaluate(x[test], y[test], verbose=0)[1]:.1f}"
)
# --8<-- [end:smallest]

# --8<-- [start:look]
figure, axes = plt.subplots(1, 3, figsize=(6.8, 2.4), sharey=True)
for ax, name in zip(axes, ["weight", "horsepower", "model_year"]):
    ax.scatter(cars[name], cars["mpg"], s=5, alpha=0.5)
    ax.set(xlabel=name.replace("_", " "), ylim=(0, 50))
axes[0].set(ylabel="miles per gallon", xticks=[2000, 3000, 4000, 5000])
axes[1].set(xticks=[50, 100, 150, 200])
axes[2].set(xticks=[70, 74, 78, 82])
# --8<-- [end:look]

# --8<-- [start:sizes]
for name, column in zip(["weight", "acceleration"], x[train][:, [3, 4]].T):
    print(f"{name:12} mean {column.mean():7.1f}  deviation {column.std():6.1f}")


def steepness(inputs):
    """Largest curvature of the squared error of a linear model."""
    with_bias = np.column_stack([inputs, np.ones(len(inputs))])
    return np.linalg.eigvalsh(2 * with_bias.T @ with_bias / len(inputs))[-1]


for name, inputs in {"raw": x[train], "scaled": scale(x[train])}.items():
    print(f"{name:6} largest rate {2 / steepness(np.float64(inputs)):.0e}")
# --8<-- [end:sizes]


# --8<-- [start:rates]
def linear(optimizer, *layers, loss="mse", targets=y):
    """A linear model, 400 steps; each step sees all training rows."""
    tf.keras.utils.set_random_seed(0)
    model = network(*layers, tf.keras.layers.Dense(1))
    model.compile(optimizer, loss, metrics=["mae"])
    rows = tf.data.Dataset.from_tensors((x[train], targets[train])).repeat()
    history = model.fit(
        rows, epochs=20, steps_per_epoch=20, shuffle=False, verbose=0
    )
    return model, history.history["mae"]


runs = {
    "raw, SGD 0.1": linear(tf.keras.optimizers.SGD(0.1)),
    "raw, SGD 5e-8": linear(tf.keras.optimizers.SGD(5e-8)),
    "raw, Adam 0.1": linear(tf.keras.optimizers.Adam(0.1)),
    "scaled, SGD 0.1": linear(tf.keras.optimizers.SGD(0.1), scale),
}
for name, (_, errors) in runs.items():
    print(f"{name:16} off by {errors[-1]:.1f}")
# --8<-- [end:rates]

# --8<-- [start:rates-drawn]
plt.figure(figsize=(5.6, 3))
for name, (_, errors) in list(runs.items())[1:]:
    plt.semilogy(range(20, 401, 20), errors, label=name)
plt.gca().set(
    xlabel="step", ylabel="off by (mpg)", ylim=(1, 100), xlim=(0, 400)
)
plt.xticks([0, 100, 200, 300, 400])
plt.legend()
# --8<-- [end:rates-drawn]


# --8<-- [start:exact]
def with_ones(inputs):
    return np.column_stack([inputs, np.ones(len(inputs))]).astype("float64")


def off_by(predicted):
    return np.abs(predicted - y[test]).mean()


exact = np.linalg.lstsq(with_ones(x[train]), y[train], rcond=None)[0]
formula = with_ones(x[test]) @ exact
by_steps = runs["scaled, SGD 0.1"][0](x[test]).numpy()
print(f"formula: off by {off_by(formula):.2f}")
print(f"SGD:     off by {off_by(by_steps):.2f}")
print(
    f"largest difference of two forecasts {np.abs(formula - by_steps).max():.1f}"
)
# --8<-- [end:exact]


# --8<-- [start:outside]
import os
import tempfile

os.chdir(tempfile.mkdtemp())
model = runs["scaled, SGD 0.1"][0]
model.save("cars.keras")
loaded = tf.keras.models.load_model("cars.keras")
same = np.allclose(loaded(x[test]), by_steps, atol=1e-3)
print("the loaded model takes raw rows:", same)

core = tf.keras.Sequential(model.layers[1:])  # the same, scaled outside
core.build([None, 9])
outside = core(scale(x[test]))
print("scaled by hand first:", np.allclose(outside, by_steps, atol=1e-3))
forgotten = core(x[test])
print(f"forgotten: off by {off_by(forgotten):.0f}")
# --8<-- [end:outside]

# --8<-- [start:not-adapted]
fresh = tf.keras.layers.Normalization()
row = x[test][:1]
print("passes raw values on:", np.array_equal(fresh(row), row))
# --8<-- [end:not-adapted]


# --8<-- [start:stopping]
def trained(seed):
    tf.keras.utils.set_random_seed(seed)
    dense = tf.keras.layers.Dense
    model = network(scale, dense(32, activation="relu"), dense(1))
    model.compile(tf.keras.optimizers.Adam(0.03), loss="mse", metrics=["mae"])
    stop = tf.keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=5, restore_best_weights=True
    )
    known = (x[validation], y[validation])
    history = model.fit(
        x[train],
        y[train],
        batch_size=16,
        validation_data=known,
        epochs=80,
        callbacks=[stop],
        verbose=0,
    )
    return model, history.history["val_loss"]


networks = [trained(seed) for seed in (0, 1, 2)]
for model, losses in networks:
    best = np.argmin(losses) + 1
    print(
        f"{len(losses)} epochs, best {best}, off by {off_by(model(x[test])):.2f}"
    )
# --8<-- [end:stopping]

# --8<-- [start:residuals]
forecast = networks[0][0](x[test]).numpy()
figure, axes = plt.subplots(1, 2, figsize=(6.6, 3), sharey=True)
for ax, (name, values) in zip(
    axes, {"linear model": formula, "network": forecast}.items()
):
    ax.axhline(0, color="gray")
    ax.scatter(values, y[test] - values, s=8)
    ax.set(title=name, xlabel="forecast (mpg)", xlim=(0, 45), ylim=(-15, 20))
    ax.set(xticks=[10, 20, 30, 40], yticks=[-10, 0, 10, 20])
axes[0].set_ylabel("truth minus forecast")
# --8<-- [end:residuals]

# --8<-- [start:typos]
wrong = y.copy()
typed = np.random.default_rng(0).choice(train, 25, replace=False)
wrong[typed] *= 10  # a decimal point forgotten in every tenth row
for loss in ("mse", "mae", tf.keras.losses.Huber(delta=3.0)):
    bent, _ = linear(
        tf.keras.optimizers.Adam(0.3), scale, loss=loss, targets=wrong
    )
    name = loss if isinstance(loss, str) else "huber"
    print(f"{name:6} off by {off_by(bent(x[test])):.1f}")
# --8<-- [end:typos]

# --8<-- [start:middle]
sample = np.float32([1, 2, 3, 4, 100])
guesses = np.linspace(0, 100, 1001)
squared = ((guesses[:, None] - sample) ** 2).mean(axis=1)
absolute = np.abs(guesses[:, None] - sample).mean(axis=1)
print(
    "mean", sample.mean(), " least squared error at", guesses[squared.argmin()]
)
print(
    "median",
    np.median(sample),
    " least absolute error at",
    guesses[absolute.argmin()],
)
# --8<-- [end:middle]

# --8<-- [start:shapes]
model = networks[0][0]
flat = y[test].ravel()
predicted = model.predict(x[test], verbose=0)
print(
    "evaluate:        ", f"{model.evaluate(x[test], y[test], verbose=0)[1]:.2f}"
)
print("by hand:         ", f"{np.abs(predicted - flat).mean():.2f}")
print("what it averaged:", (predicted - flat).shape)
print("by hand, raveled:", f"{np.abs(predicted.ravel() - flat).mean():.2f}")
# --8<-- [end:shapes]

import contextlib

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.estimator.LinearRegressor(feature_columns=["weight"])
    # --8<-- [end:then]


# --8<-- [start:cost]
for name, trained_model in {
    "linear model": runs["scaled, SGD 0.1"][0],
    "network": networks[0][0],
}.items():
    kernels = [w for w in trained_model.trainable_weights if w.name == "kernel"]
    multiplications = sum(np.prod(kernel.shape) for kernel in kernels)
    print(f"{name:13} multiplications for one car: {multiplications}")
# --8<-- [end:cost]


# --8<-- [start:solution-quantile]
def pinball(share):
    """Costs `share` a unit above the forecast, the rest of 1 a unit below."""

    def loss(truth, forecast):
        over = truth - forecast
        return tf.maximum(share * over, (share - 1) * over)

    return loss


edges = []
for share in (0.1, 0.9):
    bound, _ = linear(tf.keras.optimizers.Adam(0.3), scale, loss=pinball(share))
    edges.append(bound(x[test]).numpy())
inside = (edges[0] <= y[test]) & (y[test] <= edges[1])
print(f"truth between the two: {inside.mean():.2f}")
print(f"mean width {np.mean(edges[1] - edges[0]):.0f} mpg")
# --8<-- [end:solution-quantile]

# --8<-- [start:solution-unit]
litres = 235.2 / y  # litres for 100 km
found = np.linalg.lstsq(with_ones(x[train]), litres[train], rcond=None)[0]
print(
    f"line through l/100 km: off by {off_by(235.2 / (with_ones(x[test]) @ found)):.2f} mpg"
)
print(f"line through mpg:      off by {off_by(formula):.2f} mpg")
# --8<-- [end:solution-unit]

# --8<-- [start:solution-target]
back = tf.keras.layers.Normalization(axis=None, invert=True)
back.adapt(y[train])
dense = tf.keras.layers.Dense
for name, end in {"target raw": [], "target scaled": [back]}.items():
    tf.keras.utils.set_random_seed(0)
    model = network(scale, dense(32, activation="relu"), dense(1), *end)
    model.compile(tf.keras.optimizers.Adam(0.01), loss="mse")
    model.fit(x[train], y[train], epochs=4, verbose=0)
    print(f"{name:14} after 4 epochs off by {off_by(model(x[test])):.1f}")
# --8<-- [end:solution-target]
