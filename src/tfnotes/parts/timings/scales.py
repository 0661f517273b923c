"""From values to places on an axis, and where its ticks are."""

import math
from collections.abc import Callable, Sequence


def spans(values: Sequence[float], factor: float) -> bool:
    """Whether the largest value is so many times the smallest."""
    return min(values) > 0 and max(values) / min(values) >= factor


def scale(
    values: Sequence[float], start: float, stop: float, *, log: bool, snug: bool = False
) -> tuple[Callable[[float], float], list[float]]:
    """The place of a value between two pixels, and the values at which there are ticks."""
    ticks = log_ticks(min(values), max(values)) if log else even_ticks(min(values), max(values))
    lowest, highest = (end([*values, *([] if snug else ticks)]) for end in (min, max))

    def measure(value: float) -> float:
        return math.log(value) if log else value

    width = measure(highest) - measure(lowest) or 1.0

    def place(value: float) -> float:
        return start + (stop - start) * (measure(value) - measure(lowest)) / width

    return place, ticks


def even_ticks(low: float, high: float) -> list[float]:
    """Round values at equal distances, one beyond each end."""
    raw = (high - low or abs(high) or 1.0) / 5
    step = 10 ** math.floor(math.log10(raw))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if step * factor >= raw * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten, and 2 and 5 of each where decades are few."""
    decades = range(math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9) + 1)
    factors = (1,) if len(decades) > 3 else (1, 2, 5)
    ticks = [10.0**decade * factor for decade in decades for factor in factors]
    below = max((tick for tick in ticks if tick <= low * 1.001), default=ticks[0])
    above = min((tick for tick in ticks if tick >= high * 0.999), default=ticks[-1])
    inner = [tick for tick in ticks if below <= tick <= above]
    return inner[:: math.ceil(len(inner) / 9)]
