"""Timing a call on whatever device it runs; the face of the package says how, and why."""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from tfnotes.timing.result import Timing
from tfnotes.timing.small import is_quick, is_small

SHORTEST = 0.002
"""Seconds that one sample lasts at least; shorter calls are repeated within it."""
MOST_LOOPS = 100_000


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
    if is_small() or is_quick():
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


def devices() -> list[str]:
    """``["CPU"]``, or ``["CPU", "GPU"]`` where TensorFlow sees a GPU."""
    import tensorflow as tf

    if is_small() or not tf.config.list_physical_devices("GPU"):
        return ["CPU"]
    return ["CPU", "GPU"]
