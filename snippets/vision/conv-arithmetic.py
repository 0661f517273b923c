"""The arithmetic of convolution: sizes, padding, counts, the field that one output reads."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes.draw.cells import show_cells

layers = tf.keras.layers


def output_size(n, kernel, stride=1, dilation=1, padding="valid"):
    span = (kernel - 1) * dilation + 1  # cells from a window's first to last
    places = n if padding == "same" else n - span + 1
    return -(-places // stride)  # divided, and rounded up


image = tf.random.normal([1, 28, 28, 3])
print(layers.Conv2D(8, 5, strides=2)(image).shape)
print("by the formula:", output_size(28, kernel=5, stride=2))
# --8<-- [end:smallest]

# --8<-- [start:grid]
from collections import Counter
from itertools import product

outcomes = Counter()
sizes, kernels = range(5, 13), (1, 2, 3, 5)
strides, dilations = (1, 2, 3), (1, 2, 3)
for n, k, s, d, padding in product(
    sizes, kernels, strides, dilations, ("valid", "same")
):
    expected = output_size(n, k, s, d, padding)
    try:
        layer = layers.Conv2D(1, k, s, padding, dilation_rate=d)
        y = layer(tf.ones([1, n, n, 1]))
        outcomes["agree" if y.shape[1] == expected else "differ"] += 1
    except ValueError as error:
        if "strides > 1" in str(error):
            outcomes["refused: stride with dilation"] += 1
        elif expected <= 0 and "zero or negative" in str(error):
            outcomes["refused, as by the formula nothing is left"] += 1
for outcome, cases in outcomes.items():
    print(f"{cases:5} {outcome}")
print(f"{outcomes.total():5} in all")
# --8<-- [end:grid]

# --8<-- [start:tf-nn]
outcomes = Counter()
for n, k, s, d, padding in product(
    sizes, kernels, (2, 3), (2, 3), ("valid", "same")
):
    expected = output_size(n, k, s, d, padding)
    if expected > 0:
        x, kernel = tf.ones([1, n, n, 1]), tf.ones([k, k, 1, 1])
        y = tf.nn.conv2d(x, kernel, s, padding.upper(), dilations=d)
        outcomes[y.shape[1] == expected] += 1
print(dict(outcomes))
# --8<-- [end:tf-nn]


# --8<-- [start:padding]
def same_padding(n, kernel, stride=1, dilation=1):
    span = (kernel - 1) * dilation + 1
    last = (output_size(n, kernel, stride, dilation, "same") - 1) * stride
    total = max(last + span - n, 0)
    return total // 2, total - total // 2  # the odd cell comes behind


def padded_row(before, after, kernel=3, stride=2):
    row = np.pad(np.arange(1, 7), (before, after))
    starts = np.arange(0, len(row) - kernel + 1, stride)
    color = np.full(len(row), -1)
    for start in starts:
        color[start : start + kernel] = 0
    color[starts + kernel // 2] = 1  # the middle of each window
    added = np.ones(len(row), bool)
    added[before : before + 6] = False
    return row[None], color[None], added[None]


rows = {
    "valid": padded_row(0, 0),
    "same (TensorFlow)": padded_row(*same_padding(6, 3, 2)),
    "padding=1 (PyTorch)": padded_row(1, 1),
}
show_cells(
    {name: row for name, (row, _, _) in rows.items()},
    colors={name: color for name, (_, color, _) in rows.items()},
    faint={name: added for name, (_, _, added) in rows.items()},
    wrap=9,
)
print("same pads", same_padding(6, 3, 2), "at stride 2,", same_padding(6, 3))
# --8<-- [end:padding]

# --8<-- [start:same-check]
agree = 0
for n, k, s, d in product(sizes, kernels, strides, dilations):
    if s == 1 or d == 1:
        x, kernel = (
            tf.random.normal([1, n, n, 1]),
            tf.random.normal([k, k, 1, 1]),
        )
        around = [same_padding(n, k, s, d)] * 2
        padded = tf.pad(x, [(0, 0), *around, (0, 0)])
        ours = tf.nn.conv2d(padded, kernel, s, "VALID", dilations=d)
        keras = tf.keras.ops.conv(x, kernel, s, "same", dilation_rate=d)
        agree += np.allclose(ours, keras, atol=1e-4)
print("the same numbers in", agree, "cases")
# --8<-- [end:same-check]

# --8<-- [start:porting]
row = tf.reshape(tf.range(1.0, 7), [1, 1, 6, 1])
ones = tf.ones([1, 3, 1, 1])
theirs = tf.pad(row, [(0, 0), (0, 0), (1, 1), (0, 0)])
print("same:     ", tf.nn.conv2d(row, ones, 2, "SAME").numpy().ravel())
print("padding=1:", tf.nn.conv2d(theirs, ones, 2, "VALID").numpy().ravel())
# --8<-- [end:porting]


# --8<-- [start:by-hand]
def convolve(image, kernel, stride=1, groups=1):
    """Each output: a window times a kernel, summed. Also counts the products."""
    k, _, depth, filters = kernel.shape
    size = output_size(len(image), k, stride)
    result, products = np.zeros([size, size, filters]), 0
    for y, x, f in np.ndindex(size, size, filters):
        first = f // (filters // groups) * depth  # the channels of f's group
        top, left = y * stride, x * stride
        window = image[top : top + k, left : left + k, first : first + depth]
        result[y, x, f] = np.sum(window * kernel[..., f])
        products += window.size
    return result, products


x = np.random.default_rng(0).normal(size=[1, 9, 9, 4]).astype(np.float32)
conv = layers.Conv2D(6, 3, strides=2, use_bias=False)
keras = conv(x)
ours, products = convolve(x[0], conv.kernel.numpy(), stride=2)
print("kernel", tuple(conv.kernel.shape), "output", tuple(keras.shape))
print("equal:", np.allclose(ours, keras[0], atol=1e-5), products, "products")
# --8<-- [end:by-hand]

# --8<-- [start:flipped]
impulse = tf.reshape([0.0, 0, 1, 0, 0], [1, 1, 5, 1])
kernel = tf.reshape([1.0, 2, 3], [1, 3, 1, 1])
print("tf.nn.conv2d:", tf.nn.conv2d(impulse, kernel, 1, "SAME").numpy().ravel())
print("np.convolve: ", np.convolve([0.0, 0, 1, 0, 0], [1, 2, 3], "same"))
# --8<-- [end:flipped]

# --8<-- [start:counts]
x = np.random.default_rng(0).normal(size=[1, 10, 10, 32]).astype(np.float32)
kinds = {
    "ordinary": layers.Conv2D(64, 3, use_bias=False),
    "4 groups": layers.Conv2D(64, 3, use_bias=False, groups=4),
    "separable": layers.SeparableConv2D(64, 3, use_bias=False),
}
print("             weights   products   by the loop")
for name, layer in kinds.items():
    y = layer(x)
    weights = [w.numpy() for w in layer.weights]
    products = y.shape[1] * y.shape[2] * layer.count_params()
    if name == "separable":  # a kernel for each channel, then 1 x 1 across
        deep = np.moveaxis(weights[0], 2, 3)
        middle, first = convolve(x[0], deep, groups=32)
        ours, second = convolve(middle, weights[1])
        counted = first + second
    else:
        ours, counted = convolve(x[0], weights[0], groups=layer.groups)
    assert np.allclose(ours, y[0], atol=1e-4)
    print(f"{name:10} {layer.count_params():9} {products:10} {counted:13}")
# --8<-- [end:counts]

# --8<-- [start:share]
for filters in (16, 64, 256, 1024):
    ordinary, separable = 9 * filters * filters, 9 * filters + filters**2
    print(
        f"{filters:5} channels: separable is {separable / ordinary:.3f} of it"
    )
print(f"never below 1/9 = {1 / 9:.3f}")
# --8<-- [end:share]

# --8<-- [start:separable-is]
separable = kinds["separable"]
deep, across = (w.numpy() for w in separable.weights)
whole = deep * across  # (3, 3, 32, 1) * (1, 1, 32, 64)
print("one ordinary kernel:", whole.shape)
same = np.allclose(tf.nn.conv2d(x, whole, 1, "VALID"), separable(x), atol=1e-4)
print("the same output:", same)
# --8<-- [end:separable-is]


# --8<-- [start:field]
def receptive_field(chain):
    """Cells that one output reads, for (kernel, stride, dilation) layer by layer."""
    field, step = 1, 1
    for kernel, stride, dilation in chain:
        field += (kernel - 1) * dilation * step
        step *= stride
    return field


chains = {
    "3 x 3, three times": [(3, 1, 1)] * 3,
    "stride 2 each": [(3, 2, 1)] * 3,
    "dilated 1, 2, 4": [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
    "dilated 4, 4, 4": [(3, 1, 4)] * 3,
}
for name, chain in chains.items():
    print(f"{name:20} {receptive_field(chain):3} x {receptive_field(chain)}")
# --8<-- [end:field]


# --8<-- [start:field-gradient]
def read_by_centre(chain, size=33):
    """How many ways lead from each input cell to the output in the middle."""
    x = y = tf.Variable(tf.zeros([1, size, size, 1]))
    with tf.GradientTape() as tape:
        for kernel, stride, dilation in chain:
            ones = tf.ones([kernel, kernel, 1, 1])
            y = tf.keras.ops.conv(
                y, ones, stride, "same", dilation_rate=dilation
            )
        middle = y[0, y.shape[1] // 2, y.shape[2] // 2, 0]
    return tape.gradient(middle, x)[0, ..., 0].numpy()


figure, axes = plt.subplots(2, 2, figsize=(5.6, 5.8))
for ax, (name, chain) in zip(axes.flat, chains.items()):
    ways = read_by_centre(chain)
    rows = np.flatnonzero(ways.any(axis=1))
    assert rows[-1] - rows[0] + 1 == receptive_field(chain)
    ax.imshow(ways / ways.max(), cmap="Blues", vmin=0, vmax=1)
    ax.set(
        title=f"{name}: {np.count_nonzero(ways)} cells", xticks=[], yticks=[]
    )
# --8<-- [end:field-gradient]

# --8<-- [start:three-threes]
channels = 64
for name, chain in {
    "one 7 x 7": [(7, 1, 1)],
    "three 3 x 3": [(3, 1, 1)] * 3,
}.items():
    weights = sum(k * k * channels * channels for k, _, _ in chain)
    print(f"{name:12} field {receptive_field(chain)}, {weights:,} weights")
# --8<-- [end:three-threes]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:too-small]
    small = tf.keras.Sequential([tf.keras.Input([28, 28, 1])])
    for _ in range(4):
        small.add(layers.Conv2D(8, 3))
        small.add(layers.MaxPooling2D())
    # --8<-- [end:too-small]

# --8<-- [start:shrink]
n, path = 28, [28]
for _ in range(4):
    n = output_size(output_size(n, 3), 2, stride=2)
    path.append(n)
print(path)
# --8<-- [end:shrink]

# --8<-- [start:then]
image = tf.ones([1, 28, 28, 3])
print("Conv2D(8, 3, 3):  ", layers.Conv2D(8, 3, 3)(image).shape)
print("Conv2D(8, (3, 3)):", layers.Conv2D(8, (3, 3))(image).shape)
# --8<-- [end:then]

with contextlib.suppress(tf.errors.InvalidArgumentError):
    # --8<-- [start:no-gradient]
    kernel = tf.Variable(tf.ones([3, 3, 3, 8]))
    with tf.device("CPU"), tf.GradientTape() as tape:
        y = tf.nn.conv2d(image, kernel, 2, "SAME", dilations=2)
        print(y.shape)
        tape.gradient(y, kernel)
    # --8<-- [end:no-gradient]

# --8<-- [start:cost]
print("layer          weights     products   output numbers")
x = image = tf.ones([1, 64, 64, 3])
for filters in (32, 64, 128, 256):
    conv = layers.Conv2D(filters, 3, padding="same", use_bias=False)
    y = conv(x)
    weights, numbers = conv.count_params(), int(tf.size(y))
    products = y.shape[1] * y.shape[2] * weights
    print(f"to {filters:3} {weights:15,} {products:12,} {numbers:12,}")
    x = layers.MaxPooling2D()(y)
dense = layers.Dense(100, use_bias=False)
y = dense(layers.Flatten()(x))
print(f"Dense  {dense.count_params():15,} {dense.count_params():12,} {100:12,}")
# --8<-- [end:cost]

# --8<-- [start:solution-pool]
agree = 0
for n, k, s, padding in product(sizes, kernels, strides, ("valid", "same")):
    if output_size(n, k, s, padding=padding) > 0:
        y = tf.keras.ops.max_pool(tf.ones([1, n, n, 1]), k, s, padding)
        agree += y.shape[1] == output_size(n, k, s, padding=padding)
print(agree, "agree")
# --8<-- [end:solution-pool]

# --8<-- [start:solution-transpose]
for n in (7, 8):
    down = layers.Conv2D(1, 3, strides=2, padding="same")(tf.ones([1, n, n, 1]))
    up = layers.Conv2DTranspose(1, 3, strides=2, padding="same")(down)
    print(n, "->", down.shape[1], "->", up.shape[1])
exact = layers.Conv2DTranspose(
    1, 3, strides=2, padding="same", output_padding=0
)
print("with output_padding=0:", exact(tf.ones([1, 4, 4, 1])).shape[1])
# --8<-- [end:solution-transpose]

# --8<-- [start:solution-pointwise]
x = tf.random.normal([2, 5, 5, 16])
pointwise, dense = layers.Conv2D(8, 1), layers.Dense(8)
y = pointwise(x)
dense.build(x.shape)
dense.kernel.assign(tf.reshape(pointwise.kernel, [16, 8]))
print("a 1 x 1 convolution is a Dense:", np.allclose(y, dense(x), atol=1e-5))
# --8<-- [end:solution-pointwise]
