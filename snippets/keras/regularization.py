"""Code of the page keras/regularization."""

# --8<-- [start:data]
import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)


def truth(x):
    return np.sin(3 * x[:, :1]) + 2 * abs(x[:, 1:2]) - x[:, 2:3]


def sample(n):
    x = rng.uniform(-1, 1, (n, 20)).astype("float32")
    y = truth(x) + rng.normal(0, 0.5, (n, 1))  # the noise: variance 0.25
    return x, y.astype("float32")


x, y = sample(2000)
few = x[:200], y[:200]
validation = sample(1000)
perfect = np.mean((truth(validation[0]) - validation[1]) ** 2)
constant = np.mean((few[1].mean() - validation[1]) ** 2)
print(f"error of the truth itself: {perfect:.3f}")
print(f"error of a constant:       {constant:.3f}")
# --8<-- [end:data]

# --8<-- [start:study]
import matplotlib.pyplot as plt

layers, results = keras.layers, {}


def study(name, model, data=few, epochs=20, callbacks=None):
    rate = keras.optimizers.Adam(0.005)
    model.compile(
        rate, "mse", metrics=["mse"], steps_per_execution=10, jit_compile=False
    )
    batches = tf.data.Dataset.from_tensors(data).repeat()  # one batch: all
    run = model.fit(
        batches, steps_per_epoch=10, epochs=epochs, shuffle=False,
        validation_data=validation, validation_batch_size=1000,
        callbacks=callbacks, verbose=0,
    )
    results[name] = run.history
    training, unseen = run.history["mse"][-1], run.history["val_mse"][-1]
    print(f"{name}: training   {training:.2f}")
    print(f"{name}: validation {unseen:.2f}")


def draw(*names):
    fig, axes = plt.subplots(1, len(names), figsize=(6.4, 2.8), sharey=True)
    for ax, name in zip(axes, names):
        ax.plot(results[name]["mse"], label="training")
        ax.plot(results[name]["val_mse"], label="validation")
        ax.axhline(0.25, color="0.5", linestyle=":", label="noise")
        ax.set(title=name, xlabel="epoch", ylim=(0, 1.5))
    axes[0].set_ylabel("mean squared error")
    axes[-1].legend()


# --8<-- [end:study]


# --8<-- [start:capacity]
def mlp(width=64, penalty=None, extra=()):
    keras.utils.set_random_seed(1)
    stack = []
    for _ in range(2):
        stack.append(layers.Dense(width, kernel_regularizer=penalty))
        stack += [make() for make in extra]
        stack.append(layers.Activation("relu"))
    return keras.Sequential([keras.Input([20]), *stack, layers.Dense(1)])


wide, narrow = mlp(), mlp(width=2)
print("parameters:", narrow.count_params(), "and", wide.count_params())
study("2 units", narrow)
study("64 units", wide)
draw("2 units", "64 units")
# --8<-- [end:capacity]

# --8<-- [start:penalties]
with_l2 = mlp(penalty=keras.regularizers.L2(0.03))
with_l1 = mlp(penalty=keras.regularizers.L1(0.02))
study("L2", with_l2)
study("L1", with_l1)
draw("L2", "L1")
# --8<-- [end:penalties]

# --8<-- [start:weights]
for name, model in {"none": wide, "L2": with_l2, "L1": with_l1}.items():
    per_input = np.abs(model.layers[0].kernel).mean(axis=1)
    useful, idle = per_input[:3].mean(), per_input[3:].mean()
    print(f"{name:5} 3 that matter {useful:.4f}   17 that do not {idle:.4f}")
# --8<-- [end:weights]

# --8<-- [start:reported]
report = with_l2.evaluate(*few, return_dict=True, verbose=0)
penalty = sum(float(loss) for loss in with_l2.losses)
loss, mse = report["loss"], report["mse"]
print(f"loss {loss:.3f} = mse {mse:.3f} + penalty {penalty:.3f}")
# --8<-- [end:reported]

# --8<-- [start:l1-l2]
import tf_keras  # Keras 2

for package in [tf_keras, keras]:
    both = package.regularizers.l1_l2(0.001)
    cost = float(both(tf.ones([100])))
    l1, l2 = float(both.l1), float(both.l2)
    print(f"{package.__name__:9} l1 {l1:.3f}  l2 {l2:.3f}", end="")
    print(f"  on a hundred weights of 1: {cost:.3f}")
# --8<-- [end:l1-l2]

# --8<-- [start:dropout]
study("dropout 0.5", dropped := mlp(extra=[lambda: layers.Dropout(0.5)]))
print(f"training, all units:     {dropped.evaluate(*few, verbose=0)[1]:.2f}")
# --8<-- [end:dropout]

# --8<-- [start:norm]
study("BatchNorm", mlp(extra=[layers.BatchNormalization]))
draw("dropout 0.5", "BatchNorm")
# --8<-- [end:norm]

# --8<-- [start:stopping]
stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
study("early stopping", stopped := mlp(), callbacks=[stop])
epochs = len(results["early stopping"]["mse"])
kept = stopped.evaluate(*validation, verbose=0)[1]
print(f"epochs {epochs}, best {stop.best_epoch + 1}, kept {kept:.2f}")
# --8<-- [end:stopping]


# --8<-- [start:size]
study("2000 points", mlp(), data=(x, y))
draw("early stopping", "2000 points")
# --8<-- [end:size]

# --8<-- [start:table]
unseen = {name: history["val_mse"] for name, history in results.items()}
for name in sorted(unseen, key=lambda name: unseen[name][-1]):
    last, best = unseen[name][-1], min(unseen[name])
    print(f"{name:15} last {last:.2f}   best epoch {best:.2f}")
print(f"{'the truth':15} {perfect:.2f}")
# --8<-- [end:table]

# --8<-- [start:exercise-old]
old = tf_keras.regularizers.l1_l2(0.001)
new = keras.regularizers.L1L2(l1=0.001, l2=0.01)
weights = tf.random.stateless_normal([50], seed=(1, 0))
print(f"old {float(old(weights)):.4f}   new {float(new(weights)):.4f}")
# --8<-- [end:exercise-old]

# --8<-- [start:exercise-both]
study("2000, L1", mlp(penalty=keras.regularizers.L1(0.002)), data=(x, y))
# --8<-- [end:exercise-both]
