"""Bidirectional and stacked recurrent layers: what each output has seen."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
tf.keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
print(layers.LSTM(4)(x).shape)
print(layers.Bidirectional(layers.LSTM(4))(x).shape)
# --8<-- [end:smallest]

# --8<-- [start:by-hand]
both = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
together = both(x).numpy()
forward = layers.LSTM(4, return_sequences=True)
backward = layers.LSTM(4, return_sequences=True)
for layer, half in (
    (forward, both.forward_layer),
    (backward, both.backward_layer),
):
    layer.build(x.shape)
    layer.set_weights(half.get_weights())
turned = backward(x[:, ::-1])[:, ::-1]  # read backwards, put back in order
by_hand = tf.concat([forward(x), turned], axis=-1)
print("equal:", np.allclose(together, by_hand, atol=1e-6))
# --8<-- [end:by-hand]

# --8<-- [start:modes]
for mode in ("concat", "sum", "ave", "mul", None):
    layer = layers.Bidirectional(layers.LSTM(4), merge_mode=mode)
    result = layer(x)
    shapes = [tuple(r.shape) for r in result] if mode is None else result.shape
    print(f"{mode!s:7}", shapes)
# --8<-- [end:modes]

# --8<-- [start:sees]
import matplotlib.pyplot as plt

long = tf.constant(
    np.random.default_rng(1).normal(size=(8, 12, 3)).astype("float32")
)
kinds = {
    "LSTM": layers.LSTM(8, return_sequences=True),
    "backwards": layers.Bidirectional(
        layers.LSTM(8, return_sequences=True), merge_mode=None
    ),
    "Bidirectional": layers.Bidirectional(
        layers.LSTM(8, return_sequences=True)
    ),
}
figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.5), sharey=True)
for ax, (name, layer) in zip(axes, kinds.items()):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(long)
        result = layer(long)
        result = result[1] if name == "backwards" else result
        outputs = [tf.reduce_sum(result[:, t]) for t in range(12)]
    sizes = [
        tf.reduce_mean(tf.norm(tape.gradient(o, long), axis=-1), 0)
        for o in outputs
    ]
    seen = np.array(sizes) > 1e-9
    print(f"{name:14} output 3 has seen inputs", *np.flatnonzero(seen[3]))
    ax.imshow(np.log10(np.array(sizes) + 1e-9), vmin=-4, vmax=0, cmap="Blues")
    ax.set(title=name, xlabel="input step", xticks=[0, 5, 11])
axes[0].set(ylabel="output step", yticks=[0, 5, 11])
# --8<-- [end:sees]

# --8<-- [start:last]
last = layers.Bidirectional(layers.LSTM(4))
last.build(x.shape)
last.set_weights(both.get_weights())
answer = last(x).numpy()
print("the last step of the sequence:", np.allclose(answer, together[:, -1]))
ends = np.concatenate([together[:, -1, :4], together[:, 0, 4:]], axis=-1)
print("each half where it ended:", np.allclose(answer, ends, atol=1e-6))
# --8<-- [end:last]


# --8<-- [start:task]
def tags(count, length=10):
    """Symbols 0 to 7; the tag of each is the symbol that stands behind it."""
    x = np.random.default_rng(count).integers(0, 8, (count, length + 1))
    return x[:, :-1], x[:, 1:]


def tagger(*recurrent):
    tf.keras.utils.set_random_seed(0)
    model = tf.keras.Sequential(
        [
            tf.keras.Input([None], dtype="int32"),
            layers.Embedding(8, 16),
            *recurrent,
            layers.Dense(8, activation="softmax"),
        ]
    )
    model.compile(
        tf.keras.optimizers.Adam(0.02),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# --8<-- [end:task]

# --8<-- [start:future]
x_train, y_train = tags(2000)
x_test, y_test = tags(500)


def sequences(units):
    return layers.LSTM(units, return_sequences=True)


candidates = {
    "one direction": tagger(sequences(24)),
    "two, stacked": tagger(sequences(24), sequences(24)),
    "bidirectional": tagger(layers.Bidirectional(sequences(12))),
}
for name, model in candidates.items():
    model.fit(x_train, y_train, batch_size=50, epochs=4, verbose=0)
    accuracy = model.evaluate(x_test, y_test, verbose=0)[1]
    print(f"{name:14} {model.count_params():6,} parameters  {accuracy:.2f}")
# --8<-- [end:future]

# --8<-- [start:leak]
model = candidates["bidirectional"]
text = x_test[:, :6]
next_symbol = x_test[:, 6]
guess = model.predict(text, verbose=0)[:, -1].argmax(-1)
print(f"the symbol that is not there yet: {np.mean(guess == next_symbol):.2f}")
print(f"guessing: {1 / 8:.2f}")
# --8<-- [end:leak]

# --8<-- [start:stacked]
stack = tf.keras.Sequential(
    [
        tf.keras.Input([None, 16]),
        layers.Bidirectional(layers.LSTM(24, return_sequences=True)),
        layers.Bidirectional(layers.LSTM(24)),
    ]
)
single = tf.keras.Sequential([tf.keras.Input([None, 16]), layers.LSTM(24)])
print("one layer, one direction:", f"{single.count_params():,}")
for layer in stack.layers:
    kernel = layer.forward_layer.weights[0].shape
    print(f"{layer.count_params():,} parameters, kernel {tuple(kernel)}")
# --8<-- [end:stacked]

# --8<-- [start:states]
layer = layers.Bidirectional(
    layers.LSTM(4, return_sequences=True, return_state=True)
)
result, forward_h, forward_c, backward_h, backward_c = layer(x)
print(result.shape, forward_h.shape, forward_c.shape)
print(
    "forward h is the last step: ",
    np.allclose(forward_h, result[:, -1, :4], atol=1e-6),
)
print(
    "backward h is the first one:",
    np.allclose(backward_h, result[:, 0, 4:], atol=1e-6),
)
# --8<-- [end:states]

# --8<-- [start:decoder]
h = layers.Concatenate()([forward_h, backward_h])
c = layers.Concatenate()([forward_c, backward_c])
decoder = layers.LSTM(8, return_sequences=True)
print(decoder(x, initial_state=[h, c]).shape)
# --8<-- [end:decoder]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:backward-layer]
    layers.Bidirectional(layers.LSTM(4), backward_layer=layers.GRU(4))
    # --8<-- [end:backward-layer]

# --8<-- [start:mixed]
mixed = layers.Bidirectional(
    layers.LSTM(4), backward_layer=layers.GRU(6, go_backwards=True)
)
print(mixed(x).shape)
# --8<-- [end:mixed]

# --8<-- [start:clone]
import tf_keras

for keras in (tf_keras, tf.keras):
    given = keras.layers.LSTM(4)
    layer = keras.layers.Bidirectional(given)
    layer(x)
    print(f"Keras {keras.__version__[0]}:", end=" ")
    print("given layer built:", given.built, end=", ")
    print("forward half is the given one:", layer.forward_layer is given)
# --8<-- [end:clone]

# --8<-- [start:padding]
empty = np.full([2, 20, 3], 0.5, "float32")  # the vector of a padded place
padded = np.concatenate([x, empty], axis=1)
mask = np.arange(26)[None] < np.array([[6], [6]])
plain, masked = last(padded), last(padded, mask=tf.constant(mask))
for name, result in {"no mask": plain, "mask": masked}.items():
    change = np.abs(result - answer).reshape(2, 2, 4).max(axis=(0, 2))
    print(f"{name:8} forward moves by {change[0]:.2f},", end=" ")
    print(f"backward by {change[1]:.2f}")
# --8<-- [end:padding]

# --8<-- [start:solution-copies]
model = tagger(layers.Bidirectional(sequences(24), merge_mode="sum"))
print("concat, 12 each:", f"{candidates['bidirectional'].count_params():,}")
print("sum, 24 each:   ", f"{model.count_params():,}")
# --8<-- [end:solution-copies]

# --8<-- [start:solution-previous]
shifted = {"one direction": tagger(sequences(24))}
shifted["bidirectional"] = tagger(layers.Bidirectional(sequences(12)))
for name, model in shifted.items():
    # The tag is now the symbol in front: known to both.
    model.fit(
        x_train[:, 1:], x_train[:, :-1], batch_size=50, epochs=4, verbose=0
    )
    accuracy = model.evaluate(x_test[:, 1:], x_test[:, :-1], verbose=0)[1]
    print(f"{name:14} {accuracy:.2f}")
# --8<-- [end:solution-previous]
