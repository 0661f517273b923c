"""Boosted trees: by hand and from scikit-learn, three importances, contributions that add up, a network beside them."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from tfnotes import data

people = data.titanic().frame()
y = people["Survived"].to_numpy()
raw = people[["Age", "Fare", "Pclass", "SibSp", "Parch", "Sex", "Embarked"]]
raw = raw.astype({"Sex": "category", "Embarked": "category"})
order = np.random.default_rng(0).permutation(len(y))
train, test = order[:600], order[600:]

trees = HistGradientBoostingClassifier(max_iter=50, random_state=0)
trees.fit(raw.iloc[train], y[train])
answers = trees.predict_proba(raw.iloc[test])[:, 1]
print(f"missing ages: {raw['Age'].isna().sum()}")
print(f"AUC {roc_auc_score(y[test], answers):.2f}")
# --8<-- [end:smallest]

import contextlib

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.estimator.BoostedTreesClassifier(feature_columns=["age"])
    # --8<-- [end:then]

with contextlib.suppress(ModuleNotFoundError):
    # --8<-- [start:decision-forests]
    import tensorflow_decision_forests
    # --8<-- [end:decision-forests]

# --8<-- [start:by-hand]
from sklearn.tree import DecisionTreeRegressor

names = ["age", "fare", "class", "siblings", "parents", "female", "random"]
noise = np.random.default_rng(1).normal(size=len(y))  # means nothing
x = raw[["Age", "Fare", "Pclass", "SibSp", "Parch"]].to_numpy("float64")
x = np.column_stack([x, raw["Sex"] == "female", noise])
x[np.isnan(x[:, 0]), 0] = np.nanmedian(x[train, 0])


def sigmoid(score):
    return 1 / (1 + np.exp(-score))


def boost(x, y, rounds=60, rate=0.1):
    """Each tree is fitted to what the trees before it left over."""
    start = np.log(y.mean() / (1 - y.mean()))
    score, steps = np.full(len(y), start), []
    for _ in range(rounds):
        p = sigmoid(score)
        tree = DecisionTreeRegressor(max_depth=3, random_state=0)
        tree.fit(x, y - p)
        leaf = tree.apply(x)
        size = tree.tree_.node_count
        over = np.bincount(leaf, y - p, size)
        under = np.bincount(leaf, p * (1 - p), size)
        values = rate * over / np.maximum(under, 1e-12)  # a Newton step
        score += values[leaf]
        steps.append((tree, values))
    return start, steps


def log_odds(model, x):
    start, steps = model
    return start + sum(values[tree.apply(x)] for tree, values in steps)


own = boost(x[train], y[train])
print(f"AUC {roc_auc_score(y[test], log_odds(own, x[test])):.2f}")
# --8<-- [end:by-hand]

# --8<-- [start:agree]
from sklearn.ensemble import GradientBoostingClassifier

library = GradientBoostingClassifier(
    n_estimators=60,
    max_depth=3,
    learning_rate=0.1,
    random_state=0,
)
library.fit(x[train], y[train])
theirs = library.decision_function(x[test])
mine = log_odds(own, x[test])
print(f"correlation {np.corrcoef(theirs, mine)[0, 1]:.3f}")
# --8<-- [end:agree]


# --8<-- [start:rounds]
def log_loss(p, y):
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


plt.figure(figsize=(5.6, 3))
for rate in (0.05, 0.5):
    many = GradientBoostingClassifier(
        n_estimators=150, max_depth=3, learning_rate=rate, random_state=0
    ).fit(x[train], y[train])
    for part, style in ((train, ":"), (test, "-")):
        losses = [
            log_loss(p[:, 1], y[part])
            for p in many.staged_predict_proba(x[part])
        ]
        plt.plot(
            losses,
            style,
            color=f"C{int(rate == 0.5)}",
            label=f"rate {rate}, {'test' if style == '-' else 'training'}",
        )
    print(
        f"rate {rate}: best after {np.argmin(losses) + 1:3} trees {min(losses):.2f}, after 150 {losses[-1]:.2f}"
    )
plt.gca().set(xlabel="trees", ylabel="log loss", xlim=(0, 150), ylim=(0, 1))
plt.legend(fontsize=8)
# --8<-- [end:rounds]


# --8<-- [start:gain]
def gain(model):
    """How much the splits on each column lowered the squared error."""
    total = np.zeros(len(names))
    for tree, _ in model[1]:
        t = tree.tree_
        weighted = t.impurity * t.weighted_n_node_samples
        for node in np.flatnonzero(t.children_left >= 0):
            children = t.children_left[node], t.children_right[node]
            total[t.feature[node]] += (
                weighted[node] - weighted[list(children)].sum()
            )
    return total / total.sum()


print(
    "as in the library:",
    np.allclose(gain(own), library.feature_importances_, atol=0.01),
)
# --8<-- [end:gain]


# --8<-- [start:permutation]
def permutation(model, x, rows, repeats=5):
    """How much AUC falls when one column is shuffled."""
    rng = np.random.default_rng(0)
    whole = roc_auc_score(y[rows], log_odds(model, x[rows]))
    falls = np.zeros(x.shape[1])
    for column in range(x.shape[1]):
        for _ in range(repeats):
            mixed = x[rows].copy()
            mixed[:, column] = rng.permutation(mixed[:, column])
            falls[column] += whole - roc_auc_score(
                y[rows], log_odds(model, mixed)
            )
    return falls / repeats


known, new = permutation(own, x, train), permutation(own, x, test)
print("           gain   training   test")
for name, *values in zip(names, gain(own), known, new):
    rounded = np.round(values, 2) + 0.0  # no minus zero
    print("{:9} {:5.2f}      {:5.2f}  {:5.2f}".format(name, *rounded))
# --8<-- [end:permutation]


# --8<-- [start:contributions]
def contributions(model, x):
    """Share of each column in the log odds, from the path through each tree."""
    start, steps = model
    parts = np.zeros(x.shape)
    for tree, leaves in steps:
        t = tree.tree_
        mean = leaves.copy()
        for node in np.flatnonzero(t.children_left >= 0)[::-1]:
            pair = [t.children_left[node], t.children_right[node]]
            mean[node] = np.average(mean[pair], weights=t.n_node_samples[pair])
        start += mean[0]
        for node in np.flatnonzero(t.children_left >= 0):
            for child in (t.children_left[node], t.children_right[node]):
                rows = tree.decision_path(x)[:, [child]].toarray()[:, 0] > 0
                parts[rows, t.feature[node]] += mean[child] - mean[node]
    return start, parts


base, parts = contributions(own, x[test])
total = base + parts.sum(axis=1)
print("adds up:", np.allclose(total, log_odds(own, x[test])))
# --8<-- [end:contributions]

# --8<-- [start:one]
asked = np.flatnonzero((x[test][:, 5] == 1) & (x[test][:, 2] == 3))[0]
labels = [f"{n} = {v:.1f}" for n, v in zip(names, x[test][asked])]
plt.figure(figsize=(5.4, 3))
plt.barh(labels[::-1], parts[asked][::-1])
plt.axvline(0, color="black", linewidth=0.8)
plt.gca().set(xlabel="contribution to the log odds", xlim=(-2, 2))
plt.xticks([-2, -1, 0, 1, 2])
print(f"base {base:.1f}, all contributions {parts[asked].sum():.1f}")
print(f"probability {sigmoid(total[asked]):.1f}")
# --8<-- [end:one]

# --8<-- [start:all]
women = x[test][:, 5] == 1
plt.figure(figsize=(5.6, 3))
for who, label in ((women, "women"), (~women, "men")):
    plt.scatter(x[test][who, 0], parts[who, 0], s=8, label=label)
plt.axhline(0, color="gray", linewidth=0.8)
plt.gca().set(xlabel="age", ylabel="contribution of age")
plt.gca().set(xlim=(0, 82), ylim=(-2, 4), xticks=[0, 20, 40, 60, 80])
plt.yticks([-2, 0, 2, 4])
plt.legend()
for name, size in zip(names, np.abs(parts).mean(axis=0)):
    print(f"{name:9} mean size {size:.2f}")
# --8<-- [end:all]

# --8<-- [start:network]
layers = tf.keras.layers
columns = [0, 1, 2, 3, 4, 5]  # without the random one


def network(rows, inputs):
    tf.keras.utils.set_random_seed(0)
    scale = layers.Normalization()
    scale.adapt(inputs[rows])
    model = tf.keras.Sequential(
        [scale, layers.Dense(32, "relu"), layers.Dense(1, "sigmoid")]
    )
    model.compile(tf.keras.optimizers.Adam(0.01), "binary_crossentropy")
    model.fit(inputs[rows], y[rows, None], batch_size=100, epochs=15, verbose=0)
    return model(inputs).numpy()[:, 0]


def boosted(rows, inputs):
    return sigmoid(log_odds(boost(inputs[rows], y[rows]), inputs))


def histogram(rows, inputs):
    model = HistGradientBoostingClassifier(
        max_iter=60, max_depth=3, random_state=0
    )
    return model.fit(raw.iloc[rows], y[rows]).predict_proba(raw)[:, 1]


found = {}
for seed in range(3):
    order = np.random.default_rng(seed).permutation(len(y))
    rows, held = order[:600], order[600:]
    for method in (boosted, histogram, network):
        scores = method(rows, x[:, columns])
        area = roc_auc_score(y[held], scores[held])
        found.setdefault(method.__name__, []).append((area, scores, held))
for name, runs in found.items():
    areas = [area for area, _, _ in runs]
    print(
        f"{name:10} AUC {np.mean(areas):.2f} ({min(areas):.2f} to {max(areas):.2f})"
    )
# --8<-- [end:network]

# --8<-- [start:roc]
from sklearn.metrics import roc_curve

plt.figure(figsize=(3.8, 3.4))
plt.plot([0, 1], [0, 1], ":", color="gray")
for name in ("histogram", "network"):
    _, scores, held = found[name][0]
    false, true, _ = roc_curve(y[held], scores[held])
    plt.plot(false, true, label=name)
plt.gca().set(xlabel="false positive rate", ylabel="true positive rate")
plt.xticks([0, 0.5, 1])
plt.yticks([0, 0.5, 1])
plt.legend()
# --8<-- [end:roc]

# --8<-- [start:cost]
leaves = [(tree.tree_.children_left < 0).sum() for tree, _ in own[1]]
print(f"{len(leaves)} trees, {sum(leaves)} leaves")
print(f"comparisons for one row: at most {3 * len(leaves)}")
# --8<-- [end:cost]

# --8<-- [start:solution-copy]
twice = np.column_stack([x, x[:, 5]])  # the column "female" once more
double = boost(twice[train], y[train])
before, falls = permutation(own, x, test), permutation(double, twice, test)
print(f"alone: female {before[5]:.2f}")
print(f"twice: female {falls[5]:.2f}, its copy {falls[7]:.2f}")
# --8<-- [end:solution-copy]

# --8<-- [start:solution-monotone]
free, bound = (
    HistGradientBoostingClassifier(
        max_iter=60, max_depth=3, random_state=0, monotonic_cst=rule
    ).fit(x[train][:, columns], y[train])
    for rule in (None, [0, 0, -1, 0, 0, 0])
)
rows = np.repeat(x[test][:, columns], 3, axis=0)
rows[:, 2] = np.tile([1, 2, 3], len(test))  # everybody in every class
for name, model in {"free": free, "bound": bound}.items():
    by_class = model.predict_proba(rows)[:, 1].reshape(-1, 3)
    rises = (np.diff(by_class, axis=1) > 1e-9).any(axis=1).mean()
    area = roc_auc_score(
        y[test], model.predict_proba(x[test][:, columns])[:, 1]
    )
    print(f"{name:6} AUC {area:.2f}, better off in a lower class: {rises:.2f}")
# --8<-- [end:solution-monotone]
