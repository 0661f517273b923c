import contextlib

# --8<-- [start:cuts]
import matplotlib.pyplot as plt
import tensorflow as tf
from sklearn.datasets import load_sample_image

photo = tf.constant(load_sample_image("china.jpg"))
cuts = {
    "photo": photo,
    "photo[:, ::-1]": photo[:, ::-1],
    "photo[20:240, 60:390]": photo[20:240, 60:390],
    "photo[::16, ::16]": photo[::16, ::16],
    "photo[..., 0]": photo[..., 0],
    "photo[..., ::-1]": photo[..., ::-1],
}
figure, axes = plt.subplots(2, 3, figsize=(6.4, 3.4))
for axis, (code, cut) in zip(axes.flat, cuts.items()):
    axis.imshow(cut, cmap="gray")
    axis.set_axis_off()
    axis.set_title(f"{code}\n{tuple(cut.shape)}")
# --8<-- [end:cuts]

# --8<-- [start:row]
from tfnotes.draw.cells import show_selection

v = tf.range(10, 18)
picks = {"v[2]": v[2], "v[-2]": v[-2], "v[2:5]": v[2:5], "v[:3]": v[:3],
         "v[-3:]": v[-3:], "v[1::3]": v[1::3]}
show_selection(v, picks)
# --8<-- [end:row]

# --8<-- [start:grid]
x = tf.reshape(tf.range(12), [3, 4])
picks = {"x[1]": x[1], "x[:, 1]": x[:, 1], "x[1:, 2:]": x[1:, 2:],
         "x[::2, ::3]": x[::2, ::3], "x[-1, -1]": x[-1, -1],
         "x[:2, -1:]": x[:2, -1:]}
show_selection(x, picks)
# --8<-- [end:grid]

# --8<-- [start:shapes]
print("x[1]              ", x[1].shape)
print("x[1:2]            ", x[1:2].shape)
print("x[1, tf.newaxis]  ", x[1, tf.newaxis].shape)
print("x[:, 1]           ", x[:, 1].shape)
print("x[:, 1:2]         ", x[:, 1:2].shape)
# --8<-- [end:shapes]

# --8<-- [start:ellipsis]
# (examples, frames, height, width, channels)
films = tf.random.uniform([4, 6, 20, 30, 3])
print(films[..., 0].shape, "the red channel")
print(films[:, -1].shape, "the last frame of each")
print(films[..., ::2, ::2, :].shape, "half the resolution")
tf.debugging.assert_equal(films[..., 0], films[:, :, :, :, 0])
# --8<-- [end:ellipsis]

# --8<-- [start:parentheses]
print(x[1:, 2:].numpy)
# --8<-- [end:parentheses]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:outside]
    print(x[1:100].shape, x[5:9].shape)
    x[100]
    # --8<-- [end:outside]

# --8<-- [start:list]
print("NumPy:     ", x.numpy()[[0, 2]].tolist())
print("TensorFlow:", x[[0, 2]].numpy().tolist())
# --8<-- [end:list]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:tensor]
    x[tf.constant([0, 2])]
    # --8<-- [end:tensor]

# --8<-- [start:gather]
show_selection(x, {"gather(x, [0, 2])": tf.gather(x, [0, 2]),
                   "gather(x, [3, 0], axis=1)": tf.gather(x, [3, 0], axis=1)})
print(tf.gather(x, [2, 0, 0]))
# --8<-- [end:gather]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:negative]
    tf.gather(x, [-1])
    # --8<-- [end:negative]

# --8<-- [start:embedding]
table = tf.random.normal([5, 3])  # one row for each of five words
words = tf.constant([4, 1, 1])
looked_up = tf.gather(table, words)
multiplied = tf.one_hot(words, depth=5) @ table
tf.debugging.assert_equal(looked_up, multiplied)
print(words.numpy(), "->", looked_up.shape)
# --8<-- [end:embedding]

# --8<-- [start:scores]
scores = tf.constant([[0.1, 0.7, 0.2],
                      [0.6, 0.3, 0.1],
                      [0.2, 0.2, 0.6]])
labels = tf.constant([1, 2, 2])
print(tf.gather(scores, labels, axis=1).shape)
print(tf.gather(scores, labels, axis=1, batch_dims=1).numpy())
# --8<-- [end:scores]

with contextlib.suppress(Exception):  # an error on a CPU
    # --8<-- [start:gpu-gather]
    with tf.device("GPU"):
        row = tf.constant([10.0, 20.0, 30.0, 40.0])
        print(tf.gather(row, [3, -1, 4]).numpy())
    # --8<-- [end:gpu-gather]
# --8<-- [start:gather_nd]
places = tf.constant([[0, 3], [1, 1], [2, 0]])
show_selection(x, {"gather_nd": tf.gather_nd(x, places)})
print(tf.gather_nd(x, places).numpy())
pairs = tf.stack([tf.range(3), labels], axis=1)
right = tf.gather(scores, labels, axis=1, batch_dims=1)
tf.debugging.assert_equal(tf.gather_nd(scores, pairs), right)
# --8<-- [end:gather_nd]

# --8<-- [start:mask]
even = x % 2 == 0
show_selection(x, {"x % 2 == 0": tf.boolean_mask(x, even)})
tf.debugging.assert_equal(x[even], tf.boolean_mask(x, even))
print(x[even].numpy())
print(tf.where(even, x, -1).numpy())
# --8<-- [end:mask]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:assign]
    x[1, 1] = 50
    # --8<-- [end:assign]

# --8<-- [start:scatter]
from tfnotes.draw.cells import show_cells

changed = tf.tensor_scatter_nd_update(x, [[1, 1], [2, 3]], [50, 60])
new = tf.where(changed == x, -1, 1)
show_cells({"x": x, "changed": changed}, colors={"changed": new})
# --8<-- [end:scatter]

# --8<-- [start:gradient]
w = tf.Variable([10.0, 20.0, 30.0, 40.0])
with tf.GradientTape() as tape:
    total = tf.reduce_sum(tf.gather(w, [2, 2, 0]))
gradient = tape.gradient(total, w)
print(type(gradient).__name__, "for", gradient.indices.numpy())
print(tf.convert_to_tensor(gradient).numpy())
# --8<-- [end:gradient]

# --8<-- [start:cost]
import numpy as np

def first(tensor):
    return np.asarray(memoryview(tensor)).ctypes.data  # its address

def inside(part, whole):
    size = whole.shape.num_elements() * whole.dtype.size
    return 0 <= first(part) - first(whole) < size

big = tf.random.uniform([4096, 4096])
array, shares = big.numpy(), np.shares_memory
print("              TensorFlow, NumPy")
print("big[512:]    ", inside(big[512:], big), shares(array[512:], array))
print("big[:, 512:] ", inside(big[:, 512:], big), shares(array[:, 512:], array))
print("big[::2]     ", inside(big[::2], big), shares(array[::2], array))
for width in 4096, 4095, 4080:
    t = tf.zeros([64, width])
    print("t[1:], rows of", width * 4 / 64, "x 64 bytes:", inside(t[1:], t))
# --8<-- [end:cost]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:old]
    tf.scatter_update(w, [1], [21.0])
    # --8<-- [end:old]

# --8<-- [start:variable]
w[1].assign(21.0)
w[2:].assign([31.0, 41.0])
print(w.numpy())
# --8<-- [end:variable]

# --8<-- [start:checker]
half = photo[:, :320]
frame = tf.concat([half, half[:, ::-1]], axis=1)
tf.debugging.assert_equal(frame, frame[:, ::-1])
plt.figure(figsize=(3.2, 2.1))
plt.axis("off")
plt.imshow(frame)
# --8<-- [end:checker]

# --8<-- [start:histogram]
labels = tf.constant([2, 0, 2, 1, 2])
places, ones = labels[:, tf.newaxis], tf.ones_like(labels)
empty = tf.zeros([4], tf.int32)
counts = tf.tensor_scatter_nd_add(empty, places, ones)
tf.debugging.assert_equal(counts, tf.math.bincount(labels, minlength=4))
print("added:  ", counts.numpy())
updated = tf.tensor_scatter_nd_update(empty, places, ones)
print("updated:", updated.numpy())
# --8<-- [end:histogram]

# --8<-- [start:best]
best = tf.argmax(scores, axis=1)
print(tf.gather(scores, best, axis=1, batch_dims=1).numpy())
print(tf.reduce_max(scores, axis=1).numpy())
# --8<-- [end:best]
