import contextlib

# --8<-- [start:text]
import tensorflow as tf

print("this line was printed")
tf.constant([1, 2, 3]) * 2
# --8<-- [end:text]

# --8<-- [start:figure]
import matplotlib.pyplot as plt

x = tf.linspace(-4.0, 4.0, 200)
for name in ("relu", "tanh", "sigmoid"):
    plt.plot(x, tf.keras.activations.get(name)(x), label=name)
plt.ylim(-1.2, 2)
plt.legend()
# --8<-- [end:figure]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:error]
    tf.constant([1, 2]) + tf.constant([0.5, 0.5])
    # --8<-- [end:error]

# --8<-- [start:predict]
print("//         ", tf.constant(-7) // 2)
print("truncatediv", tf.truncatediv(-7, 2))
# --8<-- [end:predict]

# --8<-- [start:form]
import time

start = time.perf_counter()
tf.matmul(tf.ones((300, 300)), tf.ones((300, 300)))
print(f"took {1000 * (time.perf_counter() - start):.2f} ms")
# --8<-- [end:form]

# --8<-- [start:card]
from tfnotes import data

data.card("iris")
# --8<-- [end:card]

# --8<-- [start:data]
iris = data.iris()
print(iris.origin)
iris.x.mean(axis=0)
# --8<-- [end:data]

# --8<-- [start:random]
tf.random.normal([3]).numpy()
# --8<-- [end:random]

# --8<-- [start:seeded]
import keras

keras.utils.set_random_seed(0)
first = tf.random.normal([3])
keras.utils.set_random_seed(0)
second = tf.random.normal([3])
print("the same draw:", bool(tf.reduce_all(first == second)))
# --8<-- [end:seeded]

# --8<-- [start:hidden]
measures = ", ".join(data.iris().features)
print("four measures:", measures)
# --8<-- [end:hidden]

# --8<-- [start:exercise-value]
3 + 4
tf.constant(5)
# --8<-- [end:exercise-value]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:exercise-shape]
    tf.ones((2, 3)) @ tf.ones((2, 3))
    # --8<-- [end:exercise-shape]
