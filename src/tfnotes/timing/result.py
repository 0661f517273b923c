"""What one measurement says: the time of a call, and how far it can be believed."""

from __future__ import annotations

from dataclasses import dataclass


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
        spread = f"half of {self.n} samples within {seconds(self.q1)} to {seconds(self.q3)}"
        return f"{seconds(self.median)} ({spread}; first call {seconds(self.first)})"


def seconds(value: float) -> str:
    """A duration as people write it: ``"12.3 µs"``, ``"4.56 ms"``, ``"7.89 s"``."""
    for factor, unit in ((1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms")):
        if value < 999.5 * factor:
            return f"{value / factor:.3g} {unit}"
    return f"{value:.3g} s"
