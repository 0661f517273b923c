import contextlib

# --8<-- [start:first]
import tensorflow as tf

tf.reduce_sum([[1.0, 2.0], [3.0, 4.0]])
# --8<-- [end:first]

# --8<-- [start:versions]
import platform

import keras
import numpy as np

print("Python    ", platform.python_version())
print("TensorFlow", tf.__version__)
print("Keras     ", keras.__version__)
print("NumPy     ", np.__version__)
# --8<-- [end:versions]

# --8<-- [start:devices]
for device in tf.config.list_physical_devices():
    print(device.device_type, device.name)
# --8<-- [end:devices]

# --8<-- [start:gpu-details]
for gpu in tf.config.list_physical_devices("GPU"):
    print(gpu.name)
    print(tf.config.experimental.get_device_details(gpu))
# --8<-- [end:gpu-details]

# --8<-- [start:extra]
from importlib.metadata import requires

for line in requires("tensorflow"):
    if 'extra == "and-cuda"' in line:
        print(line.split(";")[0])
# --8<-- [end:extra]

# --8<-- [start:build]
build = tf.sysconfig.get_build_info()
for key in ("is_cuda_build", "cuda_version", "cudnn_version"):
    print(key, "=", build.get(key, "none"))
# --8<-- [end:build]

# --8<-- [start:soft]
with tf.device("GPU:9"):
    total = tf.add(1, 2)
print(total.device)
# --8<-- [end:soft]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:strict]
    tf.config.set_soft_device_placement(False)
    with tf.device("GPU:9"):
        total = tf.add(1, 2)
    # --8<-- [end:strict]

# --8<-- [start:soft-again]
tf.config.set_soft_device_placement(True)
print("soft placement:", tf.config.get_soft_device_placement())
# --8<-- [end:soft-again]

# --8<-- [start:same-keras]
print("one and the same:", tf.keras.Model is keras.Model)
for name in ("keras", "tensorboard"):
    wanted = [line for line in requires("tensorflow") if line.startswith(name)]
    print(f"asks for {name}:", wanted or "no")
# --8<-- [end:same-keras]

# --8<-- [start:exercise-numpy]
print([line for line in requires("tensorflow") if line.startswith("numpy")])
# --8<-- [end:exercise-numpy]

# --8<-- [start:exercise-report]
gpus = tf.config.list_physical_devices("GPU")
if gpus:
    print("ready:", len(gpus), "GPU")
elif not tf.test.is_built_with_cuda():
    print("this build cannot use a GPU")
else:
    print("this build could use a GPU, but finds none: is the driver there?")
# --8<-- [end:exercise-report]
