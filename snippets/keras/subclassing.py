"""Subclassing: the 192 parameters, __init__/build/call, training, tracking, configuration."""

# --8<-- [start:slip]
import keras
import tensorflow as tf


class TwoLayers(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(16, activation="relu")
        self.out = keras.layers.Dense(32)

    def call(self, inputs):
        x = self.hidden(inputs)
        return self.out(inputs)


slip = TwoLayers()
print("output shape:", slip(tf.ones([8, 3])).shape)
print("parameters:", slip.count_params())
# --8<-- [end:slip]

# --8<-- [start:count]
for weight in slip.weights:
    print(weight.path, tuple(weight.shape), weight.numpy().size)
# --8<-- [end:count]


# --8<-- [start:right]
class Right(TwoLayers):
    def call(self, inputs):
        x = self.hidden(inputs)
        return self.out(x)


right = Right()
right(tf.ones([8, 3]))
right.summary()
# --8<-- [end:right]

# --8<-- [start:twin]
inputs = keras.Input([3])
hidden = keras.layers.Dense(16, activation="relu")(inputs)
twin = keras.Model(inputs, keras.layers.Dense(32)(hidden))
twin.set_weights(right.get_weights())

x = tf.random.normal([256, 3], seed=1)
tf.debugging.assert_equal(twin(x), right(x))
print([model.count_params() for model in (slip, right, twin)])
# --8<-- [end:twin]

# --8<-- [start:train]
import matplotlib.pyplot as plt

y = tf.abs(x @ tf.random.normal([3, 32], seed=2))
losses = {}
for name, model in {"twin": twin, "right": right, "slip": slip}.items():
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
    log = model.fit(x, y, epochs=60, batch_size=64, shuffle=False, verbose=0)
    losses[name] = log.history["loss"]
    print(f"last {name:6}{losses[name][-1]:.3f}")

assert losses["twin"] == losses["right"]
plt.plot(losses["slip"], "C1", label="slip (192 parameters)")
plt.plot(losses["right"], "C0", label="right (608)")
plt.plot(losses["twin"], "C0o", markersize=3, label="functional twin (608)")
plt.gca().set(xlabel="epoch", ylabel="mean squared error", ylim=0)
plt.legend()
# --8<-- [end:train]

try:
    # --8<-- [start:assertion]
    assert slip.out.kernel.shape == (16, 32), (
        f"out reads {slip.out.kernel.shape[0]} features, not 16"
    )
    # --8<-- [end:assertion]
except AssertionError as error:
    print(error)


try:
    # --8<-- [start:stated]
    class Stated(TwoLayers):
        def build(self, input_shape):
            self.hidden.build(input_shape)
            self.out.build([*input_shape[:-1], 16])

    stated = Stated()
    stated.build([None, 3])
    print("parameters:", stated.count_params())
    stated(x)
    # --8<-- [end:stated]
except ValueError as error:
    print(error)

# --8<-- [start:order]
import numpy as np


class Linear(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
        print("__init__ units =", units)

    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, name="kernel")
        print("build    input_shape =", input_shape)

    def call(self, inputs):
        print("call     inputs:", type(inputs).__name__, inputs.dtype)
        return tf.matmul(inputs, self.kernel)


layer = Linear(4)
print(layer(np.ones([2, 3])).shape)
print(layer(np.ones([5, 3])).shape)
# --8<-- [end:order]

try:
    # --8<-- [start:bypass]
    Linear(4).call(np.ones([2, 3]))
    # --8<-- [end:bypass]
except AttributeError as error:
    print(error)


# --8<-- [start:training]
class WithDropout(keras.Model):
    def __init__(self):
        super().__init__()
        self.dropout = keras.layers.Dropout(0.5)
        self.out = keras.layers.Dense(1)

    def call(self, inputs, training=None):
        x = self.dropout(inputs)
        print(f"training = {training!s:5}", x.numpy())
        return self.out(x)


model, ones = WithDropout(), tf.ones([1, 8])
model(ones)
model(ones, training=True)
model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
model.fit(ones, tf.ones([1, 1]), verbose=0)
result = model.predict(ones, verbose=0)
# --8<-- [end:training]


# --8<-- [start:untracked]
class Scale(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.factor = tf.Variable(1.0)

    def call(self, inputs):
        return self.factor * inputs


model = keras.Sequential([Scale()])
model.compile(optimizer="sgd", loss="mse")
log = model.fit(tf.ones([64, 1]), 3 * tf.ones([64, 1]), epochs=3, verbose=0)
print("losses:", log.history["loss"])
print("trainable variables:", len(model.trainable_variables))
# --8<-- [end:untracked]


# --8<-- [start:module]
class ScaleModule(tf.Module):
    def __init__(self):
        self.factor = tf.Variable(1.0)


for kind in ScaleModule, Scale:
    print(f"{kind.__name__:11} {len(kind().trainable_variables)}")
# --8<-- [end:module]


# --8<-- [start:tracked]
class Holder:
    """A plain Python object."""


def one(name):
    return keras.layers.Dense(1, use_bias=False, name=name)


class Tracks(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = self.add_weight(shape=(), name="add_weight")
        self.b = keras.Variable(1.0, name="keras_variable")
        self.c = tf.Variable(1.0, name="tf_variable")
        self.d = [one("in_list")]
        self.e = {"key": one("in_dict")}
        self.f = Holder()
        self.f.layer = one("in_object")

    def call(self, x):
        x = self.f.layer(self.e["key"](self.d[0](x)))
        return self.a * self.b * self.c * x


tracks = Tracks()
tracks(tf.ones([1, 1]))
for variable in tracks.trainable_variables:
    print(variable.path)
# --8<-- [end:tracked]

# --8<-- [start:unbuilt]
unbuilt = Right()
unbuilt.build([None, 3])
print("built:", unbuilt.built, "  parameters:", unbuilt.count_params())
unbuilt(x)
print("after one call:", unbuilt.count_params())
# --8<-- [end:unbuilt]


try:
    # --8<-- [start:no-config]
    class Mlp(keras.Model):
        def __init__(self, width, **kwargs):
            super().__init__(**kwargs)
            self.width = width
            self.hidden = keras.layers.Dense(width, activation="relu")
            self.out = keras.layers.Dense(1)

        def call(self, inputs):
            return self.out(self.hidden(inputs))

    Mlp(8).get_config()
    # --8<-- [end:no-config]
except NotImplementedError as error:
    print(error)


# --8<-- [start:config]
class Configured(Mlp):
    def get_config(self):
        return {**super().get_config(), "width": self.width}


first = Configured(8)
second = Configured.from_config(first.get_config())
first(x), second(x)
print("parameters:", first.count_params(), second.count_params())
same = np.array_equal(first.hidden.kernel, second.hidden.kernel)
print("same weights:", same)
# --8<-- [end:config]


try:
    # --8<-- [start:loss]
    class WithLoss(Right):
        def loss(self, x, y):
            return tf.reduce_mean((self(x) - y) ** 2)

    WithLoss().loss(x, y)
    # --8<-- [end:loss]
except TypeError as error:
    print(error)


try:
    # --8<-- [start:then-add-weight]
    class Positional(keras.layers.Layer):
        def build(self, input_shape):
            self.kernel = self.add_weight("kernel", shape=(input_shape[-1], 4))

    Positional().build([None, 3])
    # --8<-- [end:then-add-weight]
except ValueError as error:
    print(error)


try:
    # --8<-- [start:then-add-variable]
    class Older(keras.layers.Layer):
        def build(self, input_shape):
            self.kernel = self.add_variable("kernel", shape=(input_shape[-1], 4))

    Older().build([None, 3])
    # --8<-- [end:then-add-variable]
except TypeError as error:
    print(error)


# --8<-- [start:now-add-weight]
class Today(keras.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 4), name="kernel")


today = Today()
today.build([None, 3])
print(today.kernel.path, today.kernel.shape)
# --8<-- [end:now-add-weight]


# --8<-- [start:solution-list]
class Stack(keras.Model):
    def __init__(self, widths):
        super().__init__()
        self.stack = [keras.layers.Dense(width) for width in widths]

    def call(self, x):
        for layer in self.stack:
            x = layer(x)
        return x


widths = [8, 8, 2]
model = Stack(widths)
model(tf.ones([1, 5]))
by_hand = sum((a + 1) * b for a, b in zip([5, *widths], widths))
assert model.count_params() == by_hand
by_hand
# --8<-- [end:solution-list]


# --8<-- [start:solution-scale]
class TrackedScale(keras.layers.Layer):
    def build(self, input_shape):
        self.factor = self.add_weight(shape=(), initializer="ones")

    def call(self, inputs):
        return self.factor * inputs


model = keras.Sequential([TrackedScale()])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
model.fit(tf.ones([64, 1]), 3 * tf.ones([64, 1]), epochs=20, verbose=0)
print("factor:", model.layers[0].factor.numpy().round(3))
# --8<-- [end:solution-scale]


# --8<-- [start:solution-unused]
def unused_weights(model, x):
    with tf.GradientTape() as tape:
        outputs = model(x)
    variables = model.trainable_variables
    pairs = zip(variables, tape.gradient(outputs, variables))
    return [variable.path for variable, gradient in pairs if gradient is None]


print("slip: ", unused_weights(slip, x))
print("right:", unused_weights(right, x))
# --8<-- [end:solution-unused]
