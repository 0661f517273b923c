"""Draws the graph of a traced function: its operations as boxes, its tensors as arrows.

TensorBoard draws graphs too, but a page wants a small still picture of a dozen operations.
``read_graph`` takes a graph apart without drawing it; ``show_graphs`` draws one or more;
``show_nodes`` draws anything else that can be said in nodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from tfnotes.draw.canvas import EDGE, WIDTH

ROW = 0.72
"""Inches from one row of boxes to the next."""

BOX = (1.32, 0.44)
"""Width and height of a box in inches."""

COLORS = {"argument": "C0", "variable": "C1", "constant": EDGE, "operation": "C2", "result": "C4"}
"""The colour of a box, by the kind of node."""


@dataclass(frozen=True)
class Node:
    """One operation of a graph, as a reader wants to see it."""

    label: str
    """The type of the operation, or the name of the argument or variable that it stands for."""
    shape: str
    """Shape of its first output; empty where it has none worth showing."""
    kind: str
    """``argument``, ``variable``, ``constant``, ``operation`` or ``result``."""
    sources: tuple[int, ...] = ()
    """Places of the nodes whose outputs it reads, each once."""


def read_graph(graph: Any) -> list[Node]:
    """Returns the operations of a traced function's graph, without those that compute nothing.

    Args:
        graph: The ``graph`` of a concrete function.
    """
    held = {id(variable.handle): variable for variable in graph.variables}
    inside = {inner.name: held.get(id(outer)) for outer, inner in graph.captures}
    results = {tensor.op.name for tensor in graph.outputs}
    operations = [op for op in graph.get_operations() if op.type != "NoOp"]
    places = {op.name: place for place, op in enumerate(operations)}
    nodes = []
    for op in operations:
        sources = tuple(dict.fromkeys(places[tensor.op.name] for tensor in op.inputs))
        shape = _shape(op.outputs[0].shape) if op.outputs else ""
        kind = "result" if op.name in results else "operation"
        label = op.type
        if op.type == "Placeholder":
            variable = inside.get(op.outputs[0].name)
            kind = "argument" if variable is None else "variable"
            label = op.name if variable is None else variable.name.split(":")[0]
            shape = shape if variable is None else _shape(variable.shape)
        elif op.type == "Const":
            kind = "constant"
        nodes.append(Node(label, shape, kind, sources))
    return nodes


def show_graphs(graphs: Mapping[str, Any]) -> None:
    """Draws graphs side by side, arguments on top, each under its title.

    Args:
        graphs: The ``graph`` of a concrete function, by the title to draw above it.
    """
    show_nodes({title: read_graph(graph) for title, graph in graphs.items()})


def show_nodes(graphs: Mapping[str, Sequence[Node]]) -> None:
    """Draws nodes as boxes with an arrow from each to those that read it.

    Args:
        graphs: The nodes of each drawing, sources first, by the title to draw above it.
    """
    laid = {title: _lay_out(nodes) for title, nodes in graphs.items()}
    spans = [max(x for x, _ in spots) - min(x for x, _ in spots) + 1 for _, spots in laid.values()]
    tops = [max(y for _, y in spots) for _, spots in laid.values()]
    height = (max(tops) + 1) * ROW + (0.4 if any(laid) else 0.1)
    _, axes = plt.subplots(figsize=(WIDTH, height))
    axes.set_position((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, height)
    step = min(BOX[0] + 0.16, WIDTH / (sum(spans) + 0.35 * (len(spans) - 1)))
    left = (WIDTH - step * (sum(spans) + 0.35 * (len(spans) - 1))) / 2
    for (title, (nodes, spots)), span, top in zip(laid.items(), spans, tops, strict=True):
        first, down = min(x for x, _ in spots) - 0.5, max(tops) - top + 0.5
        corners = [(left + (x - first) * step, (y + down) * ROW) for x, y in spots]
        if title:
            axes.text(left + span * step / 2, height - 0.2, title, ha="center", weight="bold")
        _draw(axes, nodes, corners, min(BOX[0], step - 0.1))
        left += (span + 0.35) * step


def _shape(shape: Any) -> str:
    """Returns a shape as Python writes it; nothing for a scalar or where the rank is unknown."""
    return str(tuple(shape)) if shape.rank else ""


def _lay_out(nodes: Sequence[Node]) -> tuple[Sequence[Node], list[tuple[float, int]]]:
    """Gives every node a column and a row, counted from the bottom, just above who reads it."""
    readers: list[list[int]] = [[] for _ in nodes]
    for place, node in enumerate(nodes):
        for source in node.sources:
            readers[source].append(place)
    rows = [0] * len(nodes)
    for place in reversed(range(len(nodes))):
        rows[place] = max((rows[reader] + 1 for reader in readers[place]), default=0)
    columns = [0.0] * len(nodes)
    for row in range(max(rows) + 1):
        here = [place for place in range(len(nodes)) if rows[place] == row]
        wish = {
            place: sum(columns[reader] for reader in readers[place]) / max(len(readers[place]), 1)
            for place in here
        }
        here.sort(key=lambda place: (wish[place], place))
        centre = sum(wish.values()) / len(here)
        for order, place in enumerate(here):
            columns[place] = centre + order - (len(here) - 1) / 2
    return nodes, list(zip(columns, rows, strict=True))


def _crosses(
    start: tuple[float, float], end: tuple[float, float], box: tuple[float, float], reach: float
) -> bool:
    """Returns whether the line from one box down to another runs through a third."""
    if not end[1] < box[1] < start[1]:
        return False
    share = (start[1] - box[1]) / (start[1] - end[1])
    return abs(start[0] + share * (end[0] - start[0]) - box[0]) < reach


def _draw(
    axes: Axes, nodes: Sequence[Node], corners: Sequence[tuple[float, float]], width: float
) -> None:
    """Draws the arrows and then the boxes of one graph."""
    half = BOX[1] / 2
    for node, (x, y) in zip(nodes, corners, strict=True):
        for source in node.sources:
            left, top = corners[source]
            start, end, bend = (left, top - half), (x, y + half), 0.0
            if any(_crosses((left, top), (x, y), box, width / 2) for box in corners):
                start, end, bend = (left + width / 2, top), (x + width / 2, y), -0.35
            arrow = {
                "arrowstyle": "-|>",
                "color": EDGE,
                "linewidth": 0.9,
                "shrinkA": 0,
                "shrinkB": 0,
                "connectionstyle": f"arc3,rad={bend}",
            }
            axes.annotate("", xy=end, xytext=start, arrowprops=arrow)
    for node, (x, y) in zip(nodes, corners, strict=True):
        color = COLORS[node.kind]
        axes.add_patch(
            FancyBboxPatch(
                (x - width / 2, y - half),
                width,
                BOX[1],
                boxstyle="round,pad=0,rounding_size=0.06",
                facecolor=(color, 0.18),
                edgecolor=color,
                linewidth=0.9,
            )
        )
        lift = 0.08 if node.shape else 0.0
        # A character of DejaVu Sans is about 0.65 of its size wide; a point is 1/72 inch.
        size = min(10, 72 * (width - 0.08) / (0.65 * len(node.label)))
        axes.text(x, y + lift, node.label, ha="center", va="center", size=size)
        if node.shape:
            axes.text(x, y - 0.105, node.shape, ha="center", va="center", size=8.5, alpha=0.75)
