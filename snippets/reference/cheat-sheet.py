"""The cheat sheet: one line a call, and beside it what the call gives."""

# --8<-- [start:setup]
import keras  # the same as tf.keras
import numpy as np
import tensorflow as tf
from keras import layers, losses, metrics, optimizers, utils

utils.set_random_seed(0)  # of Python, NumPy and TensorFlow
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2  # as 2 GPUs
tf.config.set_logical_device_configuration(cpu, two)
for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)
# --8<-- [end:setup]

# --8<-- [start:show]
import contextlib
import io
import os
import pathlib
import tempfile

import pandas as pd
import sklearn.model_selection
import tensorflow_datasets as tfds

from tfnotes import data


def show(*values):
    """Prints results in one line: tensors as arrays, shapes as tuples."""
    print("  ".join(map(as_text, values)))


def as_text(value):
    if isinstance(value, tf.RaggedTensor):
        value = value.to_list()
    if isinstance(value, tf.TensorShape):
        return str(tuple(value))
    if isinstance(value, tf.DType):
        return value.name
    if isinstance(value, dict):
        return "  ".join(f"{k}: {as_text(v)}" for k, v in value.items())
    if isinstance(value, list):
        words = [repr(v) if isinstance(v, str) else as_text(v) for v in value]
        return "[" + ", ".join(words) + "]"
    if hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, (float, np.floating)):
        return f"{value:.3g}"
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=2)
        return " ".join(text.split()).replace("[ ", "[").replace(" ]", "]")
    return str(value)


os.chdir(tempfile.mkdtemp())
for i in range(8):  # a folder for each class
    photo = pathlib.Path(f"photos/train/{('cat', 'dog')[i % 2]}/{i}.png")
    photo.parent.mkdir(parents=True, exist_ok=True)
    utils.save_img(photo, np.full([20, 20, 3], 30 * i), scale=False)
table = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
table.to_csv("t.csv", index=False)
url = pathlib.Path("t.csv").absolute().as_uri()
with contextlib.redirect_stdout(io.StringIO()):  # its progress bar
    utils.get_file("t.csv", url, cache_dir=".")
# --8<-- [end:show]

# --8<-- [start:create]
x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
show(x.shape, x.ndim, x.dtype, tf.size(x))
show(tf.zeros([2]), tf.fill([2], 7))
show(tf.ones_like(x)[0], tf.eye(2))
show(tf.range(0, 10, 3))
show(tf.linspace(0.0, 1.0, 5))
show(x.numpy().mean(), tf.constant(np.arange(3)))  # NumPy
show(tf.cast([1.9, -1.9], tf.int32))
show(tf.constant(1).dtype, tf.constant(1.0).dtype)
show(tf.random.stateless_uniform([3], seed=(1, 2)))
show(tf.ragged.constant([[1, 2], [3]]).to_tensor())
show(tf.sparse.to_dense(tf.sparse.from_dense([0, 0, 4])))
show(tf.strings.split("a b"), tf.strings.length("ab"))
# --8<-- [end:create]

# --8<-- [start:compute]
show(x * 2 + 1)
show(x @ tf.transpose(x))  # tf.matmul
show(tf.tensordot(x, x, axes=2), tf.einsum("ij,ij", x, x))
show((tf.ones([5, 2, 3]) + tf.ones([2, 1])).shape)
show(tf.reduce_sum(x), tf.reduce_mean(x, axis=0))
show(tf.reshape(x, [3, 2]))
show(x[tf.newaxis].shape, tf.squeeze([[7]]))
show(tf.concat([x, x], 0).shape, tf.stack([x]).shape)
show(x[0], x[:, -1], x[..., 1:].shape)
show(x[x > 4], tf.where(x[0] > 1, x[0], 0.0))
show(tf.gather([5, 6, 7], [2, 0]), tf.unique([7, 7, 8]).y)
show(tf.argmax(x, axis=1), tf.sort([3, 1]))
show(tf.math.top_k([3, 9, 5], k=2).indices)
show(tf.one_hot([0, 2], 3))
# --8<-- [end:compute]

# --8<-- [start:gradient]
v = tf.Variable([1.0, 2.0])
v.assign_add([1.0, 1.0])  # also assign, assign_sub, v[0].assign
c = tf.constant(3.0)
with tf.GradientTape(persistent=True) as tape:  # asked twice
    tape.watch(c)  # as variables are
    a = c * v**2
    b = tf.reduce_sum(a) + tf.stop_gradient(c)
show(tape.gradient(b, v))
show(tape.gradient(b, [v, c]))
show(tape.jacobian(a, v))
show(tape.gradient(c, v))  # v is not in c
# --8<-- [end:gradient]

# --8<-- [start:second]
del tape  # a persistent tape keeps its memory until then
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        a = v**3
    slope = inner.gradient(a, v)
show(slope, outer.gradient(slope, v))
# --8<-- [end:second]

# --8<-- [start:dataset]
X = np.random.default_rng(0).random((256, 4), "float32") - 0.5
Y = (X.sum(axis=1) > 0).astype("int32")
ds = tf.data.Dataset.from_tensor_slices((X, Y))
ds = ds.shuffle(256, seed=0).batch(32).prefetch(tf.data.AUTOTUNE)
n = tf.data.Dataset.range(6)
generated = tf.data.Dataset.from_generator
spec = tf.TensorSpec([], tf.int32)
show(len(ds), ds.element_spec[0].shape)
show(*n.map(lambda i: i * i, num_parallel_calls=2).take(3))
show(*n.filter(lambda i: i > 3).cache().repeat(2))
show(*n.take(4).batch(2))
show(*generated(lambda: [7, 8], output_signature=spec))
show(*utils.timeseries_dataset_from_array([1, 2], None, 1))
# --8<-- [end:dataset]

# --8<-- [start:read]
mnist = data.mnist()  # = keras.datasets.mnist.load_data()
load = utils.image_dataset_from_directory
photos = load("photos/train", image_size=(16, 16), verbose=False)
csv = tf.data.experimental.make_csv_dataset("t.csv", batch_size=2)
with tf.io.TFRecordWriter("t.tfrecord") as file:
    file.write(tf.io.serialize_tensor(list(n)).numpy())
records = tf.data.TFRecordDataset("t.tfrecord")
pets = tfds.ImageFolder("photos")  # else tfds.load(name)
show(mnist.x_train.shape[1:], mnist.x_train.dtype)
show(utils.get_file("t.csv", url, cache_dir="."))
show(pets.info.features["label"].names)
show(photos.class_names)
show(photos.element_spec[0].shape)
show(csv.element_spec["a"].shape, *csv.element_spec)
show(*tf.data.TextLineDataset("t.csv"))
show(*[tf.io.parse_tensor(r, tf.int64) for r in records])
# --8<-- [end:read]

# --8<-- [start:prepare]
scale, words = layers.Normalization(), layers.TextVectorization()
scale.adapt(X)
words.adapt(["the cat sat", "the dog"])
index = layers.StringLookup(vocabulary=["x", "z"])
show(np.allclose(scale(X), (X - X.mean(0)) / X.std(0), atol=1e-3))
show(words(["the cat ran"]), len(words.get_vocabulary()))
show(index(["z", "?"]), layers.Hashing(8)(["z"]))
show(layers.CategoryEncoding(3, "multi_hot")([[0, 2]]))
show(utils.to_categorical([2, 0]))
show(utils.pad_sequences([[1, 2], [3]], padding="post"))
show(table.a.mean(), table.b.fillna("?").to_list())
# --8<-- [end:prepare]

# --8<-- [start:model]
stack = [layers.Dense(16, activation="relu"), layers.Dense(2)]
model = keras.Sequential([keras.Input([4]), *stack])
loss = losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
model.summary(print_fn=lambda table: None)  # without: prints it
run = model.fit(X, Y, epochs=5, validation_split=0.25, verbose=0)
show(*run.history)
show(*model.evaluate(X, Y, verbose=0, return_dict=True))
show(model.predict(X, verbose=0).shape)
show(model(X[:1], training=False).shape)
show(model.count_params(), len(model.weights))
# --8<-- [end:model]

# --8<-- [start:functional]
left = keras.Input([4], name="left")
right = keras.Input([2], name="right")
both = layers.Concatenate()([layers.Dense(8)(left), right])
kind = layers.Dense(3, name="kind")(both)
price = layers.Dense(1, name="price")(both)
joined = keras.Model([left, right], [kind, price])
show(joined.output_names, joined.count_params())
# --8<-- [end:functional]


# --8<-- [start:classes]
class Scale(layers.Layer):
    def build(self, shape):
        self.factor = self.add_weight(shape=[shape[-1]])

    def call(self, inputs):
        return inputs * self.factor


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.scale, self.drop = Scale(), layers.Dropout(0.5)

    def call(self, inputs, training=False):
        return self.drop(self.scale(inputs), training=training)


net = Net()
show(net(X).shape, net.weights[0].path)
# --8<-- [end:classes]

# --8<-- [start:losses]
logits, true = tf.constant([[0.0, 2.0, 0.0]]), tf.constant([1])
decay = optimizers.schedules.ExponentialDecay(0.1, 100, 0.5)
adam = optimizers.Adam(decay, clipnorm=1.0)  # SGD, RMSprop, …
show(loss(true, logits))  # labels as integers
show(losses.CategoricalCrossentropy()([[0, 1]], [[0.1, 0.9]]))
show(losses.BinaryCrossentropy(from_logits=True)([1.0], [0.0]))
show(losses.MeanSquaredError()([1, 2], [1, 4]))
show(losses.Huber()([1], [4]))
show(metrics.Mean()([1.0, 2.0, 6.0]))
show(metrics.SparseTopKCategoricalAccuracy(k=2)(true, logits))
show(metrics.AUC()([0, 1], [0.2, 0.9]))
show(metrics.Precision()([0, 1], [1, 1]))
show(adam.learning_rate)
# --8<-- [end:losses]


# --8<-- [start:loop]
@tf.function
def train_step(inputs, labels):
    with tf.GradientTape() as tape:
        logits = model(inputs, training=True)
        value = loss(labels, logits) + sum(model.losses)
    weights = model.trainable_variables
    gradients = tape.gradient(value, weights)
    optimizer.apply_gradients(zip(gradients, weights))
    accuracy.update_state(labels, logits)


optimizer = optimizers.Adam(0.01)
accuracy = metrics.SparseCategoricalAccuracy()
for epoch in range(3):
    accuracy.reset_state()
    for inputs, labels in ds:
        train_step(inputs, labels)
show(optimizer.iterations, accuracy.result() > 0.8)
# --8<-- [end:loop]

# --8<-- [start:callbacks]
from keras import callbacks as cb

watching = [
    cb.EarlyStopping(patience=2, restore_best_weights=True),
    cb.ModelCheckpoint("best.keras", save_best_only=True),
    cb.ReduceLROnPlateau(factor=0.5, patience=1),
    cb.LearningRateScheduler(lambda epoch, rate: 0.9 * rate),
    cb.TensorBoard("logs", write_graph=False),
    cb.LambdaCallback(on_epoch_end=lambda epoch, logs: None),
]
price = keras.regularizers.L1L2(l1=0.0, l2=0.001)
dense = layers.Dense(16, kernel_regularizer=price)
rest = [layers.BatchNormalization(), layers.Dropout(0.5)]
regular = keras.Sequential([dense, *rest, layers.Dense(2)])
regular.compile("adam", loss)
more = {"class_weight": {0: 1.0, 1: 2.0}, "callbacks": watching}
run = regular.fit(X, Y, validation_data=(X, Y), verbose=0, **more)
folds = sklearn.model_selection.KFold(4).split(X)
show(*run.history)
show([len(train) for train, validation in folds])
show(pd.Series([1, 2, 4]).ewm(alpha=0.5).mean().to_list())
# --8<-- [end:callbacks]

# --8<-- [start:save]
model.save("all.keras")  # architecture, weights, optimizer
model.save_weights("only.weights.h5")
model.export("served", verbose=False)  # for TensorFlow Serving
again = keras.models.load_model("all.keras")
again.load_weights("only.weights.h5")
served = tf.saved_model.load("served")  # keep this name alive
as_layer = layers.TFSMLayer("served", call_endpoint="serve")
state = tf.train.Checkpoint(model=model, opt=model.optimizer)
state.restore(state.save("checkpoints/state")).assert_consumed()
lite = tf.lite.TFLiteConverter.from_saved_model("served")
same = lambda other: np.allclose(model(X), other(X), atol=1e-5)
show(same(again), same(served.serve), same(as_layer))
show(len(lite.convert()) > 0)  # for phones: model.tflite
show(again.optimizer.iterations, model.optimizer.iterations)
# --8<-- [end:save]

# --8<-- [start:vision]
photo = utils.load_img("photos/train/dog/5.png")
images = utils.img_to_array(photo)[np.newaxis]  # a batch of one
out = lambda layer: layer(tf.zeros([1, 28, 28, 3])).shape
show(out(layers.Conv2D(8, 3)))
show(out(layers.Conv2D(8, 3, strides=2)))
show(out(layers.Conv2D(8, 3, padding="same")))
show(out(layers.SeparableConv2D(8, 3)))
show(out(layers.Conv2DTranspose(8, 3, strides=2)))
show(out(layers.MaxPooling2D(2)))
show(out(layers.UpSampling2D(2)))
show(out(layers.Flatten()))
show(out(layers.GlobalAveragePooling2D()))
show(tf.image.resize(images, [8, 8]).shape)
show(layers.Rescaling(1 / 255)(images)[0, 0, 0])
show(layers.RandomFlip()(images).shape)  # training=True
show(layers.RandomRotation(0.1)(images).shape)
# --8<-- [end:vision]

# --8<-- [start:transfer]
bare = {"include_top": False, "weights": None}  # or "imagenet"
base = keras.applications.MobileNet((32, 32, 3), 0.25, **bare)
base.trainable = False  # a frozen base under a new head
top = [layers.GlobalAveragePooling2D(), layers.Dense(2)]
tuned = keras.Sequential([base, *top])
frozen = len(tuned.trainable_weights)
base.trainable = True
for layer in base.layers[:-6]:  # then compile again
    layer.trainable = False
show(frozen, len(tuned.trainable_weights))
# --8<-- [end:transfer]

# --8<-- [start:look]
ends = [base.get_layer("conv1").output, base.output]
inner = keras.Model(base.input, ends)
photo = tf.random.uniform([1, 32, 32, 3])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(photo)
    first, last = inner(photo)
    score = tf.reduce_mean(last)  # or of one filter, of one class
weight = tf.reduce_mean(tape.gradient(score, last), axis=[1, 2])
heat = tf.nn.relu(tf.reduce_sum(last * weight, -1))  # Grad-CAM
dream = photo + 0.1 * tape.gradient(score, photo)  # DeepDream
show(first.shape, heat.shape)
show(dream.shape)
# --8<-- [end:look]

# --8<-- [start:sequences]
ids = tf.constant([[5, 7, 0]])
embed = layers.Embedding(100, 8, mask_zero=True)
seq = embed(ids)  # (batch, time, features)
table = embed.get_weights()[0]
np.savetxt("vecs.tsv", table, delimiter="\t")  # for the projector
glove = layers.Embedding(100, 8, weights=[table], trainable=False)
lstm = layers.LSTM(5, return_sequences=True, return_state=True)
attend = layers.MultiHeadAttention(num_heads=2, key_dim=4)
show(seq.shape, embed.compute_mask(ids))
show(np.allclose(glove(ids), seq), glove.trainable)
show(layers.SimpleRNN(5)(seq).shape)
show(layers.GRU(5, recurrent_dropout=0.3)(seq).shape)
show([part.shape for part in lstm(seq)])
show(layers.Bidirectional(layers.LSTM(5))(seq).shape)
show(layers.Conv1D(5, 3)(tf.zeros([2, 4, 8])).shape)
show(attend(seq, seq, use_causal_mask=True).shape)
show(losses.CTC()(tf.constant([[1, 2]]), tf.zeros([1, 6, 4])))
# --8<-- [end:sequences]

# --8<-- [start:generate]
scores, fake = tf.constant([[1.0, 2.0, 4.0]]), tf.zeros([4])
gan = losses.BinaryCrossentropy(from_logits=True)
mean, log_var = tf.ones([1, 2]), tf.zeros([1, 2])
show(tf.nn.softmax(scores / 0.5))  # temperature
show(tf.nn.softmax(scores / 2.0))
show(tf.random.categorical(scores / 0.5, num_samples=4).shape)
show(gan(tf.ones_like(fake), fake))  # what the generator wants
show((mean + tf.exp(log_var / 2) * tf.random.normal([2])).shape)
show(-tf.reduce_sum(1 + log_var - mean**2 - tf.exp(log_var)) / 2)
show(tf.einsum("nhwc,nhwd->ncd", first, first).shape)  # Gram
show(tf.image.total_variation(tf.constant(images)))
# --8<-- [end:generate]


# --8<-- [start:function]
@tf.function(reduce_retracing=True)  # jit_compile=True: XLA
def total(values):
    print("traced", end="  ")  # Python runs when traced
    return tf.reduce_sum(values)


keras.mixed_precision.set_global_policy("mixed_float16")
half = layers.Dense(2)
keras.mixed_precision.set_global_policy("float32")
with tf.device("CPU:1"):
    there = tf.constant(1.0)
show(total(x), total(x + 1))
show(half.compute_dtype, half.variable_dtype)
show(there.device[-5:])
# --8<-- [end:function]


# --8<-- [start:distributed]
@tf.function
def double(part):
    return strategy.run(lambda rows: 2 * rows, [part])


strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():  # variables, model, compile, loading
    copies = keras.Sequential([keras.Input([4]), layers.Dense(1)])
    copies.compile("sgd", "mse")
copies.fit(X, Y, batch_size=64, verbose=0)  # 32 for each replica
batches = strategy.experimental_distribute_dataset(n.batch(4))
part = double(next(iter(batches)))
show(strategy.num_replicas_in_sync)
show(*strategy.experimental_local_results(part))
show(strategy.reduce("SUM", part, axis=0))
# --8<-- [end:distributed]

with contextlib.suppress(tf.errors.InvalidArgumentError):
    # --8<-- [start:debug]
    tf.print("also in graphs", x.shape)
    tf.debugging.assert_shapes([(x, ("rows", 3))])
    tf.config.run_functions_eagerly(True)  # breakpoints work
    show(total(x))
    tf.config.run_functions_eagerly(False)
    tf.debugging.check_numerics(tf.math.log([0.0]), "a logarithm")
    # --8<-- [end:debug]
