"""A TensorFlow 1 program carried over: its errors, the upgrade script, a bridge, then each step."""

import contextlib

# --8<-- [start:write]
import pathlib

old_program = """
# --8<-- [start:old]
import tensorflow as tf

mnist = tf.contrib.learn.datasets.load_dataset("mnist")
images, labels = mnist.train.images, mnist.train.labels

tf.set_random_seed(0)
x = tf.placeholder(tf.float32, [None, 784], name="x")
y = tf.placeholder(tf.int64, [None], name="y")

with tf.variable_scope("hidden"):
    w = tf.get_variable("w", [784, 32])
    b = tf.get_variable("b", [32], initializer=tf.zeros_initializer())
    hidden = tf.nn.relu(tf.matmul(x, w) + b)
logits = tf.layers.dense(hidden, 10, name="output")

loss = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
step = tf.train.get_or_create_global_step()
train = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=step)
tf.summary.scalar("loss", loss)
summaries = tf.summary.merge_all()

config = tf.ConfigProto(intra_op_parallelism_threads=1)
config.gpu_options.allow_growth = True
saver = tf.train.Saver()

with tf.Session(config=config) as session:
    session.run(tf.global_variables_initializer())
    writer = tf.summary.FileWriter("logs/then", session.graph)
    for i in range(100):
        if i % 50 == 0:
            saver.save(session, "then/model", global_step=step)
        rows = slice(100 * i % 1400, 100 * i % 1400 + 100)
        feed = {x: images[rows], y: labels[rows]}
        summary, value, _ = session.run([summaries, loss, train], feed)
        writer.add_summary(summary, i)
        if i % 25 == 0:
            print("step", i, "loss", value)
    saver.save(session, "then/model", global_step=step)
# --8<-- [end:old]
""".strip()
with pathlib.Path("digits.py").open("w") as file:
    file.write(old_program)
# --8<-- [end:write]

with contextlib.suppress(AttributeError):  # the page shows this error
    # --8<-- [start:first-error]
    import runpy

    runpy.run_path("digits.py")
    # --8<-- [end:first-error]

# --8<-- [start:data]
import numpy as np
import tensorflow as tf

from tfnotes import data

mnist = data.mnist()
images = mnist.x_train.reshape(-1, 784).astype("float32") / 255
labels = mnist.y_train.astype("int64")
np.savez("digits.npz", images=images, labels=labels)

contrib = """mnist = tf.contrib.learn.datasets.load_dataset("mnist")
images, labels = mnist.train.images, mnist.train.labels"""
from_file = """import numpy as np
images, labels = np.load("digits.npz").values()"""
program = old_program.replace(contrib, from_file)
# --8<-- [end:data]

# --8<-- [start:renaming]
import contextlib
import re

by_hand = """with tf.variable_scope("output"):
    kernel = tf.get_variable("kernel", [32, 10])
    bias = tf.get_variable("bias", [10], initializer=tf.zeros_initializer())
    logits = tf.matmul(hidden, kernel) + bias"""


def in_a_graph():
    return tf.Graph().as_default()


def fix_by_renaming(program, place=contextlib.nullcontext):
    for attempt in range(1, 100):
        try:
            with place():
                exec(program, {})
            return
        except Exception as error:
            message = str(error).splitlines()[0]
            print(f"{attempt:2} {type(error).__name__}: {message}")
        if missing := re.search("no attribute '(.+)'", message):
            name = rf"\btf\.((\w+\.)?{missing[1]}\b)"
            program = re.sub(name, r"tf.compat.v1.\1", program)
        elif "eager" in message:
            place = in_a_graph
        elif "Keras 3" in message:
            layer = by_hand.replace("tf.", "tf.compat.v1.")
            program = re.sub("logits = .*dense.*", layer, program)
        else:
            return


fix_by_renaming(program)
# --8<-- [end:renaming]

# --8<-- [start:upgrade]
import io

from tensorflow.tools.compatibility import ast_edits, tf_upgrade_v2

upgrader = ast_edits.ASTCodeUpgrader(tf_upgrade_v2.TFAPIChangeSpec())
with contextlib.redirect_stdout(io.StringIO()) as output:
    upgrader.process_file("digits.py", "upgraded.py")
report = output.getvalue().splitlines()

print("renamed:", sum("Renamed" in line for line in report))
for line in report:
    if line.startswith(("ERROR", "WARNING")):
        print(line.split(". ")[0])
# --8<-- [end:upgrade]

# --8<-- [start:untouched]
old_lines = old_program.splitlines()
for line in pathlib.Path("upgraded.py").read_text().splitlines():
    if "tf." in line and line in old_lines:
        print(line.strip())

for name in "tf.layers", "tf.summary.scalar":
    about = [line.split(" and must")[0] for line in report if name in line]
    print(f"\nThe report on {name}: {about}")
# --8<-- [end:untouched]

# --8<-- [start:bridge]
import shutil
import subprocess
import sys

shutil.rmtree("logs")  # what the attempts above left behind

bridge = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()"""
bridged = program.replace("import tensorflow as tf", bridge)
bridged = re.sub("logits = .*dense.*", by_hand, bridged)
bridged += '\nprint(type(w).__name__, "| eager:", tf.executing_eagerly())\n'
with pathlib.Path("bridged.py").open("w") as file:
    file.write(bridged)

command = [sys.executable, "bridged.py"]
done = subprocess.run(command, capture_output=True, text=True)
print(done.stdout)
# --8<-- [end:bridge]

# --8<-- [start:legacy]
import os

as_it_was = program.replace("import tensorflow as tf", bridge)
as_it_was = as_it_was.split("loss =")[0]
as_it_was += "print(*tf.trainable_variables()[2:], sep='\\n')"
legacy = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
command = [sys.executable, "-c", as_it_was]
done = subprocess.run(command, env=legacy, capture_output=True, text=True)
print(done.stdout)
# --8<-- [end:legacy]

# --8<-- [start:graph]
import collections

v1 = tf.compat.v1
with tf.Graph().as_default() as graph, v1.Session() as session:
    saver = v1.train.import_meta_graph("then/model-100.meta")
    saver.restore(session, "then/model-100")
    old_logits = session.run("output/add:0", {"x:0": images})

print("right:", np.mean(old_logits.argmax(1) == labels).round(4))
operations = graph.get_operations()
parts = collections.Counter(op.name.split("/")[0] for op in operations)
print("operations:", len(operations))
print(*parts.most_common(6), sep="\n")
print("eager:", tf.executing_eagerly())
# --8<-- [end:graph]

# --8<-- [start:names]
for name, shape in tf.train.list_variables("then/model-100"):
    print(f"{name:22} {shape}")
# --8<-- [end:names]


# --8<-- [start:module]
class Digits(tf.Module):
    def __init__(self, checkpoint):
        super().__init__()

        def old(name):
            return tf.Variable(tf.train.load_variable(checkpoint, name))

        self.w, self.b = old("hidden/w"), old("hidden/b")
        self.kernel, self.bias = old("output/kernel"), old("output/bias")

    @tf.function
    def __call__(self, x):
        hidden = tf.nn.relu(x @ self.w + self.b)
        return hidden @ self.kernel + self.bias


model = Digits("then/model-100")
new_logits = model(images)
np.testing.assert_allclose(new_logits, old_logits, rtol=1e-4, atol=1e-4)
print("then:", old_logits[0, :5].round(4))
print("now: ", new_logits[0, :5].numpy().round(4))
# --8<-- [end:module]

# --8<-- [start:restore]
model = Digits("then/model-0")
tf.train.Checkpoint(model=model).restore("then/model-100")
trained = tf.train.load_variable("then/model-100", "hidden/w")
print("restored:", np.array_equal(model.w, trained))
# --8<-- [end:restore]

# --8<-- [start:order]
with tf.Graph().as_default(), v1.Session() as session:
    count = v1.get_variable("count", initializer=0)
    add = v1.assign_add(count, 1)
    forgotten = tf.identity(count)
    with tf.control_dependencies([add]):
        remembered = tf.identity(count)
    session.run(v1.global_variables_initializer())
    print("forgotten: ", [int(session.run(forgotten)) for _ in range(3)])
    print("remembered:", [int(session.run(remembered)) for _ in range(3)])

count = tf.Variable(0)


@tf.function
def now():
    count.assign_add(1)
    return tf.identity(count)


print("function:  ", [int(now()) for _ in range(3)])
# --8<-- [end:order]

# --8<-- [start:step]
import keras

loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def make_step(model, optimizer):
    @tf.function
    def train_step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss

    return train_step


# --8<-- [end:step]

# --8<-- [start:loop]
model = Digits("then/model-0")
optimizer = keras.optimizers.Adam(0.01, epsilon=1e-8)
train_step = make_step(model, optimizer)

batches = tf.data.Dataset.from_tensor_slices((images[:1400], labels[:1400]))
batches = batches.batch(100).repeat()
saved = tf.train.Checkpoint(model=model)
with tf.summary.create_file_writer("logs/now").as_default():
    for i, (x, y) in enumerate(batches.take(100)):
        loss = train_step(x, y)
        tf.summary.scalar("loss", loss, step=i)
        if i % 25 == 0:
            print("step", i, "loss", loss.numpy())
path = saved.save("now/model")
for name, _ in tf.train.list_variables(path)[1:]:
    print(name)
# --8<-- [end:loop]


# --8<-- [start:events]
def read_losses(folder):
    (file,) = pathlib.Path(folder).glob("events*")
    losses = []
    for record in tf.data.TFRecordDataset(str(file)):
        for value in v1.Event.FromString(record.numpy()).summary.value:
            if value.HasField("tensor"):
                losses.append(tf.make_ndarray(value.tensor))
            else:
                losses.append(value.simple_value)
    return np.array(losses, "float32")


then, now = read_losses("logs/then"), read_losses("logs/now")
np.testing.assert_allclose(now, then, rtol=1e-3)
print(f"{len(then)} losses then, {len(now)} now")
print("then:", then[[0, 1, 2, -1]].round(4))
print("now: ", now[[0, 1, 2, -1]].round(4))
# --8<-- [end:events]

# --8<-- [start:keras]
layers = keras.layers
stack = [keras.Input([784]), layers.Dense(32, "relu"), layers.Dense(10)]
net = keras.Sequential(stack)
names = "hidden/w", "hidden/b", "output/kernel", "output/bias"
net.set_weights([tf.train.load_variable("then/model-0", n) for n in names])
net.compile(keras.optimizers.Adam(0.01, epsilon=1e-8), loss_of)

settings = {"epochs": 100, "shuffle": False, "verbose": 0}
log = net.fit(batches, steps_per_epoch=1, **settings)
fitted = np.array(log.history["loss"])
np.testing.assert_allclose(fitted, then, rtol=1e-3)
# --8<-- [end:keras]

# --8<-- [start:epsilon]
train_step = make_step(Digits("then/model-0"), keras.optimizers.Adam(0.01))
default = np.array([train_step(x, y) for x, y in batches.take(100)])

for name, losses in {"1e-8": now, "1e-7": default}.items():
    worst = max(abs(losses - then) / then)
    print(f"epsilon {name}, worst step off by {100 * worst:.1f} %")
# --8<-- [end:epsilon]

# --8<-- [start:curves]
import matplotlib.pyplot as plt

_, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3), layout="constrained")
left.semilogy(then, "C0", label="then, Session")
steps = np.arange(100)
left.semilogy(steps[::4], now[::4], "C1o", ms=4, label="now, tape")
left.semilogy(steps[2::4], fitted[2::4], "C2x", ms=5, label="now, fit")
left.set(xlabel="step", title="loss")
left.legend()
for losses, label in (now, "epsilon 1e-8"), (default, "epsilon 1e-7"):
    right.semilogy(abs(losses - then) / then + 1e-8, label=label)
right.set(xlabel="step", title="relative difference")
right.legend()
# --8<-- [end:curves]

with contextlib.suppress(RuntimeError):  # the page shows this error
    # --8<-- [start:threads]
    tf.config.threading.set_intra_op_parallelism_threads(4)
    # --8<-- [end:threads]

# --8<-- [start:silent]
tf.get_logger().setLevel("ERROR")  # the old functions warn at length
ones = tf.ones([10_000])
print("dropout(ones, 0.9) keeps the share")
for when, dropout in {"then": v1.nn.dropout, "now": tf.nn.dropout}.items():
    print(f"    {when}: {np.mean(dropout(ones, 0.9) != 0):.2f}")

print("constant(1) == constant(1) is")
with tf.Graph().as_default():
    print("    then:", tf.constant(1) == tf.constant(1))
print("    now:", tf.constant(1) == tf.constant(1))

print("cross-entropy, gradient of the labels")
target, guess = tf.constant([[0.3, 0.7]]), tf.constant([[1.0, 2.0]])
for when, nn in {"then": v1.nn, "now": tf.nn}.items():
    with tf.GradientTape() as tape:
        tape.watch(target)
        entropy = nn.softmax_cross_entropy_with_logits
        value = entropy(labels=target, logits=guess)
    print(f"    {when}:", tape.gradient(value, target))
# --8<-- [end:silent]

# --8<-- [start:while-then]
with tf.Graph().as_default(), v1.Session() as session:
    value = v1.placeholder(tf.float32, [])
    root = tf.while_loop(
        lambda root: tf.abs(root * root - value) > 1e-4,
        lambda root: (root + value / root) / 2,
        [value],
    )
    print(session.run(root, {value: 2.0})[0])
# --8<-- [end:while-then]


# --8<-- [start:solution-while]
@tf.function
def square_root(value):
    root = value
    while abs(root * root - value) > 1e-4:
        root = (root + value / root) / 2
    return root


print(square_root(tf.constant(2.0)).numpy())
# --8<-- [end:solution-while]


# --8<-- [start:solution-resume]
def resume(with_memory):
    model = Digits("then/model-50")
    variables = [model.w, model.b, model.kernel, model.bias]
    optimizer = keras.optimizers.Adam(0.01, epsilon=1e-8)
    optimizer.build(variables)
    if with_memory:
        optimizer.iterations.assign(50)
        averages = iter(optimizer.variables[2:])
        for name in names:
            for slot in f"{name}/Adam", f"{name}/Adam_1":
                old = tf.train.load_variable("then/model-50", slot)
                next(averages).assign(old)
    step = make_step(model, optimizer)
    return [float(step(x, y)) for x, y in batches.skip(50).take(50)]


print("then:          ", then[50:55].round(4))
print("with memory:   ", np.round(resume(True)[:5], 4))
print("without memory:", np.round(resume(False)[:5], 4))
np.testing.assert_allclose(resume(True), then[50:], rtol=1e-3)
# --8<-- [end:solution-resume]


# --8<-- [start:solution-wrap]
def old_network(x):
    with v1.variable_scope("hidden"):
        w = v1.get_variable("w", [784, 32])
        b = v1.get_variable("b", [32])
        hidden = tf.nn.relu(tf.matmul(x, w) + b)
    with v1.variable_scope("output"):
        kernel = v1.get_variable("kernel", [32, 10])
        return tf.matmul(hidden, kernel) + v1.get_variable("bias", [10])


signature = [tf.TensorSpec([None, 784], tf.float32)]
wrapped = v1.wrap_function(old_network, signature)
for variable in wrapped.variables:
    name = variable.name.removesuffix(":0")
    variable.assign(tf.train.load_variable("then/model-100", name))
np.testing.assert_allclose(wrapped(images), old_logits, rtol=1e-4, atol=1e-4)
print(sorted(variable.name for variable in wrapped.variables))
# --8<-- [end:solution-wrap]
