"""Measuring how long a call takes, so that the figure can be believed.

What can go wrong, and what is done about it:

* The first call traces, compiles and allocates: it is timed apart and never mixed with the rest.
* A GPU works on after the call has returned. The clock stops only when the device has finished:
  after each sample ``tf.test.experimental.sync_devices`` is awaited, which TensorFlow provides for
  benchmarks. At the end one element of a result is fetched; if that takes as long as the work
  itself, the waiting did not wait and ``measure`` raises instead of returning a wrong figure.
* A call of microseconds is shorter than the clock is exact: it is repeated back to back until a
  sample lasts ``SHORTEST`` seconds, and awaited once. On a GPU that is throughput, not latency.
* One figure says nothing of its own error: a result has median, quartiles and number of samples.
"""

from __future__ import annotations

import gc
import math
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from tfnotes.benchmark import Benchmark, Case

__all__ = ["Benchmark", "Case", "Timing", "devices", "is_small", "measure", "sizes", "wait_for"]

SHORTEST = 0.002
"""Seconds that one sample lasts at least; shorter calls are repeated within it."""
MOST_LOOPS = 100_000

T = TypeVar("T")


@dataclass(frozen=True)
class Timing:
    """How long one call takes, in seconds."""

    median: float
    """Half of the samples were faster."""
    q1: float
    """A quarter of the samples were faster."""
    q3: float
    """Three quarters of the samples were faster."""
    fastest: float
    n: int
    """Number of samples."""
    loops: int
    """Calls in each sample; a sample's time is divided by it."""
    first: float
    """The very first call: tracing, compiling and allocating included."""
    returned: float
    """Median time after which the call came back to Python, whether or not the work was done."""
    settled: bool
    """Whether the spread became small; False means that the time budget ended first."""

    @property
    def iqr(self) -> float:
        """Interquartile range: the middle half of the samples lies within it."""
        return self.q3 - self.q1

    @property
    def asynchronous(self) -> bool:
        """Whether the call came back long before its work was done, as on a GPU."""
        return self.returned < 0.5 * self.median

    def __str__(self) -> str:
        from tfnotes.benchmark import seconds

        spread = f"half of {self.n} samples within {seconds(self.q1)} to {seconds(self.q3)}"
        return f"{seconds(self.median)} ({spread}; first call {seconds(self.first)})"


def measure(
    call: Callable[[], Any],
    *,
    budget: float = 1.0,
    spread: float = 0.02,
    least: int = 9,
    wait: Callable[[Any], None] | None = None,
    fetch: Callable[[Any], None] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Timing:
    """Times a call: once cold, then repeatedly until the spread is small or the budget is spent.

    Args:
        call: What is measured. It takes nothing and returns its result.
        budget: Seconds after which sampling ends even if the spread is still large. Three samples
            are taken in any case.
        spread: Sampling ends when the interquartile range is at most this part of the median.
        least: Samples that must have been taken before that is believed.
        wait: Returns when the work of a result is done; by default ``wait_for``.
        fetch: Copies a little of a result to the host, as proof; by default one element.
        clock: Seconds as a float; tests pass a clock of their own.

    Returns:
        The summary.

    Raises:
        RuntimeError: The work went on after ``wait`` had returned, so no figure can be trusted.
    """
    wait = wait or wait_for
    fetch = fetch or _fetch_one
    if os.environ.get("TFNOTES_SIZE") in ("small", "quick"):
        budget, least = 0.01, 3

    def sample(loops: int) -> tuple[float, float, Any]:
        start = clock()
        for _ in range(loops):
            result = call()
        returned = clock()
        wait(result)
        return (clock() - start) / loops, (returned - start) / loops, result

    first, _, _ = sample(1)
    once = first
    for _ in range(1 if first > budget else 2):  # warm-up; the first one may still be special
        once, _, _ = sample(1)
    loops = 1
    while once * loops < SHORTEST and loops < MOST_LOOPS:
        wanted = math.ceil(SHORTEST / max(once, SHORTEST / MOST_LOOPS))
        loops = min(MOST_LOOPS, max(2 * loops, wanted))
        once, _, _ = sample(loops)
    # Collecting garbage in the middle of a sample would be measured as if it were work.
    collecting = gc.isenabled()
    gc.disable()
    try:
        totals: list[float] = []
        returns: list[float] = []
        start = clock()
        while True:
            total, returned, _ = sample(loops)
            totals.append(total)
            returns.append(returned)
            q1, median, q3 = _quartiles(totals)
            settled = len(totals) >= least and q3 - q1 <= spread * median
            if settled or (clock() - start >= budget and len(totals) >= 3):
                break
    finally:
        if collecting:
            gc.enable()
    _prove(sample, fetch, loops, median, clock)
    back = _quartiles(returns)[1]
    return Timing(median, q1, q3, min(totals), len(totals), loops, first, back, settled)


def _prove(
    sample: Callable[[int], tuple[float, float, Any]],
    fetch: Callable[[Any], None],
    loops: int,
    median: float,
    clock: Callable[[], float],
) -> None:
    """Raises if the work still goes on after it was awaited.

    Fetching takes time of its own, so the same element is fetched twice: what the first takes more
    than the second is what was still to be waited for. A busy machine can delay a fetch, hardly ten
    of them: the shortest wait counts.
    """
    limit = max(0.001, 0.5 * median * loops)
    left = math.inf
    for _ in range(10):
        _, _, result = sample(loops)
        start = clock()
        fetch(result)
        fetched = clock()
        fetch(result)
        left = min(left, 2 * fetched - start - clock())
        if left <= limit:
            return
    raise RuntimeError(
        f"fetching one element took {left:.3g} s after the device had been awaited: the work was "
        "not done when the clock stopped, so the timing is wrong; pass wait= for this kind of call"
    )


def wait_for(result: Any) -> None:
    """Returns when every device has finished what it was given.

    Args:
        result: What the call returned; a result with a method ``block_until_ready`` is asked too.
    """
    ready = getattr(result, "block_until_ready", None)
    if callable(ready):
        ready()
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].test.experimental.sync_devices()


def _fetch_one(result: Any) -> None:
    """Copies the first element of the first tensor to the host."""
    while isinstance(result, dict | list | tuple) and len(result):
        result = next(iter(result.values())) if isinstance(result, dict) else result[0]
    tf = sys.modules.get("tensorflow")
    if tf is not None and isinstance(result, tf.Tensor | tf.Variable):
        tf.reshape(result, [-1])[:1].numpy()


def _quartiles(samples: Iterable[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile, interpolated between samples."""
    ordered = sorted(samples)

    def at(part: float) -> float:
        place = part * (len(ordered) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    return at(0.25), at(0.5), at(0.75)


def is_small() -> bool:
    """Whether only the code is tested: the tests set ``TFNOTES_SIZE=small``."""
    return os.environ.get("TFNOTES_SIZE") == "small"


def sizes(*, full: Iterable[T], small: Iterable[T]) -> list[T]:
    """The sizes to measure.

    Args:
        full: For a capture, and for you.
        small: For the tests, which only make sure that the code still runs.
    """
    return list(small if is_small() else full)


def devices() -> list[str]:
    """``["CPU"]``, or ``["CPU", "GPU"]`` where TensorFlow sees a GPU."""
    import tensorflow as tf

    if is_small() or not tf.config.list_physical_devices("GPU"):
        return ["CPU"]
    return ["CPU", "GPU"]
