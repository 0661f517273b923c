"""Expressions of every kind: what each is, as far as can be told."""

import ast

from tfnotes.doctor.hits import Place, source
from tfnotes.doctor.kinds import ELEMENTS, LIBRARIES, is_stranger
from tfnotes.doctor.literals import literal
from tfnotes.doctor.names import Names
from tfnotes.doctor.scope import Scope
from tfnotes.doctor.state import State
from tfnotes.doctor.values import (
    FOREIGN,
    UNKNOWN,
    Instance,
    LocalFunction,
    Mapping,
    Several,
    Symbol,
    Value,
    join,
    options,
    unite,
)


class Expressions:
    """Evaluates expressions, and what is in them; a part of `walk.Program`.

    Args:
        state: What is known of the program so far.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.names = Names(state, self.evaluate)
        self._call = self.names.call  # found by the node's name, as the methods below are

    def evaluate(self, node: ast.expr | None, use: Place | None = None) -> Value:
        """Evaluates an expression and reports what is in it.

        Args:
            node: The expression.
            use: How it is used, if it is called or subscripted.
        """
        if node is None:
            return UNKNOWN
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if isinstance(node, ast.Name | ast.Attribute):
            value: Value = self.names.chain(node, use or Place(node))
        elif method is not None:
            value = method(node)
        else:
            value = literal(node) or self.children(node)
        self.state.values[id(node)] = value
        return value

    def children(self, node: ast.AST) -> Value:
        """Evaluates the expressions in something that is not one itself, or of no kind known."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.evaluate(child)
            elif not isinstance(child, ast.expr_context | ast.operator):
                self.children(child)
        return UNKNOWN

    def _subscript(self, node: ast.Subscript) -> Value:
        self.evaluate(node.slice)
        place = Place(node, key=node.slice, what=source(node))
        if isinstance(node.value, ast.Name | ast.Attribute):
            value = self.evaluate(node.value)
            if self.state.reporting:
                self.state.hits += self.state.matcher.named(
                    value, place, self.state.known, self.state.guard
                )
                self.state.hits += self.state.matcher.keyed(
                    value, place, self.state.known, self.state.guard
                )
            if isinstance(node.value, ast.Attribute):
                self.names.ask(node.value, place)
        else:
            value = self.evaluate(node.value)
        if dimension := self._dimension(node, value):
            return dimension
        for option in options(value):
            if isinstance(option, Instance) and option.kind in ("Layers", "KerasTensors"):
                sliced = isinstance(node.slice, ast.Slice)
                return Instance(option.kind if sliced else ELEMENTS[option.kind])
            if isinstance(option, Instance) and option.kind in ("Tensor", "Variable"):
                return Instance("Tensor")
            if isinstance(option, Several) and isinstance(node.slice, ast.Constant):
                index = node.slice.value
                if isinstance(index, int) and -len(option.items) <= index < len(option.items):
                    return option.items[index]
        return UNKNOWN

    def _dimension(self, node: ast.Subscript, value: Value) -> Value | None:
        """What ``x.shape[0]`` and ``x.get_shape()[0]`` are; they are telling even of an unknown x."""
        if isinstance(node.slice, ast.Slice):
            return None
        if any(isinstance(one, Instance) and one.kind == "Shape" for one in options(value)):
            return Instance("Dimension")
        asked = node.value.func if isinstance(node.value, ast.Call) else node.value
        if not isinstance(asked, ast.Attribute) or asked.attr not in ("shape", "get_shape"):
            return None
        if UNKNOWN not in options(self.state.known(asked.value)):
            return None
        return Instance("Dimension", doubt=f"the type of {source(asked.value)} is not known")

    def _tuple(self, node: ast.Tuple | ast.List) -> Value:
        return Several(tuple(self.evaluate(one) for one in node.elts))

    _list = _tuple

    def _starred(self, node: ast.Starred) -> Value:
        self.evaluate(node.value)
        return UNKNOWN

    def _dict(self, node: ast.Dict) -> Value:
        self.children(node)
        keys = [one.value if isinstance(one, ast.Constant) else None for one in node.keys]
        if keys and all(isinstance(key, str) for key in keys):
            return Mapping(tuple(zip(map(str, keys), node.values, strict=True)))
        return FOREIGN

    def _set(self, node: ast.Set | ast.JoinedStr | ast.Compare) -> Value:
        self.children(node)
        return FOREIGN

    _joinedstr = _set

    def _compare(self, node: ast.Compare) -> Value:
        if self.state.reporting and self.state.relevant:
            self.state.hits += self.state.matcher.compared(node, self.state.guard)
        self.children(node)
        return FOREIGN

    def _ifexp(self, node: ast.IfExp) -> Value:
        self.evaluate(node.test)
        return join(self.evaluate(node.body), self.evaluate(node.orelse))

    def _boolop(self, node: ast.BoolOp) -> Value:
        found = self.evaluate(node.values[0])
        for one in node.values[1:]:
            found = join(found, self.evaluate(one))
        return found

    def _binop(self, node: ast.BinOp) -> Value:
        sides = (self.evaluate(node.left), self.evaluate(node.right))
        for kind in ("KerasTensor", "Tensor", "Variable"):
            for option in (*options(sides[0]), *options(sides[1])):
                if isinstance(option, Instance) and option.kind == kind:
                    return Instance("Tensor" if kind == "Variable" else kind)
        return UNKNOWN

    def _await(self, node: ast.Await) -> Value:
        return self.evaluate(node.value)

    def _namedexpr(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.state.scope.bind(node.target.id, value)
        return value

    def _lambda(self, node: ast.Lambda) -> Value:
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            self.evaluate(default)
        outer, self.state.scope = (
            self.state.scope,
            Scope("function", self.state.libraries, self.state.scope),
        )
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for one in [*arguments, *filter(None, (node.args.vararg, node.args.kwarg))]:
            self.state.scope.names[one.arg] = UNKNOWN
        returns = self.evaluate(node.body)
        self.state.scope = outer
        return LocalFunction(returns)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.DictComp) -> Value:
        outer, self.state.scope = (
            self.state.scope,
            Scope("comprehension", self.state.libraries, self.state.scope),
        )
        for generator in node.generators:
            value = self.evaluate(generator.iter)
            self.declare(generator.target)
            self.names.assign(generator.target, element(value))
            for test in generator.ifs:
                self.evaluate(test)
        if isinstance(node, ast.DictComp):
            self.evaluate(node.key)
            self.evaluate(node.value)
        else:
            self.evaluate(node.elt)
        self.state.scope = outer
        return FOREIGN

    _listcomp = _setcomp = _generatorexp = _dictcomp = _comprehension

    def declare(self, target: ast.expr) -> None:
        """Makes the names of a target the scope's own."""
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self.state.scope.names[node.id] = UNKNOWN


def element(value: Value) -> Value:
    """What iterating over a value gives."""
    for option in options(value):
        if isinstance(option, Instance) and option.kind in ELEMENTS:
            return Instance(ELEMENTS[option.kind])
        if isinstance(option, Several) and option.items:
            return unite(option.items)
    return UNKNOWN


def is_foreign_base(value: Value) -> bool:
    """Whether a base class certainly has nothing of TensorFlow's."""
    if isinstance(value, Symbol):
        root = value.path.partition(".")[0]
        return root in LIBRARIES or is_stranger(root)
    return value == FOREIGN
