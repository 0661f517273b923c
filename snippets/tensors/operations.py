import contextlib

# --8<-- [start:perfect]
import tensorflow as tf

price = tf.constant([1.0, 2.0, 3.0, 4.0])
predicted = tf.constant([[1.0], [2.0], [3.0], [4.0]])  # as a model returns it
error = tf.reduce_mean((predicted - price) ** 2)
print("mean squared error:", error.numpy())
# --8<-- [end:perfect]

# --8<-- [start:elementwise]
x = tf.constant([[1, 2], [3, 4]])
y = tf.constant([[10, 20], [30, 40]])
print("x + y\n", (x + y).numpy())
print("x * y\n", (x * y).numpy())
print("x @ y\n", (x @ y).numpy())
# --8<-- [end:elementwise]

# --8<-- [start:integers]
x, y = tf.constant([7, -7]), tf.constant(2)
for sign, result in {"/": x / y, "//": x // y, "%": x % y}.items():
    print(f"[7, -7] {sign:2} 2 =", result.numpy(), result.dtype.name)
print("mean of 1, 2, 2 =", tf.reduce_mean([1, 2, 2]).numpy())
# --8<-- [end:integers]

# --8<-- [start:matmul]
from tfnotes.draw.cells import show_cells

a = tf.constant([[1, 2, 3], [4, 5, 6]])
b = tf.constant([[1, 0, 2, 1], [0, 1, 1, 3], [2, 1, 0, 1]])
show_cells(
    {"a  (2, 3)": a, "b  (3, 4)": b, "a @ b  (2, 4)": a @ b}, joins="@=",
    colors={"a  (2, 3)": [[-1], [0]], "b  (3, 4)": [-1, -1, 1, -1],
            "a @ b  (2, 4)": [[-1, -1, -1, -1], [-1, -1, 2, -1]]},
)
by_hand = [[tf.reduce_sum(row * column) for column in tf.transpose(b)]
           for row in a]
tf.debugging.assert_equal(by_hand, a @ b)
# --8<-- [end:matmul]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:inner]
    tf.matmul(a, a)
    # --8<-- [end:inner]

# --8<-- [start:tensordot]
marks = tf.constant([[5.0, 3.0, 4.0], [4.0, 4.0, 2.0]])  # (student, subject)
weight = tf.constant([0.5, 0.25, 0.25])  # (subject,)
one = tf.tensordot(marks, weight, axes=[[1], [0]])
two = tf.einsum("ij,j->i", marks, weight)
three = tf.linalg.matvec(marks, weight)
tf.debugging.assert_near(one, two)
tf.debugging.assert_near(one, three)
print(one.numpy())

film = tf.random.uniform([6, 20, 30, 3])
grey = tf.tensordot(film, tf.constant([0.30, 0.59, 0.11]), axes=[[-1], [0]])
print(film.shape, "->", grey.shape)
# --8<-- [end:tensordot]

# --8<-- [start:draw_broadcast]
from tfnotes.draw.cells import show_broadcast

column = tf.constant([[0], [10], [20]])
row = tf.constant([1, 2, 3, 4])
show_broadcast(column, row)
# --8<-- [end:draw_broadcast]

# --8<-- [start:rule]
from itertools import product, zip_longest

def meet(left, right):
    shape = []
    for m, n in zip_longest(reversed(left), reversed(right), fillvalue=1):
        if m != n and 1 not in (m, n):
            return None
        shape.insert(0, n if m == 1 else m)
    return tuple(shape)

shapes = [s for rank in range(4) for s in product((1, 2, 3), repeat=rank)]
refused = 0
for left, right in product(shapes, repeat=2):
    try:
        answer = tuple((tf.zeros(left) + tf.zeros(right)).shape)
    except tf.errors.InvalidArgumentError:
        answer, refused = None, refused + 1
    assert answer == meet(left, right)
print("pairs of shapes tried:", len(shapes) ** 2, " refused:", refused)
# --8<-- [end:rule]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:refused]
    tf.zeros([2, 3]) + tf.zeros([2])
    # --8<-- [end:refused]

# --8<-- [start:why]
show_broadcast(predicted, -price)
# --8<-- [end:why]

# --8<-- [start:worse]
average = tf.fill([4, 1], tf.reduce_mean(price))
print("perfect model:     ", tf.reduce_mean((predicted - price) ** 2).numpy())
print("always the average:", tf.reduce_mean((average - price) ** 2).numpy())
# --8<-- [end:worse]

# --8<-- [start:cure]
flat = tf.squeeze(predicted, axis=-1)
keras_loss = tf.keras.losses.MeanSquaredError()
print("by hand, shapes equal:", tf.reduce_mean((flat - price) ** 2).numpy())
print("Keras, shapes unequal:", keras_loss(price, predicted).numpy())
# --8<-- [end:cure]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:tripwire]
    tf.debugging.assert_shapes([(predicted, ("n",)), (price, ("n",))])
    # --8<-- [end:tripwire]

# --8<-- [start:draw_reduce]
from tfnotes.draw.cells import show_reduce

z = tf.constant([[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]])
show_reduce(z)
tf.debugging.assert_equal(tf.reduce_sum(z, axis=0), [13, 13, 11, 15])
tf.debugging.assert_equal(tf.reduce_sum(z, axis=1), [9, 22, 21])
# --8<-- [end:draw_reduce]

# --8<-- [start:reduce]
batch = tf.random.uniform([32, 28, 28, 3])
for axis in (None, 0, -1, [1, 2], [0, 1, 2]):
    print(f"axis={axis!s:10} {tf.reduce_mean(batch, axis=axis).shape}")
means = tf.reduce_mean(batch, axis=[1, 2], keepdims=True)
print("keepdims       ", means.shape)
left = tf.reduce_mean(batch - means, axis=[1, 2])
tf.debugging.assert_near(left, tf.zeros([32, 3]), atol=1e-6)
# --8<-- [end:reduce]

# --8<-- [start:draw_reshape]
t = tf.reshape(tf.range(6), [2, 3])
shown = {"t  (2, 3)": t, "reshape  (3, 2)": tf.reshape(t, [3, 2]),
         "transpose  (3, 2)": tf.transpose(t)}
show_cells(shown, colors={name: table // 3 for name, table in shown.items()})
# --8<-- [end:draw_reshape]

# --8<-- [start:photo]
import matplotlib.pyplot as plt
from sklearn.datasets import load_sample_image

photo = tf.constant(load_sample_image("china.jpg")[::4, ::4])
pictures = {"photo": photo,
            "transpose": tf.transpose(photo, perm=[1, 0, 2]),
            "reshape": tf.reshape(photo, [160, 107, 3])}
figure, axes = plt.subplots(1, 3, figsize=(6.4, 2.6), width_ratios=[3, 2, 2])
for axis, (name, picture) in zip(axes, pictures.items()):
    axis.imshow(picture)
    axis.set_axis_off()
    axis.set_title(f"{name}\n{tuple(picture.shape)}")
# --8<-- [end:photo]

# --8<-- [start:axes]
v = tf.constant([1, 2, 3])
print("v[:, tf.newaxis]      ", v[:, tf.newaxis].shape)
print("tf.expand_dims(v, 0)  ", tf.expand_dims(v, 0).shape)
print("tf.reshape(v, [-1, 1])", tf.reshape(v, [-1, 1]).shape)
print("tf.squeeze([[[1, 2]]])", tf.squeeze([[[1, 2]]]).shape)
print(v[:, tf.newaxis] * v)
# --8<-- [end:axes]

# --8<-- [start:draw_join]
p, q = tf.zeros([2, 3], tf.int32), tf.ones([2, 3], tf.int32)
joined = {"concat, axis=0": tf.concat([p, q], axis=0),
          "concat, axis=1": tf.concat([p, q], axis=1),
          "stack, axis=0": tf.stack([p, q], axis=0),
          "stack, axis=-1": tf.stack([p, q], axis=-1)}
titled = {f"{name}\n{tuple(t.shape)}": t for name, t in joined.items()}
show_cells(titled, colors=titled)
# --8<-- [end:draw_join]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:old]
    tf.reduce_sum(z, axis=1, keep_dims=True)
    # --8<-- [end:old]

# --8<-- [start:new]
tf.reduce_sum(z, axis=1, keepdims=True)
# --8<-- [end:new]

# --8<-- [start:table]
n = tf.range(1, 10)
products = n[:, tf.newaxis] * n
print("sum of the table:", tf.reduce_sum(products).numpy())
print("square of the sum:", tf.reduce_sum(n).numpy() ** 2)
ending = tf.where(products % 10 == 0, 0, -1)
show_cells({"9 x 9": products}, colors={"9 x 9": ending})
# --8<-- [end:table]

# --8<-- [start:distances]
points = tf.random.normal([300, 64])
centres = tf.random.normal([200, 64])
gaps = points[:, tf.newaxis] - centres
slow = tf.reduce_sum(gaps**2, axis=-1)

p2, c2 = (tf.reduce_sum(m**2, axis=-1) for m in (points, centres))
fast = p2[:, tf.newaxis] + c2 - 2 * points @ tf.transpose(centres)
tf.debugging.assert_near(slow, fast, rtol=1e-4)
print("broadcasting:", f"{tf.size(gaps):,} numbers")
print("by products: ", f"{tf.size(fast):,} numbers")
# --8<-- [end:distances]

# --8<-- [start:silent]
print(tf.ones([3]) == tf.ones([4]))
print(tf.ones([3]) == tf.ones([1]))
print(tf.ones([3]) == tf.ones([3, 1]))
# --8<-- [end:silent]
