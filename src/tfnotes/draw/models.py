"""Draws models: what a ``tf.Module`` holds as a tree, what a Keras model calls as a graph.

``keras.utils.plot_model`` needs the program Graphviz; these drawings need only matplotlib.
``read_module`` and ``read_model`` take a model apart without drawing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tfnotes.draw.graphs import Node, show_nodes


def read_module(module: Any, label: str = "") -> list[Node]:
    """Returns a module, the modules inside it and their variables, holders before what they hold.

    Args:
        module: A ``tf.Module``.
        label: What to call it; its name where nothing is given.
    """
    nodes: list[Node] = []

    def add(thing: Any, label: str, holder: tuple[int, ...]) -> None:
        if hasattr(thing, "assign"):
            kind = "variable" if thing.trainable else "constant"
            nodes.append(Node(label, str(tuple(thing.shape)), kind, holder))
            return
        place = len(nodes)
        nodes.append(Node(label, "", "operation" if holder else "argument", holder))
        for name, part in _parts(thing):
            add(part, name, (place,))

    add(module, label or module.name, ())
    return nodes


def read_model(model: Any) -> list[Node]:
    """Returns every call in a functional Keras model, in the order in which they are made.

    A layer called twice is two nodes here, as it is in Keras; both carry the layer's name.

    Args:
        model: A functional or a built sequential model.
    """
    calls = [node for depth in sorted(model._nodes_by_depth)[::-1] for node in _level(model, depth)]
    places = {id(node): place for place, node in enumerate(calls)}
    results = {id(tensor) for tensor in model.outputs}
    nodes = []
    for call in calls:
        sources = tuple(dict.fromkeys(places[id(parent)] for parent in call.parent_nodes))
        weighty = bool(getattr(call.operation, "weights", ()))
        kind = "argument" if call.is_input else "variable" if weighty else "operation"
        if any(id(tensor) in results for tensor in call.outputs):
            kind = "result"
        shape = str(tuple(call.outputs[0].shape)).replace("None", "·")
        nodes.append(Node(call.operation.name, shape, kind, sources))
    return nodes


def show_module(module: Any, label: str = "") -> None:
    """Draws a module as a tree with its variables as leaves; those not trained are grey.

    Args:
        module: A ``tf.Module``.
        label: What to call it; its name where nothing is given.
    """
    show_nodes({"": read_module(module, label)})


def show_models(models: Mapping[str, Any] | Any) -> None:
    """Draws functional Keras models, a box for every call of a layer, inputs on top.

    Args:
        models: One model, or several by the title to draw above each.
    """
    named = models if isinstance(models, Mapping) else {"": models}
    show_nodes({title: read_model(model) for title, model in named.items()})


def _level(model: Any, depth: int) -> list[Any]:
    """Returns the calls at one depth of a model, inputs in the model's order."""
    order = {id(tensor): place for place, tensor in enumerate(model.inputs)}
    return sorted(
        model._nodes_by_depth[depth], key=lambda call: order.get(id(call.outputs[0]), len(order))
    )


def _parts(module: Any) -> Iterator[tuple[str, Any]]:
    """Yields the modules and variables among a module's attributes, also inside lists."""
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        if isinstance(value, (list, tuple)):
            named = [(f"{name}[{place}]", part) for place, part in enumerate(value)]
        elif isinstance(value, dict):
            named = [(f"{name}[{key!r}]", part) for key, part in value.items()]
        else:
            named = [(name, value)]
        for label, part in named:
            if hasattr(part, "assign") or hasattr(part, "submodules"):
                yield label, part
