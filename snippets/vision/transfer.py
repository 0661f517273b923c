"""Transfer: a pretrained base, its features, and fine-tuning."""

# --8<-- [start:photos]
import contextlib
import os
import tempfile

import numpy as np
import tensorflow as tf

from tfnotes import data

pets = data.pets(128)
rng = np.random.default_rng(0)
cats = rng.permutation(np.flatnonzero(pets.y == 0))
dogs = rng.permutation(np.flatnonzero(pets.y == 1))


def pick(start, stop):
    """The same number of cats and dogs, taking turns."""
    order = np.stack([cats[start:stop], dogs[start:stop]], axis=1).ravel()
    return pets.x[order] / np.float32(127.5) - 1, pets.y[order]


train_x, train_y = pick(0, 60)
val_x, val_y = pick(60, 120)
print("training", train_x.shape, "validation", val_x.shape)
# --8<-- [end:photos]

if False:  # needs the network
    # --8<-- [start:download]
    base = tf.keras.applications.MobileNet(
        input_shape=(128, 128, 3), include_top=False, weights="imagenet"
    )
    # --8<-- [end:download]

# --8<-- [start:base]
layers = tf.keras.layers
PHOTOGRAPHS = "models/mobilenet_1_0_224_tf_to_conv_pw_12.weights.h5"


def mobilenet(weights):
    """MobileNet without its last block and its classes."""
    whole = tf.keras.applications.MobileNet(
        weights=None, include_top=False, input_shape=(128, 128, 3)
    )
    base = tf.keras.Model(
        whole.input, whole.get_layer("conv_pw_12_relu").output, name="base"
    )
    base.load_weights(weights)
    return base


def trained_on_drawings():
    """A small network that has learnt cats and dogs from 1200 other drawings."""
    from tfnotes.data.standins.drawing import head as draw

    pencil = np.random.default_rng(100)
    labels = np.arange(1200) % 2
    x = np.stack([draw(bool(label), 32, pencil)[0] for label in labels])
    stack = [tf.keras.Input([128, 128, 3]), layers.AveragePooling2D(4)]
    for filters in (24, 48, 96):
        stack += [
            layers.Conv2D(filters, 3, 2, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    base = tf.keras.Sequential(stack, name="base")
    small = tf.keras.Sequential(
        [
            tf.keras.Input([32, 32, 3]),
            *base.layers[1:],
            layers.GlobalAveragePooling2D(),
            layers.Dense(1),
        ]
    )
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    small.compile(tf.keras.optimizers.Adam(0.003), loss)
    x = x / np.float32(127.5) - 1
    small.fit(x, labels, batch_size=40, epochs=8, verbose=0)
    return base


tf.keras.utils.set_random_seed(0)
if pets.origin == "real":
    from tfnotes.data.sources import data_roots

    found = [root / PHOTOGRAPHS for root in data_roots()]
    base = mobilenet(next(path for path in found if path.exists()))
else:
    base = trained_on_drawings()
frozen_weights = base.get_weights()
print(
    "parameters of the base", base.count_params(), "output", base.output_shape
)
# --8<-- [end:base]


# --8<-- [start:features]
def features(photos):
    return base.predict(photos, verbose=0).mean(axis=(1, 2))


train_f, val_f = features(train_x), features(val_x)
os.chdir(tempfile.mkdtemp())
np.save("train_features.npy", train_f)
print(
    "features",
    train_f.shape,
    "bytes of the file",
    os.path.getsize("train_features.npy"),
)
print("bytes of the photographs", train_x.astype("uint8").nbytes)
# --8<-- [end:features]


# --8<-- [start:head]
def compiled(model, rate):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(rate),
        loss=tf.keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[tf.keras.metrics.BinaryAccuracy("accuracy", threshold=0)],
    )
    return model


tf.keras.utils.set_random_seed(0)
head = tf.keras.Sequential(
    [tf.keras.Input([train_f.shape[1]]), layers.Dense(1)], name="head"
)
compiled(head, 0.01)
head.fit(train_f, train_y, batch_size=20, epochs=20, verbose=0)
loss, accuracy = head.evaluate(val_f, val_y, verbose=0)
print("weights trained", head.count_params())
print(f"validation accuracy {accuracy:.2f}, loss {loss:.2f}")
# --8<-- [end:head]

# --8<-- [start:curve]
import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

sizes = [2, 5, 10, 20, 40]
scores = []
for n in sizes:
    drawn = []
    for _ in range(20):  # which n cats and which n dogs is luck: draw 20 times
        chosen = [
            rng.choice(np.flatnonzero(train_y == k), n, False) for k in (0, 1)
        ]
        chosen = np.concatenate(chosen)
        probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
        probe.fit(train_f[chosen], train_y[chosen])
        drawn.append(probe.score(val_f, val_y))
    scores.append(drawn)
    print(f"{2 * n:3} photographs: mean accuracy {np.mean(drawn):.2f}")
figure, axes = plt.subplots(figsize=(4.4, 2.8))
axes.plot([2 * n for n in sizes], np.mean(scores, 1), marker="o")
axes.fill_between(
    [2 * n for n in sizes], np.min(scores, 1), np.max(scores, 1), alpha=0.2
)
axes.axhline(0.5, color="gray", linestyle=":")
axes.set(xscale="log", xticks=[4, 10, 20, 40, 80], ylim=(0.2, 1.02))
axes.set_xticklabels([4, 10, 20, 40, 80])
axes.minorticks_off()
axes.set(yticks=[0.25, 0.5, 0.75, 1], xlabel="training photographs")
axes.set_title("validation accuracy")
# --8<-- [end:curve]


# --8<-- [start:top]
def on_top():
    """The base, and the trained head as a layer on top of it."""
    base.set_weights(frozen_weights)
    inputs = tf.keras.Input([128, 128, 3])
    x = layers.GlobalAveragePooling2D()(base(inputs))
    top = layers.Dense(1, name="top")
    model = tf.keras.Model(inputs, top(x))
    top.set_weights(head.get_weights())
    return model


def count(variables):
    return sum(int(np.prod(v.shape)) for v in variables)


base.trainable = False
model = on_top()
print("trainable", count(model.trainable_variables), "of", model.count_params())
same = np.allclose(
    model.predict(val_x[:20], verbose=0),
    head.predict(val_f[:20], verbose=0),
    atol=1e-3,
)
print("same answers as from the saved features:", same)
# --8<-- [end:top]


# --8<-- [start:unfreeze]
def unfreeze(last):
    """Let the last layers learn, and keep BatchNormalization as it is."""
    base.trainable = True
    for layer in base.layers[:-last]:
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


tail = 12 if pets.origin == "real" else 3  # two blocks of MobileNet, or one
for rate in (1e-4, 1e-2):
    unfreeze(tail)
    tf.keras.utils.set_random_seed(0)
    model = compiled(on_top(), rate)
    history = model.fit(
        train_x, train_y, batch_size=20, epochs=4, verbose=0
    ).history
    loss, accuracy = model.evaluate(val_x, val_y, verbose=0)
    print(
        f"rate {rate:.5f}: validation accuracy {accuracy:.2f}, loss {loss:.2f}"
    )
print("weights trained", count(model.trainable_variables))
# --8<-- [end:unfreeze]


# --8<-- [start:again]
def frozen():
    return sum(not layer.trainable for layer in base.layers)


base.trainable = True  # it is True already
print("layers still frozen", frozen())
base.trainable = False
base.trainable = True
print("layers frozen", frozen(), "after switching off and on")
# --8<-- [end:again]


# --8<-- [start:norm]
class Inference(layers.Layer):
    """Calls a model in inference mode, whatever fit says."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def call(self, images):
        return self.model(images, training=False)


def one_round(call):
    """Train for a round at rate 0: no gradient can change anything."""
    base.set_weights(frozen_weights)
    inputs = tf.keras.Input([128, 128, 3])
    top = layers.Dense(1)
    outputs = top(layers.GlobalAveragePooling2D()(call(inputs)))
    top.set_weights(head.get_weights())
    model = compiled(tf.keras.Model(inputs, outputs), 0.0)
    loss = model.fit(train_x, train_y, batch_size=20, verbose=0).history[
        "loss"
    ][0]
    moved = not all(map(np.array_equal, base.get_weights(), frozen_weights))
    return f"changed {moved!s:5}  loss in fit {loss:.3f}"


base.trainable = False
base.trainable = True
print("nothing said            ", one_round(lambda x: base(x)))
print("base(x, training=False) ", one_round(lambda x: base(x, training=False)))
print("inside a layer of its own", one_round(Inference(base)))
unfreeze(tail)
print("normalization frozen    ", one_round(lambda x: base(x)))
# --8<-- [end:norm]

# --8<-- [start:norm-then]
import tf_keras

for package in (tf.keras, tf_keras):
    norm = package.Sequential([package.layers.BatchNormalization()])
    inputs = package.Input([4])
    small = package.Model(inputs, norm(inputs, training=False))
    small.compile("sgd", "mse")
    small.fit(train_f[:, :4], train_f[:, :4], verbose=0)
    mean = norm.layers[-1].moving_mean.numpy()
    print(package.__version__, "moving mean changed:", bool(mean.any()))
# --8<-- [end:norm-then]

# --8<-- [start:scale]
base.set_weights(frozen_weights)
for name, photos in {
    "-1 to 1": val_x,
    "0 to 1": (val_x + 1) / 2,
    "0 to 255": (val_x + 1) * 127.5,
}.items():
    accuracy = head.evaluate(features(photos), val_y, verbose=0)[1]
    print(f"pixels from {name:8} accuracy {accuracy:.2f}")
# --8<-- [end:scale]

with contextlib.suppress(ValueError):
    # --8<-- [start:classes]
    tf.keras.applications.MobileNet(classes=2)
    # --8<-- [end:classes]

# --8<-- [start:then]
before = len(base.layers)
base.layers.pop()
print("layers before", before, "after", len(base.layers))
# --8<-- [end:then]


# --8<-- [start:cost]
def multiply_adds(model):
    """Multiplications of one pass through the convolutions."""
    total = 0
    for layer in model.layers:
        if isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D)):
            places = np.prod(layer.output.shape[1:3])
            total += int(places) * int(np.prod(layer.kernel.shape))
    return total


passes = {
    "features, once": len(train_x),
    "layer on top, 20 rounds": 20 * len(train_x),
    "fine-tuning all, 4 rounds": 3 * 4 * len(train_x),
}
for name, n in passes.items():
    print(f"{name:26} {n * multiply_adds(base) / 1e9:7.1f} billion")
# --8<-- [end:cost]

# --8<-- [start:solution-depth]
relus = [layer for layer in base.layers if isinstance(layer, layers.ReLU)]
chosen = relus[:: max(1, len(relus) // 5)]
taps = tf.keras.Model(
    base.inputs,
    [layers.GlobalAveragePooling2D()(layer.output) for layer in chosen],
)
parts = zip(
    chosen, taps.predict(train_x, verbose=0), taps.predict(val_x, verbose=0)
)
for layer, of_train, of_val in parts:
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
    accuracy = probe.fit(of_train, train_y).score(of_val, val_y)
    print(f"{of_val.shape[1]:4} features, accuracy {accuracy:.2f}")
# --8<-- [end:solution-depth]

# --8<-- [start:solution-mirror]
both = np.concatenate([train_f, features(train_x[:, :, ::-1])])
again = tf.keras.models.clone_model(head)
tf.keras.utils.set_random_seed(0)
compiled(again, 0.01)
again.fit(both, np.tile(train_y, 2), batch_size=20, epochs=10, verbose=0)
loss, accuracy = again.evaluate(val_f, val_y, verbose=0)
print(f"with mirrored photographs: accuracy {accuracy:.2f}, loss {loss:.2f}")
# --8<-- [end:solution-mirror]
