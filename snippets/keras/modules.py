"""Modules: tf.Module finds variables; trained and not, nested, and beside Keras layers."""

import contextlib

# --8<-- [start:forgotten]
import tensorflow as tf

x = tf.constant([[-2.0], [-1.0], [0.0], [1.0], [2.0]])
y = 3 * x + 5


class Line:
    def __init__(self):
        self.slope = tf.Variable(0.0)
        self.offset = tf.Variable(0.0)

    def __call__(self, x):
        return self.slope * x + self.offset


def train(model, variables, steps=100):
    for _ in range(steps):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        for variable, gradient in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(0.1 * gradient)
    return round(float(loss), 4)


line = Line()
print("loss:", train(line, [line.slope]))
# --8<-- [end:forgotten]


# --8<-- [start:module]
class LineModule(tf.Module):
    def __init__(self, name=None):
        super().__init__(name=name)
        self.slope = tf.Variable(0.0, name="slope")
        self.offset = tf.Variable(0.0, name="offset")

    def __call__(self, x):
        return self.slope * x + self.offset


line = LineModule()
print("loss:", train(line, line.trainable_variables))
print(line.name, "slope", line.slope.numpy().round(3), "offset", line.offset.numpy().round(3))
# --8<-- [end:module]


# --8<-- [start:center]
class Center(tf.Module):
    def __init__(self, name=None):
        super().__init__(name=name)
        self.mean = tf.Variable(0.0, trainable=False, name="mean")

    def __call__(self, x, training=False):
        if training:
            self.mean.assign(0.9 * self.mean + 0.1 * tf.reduce_mean(x))
        return x - self.mean


center = Center()
for name in ("variables", "trainable_variables", "non_trainable_variables"):
    print(f"{name:24}", [variable.name for variable in getattr(center, name)])
# --8<-- [end:center]

# --8<-- [start:running]
years = tf.constant([[1990.0], [2000.0], [2010.0]])
before = center(years)
for _ in range(100):
    center(years, training=True)
print("before:", before.numpy().ravel())
print("after: ", center(years).numpy().ravel().round(1))

with tf.GradientTape() as tape:
    total = tf.reduce_sum(center(years))
print("gradient:", tape.gradient(total, center.mean))
# --8<-- [end:running]


# --8<-- [start:nested]
class Dense(tf.Module):
    def __init__(self, inputs, outputs, name=None):
        super().__init__(name=name)
        self.weight = tf.Variable(tf.random.normal([inputs, outputs]), name="weight")
        self.bias = tf.Variable(tf.zeros([outputs]), name="bias")

    def __call__(self, x):
        return x @ self.weight + self.bias


class Net(tf.Module):
    def __init__(self, widths, name=None):
        super().__init__(name=name)
        self.center = Center()
        self.layers = [Dense(*pair) for pair in zip(widths, widths[1:])]

    def __call__(self, x, training=False):
        x = self.center(x, training)
        for layer in self.layers[:-1]:
            x = tf.nn.relu(layer(x))
        return self.layers[-1](x)


net = Net([1, 8, 1])
print("variables: ", len(net.variables))
print("to train:  ", len(net.trainable_variables))
print("submodules:", [type(module).__name__ for module in net.submodules])
# --8<-- [end:nested]

# --8<-- [start:tree]
from tfnotes.draw.models import show_module

show_module(net, "net")
# --8<-- [end:tree]

# --8<-- [start:order]
for place, variable in enumerate(net.trainable_variables):
    print(place, variable.name, variable.shape)
# --8<-- [end:order]


# --8<-- [start:scoped]
class ScopedDense(Dense):
    def __init__(self, inputs, outputs, name=None):
        tf.Module.__init__(self, name=name)
        with self.name_scope:
            self.weight = tf.Variable(tf.random.normal([inputs, outputs]), name="weight")
            self.bias = tf.Variable(tf.zeros([outputs]), name="bias")


net.layers = [ScopedDense(1, 8, "hidden"), ScopedDense(8, 1, "out")]
print([variable.name for variable in net.trainable_variables])
# --8<-- [end:scoped]

# --8<-- [start:seen]
import keras


class Holder:
    pass


class Collection(tf.Module):
    def __init__(self):
        super().__init__()
        self.plain = tf.Variable(0.0, name="plain")
        self.in_a_list = [tf.Variable(0.0, name="in_a_list")]
        self.in_a_dict = {"key": tf.Variable(0.0, name="in_a_dict")}
        self.in_a_module = LineModule()
        self.in_an_object = Holder()
        self.in_an_object.hidden = tf.Variable(0.0, name="in_an_object")
        self.in_a_function = lambda x, v=tf.Variable(0.0, name="in_a_function"): x + v
        self.keras_variable = keras.Variable(0.0, name="keras_variable")
        self.keras_layer = keras.layers.Dense(1)
        self.keras_layer.build([None, 1])


print(*[variable.name for variable in Collection().variables], sep="\n")
# --8<-- [end:seen]


# --8<-- [start:mixed]
class Mixed(tf.Module):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def __call__(self, x):
        return self.dense(x)


mixed = Mixed()
first, last = train(mixed, mixed.trainable_variables, steps=1), train(mixed, mixed.variables)
print("variables:", len(mixed.variables), "of", len(mixed.dense.variables))
print("the loss has moved:", bool(first != last))
# --8<-- [end:mixed]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:optimizer]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((mixed(x) - y) ** 2)
    gradients = tape.gradient(loss, mixed.trainable_variables)
    sgd = keras.optimizers.SGD(0.1)
    sgd.apply_gradients(zip(gradients, mixed.trainable_variables))
    # --8<-- [end:optimizer]


# --8<-- [start:mended]
class Mended(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)


mended = Mended()
mended(x)
print("loss:", train(mended, [variable.value for variable in mended.trainable_variables]))
# --8<-- [end:mended]


# --8<-- [start:reverse]
class Wrapped(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = LineModule()

    def call(self, x):
        return self.inner(x)


print("variables:", len(Wrapped().variables))
# --8<-- [end:reverse]

# --8<-- [start:twin]
layer = keras.layers.Dense(8)
layer.build([None, 1])
dense = Dense(1, 8)
layer.set_weights([dense.weight.numpy(), dense.bias.numpy()])
tf.debugging.assert_equal(layer(x), dense(x))

for name in ("variables", "submodules", "build", "losses", "get_config", "count_params"):
    sides = [hasattr(side, name) for side in (tf.Module, keras.layers.Layer)]
    print(f"{name:13} tf.Module {sides[0]!s:6} keras Layer {sides[1]}")
# --8<-- [end:twin]

# --8<-- [start:export]
import tempfile


class Exported(LineModule):
    @tf.function(input_signature=[tf.TensorSpec([None, 1])])
    def __call__(self, x):
        return self.slope * x + self.offset


exported = Exported()
print("loss:", train(exported, exported.trainable_variables))
with tempfile.TemporaryDirectory() as folder:
    tf.saved_model.save(exported, folder)
    loaded = tf.saved_model.load(folder)
print(isinstance(loaded, Exported), loaded(tf.constant([[10.0]])).numpy().round(2))
# --8<-- [end:export]

with contextlib.suppress(Exception):  # the page shows this error
    # --8<-- [start:then]
    with tf.variable_scope("line", reuse=True):
        slope = tf.get_variable("slope")
    # --8<-- [end:then]


# --8<-- [start:now]
class Twice(tf.Module):
    def __init__(self, inner):
        super().__init__()
        self.first = inner
        self.second = inner

    def __call__(self, x):
        return self.second(self.first(x))


twice = Twice(line)
print("variables:", len(twice.variables))
print(twice(tf.constant([[1.0]])).numpy().round(2))
# --8<-- [end:now]


# --8<-- [start:solution-count]
def parameters(module):
    return sum(variable.shape.num_elements() for variable in module.variables)


for module in (net, *net.submodules):
    print(f"{module.name:8}{parameters(module)}")
# --8<-- [end:solution-count]

# --8<-- [start:solution-part]
before = [variable.numpy() for variable in net.trainable_variables]
train(net, net.layers[-1].trainable_variables)
for variable, old in zip(net.trainable_variables, before):
    print(f"{variable.name:15} moved: {bool(tf.reduce_any(variable != old))}")
# --8<-- [end:solution-part]

# --8<-- [start:solution-checkpoint]
with tempfile.TemporaryDirectory() as folder:
    path = tf.train.Checkpoint(net).write(folder + "/net")
    fresh = Net([1, 8, 1])
    print("same before:", bool(tf.reduce_all(fresh(x) == net(x))))
    tf.train.Checkpoint(fresh).read(path).assert_consumed()
    print("same after: ", bool(tf.reduce_all(fresh(x) == net(x))))
# --8<-- [end:solution-checkpoint]
