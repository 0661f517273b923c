"""Clothes: predictions with their confidence, the classes that are mixed up, and why."""

# --8<-- [start:load]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw import plotting

fashion = data.fashion_mnist()
names = fashion.classes
x_train, x_test = (
    x / np.float32(255) for x in (fashion.x_train, fashion.x_test)
)
y_train, y_test = fashion.y_train, fashion.y_test
first = [np.flatnonzero(y_test == label)[0] for label in range(10)]
plotting.show_images(x_test[first], names, columns=5, cell=1.05)
print(x_train.shape, "training,", x_test.shape, "test")
# --8<-- [end:load]


# --8<-- [start:model]
def new_model():
    model = tf.keras.Sequential(
        [
            tf.keras.Input([28, 28]),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dense(10),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


epochs = 5 if fashion.origin == "real" else 3
tf.keras.utils.set_random_seed(0)
model = new_model()
history = model.fit(
    x_train, y_train, 64, epochs, validation_split=0.1, verbose=0
)
plotting.show_history(history.history, ["loss", "accuracy"])
# --8<-- [end:model]

# --8<-- [start:evaluate]
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test accuracy {accuracy:.1%}")
# --8<-- [end:evaluate]

# --8<-- [start:confidence]
scores = model.predict(x_test, verbose=0)
probabilities = tf.nn.softmax(scores).numpy()
guess = probabilities.argmax(axis=-1)
confidence = probabilities.max(axis=-1)
figure, axes = plt.subplots(2, 3, figsize=(6.2, 3.6), layout="constrained")
right = np.flatnonzero(guess == y_test)[:2]
wrong = np.flatnonzero(guess != y_test)[:1]
for (above, below), i in zip(axes.T, [*right, *wrong]):
    above.imshow(x_test[i], cmap="gray")
    above.set(title=names[y_test[i]], xticks=[], yticks=[])
    plotting.show_probabilities(probabilities[i], range(10), y_test[i], below)
    below.set(yticks=[0, 1], ylabel="")
# --8<-- [end:confidence]

# --8<-- [start:confusion]
confusion = tf.math.confusion_matrix(y_test, guess).numpy()
share = confusion / confusion.sum(axis=1, keepdims=True)
figure, ax = plt.subplots(figsize=(5.2, 4.4), layout="constrained")
shown = ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
ax.set(xticks=range(10), yticks=range(10), yticklabels=names)
ax.set_xticklabels(names, rotation=60, ha="right")
ax.set(xlabel="predicted", ylabel="true")
figure.colorbar(shown, ticks=[0, 0.5, 1], label="share of the row")
# --8<-- [end:confusion]

# --8<-- [start:pairs]
both = np.triu(confusion + confusion.T, k=1)
for place in np.argsort(-both, axis=None)[:3]:
    a, b = np.unravel_index(place, both.shape)
    part = both[a, b] / np.sum(guess != y_test)
    print(f"{names[a]} and {names[b]}: {part:.0%} of all mistakes")
recall = share.diagonal()
for label in (recall.argmin(), recall.argmax()):
    print(f"of {names[label]}, recognized: {recall[label]:.0%}")
# --8<-- [end:pairs]

# --8<-- [start:specialist]
pair = [names.index("T-shirt/top"), names.index("Shirt")]
of_pair = np.isin(y_train, pair), np.isin(y_test, pair)
tf.keras.utils.set_random_seed(0)
specialist = new_model()
specialist.fit(x_train[of_pair[0]], y_train[of_pair[0]], 64, epochs, verbose=0)
for name, judge in {"all ten": model, "specialist": specialist}.items():
    scores = judge.predict(x_test[of_pair[1]], verbose=0)[:, pair]
    found = np.take(pair, scores.argmax(axis=-1)) == y_test[of_pair[1]]
    print(f"{name}: {found.mean():.2f}")
# --8<-- [end:specialist]

# --8<-- [start:three]
guesses = [guess]
for seed in (1, 2):
    tf.keras.utils.set_random_seed(seed)
    other = new_model()
    other.fit(x_train, y_train, 64, epochs, verbose=0)
    guesses.append(np.argmax(other(x_test), axis=-1))
wrong = np.array(guesses) != y_test
alike = wrong.all(axis=0) & np.all(np.array(guesses) == guesses[0], axis=0)
print("wrong, each model:", [f"{w.mean():.0%}" for w in wrong])
print(f"all three alike: {alike.mean():.0%}")
some = np.flatnonzero(alike)[:12]
titles = [f"{names[y_test[i]]}\nas {names[guess[i]]}" for i in some]
plotting.show_images(x_test[some], titles, columns=4, cell=1.25)
# --8<-- [end:three]

# --8<-- [start:threshold]
limits = np.array([0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
answered = [np.mean(confidence >= limit) for limit in limits]
correct = [np.mean((guess == y_test)[confidence >= limit]) for limit in limits]
figure, ax = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
ax.plot(answered, correct, ".-")
ax.set(xlabel="share of images answered", ylabel="right, of those answered")
ax.set(xlim=(0, 1.02), ylim=(0.7, 1.01))
ax.set(xticks=[0, 0.25, 0.5, 0.75, 1], yticks=[0.7, 0.8, 0.9, 1])
at = list(limits).index(0.9)
print(
    f"answers from 0.9 on: {answered[at]:.0%}, of these right {correct[at]:.0%}"
)
# --8<-- [end:threshold]

# --8<-- [start:inverted]
strange = {
    "as trained": x_test,
    "on white": 1 - x_test,
    "upside down": x_test[:, ::-1],
    "not divided by 255": x_test * 255,
}
for name, images in strange.items():
    p = tf.nn.softmax(model.predict(images, verbose=0)).numpy()
    found = np.mean(p.argmax(axis=-1) == y_test)
    print(
        f"{name:18} right {found:.2f}, confidence {p.max(axis=-1).mean():.2f}"
    )
# --8<-- [end:inverted]

import contextlib

with contextlib.suppress(IndexError):
    # --8<-- [start:argmax]
    names[np.argmax(model.predict(x_test[:50], verbose=0))]
    # --8<-- [end:argmax]

with contextlib.suppress(KeyError):
    # --8<-- [start:then]
    history.history["acc"]
    # --8<-- [end:then]

# --8<-- [start:cost]
moments = sum(np.prod(v.shape, dtype=int) for v in model.optimizer.variables)
print(
    f"{model.count_params():,} parameters, {4 * model.count_params():,} bytes"
)
print(f"{moments:,} more numbers in the optimizer while it trains")
# --8<-- [end:cost]

# --8<-- [start:solution-groups]
kinds = {
    "top": (0, 2, 3, 4, 6),
    "trousers": (1,),
    "shoe": (5, 7, 9),
    "bag": (8,),
}
kind_of = np.empty(10, int)
for number, labels in enumerate(kinds.values()):
    kind_of[list(labels)] = number
found = np.mean(kind_of[guess] == kind_of[y_test])
print(f"ten classes {np.mean(guess == y_test):.2f}, four kinds {found:.2f}")
# --8<-- [end:solution-groups]

# --8<-- [start:solution-vote]
members = [np.array(guesses) == label for label in range(10)]
vote = np.sum(members, axis=1).argmax(axis=0)
print("each:", [f"{np.mean(g == y_test):.2f}" for g in guesses], end=" ")
print(f"vote: {np.mean(vote == y_test):.2f}")
# --8<-- [end:solution-vote]

# --8<-- [start:solution-both-colours]
tf.keras.utils.set_random_seed(0)
robust = new_model()
robust.fit(
    np.concatenate([x_train, 1 - x_train]),
    np.tile(y_train, 2),
    64,
    max(1, epochs // 2),
    verbose=0,
)
for name in ("as trained", "on white"):
    found = robust.evaluate(strange[name], y_test, verbose=0)[1]
    print(f"{name}: {found:.2f}")
# --8<-- [end:solution-both-colours]
