"""tf.data: elements, order, batches, and what a Dataset is when nothing iterates."""

# --8<-- [start:smallest]
import tensorflow as tf

dataset = tf.data.Dataset.from_tensor_slices([3, 1, 4, 1, 5, 9])
for number in dataset.take(2):
    print(number)
print([int(number) for number in dataset])
# --8<-- [end:smallest]


# --8<-- [start:recipe]
def loud(number):
    tf.print("mapping", number)
    return number * 10


recipe = dataset.take(2).map(loud)
print("nothing has run:", recipe.element_spec)
print([int(n) for n in recipe])
print([int(n) for n in recipe])
# --8<-- [end:recipe]

# --8<-- [start:slices]
table = {
    "area": [50.0, 80.0, 120.0],
    "rooms": [[2, 1], [3, 1], [4, 2]],
}
sliced = tf.data.Dataset.from_tensor_slices(table)
whole = tf.data.Dataset.from_tensors(table)
for name, found in {
    "from_tensor_slices": sliced,
    "from_tensors": whole,
}.items():
    shapes = {
        key: spec.shape.as_list() for key, spec in found.element_spec.items()
    }
    print(f"{name}: {len(found)} elements, each {shapes}")
# --8<-- [end:slices]

# --8<-- [start:from-tensors]
prices = tf.data.Dataset.from_tensor_slices([210.0, 340.0, 480.0])
rate = tf.data.Dataset.from_tensors(1.08).repeat()
converted = tf.data.Dataset.zip(prices, rate).map(lambda price, r: price * r)
print([round(float(p), 1) for p in converted])
# --8<-- [end:from-tensors]

# --8<-- [start:frame]
import pandas as pd

frame = pd.DataFrame(
    {
        "area": [50.0, 80.0, 120.0],
        "city": ["Xi'an", "Lyon", "Graz"],
        "sold": [1, 0, 1],
    }
)
labels = frame.pop("sold")
rows = tf.data.Dataset.from_tensor_slices((dict(frame), labels))
for features, sold in rows.batch(2).take(1):
    print({name: column.numpy().tolist() for name, column in features.items()})
    print("sold:", sold.numpy())
# --8<-- [end:frame]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:frame-mixed]
    tf.data.Dataset.from_tensor_slices(frame)
    # --8<-- [end:frame-mixed]

# --8<-- [start:chain]
numbers = tf.data.Dataset.range(10)
odd = numbers.filter(lambda n: n % 2 == 1)
odd_squares = odd.map(lambda n: n * n)
print("squares of the odd ones:", [int(n) for n in odd_squares])
print("skip 1, take 3:", [int(n) for n in odd_squares.skip(1).take(3)])
sizes = [len(batch) for batch in numbers.batch(4)]
print("batches of 4:", sizes)
print(
    "without the rest:", [len(b) for b in numbers.batch(4, drop_remainder=True)]
)
# --8<-- [end:chain]


# --8<-- [start:python-in-map]
five = tf.data.Dataset.range(5)
calls = []


def in_python(n):
    calls.append(n)
    return n + 1


print(
    [int(n) for n in five.map(in_python)], "with", len(calls), "call of Python"
)
wrapped = five.map(
    lambda n: tf.py_function(lambda m: len(str(m.numpy())), [n], tf.int64)
)
print([int(n) for n in wrapped])
# --8<-- [end:python-in-map]


# --8<-- [start:order]
def show(name, dataset):
    rounds = [batch.numpy().tolist() for batch in dataset]
    print(f"{name:24}", rounds)


six = tf.data.Dataset.range(6)
tf.random.set_seed(2)
show("shuffle, batch", six.shuffle(6).batch(3))
show("batch, shuffle", six.batch(3).shuffle(2))
show("shuffle, repeat, batch", six.shuffle(6).repeat(2).batch(4))
show("repeat, shuffle, batch", six.repeat(2).shuffle(12).batch(4))
# --8<-- [end:order]

# --8<-- [start:rounds]
tf.random.set_seed(2)
for name, again in {"reshuffled": True, "the same": False}.items():
    shuffled = six.shuffle(6, reshuffle_each_iteration=again)
    print(name, *[[int(n) for n in shuffled] for _ in range(2)])
# --8<-- [end:rounds]

# --8<-- [start:seeds]
tf.random.set_seed(2)
for name, seed in {"seed=1": 1, "no seed": None}.items():
    first, second = [six.shuffle(6, seed=seed) for _ in range(2)]
    print(f"{name:8} one: {[int(n) for n in first]}, again", end=" ")
    print([int(n) for n in first])
    print(f"{name:8} two: {[int(n) for n in second]}")
# --8<-- [end:seeds]

# --8<-- [start:parallel]
import time


def wait(n):
    time.sleep(0.05 if n == 0 else 0)  # the first element takes longest
    return n


for exact in (True, False):
    late = six.map(
        lambda n: tf.numpy_function(wait, [n], tf.int64),
        num_parallel_calls=3,
        deterministic=exact,
    )
    print(f"deterministic={exact}:", [int(n) for n in late])
# --8<-- [end:parallel]

# --8<-- [start:buffer]
import matplotlib.pyplot as plt
import numpy as np

count = 1000
tf.random.set_seed(0)
figure, axes = plt.subplots(1, 3, figsize=(6.6, 2.4), sharey=True)
for ax, size in zip(axes, [10, 100, 1000]):
    came = np.array(
        list(tf.data.Dataset.range(count).shuffle(size).as_numpy_iterator())
    )
    ax.plot(came, ".", markersize=2)
    ax.set(title=f"shuffle({size})", xlabel="comes out as")
    early = (came[:100] < 100).mean()
    print(
        f"shuffle({size}): of the first 100, {early:.0%} stood among the first 100"
    )
axes[0].set_ylabel("stood at")
# --8<-- [end:buffer]

# --8<-- [start:sorted]
sorted_labels = tf.data.Dataset.from_tensor_slices([0] * 500 + [1] * 500)
tf.random.set_seed(0)
for size in [10, 100, 1000]:
    batches = sorted_labels.shuffle(size).batch(50)
    means = [
        float(tf.reduce_mean(tf.cast(batch, tf.float32))) for batch in batches
    ]
    mixed = sum(0.2 < mean < 0.8 for mean in means)
    print(
        f"shuffle({size}): {mixed} of {len(means)} batches have both classes in numbers"
    )
# --8<-- [end:sorted]

# --8<-- [start:split]
tf.random.set_seed(1)
ten = tf.data.Dataset.range(10).shuffle(10)
train, test = ten.skip(3), ten.take(3)
for round_ in (1, 2):
    seen = {int(n) for n in train} & {int(n) for n in test}
    print("round", round_, "in both parts:", sorted(seen))
fixed = tf.data.Dataset.range(10).shuffle(10, reshuffle_each_iteration=False)
train, test = fixed.skip(3), fixed.take(3)
print("fixed order:", {int(n) for n in train} & {int(n) for n in test})
# --8<-- [end:split]

with contextlib.suppress(AttributeError):
    # --8<-- [start:iterator-then]
    dataset.make_one_shot_iterator()
    # --8<-- [end:iterator-then]

# --8<-- [start:iterator-now]
iterator = iter(dataset)
print(next(iterator).numpy(), next(iterator).numpy())
# --8<-- [end:iterator-now]

with contextlib.suppress(TypeError):
    # --8<-- [start:index]
    dataset[0]
    # --8<-- [end:index]

# --8<-- [start:length]
print(
    "cardinality of range(10):",
    len(numbers),
    "in batches:",
    len(numbers.batch(4)),
)
print("after filter:", odd_squares.cardinality().numpy(), "(unknown)")
print(
    "repeated for ever:", numbers.repeat().cardinality().numpy(), "(infinite)"
)
counted = odd_squares.reduce(0, lambda total, _: total + 1).numpy()
known = odd_squares.apply(tf.data.experimental.assert_cardinality(counted))
print("counted and told:", len(known))
# --8<-- [end:length]

# --8<-- [start:solution-window]
windows = numbers.window(3, shift=1, drop_remainder=True)
flat = windows.flat_map(lambda window: window.batch(3))
print([batch.numpy().tolist() for batch in flat][:3])
# --8<-- [end:solution-window]

# --8<-- [start:solution-balance]
rare = tf.data.Dataset.from_tensors(1).repeat()
common = tf.data.Dataset.from_tensors(0).repeat()
mixture = tf.data.Dataset.sample_from_datasets(
    [common, rare], [0.5, 0.5], seed=3
)
drawn = [int(n) for n in mixture.take(1000)]
print("share of the rare class:", sum(drawn) / len(drawn))
# --8<-- [end:solution-balance]

# --8<-- [start:solution-map-batch]
texts = tf.data.Dataset.from_tensor_slices(["a", "bb", "ccc", "dddd"])
one_by_one = texts.map(tf.strings.length).batch(2)
at_once = texts.batch(2).map(tf.strings.length)
pairs = zip(one_by_one, at_once)
print(all(bool(tf.reduce_all(a == b)) for a, b in pairs))
# --8<-- [end:solution-map-batch]
