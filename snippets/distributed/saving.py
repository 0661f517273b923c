"""Saving under one strategy, loading under another and under none."""

# --8<-- [start:smallest]
import os
import tempfile

import numpy as np
import tensorflow as tf

os.chdir(tempfile.mkdtemp())
tf.get_logger().setLevel("ERROR")  # no advice on speed for what is small here
cpu = tf.config.list_physical_devices("CPU")[0]
quarters = [tf.config.LogicalDeviceConfiguration()] * 4
tf.config.set_logical_device_configuration(cpu, quarters)


def mirrored(replicas):
    devices = [f"CPU:{number}" for number in range(replicas)]
    one_place = tf.distribute.ReductionToOneDevice()
    return tf.distribute.MirroredStrategy(devices, one_place)


def make_model():
    tf.keras.utils.set_random_seed(0)
    model = tf.keras.Sequential(
        [
            tf.keras.Input([3]),
            tf.keras.layers.Dense(8, activation="tanh"),
            tf.keras.layers.Dense(1),
        ]
    )
    model.compile(tf.keras.optimizers.Adam(0.01), "mse")
    return model


x = np.random.default_rng(0).normal(size=(256, 3)).astype("float32")
y = np.sin(x).sum(axis=1, keepdims=True)
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)


def train(model, epochs):
    return model.fit(data, epochs=epochs, shuffle=False, verbose=0).history[
        "loss"
    ]


with mirrored(4).scope():
    four = make_model()
train(four, 4)
four.save("four.keras")

alone = tf.keras.models.load_model("four.keras")  # no strategy
expected = four.predict(x, verbose=0)
print(
    "same answers:",
    np.allclose(alone.predict(x, verbose=0), expected, atol=1e-6),
)
# --8<-- [end:smallest]

# --8<-- [start:inside]
import zipfile

import h5py


def contents(path):
    """Names and shapes of the numbers in a .keras file."""
    with (
        zipfile.ZipFile(path) as archive,
        archive.open("model.weights.h5") as file,
    ):
        found = {}
        h5py.File(file).visititems(
            lambda name, node: found.update(
                {name: getattr(node, "shape", None)}
            )
        )
    return {name: shape for name, shape in found.items() if shape is not None}


one = make_model()
train(one, 1)
one.save("one.keras")
print(
    "the same names and shapes:",
    contents("one.keras") == contents("four.keras"),
)
print("numbers in each:", len(contents("four.keras")), "arrays")
# --8<-- [end:inside]


# --8<-- [start:copies]
def copies(model):
    return len(two.experimental_local_results(model.layers[0].kernel.value))


two = mirrored(2)
outside = tf.keras.models.load_model("four.keras")
with two.scope():
    inside = tf.keras.models.load_model("four.keras")
print("loaded outside the scope:", copies(outside), "copy")
print("loaded inside the scope: ", copies(inside), "copies")
# --8<-- [end:copies]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:too-late]
    with two.scope():
        outside.compile(tf.keras.optimizers.Adam(0.01), "mse")
        train(outside, 1)
    # --8<-- [end:too-late]

# --8<-- [start:write]
four.save_weights("four.weights.h5")
tf.train.Checkpoint(model=four, optimizer=four.optimizer).write(
    "four-checkpoint"
)
four.export("four-exported", verbose=False)
going_on = train(four, 4)  # what the others will be compared with
print("loss of the next four epochs:", [f"{loss:.3f}" for loss in going_on])
# --8<-- [end:write]


# --8<-- [start:read]
def read_keras():
    return tf.keras.models.load_model("four.keras")


def read_weights():
    model = make_model()
    model.optimizer.build(model.trainable_variables)
    model.load_weights("four.weights.h5")
    return model


def read_checkpoint():
    model = make_model()
    model.optimizer.build(model.trainable_variables)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=model.optimizer)
    checkpoint.read("four-checkpoint").assert_consumed()
    return model


def check(read, strategy):
    with strategy.scope():
        model = read()
    same = np.allclose(model.predict(x, verbose=0), expected, atol=1e-5)
    resumes = np.allclose(train(model, 4), going_on, rtol=1e-3)
    return f"{'same' if same else 'other':6}{'resumes' if resumes else 'differs':9}"


# --8<-- [end:read]

# --8<-- [start:table]
targets = {
    "no strategy": tf.distribute.get_strategy(),
    "2 replicas": two,
    "multi-worker": tf.distribute.MultiWorkerMirroredStrategy(),
}
readers = {".keras": read_keras, ".weights.h5": read_weights}
readers["checkpoint"] = read_checkpoint
print(" " * 13 + "".join(f"{name:16}" for name in targets))
for name, read in readers.items():
    cells = [check(read, strategy) for strategy in targets.values()]
    print(f"{name:13}" + "".join(f"{cell:16}" for cell in cells))
# --8<-- [end:table]

# --8<-- [start:exported]
served = tf.saved_model.load("four-exported")
print("no strategy:", np.allclose(served.serve(x), expected, atol=1e-5))
with two.scope():
    spread = tf.saved_model.load("four-exported")


@tf.function
def serve(batch):
    # Not spread.serve itself: it would be given both parts at once.
    return two.run(lambda part: spread.serve(part), args=(batch,))


answers = []
for batch in two.experimental_distribute_dataset(data.map(lambda x, y: x)):
    answers.extend(two.experimental_local_results(serve(batch)))
print("2 replicas: ", np.allclose(np.concatenate(answers), expected, atol=1e-5))
# --8<-- [end:exported]

# --8<-- [start:norm]
left_right = np.repeat([[0.0], [10.0]], 16, axis=0).astype("float32")
skewed = tf.data.Dataset.from_tensors((left_right, left_right)).repeat(8)
for synchronized in (False, True):
    with two.scope():
        norm = tf.keras.layers.BatchNormalization(
            synchronized=synchronized, momentum=0.5
        )
        model = tf.keras.Sequential([tf.keras.Input([1]), norm])
        model.compile("sgd", "mse")
    model.fit(skewed, epochs=1, shuffle=False, verbose=0)
    model.save("norm.keras")
    loaded = tf.keras.models.load_model("norm.keras")
    means = two.experimental_local_results(norm.moving_mean.value)
    print(f"synchronized={synchronized}")
    print("  on the devices:", [f"{float(mean[0]):.1f}" for mean in means])
    print("  in the file:   ", f"{float(loaded.layers[0].moving_mean[0]):.1f}")
# --8<-- [end:norm]

with contextlib.suppress(ValueError):
    # --8<-- [start:then]
    with two.scope():
        tf.keras.models.load_model("four-exported")
    # --8<-- [end:then]

# --8<-- [start:now]
layer = tf.keras.layers.TFSMLayer("four-exported", call_endpoint="serve")
print("as a layer:", np.allclose(layer(x), expected, atol=1e-5))
# --8<-- [end:now]


# --8<-- [start:solution-unbuilt]
def read_unbuilt():
    model = make_model()
    model.load_weights("four.weights.h5")
    return model


print(check(read_unbuilt, two))
# --8<-- [end:solution-unbuilt]

# --8<-- [start:solution-batch]
with two.scope():
    resumed = tf.keras.models.load_model("four.keras")
# Eight to a replica, as on four devices.
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
print(np.allclose(train(resumed, 4), going_on, rtol=1e-3))
print("updates in the file:", int(alone.optimizer.iterations), end=", ")
print("now:", int(resumed.optimizer.iterations.numpy()))
# --8<-- [end:solution-batch]
