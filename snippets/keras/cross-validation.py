"""Cross-validation: hold-out, k-fold, repeated k-fold, what must not leak, time series."""

# --8<-- [start:data]
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def flowers(n, seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1, 2], n // 3)
    centres = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 1.7]])
    return rng.normal(centres[y]).astype("float32"), y


x, y = flowers(90, seed=0)
x_many, y_many = flowers(30_000, seed=1)
x.shape, y
# --8<-- [end:data]


# --8<-- [start:score]
layers = [keras.Input([2]), keras.layers.Dense(3)]
model = keras.Sequential(layers)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.SGD(1.0), loss, steps_per_execution=30)
start = model.get_weights()


def train(x, y):
    model.set_weights(start)
    batches = tf.data.Dataset.from_tensors((x, y)).repeat(30)
    model.fit(batches, shuffle=False, verbose=0)


def accuracy(x, y):
    scores = model(x)
    return np.mean(np.argmax(scores, axis=1) == y)


train(x, y)
truth = accuracy(x_many, y_many)
print(f"on 30000 new examples: {truth:.1%}")
# --8<-- [end:score]

# --8<-- [start:tail]
train(x[:60], y[:60])
print(f"last third held out: {accuracy(x[60:], y[60:]):.1%}")
print("trained on classes", set(y[:60].tolist()))
# --8<-- [end:tail]

# --8<-- [start:luck]
held_out = []
for seed in range(10):
    order = np.random.default_rng(seed).permutation(90)
    kept, test = order[30:], order[:30]
    train(x[kept], y[kept])
    held_out.append(accuracy(x[test], y[test]))
print(" ".join(f"{value:.0%}" for value in held_out))
print(f"lowest {min(held_out):.0%}, highest {max(held_out):.0%}")
# --8<-- [end:luck]


# --8<-- [start:folds]
def folds(n, k, seed=None):
    order = np.arange(n)
    if seed is not None:
        order = np.random.default_rng(seed).permutation(n)
    parts = np.array_split(order, k)
    for i, test in enumerate(parts):
        yield np.concatenate(parts[:i] + parts[i + 1 :]), test


for kept, test in folds(8, 4, seed=0):
    print("train", kept, "test", test)
# --8<-- [end:folds]


# --8<-- [start:k-fold]
def validate(x, y, splits):
    scores = []
    for kept, test in splits:
        train(x[kept], y[kept])
        scores.append(accuracy(x[test], y[test]))
    return scores


for name, seed in {"in order": None, "shuffled": 0}.items():
    scores = validate(x, y, folds(90, 5, seed))
    shown = " ".join(f"{score:4.0%}" for score in scores)
    print(f"{name}: {shown}  {name} mean {np.mean(scores):.1%}")
# --8<-- [end:k-fold]

# --8<-- [start:repeated]
means = [np.mean(validate(x, y, folds(90, 5, seed))) for seed in range(6)]
print(f"hold-out: from {min(held_out):.1%} up to {max(held_out):.1%}")
print(f"5-fold: between {min(means):.1%} and {max(means):.1%}")
print(f"mean of all six: {np.mean(means):.1%}")

plt.figure(figsize=(6.4, 2.2))
for row, values in enumerate([means, held_out]):
    plt.plot(values, np.full(len(values), row), f"C{row}o", alpha=0.6)
plt.axvline(truth, color="C2", label="30000 new examples")
plt.yticks([0, 1], ["5-fold", "hold-out"])
plt.gca().set(xlabel="accuracy", ylim=(-0.6, 1.6))
plt.legend()
# --8<-- [end:repeated]

# --8<-- [start:same-model]
rng = np.random.default_rng(5)
coins = rng.integers(0, 2, 60)
wide = rng.normal(size=(60, 40)).astype("float32")
guesser = keras.Sequential([keras.Input([40]), keras.layers.Dense(2)])
fresh = guesser.get_weights()
guesser.compile(keras.optimizers.SGD(0.5), loss, steps_per_execution=50)
for again in False, True:
    scores = []
    for kept, test in folds(60, 5, seed=0):
        if again:
            guesser.set_weights(fresh)
        rows = (wide[kept], coins[kept])
        rows = tf.data.Dataset.from_tensors(rows).repeat(50)
        guesser.fit(rows, shuffle=False, verbose=0)
        right = np.argmax(guesser(wide[test]), axis=1) == coins[test]
        scores.append(np.mean(right))
    print("set back" if again else "one model", end=" ")
    shown = " ".join(f"{score:4.0%}" for score in scores)
    print(f"{shown}  mean {np.mean(scores):.0%}, best {max(scores):.0%}")
# --8<-- [end:same-model]

# --8<-- [start:series]
rng = np.random.default_rng(3)
walk = np.cumsum(rng.normal(size=330))
past, future = walk[:300], walk[300:]
days = np.arange(330.0)


def nearest(known, asked):
    distance = np.abs(days[asked][:, None] - days[known][None, :])
    return walk[known][np.argmin(distance, axis=1)]


def error(known, asked):
    return np.mean(np.abs(nearest(known, asked) - walk[asked]))


# --8<-- [end:series]

# --8<-- [start:shuffled]
mixed = [error(*split) for split in folds(300, 5, seed=0)]
print(f"shuffled 5-fold: error {np.mean(mixed):.2f}")
real = error(np.arange(300), np.arange(300, 330))
print(f"the 30 days that followed: error {real:.2f}")
# --8<-- [end:shuffled]


# --8<-- [start:forward]
def forward(n, k, size):
    for end in range(n - k * size, n, size):
        yield np.arange(end), np.arange(end, end + size)


splits = list(forward(300, 8, 30))
errors = [error(*split) for split in splits]
print("errors:", " ".join(f"{value:.1f}" for value in errors))
print(f"forward: error {np.mean(errors):.2f}")

figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.6), sharey=True)
for axis, chosen, title in [
    (axes[0], list(folds(300, 8, seed=0)), "shuffled"),
    (axes[1], splits, "forward"),
]:
    for row, (kept, test) in enumerate(chosen):
        axis.barh(row, max(kept) + 1, color="C0")
        bars = [(day, 1) for day in test]
        axis.broken_barh(bars, (row - 0.4, 0.8), color="C1", lw=0)
    axis.set(title=title, xlabel="day")
axes[0].set(ylabel="split")
# --8<-- [end:forward]


# --8<-- [start:solution-strata]
def stratified(y, k, seed):
    rng = np.random.default_rng(seed)
    place = np.empty(len(y), int)
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        place[rows] = np.arange(len(rows)) % k
    for fold in range(k):
        yield np.flatnonzero(place != fold), np.flatnonzero(place == fold)


for name, splits in {
    "shuffled": folds(90, 5, seed=0),
    "stratified": stratified(y, 5, seed=0),
}.items():
    print(name, [np.bincount(y[test]).tolist() for _, test in splits])
# --8<-- [end:solution-strata]

# --8<-- [start:solution-gap]
for gap in 0, 10, 30:
    kept = [error(train[: len(train) - gap], test) for train, test in forward(300, 8, 30)]
    print(f"gap of {gap:2} days: error {np.mean(kept):.2f}")
# --8<-- [end:solution-gap]
