import contextlib

# --8<-- [start:dimes]
import tensorflow as tf

for dtype in tf.float64, tf.float32, tf.float16, tf.bfloat16:
    coins = tf.fill([10_000], tf.cast(0.1, dtype))
    till = tf.cumsum(coins)  # the till after each coin
    print(f"{dtype.name:8} {float(till[-1]):.7g}")
# --8<-- [end:dimes]

# --8<-- [start:till]
import matplotlib.pyplot as plt

plt.figure(figsize=(6.4, 2.8))
for dtype in tf.float32, tf.float16, tf.bfloat16:
    till = tf.cumsum(tf.fill([10_000], tf.cast(0.1, dtype)))
    plt.plot(tf.cast(till, tf.float32), label=dtype.name)
plt.xlabel("coins put in")
plt.ylabel("sum so far")
plt.legend()
# --8<-- [end:till]


# --8<-- [start:line]
def all_between(low, high, dtype):
    ends = tf.bitcast(tf.constant([low, high], dtype), tf.uint16)
    patterns = tf.range(int(ends[0]), int(ends[1]) + 1)
    numbers = tf.bitcast(tf.cast(patterns, tf.uint16), dtype)
    return tf.cast(numbers, tf.float32).numpy()

rows = {"float16": all_between(250, 262, tf.float16),
        "bfloat16": all_between(250, 262, tf.bfloat16)}
plt.figure(figsize=(6.4, 1.6))
plt.eventplot(rows.values(), colors=["C0", "C1"], linelengths=0.6)
plt.yticks([0, 1], rows)
plt.xticks(range(250, 263))
print({name: len(numbers) for name, numbers in rows.items()})
# --8<-- [end:line]


# --8<-- [start:gap]
WIDTH = {2: tf.uint16, 4: tf.uint32, 8: tf.uint64}

def gap(number, dtype):
    bits = WIDTH[dtype.size]
    here = tf.constant(number, dtype)
    above = tf.bitcast(tf.bitcast(here, bits) + tf.constant(1, bits), dtype)
    return tf.cast(above, tf.float64) - tf.cast(here, tf.float64)

print("float16  at 200:", float(gap(200, tf.float16)))
print("float16  at 256:", float(gap(256, tf.float16)))
print("bfloat16 at  32:", float(gap(32, tf.bfloat16)))
print("float32  at 999:", float(gap(999, tf.float32)))
# --8<-- [end:gap]

# --8<-- [start:staircase]
import numpy as np

def top(dtype):
    return min(np.log2(float(dtype.max)), 60)

plt.figure(figsize=(6.4, 3.4))
for dtype in tf.bfloat16, tf.float16, tf.float32, tf.float64:
    size = 2.0 ** np.arange(-20, top(dtype), 0.5)
    plt.step(size, gap(size, dtype), where="post", label=dtype.name)
plt.axhline(1, color="grey", linestyle=":")
plt.loglog(base=2)
plt.yticks(2.0 ** np.arange(-60, 61, 20))
plt.xlabel("size of the number")
plt.ylabel("gap to the next one")
plt.legend()
# --8<-- [end:staircase]

# --8<-- [start:limits]
from decimal import Decimal  # exact, so that it can judge the others

kinds = tf.bfloat16, tf.float16, tf.float32, tf.float64
print(f"{'':10}{'bytes':>5}{'largest':>12}{'gap at 1':>10}{'0.1 is off by':>15}")
for dtype in kinds:
    tenth = float(tf.cast(tf.constant(0.1, dtype), tf.float64))
    off = abs(Decimal(tenth) - Decimal("0.1"))
    print(f"{dtype.name:10}{dtype.size:5}{float(dtype.max):12.5g}"
          f"{float(gap(1, dtype)):10.1e}{off:15.1e}")
print(tf.constant(70_000.0, tf.float16), tf.constant(1e-8, tf.float16))
for dtype in *kinds, tf.int8:
    print(f"7 billion weights in {dtype.name:8} {7 * dtype.size:3} GB")
# --8<-- [end:limits]

# --8<-- [start:tenths]
for dtype in tf.float32, tf.float64:
    a, b, c = (tf.constant(x, dtype) for x in (0.1, 0.2, 0.3))
    print(f"{dtype.name}: equal {bool(a + b == c)}, apart {float(a + b - c):.1e}")
    tf.debugging.assert_near(a + b, c)
# --8<-- [end:tenths]

# --8<-- [start:order]
pile = tf.cast([2048] + [1] * 1000, tf.float16)
print("large one first:", float(tf.cumsum(pile)[-1]))
print("large one last: ", float(tf.cumsum(pile[::-1])[-1]))
# --8<-- [end:order]

# --8<-- [start:sum]
print("reduce_sum:", float(tf.reduce_sum(pile)))
# --8<-- [end:sum]

# --8<-- [start:mean]
ones = tf.ones([70_000], tf.float16)
print(tf.reduce_mean(ones))
print(tf.reduce_mean(tf.cast(ones, tf.float32)))
# --8<-- [end:mean]

# --8<-- [start:truncate]
x = tf.constant([2.7, -2.7, 0.5, 1.5, 2.5])
print("cast: ", tf.cast(x, tf.int32).numpy())
print("floor:", tf.cast(tf.floor(x), tf.int32).numpy())
print("round:", tf.cast(tf.round(x), tf.int32).numpy())
# --8<-- [end:truncate]

# --8<-- [start:wrap]
print("cast:    ", tf.cast([255, 256, 300, -1], tf.uint8).numpy())
print("saturate:", tf.saturate_cast([255, 256, 300, -1], tf.uint8).numpy())
print("add:     ", (tf.constant([250], tf.uint8) + 10).numpy())
print("constant:", tf.constant(300, tf.uint8).numpy())
# --8<-- [end:wrap]

# --8<-- [start:photo]
from sklearn.datasets import load_sample_image

photo = tf.constant(load_sample_image("china.jpg")[::4, ::4])
wrapped = photo + 70
bright = tf.saturate_cast(tf.cast(photo, tf.int32) + 70, tf.uint8)
figure, axes = plt.subplots(1, 3, figsize=(6.4, 1.7))
titles = "photo", "photo + 70", "saturate_cast"
for axis, picture, title in zip(axes, (photo, wrapped, bright), titles):
    axis.imshow(picture)
    axis.set_title(title)
    axis.set_axis_off()
# --8<-- [end:photo]

# --8<-- [start:outside]
strange = tf.constant([1e10, -1e10, float("nan"), float("inf")])
print(tf.cast(strange, tf.int32).numpy())
print(tf.saturate_cast(strange, tf.int32).numpy())
# --8<-- [end:outside]

# --8<-- [start:identifiers]
customers = tf.constant([16777215, 16777216, 16777217, 16777218])
as_float = tf.cast(customers, tf.float32)
print(tf.cast(as_float, tf.int32).numpy())
print("gap there:", float(gap(2.0**24, tf.float32)))
# --8<-- [end:identifiers]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:refused]
    counts = tf.constant([1, 2])
    counts * tf.constant([1.5, 2.5])
    # --8<-- [end:refused]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:python]
    print(tf.constant([1.5, 2.5]) * 2)  # a Python int fits into float32
    counts * 1.5
    # --8<-- [end:python]

# --8<-- [start:numpy]
print(counts * np.array([1.5, 2.5]))
# --8<-- [end:numpy]

# --8<-- [start:border]
rates = tf.convert_to_tensor(np.array([1.5, 2.5]), tf.float32)
print(tf.cast(counts, tf.float32) * rates)
# --8<-- [end:border]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:old]
    tf.to_float(counts)
    # --8<-- [end:old]

# --8<-- [start:new]
print(tf.cast(counts, tf.float32))
# --8<-- [end:new]

# --8<-- [start:others]
right = tf.constant([True, True, False, True])
print("accuracy:", tf.reduce_mean(tf.cast(right, tf.float32)).numpy())
print("truth:   ", tf.cast([0.0, 0.2, -3.0], tf.bool).numpy())
print("number:  ", tf.strings.to_number(["3.5", "-2"]).numpy())
print("root:    ", tf.sqrt(tf.constant(-4 + 0j)).numpy())
print("real:    ", tf.cast(tf.constant(3 + 4j), tf.float64).numpy())
# --8<-- [end:others]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:string]
    tf.cast(["3.5", "-2"], tf.float32)
    # --8<-- [end:string]


# --8<-- [start:counting]
for dtype in tf.bfloat16, tf.float16:
    n, one = tf.constant(0, dtype), tf.constant(1, dtype)
    while n + one != n:
        n = n + one
    print(f"{dtype.name:8} {float(n):.0f}, gap {float(gap(n, dtype)):.0f}")
# --8<-- [end:counting]

# --8<-- [start:update]
for dtype in tf.bfloat16, tf.float16, tf.float32:
    weight = tf.Variable(1.0, dtype=dtype)
    for _ in range(100):
        weight.assign_sub(tf.constant(1e-4, dtype))
    print(f"{dtype.name:8} {float(weight.numpy()):.4f}")
# --8<-- [end:update]


# --8<-- [start:kahan]
@tf.function
def kahan(numbers):
    total = lost = tf.zeros([], numbers.dtype)
    for number in numbers:
        number -= lost
        bigger = total + number
        lost = (bigger - total) - number
        total = bigger
    return total

coins = tf.fill([10_000], tf.cast(0.1, tf.float16))
print("cumsum:", float(tf.cumsum(coins)[-1]))
print("kahan: ", float(kahan(coins)))
print("true:  ", float(tf.reduce_sum(tf.cast(coins, tf.float64))))
# --8<-- [end:kahan]

# --8<-- [start:switch]
import tensorflow.experimental.numpy as tnp

counts = tf.constant([1, 2], tf.int32)
tnp.experimental_enable_numpy_behavior()
print(counts * tf.constant([1.5, 2.5], tf.float32))
print(counts * np.array([1.5, 2.5]))
print(counts.T, counts[[1, 0]])
# --8<-- [end:switch]


# --8<-- [start:modes]
def outcome(first, second):
    try:
        return (tf.ones([1], first) + tf.ones([1], second)).dtype.name
    except (TypeError, tf.errors.InvalidArgumentError):
        return "refused"

pairs = [("int8", "int32"), ("int32", "float32"), ("int64", "float32"),
         ("float16", "float32"), ("float16", "bfloat16")]
modes = "legacy", "all", "safe"
table = {}
for mode in modes:
    tnp.experimental_enable_numpy_behavior(dtype_conversion_mode=mode)
    table[mode] = [outcome(*pair) for pair in pairs]
print(f"{'':18}", *(f"{mode:7}" for mode in modes))
for row, pair in enumerate(pairs):
    print(f"{' + '.join(pair):18}", *(f"{table[mode][row]:7}" for mode in modes))
# --8<-- [end:modes]
