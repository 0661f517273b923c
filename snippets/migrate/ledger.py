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

command = [
    sys.executable,
    "-m",
    "tfnotes",
    "doctor",
    "--brief",
    "--language",
    "en",
    "digits.py",
]
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

# --8<-- [start:fix]
command = [sys.executable, "-m", "tfnotes", "doctor", "--fix", "digits.py"]
done = subprocess.run(
    [*command, "--brief", "--language", "en"], capture_output=True, text=True
)
print(done.stderr, done.stdout)
print(Path("digits.py").read_text())
# --8<-- [end:fix]

# --8<-- [start:unsafe]
command = [sys.executable, "-m", "tfnotes", "doctor", "--diff", "--unsafe"]
done = subprocess.run([*command, "digits.py"], capture_output=True, text=True)
print(done.stdout)
# --8<-- [end:unsafe]

# --8<-- [start:error]
pasted = """\
Traceback (most recent call last):
  File "/home/me/train.py", line 41, in <module>
    state = optimizer.get_weights()
AttributeError: 'Nadam' object has no attribute 'get_weights'
"""
command = [sys.executable, "-m", "tfnotes", "doctor", "--error"]
done = subprocess.run(
    [*command, "--language", "en"], input=pasted, capture_output=True, text=True
)
print(done.stdout)
# --8<-- [end:error]
