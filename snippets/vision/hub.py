"""TensorFlow Hub modules with Keras 3: what fails and what works."""

# --8<-- [start:module]
import os
import tempfile

import numpy as np
import tensorflow as tf

os.chdir(tempfile.mkdtemp())


class Stripes(tf.train.Checkpoint):
    """Four numbers for an image: how much of each pattern is in it."""

    def __init__(self):
        super().__init__()
        patterns = tf.random.stateless_normal([3, 3, 3, 4], seed=(1, 2))
        self.patterns = tf.Variable(0.3 * patterns, name="patterns")
        self.variables = [self.patterns]
        self.trainable_variables = [self.patterns]

    @tf.function(input_signature=[tf.TensorSpec([None, 16, 16, 3])])
    def __call__(self, images):
        found = tf.nn.relu(tf.nn.conv2d(images, self.patterns, 1, "SAME"))
        return tf.reduce_mean(found, axis=[1, 2])


tf.saved_model.save(Stripes(), "stripes")
print(sorted(os.listdir("stripes")))
# --8<-- [end:module]

# --8<-- [start:load]
import tensorflow_hub as hub

images = np.random.default_rng(0).random([64, 16, 16, 3]).astype("float32")
labels = images[:, :8].mean(axis=(1, 2, 3)) > images[:, 8:].mean(axis=(1, 2, 3))
module = hub.load("stripes")
print(module(images[:2]).numpy().round(2))
print("resolved to", hub.resolve("stripes"))
# --8<-- [end:load]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:sequential]
    tf.keras.Sequential(
        [
            tf.keras.Input([16, 16, 3]),
            hub.KerasLayer("stripes"),
            tf.keras.layers.Dense(1),
        ]
    )
    # --8<-- [end:sequential]

with contextlib.suppress(Exception):
    # --8<-- [start:functional]
    inputs = tf.keras.Input([16, 16, 3])
    hub.KerasLayer("stripes", name="stripes")(inputs)
    # --8<-- [end:functional]

# --8<-- [start:whose]
import tf_keras

layer = hub.KerasLayer("stripes")
print(
    "a layer of Keras", tf.keras.__version__, isinstance(layer, tf.keras.Layer)
)
print(
    "a layer of Keras",
    tf_keras.__version__,
    isinstance(layer, tf_keras.layers.Layer),
)
print("outside a model:", layer(images[:2]).shape)
# --8<-- [end:whose]

# --8<-- [start:tf-keras]
old = tf_keras.Sequential(
    [
        hub.KerasLayer("stripes", input_shape=[16, 16, 3], trainable=True),
        tf_keras.layers.Dense(1),
    ]
)
print([v.name for v in old.trainable_variables])
# --8<-- [end:tf-keras]

with contextlib.suppress(ValueError):
    # --8<-- [start:endpoint]
    tf.keras.layers.TFSMLayer("stripes")
    # --8<-- [end:endpoint]

# --8<-- [start:tfsm]
stripes = tf.keras.layers.TFSMLayer("stripes", call_endpoint="__call__")
new = tf.keras.Sequential(
    [tf.keras.Input([16, 16, 3]), stripes, tf.keras.layers.Dense(1)]
)
print("same numbers:", np.allclose(stripes(images), module(images)))
print([v.path for v in new.trainable_variables])
# --8<-- [end:tfsm]


# --8<-- [start:tune]
def train(model, package):
    loss = package.losses.BinaryCrossentropy(from_logits=True)
    model.compile(package.optimizers.Adam(0.01), loss)
    model.fit(images, labels.astype("float32"), epochs=2, verbose=0)


def tuned(layer, model, package):
    before = np.array(layer(images))
    train(model, package)
    return not np.allclose(before, layer(images))


print("changed in training:", tuned(old.layers[0], old, tf_keras))
# --8<-- [end:tune]

with contextlib.suppress(ValueError):
    # --8<-- [start:tune-tfsm]
    train(new, tf.keras)
    # --8<-- [end:tune-tfsm]

# --8<-- [start:tune-built]
before = stripes(images).numpy()
new.compile("adam", tf.keras.losses.BinaryCrossentropy(from_logits=True))
new.optimizer.build(new.trainable_variables)
new.fit(images, labels.astype("float32"), epochs=2, verbose=0)
print("changed in training:", not np.allclose(before, stripes(images)))
# --8<-- [end:tune-built]

# --8<-- [start:tune-without]
before = stripes(images).numpy()
new.compile("sgd", tf.keras.losses.BinaryCrossentropy(from_logits=True))
new.fit(images, labels.astype("float32"), epochs=2, verbose=0)
print("changed by SGD:", not np.allclose(before, stripes(images), atol=1e-6))
with tf.GradientTape() as tape:
    total = tf.reduce_sum(module(images))
slopes = tape.gradient(total, module.trainable_variables)
print("through hub.load:", [slope.shape for slope in slopes])
# --8<-- [end:tune-without]


# --8<-- [start:own]
class Module(tf.keras.layers.Layer):
    """Any module from a folder, as a layer."""

    def __init__(self, folder, **kwargs):
        super().__init__(**kwargs)
        self.folder = folder
        self.module = hub.load(folder)

    def call(self, images):
        return self.module(images)

    def get_config(self):
        return {**super().get_config(), "folder": self.folder}


own = tf.keras.Sequential(
    [tf.keras.Input([16, 16, 3]), Module("stripes"), tf.keras.layers.Dense(1)]
)
print([v.path for v in own.trainable_variables])
print("changed in training:", tuned(own.layers[0], own, tf.keras))
# --8<-- [end:own]

with contextlib.suppress(ValueError):
    # --8<-- [start:safe]
    new.save("new.keras")
    tf.keras.models.load_model("new.keras")
    # --8<-- [end:safe]

# --8<-- [start:unsafe]
again = tf.keras.models.load_model("new.keras", safe_mode=False)
print("same:", np.allclose(again(images), new(images)))
os.rename("stripes", "elsewhere")
try:
    tf.keras.models.load_model("new.keras", safe_mode=False)
except OSError as error:
    print(type(error).__name__, str(error).split("\n")[0][:70])
os.rename("elsewhere", "stripes")
# --8<-- [end:unsafe]

# --8<-- [start:own-saved]
own.save("own.keras")
again = tf.keras.models.load_model(
    "own.keras", custom_objects={"Module": Module}
)
print("same:", np.allclose(again(images), own(images)))
# --8<-- [end:own-saved]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    hub.Module("stripes")
    # --8<-- [end:then]


# --8<-- [start:solution-tune]
class TunedModule(Module):
    def __init__(self, folder, **kwargs):
        super().__init__(folder, **kwargs)
        for number, value in enumerate(self.module.trainable_variables):
            value = tf.keras.Variable(value, name=f"module_{number}")
            setattr(self, f"module_{number}", value)


tunable = TunedModule("stripes")
print([v.path for v in tunable.trainable_variables])
same = tunable.module_0.value is tunable.module.trainable_variables[0]
print("the module's own variable:", same)
model = tf.keras.Sequential(
    [tf.keras.Input([16, 16, 3]), tunable, tf.keras.layers.Dense(1)]
)
print("changed in training:", tuned(tunable, model, tf.keras))
# --8<-- [end:solution-tune]

# --8<-- [start:solution-features]
features = module(images).numpy()
head = tf.keras.Sequential([tf.keras.Input([4]), tf.keras.layers.Dense(1)])
train_on = {"x": features, "y": labels.astype("float32")}
head.compile("adam", tf.keras.losses.BinaryCrossentropy(from_logits=True))
head.fit(**train_on, epochs=1, verbose=0)
print("features", features.shape, "weights", head.count_params())
# --8<-- [end:solution-features]


# --8<-- [start:solution-text]
class Sentences(tf.train.Checkpoint):
    """Eight numbers for a sentence: the mean over its words."""

    def __init__(self):
        super().__init__()
        table = tf.random.stateless_normal([100, 8], seed=(1, 1))
        self.table = tf.Variable(table, name="table")
        self.variables = [self.table]
        self.trainable_variables = [self.table]

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def __call__(self, sentences):
        words = tf.strings.split(sentences)
        rows = tf.strings.to_hash_bucket_fast(words, 100)
        return tf.reduce_mean(tf.gather(self.table, rows), axis=1)


tf.saved_model.save(Sentences(), "sentences")
text = tf.keras.layers.TFSMLayer("sentences", call_endpoint="__call__")
model = tf.keras.Sequential(
    [tf.keras.Input([], dtype="string"), text, tf.keras.layers.Dense(1)]
)
print(text(tf.constant(["the soup was warm", "a rude waiter"])).shape)
print([v.path for v in model.trainable_variables])
# --8<-- [end:solution-text]
