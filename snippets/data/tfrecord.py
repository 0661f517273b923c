"""TFRecord: what is in the file, byte by byte, and what it is good for."""

# --8<-- [start:smallest]
import pathlib
import tempfile

import tensorflow as tf

folder = pathlib.Path(tempfile.mkdtemp())
path = str(folder / "numbers.tfrecord")
with tf.io.TFRecordWriter(path) as writer:
    for text in ["one", "two", "three"]:
        writer.write(text.encode())

print([record.numpy().decode() for record in tf.data.TFRecordDataset(path)])
# --8<-- [end:smallest]

# --8<-- [start:bytes]
import struct

content = pathlib.Path(path).read_bytes()
(length,) = struct.unpack("<Q", content[:8])
print("file:", len(content), "bytes")
print("length:", length, " CRC of the length:", content[8:12].hex())
print(
    "data:",
    content[12 : 12 + length],
    " CRC of the data:",
    content[12 + length : 16 + length].hex(),
)
# --8<-- [end:bytes]


# --8<-- [start:crc]
def crc32c(data):
    """The checksum of Castagnoli, one bit at a time."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    """As TFRecord stores it: rotated, with a constant added."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def frame(data):
    head = struct.pack("<Q", len(data))
    return (
        head
        + struct.pack("<I", masked(head))
        + data
        + struct.pack("<I", masked(data))
    )


print(
    "the same file, byte by byte:",
    b"".join(map(frame, [b"one", b"two", b"three"])) == content,
)
# --8<-- [end:crc]


# --8<-- [start:example]
def feature(value):
    """A tf.train.Feature has three kinds of lists, and no more."""
    kinds = {
        bytes: ("bytes_list", tf.train.BytesList),
        float: ("float_list", tf.train.FloatList),
    }
    name, make = kinds.get(type(value[0]), ("int64_list", tf.train.Int64List))
    return tf.train.Feature(**{name: make(value=value)})


def example(**features):
    found = {name: feature(value) for name, value in features.items()}
    return tf.train.Example(features=tf.train.Features(feature=found))


house = example(rooms=[2, 1], price=[210.5], city=["Xi'an".encode()])
for name, value in sorted(house.features.feature.items()):
    print(f"{name}:", " ".join(str(value).split()))
# --8<-- [end:example]

# --8<-- [start:parse]
serialized = house.SerializeToString()
parsed = tf.io.parse_single_example(
    serialized,
    {
        "rooms": tf.io.FixedLenFeature([2], tf.int64),
        "price": tf.io.FixedLenFeature([], tf.float32),
        "city": tf.io.FixedLenFeature([], tf.string),
    },
)
print({name: value.numpy() for name, value in parsed.items()})
# --8<-- [end:parse]

# --8<-- [start:lengths]
rows = [example(words=[1, 2, 3]), example(words=[4]), example()]
batch = [row.SerializeToString() for row in rows]
for name, kind in {
    "VarLenFeature": tf.io.VarLenFeature(tf.int64),
    "RaggedFeature": tf.io.RaggedFeature(tf.int64),
    "FixedLenSequenceFeature": tf.io.FixedLenSequenceFeature(
        [], tf.int64, True, default_value=0
    ),
}.items():
    words = tf.io.parse_example(batch, {"words": kind})["words"]
    words = (
        tf.sparse.to_dense(words)
        if isinstance(words, tf.SparseTensor)
        else words
    )
    print(
        f"{name:24}",
        words.to_list()
        if hasattr(words, "to_list")
        else words.numpy().tolist(),
    )
# --8<-- [end:lengths]

import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:missing]
    tf.io.parse_single_example(
        serialized, {"rooms": tf.io.FixedLenFeature([3], tf.int64)}
    )
    # --8<-- [end:missing]

with contextlib.suppress(Exception):
    # --8<-- [start:wrong-kind]
    tf.io.parse_single_example(
        serialized, {"price": tf.io.FixedLenFeature([], tf.int64)}
    )
    # --8<-- [end:wrong-kind]

# --8<-- [start:misspelt]
spec = {"prize": tf.io.FixedLenFeature([], tf.float32, default_value=0.0)}
print(tf.io.parse_single_example(serialized, spec)["prize"].numpy())
# --8<-- [end:misspelt]

# --8<-- [start:inspect]
unknown = tf.train.Example.FromString(serialized)
for name, value in sorted(unknown.features.feature.items()):
    kind = value.WhichOneof("kind")
    print(f"{name:6} {kind:11} {list(getattr(value, kind).value)}")
# --8<-- [end:inspect]

# --8<-- [start:damaged]
damaged = bytearray(content)
damaged[12 + 3 + 4 + 12] ^= 1  # one bit in the second record's data
(folder / "damaged.tfrecord").write_bytes(damaged)
read = []
try:
    for record in tf.data.TFRecordDataset(str(folder / "damaged.tfrecord")):
        read.append(record.numpy().decode())
except tf.errors.DataLossError as error:
    print(
        "read:",
        read,
        "then",
        type(error).__name__,
        error.message.split("}} ")[1].split(" at ")[0],
    )
# --8<-- [end:damaged]

# --8<-- [start:ignore]
kept = tf.data.TFRecordDataset(str(folder / "damaged.tfrecord")).ignore_errors()
print([record.numpy().decode() for record in kept])
# --8<-- [end:ignore]

# --8<-- [start:cut]
(folder / "cut.tfrecord").write_bytes(content[:-2])
try:
    list(tf.data.TFRecordDataset(str(folder / "cut.tfrecord")))
except tf.errors.DataLossError as error:
    print(type(error).__name__, error.message.split("}} ")[1].split(" at ")[0])
# --8<-- [end:cut]

# --8<-- [start:shards]
images = tf.random.stateless_uniform(
    [120, 32, 32, 3], [1, 2], maxval=256, dtype=tf.int32
)
images = tf.cast(
    images // 64 * 64, tf.uint8
)  # few colours, so that they compress


def write(name, encode, options=None, shards=1):
    for shard in range(shards):
        file = folder / f"{name}-{shard:02}-of-{shards:02}.tfrecord"
        with tf.io.TFRecordWriter(str(file), options) as writer:
            for i in range(shard, len(images), shards):
                writer.write(
                    example(
                        image=[encode(images[i])], label=[i % 10]
                    ).SerializeToString(deterministic=True)
                )
    return sum(file.stat().st_size for file in folder.glob(f"{name}-*"))


raw = lambda image: image.numpy().tobytes()
png = lambda image: tf.io.encode_png(image).numpy()
sizes = {
    "raw bytes": write("raw", raw),
    "raw, gzip": write("gzip", raw, "GZIP"),
    "PNG": write("png", png, shards=4),
    "PNG, gzip": write("png-gzip", png, "GZIP"),
}
import numpy as np

np.save(folder / "images.npy", images.numpy())
sizes["one .npy file"] = (folder / "images.npy").stat().st_size
for name, size in sizes.items():
    print(f"{name:14} {size / 1024:6.1f} KiB")
# --8<-- [end:shards]

# --8<-- [start:overhead]
empty = example(image=[b""], label=[0]).SerializeToString()
print("bytes a record beside the image:", len(frame(empty)))
# --8<-- [end:overhead]


# --8<-- [start:compressed]
try:
    list(tf.data.TFRecordDataset(str(folder / "gzip-00-of-01.tfrecord")))
except tf.errors.DataLossError as error:
    print(
        "without compression_type:",
        error.message.split("}} ")[1].split(" at ")[0],
    )
zipped = tf.data.TFRecordDataset(
    str(folder / "gzip-00-of-01.tfrecord"), compression_type="GZIP"
)
print("with it:", sum(1 for _ in zipped), "records")
# --8<-- [end:compressed]


# --8<-- [start:pipeline]
def decode(record):
    spec = {
        "image": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
    }
    found = tf.io.parse_single_example(record, spec)
    return tf.io.decode_png(found["image"], channels=3), found["label"]


files = tf.data.Dataset.list_files(
    str(folder / "png-??-of-04.tfrecord"), shuffle=False
)
dataset = (
    files.interleave(tf.data.TFRecordDataset, cycle_length=4)
    .map(decode)
    .batch(32)
)
pictures, labels = next(iter(dataset))
print(pictures.shape, labels.numpy()[:8])
back = sorted(
    image.tobytes() for image, _ in dataset.unbatch().as_numpy_iterator()
)
there = sorted(image.tobytes() for image in images.numpy())
print("the images came back unchanged:", back == there)
# --8<-- [end:pipeline]

# --8<-- [start:speed]
from tfnotes import timing

reading = timing.Benchmark("format", show="rate", item="example")


def drain(dataset):
    for _ in dataset:
        pass


as_records = tf.data.TFRecordDataset(str(folder / "raw-00-of-01.tfrecord"))
spec = {"image": tf.io.FixedLenFeature([], tf.string)}
parse = lambda record: tf.io.parse_single_example(record, spec)["image"]
parse_many = lambda records: tf.io.parse_example(records, spec)["image"]
array = tf.data.Dataset.from_tensor_slices(np.load(folder / "images.npy"))
ways = {
    "NumPy array in memory": array.batch(40),
    "records, parsed in batches": as_records.batch(40).map(parse_many),
    "records, parsed one by one": as_records.map(parse).batch(40),
    "gzip, parsed in batches": zipped.batch(40).map(parse_many),
}
for name, way in timing.sizes(full=ways.items(), small=list(ways.items())[:2]):
    reading.add("a round", name, timing.measure(lambda: drain(way)), items=120)
reading
# --8<-- [end:speed]

# --8<-- [start:raw-files]
import math

raw_files = folder / "png"
raw_files.mkdir()
for number, image in enumerate(images):
    (raw_files / f"{number:03}.png").write_bytes(png(image))
files = sorted(raw_files.glob("*.png"))
on_disk = sum(math.ceil(f.stat().st_size / 4096) * 4 for f in files)
print("PNG files:", len(files))
print(f"their bytes:   {sum(f.stat().st_size for f in files) / 1024:.1f} KiB")
print(f"in whole blocks: {on_disk} KiB")
# --8<-- [end:raw-files]

# --8<-- [start:file-speed]
opening = timing.Benchmark("source", show="rate", item="example")
decode_file = lambda path: tf.io.decode_png(tf.io.read_file(path), channels=3)
paths = tf.data.Dataset.from_tensor_slices([str(file) for file in files])
records = tf.data.TFRecordDataset(
    sorted(map(str, folder.glob("png-??-of-04.tfrecord")))
)
sources = {
    "a file each": paths.map(decode_file).batch(40),
    "four TFRecord files": records.map(decode).batch(40),
}
for name, way in timing.sizes(full=sources.items(), small=sources.items()):
    opening.add("a round", name, timing.measure(lambda: drain(way)), items=120)
opening
# --8<-- [end:file-speed]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.python_io.tf_record_iterator(path)
    # --8<-- [end:then]

# --8<-- [start:solution-tensor]
matrix = tf.constant([[1.5, 2.5], [3.5, 4.5]])
stored = example(
    matrix=[tf.io.serialize_tensor(matrix).numpy()]
).SerializeToString()
found = tf.io.parse_single_example(
    stored, {"matrix": tf.io.FixedLenFeature([], tf.string)}
)
print(tf.io.parse_tensor(found["matrix"], tf.float32).numpy().tolist())
# --8<-- [end:solution-tensor]


# --8<-- [start:solution-count]
def count(content):
    """Records of a file, found from their lengths alone."""
    at = found = 0
    while at < len(content):
        (length,) = struct.unpack_from("<Q", content, at)
        at += 8 + 4 + length + 4
        found += 1
    return found


print(count((folder / "raw-00-of-01.tfrecord").read_bytes()))
# --8<-- [end:solution-count]


# --8<-- [start:solution-float]
stored = example(price=[0.1]).SerializeToString()
found = tf.io.parse_single_example(
    stored, {"price": tf.io.FixedLenFeature([], tf.float32)}
)
print("float_list:", float(found["price"]))
exact = example(price=[struct.pack("<d", 0.1)]).SerializeToString()
found = tf.io.parse_single_example(
    exact, {"price": tf.io.FixedLenFeature([], tf.string)}
)
print("as bytes:  ", float(tf.io.decode_raw(found["price"], tf.float64)[0]))
# --8<-- [end:solution-float]
