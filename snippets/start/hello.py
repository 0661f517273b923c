import contextlib

# --8<-- [start:load]
import keras
import tensorflow as tf

from tfnotes import data
from tfnotes.draw import plotting

digits = data.mnist()
digits
# --8<-- [end:load]

# --8<-- [start:look]
plotting.show_images(digits.x_test[:16], titles=digits.y_test[:16])
# --8<-- [end:look]

# --8<-- [start:scale]
x_train = digits.x_train.astype("float32") / 255
x_test = digits.x_test.astype("float32") / 255
y_train, y_test = digits.y_train, digits.y_test
for x in digits.x_train, x_train:
    print(x.dtype, "from", x.min(), "to", x.max())
# --8<-- [end:scale]

# --8<-- [start:build]
model = keras.Sequential(
    [
        keras.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10),
    ]
)
print("parameters:", model.count_params())
print("by hand:", (784 * 128 + 128) + (128 * 10 + 10))
# --8<-- [end:build]

# --8<-- [start:compile]
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
# --8<-- [end:compile]

# --8<-- [start:before]
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"before training: loss {loss:.2f}, accuracy {accuracy:.1%}")
print(f"pure guessing:   loss {tf.math.log(10.0):.2f}, accuracy 10.0%")
# --8<-- [end:before]

# --8<-- [start:fit]
past = model.fit(x_train, y_train, epochs=5, validation_split=0.1, verbose=0)
plotting.show_history(past.history, ["loss", "accuracy"])
# --8<-- [end:fit]

# --8<-- [start:evaluate]
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"after training: loss {loss:.2f}, accuracy {accuracy:.1%}")
# --8<-- [end:evaluate]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:one-picture]
    model.predict(x_test[0], verbose=0)
    # --8<-- [end:one-picture]

# --8<-- [start:predict]
logits = model(x_test[:1])
probabilities = tf.nn.softmax(logits)[0].numpy()
print("shape of the scores:", logits.shape)
print(f"sum of the probabilities: {probabilities.sum():.3f}")
guess, chance = probabilities.argmax(), probabilities.max()
print(f"it says {guess}, and is {chance:.1%} sure")
# --8<-- [end:predict]

# --8<-- [start:draw]
import matplotlib.pyplot as plt

_, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.6), width_ratios=[1, 2])
left.imshow(digits.x_test[0], cmap="gray")
left.set_axis_off()
plotting.show_probabilities(probabilities, digits.classes, truth=y_test[0])
# --8<-- [end:draw]

# --8<-- [start:mistakes]
guesses = model.predict(x_test, verbose=0).argmax(axis=1)
wrong = (guesses != y_test).nonzero()[0]
print("wrong:", len(wrong), "of", len(guesses))
titles = [f"{guesses[i]}, not {y_test[i]}" for i in wrong[:8]]
plotting.show_images(digits.x_test[wrong[:8]], titles)
# --8<-- [end:mistakes]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:predict-classes]
    model.predict_classes(x_test[:3])
    # --8<-- [end:predict-classes]

# --8<-- [start:argmax]
model.predict(x_test[:3], verbose=0).argmax(axis=1)
# --8<-- [end:argmax]

# --8<-- [start:by-hand]
import numpy as np

hidden, output = model.layers[1], model.layers[3]
flat = x_test.reshape(len(x_test), 784)
inside = tf.nn.relu(flat @ hidden.kernel + hidden.bias)
scores = inside @ output.kernel + output.bias
print("the same scores:", np.allclose(scores, model(x_test), atol=1e-4))
# --8<-- [end:by-hand]

# --8<-- [start:exercise-linear]
linear = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
linear.compile("adam", model.loss, metrics=["accuracy"])
linear.fit(x_train, y_train, epochs=5, verbose=0)
_, accuracy = linear.evaluate(x_test, y_test, verbose=0)
print(f"without a hidden layer: accuracy {accuracy:.1%}")
# --8<-- [end:exercise-linear]

# --8<-- [start:exercise-bytes]
raw = keras.models.clone_model(model)
raw.compile("adam", model.loss, metrics=["accuracy"])
rough = raw.fit(x_train * 255, y_train, epochs=5, verbose=0)
print(f"loss in the first epoch: {rough.history['loss'][0]:.2f}")
print(f"with scaled images:      {past.history['loss'][0]:.2f}")
_, accuracy = raw.evaluate(x_test * 255, y_test, verbose=0)
print(f"accuracy in the end: {accuracy:.1%}")
# --8<-- [end:exercise-bytes]

# --8<-- [start:exercise-confusion]
table = tf.math.confusion_matrix(y_test, guesses).numpy()
table[range(10), range(10)] = 0
true, taken = divmod(table.argmax(), 10)
print(f"{table.max()} times a {true} was taken for a {taken}")
# --8<-- [end:exercise-confusion]
