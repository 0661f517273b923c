"""What names, attributes and calls are, and what the ledger knows of them."""

import ast
from collections.abc import Callable

from tfnotes.doctor.hits import Place, source
from tfnotes.doctor.kinds import KERAS_KINDS, attribute, called, method_result
from tfnotes.doctor.patterns import Pattern
from tfnotes.doctor.state import State
from tfnotes.doctor.values import (
    FOREIGN,
    UNKNOWN,
    Instance,
    LocalClass,
    LocalFunction,
    Mapping,
    Several,
    Symbol,
    Value,
    join,
    options,
    unite,
)


class Names:
    """Tells what names, attributes and calls are, and binds names; a part of `walk.Program`.

    Args:
        state: What is known of the program so far.
        evaluate: Evaluates an expression, given how it is used if that is known.
    """

    def __init__(self, state: State, evaluate: Callable[[ast.expr, Place | None], Value]) -> None:
        self.state = state
        self._evaluate = evaluate

    # Names and attributes

    def chain(self, node: ast.Name | ast.Attribute, place: Place, inner: bool = False) -> Value:
        """The value of a name, or of attributes asked of something.

        Args:
            node: The outermost attribute, or the name.
            place: How it is used.
            inner: Whether more is asked of it: then it is not reported by itself.
        """
        if isinstance(node, ast.Name):
            value = self.state.scope.lookup(node.id)
        else:
            if isinstance(node.value, ast.Name | ast.Attribute):
                base = self.chain(node.value, Place(node.value), inner=True)
            else:
                base = self._evaluate(node.value, None)
            self.state.values[id(node.value)] = base
            self.ask(node, place)
            value = unite(self._attribute(option, node.attr) for option in options(base))
        self.state.values[id(node)] = value
        if not inner and self.state.reporting:
            self.state.hits += self.state.matcher.named(
                value, place, self.state.known, self.state.guard
            )
        return value

    def _attribute(self, base: Value, name: str) -> Value:
        if isinstance(base, Symbol):
            below = base.below(name)
            path = self.state.libraries.canonical(below.path)
            return below if path == below.path else Symbol(path, below.doubt, below.told)
        if isinstance(base, Instance):
            member = base.owner.find(name) if base.owner is not None else None
            return member if member is not None else attribute(base, name)
        if isinstance(base, LocalClass):
            return base.find(name) or UNKNOWN
        return FOREIGN if base == FOREIGN else UNKNOWN

    def _may_be_tensorflows(self, pattern: Pattern) -> bool:
        """Whether an object of which nothing is known may be meant by a pattern."""
        keras = pattern.owner in ("", *KERAS_KINDS)
        return pattern.parts[0] not in self.state.own_names and not (self.state.keras_2 and keras)

    def ask(self, node: ast.Attribute, place: Place) -> None:
        """Reports what is known of an attribute of an object."""
        if self.state.reporting and self.state.relevant:
            self.state.hits += self.state.matcher.asked(
                node, place, self.state.known, self.state.guard, self._may_be_tensorflows
            )

    # Calls

    def call(self, node: ast.Call) -> Value:
        """What a call returns."""
        # Arguments first: conditions ask what they are.
        for one in node.args:
            self._evaluate(one.value if isinstance(one, ast.Starred) else one, None)
        for keyword in node.keywords:
            self._evaluate(keyword.value, None)
        function = node.func
        place = Place(function, call=node, what=source(function))
        value = self._evaluate(function, place)
        if self.state.reporting:
            self.state.hits += self.state.matcher.applied(
                node, place, self.state.known, self.state.guard
            )
        return unite(self._called(option, node) for option in options(value))

    def _called(self, function: Value, node: ast.Call) -> Value:
        if isinstance(function, Symbol):
            return called(function)
        if isinstance(function, LocalClass):
            place = Place(node.func, call=node, what=source(node.func))
            if self.state.reporting:
                self.state.hits += self.state.matcher.made(
                    function, place, self.state.known, self.state.guard
                )
            return self.instance(function)
        if isinstance(function, LocalFunction):
            self._hand_in(function, node)
            return function.returns or UNKNOWN
        if isinstance(function, Instance):
            return self._applied(function, node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "dict" and not node.args and all(one.arg for one in node.keywords):
            return Mapping(tuple((str(one.arg), one.value) for one in node.keywords))
        if name == "super" and self.state.classes:
            current = self.state.classes[-1]
            # A method asked of super() is the library's, whatever the class itself defines.
            return Instance(current.kind, (*current.paths, "")[0]) if current.kind else UNKNOWN
        if isinstance(node.func, ast.Attribute):
            base = self.state.known(node.func.value)
            objects = [one for one in options(base) if isinstance(one, Instance)]
            if objects:
                return unite(method_result(one, node.func.attr) for one in objects)
        # Only Python's own functions are certain to return nothing of TensorFlow's.
        return (
            FOREIGN
            if function == FOREIGN and name not in ("", "getattr", "next", "eval")
            else UNKNOWN
        )

    def _hand_in(self, function: LocalFunction, node: ast.Call) -> None:
        """Remembers which of a library's classes and objects a function of this file is given."""
        given = dict(zip(function.parameters, node.args, strict=False))
        given |= {one.arg: one.value for one in node.keywords if one.arg in function.parameters}
        for name, argument in given.items():
            value = self.state.known(argument)
            if any(isinstance(one, Symbol | Instance) for one in options(value)):
                function.given[name] = join(function.given.get(name), value)

    def _applied(self, instance: Instance, node: ast.Call) -> Value:
        """A layer or a model called on something."""
        if instance.kind == "Layer" or instance.kind == "Model":
            symbolic = any(
                isinstance(option, Instance) and option.kind == "KerasTensor"
                for one in node.args
                for part in (one.elts if isinstance(one, ast.List | ast.Tuple) else [one])
                for option in options(self.state.known(part))
            )
            return Instance("KerasTensor" if symbolic else "Tensor")
        return UNKNOWN

    def instance(self, owner: LocalClass) -> Value:
        """An object of a class of this file."""
        if not owner.kind and not owner.known:
            return UNKNOWN
        return Instance(owner.kind, (*owner.paths, "")[0], owner)

    # Assignment

    def assign(self, target: ast.expr, value: Value) -> None:
        """Binds a target."""
        if isinstance(target, ast.Name):
            self.state.scope.bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            spread = value.items if isinstance(value, Several) else ()
            for number, one in enumerate(target.elts):
                fits = len(spread) == len(target.elts)
                self.assign(one, spread[number] if fits else UNKNOWN)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, UNKNOWN)
        else:
            stored = isinstance(target, ast.Attribute)
            self._evaluate(target, Place(target, stored=value) if stored else None)
            if isinstance(target, ast.Attribute):
                self._remember(target, value)

    def _remember(self, target: ast.Attribute, value: Value) -> None:
        for owner in options(self.state.known(target.value)):
            if isinstance(owner, Instance) and owner.owner is not None:
                members = owner.owner.members
                members[target.attr] = join(members.get(target.attr), value)
