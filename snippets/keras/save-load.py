"""Saving and loading: what each format keeps, going on exactly, own classes, three silent traps."""

import contextlib

# --8<-- [start:whole]
import tempfile
from pathlib import Path

import keras
import tensorflow as tf

folder = Path(tempfile.mkdtemp())
x = tf.random.normal([256, 4], seed=1)
y = tf.reduce_sum(tf.sin(2 * x), axis=1, keepdims=True)


def make(loss="mse"):
    keras.utils.set_random_seed(1)
    hidden = keras.layers.Dense(16, activation="tanh")
    model = keras.Sequential([keras.Input([4]), hidden, keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.1), loss=loss)
    return model


def train(model, epochs):
    log = model.fit(
        x, y, epochs=epochs, batch_size=64, shuffle=False, verbose=0
    )
    return log.history["loss"]


whole = train(make(), 12)
# --8<-- [end:whole]

# --8<-- [start:resume]
model = make()
begun = train(model, 8)
model.save(folder / "model.keras")

loaded = keras.saving.load_model(folder / "model.keras")
resumed = train(loaded, 4)
assert begun + resumed == whole
print("not interrupted:", *[f"{loss:.4f}" for loss in whole[8:]])
print("resumed:        ", *[f"{loss:.4f}" for loss in resumed])
# --8<-- [end:resume]

# --8<-- [start:only-weights]
import matplotlib.pyplot as plt

copy = make()
copy.set_weights(model.get_weights())
tf.debugging.assert_equal(copy(x), model(x))
forgetful = train(copy, 4)

print(f"last loss before the break: {begun[-1]:.3f}")
print(f"first loss, new optimizer:  {forgetful[0]:.3f}")
plt.plot(range(1, 13), whole, "C0", label="not interrupted")
plt.plot(range(9, 13), resumed, "C0o", label="resumed from .keras")
jump = [begun[-1], *forgetful]
plt.plot(range(8, 13), jump, "C1o-", label="weights only, new Adam")
plt.axvline(8, color="C2", linestyle=":", label="interrupted here")
plt.gca().set(xlabel="epoch", ylabel="mean squared error", ylim=0)
plt.legend()
# --8<-- [end:only-weights]

# --8<-- [start:inside]
import json
import zipfile

import h5py

archive = zipfile.ZipFile(folder / "model.keras")
print(archive.namelist())
config = json.loads(archive.read("config.json"))
print([layer["class_name"] for layer in config["config"]["layers"]])
print(config["compile_config"]["optimizer"]["class_name"])

archive.extract("model.weights.h5", folder)
with h5py.File(folder / "model.weights.h5") as stored:
    for group in "layers/dense/vars", "layers/dense_1/vars", "optimizer/vars":
        print(group, *[array.shape for array in stored[group].values()])
# --8<-- [end:inside]

# --8<-- [start:weights]
model.save_weights(folder / "only.weights.h5")
second = make()
second.load_weights(folder / "only.weights.h5")
print("as it comes:          ", train(second, 4) == resumed)

second = make()
second.optimizer.build(second.trainable_variables)
second.load_weights(folder / "only.weights.h5")
print("optimizer built first:", train(second, 4) == resumed)
# --8<-- [end:weights]

# --8<-- [start:checkpoint]
checkpoint = tf.train.Checkpoint(model=model, optimizer=model.optimizer)
checkpoint.save(folder / "training")
print(*sorted(file.name for file in folder.glob("training*")))
print((folder / "checkpoint").read_text().split("\n")[0])
latest = tf.train.latest_checkpoint(folder)
for name, shape in tf.train.list_variables(latest)[3:7]:
    print(shape, name)

third = make()
third.optimizer.build(third.trainable_variables)
checkpoint = tf.train.Checkpoint(model=third, optimizer=third.optimizer)
checkpoint.restore(latest).assert_consumed()
print("same losses:", train(third, 4) == resumed)
# --8<-- [end:checkpoint]


# --8<-- [start:never-called]
class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(16, activation="tanh")
        self.out = keras.layers.Dense(1)

    def call(self, inputs):
        return self.out(self.hidden(inputs))


original = Two()
original(x)
path = tf.train.Checkpoint(model=original).save(folder / "two")

for called_before in False, True:
    two = Two()
    if called_before:
        two(x[:1])
    status = tf.train.Checkpoint(model=two).restore(path)
    difference = tf.reduce_max(tf.abs(two(x) - original(x)))
    print(f"called before: {called_before}, difference {difference:.2f}")
    try:
        status.assert_consumed()
    except AssertionError as error:
        print(error)
# --8<-- [end:never-called]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:h5-load]
    fourth = make()
    train(fourth, 8)
    fourth.save(folder / "old.h5")
    keras.saving.load_model(folder / "old.h5")
    # --8<-- [end:h5-load]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:h5-fit]
    fifth = make(loss=keras.losses.MeanSquaredError())
    train(fifth, 8)
    fifth.save(folder / "old.h5")
    loaded = keras.saving.load_model(folder / "old.h5")
    tf.debugging.assert_equal(loaded(x), fifth(x))
    print("steps taken:", int(loaded.optimizer.iterations))
    train(loaded, 4)
    # --8<-- [end:h5-fit]

# --8<-- [start:h5-keras]
fourth.save(folder / "after.keras")
loaded = keras.saving.load_model(folder / "after.keras")
for name, each in {"saved": fourth, "loaded": loaded}.items():
    kind, steps = type(each.optimizer).__name__, int(each.optimizer.iterations)
    print(f"{name:7}{kind:8}{steps} steps taken")
archive = zipfile.ZipFile(folder / "after.keras")
config = json.loads(archive.read("config.json"))
print("optimizer in the file:", "optimizer" in config["compile_config"])
# --8<-- [end:h5-keras]

# --8<-- [start:export]
model = keras.saving.load_model(folder / "model.keras")
model.export(folder / "exported", verbose=False)
served = tf.saved_model.load(folder / "exported")
tf.debugging.assert_equal(served.serve(x), model(x))
for name in "serve", "fit", "optimizer", "layers":
    print(f"{name:10}{hasattr(served, name)}")
# --8<-- [end:export]

# --8<-- [start:c-library]
import ctypes

root = Path(tf.__file__).parent
c = ctypes.CDLL(str(next(root.glob("libtensorflow_cc.*"))))
for name in ["TF_NewStatus", "TF_NewGraph", "TF_NewSessionOptions"]:
    getattr(c, name).restype = ctypes.c_void_p


def c_opens(path):
    names = ["TF_NewStatus", "TF_NewGraph", "TF_NewSessionOptions"]
    status, graph, options = [
        ctypes.c_void_p(getattr(c, name)()) for name in names
    ]
    tags = (ctypes.c_char_p * 1)(b"serve")
    where = str(path).encode()
    c.TF_LoadSessionFromSavedModel(
        options, None, where, tags, 1, graph, None, status
    )
    return c.TF_GetCode(status) == 0


for name in "exported", "model.keras":
    print(f"{name:12} opened by the C library: {c_opens(folder / name)}")
# --8<-- [end:c-library]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:no-config]
    class Residual(keras.layers.Layer):
        def __init__(self, inner, scale=1.0, **kwargs):
            super().__init__(**kwargs)
            self.inner, self.scale = inner, scale

        def call(self, inputs):
            return inputs + self.scale * self.inner(inputs)

    def make_own(kind):
        keras.utils.set_random_seed(1)
        own = kind(keras.layers.Dense(4, activation="tanh"), scale=0.5)
        model = keras.Sequential([keras.Input([4]), own, keras.layers.Dense(1)])
        model.compile(
            keras.optimizers.Adam(0.1), keras.losses.MeanSquaredError()
        )
        return model

    make_own(Residual).save(folder / "own.keras")
    # --8<-- [end:no-config]


# --8<-- [start:half-config]
class Half(Residual):
    def get_config(self):
        inner = keras.saving.serialize_keras_object(self.inner)
        return {**super().get_config(), "inner": inner}

    @classmethod
    def from_config(cls, config):
        inner = keras.saving.deserialize_keras_object(config.pop("inner"))
        return cls(inner, **config)


half = make_own(Half)
train(half, 1)
half.save(folder / "half.keras")
loaded = keras.saving.load_model(
    folder / "half.keras", custom_objects={"Half": Half}
)
print(f"largest difference: {tf.reduce_max(tf.abs(loaded(x) - half(x))):.2f}")
print("scale:", half.layers[0].scale, "->", loaded.layers[0].scale)
# --8<-- [end:half-config]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:full-config]
    class Own(Half):
        def get_config(self):
            return {**super().get_config(), "scale": self.scale}

    own = make_own(Own)
    train(own, 8)
    path = folder / "own.keras"
    own.save(path)
    loaded = keras.saving.load_model(path, custom_objects={"Own": Own})
    tf.debugging.assert_equal(loaded(x), own(x))
    try:
        keras.saving.load_model(path)
    except TypeError as error:
        cause = str(error).split("Exception encountered: ")[-1]
        print("…", cause.split(".")[0])
        raise
    # --8<-- [end:full-config]


# --8<-- [start:registered]
@keras.saving.register_keras_serializable("notes")
class Known(Own):
    pass


known = make_own(Known)
train(known, 1)
known.save(folder / "known.keras")
loaded = keras.saving.load_model(folder / "known.keras")
tf.debugging.assert_equal(loaded(x), known(x))
print(keras.saving.get_registered_name(Known))
# --8<-- [end:registered]

# --8<-- [start:write-all]
from absl import logging

logging.set_verbosity(logging.ERROR)  # the warnings about .h5, seen above

own.save(folder / "all.keras")
own.save_weights(folder / "all.weights.h5")
own.export(folder / "all.exported", verbose=False)
checkpoint = tf.train.Checkpoint(model=own, optimizer=own.optimizer)
checkpoint.write(folder / "all.checkpoint")
own.save(folder / "all.h5")


def from_weights(path, make, _):
    model = make()
    model.optimizer.build(model.trainable_variables)
    model.load_weights(path)
    return model


def from_checkpoint(path, make, _):
    model = make()
    model.optimizer.build(model.trainable_variables)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=model.optimizer)
    checkpoint.read(path)
    return model


def from_file(path, _, classes):
    return keras.saving.load_model(path, custom_objects=classes)


def from_export(path, _make, _classes):
    return tf.saved_model.load(path)


ways = {
    ".weights.h5": from_weights,
    ".checkpoint": from_checkpoint,
    ".keras": from_file,
    ".h5": from_file,
    ".exported": from_export,
}
# --8<-- [end:write-all]

# --8<-- [start:table]
import pandas as pd


def mark(test):
    try:
        return "yes" if test() else "no"
    except Exception:
        return "no"


before, after = own(x), train(own, 4)
rows = {}
for name, load in ways.items():
    path = folder / f"all{name}"
    full = load(path, lambda: make_own(Own), {"Own": Own})
    call = getattr(full, "serve", full)
    rows[name] = {
        "weights": mark(lambda: tf.reduce_all(call(x) == before)),
        "architecture": mark(lambda: load(path, None, {"Own": Own})),
        "optimizer": mark(lambda: train(full, 4) == after),
        "no own code": mark(lambda: load(path, None, {})),
        "no Python": mark(lambda: c_opens(path)),
    }
pd.DataFrame(rows).T
# --8<-- [end:table]


with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then-weights]
    model.save_weights("weights/model.ckpt")
    # --8<-- [end:then-weights]

# --8<-- [start:now-folder]
model.save_weights(folder / "model.weights.h5")
layer = keras.layers.TFSMLayer(folder / "exported", call_endpoint="serve")
tf.debugging.assert_equal(layer(x), model(x))
register = keras.saving.register_keras_serializable
# --8<-- [end:now-folder]


# --8<-- [start:solution-backup]
class PowerCut(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 8:
            raise KeyboardInterrupt


def guarded(*callbacks):
    backup = keras.callbacks.BackupAndRestore(folder / "backup")
    settings = dict(batch_size=64, shuffle=False, verbose=0)
    log = make().fit(
        x, y, epochs=12, callbacks=[backup, *callbacks], **settings
    )
    return log.history["loss"]


try:
    guarded(PowerCut())
except KeyboardInterrupt:
    print("stopped")
print(guarded() == whole[8:])
# --8<-- [end:solution-backup]


# --8<-- [start:solution-dropout]
def make_dropout():
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(16, "tanh"), keras.layers.Dropout(0.5, seed=3)]
    model = keras.Sequential([keras.Input([4]), *layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.1), "mse")
    return model


model = make_dropout()
train(model, 8)
model.save(folder / "dropout.keras")
states, futures = [model.layers[1].seed_generator.state.numpy()], []
for repair in False, True:
    loaded = keras.saving.load_model(folder / "dropout.keras")
    state = loaded.layers[1].seed_generator.state
    states.append(state.numpy())
    if repair:
        state.assign(states[0])
    futures.append(train(loaded, 4))
wanted = train(model, 4)
print("state:", *states[:2], sep="  ")
print("resumes exactly:", [future == wanted for future in futures])
# --8<-- [end:solution-dropout]


# --8<-- [start:solution-manager]
model = make()
step = tf.Variable(0, dtype=tf.int64)
checkpoint = tf.train.Checkpoint(
    model=model, optimizer=model.optimizer, step=step
)
manager = tf.train.CheckpointManager(checkpoint, folder / "kept", max_to_keep=2)
for _ in range(4):
    train(model, 1)
    step.assign_add(1)
    manager.save(checkpoint_number=step)
print(*[Path(path).name for path in manager.checkpoints])
# --8<-- [end:solution-manager]
