"""Imports and definitions: what a program's own names stand for."""

import ast

from tfnotes.doctor.evaluate import Expressions, is_foreign_base
from tfnotes.doctor.hits import Place
from tfnotes.doctor.kinds import kind_of
from tfnotes.doctor.match import Matcher
from tfnotes.doctor.scope import Libraries, Scope
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


class Definitions(Expressions):
    """Reads imports, functions and classes."""

    def __init__(self, matcher: Matcher, libraries: Libraries) -> None:
        super().__init__(matcher, libraries)
        self._functions: dict[ast.AST, LocalFunction] = {}
        self._known_classes: dict[ast.AST, LocalClass] = {}
        self._returns: list[Value | None] = []

    def body(self, statements: list[ast.stmt]) -> None:
        """Reads statements in order."""
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Reads a statement."""
        method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if method is not None:
            method(node)
        else:
            self._children(node)

    def _do_import(self, node: ast.Import) -> None:
        for alias in node.names:
            value = self.libraries.symbol(alias.name)
            told = self._imported(value, alias, f"import {alias.name}")
            if alias.asname is None:
                root = alias.name.partition(".")[0]
                whole = self.libraries.symbol(root)
                self.scope.bind(root, told_of(whole, told) if root == alias.name else whole)
            else:
                self.scope.bind(alias.asname, told_of(value, told))

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                if node.level and self.libraries.module(module) is None:
                    self.scope.module.stars.append("")
                    continue
                self._imported(self.libraries.symbol(module), node, f"from {module} import *")
                self.scope.import_star(module)
                continue
            # `from . import model` names a module, `from .model import build` something in it.
            named = module or alias.name
            outside = bool(node.level) and self.libraries.module(named) is None
            inside = alias.name if module else ""
            value = UNKNOWN if outside else self.libraries.symbol(named, inside)
            told = self._imported(value, alias, f"from {module} import {alias.name}")
            self.scope.bind(alias.asname or alias.name, told_of(value, told))

    def _imported(self, value: Value, node: ast.AST, what: str) -> frozenset[str]:
        hits = self.matcher.named(value, Place(node, what=what), self.known, self.guard)
        if self.reporting:
            self.hits += hits
        return frozenset(hit.row for hit in hits)

    def _do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for before in [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]:
            self.evaluate(before)
        self.evaluate(node.returns)
        function = self._functions.setdefault(node, LocalFunction())
        self.scope.bind(node.name, function)
        method_of = self.classes[-1] if self.scope.kind == "class" else None
        decorators = {one.id for one in node.decorator_list if isinstance(one, ast.Name)}
        scope = Scope("function", self.libraries, self.scope)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        function.parameters = tuple(one.arg for one in arguments)
        for number, one in enumerate(arguments):
            annotation = self.evaluate(one.annotation) if one.annotation else UNKNOWN
            value: Value = self.annotated(annotation)
            if value == UNKNOWN and one.arg in function.given:
                # Other programs may call it as well: what it is given here is one of the ways.
                value = function.given[one.arg]
            handed = _HANDED.get((method_of.kind, node.name)) if method_of and number == 1 else None
            if handed is not None and value == UNKNOWN:
                value = Instance(handed)
            if number == 0 and method_of is not None and "staticmethod" not in decorators:
                value = method_of if "classmethod" in decorators else self.instance(method_of)
            scope.names[one.arg] = value
        for rest in (node.args.vararg, node.args.kwarg):
            if rest is not None:
                scope.names[rest.arg] = UNKNOWN
        outer, self.scope = self.scope, scope
        guard = self.guard
        self._returns.append(None)
        self.body(node.body)
        function.returns = join(self._returns.pop(), None)
        if "property" in decorators and method_of is not None:
            method_of.members[node.name] = function.returns
        self.scope, self.guard = outer, guard

    _do_asyncfunctiondef = _do_functiondef

    def _do_classdef(self, node: ast.ClassDef) -> None:
        for one in [*node.decorator_list, *(keyword.value for keyword in node.keywords)]:
            self.evaluate(one)
        bases = [self.evaluate(base) for base in node.bases]
        owner = self._known_classes.setdefault(node, LocalClass(node.name))
        every = [option for base in bases for option in options(base)]
        owner.bases = tuple(one for one in every if isinstance(one, LocalClass) and one != owner)
        owner.paths = tuple(one.path for one in every if isinstance(one, Symbol))
        kinds = [kind_of(path) for path in owner.paths] + [one.kind for one in owner.bases]
        owner.kind = next(filter(None, kinds), "")
        owner.known = all(
            one.known if isinstance(one, LocalClass) else is_foreign_base(one) for one in every
        )
        self.scope.bind(node.name, owner)
        outer, self.scope = self.scope, Scope("class", self.libraries, self.scope)
        self.classes.append(owner)
        for statement in node.body:
            self.statement(statement)
            if self.reporting and isinstance(statement, ast.FunctionDef):
                place = Place(_header(statement), what=f"def {statement.name}")
                self.hits += self.matcher.defined(owner, statement.name, place, self.guard)
            for name, value in self.scope.names.items():
                owner.members.setdefault(name, value)
        self.classes.pop()
        self.scope = outer

    def annotated(self, annotation: Value) -> Value:
        """What a parameter or a variable with an annotation is."""
        if isinstance(annotation, Symbol) and kind_of(annotation.path):
            return Instance(kind_of(annotation.path), annotation.path)
        return self.instance(annotation) if isinstance(annotation, LocalClass) else UNKNOWN

    def _do_return(self, node: ast.Return) -> None:
        value = self.evaluate(node.value)
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
