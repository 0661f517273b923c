# ruff: noqa
"""A perceptron as one wrote it for TensorFlow 1.4: placeholders, a session, tf.layers."""

from __future__ import division, print_function

import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_float("learning_rate", 0.1, "Step size.")
flags.DEFINE_integer("steps", 20, "Steps to train.")
FLAGS = flags.FLAGS


def batches(size=32):
    random = np.random.RandomState(0)
    while True:
        images = random.rand(size, 784).astype(np.float32)
        yield images, (images.sum(axis=1) > 392).astype(np.int64)


def network(images, keep):
    hidden = tf.layers.dense(images, 64, activation=tf.nn.relu)
    hidden = tf.nn.dropout(hidden, keep_prob=keep)
    with tf.variable_scope("output"):
        weights = tf.get_variable(
            "weights", [64, 10], initializer=tf.truncated_normal_initializer()
        )
        bias = tf.get_variable("bias", [10], initializer=tf.zeros_initializer())
    return tf.matmul(hidden, weights) + bias


def main(_):
    tf.set_random_seed(0)
    images = tf.placeholder(tf.float32, [None, 784])
    labels = tf.placeholder(tf.int64, [None])
    keep = tf.placeholder_with_default(1.0, [])
    logits = network(images, keep)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    right = tf.to_float(tf.equal(tf.argmax(logits, dimension=1), labels))
    accuracy = tf.reduce_mean(right, keep_dims=False)
    train = tf.train.GradientDescentOptimizer(FLAGS.learning_rate).minimize(loss)
    tf.summary.scalar("loss", loss)
    merged = tf.summary.merge_all()
    saver = tf.train.Saver()

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        writer = tf.summary.FileWriter("log", sess.graph)
        data = batches()
        for step in range(FLAGS.steps):
            x, y = next(data)
            _, summary = sess.run([train, merged], {images: x, labels: y, keep: 0.5})
            writer.add_summary(summary, step)
        x, y = next(data)
        tf.logging.info("accuracy %.3f", sess.run(accuracy, {images: x, labels: y}))
        saver.save(sess, "log/model.ckpt")


if __name__ == "__main__":
    tf.app.run()
