"""Forecasting a series: baselines, leaks, linear model, convolution and LSTM, many steps ahead."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from tfnotes import data

series = data.air_passengers().columns["Passengers"].astype("float64")
cut = 108  # nine years to learn from, three to forecast

plt.figure(figsize=(6, 2.6))
plt.plot(series)
plt.axvline(cut, linestyle=":", color="gray")
plt.gca().set(xlabel="month", ylabel="passengers (thousands)")
plt.gca().set(xlim=(0, 144), ylim=(0, 800), yticks=[0, 400, 800])
plt.xticks(range(0, 145, 24))
# --8<-- [end:data]

# --8<-- [start:baselines]
months = np.arange(cut, len(series))  # each of the last three years' months
growth = series[months - 1] / series[months - 13]


def error(forecast, at=months):
    return np.mean(np.abs(forecast / series[at] - 1)) * 100


simple = {
    "last month": series[months - 1],
    "same month last year": series[months - 12],
    "last year times growth": series[months - 12] * growth,
}
for name, forecast in simple.items():
    print(f"{name:24} off by {error(forecast):4.1f} %")
# --8<-- [end:baselines]


# --8<-- [start:windows]
def windows(values, first, stop, length=12):
    """For each month in first..stop: the `length` values before it."""
    return np.stack([values[t - length : t] for t in range(first, stop)])


def with_one(x):
    return np.column_stack([x, np.ones(len(x))])


logs = np.log(series)
known, asked = windows(logs, 12, cut), windows(logs, cut, len(series))
by_keras = tf.keras.utils.timeseries_dataset_from_array(
    logs[: cut - 1], None, sequence_length=12, batch_size=len(known)
)
print("windows as in Keras:", np.array_equal(next(iter(by_keras)), known))
line = np.linalg.lstsq(with_one(known), logs[12:cut], rcond=None)[0]
linear = np.exp(with_one(asked) @ line)
print(f"linear, 12 months: off by {error(linear):.1f} %")
# --8<-- [end:windows]

# --8<-- [start:length]
for length in (1, 6, 12, 13):
    learnt = with_one(windows(logs, 13, cut, length))
    now = with_one(windows(logs, cut, len(series), length))
    weights = np.linalg.lstsq(learnt, logs[13:cut], rcond=None)[0]
    forecast = np.exp(now @ weights)
    print(f"{length:2} months: off by {error(forecast):.1f} %")
# --8<-- [end:length]

# --8<-- [start:networks]
layers = tf.keras.layers
changes = np.zeros_like(logs)
changes[12:] = logs[12:] - logs[:-12]  # growth over a year, as a logarithm
networks = {
    "conv": lambda: [layers.Conv1D(16, 3, activation="relu"), layers.Flatten()],
    "lstm": lambda: [layers.LSTM(16)],
}


def forecasts(kind, values, seed):
    """Train on the first nine years, answer for the months of the rest."""
    tf.keras.utils.set_random_seed(seed)
    model = tf.keras.Sequential([*networks[kind](), layers.Dense(1)])
    model.compile(tf.keras.optimizers.Adam(0.01), "mse")
    inputs = windows(values, 24, cut)[..., None].astype("float32")
    rows = tf.data.Dataset.from_tensors((inputs, values[24:cut, None]))
    model.fit(rows.repeat(200), shuffle=False, verbose=0)
    return model(windows(values, cut, len(values))[..., None]).numpy()[:, 0]


found = {}
for kind in networks:
    found[kind] = [
        series[months - 12] * np.exp(forecasts(kind, changes, seed))
        for seed in (0, 1)
    ]
    low, high = sorted(error(forecast) for forecast in found[kind])
    print(f"{kind}, growth of 12 months: off by {low:.1f} to {high:.1f} %")
# --8<-- [end:networks]

# --8<-- [start:range]
mean, spread = series[:cut].mean(), series[:cut].std()
scaled = (series - mean) / spread
raw = forecasts("lstm", scaled, seed=0) * spread + mean
print(f"largest month of the first nine years {series[:cut].max():.0f}")
print(f"largest month to be forecast          {series[cut:].max():.0f}")
print(f"largest forecast from scaled values   {raw.max():.0f}")
print(f"off by {error(raw):.1f} %")

plt.figure(figsize=(6, 2.8))
plt.plot(months, series[cut:], "k.", label="truth")
plt.plot(months, found["lstm"][0], label="LSTM on growth")
plt.plot(months, raw, label="LSTM on passengers")
plt.gca().set(xlabel="month", ylabel="passengers (thousands)")
plt.gca().set(xlim=(106, 145), ylim=(200, 800), yticks=[200, 400, 600, 800])
plt.xticks([108, 120, 132, 144])
plt.legend()
# --8<-- [end:range]

# --8<-- [start:leak]
smooth = np.convolve(series, np.ones(3) / 3, "same")  # the usual centre
every = np.arange(12, len(series))
columns = np.stack([smooth[every - 1], series[every - 1], series[every - 2]])
inputs, early = with_one(columns.T), every < cut
fitted = np.linalg.lstsq(inputs[early], series[every[early]], rcond=None)[0]
promised = inputs[~early] @ fitted
print(f"with last month's smoothed value: off by {error(promised):.1f} %")
print("weights", np.abs(fitted[:3]).round(2))
# --8<-- [end:leak]

# --8<-- [start:leak-live]
live = smooth[months - 1].copy()
for i, month in enumerate(months):  # only what is known at that time
    live[i] = series[month - 3 : month].mean()
columns = np.stack([live, series[months - 1], series[months - 2]])
print(f"in use: off by {error(with_one(columns.T) @ fitted):.1f} %")
# --8<-- [end:leak-live]

# --8<-- [start:shuffled]
from sklearn.ensemble import RandomForestRegressor

time = np.arange(len(series))
calendar = np.column_stack([time, time % 12])


def forest(train, test):
    trees = RandomForestRegressor(30, random_state=0)
    trees.fit(calendar[train], series[train])
    return error(trees.predict(calendar[test]), test)


mixed = np.random.default_rng(0).permutation(len(series))
print(f"random split:  off by {forest(mixed[:cut], mixed[cut:]):.0f} %")
print(f"split in time: off by {forest(time[:cut], time[cut:]):.0f} %")
# --8<-- [end:shuffled]


# --8<-- [start:autoregressive]
def feed_back(start, steps):
    """Forecast, append the forecast, and forecast the next from it."""
    values = list(logs[:start])
    for _ in range(steps):
        values.append(np.append(values[-12:], 1.0) @ line)
    return np.exp(values[start:])


ahead = feed_back(cut, 36)
print(f"one step, true inputs each time: off by {error(linear):.1f} %")
print(f"36 steps, own forecasts:         off by {error(ahead):.1f} %")
# --8<-- [end:autoregressive]

# --8<-- [start:horizon]
starts = range(cut, len(series) - 11)
direct = {}  # a separate line for each distance
for step in range(12):
    targets = logs[12 + step : cut]
    inputs = with_one(known[: len(targets)])
    direct[step] = np.linalg.lstsq(inputs, targets, rcond=None)[0]

ways = {"fed back": [], "direct": [], "last year": [], "last year x growth": []}
for start in starts:
    truth = series[start : start + 12]
    last = series[start - 12 : start]
    window = np.append(logs[start - 12 : start], 1.0)
    rate = series[start - 1] / series[start - 13]
    tries = [
        feed_back(start, 12),
        np.exp([window @ direct[step] for step in range(12)]),
        last,
        last * rate,
    ]
    for name, forecast in zip(ways, tries):
        ways[name].append(np.abs(forecast / truth - 1) * 100)

plt.figure(figsize=(5.6, 3))
for name, errors in ways.items():
    plt.plot(range(1, 13), np.mean(errors, axis=0), marker=".", label=name)
    first, final = np.mean(errors, axis=0)[[0, -1]]
    print(f"{name:18}  1 month {first:4.1f} %   12 months {final:4.1f} %")
plt.gca().set(xlabel="months ahead", ylabel="off by (%)", ylim=(0, 16))
plt.xticks([1, 3, 6, 9, 12])
plt.yticks([0, 5, 10, 15])
plt.legend(ncols=2)
# --8<-- [end:horizon]

# --8<-- [start:cost]
lstm = tf.keras.Sequential([layers.LSTM(16), layers.Dense(1)])
lstm.build([None, 12, 1])
print(f"linear {len(line)} parameters, LSTM {lstm.count_params()}")
# --8<-- [end:cost]

import contextlib

with contextlib.suppress(AttributeError):
    # --8<-- [start:then]
    tf.keras.layers.CuDNNLSTM(16)
    # --8<-- [end:then]

# --8<-- [start:solution-interval]
left_over = logs[24:cut] - with_one(windows(logs, 24, cut)) @ line
low, high = np.quantile(left_over, [0.1, 0.9])
inside = (linear * np.exp(low) <= series[cut:]) & (
    series[cut:] <= linear * np.exp(high)
)
print(f"inside the range of 0.8: {inside.mean():.2f}")
# --8<-- [end:solution-interval]

# --8<-- [start:solution-mase]
naive = np.abs(series[12:cut] - series[: cut - 12]).mean()
for name, forecast in {**simple, "linear": linear}.items():
    scaled_error = np.abs(forecast - series[cut:]).mean() / naive
    print(f"{name:24} {scaled_error:.2f}")
# --8<-- [end:solution-mase]
