"""Reading and drawing graphs; the graphs are small stand-ins, the pages use TensorFlow's own."""

from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pytest

from tfnotes.draw.graphs import Node, read_graph, show_graphs


def tensor(name: str, *dims: int | None) -> Any:
    shape = type("Shape", (tuple,), {"rank": property(len)})(dims)
    return SimpleNamespace(name=f"{name}:0", op=SimpleNamespace(name=name), shape=shape)


def operation(kind: str, output: Any, *inputs: Any) -> Any:
    return SimpleNamespace(type=kind, name=output.op.name, inputs=inputs, outputs=[output])


@pytest.fixture
def graph() -> Any:
    """What ``x * x + w`` with a captured variable ``w`` leaves behind."""
    x, handle, value = tensor("x", None), tensor("read/resource"), tensor("read", 3)
    product, total, result = tensor("mul", None), tensor("add", 3), tensor("Identity", 3)
    outer = object()
    variable = SimpleNamespace(name="w:0", handle=outer, shape=value.shape)
    operations = [
        operation("Placeholder", x),
        operation("Mul", product, x, x),
        operation("Placeholder", handle),
        operation("ReadVariableOp", value, handle),
        operation("AddV2", total, product, value),
        operation("Identity", result, total),
        SimpleNamespace(type="NoOp", name="NoOp", inputs=[], outputs=[]),
    ]
    return SimpleNamespace(
        variables=[variable],
        captures=[(outer, handle)],
        outputs=[result],
        get_operations=lambda: operations,
    )


def test_a_graph_is_read_as_its_reader_sees_it(graph: Any) -> None:
    assert read_graph(graph) == [
        Node("x", "(None,)", "argument"),
        Node("Mul", "(None,)", "operation", (0,)),
        Node("w", "(3,)", "variable"),
        Node("ReadVariableOp", "(3,)", "operation", (2,)),
        Node("AddV2", "(3,)", "operation", (1, 3)),
        Node("Identity", "(3,)", "result", (4,)),
    ]


def test_every_operation_is_drawn_once_and_readers_stand_below(graph: Any) -> None:
    show_graphs({"one": graph, "two": graph})
    (axes,) = plt.gcf().axes
    heights = {text.get_text(): text.get_position()[1] for text in axes.texts}
    labels = [text.get_text() for text in axes.texts]
    plt.close()
    assert labels.count("AddV2") == labels.count("w") == 2
    assert {"one", "two"} <= set(labels)
    assert heights["w"] > heights["ReadVariableOp"] > heights["AddV2"] > heights["Identity"]
    assert heights["x"] > heights["Mul"] > heights["AddV2"]


def test_boxes_of_one_graph_do_not_overlap(graph: Any) -> None:
    show_graphs({"wide": graph})
    (axes,) = plt.gcf().axes
    boxes = [patch.get_bbox() for patch in axes.patches if hasattr(patch, "get_boxstyle")]
    boxes = [box for box in boxes if box.width > 0.5]
    plt.close()
    assert len(boxes) == 6
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])
