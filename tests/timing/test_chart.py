"""Charts: well-formed, in range, labels apart."""

import itertools
import re
from xml.etree import ElementTree

import pytest

from tfnotes.parts.timings.chart import (
    HEIGHT,
    WIDTH,
    Axis,
    Bar,
    Line,
    Point,
    bar_chart,
    line_chart,
    spread,
    text_width,
)
from tfnotes.parts.timings.quantities import duration, number
from tfnotes.parts.timings.screens import NARROW, on_screens

AXIS = Axis("x", number)


def draw(*series):
    lines = [
        Line(
            f"line {place}",
            place,
            0,
            tuple(Point(x, y, 0.9 * y, 1.1 * y, "<tip>") for x, y in line),
        )
        for place, line in enumerate(series)
    ]
    return ElementTree.fromstring(line_chart("c", "T & T", "text", lines, AXIS, AXIS))


def dots(svg):
    return [(float(c.get("cx")), float(c.get("cy"))) for c in svg.iter("circle")]


def test_growth_by_a_constant_factor_is_a_straight_line_on_logarithmic_axes():
    places = dots(draw([(2.0**k, 10.0**k) for k in range(1, 8)]))
    steps = {(round(b[0] - a[0]), round(b[1] - a[1])) for a, b in itertools.pairwise(places)}
    assert max(s[0] for s in steps) - min(s[0] for s in steps) <= 1
    assert max(s[1] for s in steps) - min(s[1] for s in steps) <= 1


def test_values_that_hardlyspread_are_drawn_from_zero():
    places = dots(draw([(1, 10.0), (2, 20.0), (3, 30.0)]))
    assert places[0][1] - places[1][1] == pytest.approx(places[1][1] - places[2][1], abs=0.2)


@pytest.mark.parametrize("value", [1e-9, 1e-3, 1.0, 1e12])
def test_everything_lies_within_the_picture(value):
    svg = draw([(1, value), (10, 3 * value), (100, 1000 * value)], [(1, value)])
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in dots(svg))


def test_one_point_is_a_chart_too():
    assert len(dots(draw([(8, 1.0)]))) == 1


def test_labels_do_not_cover_each_other():
    places = sorted(spread([100, 100, 101, 330, 331, 332], 20, 300))
    assert all(b - a >= 14.9 for a, b in itertools.pairwise(places))
    assert places[-1] <= 300


def test_a_bar_is_as_long_as_its_value():
    bars = [Bar("a", 0, 1.0, 0.9, 1.1, "1 s", ""), Bar("b", 1, 4.0, 4.0, 4.0, "4 s", "")]
    svg = ElementTree.fromstring(bar_chart("c", "T", "text", bars, "time"))
    widths = [float(rect.get("width")) for rect in svg.iter("rect")]
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.01)


def test_colours_come_from_the_page():
    text = ElementTree.tostring(draw([(1, 1.0)]), encoding="unicode")
    assert "var(--tf-c0)" in text and not re.search(r"#[0-9a-f]{3,6}\b", text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1.2345e-7, "123 ns"), (9.9996e-4, "1 ms"), (0.25, "250 ms"), (12.34, "12.3 s")],
)
def test_durations(value, text):
    assert duration(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(8192, "8192"), (1234.5, "1230"), (0.1234, "0.123"), (2.5e9, "2.5 G")]
)
def test_numbers(value, text):
    assert number(value) == text


def test_a_chinese_label_gets_twice_the_room():
    """It was cut off at the right edge where letters were merely counted."""
    assert text_width("样本/秒") == text_width("ab/cdef")


def test_a_phone_has_a_drawing_of_its_own_with_labels_below():
    long = "a label of the kind that machines and series make · on a machine"
    drawn = on_screens(
        "c",
        [long],
        lambda name, wide: line_chart(
            name,
            "T",
            "text",
            [Line(long, 0, 0, (Point(1, 1, 1, 1, "p"), Point(2, 2, 2, 2, "q")))],
            Axis("x", str),
            Axis("y", str),
            wide,
        ),
    )
    wide, narrow = [ElementTree.fromstring(part + "</svg>") for part in drawn.split("</svg>")[:2]]
    assert float(narrow.get("viewBox").split()[2]) == NARROW[1]
    assert (wide.get("class"), narrow.get("class")) == (
        "tf-chart tf-chart-wide",
        "tf-chart tf-chart-narrow",
    )
    label = [text for text in narrow.iter("text") if text.text == long]
    assert float(label[0].get("x")) < 40
    ids = [
        element.get("id") for svg in (wide, narrow) for element in svg.iter() if element.get("id")
    ]
    assert len(set(ids)) == len(ids)
