"""Segmentation: a small U-Net, masks drawn, IoU by class."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

pets = data.pets(48)
order = np.random.default_rng(0).permutation(len(pets.x))
images = pets.x[order] / np.float32(127.5) - 1
animal = pets.masks[order][..., None].astype("float32")

grown = tf.nn.max_pool2d(animal, 3, 1, "SAME")
shrunk = -tf.nn.max_pool2d(-animal, 3, 1, "SAME")
border = (grown - shrunk).numpy()[..., 0]
classes = ["ground", "border", "animal"]
labels = np.where(border > 0, 1, 2 * animal[..., 0]).astype("int32")
train_x, train_y = images[:120], labels[:120]
val_x, val_y = images[120:], labels[120:]
for number, name in enumerate(classes):
    print(f"{name:7} {np.mean(val_y == number):.2f} of the pixels")
# --8<-- [end:data]


# --8<-- [start:draw]
def draw(rows):
    """Photographs or label images, a row for each entry."""
    figure, axes = plt.subplots(len(rows), 5, figsize=(5.4, 1.1 * len(rows)))
    for row, (name, pictures) in zip(axes, rows.items()):
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for ax, picture in zip(row, pictures):
            if picture.ndim == 3:
                ax.imshow(picture / 2 + 0.5)
            else:
                ax.imshow(picture, vmin=0, vmax=2, cmap="viridis")
            ax.set(xticks=[], yticks=[])


draw({"image": val_x, "labels": val_y})
# --8<-- [end:draw]

# --8<-- [start:unet]
layers = tf.keras.layers


def conv(filters, x, strides=1):
    x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def unet(skips=True):
    inputs = tf.keras.Input([48, 48, 3])
    full = conv(8, inputs)
    half = conv(16, full, 2)
    quarter = conv(32, half, 2)
    x = conv(32, quarter, 2)
    for filters, beside in (32, quarter), (16, half), (8, full):
        x = layers.UpSampling2D()(x)
        if skips:
            x = layers.Concatenate()([x, beside])
        x = conv(filters, x)
    return tf.keras.Model(inputs, layers.Conv2D(3, 1)(x))


model = unet()
print("output", model.output_shape, "parameters", model.count_params())
# --8<-- [end:unet]


# --8<-- [start:train]
def train(model, class_weights=(1.0, 1.0, 1.0)):
    tf.keras.utils.set_random_seed(0)
    model.compile(
        tf.keras.optimizers.Adam(0.01),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        weighted_metrics=["accuracy"],
    )
    weights = np.array(class_weights, "float32")[train_y]
    model.fit(
        train_x,
        train_y,
        sample_weight=weights,
        batch_size=20,
        epochs=14,
        verbose=0,
    )
    return np.argmax(model(val_x, training=False), axis=-1)


tf.keras.utils.set_random_seed(0)
model = unet()
found = train(model)
print(f"accuracy {np.mean(found == val_y):.2f}")
draw({"image": val_x, "labels": val_y, "found": found})
# --8<-- [end:train]


# --8<-- [start:iou]
def iou(labels, found):
    """Intersection over union for every class."""
    scores = []
    for number in range(3):
        both = np.sum((labels == number) & (found == number))
        either = np.sum((labels == number) | (found == number))
        scores.append(both / either)
    return np.array(scores)


def report(name, found):
    scores = " ".join(f"{s:6.2f}" for s in iou(val_y, found))
    print(f"{name:18}{np.mean(found == val_y):7.2f}  {scores}")


print(f"{'':18}accuracy   {'  '.join(classes)}")
report("all ground", np.zeros_like(val_y))
no_border = np.where(val_y == 1, 0, val_y)
report("no border at all", no_border)
report("U-Net", found)
# --8<-- [end:iou]

# --8<-- [start:metric]
logits = model(val_x, training=False)
metric = tf.keras.metrics.MeanIoU(3, sparse_y_pred=False)
metric.update_state(val_y, logits)
print(
    f"MeanIoU {float(metric.result()):.3f}  by hand {iou(val_y, found).mean():.3f}"
)
# --8<-- [end:metric]

# --8<-- [start:skips]
tf.keras.utils.set_random_seed(0)
flat = unet(skips=False)
without = train(flat)
report("with skips", found)
report("without", without)
draw({"labels": val_y, "with": found, "without": without})
print("parameters", model.count_params(), "without", flat.count_params())
# --8<-- [end:skips]

# --8<-- [start:weights]
tf.keras.utils.set_random_seed(0)
weighted = train(unet(), class_weights=(1.0, 3.0, 1.0))
report("border counts 1", found)
report("border counts 3", weighted)
# --8<-- [end:weights]

import contextlib

with contextlib.suppress(ValueError):
    # --8<-- [start:odd]
    x = tf.keras.Input([50, 50, 3])
    half = conv(8, x, 2)
    quarter = conv(16, half, 2)
    layers.Concatenate()([layers.UpSampling2D()(quarter), half])
    # --8<-- [end:odd]

# --8<-- [start:solution-dice]
scores = iou(val_y, found)
overlap = [np.sum((val_y == k) & (found == k)) for k in range(3)]
sizes = [np.sum(val_y == k) + np.sum(found == k) for k in range(3)]
dice = 2 * np.array(overlap) / sizes
print("Dice", dice.round(2))
print("from IoU:", np.allclose(dice, 2 * scores / (1 + scores)))
# --8<-- [end:solution-dice]

# --8<-- [start:solution-mean]
each = [iou(one, other)[2] for one, other in zip(val_y, found)]
print(f"IoU of the animal, all pixels together {scores[2]:.2f}")
print(f"mean over images {np.mean(each):.2f}, worst {min(each):.2f}")
# --8<-- [end:solution-mean]
