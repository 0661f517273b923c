import contextlib

# --8<-- [start:averages]
import tensorflow as tf
from sklearn.datasets import load_digits
from tfnotes.draw.plotting import show_images

digits = load_digits()
x = tf.constant(digits.data, tf.float32)
labels = tf.constant(digits.target, tf.int32)
average = tf.math.unsorted_segment_mean(x[:1000], labels[:1000], 10)
pictures = tf.reshape(1 - average / 16, [10, 8, 8])  # dark ink on white
show_images(pictures, titles=range(10), columns=10, cell=0.64)
# --8<-- [end:averages]

# --8<-- [start:scores]
tests, truth = x[1000:], labels[1000:]
scores = -tf.norm(tests[:, tf.newaxis] - average, axis=-1)
guesses = tf.argmax(scores, axis=1, output_type=tf.int32)
right = guesses == truth
print("scores:", scores.shape)
print(f"right:  {tf.reduce_mean(tf.cast(right, tf.float32)):.3f}")
# --8<-- [end:scores]

# --8<-- [start:argmax]
import numpy as np

table = tf.constant([[3, 9, 4],
                     [8, 1, 7]])
print("tf.argmax(table):         ", tf.argmax(table).numpy())
print("np.argmax(table):         ", np.argmax(table))
print("tf.argmax(table, axis=-1):", tf.argmax(table, axis=-1).numpy())
print("tf.argmax(scores):        ", tf.argmax(scores).numpy())
# --8<-- [end:argmax]

# --8<-- [start:ties]
print("a tie: ", tf.argmax([5.0, 7.0, 7.0]).numpy())
print("a nan: ", tf.argmax([5.0, float("nan"), 7.0]).numpy(),
      "NumPy:", np.argmax([5.0, float("nan"), 7.0]))
flat = tf.argmax(tf.reshape(table, [-1]))
print("place: ", tf.unravel_index(flat, [2, 3]).numpy())
# --8<-- [end:ties]

# --8<-- [start:one_hot]
print(tf.one_hot([2, 0, 3, -1], depth=3).numpy())
# --8<-- [end:one_hot]

# --8<-- [start:lost]
from_one = tf.constant([1, 2, 3])  # three classes, counted from 1
guess = tf.fill([3, 3], 1 / 3)
target = tf.one_hot(from_one, depth=3)
print(tf.keras.losses.categorical_crossentropy(target, guess).numpy())
# --8<-- [end:lost]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:sparse]
    tf.keras.losses.sparse_categorical_crossentropy(from_one, guess)
    # --8<-- [end:sparse]

with contextlib.suppress(Exception):  # an error on a CPU
    # --8<-- [start:gpu-sparse]
    with tf.device("GPU"):
        loss_of = tf.keras.losses.sparse_categorical_crossentropy
        print(loss_of(from_one, guess).numpy())
    # --8<-- [end:gpu-sparse]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:float_labels]
    tf.one_hot([2.0, 0.0], depth=3)
    # --8<-- [end:float_labels]

# --8<-- [start:one_hot_back]
wide = tf.one_hot(truth, depth=10)
back = tf.argmax(wide, axis=1, output_type=tf.int32)
tf.debugging.assert_equal(back, truth)
print("labels:", truth.shape, " one-hot:", wide.shape)
print(tf.one_hot([1], 3, on_value=0.9, off_value=0.05).numpy())
# --8<-- [end:one_hot_back]

# --8<-- [start:where3]
from tfnotes.draw.cells import show_cells

a = tf.constant([[1, 2, 3], [4, 5, 6]])
b = tf.constant([[10, 20, 30]])
odd = a % 2 == 1
chosen = tf.where(odd, a, b)
show_cells({"odd": odd, "a": a, "b": b, "where(odd, a, b)": chosen},
           colors={"odd": tf.where(odd, 0, 1), "a": tf.where(odd, 0, -1), "b": 1,
                   "where(odd, a, b)": tf.where(odd, 0, 1)})
# --8<-- [end:where3]

# --8<-- [start:where1]
print(tf.where(odd).numpy().tolist())
tf.debugging.assert_equal(tf.gather_nd(a, tf.where(odd)), a[odd])
wrong = tf.where(guesses != truth)[:, 0]
print(len(wrong), "mistakes, the first at", wrong[:6].numpy())
# --8<-- [end:where1]

# --8<-- [start:mistakes]
some = wrong[:10]
pairs = zip(tf.gather(truth, some), tf.gather(guesses, some))
titles = [f"{true}: {guess}?" for true, guess in pairs]
pictures = tf.reshape(1 - tf.gather(tests, some) / 16, [-1, 8, 8])
show_images(pictures, titles=titles, columns=10, cell=0.64)
# --8<-- [end:mistakes]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:where2]
    tf.where(odd, a)
    # --8<-- [end:where2]


# --8<-- [start:trap]
def sinc(x):
    return tf.where(x == 0, 1.0, tf.sin(x) / x)

def slope(function, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return y.numpy(), tape.gradient(y, x).numpy()

points = tf.constant([-1.0, 0.0, 1.0])
value, gradient = slope(sinc, points)
print("value:   ", value)
print("gradient:", gradient)
# --8<-- [end:trap]


# --8<-- [start:cure]
def safe_sinc(x):
    safe = tf.where(x == 0, 1.0, x)  # no zero enters the division
    return tf.where(x == 0, 1.0, tf.sin(safe) / safe)

print("gradient:", slope(safe_sinc, points)[1])
# --8<-- [end:cure]

# --8<-- [start:branches]
zero = tf.constant([0.0])
for name, function in {
    "log(x)": lambda x: tf.where(x > 0, tf.math.log(x), 0.0),
    "1 / x": lambda x: tf.where(x > 0, 1 / x, 0.0),
    "x ** 0.5": lambda x: tf.where(x > 0, x**0.5, 0.0),
    "sqrt(x)": lambda x: tf.where(x > 0, tf.sqrt(x), 0.0),
}.items():
    print(f"{name:9}", slope(function, zero)[1])
# --8<-- [end:branches]

# --8<-- [start:top_k]
best = tf.math.top_k(scores, k=3)
print(best.values[0].numpy(), best.indices[0].numpy())
for k in 1, 2, 3:
    hit = tf.reduce_any(best.indices[:, :k] == truth[:, tf.newaxis], axis=1)
    tf.debugging.assert_equal(hit, tf.math.in_top_k(truth, scores, k))
    print(f"top {k}: {tf.reduce_mean(tf.cast(hit, tf.float32)):.4f}")
# --8<-- [end:top_k]

# --8<-- [start:undecided]
same = tf.fill([1000, 10], 0.1)
label = tf.fill([1000], 7)
first = tf.math.top_k(same, k=1).indices[:, 0]
print("by hand: ", tf.math.count_nonzero(first == label).numpy())
within = tf.math.in_top_k(label, same, k=1)
print("in_top_k:", tf.math.count_nonzero(within).numpy())
# --8<-- [end:undecided]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:too_many]
    tf.math.top_k(scores, k=11)
    # --8<-- [end:too_many]

# --8<-- [start:sort]
names = tf.constant(["Ada", "Bo", "Cy", "Di", "Ed"])
marks = tf.constant([2, 1, 2, 3, 1])
print(tf.sort(marks, direction="DESCENDING").numpy())
order = tf.argsort(marks, direction="DESCENDING", stable=True)
print(order.numpy(), tf.gather(names, order).numpy())
grid = tf.constant([[3, 1, 2], [9, 7, 8]])
print(tf.sort(grid).numpy().tolist())
print(tf.sort(grid[::-1], axis=0).numpy().tolist())
# --8<-- [end:sort]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:sort_text]
    tf.sort(names)
    # --8<-- [end:sort_text]

# --8<-- [start:unique]
words = tf.constant("the cat saw the dog and the dog saw me".split())
found, position, count = tf.unique_with_counts(words)
for word, number in zip(found.numpy(), count.numpy()):
    print(f"{word.decode()}: {number}", end="  ")
print()
print(position.numpy())
tf.debugging.assert_equal(tf.gather(found, position), words)
print("NumPy:     ", np.unique([5, 3, 5, 9]))
print("TensorFlow:", tf.unique([5, 3, 5, 9]).y.numpy())
# --8<-- [end:unique]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:unique2d]
    tf.unique([[1, 2], [1, 2], [0, 1]])
    # --8<-- [end:unique2d]

# --8<-- [start:unique_rows]
rows = tf.constant([[1, 2], [1, 2], [0, 1]])
print(tf.raw_ops.UniqueV2(x=rows, axis=[0]).y.numpy().tolist())
# --8<-- [end:unique_rows]

# --8<-- [start:confusion]
pairs = truth * 10 + guesses  # one number for each pair
by_hand = tf.reshape(tf.math.bincount(pairs, minlength=100), [10, 10])
rows, columns = tf.one_hot(truth, 10), tf.one_hot(guesses, 10)
by_product = tf.matmul(rows, columns, transpose_a=True)
library = tf.math.confusion_matrix(truth, guesses)
tf.debugging.assert_equal(by_hand, library)
tf.debugging.assert_equal(tf.cast(by_product, tf.int32), library)
title = "truth down, guess across"
fill = np.where(library > 4, np.where(np.eye(10), 0, 1), -1)
show_cells({title: library}, colors={title: fill})
# --8<-- [end:confusion]

# --8<-- [start:worst]
off = tf.linalg.set_diag(library, tf.zeros([10], tf.int32))
most = tf.math.top_k(tf.reshape(off, [-1]), k=3)
for count, place in zip(most.values, most.indices):
    print(f"{place // 10} taken for {place % 10}: {count} times")
# --8<-- [end:worst]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:old]
    tf.arg_max(scores, dimension=1)
    # --8<-- [end:old]

# --8<-- [start:new]
print(tf.argmax(scores, axis=1).shape)
# --8<-- [end:new]

# --8<-- [start:rank]
import matplotlib.pyplot as plt

order = tf.argsort(scores, direction="DESCENDING")
rank = tf.argmax(order == truth[:, tf.newaxis], axis=1)
at_most = [tf.reduce_mean(tf.cast(rank < k, tf.float32)) for k in range(1, 11)]
tf.debugging.assert_near(at_most[1], tf.reduce_mean(
    tf.cast(tf.math.in_top_k(truth, scores, 2), tf.float32)))
plt.figure(figsize=(6.4, 2.4))
plt.bar(range(1, 11), at_most)
plt.ylim(0.8, 1)
plt.xlabel("k")
plt.ylabel("top-k accuracy")
# --8<-- [end:rank]


# --8<-- [start:entropy]
def entropy(p):
    return -tf.reduce_sum(tf.where(p > 0, p * tf.math.log(p), 0.0))

def safe_entropy(p):
    safe = tf.where(p > 0, p, 1.0)
    return -tf.reduce_sum(tf.where(p > 0, p * tf.math.log(safe), 0.0))

p = tf.constant([0.5, 0.5, 0.0])
for function in entropy, safe_entropy, lambda p: -tf.reduce_sum(tf.math.xlogy(p, p)):
    print(*slope(function, p))
# --8<-- [end:entropy]

# --8<-- [start:keep]
grid = tf.constant([[3.0, 9.0, 4.0, 1.0], [8.0, 8.0, 7.0, 8.0]])
best = tf.math.top_k(grid, k=2)
print(tf.where(grid >= best.values[:, -1:], grid, 0.0).numpy())
mask = tf.reduce_sum(tf.one_hot(best.indices, depth=4), axis=1)
print((grid * mask).numpy())
# --8<-- [end:keep]
