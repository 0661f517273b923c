"""Code of the page migrate/ledger."""

# --8<-- [start:program]
from pathlib import Path

program = """\
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.optimizers import Adam

model = tf.keras.Sequential()
model.add(layers.Dense(64, activation="relu", input_dim=784))
model.add(layers.Dense(10, activation="softmax"))
model.compile(Adam(lr=1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit_generator(train, steps_per_epoch=100, epochs=5)
print(history.history["acc"])
print(model.layers[0].output_shape)
labels = model.predict_classes(images)
model.save("digits")
"""
written = Path("digits.py").write_text(program)
# --8<-- [end:program]

# --8<-- [start:doctor]
import subprocess
import sys

command = [sys.executable, "-m", "tfnotes", "doctor", "--brief", "--language", "en", "digits.py"]
done = subprocess.run(command, capture_output=True, text=True)
print(done.stdout, done.stderr)
print("exit status:", done.returncode)
# --8<-- [end:doctor]

# --8<-- [start:upgrade]
import json

command = [sys.executable, "-m", "tfnotes.doctor.upgrade", "digits.py"]
done = subprocess.run(command, capture_output=True, text=True)
report = json.loads(done.stdout)["digits.py"]
for place in report["places"]:
    print(f"line {place['line']:2}  {place['code']:28}  {place['converter']}")
print("after tf_upgrade_v2:", report["converted_error"])
# --8<-- [end:upgrade]
