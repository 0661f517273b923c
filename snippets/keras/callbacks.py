"""Code of the page keras/callbacks."""

import contextlib

# --8<-- [start:order]
import keras
import numpy as np


class Diary(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        print("training begins")

    def on_epoch_begin(self, epoch, logs=None):
        print("  epoch", epoch, "begins")

    def on_train_batch_end(self, batch, logs=None):
        print("    batch", batch, "done, logs:", list(logs))

    def on_test_end(self, logs=None):
        print("    validation done, logs:", list(logs))

    def on_epoch_end(self, epoch, logs=None):
        print("  epoch", epoch, "done, logs:", list(logs))

    def on_train_end(self, logs=None):
        print("training done")


x = np.linspace(0, 1, 64, dtype="float32")[:, None]
line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
line.compile("sgd", "mse")
run = line.fit(x, x, validation_data=(x, x), callbacks=[Diary()], verbose=0)
# --8<-- [end:order]


# --8<-- [start:scripted]
class Scripted(keras.Model):
    """Its validation losses are given; its only weight counts the epochs."""

    def __init__(self, losses):
        super().__init__()
        self.losses_to_come = losses
        self.epochs = self.add_weight(name="epochs", initializer="zeros")

    @property
    def metrics(self):
        return []  # no running means: the steps below say everything

    def train_step(self, batch):
        self.epochs.assign_add(1)
        return {"loss": 0.0}

    def test_step(self, batch):
        return {"loss": self.losses_to_come[int(self.epochs) - 1]}


def play(losses, *callbacks, rate=0.1):
    model = Scripted(losses)
    model.compile(keras.optimizers.SGD(rate), run_eagerly=True)
    one = np.zeros(1)
    run = model.fit(
        one, one, validation_data=(one, one), epochs=len(losses),
        callbacks=list(callbacks), verbose=0,
    )
    print(f"{len(run.epoch)} epochs; it has the weights of epoch {int(model.epochs)}")
# --8<-- [end:scripted]


# --8<-- [start:early]
EarlyStopping = keras.callbacks.EarlyStopping
losses = [5.0, 4.0, 3.0, 3.5, 3.2, 2.0, 2.5, 2.6, 2.7, 2.8]

play(losses, EarlyStopping(patience=2))
play(losses, EarlyStopping(patience=2, restore_best_weights=True))
play(losses, EarlyStopping(patience=3, restore_best_weights=True))
play(losses, EarlyStopping(patience=1))
play(losses, EarlyStopping(patience=0))  # the default
# --8<-- [end:early]

# --8<-- [start:full]
patient = {"patience": 10, "restore_best_weights": True}
play([5.0, 4.0, 3.0, 3.5], EarlyStopping(**patient))
# --8<-- [end:full]


# --8<-- [start:old-rule]
class OldRule(EarlyStopping):
    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0:  # only if it stopped the training
            super().on_train_end(logs)


play([5.0, 4.0, 3.0, 3.5], OldRule(**patient))
# --8<-- [end:old-rule]

# --8<-- [start:no-validation]
run = line.fit(x, x, epochs=3, callbacks=[EarlyStopping()], verbose=0)
print(len(run.epoch), "epochs")
# --8<-- [end:no-validation]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:mode]
    stop = EarlyStopping(monitor="val_score")
    line.fit(x, x, validation_data=(x, x), callbacks=[stop], verbose=0)
    # --8<-- [end:mode]


# --8<-- [start:plateau]
class Rate(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        print(f"{float(self.model.optimizer.learning_rate):.3g}", end="  ")

    def on_train_end(self, logs=None):
        print()


halve = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2)
play([5.0, 4.0, 4.1, 4.2, 4.3, 4.1, 4.2, 3.0], Rate(), halve)
# --8<-- [end:plateau]

# --8<-- [start:schedule]
warm_up = keras.callbacks.LearningRateScheduler(
    lambda epoch, rate: 0.02 * (epoch + 1) if epoch < 5 else rate * 0.9
)
play([1.0] * 8, warm_up, Rate())
play([1.0] * 8, Rate(), warm_up)
# --8<-- [end:schedule]

# --8<-- [start:checkpoint]
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp())
ModelCheckpoint = keras.callbacks.ModelCheckpoint
savers = [
    ModelCheckpoint(folder / "{epoch:02d}-{val_loss:.3f}.keras"),
    ModelCheckpoint(folder / "best.keras", save_best_only=True),
]
line.fit(x, x, validation_data=(x, x), epochs=3, callbacks=savers, verbose=0)
print(sorted(path.name for path in folder.iterdir()))

again = keras.models.load_model(folder / "best.keras")
assert again.evaluate(x, x, verbose=0) == line.evaluate(x, x, verbose=0)
# --8<-- [end:checkpoint]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:suffix]
    ModelCheckpoint("best")
    # --8<-- [end:suffix]

# --8<-- [start:csv]
import pandas as pd

CSVLogger = keras.callbacks.CSVLogger
log = folder / "training.csv"
settings = {"validation_data": (x, x), "verbose": 0}
line.fit(x, x, epochs=2, callbacks=[CSVLogger(log)], **settings)
more = CSVLogger(log, append=True)
line.fit(x, x, initial_epoch=2, epochs=3, callbacks=[more], **settings)

pd.read_csv(log).round(3)
# --8<-- [end:csv]


# --8<-- [start:backup]
import contextlib


class Crash(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3:
            raise KeyboardInterrupt


def program(rate, *callbacks):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), "mse")
    backup = keras.callbacks.BackupAndRestore(folder / "backup")
    run = model.fit(x, x, epochs=5, callbacks=[backup, *callbacks], verbose=0)
    rate = float(model.optimizer.learning_rate)
    print(f"epochs {run.epoch}, learning rate {rate:.3f}")
    return model


with contextlib.suppress(KeyboardInterrupt):
    program(0.1, Crash())
print(sorted(path.name for path in (folder / "backup").iterdir()))
model = program(0.001)
# --8<-- [end:backup]

# --8<-- [start:resumed]
print(model.fit(x, x, epochs=5, verbose=0).epoch)
print(model.fit(x, x, epochs=2, verbose=0).epoch)
# --8<-- [end:resumed]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    ModelCheckpoint("best.keras", save_weight_only=True)
    # --8<-- [end:then]

# --8<-- [start:swallowed]
import tf_keras

Old = tf_keras.callbacks.ModelCheckpoint
slip = Old("best.keras", save_weight_only=True)
print("save_weights_only:", slip.save_weights_only)
# --8<-- [end:swallowed]

# --8<-- [start:now]
keeper = ModelCheckpoint("best.weights.h5", save_weights_only=True)
print("save_weights_only:", keeper.save_weights_only)
# --8<-- [end:now]


# --8<-- [start:own]
class GoodEnough(keras.callbacks.Callback):
    """Stops once the validation loss is below a bound."""

    def __init__(self, bound):
        super().__init__()
        self.bound = bound

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.bound:
            self.model.stop_training = True


play(losses, GoodEnough(3.3))
# --8<-- [end:own]


# --8<-- [start:exercise-rate]
class KeepRate(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs["rate"] = float(self.model.optimizer.learning_rate)


shrink = keras.callbacks.LearningRateScheduler(lambda _, rate: rate * 0.9)
run = line.fit(x, x, epochs=4, callbacks=[shrink, KeepRate()], verbose=0)
print(list(run.history), np.round(run.history["rate"], 5))
# --8<-- [end:exercise-rate]

# --8<-- [start:exercise-patience]
losses = [1.0, 4.0, 3.0, 2.0, 2.5, 2.6, 2.7]
play(losses, EarlyStopping(patience=2, restore_best_weights=True))
later = {"patience": 2, "restore_best_weights": True, "start_from_epoch": 1}
play(losses, EarlyStopping(**later))
# --8<-- [end:exercise-patience]
