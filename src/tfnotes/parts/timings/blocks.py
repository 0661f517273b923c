"""From captures to what a page shows under a timing block: chart, table, machine and versions."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

from tfnotes.captures.store import Measured, Runner
from tfnotes.core.blocks import Block
from tfnotes.core.records import Record
from tfnotes.parts.timings.chart import Axis, Bar, Line, Point, bar_chart, line_chart
from tfnotes.parts.timings.crossing import crossings
from tfnotes.parts.timings.quantities import Quantity, duration, number, quantity, size_name
from tfnotes.parts.timings.screens import on_screens
from tfnotes.site.html.render import render_note, render_outputs
from tfnotes.site.html.words import say
from tfnotes.site.shown import Under


def render_benchmark(block: Block, runners: Sequence[Runner], language: str) -> str:
    """What stands under a timing block.

    Args:
        block: The block; its ``alt`` is the heading of the chart.
        runners: All captures.
        language: The page's language.

    Returns:
        Chart, table and one line a runner; a note where nobody has measured it yet.
    """
    measured = [(runner, m) for runner in runners if isinstance(m := runner.entry(block), Measured)]
    if not measured:
        return render_note(say(language, "not-measured"), "missing")
    title = block.options.get("alt") or block.name
    parts = [f"<figcaption>{escape(title)}</figcaption>"]
    tables = [_table(runner, m, language, len(measured) > 1) for runner, m in measured]
    table = f'<div class="tf-table" tabindex="0" role="group" aria-label="{escape(title)}">'
    table += "".join(tables) + "</div>"
    if block.options["timing"] != "table":
        parts += _charts(block, title, measured, language)
        summary = f"<summary>{escape(say(language, 'figures'))}</summary>"
        table = f'<details class="tf-code">{summary}{table}</details>'
    # A narrow screen scrolls the chart, so the keyboard must reach it.
    figure = f'<figure tabindex="0">{"".join(parts)}</figure>'
    lines = "".join(_runner_line(runner, m, block, language) for runner, m in measured)
    lines += _absent([r for r in runners if r.entry(block) is None], runners, language)
    return f'<div class="tf-out tf-timing" data-search-exclude="1">{figure}{table}{lines}</div>'


def render_captured(block: Block, under: Under, language: str) -> str:
    """What stands under a block that only a machine with a GPU can run."""
    if not under.captured:
        return render_note(say(language, "needs-gpu"), "not-run")
    parts = []
    for runner, entry in under.captured:
        device = runner.machine.get("gpu", "GPU")
        made = {**entry.made, "device": f"{device} ({runner.name})"}
        record = Record(entry.key, entry.block, entry.outputs, made)
        parts.append(render_outputs(block, record, None, language))
        if not runner.is_current(block):
            stale = f'<span class="tf-stale">{escape(say(language, "stale"))}</span>'
            parts.append(f'<p class="tf-badge">{stale}</p>')
    return "".join(parts)


def render_machines(runners: Sequence[Runner], language: str) -> str:
    """A table of the machines that measured."""
    if not runners:
        return render_note(say(language, "not-measured"), "missing")
    known = ("cpu", "cores", "memory", "gpu", "gpu_memory", "os")
    facts = [fact for fact in known if any(runner.machine.get(fact) for runner in runners)]
    head = "".join(f'<th scope="col">{escape(r.name)}</th>' for r in runners)
    rows = "".join(
        f'<tr><th scope="row">{escape(say(language, fact))}</th>'
        + "".join(f"<td>{escape(r.machine.get(fact, '–'))}</td>" for r in runners)
        + "</tr>"
        for fact in facts
    )
    for kind in ("flops", "bytes"):
        cells = "".join(f"<td>{escape(_best(r, kind, language) or '–')}</td>" for r in runners)
        rows += f'<tr><th scope="row">{escape(say(language, "best-" + kind))}</th>{cells}</tr>'
    name = escape(say(language, "runner"))
    return (
        f'<div class="tf-out tf-timing"><div class="tf-table" tabindex="0" role="group" '
        f'aria-label="{name}"><table class="tf-figures">'
        f'<thead><tr><th scope="col">{name}</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
    )


def _charts(
    block: Block, title: str, measured: list[tuple[Runner, Measured]], language: str
) -> list[str]:
    """One chart of lines over sizes, or one chart of bars a runner where sizes are few or names."""
    shown = quantity(measured[0][1].show, measured[0][1].item, language)
    sizes = {case["size"] for _, m in measured for case in m.cases}
    several = len(measured) > 1
    colours = _colours(m for _, m in measured)
    if len(sizes) > 2 and all(isinstance(size, int | float) for size in sizes):
        lines = []
        for dash, (runner, m) in enumerate(measured):
            for series in dict.fromkeys(case["series"] for case in m.cases):
                label = f"{series} · {runner.name}" if several else series
                points = tuple(
                    Point(case["size"], *shown.range(case), _tip(case, m, label, shown))
                    for case in m.cases
                    if case["series"] == series
                )
                lines.append(Line(label, colours[series], dash, points))
        x = Axis(size_name(measured[0][1].x, language), number)
        y = Axis(shown.label, shown.tick)
        text = "; ".join(
            f"{line.label}: {shown.write(line.points[0].y)} → {shown.write(line.points[-1].y)}"
            for line in lines
        )
        labels = [line.label for line in lines]
        draw = partial(line_chart, title=title, text=text, lines=lines, x=x, y=y)
        return [on_screens(f"c{block.key[:8]}", labels, draw)]
    charts: list[str] = []
    for runner, m in measured:
        # Variants of one thing share a scale; things of different sizes have each their own.
        names = list(dict.fromkeys(str(case["size"]) for case in m.cases))
        for group in names if len(colours) > 1 else [""]:
            bars = []
            for case in m.cases:
                if group and str(case["size"]) != group:
                    continue
                label = case["series"] if group else str(case["size"])
                value, low, high = shown.range(case)
                tip = _tip(case, m, label, shown)
                bars.append(
                    Bar(label, colours[case["series"]], value, low, high, shown.write(value), tip)
                )
            text = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
            parts = [group if len(names) > 1 else "", shown.label, runner.name if several else ""]
            label = " · ".join(part for part in parts if part)
            name = f"c{block.key[:8]}{len(charts)}"
            draw = partial(bar_chart, title=title, text=text, bars=bars, label=label)
            labels = [label, *(bar.label for bar in bars)]
            charts.append(on_screens(name, labels, draw, room=8))
    return charts


def _colours(measured: Any) -> dict[str, int]:
    names = dict.fromkeys(case["series"] for m in measured for case in m.cases)
    return {name: place for place, name in enumerate(names)}


def _tip(case: dict[str, Any], m: Measured, label: str, shown: Quantity) -> str:
    timing = case["timing"]
    spread = f"{duration(timing['q1'])} – {duration(timing['q3'])}"
    text = f"{label}, {m.x} {case['size']}: {shown.write(shown.range(case)[0])}"
    return f"{text} ({duration(timing['median'])}; {spread}; n = {timing['n']})"


def _table(runner: Runner, m: Measured, language: str, several: bool) -> str:
    """Rows are sizes, columns are series; a cell has the median and, small, its spread."""
    shown = quantity(m.show, m.item, language)
    series = list(dict.fromkeys(case["series"] for case in m.cases))
    sizes = list(dict.fromkeys(case["size"] for case in m.cases))
    cells = {(case["series"], case["size"]): case for case in m.cases}
    name = f"{runner.name}: " if several else ""
    caption = f"<caption>{escape(name + say(language, 'cell'))}</caption>"
    head = f'<th scope="col">{escape(size_name(m.x, language))}</th>'
    head += "".join(f'<th scope="col">{escape(one)}</th>' for one in series)
    rows = ""
    for size in sizes:
        written = number(size) if isinstance(size, int | float) else size
        rows += f'<tr><th scope="row">{escape(written)}</th>'
        rows += (
            "".join(_cell(cells.get((one, size)), shown, runner, language) for one in series)
            + "</tr>"
        )
    body = f"{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<table class="tf-figures">{body}</table>'


def _cell(case: dict[str, Any] | None, shown: Quantity, runner: Runner, language: str) -> str:
    if case is None:
        return f'<td title="{escape(say(language, "not-this-size"))}">–</td>'
    timing = case["timing"]
    small = f"{duration(timing['q1'])} – {duration(timing['q3'])}"
    if shown.show != "time":
        small = f"{duration(timing['median'])} ({small})"
    first = say(language, "first-call") + say(language, "separator") + duration(timing["first"])
    first = f"n = {timing['n']}, {first}"
    lines = f"<small>{escape(small)}</small><small>{escape(first)}</small>"
    for kind, show in (("flops", "gflops"), ("bytes", "gbytes")):
        best = runner.best(kind)
        if case.get(kind) and best:
            rate = case[kind] / timing["median"]
            written = quantity(show, "", language).write(rate / 1e9)
            lines += f"<small>{written}, {100 * rate / best[0]:.0f} %</small>"
    value = shown.write(shown.range(case)[0])
    return f"<td>{escape(value)}{lines}</td>"


def _best(runner: Runner, kind: str, language: str) -> str:
    """The roof of a machine: the best that it reached in any benchmark, and where."""
    found = runner.best(kind)
    if found is None:
        return ""
    rate, series, x, size = found
    unit = quantity("gflops" if kind == "flops" else "gbytes", "", language)
    return f"{unit.write(rate / 1e9)} ({series}, {size_name(x, language)} = {size})"


def _runner_line(runner: Runner, m: Measured, block: Block, language: str) -> str:
    """Name, date, versions, machine, commit, and the roof of the machine where one is measured."""
    made = m.made
    facts = [f"<b>{escape(runner.name)}</b>", escape(made.get("date", ""))]
    if not runner.is_current(block):
        facts.append(f'<span class="tf-stale">{escape(say(language, "stale"))}</span>')
    titles = {"tensorflow": "TensorFlow", "keras": "Keras", "python": "Python"}
    titles |= {"driver": say(language, "driver"), "cuda": "CUDA", "cublas": "cuBLAS"}
    titles |= {"cudnn": "cuDNN", "commit": say(language, "commit")}
    device = runner.machine.get("gpu") or runner.machine.get("cpu", "")
    cores = f"{runner.machine.get('cores', '?')} {say(language, 'cores')}"
    facts.append(escape(f"{device}, {cores}"))
    for name, title in titles.items():
        if made.get(name):
            dirty = "+" if name == "commit" and made.get("dirty") else ""
            shown = made[name][:10] if name == "commit" else made[name]
            facts.append(f"{escape(title)} {escape(shown)}{dirty}")
    for kind in ("flops", "bytes"):
        if any(case.get(kind) for case in m.cases) and (best := _best(runner, kind, language)):
            facts.append(escape(say(language, "best-" + kind) + say(language, "separator") + best))
    facts += [escape(fact) for fact in crossings(m, language)]
    return f'<p class="tf-badge">{"".join(f"<span>{fact}</span>" for fact in facts if fact)}</p>'


def _absent(without: Sequence[Runner], runners: Sequence[Runner], language: str) -> str:
    """Who has not measured this."""
    facts = [say(language, "absent").format(name=runner.name) for runner in without]
    if not any(runner.has_gpu for runner in runners):
        facts.append(say(language, "no-gpu"))
    spans = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return f'<p class="tf-badge">{spans}</p>' if facts else ""
