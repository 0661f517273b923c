"""The whole path on one small problem: from a table of cars to a served prediction."""

import contextlib

# --8<-- [start:load]
import tensorflow as tf

from tfnotes import data

cars = data.auto_mpg()
table = cars.frame()
table.drop(columns=["origin", "car_name"]).head(4)
# --8<-- [end:load]

# --8<-- [start:look]
import matplotlib.pyplot as plt

missing = table.isna().sum()
print("rows:", len(table), " missing:", missing[missing > 0].to_dict())
weight, mpg, early = table["weight"], table["mpg"], table["model_year"] < 76
print("miles per gallon from", mpg.min(), "to", mpg.max())
plt.plot(weight[early], mpg[early], "C0.", label="1970 to 1975")
plt.plot(weight[~early], mpg[~early], "C1.", label="1976 to 1982")
plt.gca().set(xlabel="weight in pounds", ylabel="miles per gallon")
plt.legend()
# --8<-- [end:look]

# --8<-- [start:split]
columns = ["cylinders", "displacement", "horsepower"]
columns += ["weight", "acceleration", "model_year"]
whole = table.dropna()
mixed = whole.sample(frac=1, random_state=0)
parts = {"train": mixed[:252], "check": mixed[252:312], "test": mixed[312:]}
x = {name: part[columns].to_numpy("float32") for name, part in parts.items()}
y = {name: part["mpg"].to_numpy("float32") for name, part in parts.items()}
for name, part in {**parts, "last 80 rows": whole[-80:]}.items():
    average = part["model_year"].mean()
    print(f"{name:12} {len(part):4} cars, mean year {average:.1f}")
# --8<-- [end:split]

# --8<-- [start:pipeline]
train = tf.data.Dataset.from_tensor_slices((x["train"], y["train"]))
train = train.shuffle(252, seed=0).batch(32).prefetch(tf.data.AUTOTUNE)
check = tf.data.Dataset.from_tensor_slices((x["check"], y["check"])).batch(60)
for spec in train.element_spec:
    print(spec.shape, spec.dtype.name)
# --8<-- [end:pipeline]

# --8<-- [start:baseline]
import numpy as np


def error(guess, part):
    return np.abs(np.ravel(guess) - y[part]).mean()


def with_one(rows):
    return np.c_[rows, np.ones(len(rows))]


weights, *_ = np.linalg.lstsq(with_one(x["train"]), y["train"])
line = with_one(x["check"]) @ weights
print(f"always the mean: {error(y['train'].mean(), 'check'):.2f} mpg off")
print(f"a straight line: {error(line, 'check'):.2f}")
# --8<-- [end:baseline]

# --8<-- [start:model]
import keras

normalize = keras.layers.Normalization()
normalize.adapt(x["train"])
model = keras.Sequential(
    [
        keras.Input([len(columns)], name="car"),
        normalize,
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(1),
    ]
)
sizes = [np.size(weight) for weight in model.trainable_weights]
print("parameters to learn:", sum(sizes))
print(f"untrained: {error(model(x['check']), 'check'):.2f} mpg off")
# --8<-- [end:model]

# --8<-- [start:train]
from tfnotes.draw import plotting

model.compile(keras.optimizers.Adam(0.01), loss="mae")
stop = keras.callbacks.EarlyStopping(patience=15, restore_best_weights=True)
past = model.fit(
    train,
    validation_data=check,
    epochs=200,
    callbacks=[stop],
    shuffle=False,
    verbose=0,
)
print("epochs:", len(past.epoch), " best:", stop.best_epoch + 1)
plotting.show_history(past.history, ["loss"])
plt.yscale("log")
# --8<-- [end:train]

# --8<-- [start:evaluate]
guess = model.predict(x["test"], verbose=0)
line = with_one(x["test"]) @ weights
print(f"a straight line: {error(line, 'test'):.2f} mpg off")
print(f"the model:       {error(guess, 'test'):.2f}")
worst = np.abs(guess[:, 0] - y["test"]).argmax()
print(f"worst case: {guess[worst, 0]:.1f}, truth {y['test'][worst]:.1f}")
# --8<-- [end:evaluate]

# --8<-- [start:save]
import tempfile
from pathlib import Path

shelf = Path(tempfile.mkdtemp())
model.save(shelf / "cars.keras")
print([path.name for path in shelf.iterdir()])
# --8<-- [end:save]

# --8<-- [start:again]
again = keras.models.load_model(shelf / "cars.keras")
same = again.predict(x["test"], verbose=0)
print("greatest difference:", np.abs(same - guess).max())
print("steps of the optimizer:", int(again.optimizer.iterations))
# --8<-- [end:again]

# --8<-- [start:export]
model.export(shelf / "cars", verbose=False)
for path in sorted((shelf / "cars").rglob("*")):
    print(path.relative_to(shelf))
# --8<-- [end:export]

# --8<-- [start:serve]
import subprocess
import sys

program = f"""
import sys
sys.modules["keras"] = None  # from here on, importing Keras fails
import tensorflow as tf
served = tf.saved_model.load({str(shelf / "cars")!r})
car = tf.constant([{x["test"][0].tolist()}])
print("miles per gallon:", served.serve(car).numpy()[0, 0])
print("Keras:", sys.modules["keras"])
"""
command = [sys.executable, "-c", program]
done = subprocess.run(command, capture_output=True, text=True)
print(done.stdout, end="")
print("in here:         ", guess[0, 0])
# --8<-- [end:serve]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:one-car]
    served = tf.saved_model.load(shelf / "cars")
    served.serve(x["test"][0])
    # --8<-- [end:one-car]

with contextlib.suppress(ValueError):  # the page shows this error
    # --8<-- [start:save-folder]
    model.save("cars")
    # --8<-- [end:save-folder]

# --8<-- [start:exercise-order]
car = x["test"][:1]
swapped = car[:, [0, 1, 3, 2, 4, 5]]  # weight before horsepower
print("in order:", served.serve(car).numpy()[0, 0])
print("swapped: ", served.serve(swapped).numpy()[0, 0])
# --8<-- [end:exercise-order]


# --8<-- [start:exercise-guard]
def strange(car):
    distance = np.abs(np.array(normalize(car)))[0]
    return [name for name, far in zip(columns, distance) if far > 4]


print("in order:", strange(car))
print("swapped: ", strange(swapped))
# --8<-- [end:exercise-guard]

# --8<-- [start:exercise-years]
old, new = whole[:-80], whole[-80:]
weights, *_ = np.linalg.lstsq(with_one(old[columns]), old["mpg"])
off = np.abs(with_one(new[columns]) @ weights - new["mpg"]).mean()
print("learnt from the years up to", old["model_year"].max())
print(f"{off:.2f} mpg off for the cars after them")
# --8<-- [end:exercise-years]
