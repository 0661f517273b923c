"""One CSV table read in four ways, and what leaks when it is normalised."""

# --8<-- [start:file]
import pathlib
import tempfile

import pandas as pd

from tfnotes import data

path = pathlib.Path(tempfile.mkdtemp()) / "titanic.csv"
data.titanic().write_csv(path)
print(*path.read_text().splitlines()[:3], sep="\n")
# --8<-- [end:file]

# --8<-- [start:pandas]
frame = pd.read_csv(path)[
    ["Survived", "Pclass", "Sex", "Age", "Fare", "Embarked"]
]
print(frame.dtypes.to_string())
print("missing:", frame.isna().sum()[lambda count: count > 0].to_dict())
# --8<-- [end:pandas]

# --8<-- [start:frame-to-dataset]
import tensorflow as tf

features = frame.copy()
labels = features.pop("Survived")
filled = features.fillna({"Age": features["Age"].median(), "Embarked": "S"})
rows = tf.data.Dataset.from_tensor_slices((dict(filled), labels))
x, y = next(iter(rows.batch(6)))
print(list(x), "ages:", x["Age"].numpy(), "survived:", y.numpy())
# --8<-- [end:frame-to-dataset]

# --8<-- [start:make-csv]
batches = tf.data.experimental.make_csv_dataset(
    str(path),
    batch_size=6,
    label_name="Survived",
    select_columns=list(frame.columns),
    num_epochs=1,
    shuffle=False,
)
x, y = next(iter(batches))
print(list(x), "ages:", x["Age"].numpy(), "survived:", y.numpy())
# --8<-- [end:make-csv]

# --8<-- [start:defaults]
typed = tf.data.experimental.make_csv_dataset(
    str(path),
    batch_size=len(frame),
    label_name="Survived",
    select_columns=list(frame.columns),
    column_defaults=[
        tf.int32,
        tf.int32,
        tf.string,
        [float("nan")],
        tf.float32,
        ["S"],
    ],
    num_epochs=1,
    shuffle=False,
)
x, y = next(iter(typed))
print(
    "missing ages:",
    int(tf.reduce_sum(tf.cast(tf.math.is_nan(x["Age"]), tf.int32))),
)
print(
    "missing harbours:",
    int(tf.reduce_sum(tf.cast(x["Embarked"] == "", tf.int32))),
)
# --8<-- [end:defaults]

# --8<-- [start:for-ever]
default = tf.data.experimental.make_csv_dataset(
    str(path), 32, label_name="Survived"
)
print("cardinality:", default.cardinality().numpy())
first = [next(iter(default))[1].numpy()[:6].tolist() for _ in range(2)]
print("the same order twice:", first[0] == first[1])
# --8<-- [end:for-ever]

# --8<-- [start:shuffle]
import matplotlib.pyplot as plt
import numpy as np

count = 30_000
table = path.with_name("sorted.csv")
body = "".join(f"{n},{int(n >= count // 2)}\n" for n in range(count))
table.write_text("row,label\n" + body)


def read(**options):
    batches = tf.data.experimental.make_csv_dataset(
        str(table), 1000, num_epochs=1, shuffle_seed=1, **options
    )
    return np.concatenate([batch["row"].numpy() for batch in batches])


cases = {
    "shuffle=False": dict(shuffle=False),
    "as it is (10,000)": dict(),
    "buffer of 30,000": dict(shuffle_buffer_size=count),
}
figure, axes = plt.subplots(1, 3, figsize=(6.8, 2.5), sharey=True)
for ax, (name, options) in zip(axes, cases.items()):
    order = read(**options)
    assert sorted(order) == list(range(count))  # each row once
    ones = (order[:5000] >= count // 2).mean()
    print(f"{name:18} label 1 among the first 5,000 rows: {ones:.0%}")
    ax.plot(np.arange(count)[::30], order[::30], ".", markersize=2)
    ax.set(title=name, xlabel="place", xticks=[0, 15_000, 30_000])
axes[0].set(ylabel="row of the file", yticks=[0, 15_000, 30_000])
# --8<-- [end:shuffle]

# --8<-- [start:passes]
for options in ({}, {"shuffle_seed": 1}, {"shuffle": False}):
    batches = tf.data.experimental.make_csv_dataset(
        str(path), 32, label_name="Survived", num_epochs=1, **options
    )
    once, again = (
        np.concatenate([x["PassengerId"].numpy() for x, _ in batches])
        for _ in range(2)
    )
    same = np.array_equal(once, again)
    print(f"{options!s:19} two passes, the same order: {same}")
# --8<-- [end:passes]

# --8<-- [start:csv-dataset]
kinds = [tf.int32, tf.int32, tf.string, [float("nan")], tf.float32, ["S"]]
places = [
    list(pd.read_csv(path, nrows=0).columns).index(name) for name in frame
]
lines = tf.data.experimental.CsvDataset(
    str(path), record_defaults=kinds, header=True, select_cols=places
)
for record in lines.take(2):
    print([value.numpy() for value in record])
# --8<-- [end:csv-dataset]

# --8<-- [start:agree]
by_csv = np.array([record[4].numpy() for record in lines])
by_make = x["Fare"].numpy()
by_pandas = frame["Fare"].to_numpy()
print("CsvDataset and make_csv_dataset agree:", np.array_equal(by_csv, by_make))
print("dtypes:", by_pandas.dtype, by_make.dtype)
print("equal as they are:", np.array_equal(by_pandas, by_make))
print(
    "rounded to float32:", np.array_equal(by_pandas.astype("float32"), by_make)
)
# --8<-- [end:agree]

# --8<-- [start:feature-space]
FeatureSpace = tf.keras.utils.FeatureSpace
space = FeatureSpace(
    features={
        "Pclass": FeatureSpace.integer_categorical(num_oov_indices=0),
        "Sex": FeatureSpace.string_categorical(num_oov_indices=0),
        "Embarked": FeatureSpace.string_categorical(),
        "Age": FeatureSpace.float_normalized(),
        "Fare": FeatureSpace.float_normalized(),
    },
    output_mode="concat",
)
train, test = rows.take(600), rows.skip(600)
space.adapt(train.map(lambda x, y: x))
encoded = space({name: column[:2] for name, column in dict(filled).items()})
print(encoded.shape)
print(np.round(encoded.numpy(), 2))
# --8<-- [end:feature-space]

# --8<-- [start:feature-space-agrees]
fares = filled["Fare"].to_numpy("float32")
mean, std = fares[:600].mean(), fares[:600].std()
by_hand = (fares - mean) / std
by_space = space.preprocessors["Fare"](fares[:, None]).numpy()[:, 0]
print("by hand:     ", by_hand[:3])
print("FeatureSpace:", by_space[:3])
print("equal to the last bit:", np.sum(by_hand == by_space), "of", len(fares))
print(f"largest difference: {np.abs(by_hand - by_space).max():.1e}")
# --8<-- [end:feature-space-agrees]


# --8<-- [start:train]
def classifier(width):
    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential(
        [tf.keras.Input([width]), dense(16, activation="relu"), dense(1)]
    )
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    accuracy = tf.keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")
    model.compile(tf.keras.optimizers.Adam(0.01), loss, metrics=[accuracy])
    return model


encode = lambda x, y: (space(x), y)
model = classifier(encoded.shape[-1])
batches = train.shuffle(600, seed=0).batch(32).map(encode)
model.fit(batches, epochs=10, shuffle=False, verbose=0)
print(
    f"accuracy {model.evaluate(test.batch(64).map(encode), verbose=0)[1]:.2f}"
)
print(
    f"always the same answer: {max(labels[600:].mean(), 1 - labels[600:].mean()):.2f}"
)
# --8<-- [end:train]

# --8<-- [start:leak]
rng = np.random.default_rng(0)
repeats, gaps = 200, {"a scaler": [], "the label's mean": []}


def nearest(train_x, train_y, test_x, test_y):
    """Accuracy of the rule: above or below the middle between the two class means."""
    low, high = train_x[train_y == 0].mean(0), train_x[train_y == 1].mean(0)
    closer = np.linalg.norm(test_x - high, axis=1) < np.linalg.norm(
        test_x - low, axis=1
    )
    return (closer == test_y).mean()


for _ in range(repeats):
    y = rng.integers(0, 2, 40)
    x = rng.normal(size=(40, 3)) + y[:, None] * 0.5
    shop = rng.integers(0, 20, 40)  # a column of 20 names that say nothing

    scale = lambda rows: (x - rows.mean(0)) / rows.std(0)
    fair, leaky = scale(x[:30]), scale(x)
    gaps["a scaler"].append(
        nearest(leaky[:30], y[:30], leaky[30:], y[30:])
        - nearest(fair[:30], y[:30], fair[30:], y[30:])
    )

    means = lambda rows: np.array(
        [
            y[:rows][shop[:rows] == s].mean()
            if (shop[:rows] == s).any()
            else 0.5
            for s in shop
        ]
    )[:, None]
    gaps["the label's mean"].append(
        nearest(means(40)[:30], y[:30], means(40)[30:], y[30:])
        - nearest(means(30)[:30], y[:30], means(30)[30:], y[30:])
    )
for name, gap in gaps.items():
    print(f"{name} that has seen the test rows: accuracy {np.mean(gap):+.3f}")
# --8<-- [end:leak]

import contextlib

with contextlib.suppress(Exception):
    # --8<-- [start:wrong-type]
    ages = tf.data.experimental.CsvDataset(
        str(path), [tf.float32], header=True, select_cols=[5]
    )
    print(sum(1 for _ in ages))
    # --8<-- [end:wrong-type]

# --8<-- [start:guessed]
late = path.with_name("late.csv")
late.write_text("size\n" + "1\n" * 150 + "1.5\n")
for looked_at in (100, None):
    sizes = tf.data.experimental.make_csv_dataset(
        str(late),
        batch_size=10,
        num_epochs=1,
        shuffle=False,
        num_rows_for_inference=looked_at,
    )
    print(looked_at, "rows:", sizes.element_spec["size"].dtype.name, end=", ")
    try:
        print(sum(len(batch["size"]) for batch in sizes), "rows read")
    except tf.errors.InvalidArgumentError as error:
        print(error.message.split("}} ")[-1].split(" [Op:")[0])
# --8<-- [end:guessed]

with contextlib.suppress(Exception):
    # --8<-- [start:object-column]
    mixed = pd.DataFrame({"size": [1, "2", 3.0]})
    tf.data.Dataset.from_tensor_slices(dict(mixed))
    # --8<-- [end:object-column]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.contrib.data.make_csv_dataset(str(path), batch_size=32)
    # --8<-- [end:then]

# --8<-- [start:solution-nan]
with_nan = features["Age"].to_numpy("float32")
normalise = tf.keras.layers.Normalization(axis=None)
normalise.adapt(with_nan)
print(
    "mean learnt with NaN in the column:",
    float(normalise.mean.numpy().squeeze()),
)
normalise.adapt(with_nan[~np.isnan(with_nan)])
print("without:", round(float(normalise.mean.numpy().squeeze()), 2))
# --8<-- [end:solution-nan]

# --8<-- [start:solution-flag]
known = (~features["Age"].isna()).astype("int32")
print(pd.crosstab(known, labels, normalize="index").round(2).to_string())
# --8<-- [end:solution-flag]
