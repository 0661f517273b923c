"""Measuring against a clock that is known: no test here depends on how fast the machine is."""

import random
import statistics

import pytest

from tfnotes import timing
from tfnotes.timing import measurement


class FakeDevice:
    """A clock, and a device that works on after the call has returned.

    Time passes only in ``call`` (until it returns), ``wait`` (until the work is done) and ``fetch``
    (which has to wait too).
    """

    def __init__(self, returns=1e-5, works=0.01, first=0.0, waits=True):
        self.now = 0.0
        self.done = 0.0
        self.calls = 0
        self.returns, self.works, self.first, self.waits = returns, works, first, waits

    def clock(self):
        return self.now

    def call(self):
        self.calls += 1
        works = self.works() if callable(self.works) else self.works
        self.now += self.returns + (self.first if self.calls == 1 else 0.0)
        self.done = max(self.done, self.now) + works - self.returns
        return "handle"

    def wait(self, result):
        assert result == "handle"
        if self.waits:
            self.now = max(self.now, self.done)

    def fetch(self, result):
        self.now = max(self.now, self.done) + 2e-5

    def measure(self, **options):
        return timing.measure(
            self.call, wait=self.wait, fetch=self.fetch, clock=self.clock, **options
        )


@pytest.fixture(autouse=True)
def full_size(monkeypatch):
    monkeypatch.delenv("TFNOTES_SIZE", raising=False)


def test_the_clock_stops_when_the_device_is_done_not_when_the_call_returns():
    found = FakeDevice(returns=1e-5, works=0.01).measure()
    assert found.median == pytest.approx(0.01)
    assert found.returned == pytest.approx(1e-5)
    assert found.asynchronous


def test_a_call_that_works_before_it_returns_is_not_called_asynchronous():
    found = FakeDevice(returns=0.01, works=0.01).measure()
    assert found.median == pytest.approx(0.01)
    assert not found.asynchronous


def test_waiting_that_does_not_wait_is_noticed():
    device = FakeDevice(returns=1e-5, works=0.01, waits=False)
    with pytest.raises(RuntimeError, match="the work was not done when the clock stopped"):
        device.measure()


def test_waiting_that_does_not_wait_is_noticed_for_short_calls_too():
    device = FakeDevice(returns=1e-6, works=1e-4, waits=False)
    with pytest.raises(RuntimeError, match="not done"):
        device.measure()


def test_the_first_call_is_kept_apart():
    found = FakeDevice(works=0.01, first=3.0).measure()
    assert found.first == pytest.approx(3.01)
    assert found.median == pytest.approx(0.01)
    assert found.fastest == pytest.approx(0.01)


def test_spread_is_reported_as_it_is():
    rng = random.Random(4)
    drawn = []

    def works():
        drawn.append(rng.uniform(0.010, 0.030))
        return drawn[-1]

    found = FakeDevice(works=works, returns=0.0).measure(budget=2.0)
    # One cold call, two warm ones, and three for the proof at the end are not samples.
    samples = drawn[3 : 3 + found.n]
    q1, median, q3 = statistics.quantiles(samples, n=4, method="inclusive")
    assert (found.q1, found.median, found.q3) == pytest.approx((q1, median, q3))
    assert found.fastest == pytest.approx(min(samples))
    assert found.iqr == pytest.approx(q3 - q1)
    assert not found.settled
    assert sum(samples) >= 2.0, "sampling went on until the budget was spent"


def test_two_modes_do_not_pass_as_settled():
    turns = iter([0.01, 0.02] * 10_000)
    found = FakeDevice(works=lambda: next(turns), returns=0.0).measure(budget=1.0)
    assert not found.settled
    assert found.iqr == pytest.approx(0.01)


def test_steady_samples_end_early():
    found = FakeDevice(works=0.01).measure(budget=100.0, least=9)
    assert found.settled
    assert found.n == 9
    assert found.iqr == pytest.approx(0.0, abs=1e-9)


def test_short_calls_are_repeated_within_a_sample():
    device = FakeDevice(returns=1e-6, works=1e-6)
    found = device.measure()
    assert found.loops * 1e-6 >= measurement.SHORTEST * 0.999
    assert found.median == pytest.approx(1e-6)


def test_a_call_that_the_clock_cannot_see_does_not_loop_for_ever():
    device = FakeDevice(returns=0.0, works=0.0)
    ticks = iter(range(10**9))
    device.clock = lambda: device.now + next(ticks) * 1e-7
    assert device.measure().loops <= measurement.MOST_LOOPS


def test_a_call_longer_than_the_budget_is_still_measured_three_times():
    found = FakeDevice(works=5.0).measure(budget=1.0)
    assert found.n == 3
    assert found.median == pytest.approx(5.0)


def test_under_test_a_measurement_is_short(monkeypatch):
    monkeypatch.setenv("TFNOTES_SIZE", "small")
    assert FakeDevice(works=0.01).measure(budget=100.0).n == 3
    assert timing.sizes(full=[1024], small=[8]) == [8]


def test_sizes_are_full_unless_the_tests_say_otherwise():
    assert timing.sizes(full=range(3), small=[8]) == [0, 1, 2]


def test_garbage_is_collected_again_afterwards():
    import gc

    FakeDevice().measure()
    assert gc.isenabled()
