"""tf.function: tracing, retracing, AutoGraph, side effects and reading the graph."""

# --8<-- [start:two-prints]
import sys

import tensorflow as tf


@tf.function
def double(x):
    print("Python sees", x)
    tf.print("graph sees", x, output_stream=sys.stdout)
    return 2 * x


for value in [1.5, 2.5, 3.5]:
    double(tf.constant(value))
# --8<-- [end:two-prints]

# --8<-- [start:eager-body]
for value in [1.5, 2.5, 3.5]:
    double.python_function(tf.constant(value))
# --8<-- [end:eager-body]


# --8<-- [start:when-traced]
@tf.function
def square(x):
    return x * x


tensors = [tf.constant(x) for x in (3.0, 4.0, [3.0, 4.0], 3)]
for x in [*tensors, 3, 3]:
    square(x)
    print(square.experimental_get_tracing_count(), "after", repr(x))
# --8<-- [end:when-traced]


# --8<-- [start:warning]
@tf.function
def decayed(rate, step):
    return rate * 0.9**step


for step in range(5):
    decayed(tf.constant(0.1), step)
# --8<-- [end:warning]

# --8<-- [start:causes]
tf.get_logger().setLevel("ERROR")  # we have read it; from here on we count


class Config:
    """Any Python object will do."""


def traces(argument, calls=20, **options):
    step = tf.function(lambda x: None, **options)
    for call in range(calls):
        step(argument(call))
    return step.experimental_get_tracing_count()


in_the_loop = [traces(tf.constant, calls=1) for _ in range(20)]
print("Python numbers     ", traces(lambda call: call))
print("new shapes         ", traces(tf.ones))
print("new objects        ", traces(lambda call: Config()))
print("made in the loop   ", sum(in_the_loop))
# --8<-- [end:causes]

# --8<-- [start:cures]
vector, config = [tf.TensorSpec([None], tf.float32)], Config()
print("numbers as tensors ", traces(lambda call: tf.constant(call)))
print("reduce_retracing   ", traces(tf.ones, reduce_retracing=True))
print("input_signature    ", traces(tf.ones, input_signature=vector))
print("one object, kept   ", traces(lambda call: config))
print("made once          ", traces(lambda call: tf.constant(1.0)))
# --8<-- [end:cures]


try:
    # --8<-- [start:signature]
    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
    def mean(x):
        return tf.reduce_mean(x)

    print(mean(tf.constant([1.0, 2.0])), mean(tf.constant([1.0, 2.0, 6.0])))
    mean(tf.constant([[1.0, 2.0]]))
    # --8<-- [end:signature]
except TypeError as error:
    print(error)

# --8<-- [start:baked]
factor = 2.0


@tf.function
def scaled(x):
    return factor * x


print(scaled(tf.constant(1.0)))
factor = 10.0
print(scaled(tf.constant(1.0)))
print(scaled(tf.constant([1.0])))
# --8<-- [end:baked]


# --8<-- [start:collatz]
def collatz(n):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps


print(collatz(27), tf.function(collatz)(tf.constant(27)))
# --8<-- [end:collatz]

# --8<-- [start:to-code]
lines = tf.autograph.to_code(collatz).splitlines()
print(*[line[8:] for line in lines[23:37]], sep="\n")
# --8<-- [end:to-code]


# --8<-- [start:loops]
from tfnotes.draw.graphs import show_graphs


def four_times(x):
    for _ in range(4):
        x = x + x
    return x


def until_100(x):
    while x < 100.0:
        x = x + x
    return x


def graph_of(function):
    scalar = tf.TensorSpec([], tf.float32)
    return tf.function(function).get_concrete_function(scalar).graph


loops = graph_of(four_times), graph_of(until_100)
show_graphs({"for _ in range(4)": loops[0], "while x < 100": loops[1]})
# --8<-- [end:loops]


try:
    # --8<-- [start:one-branch]
    @tf.function
    def sign(x):
        if x > 0:
            name = "positive"
        return name

    sign(tf.constant(1.0))
    # --8<-- [end:one-branch]
except ValueError as error:
    print(error)

# --8<-- [start:side-effects]
seen = []
calls = tf.Variable(0)


@tf.function
def remember(x):
    seen.append(2 * x)
    calls.assign_add(1)
    return 2 * x


for value in [1.0, 2.0, 3.0]:
    remember(tf.constant(value))
print("calls:", calls.numpy(), "  seen:", seen)
# --8<-- [end:side-effects]

try:
    # --8<-- [start:leaked]
    seen[0] + 1.0
    # --8<-- [end:leaked]
except TypeError as error:
    print(error)


try:
    # --8<-- [start:variable-inside]
    @tf.function
    def running_total(x):
        total = tf.Variable(0.0)
        return total.assign_add(x)

    running_total(tf.constant(1.0))
    # --8<-- [end:variable-inside]
except ValueError as error:
    print(error)


# --8<-- [start:variable-outside]
class RunningTotal(tf.Module):
    def __init__(self):
        self.total = tf.Variable(0.0)

    @tf.function
    def __call__(self, x):
        return self.total.assign_add(x)


add = RunningTotal()
print([float(add(tf.constant(value))) for value in [1.0, 2.0, 3.0]])
# --8<-- [end:variable-outside]

# --8<-- [start:concrete]
w = tf.Variable(tf.ones([3, 2]), name="w")
b = tf.Variable(tf.zeros([2]), name="b")


@tf.function
def dense(x):
    return tf.nn.relu(x @ w + b)


concrete = dense.get_concrete_function(tf.TensorSpec([None, 3], tf.float32))
for op in concrete.graph.get_operations():
    print(f"{op.type:15}", [tensor.op.name for tensor in op.inputs])
# --8<-- [end:concrete]

# --8<-- [start:drawn]
show_graphs({"relu(x @ w + b)": concrete.graph})
# --8<-- [end:drawn]


# --8<-- [start:trips]
def many_small(x):
    for _ in range(50):
        x = 0.5 * x + 1.0
    return x


def one_large(x):
    return tf.linalg.matmul(x, x)


for function in many_small, one_large:
    matrix = tf.TensorSpec([1000, 1000], tf.float32)
    graph = tf.function(function).get_concrete_function(matrix).graph
    types = [op.type for op in graph.get_operations()]
    count = sum(types.count(work) for work in ("Mul", "AddV2", "MatMul"))
    print(f"{function.__name__:10}  operations: {count}")
# --8<-- [end:trips]

try:
    # --8<-- [start:session]
    tf.Session()
    # --8<-- [end:session]
except AttributeError as error:
    print(error)


# --8<-- [start:solution-numbers]
@tf.function
def to_tensor(x):
    return tf.constant(x)


for x in [1, 1.0, True, 2.0, 2]:
    print(f"{x!r:5}", to_tensor(x))
print("traces:", to_tensor.experimental_get_tracing_count())
# --8<-- [end:solution-numbers]


# --8<-- [start:solution-array]
@tf.function
def running_sums(x):
    sums, total = tf.TensorArray(tf.float32, size=tf.size(x)), 0.0
    for i in tf.range(tf.size(x)):
        total += x[i]
        sums = sums.write(i, total)
    return sums.stack()


x = tf.constant([1.0, 2.0, 3.0, 4.0])
tf.debugging.assert_equal(running_sums(x), tf.cumsum(x))
running_sums(x)
# --8<-- [end:solution-array]


# --8<-- [start:solution-unused-graph]
def first(x):
    tf.gather(x, 7)
    return x[0]


print(tf.function(first)(tf.constant([1.0, 2.0])))
# --8<-- [end:solution-unused-graph]

try:
    # --8<-- [start:solution-unused-eager]
    first(tf.constant([1.0, 2.0]))
    # --8<-- [end:solution-unused-eager]
except tf.errors.InvalidArgumentError as error:
    print(error)
