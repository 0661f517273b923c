"""Windows over a time series: inputs, targets, and the off-by-one between them."""

# --8<-- [start:smallest]
import numpy as np
import tensorflow as tf

series = np.arange(10.0, dtype=np.float32)
length = 3
windows = tf.keras.utils.timeseries_dataset_from_array(
    series[:-1], series[length:], sequence_length=length, batch_size=10
)
for inputs, targets in windows:
    for x, y in zip(inputs.numpy(), targets.numpy()):
        print(x, "->", y)
# --8<-- [end:smallest]


# --8<-- [start:draw]
import matplotlib.pyplot as plt

settings = {
    "length 3": dict(sequence_length=3),
    "length 3, stride 2": dict(sequence_length=3, sequence_stride=2),
    "length 3, rate 2": dict(sequence_length=3, sampling_rate=2),
}
places = np.arange(10.0)
figure, axes = plt.subplots(1, 3, figsize=(6.6, 2.6), sharey=True)
for ax, (name, options) in zip(axes, settings.items()):
    found = tf.keras.utils.timeseries_dataset_from_array(
        places, None, batch_size=None, **options
    )
    for row, window in enumerate(found):
        ax.plot(window, [row] * len(window), "s", color="C0")
    ax.set(title=name, xlabel="index in the series", xticks=[0, 3, 6, 9])
axes[0].set_ylabel("window")
axes[0].invert_yaxis()
# --8<-- [end:draw]


# --8<-- [start:by-hand]
def by_hand(data, targets, length, stride=1, rate=1):
    """The same windows in NumPy."""
    span = (length - 1) * rate + 1
    starts = range(0, min(len(data) - span + 1, len(targets)), stride)
    return [(data[s : s + span : rate], targets[s]) for s in starts]


checked = 0
for length in (1, 5):
    for stride in (1, 2, 3):
        for rate in (1, 2, 3):
            data, targets = series[:-1], series[1:]
            found = tf.keras.utils.timeseries_dataset_from_array(
                data,
                targets,
                sequence_length=length,
                sequence_stride=stride,
                sampling_rate=rate,
                batch_size=1,
            )
            ours = by_hand(data, targets, length, stride, rate)
            theirs = [(x.numpy()[0], y.numpy()[0]) for x, y in found]
            assert len(ours) == len(theirs)
            for (x, y), (u, v) in zip(ours, theirs):
                assert np.array_equal(x, u) and y == v
            checked += 1
print(checked, "settings, every window and target equal")
# --8<-- [end:by-hand]

# --8<-- [start:off-by-one]
rng = np.random.default_rng(0)
walk = np.cumsum(rng.normal(size=2000)).astype("float32")
length = 8


def error_of(targets):
    """A linear model's error: on windows of a random walk, compared with guessing 'as before'."""
    found = tf.keras.utils.timeseries_dataset_from_array(
        walk, targets, sequence_length=length, batch_size=4000
    )
    x, y = (part.numpy() for part in next(iter(found)))
    x1 = np.hstack([x, np.ones([len(x), 1])])
    half = len(x) // 2
    weights = np.linalg.lstsq(x1[:half], y[:half], rcond=None)[0]
    return np.abs(x1[half:] @ weights - y[half:]).mean(), weights


print("steps of the walk:", f"{np.abs(np.diff(walk)).mean():.2f}")
for name, targets in {
    "targets = walk[length:]": walk[length:],
    "targets = walk[length - 1:]": walk[length - 1 :],
    "targets = walk": walk,
}.items():
    print(f"{name:28} error {error_of(targets)[0]:.2f}")
# --8<-- [end:off-by-one]

# --8<-- [start:leak-drawn]
figure, axes = plt.subplots(1, 2, figsize=(6.6, 2.4), sharey=True)
for ax, offset in zip(axes, (0, 1)):
    ax.plot(walk[:12], "o-", color="0.7")
    ax.plot(range(length), walk[:length], "o-", color="C0", label="input")
    ax.plot(
        length - 1 + offset,
        walk[length - 1 + offset],
        "*",
        color="C1",
        markersize=14,
        label="target",
    )
    ax.set(title=f"walk[length{' - 1' if not offset else ''}:]", xlabel="time")
axes[0].legend()
# --8<-- [end:leak-drawn]

# --8<-- [start:dropped]
data, n = np.arange(30), 10
cuts = {"data[:-10]": data[:-n], "data[:-1]": data[:-1], "data": data}
figure, axes = plt.subplots(1, 2, figsize=(6.6, 3.2), sharey=True)
for (name, part), ax in zip(cuts.items(), [*axes, None]):
    pairs = tf.keras.utils.timeseries_dataset_from_array(
        part, data[n:], sequence_length=n, batch_size=None
    )
    rows = [(x.numpy(), int(y)) for x, y in pairs]
    print(f"{name:11}{len(rows):3} windows, last target {rows[-1][1]}")
    if ax:
        for row, (window, target) in enumerate(rows):
            ax.plot(window, [row] * n, "s", color="C0", markersize=3)
            ax.plot(target, row, "*", color="C1", markersize=7)
        ax.axvspan(rows[-1][1] + 0.5, 29.5, color="0.85")
        ax.set(title=name, xlabel="index", xlim=(-1, 29.5), ylim=(20.5, -1))
axes[0].set(ylabel="window", yticks=[0, 5, 10, 15])
# --8<-- [end:dropped]

# --8<-- [start:many]
table = np.stack([np.arange(8), 10 * np.arange(8)], axis=1).astype("float32")
found = tf.keras.utils.timeseries_dataset_from_array(
    table[:-1], table[3:, 1], sequence_length=3, batch_size=2
)
inputs, targets = next(iter(found))
print("inputs", inputs.shape, "targets", targets.numpy())
ahead = tf.data.Dataset.from_tensor_slices(table).window(
    5, shift=1, drop_remainder=True
)
flat = ahead.flat_map(lambda w: w.batch(5))
pairs = flat.map(lambda w: (w[:3], w[3:, 1]))
x, y = next(iter(pairs))
print("two steps ahead:", y.numpy())
# --8<-- [end:many]

# --8<-- [start:split]
tail = 0.2
cut = int(len(walk) * (1 - tail))
parts = {"train": walk[:cut], "test": walk[cut:]}
for name, part in parts.items():
    found = tf.keras.utils.timeseries_dataset_from_array(
        part[:-1], part[length:], sequence_length=length, batch_size=None
    )
    print(f"{name}: {len(part)} values, {len(found)} windows")
order = rng.permutation(len(walk) - length)
test, training = np.split(order, [len(order) // 5])
near = np.isin(test - 1, training) | np.isin(test + 1, training)
print(
    f"at random: {near.mean():.0%} of the test windows have a neighbour in training"
)
# --8<-- [end:split]

# --8<-- [start:audio]
from tfnotes import data

digits = data.speech_digits()
wave, rate = digits.waves[0], digits.rate
frames = tf.signal.frame(wave, frame_length=256, frame_step=128)
same = tf.keras.utils.timeseries_dataset_from_array(
    wave, None, sequence_length=256, sequence_stride=128, batch_size=1000
)
equal = np.array_equal(frames.numpy(), next(iter(same)).numpy())
print(f"{len(wave) / rate:.2f} s at {rate} Hz:", frames.shape, "equal:", equal)
# --8<-- [end:audio]

# --8<-- [start:spectrogram]
hann = tf.signal.hann_window(256)
by_windows = tf.abs(tf.signal.rfft(frames * hann))
by_stft = tf.abs(tf.signal.stft(wave, 256, 128))
print("largest difference:", float(tf.reduce_max(tf.abs(by_windows - by_stft))))
figure, axes = plt.subplots(1, 2, figsize=(6.6, 2.6))
axes[0].plot(np.arange(len(wave)) / rate, wave, linewidth=0.6)
axes[0].set(title="the wave", xlabel="seconds")
axes[1].imshow(
    np.log(by_stft.numpy().T + 1e-3),
    origin="lower",
    aspect="auto",
    extent=[0, len(wave) / rate, 0, rate / 2000],
)
axes[1].set(title="windows, transformed", xlabel="seconds", ylabel="kHz")
# --8<-- [end:spectrogram]

# --8<-- [start:memory]
long = np.zeros(100_000, np.float32)
copied = np.lib.stride_tricks.sliding_window_view(long, 128).copy()
print(
    f"the series {long.nbytes / 2**20:.1f} MiB, all windows {copied.nbytes / 2**20:.1f} MiB"
)
view = np.lib.stride_tricks.sliding_window_view(long, 128)
print("a view shares the memory:", np.shares_memory(view, long))
# --8<-- [end:memory]

import contextlib

with contextlib.suppress(ImportError):
    # --8<-- [start:then]
    from keras.preprocessing.sequence import TimeseriesGenerator
    # --8<-- [end:then]

# --8<-- [start:legacy]
from tensorflow.keras.preprocessing.sequence import (
    TimeseriesGenerator as Legacy,
)

old = Legacy(series, series, length=3, batch_size=4)
new = tf.keras.utils.timeseries_dataset_from_array(
    series[:-1], series[3:], sequence_length=3, batch_size=4
)
for (x, y), (u, v) in zip((old[i] for i in range(len(old))), new):
    assert np.array_equal(x, u) and np.array_equal(y, v)
print("equal batches:", len(old))
# --8<-- [end:legacy]

# --8<-- [start:legacy-trap]
x, y = Legacy(series, series, length=6, sampling_rate=2)[0]
print("old", x[0], "->", y[0])
same_numbers = tf.keras.utils.timeseries_dataset_from_array(
    np.arange(20.0), np.arange(6.0, 20), sequence_length=6, sampling_rate=2
)
x, y = next(iter(same_numbers))
print("new", x[0].numpy(), "->", y[0].numpy())
# --8<-- [end:legacy-trap]

# --8<-- [start:legacy-grid]
import itertools


def legacy_by_hand(data, targets, length, rate, stride):
    rows = range(length, len(data), stride)
    return [(data[r - length : r : rate], targets[r]) for r in rows]


def translated(data, targets, length, rate, stride, batch_size):
    return tf.keras.utils.timeseries_dataset_from_array(
        data[:-1],
        targets[length:],
        sequence_length=-(-length // rate),  # rounded up
        sampling_rate=rate,
        sequence_stride=stride,
        batch_size=batch_size,
    )


def columns(pairs):
    x, y = zip(*pairs)
    return np.array(x), np.array(y)


checked = 0
values = rng.normal(size=23)
for length, rate, stride in itertools.product((1, 5, 6), (1, 2, 3), (1, 3)):
    old = Legacy(values, -values, length, rate, stride, batch_size=4)
    new = list(translated(values, -values, length, rate, stride, 4))
    assert len(old) == len(new)
    for i, (x, y) in enumerate(new):
        assert np.array_equal(x, old[i][0]) and np.array_equal(y, old[i][1])
    ours = columns(legacy_by_hand(values, -values, length, rate, stride))
    assert np.array_equal(ours[0], np.concatenate([x for x, _ in new]))
    assert np.array_equal(ours[1], np.concatenate([y for _, y in new]))
    checked += 1
print(checked, "settings, every batch equal")
# --8<-- [end:legacy-grid]

# --8<-- [start:solution-count]
for n, length, stride, rate in [
    (100, 10, 1, 1),
    (100, 10, 3, 1),
    (100, 10, 3, 2),
]:
    formula = (n - (length - 1) * rate - 1) // stride + 1
    found = tf.keras.utils.timeseries_dataset_from_array(
        np.zeros(n),
        None,
        length,
        sequence_stride=stride,
        sampling_rate=rate,
        batch_size=None,
    )
    print(formula, len(list(found)))
# --8<-- [end:solution-count]

# --8<-- [start:solution-shuffle]
order = tf.keras.utils.timeseries_dataset_from_array(
    np.arange(8.0), None, 3, shuffle=True, seed=4, batch_size=None
)
print([window.numpy().astype(int).tolist() for window in order])
# --8<-- [end:solution-shuffle]
