"""Stateful recurrent layers: what continues what, order, shuffling, resets."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
tf.keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
for stateful in (False, True):
    layer = layers.LSTM(4, stateful=stateful)
    same = np.allclose(layer(x), layer(x))
    print(f"stateful={stateful!s:6} same answer twice: {same}")
# --8<-- [end:smallest]

# --8<-- [start:chunks]
layer = layers.LSTM(4, stateful=True)
stateless = layers.LSTM(4)
stateless.build(x.shape)
layer(x)  # builds it, and leaves a state behind
stateless.set_weights(layer.get_weights())
layer.reset_states()
layer(x[:, :2])
layer(x[:, 2:4])
print("in three parts:", np.allclose(layer(x[:, 4:]), stateless(x), atol=1e-6))
# --8<-- [end:chunks]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:batch-size]
    layer(x[:1])
    # --8<-- [end:batch-size]

with contextlib.suppress(ValueError):
    # --8<-- [start:static]
    tf.keras.Sequential([tf.keras.Input([5, 1]), layers.LSTM(4, stateful=True)])
    # --8<-- [end:static]

# --8<-- [start:then]
model = tf.keras.Sequential(
    [tf.keras.Input(batch_shape=(2, None, 3)), layers.LSTM(4, stateful=True)]
)
model(x)
print("Model.reset_states:", hasattr(model, "reset_states"))
for layer in model.layers:
    if getattr(layer, "stateful", False):
        layer.reset_states()
print("largest state:", float(tf.reduce_max(tf.abs(layer.states[0]))))
# --8<-- [end:then]

# --8<-- [start:table]
examples, steps = 50, 5
order = np.empty((0,), dtype=int)
for i in range(steps):
    order = np.concatenate((order, i + np.arange(0, examples, steps)))
batches = order.reshape(steps, examples // steps)
print(batches)
# --8<-- [end:table]

# --8<-- [start:reshape]
streams = np.arange(50).reshape(10, 5)  # ten streams of five parts
print("the same:", np.array_equal(batches, streams.T))
# --8<-- [end:reshape]

# --8<-- [start:draw]
import matplotlib.pyplot as plt

figure, axes = plt.subplots(2, 1, figsize=(5.4, 4.4), sharex=True)
for ax, (name, table) in zip(
    axes,
    {
        "in file order": np.arange(50).reshape(5, 10),
        "interleaved": batches,
    }.items(),
):
    ax.imshow(table // 5, cmap="tab10", alpha=0.6, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        ax.text(column, row, value, ha="center", va="center")
    ax.set(title=name, ylabel="batch", yticks=range(5), xticks=range(10))
axes[1].set_xlabel("place in the batch")
# --8<-- [end:draw]

# --8<-- [start:proof]
text = np.random.default_rng(1).normal(size=(250, 3)).astype("float32")
parts = text.reshape(50, 5, 3)  # fifty parts of five steps
reader = layers.LSTM(4, stateful=True)
reader(parts[:10])
whole = layers.LSTM(4)
whole.build(x.shape)
whole.set_weights(reader.get_weights())
unbroken = whole(text.reshape(10, 25, 3))
for name, table in {
    "in file order": np.arange(50).reshape(5, 10),
    "interleaved": batches,
}.items():
    reader.reset_states()
    for batch in table:
        last = reader(parts[batch])
    same = np.allclose(last, unbroken, atol=1e-6)
    print(f"{name:14} ends like ten unbroken readings: {same}")
# --8<-- [end:proof]

# --8<-- [start:task]
streams, chunks, size, delay = 20, 40, 5, 3
symbols = np.random.default_rng(2).integers(0, 6, streams * chunks * size)
answers = np.roll(symbols, delay)  # what stood three steps before
x_all = symbols.reshape(-1, size)
y_all = answers.reshape(-1, size)
interleaved = np.arange(len(x_all)).reshape(streams, chunks).T.ravel()
print(x_all[:3].tolist())
print(y_all[:3].tolist())
# --8<-- [end:task]


# --8<-- [start:models]
def build(stateful, batch=streams):
    tf.keras.utils.set_random_seed(0)
    model = tf.keras.Sequential(
        [
            tf.keras.Input(batch_shape=(batch, None), dtype="int32"),
            layers.Embedding(6, 12),
            layers.LSTM(32, stateful=stateful, return_sequences=True),
            layers.Dense(6, activation="softmax"),
        ]
    )
    model.compile(
        tf.keras.optimizers.Adam(0.02),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


class ResetStates(tf.keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.layers[1].reset_states()


def train(stateful, order, **options):
    model = build(stateful)
    options = {"shuffle": False, "callbacks": [ResetStates()]} | options
    if not stateful:
        options["callbacks"] = []
    history = model.fit(
        x_all[order],
        y_all[order],
        batch_size=streams,
        epochs=12,
        verbose=0,
        **options,
    )
    return model, history.history["accuracy"][-1]


# --8<-- [end:models]

# --8<-- [start:compare]
file_order = np.arange(len(x_all))
model, found = train(True, interleaved)
print(f"stateful, interleaved            {found:.2f}")
print(
    f"stateful, shuffle=True           {train(True, interleaved, shuffle=True)[1]:.2f}"
)
print(f"stateful, file order             {train(True, file_order)[1]:.2f}")
print(f"stateless                        {train(False, interleaved)[1]:.2f}")
print(
    f"stateful, interleaved, no reset  {train(True, interleaved, callbacks=[])[1]:.2f}"
)
# --8<-- [end:compare]

# --8<-- [start:places]
model.layers[1].reset_states()
x_in, y_in = x_all[interleaved], y_all[interleaved]
probabilities = model.predict(x_in, batch_size=streams, verbose=0)
right = (probabilities.argmax(-1) == y_in).mean(axis=0)
alone, _ = train(False, interleaved)
guess = alone.predict(x_in, batch_size=streams, verbose=0).argmax(-1)
print("place in the part:", *[f"{n:5}" for n in range(size)])
print("stateful         :", *[f"{a:5.2f}" for a in right])
print("stateless        :", *[f"{a:5.2f}" for a in (guess == y_in).mean(0)])
# --8<-- [end:places]

# --8<-- [start:predict]
one = x_all[interleaved][:streams]
model.layers[1].reset_states()
first = model.predict(one, batch_size=streams, verbose=0)
second = model.predict(one, batch_size=streams, verbose=0)
model.layers[1].reset_states()
third = model.predict(one, batch_size=streams, verbose=0)
print("again without a reset:", np.allclose(first, second, atol=1e-4))
print("again with a reset:   ", np.allclose(first, third, atol=1e-4))
# --8<-- [end:predict]

# --8<-- [start:validation]
states = {}


class Watch(tf.keras.callbacks.Callback):
    def now(self):
        return self.model.layers[1].states[0].numpy().copy()

    def on_test_begin(self, logs=None):
        states["before validation"] = self.now()

    def on_test_end(self, logs=None):
        states["after validation"] = self.now()


model.fit(
    one,
    y_all[interleaved][:streams],
    batch_size=streams,
    validation_data=(one + 0, y_all[interleaved][:streams]),
    validation_batch_size=streams,
    verbose=0,
    callbacks=[Watch()],
)
same = np.allclose(*states.values(), atol=1e-4)
print("validation leaves the state alone:", same)
# --8<-- [end:validation]

# --8<-- [start:one]
single = build(True, batch=1)
single.set_weights(model.get_weights())
print(single.predict(one[:1], batch_size=1, verbose=0).shape)
# --8<-- [end:one]

# --8<-- [start:question]
import tf_keras

halves = ("layer", "forward_layer", "backward_layer")
for keras in (tf_keras, tf.keras):
    inputs = keras.Input(batch_shape=(2, None, 1))
    wrapper = keras.layers.Bidirectional(keras.layers.LSTM(5, stateful=True))
    keras.Model(inputs, wrapper(inputs))(np.ones([2, 3, 1], "float32"))
    for name in halves:
        half = getattr(wrapper, name, None)
        states = getattr(half, "states", None)
        filled = states is not None and states[0] is not None
        built = getattr(half, "built", "no such attribute")
        print(
            f"Keras {keras.__version__[0]} {name:15} built: {built!s:18}",
            end="",
        )
        print("states" if filled else "no states")
# --8<-- [end:question]

# --8<-- [start:backwards]
both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="whole")
whole = both(x).numpy()
parts = layers.Bidirectional(
    layers.LSTM(4, return_sequences=True, stateful=True)
)
parts.build(x[:, :3].shape)
parts.set_weights(both.get_weights())
pieces = np.concatenate([parts(x[:, :3]), parts(x[:, 3:])], axis=1)
forward = np.allclose(pieces[..., :4], whole[..., :4], atol=1e-6)
backward = np.allclose(pieces[..., 4:], whole[..., 4:], atol=1e-6)
print("in two parts, forward half as the whole:", forward)
print("in two parts, backward half:            ", backward)
# --8<-- [end:backwards]


# --8<-- [start:solution-order]
def interleave(text, batch, size):
    """Cuts a text into parts and orders them for a stateful layer."""
    steps = len(text) // (batch * size)
    parts = text[: batch * steps * size].reshape(batch, steps, size)
    return parts.transpose(1, 0, 2)


letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
for batch in interleave(letters, 2, 4):
    print(["".join(part) for part in batch])
# --8<-- [end:solution-order]

# --8<-- [start:solution-dataset]
ordered = interleave(letters, 2, 4)
dataset = tf.data.Dataset.from_tensor_slices(ordered)  # a batch an element
print([b"".join(row).decode() for row in next(iter(dataset)).numpy()])
# --8<-- [end:solution-dataset]
