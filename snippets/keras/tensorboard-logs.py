"""TensorBoard: what is written to a log, read back; and what is silently not written."""

import contextlib

# --8<-- [start:runs]
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfnotes import data

digits = data.mnist()
x_train = digits.x_train / np.float32(255)
x_test = digits.x_test / np.float32(255)
logs = Path(tempfile.mkdtemp(prefix="logs-"))


def build(rate):
    keras.utils.set_random_seed(0)
    layers = [
        keras.Input((28, 28)),
        keras.layers.Flatten(name="pixels"),
        keras.layers.Dense(32, activation="relu", name="hidden"),
        keras.layers.Dense(10, name="scores"),
    ]
    model = keras.Sequential(layers, name="digits")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(rate), loss, metrics=["accuracy"])
    return model


def train(rate, folder, epochs=6, **options):
    model = build(rate)
    log = keras.callbacks.TensorBoard(logs / folder, **options)
    run = model.fit(
        x_train, digits.y_train, batch_size=64, epochs=epochs, shuffle=False,
        validation_data=(x_test, digits.y_test), callbacks=[log], verbose=0,
    )
    return model, run.history


results = {}
for rate in [0.01, 0.1, 1.0]:
    model, history = train(rate, f"rates/{rate}", histogram_freq=1)
    results[rate] = model, history
    print(f"rate {rate}: validation accuracy {history['val_accuracy'][-1]:.3f}")
# --8<-- [end:runs]

# --8<-- [start:folders]
for file in sorted(logs.rglob("*events*")):
    run = file.parent.relative_to(logs).as_posix()
    print(f"{run:22} {file.stat().st_size:6} bytes")
# --8<-- [end:folders]


# --8<-- [start:read]
def events(folder):
    """Step, tag, plugin and content of all values, in the order written."""
    for file in sorted((logs / folder).glob("*events*")):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                plugin = value.metadata.plugin_data.plugin_name
                array = tf.make_ndarray(value.tensor)
                yield event.step, value.tag, plugin, array


def curve(folder, tag):
    found = events(folder)
    return [(step, array) for step, name, _, array in found if name == tag]


good, history = results[0.1]
steps, losses = zip(*curve("rates/0.1/train", "epoch_loss"))
print("steps ", *steps)
print("losses", *np.round(losses, 3))
np.testing.assert_allclose(losses, history["loss"], rtol=1e-6)
# --8<-- [end:read]

# --8<-- [start:frequency]
from collections import Counter

intervals = ["epoch", 1, 10]
counts = {}
for interval in intervals:
    train(0.1, f"every/{interval}", epochs=2, update_freq=interval)
    counts[interval] = Counter(
        f"{part:11}{tag}"
        for part in ["train", "validation"]
        for _, tag, plugin, _ in events(f"every/{interval}/{part}")
        if plugin == "scalars" and "loss" in tag
    )
print(f"{'update_freq':42}", *(f"{interval:>5}" for interval in intervals))
for tag in sorted(counts[1]):
    print(f"{tag:42}", *(f"{counts[each][tag]:5}" for each in intervals))
# --8<-- [end:frequency]

# --8<-- [start:mean]
logged = np.array([loss for _, loss in curve("every/1/train", "batch_loss")])
numbers = np.arange(1, 24)  # 23 batches make an epoch
own = np.diff(numbers * logged[:23], prepend=0)
(_, first), (_, second) = curve("every/1/train", "epoch_loss")
np.testing.assert_allclose([logged[22], logged[45]], [first, second])
print("as logged     ", *np.round(logged[20:26], 2))
print("of the batches", *np.round(own[20:], 2), "  …")
# --8<-- [end:mean]

# --8<-- [start:loop]
model = build(1.0)
hidden = keras.Model(model.inputs[0], model.get_layer("hidden").output)
writer = tf.summary.create_file_writer(str(logs / "by-hand"))
for step in range(16):
    batch = slice(64 * step, 64 * (step + 1))
    loss, _ = model.train_on_batch(x_train[batch], digits.y_train[batch])
    dead = np.mean(np.max(hidden(x_train), axis=0) == 0)
    with writer.as_default(step=step):
        tf.summary.scalar("dead units", dead)
writer.close()
print(*(f"{dead:.2f}" for _, dead in curve("by-hand", "dead units")))
# --8<-- [end:loop]

# --8<-- [start:flush]
writer = tf.summary.create_file_writer(str(logs / "flush"))
with writer.as_default():
    for step in range(8):
        tf.summary.scalar("x", step, step=step)
    print("in the file:", len(list(events("flush"))))
    writer.flush()
    print("after flush:", len(list(events("flush"))))
# --8<-- [end:flush]

# --8<-- [start:nowhere]
print("written:", bool(tf.summary.scalar("x", 1.0, step=8)))
# --8<-- [end:nowhere]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-step]
    with writer.as_default():
        tf.summary.scalar("x", 1.0)
    # --8<-- [end:no-step]


# --8<-- [start:frozen]
@tf.function
def log(value, step):
    tf.summary.scalar("value", value, step=step)


now = 0


@tf.function
def log_now(value):
    tf.summary.scalar("value", value, step=now)


for name in ["tensor", "python"]:
    writer = tf.summary.create_file_writer(str(logs / "steps" / name))
    with writer.as_default():
        for now in range(5):
            value = tf.constant(float(now))
            if name == "tensor":
                log(value, tf.constant(now, tf.int64))
            else:
                log_now(value)
    print(f"{name:7}", [step for step, _ in curve(f"steps/{name}", "value")])
# --8<-- [end:frozen]

# --8<-- [start:histogram]
tag = "digits/hidden/kernel/histogram"
for rate in ["0.1", "1.0"]:
    (_, first), *_, (_, last) = curve(f"rates/{rate}/train", tag)
    same = np.array_equal(first, last)
    low, high = last[0, 0], last[-1, 1]
    print(f"rate {rate}: {low:.2f} to {high:.2f}, as in epoch 0: {same}")
print(last.shape, "bins hold", int(last[:, 2].sum()), "weights")
# --8<-- [end:histogram]

# --8<-- [start:image]
guess = good.predict(x_test, verbose=0).argmax(axis=1)
wrong = np.flatnonzero(guess != digits.y_test)
writer = tf.summary.create_file_writer(str(logs / "pictures"))
with writer.as_default(step=0):
    for place in wrong[::26]:
        name = f"wrong/{place}: {digits.y_test[place]} taken for {guess[place]}"
        tf.summary.image(name, x_test[place][None, ..., None])
    every = digits.x_test[wrong].astype("float32")[..., None]  # 0 to 255
    tf.summary.image("forgot to divide", every)
writer.close()

for _, tag, _, (width, height, *pictures) in events("pictures"):
    levels = {len(np.unique(tf.io.decode_png(picture))) for picture in pictures}
    print(f"{tag:27} {len(pictures)} picture(s), grey levels: {max(levels)}")
print("given:", len(every))
# --8<-- [end:image]


# --8<-- [start:graph]
w1, b1, w2, b2 = good.weights


@tf.function
def loss_of(x, y):
    with tf.name_scope("hidden"):
        hidden = tf.nn.relu(tf.reshape(x, [-1, 784]) @ w1 + b1)
    with tf.name_scope("scores"):
        scores = hidden @ w2 + b2
    with tf.name_scope("loss"):
        return good.loss(y, scores)


traced = loss_of.get_concrete_function(x_test[:8], digits.y_test[:8])
writer = tf.summary.create_file_writer(str(logs / "graph"))
with writer.as_default():
    tf.summary.graph(traced.graph)
writer.close()


def graphs(folder):
    for file in (logs / folder).glob("*events*"):
        for record in tf.data.TFRecordDataset(str(file)):
            graph = tf.compat.v1.Event.FromString(record.numpy()).graph_def
            if graph:
                yield tf.compat.v1.GraphDef.FromString(graph)


for folder in ["graph", "rates/0.1/train"]:
    sizes = [len(graph.node) for graph in graphs(folder)]
    print(f"{folder:16} graphs of operations: {len(sizes)}", sizes)
print(sorted({plugin for _, _, plugin, _ in events("rates/0.1/train")}))
# --8<-- [end:graph]

# --8<-- [start:projector]
from tensorboard.plugins import projector

place = logs / "projector"
place.mkdir()
inner = keras.Model(good.inputs[0], good.get_layer("hidden").output)
vectors = inner.predict(x_test, verbose=0)
np.savetxt(place / "vectors.tsv", vectors, delimiter="\t")
np.savetxt(place / "metadata.tsv", digits.y_test, fmt="%d")

rows = np.zeros([19 * 19, 28, 28, 1], "uint8")  # 360 small pictures in one
rows[:360, ..., 0] = 255 - digits.x_test
sheet = rows.reshape(19, 19, 28, 28, 1).swapaxes(1, 2)
sheet = sheet.reshape(19 * 28, 19 * 28, 1)
tf.io.write_file(str(place / "sprite.png"), tf.io.encode_png(sheet))

config = projector.ProjectorConfig()
shown = config.embeddings.add(tensor_name="hidden", tensor_path="vectors.tsv")
shown.metadata_path, shown.sprite.image_path = "metadata.tsv", "sprite.png"
shown.sprite.single_image_dim.extend([28, 28])
projector.visualize_embeddings(str(place), config)
print(sorted(file.name for file in place.iterdir()))
# --8<-- [end:projector]

# --8<-- [start:keras-projector]
layers = [keras.layers.Embedding(20, 4), keras.layers.GlobalAveragePooling1D()]
words = keras.Sequential(layers)
words.compile("sgd", "mse")
log = keras.callbacks.TensorBoard(logs / "words", embeddings_freq=1)
words.fit(np.zeros([8, 3]), np.zeros([8, 4]), callbacks=[log], verbose=0)

print((logs / "words/projector_config.pbtxt").read_text())
print([file.name for file in (logs / "words/train").glob("*ckpt*")])
print("a checkpoint is:", tf.train.latest_checkpoint(logs / "words/train"))
# --8<-- [end:keras-projector]

# --8<-- [start:cost]
sizes = {}
for folder in ["rates/0.1/train", "pictures", "graph"]:
    for file in (logs / folder).glob("*events*"):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            kind = "graph" if event.graph_def else "version"
            for value in event.summary.value:
                kind = value.metadata.plugin_data.plugin_name
            sizes.setdefault(kind, []).append(len(record.numpy()) + 16)
for kind in ["scalars", "histograms", "images", "graph"]:
    print(f"{kind:10} {np.mean(sizes[kind]):6.0f} bytes each")
million = 1e6 * np.mean(sizes["scalars"]) / 2**20
print(f"a scalar in a million steps: {million:.0f} MiB")
# --8<-- [end:cost]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:missing]
    import sys
    from unittest import mock

    hidden_away = {"tensorboard.summary.v2": None}  # as if it were not installed
    with mock.patch.dict(sys.modules, hidden_away):
        train(0.1, "nowhere", epochs=1)
    # --8<-- [end:missing]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    tf.summary.FileWriter("logs")
    # --8<-- [end:then]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-merge]
    tf.summary.merge_all()
    # --8<-- [end:then-merge]

# --8<-- [start:exercise-again]
for rate in [0.01, 0.1]:
    train(rate, "again", epochs=3)
points = curve("again/train", "epoch_loss")
print([(step, round(float(loss), 2)) for step, loss in points])
print(len(list((logs / "again/train").glob("*events*"))), "files")
# --8<-- [end:exercise-again]

# --8<-- [start:exercise-ten]
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

for guidance in [{}, {"tensors": 0}]:
    reader = EventAccumulator(str(logs / "every/1/train"), size_guidance=guidance)
    reader.Reload()
    print(guidance, len(reader.Tensors("batch_loss")), "of", len(logged))
# --8<-- [end:exercise-ten]

# --8<-- [start:exercise-hparams]
from tensorboard.plugins.hparams import api as hp

for rate in [0.01, 0.1, 1.0]:
    writer = tf.summary.create_file_writer(str(logs / "search" / str(rate)))
    (_, accuracy) = curve(f"rates/{rate}/validation", "epoch_accuracy")[-1]
    with writer.as_default(step=0):
        hp.hparams({"rate": rate, "units": 32})
        tf.summary.scalar("accuracy", accuracy)
    writer.close()
    kinds = [tag for _, tag, _, _ in events(f"search/{rate}")]
    print(rate, f"{accuracy:.3f}", kinds)
# --8<-- [end:exercise-hparams]
