"""Imports and definitions: what a program's own names stand for."""

import ast
from collections.abc import Callable

from tfnotes.doctor.evaluate import Expressions, is_foreign_base
from tfnotes.doctor.hits import Place
from tfnotes.doctor.kinds import kind_of
from tfnotes.doctor.scope import Scope
from tfnotes.doctor.state import State
from tfnotes.doctor.values import (
    UNKNOWN,
    Either,
    Instance,
    LocalClass,
    LocalFunction,
    Symbol,
    Value,
    join,
    options,
)

_HANDED = {
    ("Layer", "build"): "InputShape",
    ("Model", "build"): "InputShape",
    ("Layer", "compute_output_shape"): "InputShape",
    ("Model", "compute_output_shape"): "InputShape",
    ("Schedule", "__call__"): "Step",
}
"""What Keras hands to a method first, by the class's kind and the method."""


class Definitions:
    """Reads imports, functions and classes; a part of `walk.Program`.

    Args:
        state: What is known of the program so far.
        expressions: What evaluates the expressions in them.
        statement: Reads a statement of a body.
    """

    def __init__(
        self, state: State, expressions: Expressions, statement: Callable[[ast.stmt], None]
    ) -> None:
        self.state = state
        self._expressions = expressions
        self._statement = statement
        self._functions: dict[ast.AST, LocalFunction] = {}
        self._known_classes: dict[ast.AST, LocalClass] = {}
        self._returns: list[Value | None] = []

    def read(self, node: ast.stmt) -> bool:
        """Reads a statement if it is an import, a definition or a return; whether it is."""
        method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if method is not None:
            method(node)
        return method is not None

    def _do_import(self, node: ast.Import) -> None:
        for alias in node.names:
            value = self.state.libraries.symbol(alias.name)
            told = self._imported(value, alias, f"import {alias.name}")
            if alias.asname is None:
                root = alias.name.partition(".")[0]
                whole = self.state.libraries.symbol(root)
                self.state.scope.bind(root, told_of(whole, told) if root == alias.name else whole)
            else:
                self.state.scope.bind(alias.asname, told_of(value, told))

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                if node.level and self.state.libraries.module(module) is None:
                    self.state.scope.module.stars.append("")
                    continue
                self._imported(self.state.libraries.symbol(module), node, f"from {module} import *")
                self.state.scope.import_star(module)
                continue
            # `from . import model` names a module, `from .model import build` something in it.
            named = module or alias.name
            outside = bool(node.level) and self.state.libraries.module(named) is None
            inside = alias.name if module else ""
            value = UNKNOWN if outside else self.state.libraries.symbol(named, inside)
            told = self._imported(value, alias, f"from {module} import {alias.name}")
            self.state.scope.bind(alias.asname or alias.name, told_of(value, told))

    def _imported(self, value: Value, node: ast.AST, what: str) -> frozenset[str]:
        hits = self.state.matcher.named(
            value, Place(node, what=what), self.state.known, self.state.guard
        )
        if self.state.reporting:
            self.state.hits += hits
        return frozenset(hit.row for hit in hits)

    def _do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for before in [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]:
            self._expressions.evaluate(before)
        self._expressions.evaluate(node.returns)
        function = self._functions.setdefault(node, LocalFunction())
        self.state.scope.bind(node.name, function)
        method_of = self.state.classes[-1] if self.state.scope.kind == "class" else None
        decorators = {one.id for one in node.decorator_list if isinstance(one, ast.Name)}
        scope = Scope("function", self.state.libraries, self.state.scope)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        function.parameters = tuple(one.arg for one in arguments)
        for number, one in enumerate(arguments):
            annotation = self._expressions.evaluate(one.annotation) if one.annotation else UNKNOWN
            value: Value = self.annotated(annotation)
            if value == UNKNOWN and one.arg in function.given:
                # Other programs may call it as well: what it is given here is one of the ways.
                value = function.given[one.arg]
            handed = _HANDED.get((method_of.kind, node.name)) if method_of and number == 1 else None
            if handed is not None and value == UNKNOWN:
                value = Instance(handed)
            if number == 0 and method_of is not None and "staticmethod" not in decorators:
                value = (
                    method_of
                    if "classmethod" in decorators
                    else self._expressions.names.instance(method_of)
                )
            scope.names[one.arg] = value
        for rest in (node.args.vararg, node.args.kwarg):
            if rest is not None:
                scope.names[rest.arg] = UNKNOWN
        outer, self.state.scope = self.state.scope, scope
        guard = self.state.guard
        self._returns.append(None)
        for statement in node.body:
            self._statement(statement)
        function.returns = join(self._returns.pop(), None)
        if "property" in decorators and method_of is not None:
            method_of.members[node.name] = function.returns
        self.state.scope, self.state.guard = outer, guard

    _do_asyncfunctiondef = _do_functiondef

    def _do_classdef(self, node: ast.ClassDef) -> None:
        for one in [*node.decorator_list, *(keyword.value for keyword in node.keywords)]:
            self._expressions.evaluate(one)
        bases = [self._expressions.evaluate(base) for base in node.bases]
        owner = self._known_classes.setdefault(node, LocalClass(node.name))
        every = [option for base in bases for option in options(base)]
        owner.bases = tuple(one for one in every if isinstance(one, LocalClass) and one != owner)
        owner.paths = tuple(one.path for one in every if isinstance(one, Symbol))
        kinds = [kind_of(path) for path in owner.paths] + [one.kind for one in owner.bases]
        owner.kind = next(filter(None, kinds), "")
        owner.known = all(
            one.known if isinstance(one, LocalClass) else is_foreign_base(one) for one in every
        )
        self.state.scope.bind(node.name, owner)
        outer, self.state.scope = (
            self.state.scope,
            Scope("class", self.state.libraries, self.state.scope),
        )
        self.state.classes.append(owner)
        for statement in node.body:
            self._statement(statement)
            if self.state.reporting and isinstance(statement, ast.FunctionDef):
                place = Place(_header(statement), what=f"def {statement.name}")
                self.state.hits += self.state.matcher.defined(
                    owner, statement.name, place, self.state.guard
                )
            for name, value in self.state.scope.names.items():
                owner.members.setdefault(name, value)
        self.state.classes.pop()
        self.state.scope = outer

    def annotated(self, annotation: Value) -> Value:
        """What a parameter or a variable with an annotation is."""
        if isinstance(annotation, Symbol) and kind_of(annotation.path):
            return Instance(kind_of(annotation.path), annotation.path)
        return (
            self._expressions.names.instance(annotation)
            if isinstance(annotation, LocalClass)
            else UNKNOWN
        )

    def _do_return(self, node: ast.Return) -> None:
        value = self._expressions.evaluate(node.value)
        if self._returns and node.value is not None:
            self._returns[-1] = join(self._returns[-1], value)


def _header(function: ast.FunctionDef) -> ast.AST:
    """The place of a function's first line, not of all that is in it."""
    end = function.col_offset + len("def ") + len(function.name)
    return ast.Name(
        function.name,
        lineno=function.lineno,
        col_offset=function.col_offset,
        end_lineno=function.lineno,
        end_col_offset=end,
    )


def told_of(value: Value, rows: frozenset[str]) -> Value:
    """The same symbols, marked as reported."""
    if not rows:
        return value
    found = tuple(
        Symbol(one.path, one.doubt, one.told | rows) if isinstance(one, Symbol) else one
        for one in options(value)
    )
    return found[0] if len(found) == 1 else Either(found)
