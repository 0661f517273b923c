"""Code of the page keras/compile."""

import contextlib

# --8<-- [start:plain]
import keras

model = keras.Sequential([keras.Input([4]), keras.layers.Dense(3)])
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
# --8<-- [end:plain]

# --8<-- [start:predictions]
import numpy as np
import tensorflow as tf

p = np.array(
    [
        [0.7, 0.2, 0.1],
        [0.1, 0.3, 0.6],
        [0.4, 0.3, 0.3],
        [0.2, 0.5, 0.3],
        [0.6, 0.2, 0.2],
    ],
    dtype="float32",
)
numbers = np.array([0, 2, 0, 1, 1])  # the right classes …
one_hot = keras.utils.to_categorical(numbers, 3)  # … and the same as rows

print("predicted:", p.argmax(axis=1), " right:", numbers)
print("accuracy: ", np.mean(p.argmax(axis=1) == numbers))
# --8<-- [end:predictions]

# --8<-- [start:table]
metrics = [
    keras.metrics.Accuracy,
    keras.metrics.BinaryAccuracy,
    keras.metrics.CategoricalAccuracy,
    keras.metrics.SparseCategoricalAccuracy,
]
print(f"{'labels of shape':<26}{'(5,)':>8}{'(5, 1)':>8}{'(5, 3)':>8}")
for metric in metrics:
    cells = []
    for labels in [numbers, numbers[:, None], one_hot]:
        try:
            cells.append(f"{float(metric()(labels, p)):8.3f}")
        except tf.errors.InvalidArgumentError:
            cells.append("  raises")
    print(f"{metric.__name__:<26}" + "".join(cells))
# --8<-- [end:table]

# --8<-- [start:by-hand]
best = p.argmax(axis=1)
print("column, categorical:", np.mean(best == 0))
print("flat, categorical:  ", np.mean(best == numbers.argmax()))
print("one-hot, binary:    ", np.mean((p > 0.5) == one_hot))
print("column, binary:     ", np.mean((p > 0.5) == numbers[:, None]))
# --8<-- [end:by-hand]


# --8<-- [start:batch-size]
def identity(width):
    """A model that hands its input on: the input is the prediction."""
    return keras.Sequential([keras.Input((width,)), keras.layers.Identity()])


def report(outputs, labels, loss, metrics, batch_size=None):
    model = identity(outputs.shape[1])
    model.compile(loss=loss, metrics=metrics, run_eagerly=True)
    return model.evaluate(
        outputs, labels, batch_size=batch_size, verbose=0, return_dict=True
    )


names = ["categorical_accuracy", "sparse_categorical_accuracy"]
for batch_size in [1, 2, 5]:
    loss = "sparse_categorical_crossentropy"
    values = report(p, numbers, loss, names, batch_size)
    categorical, sparse = (values[name] for name in names)
    print(f"batches of {batch_size}: categorical {categorical:.3f},", end=" ")
    print(f"sparse {sparse:.3f}")
# --8<-- [end:batch-size]

# --8<-- [start:three]
metric = keras.metrics.SparseCategoricalAccuracy()
print("numbers:", metric(numbers[:3], p[:3]).numpy())
metric.reset_state()
print("one-hot:", metric(one_hot[:3], p[:3]).numpy())
# --8<-- [end:three]

# --8<-- [start:ten]
answers = np.arange(1000) % 10
ten = keras.utils.to_categorical(answers, 10)
clueless = np.full((1000, 10), 0.1, "float32")

for name in ["binary_accuracy", "categorical_accuracy"]:
    value = report(clueless, ten, "categorical_crossentropy", [name])[name]
    print(f"{name}: {value:.3f}")
# --8<-- [end:ten]

# --8<-- [start:word]
answer = np.array([[1], [0], [1], [0], [1]])  # yes or no
tags = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 1, 1]])
q = np.array(
    [
        [0.7, 0.9, 0.1],
        [0.2, 0.6, 0.8],
        [0.6, 0.3, 0.9],
        [0.6, 0.8, 0.4],
        [0.1, 0.7, 0.6],
    ]
)

cases = [
    ("class numbers", "sparse_categorical_crossentropy", numbers, p),
    ("one-hot rows", "categorical_crossentropy", one_hot, p),
    ("yes or no", "binary_crossentropy", answer, p[:, :1]),
    ("several tags", "binary_crossentropy", tags, q),
]
print(f"{'':<14}{'accuracy':>9}{'binary':>9}{'categ.':>9}{'sparse':>9}")
for name, loss, labels, outputs in cases:
    cells = [f"{report(outputs, labels, loss, ['accuracy'])['accuracy']:9.3f}"]
    for kind in ["binary", "categorical", "sparse_categorical"]:
        function = keras.metrics.get(f"{kind}_accuracy")
        try:
            cells.append(f"{np.mean(function(labels, outputs)):9.3f}")
        except tf.errors.InvalidArgumentError:
            cells.append("   raises")
    print(f"{name:<14}" + "".join(cells))
# --8<-- [end:word]

# --8<-- [start:logits]
scores = np.array([[0.3], [2.0], [-1.0], [0.2], [-0.3]])
right = np.array([[1], [1], [0], [1], [0]])
metrics = [
    "accuracy",
    keras.metrics.BinaryAccuracy(name="accuracy_at_0", threshold=0.0),
    keras.metrics.Recall(name="recall"),
    keras.metrics.Recall(name="recall_at_0", thresholds=0.0),
]
loss = keras.losses.BinaryCrossentropy(from_logits=True)
for name, value in report(scores, right, loss, metrics).items():
    print(f"{name}: {value:.3f}")
# --8<-- [end:logits]

# --8<-- [start:rare]
rng = np.random.default_rng(0)
ill = rng.random(2000) < 0.05
marker = rng.normal(size=2000) + 2 * ill  # higher in the ill
chance = 1 / (1 + 19 * np.exp(2 - 2 * marker))  # Bayes: 19 healthy for each ill

metrics = ["accuracy", "Precision", "Recall", "AUC"]
for name, outputs in [("never", 0 * chance), ("test", chance)]:
    loss, columns = "binary_crossentropy", (outputs[:, None], ill[:, None])
    values = report(*columns, loss, metrics, batch_size=500)
    print(name, [f"{key} {values[key]:.4f}" for key in metrics])
# --8<-- [end:rare]

# --8<-- [start:rare-by-hand]
alarm = chance > 0.5
hits = np.sum(alarm & ill)
alarms, cases = np.sum(alarm), np.sum(ill)
print(f"precision {hits / alarms:.4f}: {hits} of {alarms} alarms are right")
print(f"recall    {hits / cases:.4f}: {hits} of {cases} ill are found")
pairs = chance[ill][:, None] > chance[~ill]  # each ill against each healthy
print(f"AUC       {np.mean(pairs):.4f}: pairs in the right order")
# --8<-- [end:rare-by-hand]

# --8<-- [start:curves]
import matplotlib.pyplot as plt

thresholds = np.linspace(0, 1, 201)[:-1]
settings = {"thresholds": thresholds.tolist()}
precision = keras.metrics.Precision(**settings)(ill, chance).numpy()
recall = keras.metrics.Recall(**settings)(ill, chance).numpy()
false_alarms = np.mean(chance[~ill][:, None] > thresholds, axis=0)

fig, (left, right_side) = plt.subplots(1, 2, figsize=(6.4, 2.8))
left.plot(thresholds, precision, label="precision")
left.plot(thresholds, recall, label="recall")
left.set(xlabel="threshold", ylim=(0, 1.05))
left.legend(loc="lower left", bbox_to_anchor=(0.1, 0))
right_side.plot(false_alarms, recall)
right_side.fill_between(false_alarms, recall, alpha=0.15)
right_side.plot([0, 1], [0, 1], "--", color="0.5", linewidth=1)
right_side.set(xlabel="false alarms among the healthy", ylabel="recall")
# --8<-- [end:curves]

# --8<-- [start:two-columns]
two = np.stack([1 - chance, chance], axis=1)
rows = keras.utils.to_categorical(ill, 2)
for name, metric in [
    ("accuracy", keras.metrics.CategoricalAccuracy()),
    ("Precision()", keras.metrics.Precision()),
    ("Recall()", keras.metrics.Recall()),
    ("Precision(class_id=1)", keras.metrics.Precision(class_id=1)),
    ("Recall(class_id=1)", keras.metrics.Recall(class_id=1)),
]:
    print(f"{name:<22}{metric(rows, two).numpy():.4f}")
# --8<-- [end:two-columns]

# --8<-- [start:valley]
first = rng.normal(size=200)
second = first + 0.35 * rng.normal(size=200)  # nearly the same again
x = tf.constant(np.stack([first, second], axis=1), tf.float32)
y = tf.linalg.matvec(x, [1.0, 2.0])  # so the best weights are 1 and 2


def loss_at(w):
    return tf.reduce_mean((tf.linalg.matvec(x, w) - y) ** 2)


def race(optimizer, rates, scale=1.0, steps=150):
    """Return one path of the two weights for each learning rate."""
    w = keras.Variable([-1.5, 2.0])
    optimizer.build([w])
    variables = [w, *optimizer.variables]
    fresh = [variable.numpy() for variable in variables]

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = scale * loss_at(w)
        optimizer.apply(tape.gradient(loss, [w.value]), [w])

    paths = []
    for rate in rates:
        for variable, value in zip(variables, fresh):
            variable.assign(value)
        optimizer.learning_rate = rate
        path = [w.numpy()]
        for _ in range(steps):
            step()
            path.append(w.numpy())
        paths.append(np.array(path))
    return paths


# --8<-- [end:valley]

# --8<-- [start:race]
names = ["SGD", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW"]
optimizers = {name: getattr(keras.optimizers, name) for name in names}
u, v = np.meshgrid(np.linspace(-2, 2.2, 40), np.linspace(0.3, 4, 40))
grid = tf.constant(np.reshape([u, v], (2, -1)), tf.float32)
surface = tf.reduce_mean((x @ grid - y[:, None]) ** 2, axis=0)
surface = tf.reshape(surface, u.shape)

fig, axes = plt.subplots(2, 3, figsize=(6.4, 4.4), sharex=True, sharey=True)
paths = {}
for ax, (name, make) in zip(axes.flat, optimizers.items()):
    (paths[name],) = race(make(), [0.1])
    levels = np.geomspace(0.02, 20, 8)
    ax.contour(u, v, surface, levels, colors="0.5", linewidths=0.5)
    ax.plot(*paths[name].T, linewidth=1)
    ax.plot(*paths[name][:30].T, ".", color="C0", markersize=4)
    ax.plot(1, 2, "*", color="C1", markersize=9)
    ax.set_title(name)
    default, end = make().learning_rate.numpy(), loss_at(paths[name][-1])
    first = abs(paths[name][1] - paths[name][0]).max()
    print(f"{name:<9} default rate {default:.3f}, first step {first:.3f}", end="")
    print(f", loss at the end {end:.5f}")
# --8<-- [end:race]
# --8<-- [start:losses]
fig, (left, middle) = plt.subplots(1, 2, figsize=(6.4, 3.2), sharey=True)
rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
for name, make in optimizers.items():
    left.semilogy([loss_at(w) for w in paths[name]], label=name)
    ends = [loss_at(path[-1]) for path in race(make(), rates)]
    middle.loglog(rates, np.nan_to_num(ends, nan=np.inf), ".-")
left.set(xlabel="step, at rate 0.1", ylabel="loss", ylim=(1e-6, 1e3))
middle.set(xlabel="rate, after 150 steps")
left.legend(ncols=2, loc="upper right")
# --8<-- [end:losses]

# --8<-- [start:scale]
for name, make in optimizers.items():
    (euros,) = race(make(), [0.01])
    (cents,) = race(make(), [0.01], scale=10_000.0)
    apart = np.linalg.norm(euros[-1] - cents[-1])
    print(f"{name:<9} the two ends are {apart:.4f} apart")
# --8<-- [end:scale]

# --8<-- [start:again]
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
model.fit(x, y, epochs=2, verbose=0)
before = model.get_weights()[0]
print("steps:", model.optimizer.iterations.numpy())

model.optimizer.learning_rate = 0.01
print("steps after a new rate:", model.optimizer.iterations.numpy())

model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
print("steps after compile:", model.optimizer.iterations.numpy())
print("weights kept:", np.array_equal(before, model.get_weights()[0]))
# --8<-- [end:again]


with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:typo]
    model.compile(optimizer="adam", loss="mse", metrics=["acuracy"])
    print("compiled")
    model.evaluate(x, y, verbose=0)
    # --8<-- [end:typo]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-lr]
    keras.optimizers.Adam(lr=0.01)
    # --8<-- [end:then-lr]

# --8<-- [start:then-decay]
old = keras.optimizers.Adam(0.01, decay=0.001)
# --8<-- [end:then-decay]

# --8<-- [start:now]
from keras.optimizers import schedules

rate = schedules.InverseTimeDecay(0.01, decay_steps=1, decay_rate=0.001)
new = keras.optimizers.Adam(learning_rate=rate)
print([round(float(rate(step)), 5) for step in [0, 1000, 4000]])
# --8<-- [end:now]

# --8<-- [start:solution-units]
x = tf.constant(rng.normal(size=(200, 2)) * [1.0, 10.0], tf.float32)
y = tf.linalg.matvec(x, [1.0, 2.0])
for name in ["SGD", "Adam"]:
    ends = [loss_at(path[-1]).numpy() for path in race(optimizers[name](), rates)]
    best = np.nanargmin(ends)
    print(f"{name:<5} best rate {rates[best]}, loss {ends[best]:.6f}")
# --8<-- [end:solution-units]

# --8<-- [start:solution-recall]
threshold = np.sort(chance[ill])[int(0.2 * np.sum(ill))]
alarm = chance >= threshold
print(f"threshold {threshold:.3f}, recall {np.mean(alarm[ill]):.3f},", end=" ")
print(f"precision {np.mean(ill[alarm]):.3f}")

at_recall = keras.metrics.PrecisionAtRecall(0.8, num_thresholds=1000)
print(f"keras {at_recall(ill, chance).numpy():.3f}")
# --8<-- [end:solution-recall]
