"""Imbalanced data: accuracy that lies, ROC and PR, thresholds by cost, class weights and resampling, calibration."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def payments(rows, seed, share=0.01):
    """Two measurements of each payment; one in a hundred is a fraud."""
    rng = np.random.default_rng(seed)
    fraud = (rng.random(rows) < share).astype("float32")
    x = rng.normal(size=(rows, 2)) + 1.5 * fraud[:, None]
    return x.astype("float32"), fraud


def truth(x, share=0.01):
    """The probability of a fraud, which is known here (Bayes' rule)."""
    odds = share / (1 - share) * np.exp(1.5 * x.sum(axis=1) - 1.5**2)
    return odds / (1 + odds)


x, y = payments(20_000, seed=0)
test_x, test_y = payments(50_000, seed=1)
print(f"{len(x)} payments, {y.sum():.0f} frauds")
# --8<-- [end:data]


# --8<-- [start:trained]
def trained(rows, labels, seed=0, loss="binary_crossentropy", **options):
    """Trains a small network and returns its probabilities for the test."""
    tf.keras.utils.set_random_seed(seed)
    share = labels.mean()
    start = tf.keras.initializers.Constant(np.log(share / (1 - share)))
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Dense(8, activation="relu"),
            tf.keras.layers.Dense(1, "sigmoid", bias_initializer=start),
        ]
    )
    model.compile(tf.keras.optimizers.Adam(0.01), loss)
    model.fit(
        rows, labels[:, None], batch_size=500, epochs=10, verbose=0, **options
    )
    return model(test_x).numpy()[:, 0]


plain = trained(x, y)
fraud = test_y == 1
reported = plain >= 0.5
print(f'always "fine": right in {1 - fraud.mean():.3f}')
print(f"network:       right in {(reported == fraud).mean():.3f}")
print(f"frauds found:  {(reported & fraud).sum()} of {fraud.sum()}")
# --8<-- [end:trained]

# --8<-- [start:start]
share = y.mean()
for name, start in {"0.5": 0.5, "the share": share}.items():
    loss = -(share * np.log(start) + (1 - share) * np.log(1 - start))
    print(f"loss when every answer is {name:10} {loss:.3f}")
# --8<-- [end:start]


# --8<-- [start:curves]
def curves(scores, labels):
    """False positive rate, recall and precision, thresholds from the top."""
    hits = labels[np.argsort(-scores, kind="stable")]
    found, false = np.cumsum(hits), np.cumsum(1 - hits)
    return false / false[-1], found / found[-1], found / (found + false)


def areas(scores, labels):
    """Area under ROC, and under precision over recall (average precision)."""
    false, recall, precision = curves(scores, labels)
    roc = (np.diff(false, prepend=0) * recall).sum()
    return roc, (np.diff(recall, prepend=0) * precision).sum()


figure, axes = plt.subplots(1, 2, figsize=(6.6, 3.2))
for share in (0.5, 0.01):
    some_x, some_y = payments(50_000, seed=2, share=share)
    known = truth(some_x)
    false, recall, precision = curves(known, some_y)
    axes[0].plot(false, recall, label=f"{share:.0%} frauds")
    axes[1].plot(recall, precision)
    roc, average = areas(known, some_y)
    print(f"{share:4.0%} frauds: under ROC {roc:.2f}, under PR {average:.2f}")
axes[0].set(xlabel="false positive rate", ylabel="recall")
axes[1].set(xlabel="recall", ylabel="precision")
for ax in axes:
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
axes[0].legend()
# --8<-- [end:curves]

# --8<-- [start:methods]
rng = np.random.default_rng(0)
frauds, fine = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
factor = len(fine) / len(frauds)
over = np.concatenate([fine, rng.choice(frauds, len(fine))])
under = np.concatenate([rng.choice(fine, len(frauds), replace=False), frauds])
under = np.tile(under, len(x) // len(under))  # as many steps as the others
weights = {"class_weight": {0: 1.0, 1: factor}}
runs = {
    "plain": lambda seed: trained(x, y, seed),
    "class_weight": lambda seed: trained(x, y, seed, **weights),
    "oversampling": lambda seed: trained(x[over], y[over], seed),
    "undersampling": lambda seed: trained(x[under], y[under], seed),
}
scores = {}
for name, run in runs.items():
    both = [run(seed) for seed in (0, 1)]
    scores[name] = both[0]
    (roc, average), (_, other) = (areas(p, test_y) for p in both)
    low, high = sorted((average, other))
    recall = (both[0] >= 0.5)[fraud].mean()
    print(
        f"{name:14} recall at 0.5: {recall:.2f}   "
        f"ROC {roc:.2f}  PR {low:.2f} to {high:.2f}"
    )
roc, average = areas(truth(test_x), test_y)
print(f"truth                                 ROC {roc:.2f}  PR {average:.2f}")
# --8<-- [end:methods]

# --8<-- [start:keras-auc]
for name in ("plain", "class_weight"):
    p = scores[name]
    default, finer = (
        tf.keras.metrics.AUC(num_thresholds=number)(test_y, p)
        for number in (200, 5000)
    )
    print(
        f"{name:13} exact {areas(p, test_y)[0]:.3f}  "
        f"200 thresholds {default:.3f}  5000 {finer:.3f}"
    )
print(f"scores below 0.05: {(plain < 0.05).mean():.2f}")
# --8<-- [end:keras-auc]


# --8<-- [start:calibration]
def corrected(p, factor):
    """Undo that frauds were weighted, or repeated, `factor` times."""
    return p / (p + factor * (1 - p))


known = truth(test_x)
honest = {
    name: p if name == "plain" else corrected(p, factor)
    for name, p in scores.items()
}
figure, axes = plt.subplots(1, 2, figsize=(6.6, 3.4), sharey=True)
for ax, (title, answers) in zip(
    axes, {"as trained": scores, "corrected": honest}.items()
):
    for name, p in answers.items():
        ax.loglog(known[::250], p[::250], ".", label=name)
    ax.plot([1e-5, 1], [1e-5, 1], color="gray")
    ax.set(title=title, xlabel="true probability", xlim=(1e-5, 1))
    ax.set(ylim=(1e-5, 1.5), xticks=[1e-4, 1e-2, 1], yticks=[1e-4, 1e-2, 1])
axes[0].set_ylabel("probability of the model")
axes[0].legend(fontsize=8)
print(f"share of frauds {test_y.mean():.3f}")
for name, p in scores.items():
    print(f"{name:14} mean {p.mean():.3f}  corrected {honest[name].mean():.3f}")
# --8<-- [end:calibration]

# --8<-- [start:cost]
miss, alarm = 100, 2  # a fraud that goes through, a customer called in vain


def cost(p, threshold):
    missed = (p < threshold) & fraud
    alarms = (p >= threshold) & ~fraud
    return (miss * missed.sum() + alarm * alarms.sum()) / 1000


best = alarm / (alarm + miss)
print(f"threshold that follows from the costs: {best:.3f}")
for name, p in scores.items():
    by_cost = cost(honest[name], best)
    print(f"{name:14} at 0.5: {cost(p, 0.5):.1f}   by cost: {by_cost:.1f}")
print(
    f"truth          at 0.5: {cost(known, 0.5):.1f}   by cost: {cost(known, best):.1f}"
)
print(f"never report: {cost(plain, 2):.1f}   always: {cost(plain, 0):.1f}")
# --8<-- [end:cost]

# --8<-- [start:cost-drawn]
thresholds = np.geomspace(1e-4, 0.99, 200)
plt.figure(figsize=(5.2, 3))
plt.semilogx(thresholds, [cost(plain, t) for t in thresholds])
plt.axvline(best, linestyle=":", color="C1", label="from the costs")
plt.axvline(0.5, linestyle=":", color="gray", label="0.5")
plt.gca().set(xlabel="threshold", ylabel="cost (thousands)")
plt.gca().set(xlim=(1e-4, 1), ylim=(0, 110), yticks=[0, 50, 100])
plt.xticks([1e-4, 1e-2, 1])
plt.legend()
# --8<-- [end:cost-drawn]

# --8<-- [start:before-split]
from sklearn.tree import DecisionTreeClassifier


def found(train_rows, test_rows, test_labels):
    tree = DecisionTreeClassifier(random_state=0)
    tree.fit(x[train_rows], y[train_rows])
    return tree.predict(test_rows)[test_labels == 1].mean()


mixed = rng.permutation(over)  # repeated first, split afterwards
half = len(mixed) // 2
leaked = found(mixed[:half], x[mixed[half:]], y[mixed[half:]])
print(f"recall on its own test half: {leaked:.2f}")
print(f"recall on new payments:      {found(mixed[:half], test_x, test_y):.2f}")
# --8<-- [end:before-split]

import contextlib

with contextlib.suppress(ModuleNotFoundError):
    # --8<-- [start:then]
    import tensorflow_addons
    # --8<-- [end:then]

# --8<-- [start:now]
focal = tf.keras.losses.BinaryFocalCrossentropy(gamma=2.0)
p = trained(x, y, loss=focal)
print("focal: ROC {:.2f}, PR {:.2f}".format(*areas(p, test_y)), end="")
print(f", mean {p.mean():.3f}")
# --8<-- [end:now]

# --8<-- [start:solution-platt]
from sklearn.linear_model import LogisticRegression

p = scores["oversampling"]
log_odds = np.log(p / (1 - p))[:, None]
line = LogisticRegression(C=1e6).fit(log_odds[:25_000], test_y[:25_000])
repaired = line.predict_proba(log_odds[25_000:])[:, 1]
print(f"mean before {p[25_000:].mean():.3f}, after {repaired.mean():.3f}")
print(f"shift {line.intercept_[0]:.1f}, -log(factor) {-np.log(factor):.1f}")
# --8<-- [end:solution-platt]

# --8<-- [start:solution-shift]
later_share = 0.05
later_x, later_y = payments(20_000, seed=3, share=later_share)
believed = truth(later_x)  # a perfect model of the old days
ratio = (later_share / (1 - later_share)) / (0.01 / 0.99)
moved = believed * ratio / (believed * ratio + 1 - believed)
print(f"frauds {later_y.mean():.3f}")
print(f"mean of the old model {believed.mean():.3f}, moved {moved.mean():.3f}")
# --8<-- [end:solution-shift]

# --8<-- [start:solution-top]
for name, p in scores.items():
    top = np.argsort(-p)[:200]
    print(f"{name:14} frauds among the 200 highest: {test_y[top].sum():.0f}")
# --8<-- [end:solution-top]
