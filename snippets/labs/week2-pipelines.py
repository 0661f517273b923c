"""Code of the lab labs/week2-pipelines."""

# --8<-- [start:load]
import textwrap

import keras
import tensorflow as tf

from tfnotes import data
from tfnotes.draw.plotting import show_images

cifar = data.cifar100()
print(textwrap.fill(f"{cifar.origin}: {cifar.note}", 72))
print("images:", cifar.x_train.shape, cifar.x_train.dtype)
print("labels:  ", cifar.y_train.shape, cifar.y_train[:5].ravel())
# --8<-- [end:load]

# --8<-- [start:filter]
names = ["bicycle", "bus", "motorcycle", "pickup_truck", "train"]
wanted = tf.constant([cifar.classes.index(name) for name in names], tf.int64)


def is_vehicle(picture, label):
    return tf.reduce_any(label == wanted)


everything = tf.data.Dataset.from_tensor_slices((cifar.x_train, cifar.y_train))
print("before:", everything.cardinality().numpy())
print("after: ", everything.filter(is_vehicle).cardinality().numpy())
# --8<-- [end:filter]


# --8<-- [start:count]
def only_vehicles(pictures, labels):
    found = tf.data.Dataset.from_tensor_slices((pictures, labels))
    found = found.filter(is_vehicle)
    count = sum(1 for _ in found)
    return found.apply(tf.data.experimental.assert_cardinality(count))


vehicles = only_vehicles(cifar.x_train, cifar.y_train)
test_vehicles = only_vehicles(cifar.x_test, cifar.y_test)
print("training:", vehicles.cardinality().numpy())
print("test:    ", test_vehicles.cardinality().numpy())
# --8<-- [end:count]


# --8<-- [start:map]
def prepare(picture, label):
    picture = tf.cast(picture, tf.float32) / 255
    return picture, tf.argmax(label == wanted)


prepared = vehicles.map(prepare, num_parallel_calls=tf.data.AUTOTUNE)
for was, now in zip(vehicles.element_spec, prepared.element_spec):
    print(was.shape, was.dtype.name, "->", now.shape, now.dtype.name)
# --8<-- [end:map]

# --8<-- [start:shuffle]
numbers = tf.data.Dataset.range(12)
for size in [1, 3, 12]:
    print(f"buffer {size:2d}:", [int(n) for n in numbers.shuffle(size, seed=1)])
# --8<-- [end:shuffle]


# --8<-- [start:pipeline]
def pipeline(change=None):
    pictures = prepared.cache().shuffle(prepared.cardinality())
    if change is not None:
        pictures = pictures.map(lambda picture, label: (change(picture), label))
    return pictures.batch(20).prefetch(tf.data.AUTOTUNE)


test = test_vehicles.map(prepare).batch(100).cache()

for pictures, labels in pipeline().take(2):
    print(pictures.shape, labels.numpy())
# --8<-- [end:pipeline]


# --8<-- [start:augment]
def shift(picture):
    padded = tf.pad(picture, [[4, 4], [4, 4], [0, 0]], mode="REFLECT")
    moved = tf.image.random_crop(padded, [32, 32, 3])
    return tf.clip_by_value(tf.image.random_brightness(moved, 0.2), 0, 1)


def flip(picture):
    return tf.image.random_flip_left_right(picture)


grid, titles = [], []
for number, (picture, _) in zip([1, 2], prepared):
    grid += [picture, *(flip(shift(picture)) for _ in range(7))]
    titles += [f"original {number}", *["changed"] * 7]
show_images(grid, titles)
# --8<-- [end:augment]


# --8<-- [start:train]
def train(change=None):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.layers.Conv2D(16, 5, strides=2, activation="relu"),
            keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(len(names)),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(3e-3), loss, metrics=["accuracy"])
    model.fit(pipeline(change), epochs=30, shuffle=False, verbose=0)
    return model, model.evaluate(test, verbose=0)[1]


print(f"as they are: test accuracy {train()[1]:.2f}")
print(f"shifted:     test accuracy {train(shift)[1]:.2f}")
# --8<-- [end:train]

# --8<-- [start:flip]
model, accuracy = train(lambda picture: flip(shift(picture)))
truth = tf.concat([labels for _, labels in test], axis=0)
guesses = tf.argmax(model.predict(test, verbose=0), axis=1)
print(f"and flipped: test accuracy {accuracy:.2f}")
print(tf.math.confusion_matrix(truth, guesses).numpy())
# --8<-- [end:flip]

# --8<-- [start:mirror]
examples = {int(label): picture for picture, label in prepared}
pictures = [examples[1], tf.image.flip_left_right(examples[1]), examples[4]]
show_images(pictures, [names[1], f"{names[1]}, flipped", names[4]], cell=1.7)
# --8<-- [end:mirror]

# --8<-- [start:exercise]
calls = tf.Variable(0)


def counting(picture, label):
    calls.assign_add(1)
    return prepare(picture, label)


fresh, kept = vehicles.map(counting), vehicles.map(counting).cache()
for name, pictures in {"without cache": fresh, "with cache": kept}.items():
    calls.assign(0)
    rounds = [sum(1 for _ in pictures) for _ in range(3)]
    print(f"{name}: {sum(rounds)} images seen, {calls.numpy()} prepared")
# --8<-- [end:exercise]
