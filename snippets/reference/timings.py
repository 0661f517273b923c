"""What a timing is made of."""

# --8<-- [start:measure]
import dataclasses

import tensorflow as tf

from tfnotes import timing

x = tf.random.normal([200, 200])
found = timing.measure(lambda: x @ x)
print([field.name for field in dataclasses.fields(found)])
# --8<-- [end:measure]

# --8<-- [start:benchmark]
product = timing.Benchmark("n", show="gflops")
for n in timing.sizes(full=[64, 256, 1024], small=[8, 16]):
    x = tf.random.normal([n, n])
    product.add(
        "float32",
        n,
        timing.measure(lambda: x @ x),
        flops=2 * n**3,
        bytes=3 * 4 * n**2,
    )
product
# --8<-- [end:benchmark]


# --8<-- [start:asynchronous]
class Clock:
    """A clock that runs only when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


clock = Clock()


def call():  # comes back after 10 µs; the work takes 5 ms
    clock.now += 1e-5
    return clock.now + 5e-3


def wait(done):
    clock.now = max(clock.now, done)


found = timing.measure(call, wait=wait, fetch=wait, clock=clock)
print(f"{found.returned * 1e3:.2f} ms until it was back")
print(f"{found.median * 1e3:.2f} ms until it was done")
# --8<-- [end:asynchronous]

try:
    # --8<-- [start:not-waited]
    timing.measure(call, wait=lambda done: None, fetch=wait, clock=clock)
    # --8<-- [end:not-waited]
except RuntimeError:
    pass
