"""Deploying: a SavedModel asked over HTTP, LiteRT on a small device, and what quantising costs."""

import contextlib

# --8<-- [start:model]
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfnotes import data

digits = data.mnist()
x_train, y_train = digits.x_train[..., None], digits.y_train
x_test, y_test = digits.x_test[:1000, ..., None], digits.y_test[:1000]

layers = keras.layers
keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input([28, 28, 1], name="image"),
        layers.Rescaling(1 / 255),
        layers.Conv2D(16, 3, strides=2, activation="relu"),
        layers.Conv2D(32, 3, strides=2, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=64, epochs=6, verbose=0)
wanted = model.predict(x_test, verbose=0)
accuracy = np.mean(wanted.argmax(axis=1) == y_test)
print(f"right: {accuracy:.1%}, parameters: {model.count_params()}")
# --8<-- [end:model]

# --8<-- [start:export]
folder = Path(tempfile.mkdtemp())
model.export(folder / "digits" / "1", verbose=False)
for path in sorted((folder / "digits").rglob("*")):
    if path.is_file():
        print(path.relative_to(folder).as_posix())
served = tf.saved_model.load(str(folder / "digits" / "1"))
answer = served.serve(x_test.astype("float32"))
print("the same answers:", np.allclose(answer, wanted, atol=1e-5))
# --8<-- [end:export]

# --8<-- [start:signature]
signature = served.signatures["serving_default"]
print("takes", signature.structured_input_signature[1])
print("gives", signature.structured_outputs)
# --8<-- [end:signature]

with contextlib.suppress(AttributeError):
    # --8<-- [start:no-keras]
    served.predict(x_test)
    # --8<-- [end:no-keras]

# --8<-- [start:server]
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    """A POST with {"instances": [...]} gets {"predictions": [...]}."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        batch = tf.constant(asked["instances"], tf.float32)
        found = signature(image=batch)["output_0"].numpy()
        body = json.dumps({"predictions": found.tolist()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """No line for each request."""


# --8<-- [end:server]
# --8<-- [start:client]
from urllib.request import urlopen

server = HTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
question = json.dumps({"instances": x_test[:2].tolist()}).encode()
address = f"http://127.0.0.1:{server.server_port}/v1/models/digits:predict"
with urlopen(address, data=question, timeout=30) as reply:
    predictions = np.array(json.load(reply)["predictions"])
server.shutdown()
server.server_close()
print("digits:", predictions.argmax(axis=1), "labels:", y_test[:2])
print("the same answers:", np.allclose(predictions, wanted[:2], atol=1e-5))
print("bytes of an image:", x_test[0].nbytes, "as JSON:", len(question) // 2)
# --8<-- [end:client]

# --8<-- [start:twice]
scaled = x_test / 255
found = model.predict(scaled, verbose=0)
print(f"right: {np.mean(found.argmax(axis=1) == y_test):.1%}")
print("surest answer:", f"{found.max():.2f}")
# --8<-- [end:twice]

# --8<-- [start:litert]
from ai_edge_litert.interpreter import Interpreter

model.export(folder / "digits.tflite", format="litert", verbose=False)
interpreter = Interpreter(str(folder / "digits.tflite"))
interpreter.allocate_tensors()
run = interpreter.get_signature_runner()
one = run(image=x_test[:1].astype("float32"))["output_0"]
print(one.shape, "digit:", one.argmax(), "label:", y_test[0])
print("the same answer:", np.allclose(one, wanted[:1], atol=1e-5))
# --8<-- [end:litert]

with contextlib.suppress(ValueError):
    # --8<-- [start:uint8]
    place = interpreter.get_input_details()[0]["index"]
    interpreter.set_tensor(place, x_test[:1])
    # --8<-- [end:uint8]

with contextlib.suppress(ValueError):
    # --8<-- [start:batch]
    interpreter.set_tensor(place, x_test[:2].astype("float32"))
    # --8<-- [end:batch]


# --8<-- [start:ask]
def ask(file, pictures):
    """The probabilities that a file's model gives for a batch."""
    interpreter = Interpreter(str(file))
    source = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(source, pictures.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(source, pictures.astype("float32"))
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


print("all at once:", ask(folder / "digits.tflite", x_test).shape)
# --8<-- [end:ask]


# --8<-- [start:quantise]
def examples():
    for picture in x_train[:200]:
        yield [picture[None].astype("float32")]


smaller = [tf.lite.Optimize.DEFAULT]
half = tf.lite.TargetSpec(supported_types=[tf.float16])
eight = tf.lite.TargetSpec(supported_ops=[tf.lite.OpsSet.TFLITE_BUILTINS_INT8])
ways = {
    "float32": {},
    "float16": {"optimizations": smaller, "target_spec": half},
    "int8 weights": {"optimizations": smaller},
    "int8": {
        "optimizations": smaller,
        "representative_dataset": examples,
        "target_spec": eight,
    },
}
found = {}
for name, options in ways.items():
    file = folder / f"{name.replace(' ', '-')}.tflite"
    model.export(file, format="litert", verbose=False, **options)
    found[name] = ask(file, x_test)
    same = np.mean(found[name].argmax(axis=1) == wanted.argmax(axis=1))
    print(f"{name:13} {file.stat().st_size:6} bytes, same digit {same:.1%}")
# --8<-- [end:quantise]

# --8<-- [start:differences]
import matplotlib.pyplot as plt

edges = np.logspace(-9, 0, 46)
figure, axis = plt.subplots(figsize=(7, 2.6), layout="constrained")
for name, values in found.items():
    difference = np.abs(values - wanted).ravel().clip(1e-9)
    axis.hist(difference, edges, histtype="step", label=name)
axis.set(xscale="log", xlim=(1e-9, 1), xlabel="difference of a probability")
axis.set(
    xticks=[1e-9, 1e-6, 1e-3, 1], ylabel="probabilities", ylim=(0.8, 12_000)
)
axis.set(yscale="log", yticks=[1, 100, 10_000])
axis.legend(fontsize=8, loc="upper right")
# --8<-- [end:differences]


# --8<-- [start:wrong-range]
def scaled_examples():
    for picture in x_train[:200]:
        yield [picture[None].astype("float32") / 255]


model.export(
    folder / "wrong.tflite",
    format="litert",
    verbose=False,
    optimizations=smaller,
    representative_dataset=scaled_examples,
    target_spec=eight,
)
wrong = ask(folder / "wrong.tflite", x_test)
print(f"right: {np.mean(wrong.argmax(axis=1) == y_test):.1%}")
# --8<-- [end:wrong-range]

with contextlib.suppress(ModuleNotFoundError):
    # --8<-- [start:onnx]
    model.export(folder / "digits.onnx", format="onnx", verbose=False)
    # --8<-- [end:onnx]

# --8<-- [start:solution-spacing]
kernel = model.layers[-2].kernel.numpy()
spacing = np.abs(kernel).max(axis=0) / 127
rounded = np.round(kernel / spacing) * spacing
print("bytes:", kernel.nbytes, "->", kernel.size + spacing.nbytes)
print(
    "error at most half a step:",
    np.all(abs(rounded - kernel) <= spacing * 0.501),
)
# --8<-- [end:solution-spacing]

# --8<-- [start:solution-labels]
names = tf.constant(["zero", "one", "two", "three", "four"] + ["more"] * 5)


class WithNames(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None, 28, 28, 1], tf.uint8)])
    def serve(self, image):
        found = model(tf.cast(image, tf.float32))
        best = tf.argmax(found, axis=-1)
        return {
            "name": tf.gather(names, best),
            "sure": tf.reduce_max(found, axis=-1),
        }


module = WithNames()
module.model = model
tf.saved_model.save(
    module, folder / "named", signatures=module.serve.get_concrete_function()
)
named = tf.saved_model.load(str(folder / "named")).signatures["serving_default"]
answers = named(image=tf.constant(x_test[:3]))
print([name.decode() for name in answers["name"].numpy()], y_test[:3])
# --8<-- [end:solution-labels]
