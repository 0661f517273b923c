"""Charts as inline SVG: a picture for the eye, a title and a description for those who listen.

Colours and faces come from the page through CSS (``--tf-c0`` … ``--tf-c7``), so one chart serves
the light and the dark palette. No script: a browser shows the title of a point by itself.
"""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from tfnotes.parts.timings.scales import scale, spans

WIDTH = 680
HEIGHT = 340
COLOURS = 8
DASHES = ("", "7 4", "2 3", "9 3 2 3")
_LETTER = 7.0
"""Pixels that a letter of a label takes, generously."""
_ROW = 15.0
"""Pixels between two labels, at least."""


@dataclass(frozen=True)
class Point:
    """A measured value and how far it spreads."""

    x: float
    y: float
    low: float
    high: float
    title: str
    """What a browser shows when the pointer rests on it."""


@dataclass(frozen=True)
class Line:
    """A series of points, in the order of x."""

    label: str
    colour: int
    dash: int
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Bar:
    """One bar of a bar chart."""

    label: str
    colour: int
    value: float
    low: float
    high: float
    shown: str
    """The value in words, beside the bar."""
    title: str


@dataclass(frozen=True)
class Axis:
    """What stands at an axis."""

    label: str
    format: Callable[[float], str]


def line_chart(
    name: str,
    title: str,
    text: str,
    lines: Sequence[Line],
    x: Axis,
    y: Axis,
    wide: float = WIDTH,
) -> str:
    """A chart of lines; axes are logarithmic where values spread.

    On a wide screen a line's label stands at its end, on a phone below the chart.

    Args:
        name: Makes ids unique on the page.
        title: What the chart shows.
        text: What is to be seen in it, in a sentence or two.
        lines: The series; each has at least one point.
        x: The axis of sizes.
        y: The axis of values.
        wide: The width of the drawing, `WIDTH` or one of a phone.

    Returns:
        An ``<svg>`` element.
    """
    beside = wide == WIDTH
    xs = [point.x for line in lines for point in line.points]
    ys = [value for line in lines for p in line.points for value in (p.low, p.high)]
    right = 18 + max(text_width(line.label) for line in lines) if beside else 4.0
    top, bottom = 26.0, 46.0
    log_y = spans(ys, 20)
    place_y, ticks = scale(ys if log_y else [0, *ys], HEIGHT - bottom, top, log=log_y)
    left = max(62.0, 12 + max(text_width(y.format(tick)) for tick in ticks))
    place_x, _ = scale(xs, left + 14, wide - right - 14, log=spans(xs, 8), snug=True)
    parts = _frame(name, title, text, wide, HEIGHT + (0 if beside else 6 + 18 * len(lines)))
    for tick in ticks:
        at = place_y(tick)
        parts.append(f'<path class="tf-grid" d="M{left} {at:.1f}H{wide - right:.1f}"/>')
        parts.append(_text(left - 8, at + 4, y.format(tick), "end"))
    for value in _thinned(sorted(set(xs)), place_x, x.format):
        parts.append(_text(place_x(value), HEIGHT - bottom + 18, x.format(value), "middle"))
    middle = (left + wide - right) / 2
    parts.append(_text(middle, HEIGHT - 8, x.label, "middle", "tf-axis"))
    parts.append(_text(4, 13, y.label, "start", "tf-axis"))
    ends = [place_y(line.points[-1].y) for line in lines]
    places = spread(ends, top, HEIGHT - bottom)
    for number, (line, end, at) in enumerate(zip(lines, ends, places, strict=True)):
        dash = DASHES[line.dash % len(DASHES)]
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        path = "L".join(f"{place_x(p.x):.1f} {place_y(p.y):.1f}" for p in line.points)
        parts.append(f'<g style="--s:var(--tf-c{line.colour % COLOURS})">')
        parts.append(f'<path class="tf-line" d="M{path}"{dashed}/>')
        for point in line.points:
            here, low, high = place_x(point.x), place_y(point.low), place_y(point.high)
            whisker = f'<path class="tf-whisker" d="M{here:.1f} {low:.1f}V{high:.1f}"/>'
            dot = f'<circle cx="{here:.1f}" cy="{place_y(point.y):.1f}" r="3.4"/>'
            parts.append(f"<g><title>{escape(point.title)}</title>{whisker}{dot}</g>")
        if beside:
            start, stop, label = place_x(line.points[-1].x) + 6, wide - right + 8, at + 4
            parts.append(f'<path class="tf-lead" d="M{start:.1f} {end:.1f}L{stop:.1f} {at:.1f}"/>')
        else:
            stop, label = 22.0, HEIGHT + 12.0 + 18 * number
            parts.append(f'<path class="tf-line" d="M2 {label - 4:.1f}H{stop:.0f}"{dashed}/>')
        parts.append("</g>")
        parts.append(_text(stop + 4, label, line.label, "start"))
    return "".join([*parts, "</svg>"])


def bar_chart(
    name: str, title: str, text: str, bars: Sequence[Bar], label: str, wide: float = WIDTH
) -> str:
    """A chart of bars from zero, one under the other.

    On a wide screen a bar's label stands beside it, on a phone above.

    Args:
        name: Makes ids unique on the page.
        title: What the chart shows.
        text: What is to be seen in it.
        bars: At least one.
        label: What the length of a bar means.
        wide: The width of the drawing, `WIDTH` or one of a phone.

    Returns:
        An ``<svg>`` element.
    """
    beside = wide == WIDTH
    row, top = 26 if beside else 42, 24
    left = 14 + max(text_width(bar.label) for bar in bars) if beside else 4.0
    right = 16 + max(text_width(bar.shown) for bar in bars)
    height = top + row * len(bars) + 6
    room = max(120.0, wide - left - right)
    longest = max(max(bar.value, bar.high) for bar in bars)
    parts = [*_frame(name, title, text, wide, height), _text(left, 13, label, "start", "tf-axis")]
    for number, bar in enumerate(bars):
        at = top + number * row + (0 if beside else 16)
        length, low, high = (
            room * v / longest for v in (bar.value, max(0.0, bar.low), max(0.0, bar.high))
        )
        middle = at + 13
        parts.append(f'<g style="--s:var(--tf-c{bar.colour % COLOURS})">')
        parts.append(f"<title>{escape(bar.title)}</title>")
        size = f'width="{max(length, 1):.1f}" height="18"'
        parts.append(f'<rect x="{left:.1f}" y="{at + 4}" {size} rx="2"/>')
        ends = f"M{left + low:.1f} {middle}H{left + high:.1f}"
        parts.append(f'<path class="tf-spread" d="{ends}"/></g>')
        if beside:
            parts.append(_text(left - 8, middle + 4, bar.label, "end"))
        else:
            parts.append(_text(left, at - 1, bar.label, "start"))
        after = left + max(length, high) + 8
        parts.append(_text(after, middle + 4, bar.shown, "start"))
    return "".join([*parts, "</svg>"])


def text_width(text: str) -> float:
    """Room for a label, in units of the drawing; a Chinese character is two letters wide."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return _LETTER * (len(text) + wide)


def _frame(name: str, title: str, text: str, width: float, height: float) -> list[str]:
    kind = "wide" if width == WIDTH else "narrow"
    return [
        f'<svg class="tf-chart tf-chart-{kind}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(text)}</desc>',
    ]


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    classes = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{classes}>{escape(text)}</text>'


def _thinned(
    values: Sequence[float], place: Callable[[float], float], write: Callable[[float], str]
) -> list[float]:
    """Values whose labels do not run into each other."""
    kept: list[float] = []
    free = -math.inf
    for value in values:
        half = text_width(write(value)) / 2
        if place(value) - half >= free:
            kept.append(value)
            free = place(value) + half + 10
    return kept


def spread(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Heights for labels: near where they are wanted, none over another."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    last = top - _ROW
    for index in order:
        last = placed[index] = max(wanted[index], last + _ROW)
    over = max(0.0, last - bottom)
    for index in reversed(order):
        placed[index] = min(placed[index], bottom if over else placed[index])
        bottom = placed[index] - _ROW
    return placed
