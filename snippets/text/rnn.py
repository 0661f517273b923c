"""Recurrent layers by hand and from Keras, their outputs, gradients and rivals."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
tf.keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
print(layers.LSTM(4)(x).shape)
print(layers.LSTM(4, return_sequences=True)(x).shape)
# --8<-- [end:smallest]


# --8<-- [start:simple]
def simple_rnn(x, kernel, recurrent, bias):
    h = np.zeros([len(x), len(recurrent)])
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ kernel + h @ recurrent + bias)
    return h


def compare(by_hand, layer):
    """Random weights for the layer, then the largest difference."""
    layer.build(x.shape)
    generator = np.random.default_rng(1)
    weights = [generator.normal(0, 0.5, w.shape) for w in layer.weights]
    layer.set_weights(weights)
    return np.abs(by_hand(x, *weights) - layer(x).numpy()).max()


print("equal:", compare(simple_rnn, layers.SimpleRNN(4)) < 1e-6)
# --8<-- [end:simple]


# --8<-- [start:lstm]
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def lstm(x, kernel, recurrent, bias):
    h = c = np.zeros([len(x), len(recurrent)])
    for t in range(x.shape[1]):
        gates = x[:, t] @ kernel + h @ recurrent + bias
        i, f, new, o = np.split(gates, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(new)
        h = sigmoid(o) * np.tanh(c)
    return h


print("equal:", compare(lstm, layers.LSTM(4)) < 1e-6)
# --8<-- [end:lstm]


# --8<-- [start:gru]
def gru(x, kernel, recurrent, bias, reset_after):
    h = np.zeros([len(x), len(recurrent)])
    units = h.shape[1]
    b_in, b_rec = bias if reset_after else (bias, np.zeros(3 * units))
    for t in range(x.shape[1]):
        xz, xr, xn = np.split(x[:, t] @ kernel + b_in, 3, axis=1)
        hz, hr, hn = np.split(h @ recurrent + b_rec, 3, axis=1)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        if reset_after:
            new = xn + r * hn
        else:  # as in the paper of 2014: reset first, then multiply
            new = xn + (r * h) @ recurrent[:, 2 * units :]
        h = z * h + (1 - z) * np.tanh(new)
    return h


for reset_after in (True, False):
    layer = layers.GRU(4, reset_after=reset_after)
    difference = compare(lambda *a: gru(*a, reset_after), layer)
    print(f"reset_after={reset_after!s:5} equal: {difference < 1e-6},", end=" ")
    print("bias", layer.weights[2].shape)
# --8<-- [end:gru]

# --8<-- [start:shapes]
for kind in (layers.SimpleRNN, layers.GRU, layers.LSTM):
    for sequences in (False, True):
        for state in (False, True):
            layer = kind(4, return_sequences=sequences, return_state=state)
            found = layer(x)
            found = found if isinstance(found, (list, tuple)) else [found]
            print(
                f"{kind.__name__:10}sequences={sequences!s:6}state={state!s:6}",
                *[tuple(f.shape) for f in found],
            )
# --8<-- [end:shapes]

# --8<-- [start:meaning]
every, h, c = layers.LSTM(4, return_sequences=True, return_state=True)(x)
print("h is the last output:", np.array_equal(every[:, -1], h))
print("c is something else: ", not np.allclose(h, c))
# --8<-- [end:meaning]

# --8<-- [start:initial]
layer = layers.LSTM(4, return_state=True)
whole = layer(x)[0]
_, h, c = layer(x[:, :3])
rest = layer(x[:, 3:], initial_state=[h, c])[0]
print("two halves equal the whole:", np.allclose(whole, rest, atol=1e-6))
# --8<-- [end:initial]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:stack]
    tf.keras.Sequential(
        [tf.keras.Input([None, 3]), layers.LSTM(4), layers.LSTM(4)]
    )
    # --8<-- [end:stack]

# --8<-- [start:parameters]
for kind in (layers.SimpleRNN, layers.GRU, layers.LSTM):
    layer = kind(4)
    layer.build([None, None, 3])
    shapes = [tuple(w.shape) for w in layer.weights]
    print(f"{kind.__name__:10}{layer.count_params():4}", *shapes)
# --8<-- [end:parameters]

# --8<-- [start:length]
from tfnotes import timing


def gradient_step(layer, x):
    layer(x)  # makes the weights

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(layer(x, training=True))
        return tape.gradient(total, layer.trainable_variables)

    return step


class SelfAttention(layers.Layer):
    def __init__(self):
        super().__init__()
        self.attention = layers.MultiHeadAttention(4, 32)

    def call(self, x):
        return self.attention(x, x)


by_length = timing.Benchmark("length")
for device in timing.devices():
    cudnn = "auto" if device == "GPU" else False
    kinds = {
        "LSTM": layers.LSTM(128, use_cudnn=cudnn),
        "LSTM, recurrent_dropout": layers.LSTM(128, recurrent_dropout=0.1),
        "Conv1D": layers.Conv1D(128, 3),
        "attention": SelfAttention(),
    }
    for kind, layer in kinds.items():
        series = f"{kind} {device}"
        for length in timing.sizes(full=[16, 64, 256, 1024], small=[4]):
            if by_length.slow(series, 0.5):
                break
            with tf.device(device):
                words = tf.random.normal([32, length, 128])
                step = gradient_step(layer, words)
                by_length.add(series, length, timing.measure(step))
by_length
# --8<-- [end:length]

# --8<-- [start:vanish]
import matplotlib.pyplot as plt

steps, units = 60, 32
long = np.random.default_rng(2).normal(size=(32, steps, 8)).astype("float32")


def reach(layer, seed):
    """Size of the gradient of the last output, by input step."""
    tf.keras.utils.set_random_seed(seed)
    x = tf.constant(long)
    with tf.GradientTape() as tape:
        tape.watch(x)
        last = tf.reduce_sum(layer()(x)[:, 0])
    return tf.reduce_mean(tf.norm(tape.gradient(last, x), axis=-1), 0).numpy()


def open_lstm(units):
    """An LSTM whose forget gate starts almost open: sigmoid(4) is 0.98."""
    bias = np.repeat([0.0, 4.0, 0.0, 0.0], units)
    start = tf.keras.initializers.Constant(bias)
    return layers.LSTM(units, bias_initializer=start, unit_forget_bias=False)


nets = {
    "SimpleRNN": lambda: layers.SimpleRNN(units),
    "GRU": lambda: layers.GRU(units),
    "LSTM": lambda: layers.LSTM(units),
    "LSTM, forget bias 4": lambda: open_lstm(units),
}
plt.figure(figsize=(5.4, 3.4))
back = np.arange(steps)[::-1]
for (name, build), style in zip(nets.items(), ["-", "--", "-.", ":"]):
    size = np.mean([reach(build, seed) for seed in (0, 1, 2)], axis=0)
    plt.semilogy(back, size / size[-1], style, label=name)
    ten, forty = np.round(np.log10(size[[-11, -41]] / size[-1])).astype(int)
    print(f"{name:20} 10 steps back 1e{ten:+}, 40 steps back 1e{forty:+}")
plt.xlabel("steps before the last")
plt.ylabel("gradient, last step = 1")
plt.ylim(1e-14, 1e1)
plt.yticks([1e-12, 1e-8, 1e-4, 1])
plt.legend()
# --8<-- [end:vanish]

# --8<-- [start:dropout]
cell = layers.SimpleRNN(
    6,
    activation=None,
    kernel_initializer="zeros",
    recurrent_initializer="identity",
    recurrent_dropout=0.5,
    return_sequences=True,
    seed=3,
)
start = tf.ones([1, 6])
nothing = tf.zeros([1, 4, 1])
print(cell(nothing, initial_state=start, training=True)[0].numpy())
# --8<-- [end:dropout]


# --8<-- [start:task]
length = 12


def recall(count, seed):
    """Symbols 2 to 9 and a mark, 1, among them; and two questions."""
    generator = np.random.default_rng(seed)
    x = generator.integers(2, 10, (count, length))
    at = generator.integers(1, length // 2, count)
    x[np.arange(count), at] = 1
    behind_mark = x[np.arange(count), at + 1] - 2
    return x, {"behind the mark": behind_mark, "first": x[:, 0] - 2}


x_train, y_train = recall(3000, 0)
x_test, y_test = recall(1000, 1)
print(x_test[0], {name: int(y[0]) + 2 for name, y in y_test.items()})
# --8<-- [end:task]


# --8<-- [start:models]
def place(ids):
    """Numbers of words plus numbers of places, as vectors."""
    places = layers.Embedding(length, 16)(tf.range(length))
    return layers.Embedding(10, 16)(ids) + places


def transformer(ids):
    v = place(ids)
    v = layers.LayerNormalization()(v + layers.MultiHeadAttention(2, 8)(v, v))
    wide = layers.Dense(32, activation="relu")(v)
    v = layers.LayerNormalization()(v + layers.Dense(16)(wide))
    return layers.GlobalAveragePooling1D()(v)


def convolution(ids):
    v = layers.Embedding(10, 16)(ids)
    v = layers.Conv1D(32, 3, activation="relu")(v)
    return layers.GlobalMaxPooling1D()(v)


bodies = {
    "SimpleRNN": lambda i: layers.SimpleRNN(24)(layers.Embedding(10, 16)(i)),
    "LSTM": lambda i: layers.LSTM(24)(layers.Embedding(10, 16)(i)),
    "LSTM, bias 4": lambda i: open_lstm(24)(layers.Embedding(10, 16)(i)),
    "Conv1D": convolution,
    "Transformer": transformer,
}
# --8<-- [end:models]


# --8<-- [start:compare]
def accuracy(body, question):
    tf.keras.utils.set_random_seed(0)
    inputs = tf.keras.Input([length], dtype="int32")
    model = tf.keras.Model(inputs, layers.Dense(8)(body(inputs)))
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    model.fit(x_train, y_train[question], batch_size=100, epochs=5, verbose=0)
    return model.evaluate(x_test, y_test[question], verbose=0)[1]


for name, body in bodies.items():
    found = [accuracy(body, question) for question in y_train]
    print(f"{name:12} behind the mark {found[0]:.2f}, first {found[1]:.2f}")
# --8<-- [end:compare]


# --8<-- [start:solution-count]
def lstm_parameters(inputs, units):
    return 4 * (inputs * units + units * units + units)


def gru_parameters(inputs, units):
    return 3 * (inputs * units + units * units + 2 * units)


for inputs, units in [(3, 4), (128, 256)]:
    for kind, formula in [
        (layers.LSTM, lstm_parameters),
        (layers.GRU, gru_parameters),
    ]:
        layer = kind(units)
        layer.build([None, None, inputs])
        assert layer.count_params() == formula(inputs, units)
        print(f"{kind.__name__:5}{inputs:4}{units:4}{layer.count_params():8,}")
# --8<-- [end:solution-count]

# --8<-- [start:solution-cell]
cell = layers.LSTMCell(4)
by_wrapper = layers.RNN(cell)(x)
state = [tf.zeros([2, 4]), tf.zeros([2, 4])]
for t in range(x.shape[1]):
    output, state = cell(x[:, t], state)
print("loop equals RNN(cell):", np.allclose(output, by_wrapper, atol=1e-6))
# --8<-- [end:solution-cell]

# --8<-- [start:solution-backwards]
layer = layers.GRU(4, go_backwards=True, return_sequences=True)
turned = layers.GRU(4, return_sequences=True)
turned.build(x.shape)
every = layer(x)
turned.set_weights(layer.get_weights())
print("reads from the end:", np.allclose(every, turned(x[:, ::-1]), atol=1e-6))
# --8<-- [end:solution-backwards]
