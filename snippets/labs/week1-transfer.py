"""Code of the lab labs/week1-transfer."""

# --8<-- [start:load]
import keras
import numpy as np
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

mnist = data.mnist()


def prepare(images):
    return images[..., None] / np.float32(255)


LOOPS = [0, 6, 8, 9]  # digits with a closed loop

old_x, old_y = prepare(mnist.x_train[:4000]), mnist.y_train[:4000]
test_x = prepare(mnist.x_test[:1000])
test_y = np.isin(mnist.y_test[:1000], LOOPS)[:, None]

few = np.concatenate([np.flatnonzero(old_y == k)[:2] for k in range(10)])
few_x, few_y = old_x[few], np.isin(old_y[few], LOOPS)[:, None]
print("with ten labels:", len(old_x), "  with the new label:", len(few_x))
show_images(few_x[::2], ["loop" if y else "no loop" for y in few_y[::2, 0]])
# --8<-- [end:load]


# --8<-- [start:base]
def make_network(outputs=1):
    return keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            keras.layers.Conv2D(16, 5, strides=2, activation="relu"),
            keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu", name="features"),
            keras.layers.Dense(outputs, name="classes"),
        ]
    )


def compile_for(model, learning_rate):
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    metrics = [keras.metrics.BinaryAccuracy(threshold=0)]
    optimizer = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer, loss, metrics=metrics)


def accuracy(model):
    return model.evaluate(test_x, test_y, verbose=0)[1]


keras.utils.set_random_seed(0)
pretrained = make_network(10)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
pretrained.compile(keras.optimizers.Adam(3e-3), loss, metrics=["accuracy"])
pretrained.fit(old_x, old_y, epochs=5, batch_size=64, verbose=0)
test_digits = mnist.y_test[:1000]
found = pretrained.evaluate(test_x, test_digits, verbose=0)[1]
print(f"which digit: test accuracy {found:.2f}")
# --8<-- [end:base]

# --8<-- [start:benchmark]
keras.utils.set_random_seed(0)
benchmark = make_network()
compile_for(benchmark, 3e-3)
benchmark.fit(few_x, few_y, epochs=40, batch_size=20, verbose=0)
from_scratch = accuracy(benchmark)
always = max(test_y.mean(), 1 - test_y.mean())
print(f"always the more common answer: {always:.2f}")
print(f"from scratch, 20 examples:     {from_scratch:.2f}")
# --8<-- [end:benchmark]


# --8<-- [start:checks]
def say(task, *faults):
    """The first fault that is there, or none."""
    found = [text for is_there, text in faults if is_there]
    print(f"task {task}:", f"not yet: {found[0]}" if found else "right")


def check_features(features):
    shared = any(layer is pretrained.layers[0] for layer in features.layers)
    shape = features.output_shape
    say(
        1,
        (shape == (None, 10), "this still ends in the ten old classes"),
        (shape != (None, 64), f"the output should be (None, 64), not {shape}"),
        (not shared, "the layers are new ones, and have not learnt anything"),
    )


def check_frozen(model):
    count = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    shape = model.output_shape
    say(
        2,
        (shape != (None, 1), f"the output should be (None, 1), not {shape}"),
        (count > 65, f"{count} numbers would be trained, the head has 65"),
        (count < 65, "the head cannot be trained"),
    )


def check_trained(model):
    found = accuracy(model)
    moved = not np.allclose(pretrained.get_weights()[0], kernel_before)
    say(
        3,
        (moved, "the pretrained kernels have changed"),
        (found < from_scratch, f"{found:.2f} is less than from scratch"),
    )


def check_tuned(model, before):
    moved = not np.array_equal(pretrained.get_weights()[0], kernel_before)
    change = np.abs(pretrained.get_weights()[0] - kernel_before).mean()
    size = np.abs(kernel_before).mean()
    say(
        4,
        (not moved, "the pretrained kernels have not moved at all"),
        (change > size / 10, "they moved by more than a tenth of their size"),
        (accuracy(model) < before - 0.05, "the accuracy has suffered"),
    )


kernel_before = pretrained.get_weights()[0].copy()
# --8<-- [end:checks]

# --8<-- [start:wrong-features]
attempt = keras.Model(pretrained.inputs, pretrained.outputs)
check_features(attempt)
attempt = keras.Sequential(
    [keras.Input([28, 28, 1]), *make_network().layers[:-1]]
)
check_features(attempt)
# --8<-- [end:wrong-features]

# --8<-- [start:features]
features = keras.Model(
    pretrained.inputs, pretrained.get_layer("features").output
)
check_features(features)
# --8<-- [end:features]

# --8<-- [start:wrong-frozen]
attempt = keras.Sequential([features, keras.layers.Dense(1)])
check_frozen(attempt)
# --8<-- [end:wrong-frozen]

# --8<-- [start:frozen]
features.trainable = False
inputs = keras.Input([28, 28, 1])
keras.utils.set_random_seed(0)
outputs = keras.layers.Dense(1)(features(inputs, training=False))
model = keras.Model(inputs, outputs)
check_frozen(model)
# --8<-- [end:frozen]

# --8<-- [start:trained]
compile_for(model, 1e-2)
model.fit(few_x, few_y, epochs=40, batch_size=20, verbose=0)
transferred = accuracy(model)
print(f"from scratch {from_scratch:.2f}, transferred {transferred:.2f}")
check_trained(model)
# --8<-- [end:trained]

# --8<-- [start:curve]
import matplotlib.pyplot as plt


seen, test_seen = (features.predict(x, verbose=0) for x in (old_x, test_x))


def learn(count, way, seed):
    """Test accuracy with `count` examples of each digit."""
    order = np.random.default_rng(seed).permutation(len(old_y))
    chosen = [order[old_y[order] == k][:count] for k in range(10)]
    chosen = np.concatenate(chosen)
    keras.utils.set_random_seed(seed)
    if way == "from scratch":
        network, x, tested, rate = make_network(), old_x, test_x, 3e-3
    else:  # the frozen base has done its part already
        network = keras.Sequential([keras.Input([64]), keras.layers.Dense(1)])
        x, tested, rate = seen, test_seen, 1e-2
    compile_for(network, rate)
    chosen = np.resize(chosen, 1200)  # again and again: 60 steps of 20
    labels = np.isin(old_y[chosen], LOOPS)[:, None]
    network.fit(x[chosen], labels, 20, verbose=0)
    return np.mean((network(tested) > 0) == test_y)


counts = [1, 3, 10]
plt.figure(figsize=(5.2, 3.2))
for way, style in {"from scratch": "o-", "frozen base": "s--"}.items():
    scores = np.array([[learn(n, way, s) for n in counts] for s in (0, 1)])
    plt.plot(counts, scores.mean(axis=0), style, label=way)
    plt.fill_between(counts, scores.min(0), scores.max(0), alpha=0.2)
    print(
        f"{way:13}",
        *(
            f"{low:.2f}-{high:.2f}"
            for low, high in zip(scores.min(0), scores.max(0))
        ),
    )
plt.xscale("log")
plt.xticks(counts, counts)
plt.minorticks_off()
plt.xlabel("labelled examples of each digit")
plt.ylabel("test accuracy")
plt.ylim(0.4, 1)
plt.yticks([0.4, 0.6, 0.8, 1])
plt.legend()
# --8<-- [end:curve]

# --8<-- [start:wrong-tuned]
features.trainable = True
model.fit(few_x, few_y, epochs=5, batch_size=20, verbose=0)
check_tuned(model, transferred)
# --8<-- [end:wrong-tuned]

# --8<-- [start:tuned]
compile_for(model, 1e-4)  # compile again: only now does the change count
model.fit(few_x, few_y, epochs=10, batch_size=20, verbose=0)
check_tuned(model, transferred)
print(f"before {transferred:.2f}, fine-tuned {accuracy(model):.2f}")
# --8<-- [end:tuned]

# --8<-- [start:solution-saved]
stored = features.predict(few_x, verbose=0)
head = keras.Sequential([keras.Input([64]), keras.layers.Dense(1)])
compile_for(head, 1e-2)
head.fit(stored, few_y, epochs=40, batch_size=20, verbose=0)
tested = features.predict(test_x, verbose=0)
print(f"test accuracy {head.evaluate(tested, test_y, verbose=0)[1]:.2f}")
print("numbers for each image:", stored[0].size, "instead of", few_x[0].size)
# --8<-- [end:solution-saved]

# --8<-- [start:solution-hurts]
low = old_y < 5
keras.utils.set_random_seed(0)
narrow = make_network(5)
narrow.compile(keras.optimizers.Adam(3e-3), loss)
narrow.fit(old_x[low], old_y[low], epochs=5, batch_size=64, verbose=0)
high = np.concatenate([np.flatnonzero(old_y == k)[:3] for k in range(5, 10)])
high_test = test_digits >= 5
for name, source in {
    "from scratch": None,
    "features of 0 to 4": narrow,
}.items():
    keras.utils.set_random_seed(0)
    network = make_network(5)
    if source is not None:
        for layer, old in zip(network.layers[:-1], source.layers):
            layer.set_weights(old.get_weights())
            layer.trainable = False
    network.compile(keras.optimizers.Adam(1e-2), loss, metrics=["accuracy"])
    network.fit(old_x[high], old_y[high] - 5, epochs=40, verbose=0)
    labels = test_digits[high_test] - 5
    found = network.evaluate(test_x[high_test], labels, verbose=0)[1]
    print(f"{name:19} {found:.2f}")
# --8<-- [end:solution-hurts]
