"""A set of measurements that belong into one chart: the value in which a timing block ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tfnotes.timing.result import Timing, seconds
from tfnotes.timing.small import is_small

SHOWN = ("time", "gflops", "gbytes", "rate")
"""What a chart may show: seconds a call; operations, bytes (10⁹ each) or items a second."""


@dataclass(frozen=True)
class Case:
    """One measurement."""

    series: str
    """The line of the chart it belongs to, such as ``"graph"``."""
    size: int | float | str
    """Its place on the line: a number, or the name of a variant."""
    timing: Timing
    flops: float | None = None
    """Floating-point operations of one call."""
    bytes: float | None = None
    """Bytes that one call reads and writes."""
    items: float | None = None
    """Items, such as examples, that one call handles."""

    @property
    def gflops(self) -> float | None:
        """10⁹ floating-point operations a second."""
        return self.flops / self.timing.median / 1e9 if self.flops else None

    @property
    def gbytes(self) -> float | None:
        """10⁹ bytes a second."""
        return self.bytes / self.timing.median / 1e9 if self.bytes else None

    @property
    def rate(self) -> float | None:
        """Items a second."""
        return self.items / self.timing.median if self.items else None


@dataclass(repr=False)
class Benchmark:
    """Measurements over sizes, in one or more series."""

    x: str = "size"
    """What the sizes are, such as ``"n"`` or ``"batch size"``."""
    show: str = "time"
    """What the chart shows: one of ``SHOWN``."""
    item: str = "example"
    """What ``items`` counts."""
    cases: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.show not in SHOWN:
            raise ValueError(f'show="{self.show}" is unknown; use one of {", ".join(SHOWN)}')

    def add(
        self,
        series: str,
        size: int | float | str,
        timing: Timing,
        *,
        flops: float | None = None,
        bytes: float | None = None,  # the word for it
        items: float | None = None,
    ) -> None:
        """Adds one measurement.

        Args:
            series: The line of the chart.
            size: Its place on the line.
            timing: What ``measure`` returned.
            flops: Floating-point operations of one call, for GFLOP/s.
            bytes: Bytes that one call reads and writes, for GB/s.
            items: Items that one call handles, for items a second.
        """
        self.cases.append(Case(series, size, timing, flops, bytes, items))

    def slow(self, series: str, seconds: float = 1.0) -> bool:
        """Whether the last call of a series took longer than this: larger sizes are left out."""
        last = [case for case in self.cases if case.series == series][-1:]
        return bool(last) and last[0].timing.median > seconds

    def series(self) -> list[str]:
        """The names of the series, in the order in which they were begun."""
        return list(dict.fromkeys(case.series for case in self.cases))

    def to_json(self) -> dict[str, Any]:
        """What a capture keeps: plain values that JSON has."""
        cases = [{k: v for k, v in asdict(case).items() if v is not None} for case in self.cases]
        for case in cases:
            case["timing"] = {name: _rounded(value) for name, value in case["timing"].items()}
        return {"x": self.x, "show": self.show, "item": self.item, "cases": cases}

    def __repr__(self) -> str:
        # Under test the figures mean nothing; that the cases are there is what is compared.
        if is_small():
            lines = []
            for series in self.series():
                done = ", ".join(str(case.size) for case in self.cases if case.series == series)
                lines.append(f"{series}: {self.x} {done}")
            return "\n".join(["Benchmark at small sizes", *lines])
        width = max([len(case.series) for case in self.cases], default=6)
        lines = [f"{'series':{width}}  {self.x:>12}      median         IQR    n"]
        for case in self.cases:
            timing = case.timing
            line = f"{case.series:{width}}  {case.size:>12}  {seconds(timing.median):>10}"
            line += f"  {seconds(timing.iqr):>10}  {timing.n:>3}"
            for value, unit in (
                (case.gflops, "GFLOP/s"),
                (case.gbytes, "GB/s"),
                (case.rate, f"{self.item}s/s"),
            ):
                line += f"  {value:,.4g} {unit}" if value else ""
            lines.append(line)
        return "\n".join(lines)


def _rounded(value: Any) -> Any:
    """A float with five digits: more would pretend to an accuracy that no timing has."""
    return float(f"{value:.5g}") if isinstance(value, float) else value
