"""Quantities that a benchmark may show, and how their values are written."""

from dataclasses import dataclass
from typing import Any

_UNITS = {"gflops": "GFLOP/s", "gbytes": "GB/s"}
_TIME = {"zh": "每次调用的时间", "en": "time per call"}
_ITEMS = {
    "zh": {"example": "样本/秒", "step": "步/秒", "element": "元素/秒", "batch": "批次/秒"},
    "en": {
        "example": "examples/s",
        "step": "steps/s",
        "element": "elements/s",
        "batch": "batches/s",
    },
}
_SIZES = {
    "zh": {
        "size": "大小",
        "elements": "元素个数",
        "batch size": "批次大小",
        "bytes": "字节数",
        "model": "模型",
        "pipeline": "流水线",
        "operations": "运算个数",
        "matrix size n": "矩阵边长 n",
    }
}


@dataclass(frozen=True)
class Quantity:
    """What the cases of a benchmark are compared by."""

    show: str
    """``time``, ``gflops``, ``gbytes`` or ``rate``."""
    label: str
    """What stands at the axis."""
    unit: str

    def range(self, case: dict[str, Any]) -> tuple[float, float, float]:
        """The value of a case and its quartiles: the median's, the lower, the upper one."""
        timing = case["timing"]
        values = [self._of(case, timing[name]) for name in ("median", "q1", "q3")]
        return values[0], min(values[1:]), max(values[1:])

    def write(self, value: float) -> str:
        """A value with its unit."""
        if self.show == "gflops" and value >= 9999.5:
            return f"{number(value / 1000)} TFLOP/s"
        return duration(value) if self.show == "time" else f"{number(value)} {self.unit}"

    def tick(self, value: float) -> str:
        """A value at the axis, whose label has the unit."""
        if self.show != "time" and value >= 9999.5:
            return f"{value:,.0f}"
        return duration(value) if self.show == "time" else number(value)

    def _of(self, case: dict[str, Any], seconds: float) -> float:
        if self.show == "time":
            return seconds
        if self.show == "rate":
            return float(case["items"]) / seconds
        return float(case["flops" if self.show == "gflops" else "bytes"]) / seconds / 1e9


def quantity(show: str, item: str, language: str) -> Quantity:
    """The quantity that a benchmark names, in a language."""
    known = language if language in _TIME else "en"
    if show == "time":
        return Quantity(show, _TIME[known], "")
    unit = _UNITS.get(show) or _ITEMS[known].get(item, f"{item}/s")
    return Quantity(show, unit, unit)


def size_name(name: str, language: str) -> str:
    """What the sizes are, in a language."""
    return _SIZES.get(language, {}).get(name, name)


def duration(value: float) -> str:
    """Seconds as people write them: ``12.3 µs``."""
    if value <= 0:
        return "0"
    for factor, unit in ((1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms")):
        if value < 999.5 * factor:
            return f"{number(value / factor)} {unit}"
    return f"{number(value)} s"


def number(value: float) -> str:
    """A number with three digits that count, never in powers of ten."""
    if value == 0:
        return "0"
    if abs(value) >= 1e9:
        return f"{value / 1e9:.3g} G"
    if abs(value) >= 999.5:
        return f"{value:.0f}" if value == int(value) else f"{float(f'{value:.3g}'):.0f}"
    return f"{value:.3g}"
