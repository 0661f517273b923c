"""What a timing block ends in."""

import json

import pytest

from tfnotes.timing import Timing
from tfnotes.timing.benchmark import Benchmark, seconds


def timed(median, spread=0.0):
    return Timing(median, median - spread, median + spread, median, 9, 1, 1.0, median, True)


def test_derived_rates_follow_from_the_median():
    found = Benchmark(show="gflops")
    found.add("CPU", 100, timed(0.001), flops=2e6, bytes=4e6, items=32)
    case = found.cases[0]
    assert (case.gflops, case.gbytes, case.rate) == pytest.approx((2.0, 4.0, 32000.0))


def test_nothing_is_derived_from_nothing():
    found = Benchmark()
    found.add("CPU", 100, timed(0.001))
    case = found.cases[0]
    assert (case.gflops, case.gbytes, case.rate) == (None, None, None)


def test_under_test_the_value_names_its_cases_but_no_figure(monkeypatch):
    monkeypatch.setenv("TFNOTES_SIZE", "small")
    texts = []
    for median in (0.001, 0.005):
        found = Benchmark(x="n")
        found.add("eager", 8, timed(median))
        found.add("graph", 8, timed(median))
        found.add("eager", 16, timed(median))
        texts.append(repr(found))
    assert texts[0] == texts[1] == "Benchmark at small sizes\neager: n 8, 16\ngraph: n 8"


def test_the_value_is_a_table(monkeypatch):
    monkeypatch.delenv("TFNOTES_SIZE", raising=False)
    found = Benchmark(x="n", show="gflops")
    found.add("eager", 8, timed(0.0012, 0.0001), flops=2.4e6)
    row = repr(found).split("\n")[1].split()
    assert row == ["eager", "8", "1.2", "ms", "200", "µs", "9", "2", "GFLOP/s"]


def test_a_slow_series_says_so():
    found = Benchmark()
    assert not found.slow("CPU")
    found.add("CPU", 8, timed(1.5))
    found.add("GPU", 8, timed(0.1))
    assert found.slow("CPU") and not found.slow("GPU") and not found.slow("CPU", seconds=2)


def test_what_a_capture_keeps_is_json_and_complete():
    found = Benchmark(x="n", show="gbytes")
    found.add("CPU", 8, timed(0.00123456789), bytes=8)
    kept = json.loads(json.dumps(found.to_json()))
    assert kept["cases"][0]["timing"]["median"] == 0.0012346
    assert kept["cases"][0]["bytes"] == 8 and "flops" not in kept["cases"][0]


def test_an_unknown_quantity_is_refused():
    with pytest.raises(ValueError, match="gigaflops"):
        Benchmark(show="gigaflops")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.5e-8, "15 ns"),
        (1.234e-5, "12.3 µs"),
        (0.9996, "1 s"),
        (0.0456, "45.6 ms"),
        (7.891, "7.89 s"),
    ],
)
def test_durations_are_readable(value, text):
    assert seconds(value) == text
