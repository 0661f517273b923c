"""Your own training step: train_step, its traps, clipping, accumulation, sparse gradients."""

import contextlib

# --8<-- [start:data]
import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = rng.normal(size=(512, 3)).astype("float32")
noise = rng.normal(size=(512, 1)).astype("float32")
y = x @ [[2.0], [-1.0], [0.5]] + 3.0 + 0.1 * noise
y = y.astype("float32")


def make(model_class=keras.Sequential, optimizer="sgd", **arguments):
    keras.utils.set_random_seed(1)
    hidden = keras.layers.Dense(8, activation="tanh")
    model = model_class([keras.Input([3]), hidden, keras.layers.Dense(1)])
    model.compile(optimizer, "mse", metrics=["mae"], **arguments)
    return model


# --8<-- [end:data]


# --8<-- [start:step]
class OwnStep(keras.Sequential):
    def train_step(self, batch):
        x, y, weight = keras.utils.unpack_x_y_sample_weight(batch)
        with tf.GradientTape() as tape:
            guess = self(x, training=True)
            loss = self.compute_loss(x, y, guess, sample_weight=weight)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(x)[0])
            else:
                metric.update_state(y, guess, sample_weight=weight)
        return self.get_metrics_result()


# --8<-- [end:step]

# --8<-- [start:agree]
own, usual = make(OwnStep), make()
weight = np.linspace(0, 1, len(x))
for name, model in {"usual": usual, "own": own}.items():
    log = model.fit(x, y, batch_size=100, sample_weight=weight, verbose=0)
    print(name, {key: round(v[0], 5) for key, v in log.history.items()})
for a, b in zip(own.weights, usual.weights):
    np.testing.assert_array_equal(a, b)
# --8<-- [end:agree]


# --8<-- [start:old-step]
class OldStep(keras.Sequential):
    def train_step(self, batch):
        x, y = batch
        with tf.GradientTape() as tape:
            guess = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=guess)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        self.compiled_metrics.update_state(y, guess)
        return {metric.name: metric.result() for metric in self.metrics}


# --8<-- [end:old-step]

# --8<-- [start:old-fit]
old = make(OldStep)
history = old.fit(x, y, epochs=100, verbose=0).history
for name in "loss", "mae":
    first, last = history[name][0], history[name][-1]
    print(f"{name:4} first {first:.3f}, {name} last {last:.3f}")
print(f"evaluate: loss {old.evaluate(x, y, verbose=0)[0]:.3f}")
guess = old.predict(x, verbose=0)
print(f"mean of the predictions: {guess.mean():.3f}")
# --8<-- [end:old-fit]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:weights-refused]
    old.fit(x, y, sample_weight=weight, verbose=0)
    # --8<-- [end:weights-refused]

# --8<-- [start:penalty]
layer = keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(1.0))
model = keras.Sequential([keras.Input([3]), layer])
model.compile("sgd", loss="mse")

guess = model(x)
print(f"loss function: {keras.losses.MeanSquaredError()(y, guess):.3f}")
print(f"compute_loss:  {model.compute_loss(y=y, y_pred=guess):.3f}")
print(f"difference: {sum(model.losses):.3f} = sum of model.losses")
# --8<-- [end:penalty]

# --8<-- [start:clip]
gradients = [tf.constant([3.0, 4.0]), tf.constant([0.0, 12.0])]
for limit in "nothing", "clipvalue", "clipnorm", "global_clipnorm":
    arguments = {} if limit == "nothing" else {limit: 1.0}
    a, b = (keras.Variable([0.0, 0.0]) for _ in range(2))
    optimizer = keras.optimizers.SGD(1.0, **arguments)
    optimizer.apply(gradients, [a, b])
    step = -np.concatenate([a, b])
    turned = np.dot(step, np.concatenate(gradients))
    turned /= 13 * np.linalg.norm(step)
    print(f"{limit:15} {step.round(3) + 0}  cosine {turned:.3f}")
# --8<-- [end:clip]

# --8<-- [start:infinite]
w = keras.Variable([1.0, 1.0])
optimizer = keras.optimizers.SGD(0.1, global_clipnorm=1.0)
optimizer.apply([tf.constant([3.0, np.inf])], [w])
print(w.numpy())
# --8<-- [end:infinite]


with contextlib.suppress(TypeError):  # the page shows this error
    # --8<-- [start:python-if]
    class WithIf(keras.Sequential):
        def train_step(self, batch):
            if tf.reduce_all(tf.math.is_finite(batch[0])):
                return super().train_step(batch)
            return {"loss": 0.0}

    make(WithIf).train_on_batch(x, y)
    # --8<-- [end:python-if]


# --8<-- [start:careful]
class Careful(keras.Sequential):
    def train_step(self, batch):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)

        def update():
            self.optimizer.apply(gradients, self.trainable_variables)
            return 0.0

        good = tf.math.is_finite(tf.linalg.global_norm(gradients))
        skipped = tf.cond(good, update, lambda: 1.0)
        return {"loss": loss, "skipped": skipped}


bad = x.copy()
bad[100] = np.inf
for model in make(), make(Careful):
    for start in range(0, 512, 64):
        rows = slice(start, start + 64)
        seen = model.train_on_batch(bad[rows], y[rows], return_dict=True)
        if seen.get("skipped"):
            print("skipped the batch from row", start)
    print(type(model).__name__, "weight:", model.get_weights()[0][0, 0])
# --8<-- [end:careful]


# --8<-- [start:accumulate]
def gradient_of(model, x, y):
    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=y, y_pred=model(x, training=True))
    return tape.gradient(loss, model.trainable_variables)


model = make()
whole = gradient_of(model, x[:64], y[:64])
quarters = zip(np.split(x[:64], 4), np.split(y[:64], 4))
parts = [gradient_of(model, *quarter) for quarter in quarters]
total = [tf.add_n(same) for same in zip(*parts)]

print("whole batch:      ", whole[0][0, :3].numpy())
print("sum of the parts: ", total[0][0, :3].numpy())
print("divided by four:  ", (total[0][0, :3] / 4).numpy())
# --8<-- [end:accumulate]

# --8<-- [start:argument]
import matplotlib.pyplot as plt

plain = keras.optimizers.SGD
runs = {
    "batch 64": (64, plain(0.05)),
    "batch 16, steps 4": (16, plain(0.05, gradient_accumulation_steps=4)),
    "batch 16": (16, plain(0.05)),
}
for (name, (size, optimizer)), style in zip(runs.items(), ["C0", "C1o", "C2"]):
    model = make(optimizer=optimizer)
    settings = {"batch_size": size, "shuffle": False, "verbose": 0}
    log = model.fit(x, y, epochs=12, **settings)
    print(f"{name:18} updates {int(optimizer.iterations):3}", end="  ")
    print(f"loss {model.evaluate(x, y, verbose=0)[0]:.4f}")
    mae = log.history["mae"]
    plt.semilogy(range(1, 13), mae, style, label=name)
plt.gca().set(xlabel="epoch", ylabel="mean absolute error")
plt.legend()
# --8<-- [end:argument]

# --8<-- [start:leftover]
w = keras.Variable(0.0)
optimizer = keras.optimizers.SGD(1.0, gradient_accumulation_steps=4)
for batch in range(1, 11):
    optimizer.apply([tf.constant(1.0)], [w])
    print(f"{batch}: {float(w):.0f}", end="   ")
# --8<-- [end:leftover]

# --8<-- [start:sparse]
words = tf.constant([7, 2, 7])
embedding = keras.layers.Embedding(50_000, 64)
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(embedding(words) ** 2)
(gradient,) = tape.gradient(loss, embedding.trainable_variables)

print(type(gradient).__name__, "for rows", gradient.indices.numpy())
print("numbers in the gradient:", gradient.values.numpy().size)
print("numbers in the table:", embedding.count_params())
# --8<-- [end:sparse]

# --8<-- [start:norms]
dense = tf.convert_to_tensor(gradient)
print(f"norm of the slices: {tf.linalg.global_norm([gradient]):.5f}")
print(f"norm of the table:  {tf.linalg.global_norm([dense]):.5f}")

for kind, given in {"slices": gradient, "table": dense}.items():
    w = keras.Variable(tf.zeros([50_000, 64]))
    optimizer = keras.optimizers.SGD(1.0, global_clipnorm=0.5)
    optimizer.apply([given], [w])
    print(f"step clipped to 0.5, from the {kind}: {tf.norm(w):.5f}")
# --8<-- [end:norms]

with contextlib.suppress(TypeError):  # the page shows this error
    # --8<-- [start:no-sum]
    gradient + gradient
    # --8<-- [end:no-sum]

# --8<-- [start:moved]
choices = {
    "SGD": plain(0.1),
    "SGD with momentum": plain(0.1, momentum=0.9),
    "Adagrad": keras.optimizers.Adagrad(0.1),
    "Adam": keras.optimizers.Adam(0.1),
    "AdamW": keras.optimizers.AdamW(0.1),
}
for name, optimizer in choices.items():
    table = keras.layers.Embedding(6, 2)
    table.build(None)
    moved = []
    for words in [1, 2], [3]:
        before = table.embeddings.numpy()
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(table(tf.constant(words)) ** 2)
        weights = table.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        changed = np.any(table.embeddings.numpy() != before, axis=1)
        moved.append(np.flatnonzero(changed).tolist())
    print(f"{name:18} words 1, 2: {moved[0]!s:19} word 3: {moved[1]}")
# --8<-- [end:moved]

with contextlib.suppress(AttributeError):  # the page shows this error
    # --8<-- [start:then-minimize]
    w = keras.Variable(2.0)
    keras.optimizers.SGD(0.1).minimize(lambda: w**2, [w])
    # --8<-- [end:then-minimize]

# --8<-- [start:now-minimize]
with tf.GradientTape() as tape:
    loss = w**2
gradient = tape.gradient(loss, [w])
keras.optimizers.SGD(0.1).apply(gradient, [w])
float(w)
# --8<-- [end:now-minimize]


# --8<-- [start:solution-two]
class TwoRates(keras.Sequential):
    def train_step(self, batch):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        kernel, bias, *last = gradients
        slow = [0.1 * kernel, 0.1 * bias]
        self.optimizer.apply(slow + last, self.trainable_variables)
        return {"loss": loss}


usual, two = make(), make(TwoRates)
start = usual.get_weights()
for model in usual, two:
    model.train_on_batch(x, y)
    steps = [b - a for a, b in zip(start, model.get_weights())]
    print([f"{np.linalg.norm(step):.5f}" for step in steps])
# --8<-- [end:solution-two]

# --8<-- [start:solution-rate]
w = keras.Variable(0.0)
for name in "SGD", "Adam":
    for factor in 1.0, 4.0:
        w.assign(0.0)
        optimizer = getattr(keras.optimizers, name)(0.01)
        for _ in range(10):
            optimizer.apply([factor * 2 * (w - 1)], [w])
        print(f"{name:4} gradient times {factor:.0f}: w = {float(w):.5f}")
# --8<-- [end:solution-rate]

# --8<-- [start:solution-mean]
model = make()
sizes = [16, 16, 8]
parts, start = [], 0
for size in sizes:
    rows = slice(start, start + size)
    parts.append(gradient_of(model, x[rows], y[rows]))
    start += size
whole = gradient_of(model, x[:40], y[:40])
for name, share in {"equal": [1, 1, 1], "by size": sizes}.items():
    mean = [np.average(same, axis=0, weights=share) for same in zip(*parts)]
    off = max(np.abs(a - b).max() for a, b in zip(mean, whole))
    print(f"{name:8} largest error {off:.4f}")
# --8<-- [end:solution-mean]
