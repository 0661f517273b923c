"""What each stage of a tf.data pipeline is worth."""

# --8<-- [start:files]
import pathlib
import tempfile
import time

import tensorflow as tf

from tfnotes import timing

folder = pathlib.Path(tempfile.mkdtemp())
shards, per_shard, side = 8, 32, 256


def write_shard(number):
    shapes = tf.random.uniform([per_shard, 32, 32, 3], maxval=256)
    pictures = tf.cast(tf.image.resize(shapes, [side, side]), tf.uint8)
    with tf.io.TFRecordWriter(str(folder / f"{number}.tfrecord")) as writer:
        for picture in pictures:
            writer.write(tf.io.encode_jpeg(picture).numpy())


for number in range(shards):
    write_shard(number)
files = sorted(str(path) for path in folder.iterdir())
print(len(files), "files,", shards * per_shard, "pictures")
# --8<-- [end:files]


# --8<-- [start:plain]
def decode(jpeg):
    picture = tf.io.decode_jpeg(jpeg, channels=3)
    return tf.image.resize(tf.cast(picture, tf.float32), [64, 64])


def normalise(pictures):
    return pictures / 127.5 - 1.0


plain = tf.data.TFRecordDataset(files).map(decode).map(normalise).batch(32)
first = next(iter(plain))
print(
    first.shape,
    float(tf.reduce_min(first)) >= -1,
    float(tf.reduce_max(first)) <= 1,
)
# --8<-- [end:plain]


# --8<-- [start:epoch]
def train_on(dataset, step=0.01):
    """One round; a step keeps a device busy and leaves the CPU free."""
    for batch in dataset:
        time.sleep(step)


def examples(dataset):
    return 32 * dataset.reduce(0, lambda count, batch: count + 1).numpy()


print(examples(plain), "examples in a round of 8 steps")
print("limit:", round(256 / (8 * 0.010)), "examples a second")
# --8<-- [end:epoch]

# --8<-- [start:as-written]
as_written = tf.data.Options()
as_written.experimental_optimization.apply_default_optimizations = False
plain_as_written = plain.with_options(as_written)

same = zip(plain.unbatch(), plain_as_written.unbatch())
print("same elements:", all(bool(tf.reduce_all(a == b)) for a, b in same))
# --8<-- [end:as-written]

# --8<-- [start:waterfall]
auto = tf.data.AUTOTUNE
records = tf.data.TFRecordDataset(files)
decoded = records.map(decode, num_parallel_calls=auto)
cached = records.map(decode, num_parallel_calls=auto).cache()

stages = {
    "as written": plain,
    "+ prefetch": plain.prefetch(auto),
    "+ parallel map": decoded.map(normalise).batch(32).prefetch(auto),
    "+ vectorised": decoded.batch(32).map(normalise).prefetch(auto),
    "+ cache": cached.batch(32).map(normalise).prefetch(auto),
}
waterfall = timing.Benchmark("pipeline", show="rate")
for name, dataset in timing.sizes(
    full=stages.items(), small=list(stages.items())[:2]
):
    dataset = dataset.with_options(as_written)
    timed = timing.measure(lambda: train_on(dataset), budget=4)
    waterfall.add("a round", name, timed, items=256)
timed = timing.measure(lambda: train_on(plain), budget=4)
waterfall.add("a round", "as written, default options", timed, items=256)
waterfall
# --8<-- [end:waterfall]

# --8<-- [start:prefetch]
decoding = decoded.batch(32).with_options(as_written)
ahead = decoding.prefetch(auto)
steps_only = tf.data.Dataset.range(8)

overlap = timing.Benchmark("a round")
overlap.add(
    "8 batches",
    "input alone",
    timing.measure(lambda: train_on(decoding, 0), budget=3),
)
overlap.add(
    "8 batches",
    "steps alone",
    timing.measure(lambda: train_on(steps_only), budget=3),
)
overlap.add(
    "8 batches",
    "in turn",
    timing.measure(lambda: train_on(decoding), budget=3),
)
overlap.add(
    "8 batches",
    "prefetched",
    timing.measure(lambda: train_on(ahead), budget=3),
)
overlap
# --8<-- [end:prefetch]

# --8<-- [start:parallel]
parallel = timing.Benchmark("parallel calls", show="rate")
for calls in timing.sizes(full=[1, 2, 3, 4, 8, 16], small=[1, 2]):
    mapped = records.map(decode, num_parallel_calls=calls)
    dataset = mapped.batch(32).with_options(as_written)
    parallel.add(
        "decoding",
        calls,
        timing.measure(lambda: train_on(dataset, 0)),
        items=256,
    )
parallel
# --8<-- [end:parallel]

# --8<-- [start:order]
numbers = tf.data.Dataset.range(8).map(lambda n: n * n, num_parallel_calls=4)
print([int(n) for n in numbers])
# --8<-- [end:order]

# --8<-- [start:vectorised]
row = tf.data.Dataset.from_tensor_slices(tf.random.uniform([4096, 64])).cache()
vector = timing.Benchmark("batch size", show="rate")
for size in timing.sizes(full=[1, 4, 16, 64, 256, 1024], small=[1, 4]):
    one_by_one = row.map(normalise).batch(size).with_options(as_written)
    at_once = row.batch(size).map(normalise).with_options(as_written)
    vector.add(
        "map, then batch",
        size,
        timing.measure(lambda: train_on(one_by_one, 0)),
        items=4096,
    )
    vector.add(
        "batch, then map",
        size,
        timing.measure(lambda: train_on(at_once, 0)),
        items=4096,
    )
vector
# --8<-- [end:vectorised]


# --8<-- [start:cache]
places = {
    "no cache": decoded,
    "cache the files": records.cache().map(decode, num_parallel_calls=auto),
    "cache the pictures": decoded.cache(),
    "cache them on disk": decoded.cache(str(folder / "cache")),
}
caches = timing.Benchmark("place", show="rate")
for name, dataset in timing.sizes(
    full=places.items(), small=list(places.items())[:2]
):
    dataset = dataset.batch(32).with_options(as_written)
    timed = timing.measure(lambda: train_on(dataset, 0), budget=2)
    caches.add("a round", name, timed, items=256)
caches
# --8<-- [end:cache]


# --8<-- [start:noise]
def crop(picture):
    return tf.image.random_crop(picture, [2, 2])


picture = tf.data.Dataset.from_tensors(tf.reshape(tf.range(16), [4, 4]))
for name, dataset in {
    "crop, then cache": picture.map(crop).cache(),
    "cache, then crop": picture.cache().map(crop),
}.items():
    corners = [int(cropped[0, 0]) for cropped in dataset.repeat(6)]
    print(f"{name}: {len(set(corners))} different crops in 6 rounds")
# --8<-- [end:noise]


# --8<-- [start:far-files]
def far_file(path):
    """A file behind a network: each block of records takes a moment."""

    def arrive(block):
        tf.py_function(lambda: time.sleep(0.01), [], [])
        return block

    return tf.data.TFRecordDataset(path).batch(16).map(arrive)


waiting = tf.data.Options()
waiting.threading.private_threadpool_size = (
    16  # threads that wait need no core of their own
)
paths = tf.data.Dataset.from_tensor_slices(files).with_options(waiting)
interleaved = timing.Benchmark("files at a time", show="rate")
for cycle in timing.sizes(full=[1, 2, 4, 8], small=[1, 2]):
    dataset = paths.interleave(
        far_file, cycle_length=cycle, num_parallel_calls=cycle
    )
    interleaved.add(
        "reading",
        cycle,
        timing.measure(lambda: train_on(dataset, 0)),
        items=256,
    )
interleaved
# --8<-- [end:far-files]

# --8<-- [start:interleaved-order]
starts = tf.data.Dataset.range(10, 40, 10)
mixed = starts.interleave(
    lambda n: tf.data.Dataset.range(n, n + 3), cycle_length=2
)
print([int(n) for n in mixed])
# --8<-- [end:interleaved-order]


# --8<-- [start:loop]
x, y = tf.random.normal([4096, 16]), tf.random.normal([4096, 1])
pairs = (
    tf.data.Dataset.from_tensor_slices((x, y)).batch(32).cache().prefetch(auto)
)


def small_model(**options):
    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential(
        [tf.keras.Input([16]), dense(32, activation="relu"), dense(1)]
    )
    model.compile("sgd", "mse", **options)
    return model


model = small_model()
optimizer = tf.keras.optimizers.SGD()
optimizer.build(model.trainable_variables)


@tf.function
def own_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
    optimizer.apply(tape.gradient(loss, model.trainable_variables))


@tf.function
def over_the_dataset():
    for x, y in pairs:
        own_step(x, y)


@tf.function
def over_an_iterator(iterator):
    for _ in tf.range(128):
        x, y = next(iterator)
        own_step(x, y)


def in_python():
    for x, y in pairs:
        own_step(x, y)


loops = timing.Benchmark("loop", show="rate")
ways = {
    "own, in Python": in_python,
    "own, for over the dataset": over_the_dataset,
    "own, next of an iterator": lambda: over_an_iterator(iter(pairs)),
}
for steps in timing.sizes(full=[1, 8, 64], small=[8]):
    fitted = small_model(steps_per_execution=steps)
    ways[f"fit, {steps} steps at once"] = lambda fitted=fitted: fitted.fit(
        pairs, shuffle=False, verbose=0
    )
for name, run in ways.items():
    loops.add("a round", name, timing.measure(run, budget=2), items=4096)
loops
# --8<-- [end:loop]

# --8<-- [start:loop-nodes]
for name, traced in {
    "for over the dataset": over_the_dataset.get_concrete_function(),
    "next of an iterator": over_an_iterator.get_concrete_function(iter(pairs)),
}.items():
    kinds = {node.type for node in traced.graph.get_operations()}
    print(f"{name}:", sorted(kinds & {"While", "ReduceDataset", "ScanDataset"}))
# --8<-- [end:loop-nodes]

# --8<-- [start:solution-shuffle]
for name, dataset in {
    "shuffle, then batch": tf.data.Dataset.range(6).shuffle(6, seed=1).batch(2),
    "batch, then shuffle": tf.data.Dataset.range(6).batch(2).shuffle(3, seed=1),
}.items():
    print(f"{name}:", [batch.tolist() for batch in dataset.as_numpy_iterator()])
# --8<-- [end:solution-shuffle]


# --8<-- [start:solution-memory]
def show(what, size):
    print(f"{what:22} {size / 2**20:5.1f} MiB")


show("JPEG files", sum(path.stat().st_size for path in folder.iterdir()))
show("decoded", 256 * side * side * 3)
show("decoded and resized", 256 * 64 * 64 * 3 * 4)
show("the same as bytes", 256 * 64 * 64 * 3)
# --8<-- [end:solution-memory]
