import contextlib

# --8<-- [start:first]
import tensorflow as tf

temperature = tf.constant(21.5)
week = tf.constant([19.0, 21.5, 22.0, 18.5, 17.0, 20.5, 23.0])
low_high = tf.constant([[11, 19], [12, 22], [15, 22]])
print(temperature)
print(week)
print(low_high)
# --8<-- [end:first]

# --8<-- [start:ranks]
from tfnotes.draw.shapes import show_shapes

show_shapes({
    "rank 0: number": (), "rank 1: row": (4,), "rank 2: table": (3, 4),
    "rank 3: block": (2, 3, 4), "rank 4: row of blocks": (3, 2, 3, 4),
    "rank 5: grid of blocks": (2, 3, 2, 3, 4),
})
# --8<-- [end:ranks]

# --8<-- [start:anatomy]
x = tf.reshape(tf.range(12), [2, 2, 3])
print("shape  ", x.shape)
print("rank   ", x.ndim, "    or as a tensor:", tf.rank(x))
print("axes   ", x.shape[0], x.shape[1], x.shape[-1])
print("numbers", x.shape.num_elements(), "   or as a tensor:", tf.size(x))
print("dtype  ", x.dtype.name)
# --8<-- [end:anatomy]

# --8<-- [start:brackets]
print(tf.constant([[[7, 8, 9]]]).shape)
print(tf.constant([[[7], [8], [9]]]).shape)
print(tf.constant([7]).shape, tf.constant(7).shape)
# --8<-- [end:brackets]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:ragged]
    tf.constant([[1, 2, 3],
                 [4, 5]])
    # --8<-- [end:ragged]

# --8<-- [start:folded]
from tfnotes.draw.cells import show_cells

row = tf.range(12)
table, tall, block = (tf.reshape(row, s) for s in ([3, 4], [4, 3], [2, 2, 3]))
show_cells(
    {"in memory": row, "(3, 4)": table, "(4, 3)": tall, "(2, 2, 3)": block},
    colors={"in memory": row // 4, "(3, 4)": table // 4,
            "(4, 3)": tall // 4, "(2, 2, 3)": block // 4},
    wrap=16,
)
# --8<-- [end:folded]

# --8<-- [start:position]
sizes = block.shape
i, j, k = 1, 0, 2
place = i * (sizes[1] * sizes[2]) + j * sizes[2] + k
assert block[i, j, k] == row[place]
print("block[1, 0, 2] lies at place", place)
strides = block.numpy().strides
print("steps in numbers:", [step // block.dtype.size for step in strides])
# --8<-- [end:position]

# --8<-- [start:address]
import numpy as np

def address(tensor):
    return np.asarray(memoryview(tensor)).ctypes.data

million = tf.random.uniform([1000, 1000])
folded, turned = tf.reshape(million, [10, 100, 1000]), tf.transpose(million)
print("reshape  ", address(folded) == address(million))
print("transpose", address(turned) == address(million))
# --8<-- [end:address]

# --8<-- [start:makers]
made = {
    "tf.zeros([2, 3])": tf.zeros([2, 3]),
    "tf.ones_like(low_high)": tf.ones_like(low_high),
    "tf.fill([2, 3], 7)": tf.fill([2, 3], 7),
    "tf.range(0, 10, 2)": tf.range(0, 10, 2),
    "tf.linspace(0, 1, 5)": tf.linspace(0, 1, 5),
    "tf.eye(2)": tf.eye(2),
    "tf.constant([1, 2.5])": tf.constant([1, 2.5]),
}
for call, t in made.items():
    print(f"{call:24} {t.dtype.name:8} {t.numpy().tolist()}")
# --8<-- [end:makers]

# --8<-- [start:overflow]
print(tf.constant(4_000_000_000))
print(tf.constant(2_000_000_000) * 2)
# --8<-- [end:overflow]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:mixed]
    measured = np.array([0.5, 1.5])
    weights = tf.constant([2.0, 4.0])
    tf.convert_to_tensor(measured) * weights
    # --8<-- [end:mixed]

# --8<-- [start:numpy]
t = tf.convert_to_tensor(measured, dtype=tf.float32)
print(t * weights)
measured[0] = 99.0
print("the tensor still holds", t[0].numpy())
print(type(t.numpy()), np.max(t))
# --8<-- [end:numpy]

# --8<-- [start:table]
from sklearn.datasets import load_iris

iris = load_iris()
flowers = tf.constant(iris.data, tf.float32)
print(flowers.shape, "= (flowers, features)")
print(*iris.feature_names, sep=", ")
print(flowers[0].numpy(), "is one flower")
# --8<-- [end:table]

# --8<-- [start:series]
import matplotlib.pyplot as plt

hour = tf.range(72.0)
day = 2 * np.pi * hour / 24
stations = tf.stack([
    tf.stack([mean - 5 * tf.cos(day), 60 + 25 * tf.cos(day + shift)], axis=-1)
    for mean, shift in [(12.0, 0.0), (18.0, 0.4), (24.0, 0.8)]
])
print(stations.shape, "= (stations, hours, features)")
figure, axes = plt.subplots(1, 2, figsize=(6.4, 2.4))
units = "temperature, °C", "humidity, %"
for feature, axis in enumerate(axes):
    axis.plot(hour, tf.transpose(stations[:, :, feature]))
    axis.set(xlabel="hour", title=units[feature])
# --8<-- [end:series]

# --8<-- [start:digit]
from sklearn.datasets import load_digits

digit = tf.constant(load_digits().images[0], tf.uint8)
figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2))
left.imshow(digit, cmap="gray_r")
right.imshow(digit, alpha=0)
for (r, c), value in np.ndenumerate(digit):
    right.text(c, r, value, ha="center", va="center", size=12)
left.set_axis_off(), right.set_axis_off()
print(digit.shape, "= (height, width)")
# --8<-- [end:digit]

# --8<-- [start:photo]
from sklearn.datasets import load_sample_image

photo = tf.constant(load_sample_image("china.jpg")[::4, ::4])
print(photo.shape, "= (height, width, channels)", photo.dtype.name)
grey = [tf.stack([photo[:, :, c]] * 3, axis=-1) for c in range(3)]
plt.figure(figsize=(6.4, 1.3))
plt.axis("off")
plt.title("photo = red + green + blue")
plt.imshow(tf.concat([photo, *grey], axis=1))
# --8<-- [end:photo]

# --8<-- [start:film]
film = tf.stack([photo[10:90, 16 * n : 16 * n + 80] for n in range(6)])
print(film.shape, "= (frames, height, width, channels)")
plt.figure(figsize=(6.4, 1.2))
plt.axis("off")
plt.imshow(tf.concat(list(film), axis=1))
# --8<-- [end:film]

# --8<-- [start:cost]
kinds = {
    "a photograph, 12 megapixels": [3000, 4000, 3],
    "32 photographs, 224 x 224": [32, 224, 224, 3],
    "a minute of film, 1080p": [60 * 30, 1080, 1920, 3],
}
print(f"{'':28} {'numbers':>15} {'uint8':>9} {'float32':>9}")
for name, shape in kinds.items():
    n = tf.TensorShape(shape).num_elements()
    small, large = (n * t.size / 1e6 for t in (tf.uint8, tf.float32))
    print(f"{name:28} {n:15,} {small:6,.0f} MB {large:6,.0f} MB")
# --8<-- [end:cost]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:frozen]
    week[0] = 25.0
    # --8<-- [end:frozen]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:session]
    with tf.Session() as session:
        print(session.run(week))
    # --8<-- [end:session]

# --8<-- [start:now]
print(week.numpy())
# --8<-- [end:now]

# --8<-- [start:guess_shape]
shape = tf.TensorShape([64, 10, 128, 128, 3])
count = shape.num_elements()
print(f"rank {shape.rank}, {count:,} numbers")
print(f"{count * tf.float32.size / 2**20:.0f} MiB as float32")
# --8<-- [end:guess_shape]

# --8<-- [start:chess]
board = tf.tile([[0, 1], [1, 0]], [4, 4])
print(board.shape)
show_cells({"board": board}, colors={"board": board - 1})
# --8<-- [end:chess]

# --8<-- [start:pixel]
r, c, channel = 50, 60, 2
height, width, channels = photo.shape
place = r * (width * channels) + c * channels + channel
pixels = tf.reshape(photo, [-1])
assert pixels[place] == photo[r, c, channel]
print("place", place, "of", len(pixels), "holds", pixels[place].numpy())
# --8<-- [end:pixel]
