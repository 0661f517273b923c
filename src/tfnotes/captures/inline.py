"""Timings in prose: ``{timing:SECTION:RUNNER:SERIES@SIZE}``, and ratios of two of them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tfnotes.captures.store import Measured, Runner
from tfnotes.core.errors import PageError
from tfnotes.core.pages import Page
from tfnotes.timing.result import seconds


def timings_of(page: Page, runners: Sequence[Runner]) -> Callable[[str, str, str, int], str]:
    """What `tfnotes.core.inline.expand` asks for the timings of a page."""
    return partial(look_up, page, runners)


def look_up(
    page: Page, runners: Sequence[Runner], section: str, runner: str, cases: str, line: int
) -> str:
    """Finds what a runner measured, or how many times one measurement is another.

    Args:
        page: The page that refers.
        runners: All captures.
        section: Name of a timing block of the page.
        runner: The runner's name.
        cases: ``SERIES@SIZE``, or two of them with `` / `` between.
        line: Line of the reference, for messages.

    Returns:
        A value with its unit, or a ratio with two digits, of what the block's chart shows.

    Raises:
        PageError: No such timing block, no capture of it by that runner, or no such case.
    """
    block = next((b for b in page.running if b.name == section and b.timing), None)
    if block is None:
        problem = f'{{timing:…}} names "{section}", but no timing block here is called so'
        raise PageError(page.where, line, problem)
    found = next((r.entry(block) for r in runners if r.name == runner), None)
    if not isinstance(found, Measured):
        problem = f'runner "{runner}" has not measured "{section}"; run tfnotes capture there'
        raise PageError(page.where, line, problem)
    values = []
    for wanted in cases.split(" / "):
        series, _, size = wanted.strip().rpartition("@")
        case = next(
            (c for c in found.cases if (c["series"], str(c["size"])) == (series, size)), None
        )
        if case is None:
            problem = f'runner "{runner}" measured no "{wanted.strip()}" in "{section}"'
            raise PageError(page.where, line, f"{problem}; write SERIES@SIZE as in its table")
        values.append(_shown(found.show, case))
    return _two_digits(values[0] / values[1]) if len(values) > 1 else _write(found.show, values[0])


def _shown(show: str, case: dict[str, Any]) -> float:
    """The quantity that a chart shows, of one case."""
    median = float(case["timing"]["median"])
    counted = {"gflops": "flops", "gbytes": "bytes", "rate": "items"}.get(show)
    return float(case[counted]) / median if counted else median


def _two_digits(value: float) -> str:
    return f"{float(f'{value:.2g}'):g}"


def _write(show: str, value: float) -> str:
    """A value with its unit, with three digits."""
    if show == "time":
        return seconds(value)
    if show == "rate":
        return f"{float(f'{value:.3g}'):,.0f}"
    unit = "FLOP/s" if show == "gflops" else "B/s"
    factor, prefix = (1e12, "T") if value >= 0.9995e12 else (1e9, "G")
    return f"{float(f'{value / factor:.3g}'):g} {prefix}{unit}"
