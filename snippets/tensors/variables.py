import contextlib

# --8<-- [start:first]
import tensorflow as tf

balance = tf.Variable([100.0, 20.0])
balance.assign_add([5.0, 5.0])
balance.assign_sub([0.0, 25.0])
print(balance)
print(balance * 2)
# --8<-- [end:first]

# --8<-- [start:names]
from tfnotes.draw.names import show_names

v = tf.Variable([1, 2, 3])
alias = v
total = v + 0
read = v.read_value()
array = v.numpy()
second = tf.Variable(v)
v.assign([7, 8, 9])
show_names({"v": v, "alias": alias, "total": total,
            "read": read, "array": array, "second": second})
# --8<-- [end:names]

# --8<-- [start:history]
import matplotlib.pyplot as plt

w = tf.Variable(3.0)
names, numbers = [], []
for _ in range(8):
    names.append(w)
    numbers.append(w.numpy())
    with tf.GradientTape() as tape:
        loss = w**2
    w.assign_sub(0.2 * tape.gradient(loss, w))
print("names:  ", [round(float(n), 2) for n in names])
print("numbers:", [round(float(n), 2) for n in numbers])
x = tf.linspace(-3.2, 3.2, 100)
plt.figure(figsize=(6.4, 2.6))
plt.plot(x, x**2, color="grey", linewidth=1)
plt.plot(numbers, tf.square(numbers), "o-", label="numbers")
plt.plot(names, tf.square(names), "s", label="names")
plt.legend()
# --8<-- [end:history]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:minus]
    w = tf.Variable(3.0)
    print(type(w - 1).__name__)  # what w = w - 1 would make of w
    w -= 1
    # --8<-- [end:minus]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:shape]
    weights = tf.Variable([1.0, 2.0, 3.0])
    weights.assign([1.0, 2.0])
    # --8<-- [end:shape]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:scalar]
    print(weights + 1.0)
    weights.assign_add(1.0)
    # --8<-- [end:scalar]

# --8<-- [start:like]
weights.assign_add(tf.ones_like(weights))
weights.assign(weights + 1.0)
print(weights.numpy())
# --8<-- [end:like]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:dtype]
    weights.assign([7, 8, 9])  # Python numbers follow the variable
    weights.assign(tf.constant([7, 8, 9]))
    # --8<-- [end:dtype]

# --8<-- [start:open]
log = tf.Variable(tf.zeros([0, 2]), shape=[None, 2])
for entry in [1.0, 10.0], [2.0, 20.0]:
    log.assign(tf.concat([log, [entry]], axis=0))
print(log.shape, "now", tf.shape(log).numpy())
anything = tf.Variable(0.0, shape=tf.TensorShape(None))
anything.assign([[1.0, 2.0], [3.0, 4.0]])
print(anything.shape, "now", tf.shape(anything).numpy())
# --8<-- [end:open]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:item]
    board = tf.Variable(tf.zeros([3, 4], tf.int32))
    board[1, 2] = 5
    # --8<-- [end:item]

# --8<-- [start:parts]
from tfnotes.draw.cells import show_cells

board[1, 2].assign(5)
board[:, 0].assign([7, 7, 7])
board.scatter_nd_add([[0, 3], [0, 3], [2, 1]], [1, 1, 4])
show_cells({"board": board}, colors={"board": tf.where(board == 0, -1, 1)})
# --8<-- [end:parts]

# --8<-- [start:cost]
import numpy as np

def address(tensor):
    return np.asarray(memoryview(tensor)).ctypes.data

ones = tf.ones([1000, 1000])
table = tf.Variable(tf.zeros([1000, 1000]))
before = address(table.read_value())
table.assign_add(ones)
print("same memory after assign_add:", address(table.read_value()) == before)
snapshot = table.read_value()
print("snapshot copied at reading:  ", address(snapshot) != before)
table.assign_add(ones)
print("variable moved on writing:   ", address(table.read_value()) != before)
print(float(snapshot[0, 0]), float(table[0, 0]))
# --8<-- [end:cost]

# --8<-- [start:trainable]
slope = tf.Variable(2.0, name="slope")
steps = tf.Variable(4.0, name="steps", trainable=False)
with tf.GradientTape() as tape:
    y = slope**2 * steps
print("followed:", [variable.name for variable in tape.watched_variables()])
print(tape.gradient(y, [slope, steps]))
# --8<-- [end:trainable]

# --8<-- [start:module]
class Counter(tf.Module):
    def __init__(self):
        self.slope = tf.Variable(2.0)
        self.seen = tf.Variable(0, trainable=False)
        self.limit = tf.constant(9)

counter = Counter()
learnt = counter.trainable_variables
print(len(counter.variables), "variables,", len(learnt), "trainable")
# --8<-- [end:module]

# --8<-- [start:equal]
a = tf.Variable(1.0, name="rate")
b = tf.Variable(1.0, name="rate")
c = tf.Variable(2.0, name="rate")
print("same name: ", a.name == b.name == c.name)
print("a == b:    ", bool(a == b), "  a is b:", a is b)
print("a in [b]:  ", a in [b], "   a in [c]:", a in [c])
# --8<-- [end:equal]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:hash]
    momentum = {a: 0.0}
    # --8<-- [end:hash]

# --8<-- [start:ref]
momentum = {a.ref(): 0.1, b.ref(): 0.2}
print(momentum[a.ref()], a.ref() in momentum, c.ref() in momentum)
print(momentum.keys() == {variable.ref() for variable in (a, b)})
# --8<-- [end:ref]

# --8<-- [start:keras]
import keras

k = keras.Variable([1.0, 2.0], name="kernel")
print(k)
print(isinstance(k, tf.Variable), isinstance(k.value, tf.Variable))
k.assign_add(1.0)
print(k.numpy())
k += 1
print(type(k).__name__)
# --8<-- [end:keras]

# --8<-- [start:save]
import tempfile
from pathlib import Path

counter.slope.assign(0.25)
folder = tempfile.TemporaryDirectory()
saved = tf.train.Checkpoint(counter=counter).save(Path(folder.name) / "counter")
other = Counter()
tf.train.Checkpoint(counter=other).restore(saved).assert_consumed()
print(other.slope.numpy())
# --8<-- [end:save]

with contextlib.suppress(AssertionError):  # the page shows this error
    # --8<-- [start:slip]
    third = Counter()
    status = tf.train.Checkpoint(conter=third).restore(saved)  # a slip of the pen
    print(third.slope.numpy())
    status.assert_consumed()
    # --8<-- [end:slip]

# --8<-- [start:delete]
import weakref

with tf.device("CPU:0"):
    big = tf.Variable(tf.zeros([1000, 1000]))
print("lives on", big.device)
watcher, shelf = weakref.ref(big), [big]
del big
print("after del:  ", watcher() is not None)
shelf.clear()
print("after clear:", watcher() is not None)
# --8<-- [end:delete]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:old]
    tf.assign(balance, [1.0, 2.0])
    # --8<-- [end:old]

# --8<-- [start:new]
print(balance.assign([1.0, 2.0]).numpy())
# --8<-- [end:new]

# --8<-- [start:swap]
left, right = tf.Variable(1.0), tf.Variable(2.0)
left.assign(right)
right.assign(left)
print("wrong:", left.numpy(), right.numpy())

left.assign(1.0), right.assign(2.0)
kept = left.read_value()
left.assign(right)
right.assign(kept)
print("right:", left.numpy(), right.numpy())
# --8<-- [end:swap]

# --8<-- [start:average]
readings = 20 + tf.random.normal([200])
mean = tf.Variable(readings[0], trainable=False)
trace = []
for reading in readings:
    mean.assign_add(0.05 * (reading - mean))
    trace.append(mean.numpy())
plt.figure(figsize=(6.4, 2.4))
plt.plot(readings, alpha=0.4, label="readings")
plt.plot(trace, label="moving average")
plt.legend()
# --8<-- [end:average]


# --8<-- [start:ring]
class Ring(tf.Module):
    def __init__(self, size):
        self.slots = tf.Variable(tf.zeros([size], tf.int32))
        self.count = tf.Variable(0)

    @tf.function
    def add(self, value):
        place = self.count % tf.size(self.slots)
        self.slots[place].assign(value)
        self.count.assign_add(1)

ring = Ring(4)
for value in tf.range(10, 16):
    ring.add(value)
print(ring.slots.numpy(), "after", ring.count.numpy())
# --8<-- [end:ring]
