"""Classifying the rows of a table: FeatureSpace, what became of feature columns, ROC, features made by hand."""

# --8<-- [start:smallest]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

people = data.titanic().frame()
order = np.random.default_rng(0).permutation(len(people))
train, test = order[:600], order[600:]
people["Age"] = people["Age"].fillna(people["Age"].iloc[train].median())
names = ["Age", "Fare", "Pclass", "Sex"]
x = {name: people[name].to_numpy()[:, None] for name in names}
y = people["Survived"].to_numpy("float32")[:, None]


def take(columns, rows):
    return {name: values[rows] for name, values in columns.items()}


space = tf.keras.utils.FeatureSpace(
    {
        "Age": "float_normalized",
        "Fare": "float_normalized",
        "Pclass": "integer_categorical",
        "Sex": "string_categorical",
    },
    output_mode="concat",
)
space.adapt(tf.data.Dataset.from_tensor_slices(take(x, train)).batch(100))
encoded = space(x).numpy()

tf.keras.utils.set_random_seed(0)
sigmoid = tf.keras.layers.Dense(1, "sigmoid", kernel_initializer="zeros")
linear = tf.keras.Sequential([sigmoid])
adam = tf.keras.optimizers.Adam(0.03)
linear.compile(adam, "binary_crossentropy", metrics=["accuracy"])
linear.fit(encoded[train], y[train], epochs=15, verbose=0)
_, accuracy = linear.evaluate(encoded[test], y[test], verbose=0)
print(f'always "no": right in {1 - y[test].mean():.2f}')
print(f"linear:      right in {accuracy:.2f}")
# --8<-- [end:smallest]

# --8<-- [start:encoded]
slots = []
for name in names:
    if name in ("Age", "Fare"):
        slots.append(name)
    else:
        words = space.preprocessors[name].get_vocabulary()
        slots += [f"{name} {word}" for word in words]
for slot, value in zip(slots, encoded[0]):
    print(f"{slot:10} {value:5.2f}")
# --8<-- [end:encoded]

# --8<-- [start:weights]
weights = linear.layers[0].kernel.numpy()[:, 0]
plt.figure(figsize=(5.2, 3))
plt.barh(slots[::-1], weights[::-1])
plt.axvline(0, color="black", linewidth=0.8)
plt.gca().set(xlim=(-3, 3), xlabel="weight")
plt.xticks([-2, 0, 2])
# --8<-- [end:weights]

# --8<-- [start:whole]
import os
import pathlib
import tempfile

os.chdir(tempfile.mkdtemp())
inputs = dict(space.get_inputs())
whole = tf.keras.Model(inputs, linear(space.get_encoded_features()))
whole.save("titanic.keras")
loaded = tf.keras.models.load_model("titanic.keras")
guest = {
    "Age": tf.constant([[30.0]]),
    "Fare": tf.constant([[80.0]]),
    "Pclass": tf.constant([[1]]),
    "Sex": tf.constant([["female"]]),
}
other = {**guest, "Sex": tf.constant([["unknown"]])}
print(f"saved and loaded:  {loaded.predict(guest, verbose=0)[0, 0]:.1f}")
print(f"a word never seen: {loaded.predict(other, verbose=0)[0, 0]:.1f}")
# --8<-- [end:whole]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:numpy-words]
    loaded.predict({**guest, "Sex": np.array([["female"]])}, verbose=0)
    # --8<-- [end:numpy-words]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.keras.layers.DenseFeatures(feature_columns=[])
    # --8<-- [end:then]

# --8<-- [start:old-layer]
import logging

tf.get_logger().setLevel(logging.ERROR)  # each column warns that it will go
columns = tf.feature_column
v1 = tf.compat.v1
few = {
    "age": np.float32([[18], [25], [40], [70]]),
    "sex": np.array([["f"], ["m"], ["f"], ["m"]]),
    "port": np.array([["S"], ["C"], ["Q"], ["S"]]),
    "class": np.array([[1], [2], [3], [3]]),
    "weight": np.float32([[1], [2], [0.5], [3]]),
}


def old(column):
    """What a feature column makes of the four rows."""
    with tf.Graph().as_default(), v1.Session() as session:
        rows = {name: tf.constant(values) for name, values in few.items()}
        net = v1.feature_column.input_layer(rows, [column])
        session.run(
            [v1.global_variables_initializer(), v1.tables_initializer()]
        )
        return session.run(net)


age = columns.numeric_column("age")
print(old(columns.bucketized_column(age, [20.0, 40.0])))
# --8<-- [end:old-layer]

# --8<-- [start:old-columns]
ages = columns.bucketized_column(age, [20.0, 40.0])
sex = columns.categorical_column_with_vocabulary_list("sex", ["f", "m"])
pathlib.Path("words.txt").write_text("f\nm\n")
from_file = columns.categorical_column_with_vocabulary_file("sex", "words.txt")
hashed = columns.categorical_column_with_hash_bucket("port", 5)
number = columns.categorical_column_with_identity("class", 4)
one_hot = columns.indicator_column
ones = tf.ones_initializer()
old_columns = {
    "numeric": columns.numeric_column(
        "age", normalizer_fn=lambda v: (v - 30) / 10
    ),
    "bucketized": ages,
    "vocabulary_list": one_hot(sex),
    "vocabulary_file": one_hot(from_file),
    "hash_bucket": one_hot(hashed),
    "identity": one_hot(number),
    "weighted": one_hot(columns.weighted_categorical_column(number, "weight")),
    "crossed": one_hot(columns.crossed_column(["sex", "port"], 8)),
    "crossed buckets": one_hot(columns.crossed_column([ages, "port"], 8)),
    "embedding": columns.embedding_column(sex, 3, initializer=ones),
}
# --8<-- [end:old-columns]

# --8<-- [start:new-layers]
layers = tf.keras.layers
out = {"output_mode": "one_hot"}
cuts, known = [20.0, 40.0], {"vocabulary": ["f", "m"], "num_oov_indices": 0}
in_file = {**known, "vocabulary": "words.txt"}


def new(rows):
    age, number = rows["age"], rows["class"]
    sex, port = tf.constant(rows["sex"]), tf.constant(rows["port"])
    bucket = layers.Discretization(cuts)(age)
    index = layers.StringLookup(**known)(sex)
    return {
        "numeric": layers.Normalization(mean=30, variance=100)(age),
        "bucketized": layers.Discretization(cuts, **out)(age),
        "vocabulary_list": layers.StringLookup(**known, **out)(sex),
        "vocabulary_file": layers.StringLookup(**in_file, **out)(sex),
        "hash_bucket": layers.Hashing(5, **out)(port),
        "identity": layers.CategoryEncoding(4, **out)(number),
        "weighted": layers.CategoryEncoding(4, output_mode="count")(
            number, count_weights=rows["weight"]
        ),
        "crossed": layers.HashedCrossing(8, **out)((sex, port)),
        "crossed buckets": layers.HashedCrossing(8, **out)((bucket, port)),
        "embedding": layers.Embedding(2, 3, "ones")(index)[:, 0],
    }


for name, values in new(few).items():
    print(f"{name:16} same: {np.array_equal(old(old_columns[name]), values)}")
# --8<-- [end:new-layers]

# --8<-- [start:differences]
few["sex"][3], few["port"][3] = "x", ""  # not in the list, and missing
print("column, unknown word:", old(one_hot(sex))[3])
print("column, empty word:  ", old(one_hot(hashed))[3])
with_unknown = layers.StringLookup(vocabulary=["f", "m"], **out)
print("layer, unknown word: ", with_unknown(few["sex"])[3].numpy())
print("layer, empty word:   ", layers.Hashing(5, **out)(few["port"])[3].numpy())
# --8<-- [end:differences]

with contextlib.suppress(tf.errors.InvalidArgumentError):
    # --8<-- [start:unknown-word]
    layers.StringLookup(vocabulary=["f", "m"], num_oov_indices=0)(few["sex"])
    # --8<-- [end:unknown-word]

# --8<-- [start:space-cross]
few["sex"][3], few["port"][3] = "m", "S"
spec = tf.keras.utils.FeatureSpace
crossing = spec(
    {"sex": "string_categorical", "port": "string_categorical"},
    crosses=[spec.cross(["sex", "port"], crossing_dim=8)],
    output_mode="dict",
)
words = {name: few[name] for name in ("sex", "port")}
crossing.adapt(tf.data.Dataset.from_tensor_slices(words))
in_space = crossing(words)["sex_X_port"].numpy()
print("crossed_column:", old(old_columns["crossed"]).argmax(axis=1))
print("FeatureSpace:  ", in_space.argmax(axis=1))
# --8<-- [end:space-cross]

# --8<-- [start:old-model]
table = {
    "weight": np.ones([len(people), 1], "float32"),
    "age": people[["Age"]].to_numpy("float32"),
    "class": people[["Pclass"]].to_numpy(),
    "port": people[["Embarked"]].to_numpy(str),
    "sex": np.where(people[["Sex"]] == "male", "m", "f"),
}
kinds = ["bucketized", "identity", "hash_bucket", "crossed", "vocabulary_list"]
with tf.Graph().as_default(), v1.Session() as session:
    rows = {name: tf.constant(v) for name, v in take(table, train).items()}
    chosen = [old_columns[kind] for kind in kinds]
    net = v1.feature_column.input_layer(rows, chosen)
    kernel = v1.get_variable(
        "kernel", [net.shape[1], 1], initializer=v1.zeros_initializer()
    )
    logits = net @ kernel
    losses = tf.nn.sigmoid_cross_entropy_with_logits(y[train], logits)
    descent = v1.train.GradientDescentOptimizer(0.5)
    step = descent.minimize(tf.reduce_mean(losses))
    session.run([v1.global_variables_initializer(), v1.tables_initializer()])
    for _ in range(100):
        session.run(step)
    old_answers = session.run(tf.sigmoid(logits))
print(net.shape, f"mean answer {old_answers.mean():.2f}")
# --8<-- [end:old-model]

# --8<-- [start:new-model]
parts = new(take(table, train))
present = table["port"][train] != ""  # a column skips empty words
parts["hash_bucket"] *= present
net = tf.concat([tf.cast(parts[kind], "float32") for kind in kinds], axis=1)
dense = layers.Dense(1, "sigmoid", False, kernel_initializer="zeros")
today = tf.keras.Sequential([dense])
today.compile(tf.keras.optimizers.SGD(0.5), "binary_crossentropy")
rows = tf.data.Dataset.from_tensors((net, y[train])).repeat(100)
today.fit(rows, shuffle=False, verbose=0)
difference = np.abs(today(net) - old_answers).max()
print("largest difference below 1e-5:", difference < 1e-5)
# --8<-- [end:new-model]


# --8<-- [start:roc]
def roc(truth, scores):
    """False and true positive rate, for every threshold from the top down."""
    hits = truth.ravel()[np.argsort(-scores.ravel())]
    return np.cumsum(1 - hits) / (1 - hits).sum(), np.cumsum(hits) / hits.sum()


answers = linear(encoded[test]).numpy()
yes, no = answers[y[test] == 1], answers[y[test] == 0]
pairs = yes[:, None] - no
metric = tf.keras.metrics.AUC(num_thresholds=1000)
print(f"pairs in the right order: {(pairs > 0).mean():.2f}")
print(f"AUC of Keras:             {metric(y[test], answers):.2f}")

plt.figure(figsize=(3.6, 3.4))
plt.plot([0, 1], [0, 1], ":", color="gray")
plt.plot(*roc(y[test], answers))
for cut, place in zip((0.3, 0.5, 0.7), ((8, -12), (8, -12), (8, -12))):
    at = (no >= cut).mean(), (yes >= cut).mean()
    plt.plot(*at, "o", color="C1")
    plt.annotate(str(cut), at, xytext=place, textcoords="offset points")
plt.gca().set(
    xlabel="share of the dead reported", ylabel="share of the survivors found"
)
plt.xticks([0, 0.5, 1])
plt.yticks([0, 0.5, 1])
# --8<-- [end:roc]

# --8<-- [start:engineering]
x["Title"] = people[["Name"]].replace(r".*, (.*?)\..*", r"\1", regex=True)
x["Title"] = x["Title"].to_numpy(str)  # Mr, Mrs, Miss, Master …
x["Group"] = x["Age"]
features = {
    "Age": "float_normalized",
    "Fare": "float_normalized",
    "Pclass": "integer_categorical",
    "Sex": "string_categorical",
    "Group": spec.float_discretized(num_bins=8),
    "Title": spec.string_categorical(max_tokens=6),
}
cross = spec.cross(["Sex", "Pclass"], crossing_dim=16)


def fitted(inputs, rows, hidden):
    tf.keras.utils.set_random_seed(0)
    model = tf.keras.Sequential(
        [tf.keras.Input([inputs.shape[1]])]
        + [layers.Dense(units, activation="relu") for units in hidden]
        + [layers.Dense(1, activation="sigmoid")]
    )
    adam = tf.keras.optimizers.Adam(0.03)
    adam.build(model.trainable_variables)  # or the first step is traced twice
    model.compile(adam, "binary_crossentropy")
    model.fit(inputs[rows], y[rows], batch_size=100, epochs=20, verbose=0)
    return model(inputs).numpy()


choices = {
    "four columns": (names, []),
    "+ age groups, sex x class": ([*names, "Group", "Sex_X_Pclass"], []),
    "+ title": ([*names, "Group", "Sex_X_Pclass", "Title"], []),
    "network, four columns": (names, [16]),
}
found = {name: [] for name in choices}
for seed in range(3):
    order = np.random.default_rng(seed).permutation(len(people))
    rows, held = order[:600], order[600:]
    wide = spec(features, crosses=[cross], output_mode="dict")
    wide.adapt(tf.data.Dataset.from_tensor_slices(take(x, rows)).batch(100))
    every = wide(x)
    for name, (used, hidden) in choices.items():
        inputs = np.column_stack([every[part] for part in used])
        scores = fitted(inputs, rows, hidden)[held]
        above = scores[y[held] == 1][:, None] > scores[y[held] == 0]
        found[name].append(above.mean())
for name, areas in found.items():
    print(
        f"{name:26} AUC {np.mean(areas):.2f} ({min(areas):.2f} to {max(areas):.2f})"
    )
# --8<-- [end:engineering]

with contextlib.suppress(AttributeError):
    # --8<-- [start:then-estimator]
    tf.keras.estimator.model_to_estimator(linear)
    # --8<-- [end:then-estimator]

# --8<-- [start:solution-number]
for name, inputs in {
    "class as a number": np.column_stack([encoded[:, :2], x["Pclass"] - 2]),
    "class in places": encoded[:, :6],
}.items():
    scores = fitted(inputs.astype("float32"), train, [])[test]
    above = scores[y[test] == 1][:, None] > scores[y[test] == 0]
    print(f"{name:18} AUC {above.mean():.2f}")
# --8<-- [end:solution-number]

# --8<-- [start:solution-cost]
cuts = np.linspace(0, 1, 101)
price = [3 * (yes < cut).sum() + (no >= cut).sum() for cut in cuts]
print(f"cheapest threshold {cuts[np.argmin(price)]:.2f}")
print(f"costs {min(price)}, at 0.5 {price[50]}")
# --8<-- [end:solution-cost]

# --8<-- [start:solution-multi]
genres = tf.ragged.constant([["war", "drama"], ["comedy"], []])
lookup = layers.StringLookup(
    vocabulary=["comedy", "drama", "war"], output_mode="multi_hot"
)
print(lookup(genres.to_tensor("")).numpy())
masked = layers.StringLookup(
    vocabulary=["comedy", "drama", "war"],
    output_mode="multi_hot",
    mask_token="",
)
print(masked(genres.to_tensor("")).numpy())
# --8<-- [end:solution-multi]
