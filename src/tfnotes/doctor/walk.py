"""Statements: a program is read twice, first to learn what it defines, then to report.

All statements are in one module because the names of one are what the next one sees.
"""

import ast
import re
from dataclasses import replace

from tfnotes.doctor.define import Definitions, told_of
from tfnotes.doctor.evaluate import Expressions, element
from tfnotes.doctor.hits import Hit, Place
from tfnotes.doctor.kinds import guess
from tfnotes.doctor.match import UNLESS, Matcher
from tfnotes.doctor.scope import Libraries, Scope, imports_keras_2, imports_tensorflow
from tfnotes.doctor.state import State
from tfnotes.doctor.values import (
    FOREIGN,
    UNKNOWN,
    Symbol,
    Value,
    join,
)

# What code catches that tries one release's way and then another's; the second set does so only
# around a few statements: a whole program in `try` with `except Exception` is no such thing.
_CATCHES = frozenset(("ImportError", "ModuleNotFoundError", "AttributeError", "TypeError"))
_CATCHES_ALL = frozenset(("Exception", "BaseException"))
_FEW = 3
_VERSION = re.compile(
    r"__version__|\bVERSION\b|\bhasattr\b|version_info|\btf_?v?[12]\b|is_tf_?[12]|executing_eagerly",
    re.I,
)


# What nothing but a Keras model has: enough to speak up in a file that is handed one.
_ASKED_OF_MODELS = frozenset(
    ("fit_generator", "evaluate_generator", "predict_generator", "predict_classes")
)

_RIVALS = frozenset(
    (
        "torch",
        "sklearn",
        "xgboost",
        "lightgbm",
        "mxnet",
        "chainer",
        "jax",
        "flax",
        "theano",
        "fastai",
    )
)


class Program:
    """Reads one program: the visitor, which holds what evaluates and what defines.

    Args:
        matcher: What the ledger knows.
        libraries: Which modules matter.
    """

    def __init__(self, matcher: Matcher, libraries: Libraries) -> None:
        self.state = State(matcher, libraries)
        self.expressions = Expressions(self.state)
        self.definitions = Definitions(self.state, self.expressions, self.statement)

    def read(self, tree: ast.Module) -> list[Hit]:
        """Reads a program.

        Args:
            tree: The program.

        Returns:
            What was found, in the order of the program.
        """
        self.state.relevant = imports_tensorflow(tree, self.state.libraries)
        stars = any(
            isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            for node in ast.walk(tree)
        )
        # Whoever imports another library for models has models of that library.
        others = any(
            isinstance(node, ast.Import | ast.ImportFrom) and _is_rival(node)
            for node in ast.walk(tree)
        )
        handed_in = not self.state.relevant and not stars
        if handed_in and others:
            return []
        if handed_in and not _ASKED_OF_MODELS & {
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
        }:
            return []
        self.state.relevant = self.state.relevant or handed_in
        self.state.keras_2 = self.state.libraries.legacy or imports_keras_2(tree)
        self.state.own_names = {
            method.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for method in node.body
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        final: dict[str, Value] = {}
        for self.state.reporting in (False, True):
            self.state.scope = Scope("module", self.state.libraries, final=final)
            self.body(tree.body)
            final = dict(self.state.scope.names)
        quiet = {
            hit.row.removeprefix(UNLESS) for hit in self.state.hits if hit.row.startswith(UNLESS)
        }
        self.state.hits = [
            hit
            for hit in self.state.hits
            if not hit.row.startswith(UNLESS) and hit.pattern.unless not in quiet - {""}
        ]
        if handed_in:
            self.state.relevant = False
            self.state.hits = [
                replace(hit, certainty="possible", doubt=f"{hit.doubt}; nothing here imports Keras")
                for hit in self.state.hits
                if hit.pattern.parts[-1] in _ASKED_OF_MODELS and _is_model(hit.what)
            ]
        self.state.final = final
        unique = {
            (hit.row, hit.line, hit.column, hit.what): hit for hit in reversed(self.state.hits)
        }
        return sorted(unique.values(), key=lambda hit: (hit.line, hit.column, hit.row))

    def body(self, statements: list[ast.stmt]) -> None:
        """Reads statements in order."""
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Reads a statement."""
        if self.definitions.read(node):
            return
        method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if method is not None:
            method(node)
        else:
            self.expressions.children(node)

    def _do_assign(self, node: ast.Assign) -> None:
        value = self.expressions.evaluate(node.value)
        if isinstance(value, Symbol):
            # `rnn = tf.contrib.rnn` is reported here, not at every use of rnn.
            hits = self.state.matcher.named(
                value, Place(node.value), self.state.known, self.state.guard
            )
            value = told_of(value, frozenset(hit.row for hit in hits))
        for target in node.targets:
            self.expressions.names.assign(target, value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        annotation = self.expressions.evaluate(node.annotation)
        value = self.expressions.evaluate(node.value) if node.value is not None else UNKNOWN
        self.expressions.names.assign(
            node.target, self.definitions.annotated(annotation) if value == UNKNOWN else value
        )

    def _do_augassign(self, node: ast.AugAssign) -> None:
        value = self.expressions.evaluate(node.value)
        if isinstance(node.target, ast.Name):
            self.expressions.names.assign(
                node.target, join(self.state.scope.lookup(node.target.id), value)
            )
        else:
            self.expressions.evaluate(node.target)

    def _do_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.state.scope.names.pop(target.id, None)
            else:
                self.expressions.evaluate(target)

    def _do_global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.state.scope.outer.update(node.names)

    _do_nonlocal = _do_global

    def _branch(self, body: list[ast.stmt], guard: str = "") -> dict[str, Value] | None:
        """Reads a branch; its names, or ``None`` if what follows is not reached from it."""
        before, self.state.scope.names = self.state.scope.names, dict(self.state.scope.names)
        outer, self.state.guard = self.state.guard, self.state.guard or guard
        self.body(body)
        after, self.state.scope.names = self.state.scope.names, before
        self.state.guard = outer
        leaves = body and isinstance(body[-1], ast.Raise | ast.Return | ast.Continue | ast.Break)
        return None if leaves else after

    def _meet(self, *branches: dict[str, Value] | None) -> None:
        reached = [branch for branch in branches if branch is not None]
        if not reached:
            return
        names = dict.fromkeys(name for branch in reached for name in branch)
        merged = {}
        for name in names:
            found = reached[0].get(name)
            for branch in reached[1:]:
                found = join(found, branch.get(name))
            merged[name] = found if found is not None else UNKNOWN
        self.state.scope.names = merged

    def _do_if(self, node: ast.If) -> None:
        self.expressions.evaluate(node.test)
        versions = _VERSION.search(ast.unparse(node.test))
        guard = "the program asks for the version before it comes here" if versions else ""
        self._meet(self._branch(node.body, guard), self._branch(node.orelse, guard))

    def _do_while(self, node: ast.While) -> None:
        self.expressions.evaluate(node.test)
        self._meet(self._branch(node.body), dict(self.state.scope.names))
        self.body(node.orelse)

    def _do_for(self, node: ast.For | ast.AsyncFor) -> None:
        self.expressions.names.assign(node.target, element(self.expressions.evaluate(node.iter)))
        self._meet(self._branch(node.body), dict(self.state.scope.names))
        self.body(node.orelse)

    _do_asyncfor = _do_for

    def _do_with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.expressions.evaluate(item.context_expr)
            if item.optional_vars is not None:
                self.expressions.names.assign(item.optional_vars, value)
        self.body(node.body)

    _do_asyncwith = _do_with

    def _do_try(self, node: ast.Try) -> None:
        caught = any(_caught(handler, len(node.body) <= _FEW) for handler in node.handlers)
        guard = "what it raises is caught" if caught else ""
        count = len(self.state.hits)
        body = self._branch([*node.body, *node.orelse], guard)
        failed = len(self.state.hits) > count
        handlers = []
        for handler in node.handlers:
            self.expressions.evaluate(handler.type)
            if handler.name:
                self.state.scope.bind(handler.name, FOREIGN)
            reason = "reached only if what was tried before it fails" if caught else ""
            handlers.append(self._branch(handler.body, reason))
        if caught and body is not None and not failed and self._imports_work(node.body, body):
            # `try: import tensorflow.compat.v1 as tf`: on today's release, that is what tf is.
            self.state.scope.names = body
        else:
            self._meet(body, *handlers)
        self.body(node.finalbody)

    _do_trystar = _do_try

    def _imports_work(self, body: list[ast.stmt], names: dict[str, Value]) -> bool:
        bound = [
            alias.asname or alias.name.partition(".")[0]
            for one in body
            if isinstance(one, ast.Import | ast.ImportFrom)
            for alias in one.names
        ]
        values = [names.get(name) for name in bound]
        return bool(bound) and all(isinstance(one, Symbol) and not one.told for one in values)

    def _do_match(self, node: ast.Match) -> None:
        self.expressions.evaluate(node.subject)
        branches = []
        for case in node.cases:
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    self.state.scope.bind(name, UNKNOWN)
            if case.guard is not None:
                self.expressions.evaluate(case.guard)
            branches.append(self._branch(case.body))
        self._meet(dict(self.state.scope.names), *branches)


def _is_model(what: str) -> bool:
    """Whether the object that something is asked of has a name that people give to models."""
    return guess("Model", what.partition("(")[0].rpartition(".")[0].rpartition(".")[2])


def _is_rival(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        names = [node.module or ""]
    return any(name.partition(".")[0] in _RIVALS for name in names)


def _caught(handler: ast.ExceptHandler, few: bool) -> bool:
    if handler.type is None:
        return few
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = _CATCHES | _CATCHES_ALL if few else _CATCHES
    return any(isinstance(one, ast.Name) and one.id in names for one in kinds)
