# ruff: noqa
"""Eager code of TensorFlow 1.13: mostly names that moved, which a converter is made for."""

import tensorflow as tf

tf.enable_eager_execution()
tf.set_random_seed(1)

x = tf.random_normal([3, 4])
probability = tf.nn.softmax(x, dim=-1)
entropy = -tf.reduce_sum(probability * tf.log(probability), axis=1, keep_dims=True)
index = tf.argmax(probability, dimension=1)
ceiling = tf.to_int32(tf.ceil(x))
print(tf.div(tf.to_float(index), 2.0), tf.is_nan(entropy), ceiling)
image = tf.image.resize_images(tf.ones([1, 4, 4, 3]), [2, 2])
print(image.get_shape()[1].value, tf.matrix_inverse(tf.eye(2)))
print(tf.losses.mean_squared_error([1.0, 2.0], [1.0, 4.0]))
dataset = tf.data.Dataset.range(4).batch(2)
for batch in dataset.make_one_shot_iterator():
    print(batch)
optimizer = tf.train.GradientDescentOptimizer(0.1)
w = tf.Variable(1.0)
with tf.GradientTape() as tape:
    loss = tf.square(w)
optimizer.apply_gradients([(tape.gradient(loss, w), w)])
print(w)
