# ruff: noqa
"""Sequence to sequence as one wrote it for TensorFlow 1.2, with tf.contrib."""

import tensorflow as tf
from tensorflow.contrib import rnn
from tensorflow.contrib.seq2seq import AttentionWrapper, BahdanauAttention, sequence_loss
from tensorflow.python.layers.core import Dense

VOCABULARY, UNITS, BATCH, LENGTH = 20, 16, 4, 7

source = tf.placeholder(tf.int32, [BATCH, LENGTH], name="source")
target = tf.placeholder(tf.int32, [BATCH, LENGTH], name="target")
lengths = tf.fill([BATCH], LENGTH)
embedding = tf.Variable(tf.random_uniform([VOCABULARY, UNITS], -1.0, 1.0))

with tf.variable_scope("encoder", reuse=tf.AUTO_REUSE):
    cell = rnn.MultiRNNCell([rnn.BasicLSTMCell(UNITS) for _ in range(2)])
    outputs, state = tf.nn.dynamic_rnn(
        cell, tf.nn.embedding_lookup(embedding, source), sequence_length=lengths, dtype=tf.float32
    )

with tf.variable_scope("decoder"):
    attention = BahdanauAttention(UNITS, memory=outputs, memory_sequence_length=lengths)
    wrapped = AttentionWrapper(tf.nn.rnn_cell.GRUCell(UNITS), attention)
    helper = tf.contrib.seq2seq.TrainingHelper(
        tf.nn.embedding_lookup(embedding, target), sequence_length=lengths
    )
    decoder = tf.contrib.seq2seq.BasicDecoder(
        wrapped, helper, wrapped.zero_state(BATCH, tf.float32), output_layer=Dense(VOCABULARY)
    )
    decoded, _, _ = tf.contrib.seq2seq.dynamic_decode(decoder)

loss = sequence_loss(decoded.rnn_output, target, tf.ones([BATCH, LENGTH]))
optimizer = tf.train.AdamOptimizer(0.001)
gradients, variables = zip(*optimizer.compute_gradients(loss))
clipped, _ = tf.clip_by_global_norm(gradients, 5.0)
train = optimizer.apply_gradients(zip(clipped, variables))
slim_loss = tf.contrib.layers.l2_regularizer(0.1)(embedding)
