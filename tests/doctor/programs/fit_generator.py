# ruff: noqa
"""A classifier of images as one wrote it for Keras 2: generators, lr=, history.history["acc"]."""

import numpy as np
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras.callbacks import ModelCheckpoint, ReduceLROnPlateau
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential, load_model
from tensorflow.keras.preprocessing.image import ImageDataGenerator

x = np.random.RandomState(0).rand(32, 16, 16, 3).astype("float32")
y = (x.mean(axis=(1, 2, 3)) > 0.5).astype("float32")


def build():
    model = Sequential()
    model.add(Conv2D(4, (3, 3), activation="relu", input_shape=(16, 16, 3)))
    model.add(MaxPooling2D())
    model.add(Flatten())
    model.add(Dense(1, activation="sigmoid", kernel_regularizer=keras.regularizers.l1_l2(0.001)))
    model.compile(
        loss="binary_crossentropy",
        optimizer=keras.optimizers.SGD(lr=0.01, decay=1e-4),
        metrics=["acc"],
    )
    return model


model = build()
generator = ImageDataGenerator(horizontal_flip=True)
history = model.fit_generator(
    generator.flow(x, y, batch_size=8),
    steps_per_epoch=4,
    epochs=2,
    validation_data=(x, y),
    callbacks=[
        ModelCheckpoint("weights.{epoch:02d}.hdf5", monitor="val_acc", period=1),
        ReduceLROnPlateau(monitor="val_loss", epsilon=0.01),
    ],
)
print(history.history["acc"], K.get_value(model.optimizer.lr))
for layer in model.layers:
    print(layer.name, layer.input_shape, layer.output_shape)
print(model.predict_classes(x[:4]))
model.save("classifier")
print(load_model("classifier").evaluate_generator(generator.flow(x, y, batch_size=8), steps=4))
