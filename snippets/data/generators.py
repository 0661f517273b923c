"""Python generators as data: from_generator, PyDataset, memory, and the traps."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf


def numbers():
    for n in range(5):
        yield n, n * n


signature = (tf.TensorSpec([], tf.int32), tf.TensorSpec([], tf.int32))
dataset = tf.data.Dataset.from_generator(numbers, output_signature=signature)
print([(int(n), int(square)) for n, square in dataset])
# --8<-- [end:smallest]

# --8<-- [start:function]
print("again:", [int(n) for n, _ in dataset])
# --8<-- [end:function]

# --8<-- [start:exhausted]
running = numbers()
once = tf.data.Dataset.from_generator(
    lambda: running, output_signature=signature
)
for round_ in (1, 2):
    print("round", round_, [int(n) for n, _ in once])
# --8<-- [end:exhausted]

# --8<-- [start:exhausted-fit]
import warnings


def batches():
    rng = np.random.default_rng(0)
    for _ in range(4):
        x = rng.normal(size=(8, 2)).astype("float32")
        yield x, x.sum(axis=1)


model = tf.keras.Sequential([tf.keras.Input([2]), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")


class Count(tf.keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.batches = 0

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_epoch_end(self, epoch, logs=None):
        print(f"epoch {epoch}: {self.batches} batches, loss {logs['loss']:.2f}")


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    model.fit(batches(), epochs=3, verbose=0, callbacks=[Count()])
print(sum("ran out of data" in str(w.message) for w in caught), "warnings")
# --8<-- [end:exhausted-fit]


# --8<-- [start:endless]
def endless():
    while True:
        yield from batches()


history = model.fit(
    endless(),
    steps_per_epoch=4,
    epochs=3,
    shuffle=False,
    verbose=0,
    callbacks=[Count()],
)
# --8<-- [end:endless]

# --8<-- [start:memory]
import sys
import tracemalloc


def row(n):
    return np.full(10_000, n, np.float32)


def peak(make):
    tracemalloc.start()
    total = sum(float(x[0]) for x in make())
    top = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return total, top / 2**20


ways = {
    "list": lambda: [row(n) for n in range(1000)],
    "generator": lambda: (row(n) for n in range(1000)),
}
for name, make in ways.items():
    total, top = peak(make)
    print(f"{name:10} total {total:.0f}, at most {top:5.1f} MiB at a time")
# --8<-- [end:memory]


# --8<-- [start:memory-tf]
def rows():
    for n in range(1000):
        yield row(n)


spec = tf.TensorSpec([10_000], tf.float32)
streamed = tf.data.Dataset.from_generator(rows, output_signature=spec)
total, top = peak(lambda: streamed)
print(
    f"from_generator: total {total:.0f}, at most {top:.1f} MiB of Python's memory"
)
held = tf.data.Dataset.from_tensor_slices(np.stack(list(rows())))
graph = held.reduce(0.0, lambda total, x: total + x[0])
print(
    f"from_tensor_slices: total {float(graph):.0f}, {1000 * 10_000 * 4 / 2**20:.1f} MiB held"
)
# --8<-- [end:memory-tf]

import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:no-signature]
    tf.data.Dataset.from_generator(numbers)
    # --8<-- [end:no-signature]


# --8<-- [start:loose]
def ragged():
    yield np.zeros(2, np.float32)
    yield np.zeros(3, np.float32)


loose = tf.data.Dataset.from_generator(ragged, output_types=tf.float32)
print(loose.element_spec)
tight = tf.data.Dataset.from_generator(
    ragged, output_signature=tf.TensorSpec([None], tf.float32)
)
print(tight.element_spec)
# --8<-- [end:loose]

with contextlib.suppress(Exception):
    # --8<-- [start:wrong-shape]
    spec = tf.TensorSpec([2], tf.float32)
    list(tf.data.Dataset.from_generator(ragged, output_signature=spec))
    # --8<-- [end:wrong-shape]


# --8<-- [start:error]
def fails():
    yield 1
    raise FileNotFoundError("picture 2 is not there")


broken = tf.data.Dataset.from_generator(
    fails, output_signature=tf.TensorSpec([], tf.int32)
)
try:
    for n in broken:
        print(int(n))
except tf.errors.UnknownError as error:
    reason = error.message.split("}} ")[1].splitlines()[0]
    print(type(error).__name__, "with", reason)
print([int(n) for n in broken.ignore_errors()])
# --8<-- [end:error]


# --8<-- [start:pydataset]
class Squares(tf.keras.utils.PyDataset):
    """Batch number i is made when it is asked for, in whatever order that is."""

    def __init__(self, count, batch, **kwargs):
        super().__init__(**kwargs)
        self.count, self.batch = count, batch

    def __len__(self):
        return -(-self.count // self.batch)

    def __getitem__(self, i):
        first = i * self.batch
        last = min(first + self.batch, self.count)
        x = np.arange(first, last, dtype=np.float32)
        return x[:, None], x**2


squares = Squares(10, 4)
print(len(squares), "batches of", [len(squares[i][0]) for i in range(3)])
# --8<-- [end:pydataset]


# --8<-- [start:pydataset-fit]
class Watched(Squares):
    seen = []

    def __getitem__(self, i):
        self.seen.append(i)
        return super().__getitem__(i)


line = tf.keras.Sequential([tf.keras.Input([1]), tf.keras.layers.Dense(1)])
line.compile(tf.keras.optimizers.SGD(0.001), "mse")
for shuffle in (False, True):
    Watched.seen = []
    line.fit(Watched(10, 4), epochs=3, shuffle=shuffle, verbose=0)
    print(f"shuffle={shuffle}:", Watched.seen)
# --8<-- [end:pydataset-fit]

# --8<-- [start:workers]
import time


class Slow(Squares):
    def __getitem__(self, i):
        time.sleep(0.01)  # waiting: for a disk, a network
        return super().__getitem__(i)


from tfnotes import timing

waiting = timing.Benchmark("workers", show="rate", item="batch")
for workers in timing.sizes(full=[1, 2, 4, 8], small=[1]):
    data = Slow(128, 4, workers=workers)
    waiting.add(
        "PyDataset",
        workers,
        timing.measure(lambda: line.fit(data, verbose=0)),
        items=32,
    )
waiting
# --8<-- [end:workers]


# --8<-- [start:gil]
import hashlib
from concurrent.futures import ThreadPoolExecutor

large = bytes(100_000_000)
works = {
    "waiting": lambda _: time.sleep(0.02),
    "a loop in Python": lambda _: sum(k * k for k in range(300_000)),
    "a call into C": lambda _: hashlib.sha256(large).digest(),
}
for name, work in works.items():
    clock, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    busy, clock = time.process_time() - busy, time.perf_counter() - clock
    print(f"{name:16} four threads keep {busy / clock:.1f} cores busy")
# --8<-- [end:gil]


# --8<-- [start:processes]
class Loops(tf.keras.utils.PyDataset):
    made = []

    def __len__(self):
        return 12

    def __getitem__(self, i):
        self.made.append(i)
        total = sum(k * k for k in range(500_000))
        x = np.full([4], total % 7, np.float32)
        return x[:, None], x


for name, options in {
    "workers=1": dict(),
    "workers=2": dict(workers=2),
    "and processes": dict(workers=2, use_multiprocessing=True),
}.items():
    Loops.made.clear()
    busy = time.process_time()
    line.fit(Loops(**options), verbose=0)
    busy = time.process_time() - busy
    print(
        f"{name:14}{len(Loops.made):3} batches made here, {busy:.1f} s of CPU"
    )
# --8<-- [end:processes]


# --8<-- [start:pydataset-memory]
class Wide(tf.keras.utils.PyDataset):
    def __len__(self):
        return 50

    def __getitem__(self, i):
        x = np.full([10, 10_000], i, np.float32)
        return x, x[:, :1]


wide = tf.keras.Sequential([tf.keras.Input([10_000]), tf.keras.layers.Dense(1)])
wide.compile(tf.keras.optimizers.SGD(0.0), "mse")
wide.fit(Wide(), verbose=0)  # builds what is built only once
one = Wide()[0][0].nbytes / 2**20
print(f"one batch: 10 x 10,000 x 4 bytes = {one:.2f} MiB")
print(f"all 50:    {50 * one:.1f} MiB")


def walked(name, visit):
    tracemalloc.start()
    visit()
    top = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"{name:21} {top:5.1f} MiB, {top / one:4.0f} batches")


by_number = Wide()
walked("by hand", lambda: [by_number[i][0].shape for i in range(50)])
for options in (
    dict(workers=1),
    dict(workers=4),
    dict(workers=4, max_queue_size=2),
):
    name = ", ".join(f"{k.split('_')[-1]} {v}" for k, v in options.items())
    walked(name, lambda: wide.fit(Wide(**options), verbose=0))
# --8<-- [end:pydataset-memory]

# --8<-- [start:solution-from-pydataset]
as_generator = tf.data.Dataset.from_generator(
    lambda: (squares[i] for i in range(len(squares))),
    output_signature=(
        tf.TensorSpec([None, 1], tf.float32),
        tf.TensorSpec([None], tf.float32),
    ),
)
print([x.shape[0] for x, y in as_generator])
# --8<-- [end:solution-from-pydataset]

# --8<-- [start:solution-cardinality]
print("cardinality:", dataset.cardinality().numpy())
told = dataset.apply(tf.data.experimental.assert_cardinality(5))
print("told:", len(told))
try:
    wrong = dataset.apply(tf.data.experimental.assert_cardinality(6))
    list(wrong)
except tf.errors.FailedPreconditionError as error:
    print(str(error).split("}} ")[-1].split(" [")[0])
# --8<-- [end:solution-cardinality]
