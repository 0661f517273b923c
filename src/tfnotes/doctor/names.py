"""What names, attributes and calls are, and what the ledger knows of them."""

import ast

from tfnotes.doctor.hits import Hit, Place, source
from tfnotes.doctor.kinds import KERAS_KINDS, attribute, called, method_result
from tfnotes.doctor.literals import literal
from tfnotes.doctor.match import Matcher
from tfnotes.doctor.patterns import Pattern
from tfnotes.doctor.scope import Libraries, Scope
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
    """Evaluates names, attributes and calls in the current scope and collects hits."""

    def __init__(self, matcher: Matcher, libraries: Libraries) -> None:
        self.matcher = matcher
        self.libraries = libraries
        self.scope = Scope("module", libraries)
        self.guard = ""
        self.reporting = False
        self.relevant = True
        self.keras_2 = False
        self.own_names: set[str] = set()
        """Methods that classes of this file define for something else."""
        self.classes: list[LocalClass] = []
        self.hits: list[Hit] = []
        self._values: dict[int, Value] = {}
        self.final: dict[str, Value] = {}
        """What its names are in the end."""

    def known(self, node: ast.expr) -> Value:
        """The value of an expression that has been evaluated."""
        return self._values.get(id(node)) or literal(node) or UNKNOWN

    def evaluate(self, node: ast.expr | None, use: Place | None = None) -> Value:
        """Evaluates an expression and reports what is in it.

        Args:
            node: The expression.
            use: How it is used, if it is called.
        """
        raise NotImplementedError

    # Names and attributes

    def _chain(self, node: ast.Name | ast.Attribute, place: Place, inner: bool = False) -> Value:
        if isinstance(node, ast.Name):
            value = self.scope.lookup(node.id)
        else:
            if isinstance(node.value, ast.Name | ast.Attribute):
                base = self._chain(node.value, Place(node.value), inner=True)
            else:
                base = self.evaluate(node.value)
            self._values[id(node.value)] = base
            self._ask(node, place)
            value = unite(self._attribute(option, node.attr) for option in options(base))
        self._values[id(node)] = value
        if not inner and self.reporting:
            self.hits += self.matcher.named(value, place, self.known, self.guard)
        return value

    def _attribute(self, base: Value, name: str) -> Value:
        if isinstance(base, Symbol):
            below = base.below(name)
            path = self.libraries.canonical(below.path)
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
        return pattern.parts[0] not in self.own_names and not (self.keras_2 and keras)

    def _ask(self, node: ast.Attribute, place: Place) -> None:
        if self.reporting and self.relevant:
            self.hits += self.matcher.asked(
                node, place, self.known, self.guard, self._may_be_tensorflows
            )

    # Calls

    def _call(self, node: ast.Call) -> Value:
        # Arguments first: conditions ask what they are.
        for one in node.args:
            self.evaluate(one.value if isinstance(one, ast.Starred) else one)
        for keyword in node.keywords:
            self.evaluate(keyword.value)
        function = node.func
        place = Place(function, call=node, what=source(function))
        value = self.evaluate(function, place)
        if self.reporting:
            self.hits += self.matcher.applied(node, place, self.known, self.guard)
        return unite(self._called(option, node) for option in options(value))

    def _called(self, function: Value, node: ast.Call) -> Value:
        if isinstance(function, Symbol):
            return called(function)
        if isinstance(function, LocalClass):
            place = Place(node.func, call=node, what=source(node.func))
            if self.reporting:
                self.hits += self.matcher.made(function, place, self.known, self.guard)
            return self.instance(function)
        if isinstance(function, LocalFunction):
            self._hand_in(function, node)
            return function.returns or UNKNOWN
        if isinstance(function, Instance):
            return self._applied(function, node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "dict" and not node.args and all(one.arg for one in node.keywords):
            return Mapping(tuple((str(one.arg), one.value) for one in node.keywords))
        if name == "super" and self.classes:
            current = self.classes[-1]
            # A method asked of super() is the library's, whatever the class itself defines.
            return Instance(current.kind, (*current.paths, "")[0]) if current.kind else UNKNOWN
        if isinstance(node.func, ast.Attribute):
            base = self.known(node.func.value)
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
            value = self.known(argument)
            if any(isinstance(one, Symbol | Instance) for one in options(value)):
                function.given[name] = join(function.given.get(name), value)

    def _applied(self, instance: Instance, node: ast.Call) -> Value:
        """A layer or a model called on something."""
        if instance.kind == "Layer" or instance.kind == "Model":
            symbolic = any(
                isinstance(option, Instance) and option.kind == "KerasTensor"
                for one in node.args
                for part in (one.elts if isinstance(one, ast.List | ast.Tuple) else [one])
                for option in options(self.known(part))
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
            self.scope.bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            spread = value.items if isinstance(value, Several) else ()
            for number, one in enumerate(target.elts):
                fits = len(spread) == len(target.elts)
                self.assign(one, spread[number] if fits else UNKNOWN)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, UNKNOWN)
        else:
            stored = isinstance(target, ast.Attribute)
            self.evaluate(target, Place(target, stored=value) if stored else None)
            if isinstance(target, ast.Attribute):
                self._remember(target, value)

    def _remember(self, target: ast.Attribute, value: Value) -> None:
        for owner in options(self.known(target.value)):
            if isinstance(owner, Instance) and owner.owner is not None:
                members = owner.owner.members
                members[target.attr] = join(members.get(target.attr), value)
