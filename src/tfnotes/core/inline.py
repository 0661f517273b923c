"""Numbers in prose that come from runs.

``{out:SECTION:label}`` is the first number after a label in the output of a block.
``{timing:SECTION:RUNNER:SERIES@SIZE}`` is what a runner measured for one case of a timing block, and
``{timing:SECTION:RUNNER:SERIES@SIZE / SERIES@SIZE}`` how many times the one is the other.
"""

import re
from collections.abc import Sequence
from typing import Any

from tfnotes.core.errors import PageError
from tfnotes.core.pages import Page
from tfnotes.core.records import Record
from tfnotes.core.timings import Measured, Runner

REFERENCE = re.compile(
    r"\{out:(?P<section>[\w-]+):(?P<label>[^}\n]+)\}"
    r"|\{timing:(?P<timed>[\w-]+):(?P<runner>[a-z0-9.-]+):(?P<cases>[^}\n]+)\}"
)
_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?")


def lookup(section: str, label: str, page: Page, records: dict[str, Record], line: int) -> str:
    """Finds the number that a reference means.

    Args:
        section: Name of the block.
        label: Text in the block's output; the first number after it is taken.
        page: The page that refers.
        records: The page's records by key.
        line: Line of the reference, for messages.

    Returns:
        The number as printed.

    Raises:
        PageError: No such block, no record of it, no such label, or no number after it.
    """
    block = next((b for b in page.running if b.name == section), None)
    if block is None:
        raise PageError(
            page.where, line, f'{{out:…}} names "{section}", but no block here is called so'
        )
    record = records.get(block.key)
    if record is None:
        raise PageError(
            page.where, line, f'block "{section}" has no record; run pytest --update-outputs'
        )
    text = record.text
    at = text.find(label)
    number = _NUMBER.search(text, at + len(label)) if at >= 0 else None
    if number is None:
        raise PageError(page.where, line, f'no number after "{label}" in the output of "{section}"')
    return number.group().rstrip(".,")


def look_up_timing(
    section: str, runner: str, cases: str, page: Page, runners: Sequence[Runner], line: int
) -> str:
    """Finds what a runner measured, or how many times one measurement is another.

    Args:
        section: Name of a timing block of the page.
        runner: The runner's name.
        cases: ``SERIES@SIZE``, or two of them with `` / `` between.
        page: The page that refers.
        runners: All captures.
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
    units = {"gflops": "FLOP/s", "gbytes": "B/s", "rate": ""}
    if show == "time":
        steps = ((1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1.0, "s"))
    else:
        unit = units[show]
        steps = (
            (1.0, unit),
            (1e3, "k" + unit),
            (1e6, "M" + unit),
            (1e9, "G" + unit),
            (1e12, "T" + unit),
        )
    factor, unit = next(((f, u) for f, u in reversed(steps) if value >= 0.9995 * f), steps[0])
    if show == "rate":
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{float(f'{value / factor:.3g}'):g} {unit}"


def expand(
    text: str,
    page: Page,
    records: dict[str, Record],
    first_line: int = 1,
    runners: Sequence[Runner] = (),
) -> str:
    """Replaces all references in a text.

    Args:
        text: Markdown; references inside fences are replaced too, so pass prose only.
        page: The page that it belongs to.
        records: The page's records by key.
        first_line: Line of the page at which the text begins, for messages.
        runners: All captures.

    Returns:
        The text with numbers in place of references.
    """

    def number(match: re.Match[str]) -> str:
        line = first_line + text.count("\n", 0, match.start())
        if match["timed"]:
            return look_up_timing(
                match["timed"], match["runner"], match["cases"], page, runners, line
            )
        return lookup(match["section"], match["label"], page, records, line)

    return REFERENCE.sub(number, text)
