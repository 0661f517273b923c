"""Reading and drawing models; the models are small stand-ins, the pages use the real ones."""

from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt

from tfnotes.draw.graphs import Node
from tfnotes.draw.models import read_model, read_module, show_models, show_module


def variable(*shape: int, trainable: bool = True) -> Any:
    return SimpleNamespace(shape=shape, trainable=trainable, assign=None)


def module(name: str, **parts: Any) -> Any:
    return SimpleNamespace(_name=name, submodules=(), **({"name": name} | parts))


def call(layer: Any, *parents: Any, width: int = 2) -> Any:
    return SimpleNamespace(
        operation=layer,
        parent_nodes=parents,
        is_input=not parents,
        outputs=[SimpleNamespace(shape=(None, width))],
    )


def twice() -> Any:
    """A layer called on two inputs, and the two results added."""
    left, right = (call(SimpleNamespace(name=name), width=4) for name in ("left", "right"))
    shared = SimpleNamespace(name="shared", weights=[variable(4, 2)])
    calls = [call(shared, left), call(shared, right)]
    total = call(SimpleNamespace(name="add", weights=[]), *calls)
    levels = {0: [total], 1: calls, 2: [right, left]}
    inputs = [left.outputs[0], right.outputs[0]]
    return SimpleNamespace(_nodes_by_depth=levels, inputs=inputs, outputs=total.outputs)


def net() -> Any:
    part = module("part", weight=variable(3, 2), step=variable(trainable=False))
    return module("net", parts=[part], table={"a": variable(1)}, size=3)


def test_a_module_is_read_with_what_it_holds() -> None:
    assert read_module(net()) == [
        Node("net", "", "argument"),
        Node("parts[0]", "", "operation", (0,)),
        Node("weight", "(3, 2)", "variable", (1,)),
        Node("step", "()", "constant", (1,)),
        Node("table['a']", "(1,)", "variable", (0,)),
    ]
    assert read_module(net(), "mine")[0].label == "mine"


def test_every_call_is_a_node_and_inputs_keep_their_order() -> None:
    assert read_model(twice()) == [
        Node("left", "(·, 4)", "argument"),
        Node("right", "(·, 4)", "argument"),
        Node("shared", "(·, 2)", "variable", (0,)),
        Node("shared", "(·, 2)", "variable", (1,)),
        Node("add", "(·, 2)", "result", (2, 3)),
    ]


def test_models_are_drawn_with_and_without_titles() -> None:
    show_models(twice())
    show_models({"one": twice(), "two": twice()})
    show_module(net())
    drawn = [[text.get_text() for text in plt.figure(n).axes[0].texts] for n in plt.get_fignums()]
    plt.close("all")
    assert [labels.count("shared") for labels in drawn] == [2, 4, 0]
    assert "one" in drawn[1]
