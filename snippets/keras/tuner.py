"""Code of the page keras/tuner."""

import contextlib

# --8<-- [start:data]
import keras
import keras_tuner as kt
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def sample(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-3, 3, (n, 2)).astype("float32")
    rule = x[:, 0] * x[:, 1] > 0
    y = rule ^ (rng.random(n) < 0.1)  # one label in ten is wrong
    return (x, y.astype("float32")), np.mean(rule == y)


train, _ = sample(300, seed=0)
validation, ceiling = sample(100, seed=2)
test, limit = sample(20_000, seed=3)
print(f"the rule itself: validation {ceiling:.1%}, test {limit:.1%}")
# --8<-- [end:data]

# --8<-- [start:model]
penalty = keras.Variable(0.0)
layers = keras.layers
loss = keras.losses.BinaryCrossentropy(from_logits=True)


def l2(kernel):
    return penalty * keras.ops.sum(kernel**2)


def network():
    hidden = layers.Dense(16, "tanh", kernel_regularizer=l2)
    return keras.Sequential([keras.Input([2]), hidden, layers.Dense(1)])


def accuracy():
    return keras.metrics.BinaryAccuracy("accuracy", threshold=0.0)


model = network()
model.compile(
    "sgd", loss, metrics=[accuracy()], steps_per_execution=40, jit_compile=False
)


def prepare(rate, strength):
    model.set_weights(network().get_weights())  # new dice for every trial
    model.optimizer.learning_rate = rate
    penalty.assign(strength)
    return model


def batches(rows):
    return tf.data.Dataset.from_tensors(rows).repeat()  # one batch: all


how = dict(
    x=batches(train), steps_per_epoch=40, shuffle=False, verbose=0,
    validation_data=tf.data.Dataset.from_tensors(validation),
)
# --8<-- [end:model]


# --8<-- [start:grid]
def score(rate, strength):
    history = prepare(rate, strength).fit(**how, epochs=4).history
    return max(history["val_accuracy"])


rates, strengths = np.geomspace(1e-3, 10, 3), np.geomspace(1e-6, 1e-3, 3)
grid = [(rate, strength) for rate in rates for strength in strengths]
rng = np.random.default_rng(0)
dice = list(zip(10 ** rng.uniform(-3, 1, 9), 10 ** rng.uniform(-6, -3, 9)))

figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.9), sharey=True)
for axis, (name, tried) in zip(axes, {"grid": grid, "random": dice}.items()):
    scores = [score(*pair) for pair in tried]
    print(f"{name}: best {max(scores):.0%}")
    for (rate, strength), value in zip(tried, scores):
        axis.plot(rate, strength, "C0o", ms=4)
        axis.annotate(f"{value:.0%}", (rate, strength), (0, 5),
                      textcoords="offset points", ha="center")
        axis.plot(rate, 2.5e-7, "C1|", ms=12)  # the shadow on the axis
    axis.set(title=name, xlabel="learning rate", xscale="log", yscale="log",
             xlim=(3e-4, 40), ylim=(2e-7, 4e-3))
axes[0].set_ylabel("L2")
# --8<-- [end:grid]

# --8<-- [start:space]
hp = kt.HyperParameters()
hp.Int("units", 8, 64, step=8)
hp.Choice("optimizer", ["adam", "sgd"])
hp.Float("rate", 1e-4, 1, sampling="log")
with hp.conditional_scope("optimizer", ["sgd"]):
    hp.Float("momentum", 0.0, 0.9)

print("before anything is drawn:", hp.values)
for seed in range(1, 6):
    for number, entry in enumerate(hp.space):
        if hp.is_active(entry):
            hp.values[entry.name] = entry.random_sample(3 * seed + 2 * number)
        else:
            hp.values.pop(entry.name, None)
    print({name: value if isinstance(value, str) else round(value, 4)
           for name, value in hp.values.items()})
# --8<-- [end:space]

# --8<-- [start:log]
both = kt.HyperParameters()
both.Float("linear", 1e-4, 1)
both.Float("log", 1e-4, 1, sampling="log")
for entry in both.space:
    drawn = [entry.random_sample(seed) for seed in range(1000)]
    below = np.mean(np.less(drawn, 0.01))
    print(f"{entry.name}: below 0.01 {below:.1%}, median {np.median(drawn):.3f}")
# --8<-- [end:log]


# --8<-- [start:search]
class Net(kt.HyperModel):
    def build(self, hp):
        units = hp.Int("units", 4, 64, sampling="log")
        rate = hp.Float("rate", 1e-3, 1, sampling="log")
        hidden = layers.Dense(units, "tanh")
        net = keras.Sequential([keras.Input([2]), hidden, layers.Dense(1)])
        net.compile(
            keras.optimizers.SGD(rate), loss, metrics=[accuracy()],
            steps_per_execution=10, jit_compile=False,
        )
        return net

    def fit(self, hp, net, *args, **kwargs):
        size = hp.Choice("batch", [15, 30, 60])
        return net.fit(*args, batch_size=size, **kwargs)


first = kt.RandomSearch(
    Net(), "val_accuracy", max_trials=4, seed=1, directory="search", project_name="first"
)
first.search(*train, validation_data=validation, epochs=8, verbose=0)
for trial in first.oracle.get_best_trials(4):
    values = trial.hyperparameters.values
    shown = "  ".join(f"{name} {value:7.3g}" for name, value in values.items())
    print(f"trial {trial.trial_id}  {trial.score:.0%}  {shown}")
# --8<-- [end:search]


# --8<-- [start:build]
def build(hp):
    rate = hp.Float("rate", 1e-3, 10, sampling="log")
    strength = hp.Float("strength", 1e-6, 1e-3, sampling="log")
    return prepare(rate, strength)


# --8<-- [end:build]

# --8<-- [start:hyperband]
hyperband = kt.Hyperband(
    build, "val_accuracy", max_epochs=4, factor=2, seed=1,
    directory="search", project_name="hyperband",
)
hyperband.search(**how)

print("bracket trial  epochs  goes on from   rate  accuracy")
spent = 0
for trial in hyperband.oracle.trials.values():
    get = trial.hyperparameters.values.get
    begin, end = get("tuner/initial_epoch"), get("tuner/epochs")
    spent += end - begin
    print(f"{get('tuner/bracket'):7} {trial.trial_id:>5}  {begin} to {end}"
          f"  {get('tuner/trial_id', '-'):>12} {get('rate'):6.3f}  {trial.score:8.0%}")
print("epochs in all:", spent)
# --8<-- [end:hyperband]

# --8<-- [start:bayes]
random = kt.RandomSearch(
    build, "val_accuracy", max_trials=16, seed=1,
    directory="search", project_name="random",
)
random.search(**how, epochs=4)
bayes = kt.BayesianOptimization(
    build, "val_accuracy", max_trials=8, num_initial_points=5, seed=1,
    directory="search", project_name="bayes",
)
bayes.search(**how, epochs=4)
for trial in bayes.oracle.trials.values():
    twin = random.oracle.trials["0" + trial.trial_id]
    mine, other = (t.hyperparameters.values["rate"] for t in (trial, twin))
    print(f"trial {trial.trial_id}: rate {mine:6.3f}  {trial.score:.0%}"
          f"   random search {other:6.3f}  {twin.score:.0%}")
# --8<-- [end:bayes]

# --8<-- [start:compare]
scores = [trial.score for trial in random.oracle.trials.values()]
for name, tuner in {"Hyperband": hyperband, "Bayes": bayes}.items():
    print(f"{name}: best {tuner.oracle.get_best_trials()[0].score:.0%}")
print(f"random search, first 8: best {max(scores[:8]):.0%}")
rng = np.random.default_rng(0)
bests = [max(rng.choice(scores, 8)) for _ in range(1000)]
low, high = np.quantile(bests, [0.05, 0.95])
print(f"eight of the 16, nine times in ten: from {low:.0%} to {high:.0%}")
# --8<-- [end:compare]


# --8<-- [start:luck]
def on_test(net):
    logits = net(test[0])[:, 0]
    return np.mean((logits > 0) == (test[1] > 0.5))


repeated = {}
print("  rate   in the search   ten times again        test set")
for trial in random.oracle.get_best_trials(4):
    chosen = trial.hyperparameters.values
    pairs = [(score(**chosen), on_test(model)) for _ in range(10)]
    (again, unseen), spread = np.mean(pairs, axis=0), np.std(pairs, axis=0)
    repeated[again] = trial
    print(f"{chosen['rate']:6.3f}  {trial.score:14.1%}"
          f"  {again:9.1%} ± {spread[0]:.1%}  {unseen:6.1%} ± {spread[1]:.1%}")
    if len(repeated) == 1:
        winner = trial.score, again, unseen
print("winner {:.1%}, again {:.1%}, on test {:.1%}".format(*winner))
# --8<-- [end:luck]

# --8<-- [start:again]
same = kt.RandomSearch(
    build, "val_accuracy", max_trials=16, seed=2,
    directory="search", project_name="random",
)
before = len(same.oracle.trials)
same.search(**how, epochs=400)
print("trials before and after:", before, len(same.oracle.trials))
# --8<-- [end:again]

# --8<-- [start:best]
trial = repeated[max(repeated)]
best, found = trial.hyperparameters, trial.best_step + 1
print(f"rate {best['rate']:.3f}, best epoch in the search: {found} of 4")
kept = random.load_model(trial)
print(f"weights kept by the search: test {on_test(kept):.1%}")

everything = tuple(np.concatenate(pair) for pair in zip(train, validation))
for epochs in found, 4:
    results = []
    for _ in range(10):
        final = build(best)
        options = dict(how, x=batches(everything), validation_data=None)
        final.fit(**options, epochs=epochs)
        results.append(on_test(final))
    mean, spread = np.mean(results), np.std(results)
    print(f"all 400, {epochs} epochs: {mean:.1%} ± {spread:.1%}")
# --8<-- [end:best]

# --8<-- [start:seed]
for seed in 1, 0:
    made = [kt.oracles.RandomSearchOracle(seed=seed).seed for _ in range(4)]
    print(f"seed={seed} becomes", made)
# --8<-- [end:seed]

# --8<-- [start:then]
import kerastuner

print(kerastuner.RandomSearch is kt.RandomSearch)
# --8<-- [end:then]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-oracle]
    from kerastuner.oracles import BayesianOptimization

    BayesianOptimization("val_accuracy", max_trials=8)
    # --8<-- [end:then-oracle]

# --8<-- [start:now-oracle]
from keras_tuner.oracles import BayesianOptimizationOracle

BayesianOptimizationOracle.__name__
# --8<-- [end:now-oracle]

# --8<-- [start:solution-noise]
steady = kt.RandomSearch(
    build, "val_accuracy", max_trials=4, executions_per_trial=3, seed=1,
    directory="search", project_name="steady",
)
steady.search(**how, epochs=4)
for trial in steady.oracle.get_best_trials(4):
    single = random.oracle.trials["0" + trial.trial_id].score
    print(f"rate {trial.hyperparameters['rate']:6.3f}"
          f"  one training {single:.1%}  mean of three {trial.score:.1%}")
# --8<-- [end:solution-noise]


# --8<-- [start:solution-adam]
def fresh():
    net = network()
    net.compile("adam", loss)
    return net


net = fresh()
net.fit(*train, verbose=0)
net.save_weights("half.weights.h5")
promoted = fresh()
promoted.load_weights("half.weights.h5")
same = np.array_equal(net.get_weights()[0], promoted.get_weights()[0])
print("weights the same:", same)
print("steps Adam has made:", int(net.optimizer.iterations),
      "and", int(promoted.optimizer.iterations))
# --8<-- [end:solution-adam]
