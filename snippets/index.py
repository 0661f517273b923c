# --8<-- [start:slope]
import matplotlib.pyplot as plt
import tensorflow as tf

x = tf.linspace(-6.0, 6.0, 200)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.sin(x) * tf.exp(-x**2 / 12)

fig, ax = plt.subplots(figsize=(6.4, 2.8))
ax.plot(x, y, label="y")
ax.plot(x, tape.gradient(y, x), label="dy/dx")
ax.legend()
# --8<-- [end:slope]
