"""A product under two roofs: what memory and arithmetic allow, computed from measurements alone.

The model is the roofline of Williams, Waterman and Patterson (2009): a call that does f operations
on b bytes takes at least max(f / peak, b / bandwidth) seconds.
"""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

from tfnotes.captures.store import Measured, Runner
from tfnotes.parts.timings.chart import Axis, Line, Point, line_chart
from tfnotes.parts.timings.quantities import number, quantity, size_name
from tfnotes.parts.timings.screens import on_screens
from tfnotes.site.html.render import render_note
from tfnotes.site.html.words import say

PRODUCT = ("graphs/devices:matmul", "float32 {device}")
"""The measured products and their series; each case has operations and bytes."""
SUM = ("graphs/devices:add", "{device}")
"""What says how fast a device's memory is: the largest case, which fits into no cache."""


def render_roofs(runners: Sequence[Runner], language: str) -> str:
    """The chart of the first machine with a GPU that measured both benchmarks.

    Args:
        runners: All captures.
        language: The page's language.

    Returns:
        HTML; a note where no such machine has measured them.
    """
    for runner in sorted(runners, key=lambda runner: not runner.has_gpu):
        product, added = (runner.benchmarks.get(name) for name, _ in (PRODUCT, SUM))
        if product and added and all("bytes" in case for case in product.cases):
            return _chart(runner, product, added, language)
    return render_note(say(language, "not-measured"), "missing")


def bandwidth(added: Measured, device: str) -> float | None:
    """Bytes a second that a device's memory delivers; None if it was not measured."""
    cases = _series(added, SUM[1].format(device=device))
    largest = max(cases, key=lambda case: case["bytes"], default=None)
    return largest["bytes"] / largest["timing"]["median"] if largest else None


def roof(case: dict[str, Any], peak: float, memory: float) -> float:
    """Operations a second that a call cannot exceed.

    Args:
        case: A measured case, for its ``flops`` and ``bytes``.
        peak: The best rate of the device, in operations a second.
        memory: What its memory delivers, in bytes a second.
    """
    return min(peak, float(case["flops"]) / float(case["bytes"]) * memory)


def _series(m: Measured, name: str) -> list[dict[str, Any]]:
    return [case for case in m.cases if case["series"] == name]


def _chart(runner: Runner, product: Measured, added: Measured, language: str) -> str:
    shown = quantity("gflops", "", language)
    lines, facts = [], []
    for colour, device in enumerate(("CPU", "GPU")):
        cases = _series(product, PRODUCT[1].format(device=device))
        memory = bandwidth(added, device)
        if not cases or memory is None:
            continue
        peak = max(case["flops"] / case["timing"]["median"] for case in cases)
        tops = [roof(case, peak, memory) / 1e9 for case in cases]
        measured = tuple(
            Point(case["size"], *shown.range(case), f"{device}, n = {case['size']}")
            for case in cases
        )
        ceiling = tuple(
            Point(case["size"], top, top, top, f"{shown.write(top)}, n = {case['size']}")
            for case, top in zip(cases, tops, strict=True)
        )
        label = say(language, "roof").format(device=device)
        lines += [Line(device, colour, 0, measured), Line(label, colour, 1, ceiling)]
        facts.append(
            f"{device}: {quantity('gbytes', '', language).write(memory / 1e9)}, "
            f"{shown.write(peak / 1e9)}"
        )
    title = say(language, "roofs").format(name=runner.name)
    x = Axis(size_name(product.x, language), number)
    y, text = Axis(shown.label, shown.tick), "; ".join(facts)
    draw = partial(line_chart, title=title, text=text, lines=lines, x=x, y=y)
    svg = on_screens("roofs", [line.label for line in lines], draw)
    spans = "".join(f"<span>{escape(fact)}</span>" for fact in (f"{runner.name}", *facts))
    figure = f'<figure tabindex="0"><figcaption>{escape(title)}</figcaption>{svg}</figure>'
    badge = f'<p class="tf-badge">{spans}</p>'
    return f'<div class="tf-out tf-timing" data-search-exclude="1">{figure}{badge}</div>'
