"""Constants that can be read off an expression, and what conditions on a call make of them.

All forms stand in one module because conditions ask for each of them in the same way.
"""

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tfnotes.doctor.patterns import Condition
from tfnotes.doctor.values import Instance, Literal, Mapping, Several, Symbol, Value, options

Lookup = Callable[[ast.expr], Value]

# Stands for the part of a text that is not known; an end that is not known is None altogether.
_GAP = "\0"
_COMPARE = {
    "#=": operator.eq,
    "#>": operator.gt,
    "#<": operator.lt,
    "#>=": operator.ge,
    "#<=": operator.le,
}


@dataclass(frozen=True)
class Arguments:
    """What a call is given."""

    positional: tuple[ast.expr, ...]
    keywords: dict[str, ast.expr]
    open: bool
    """Whether ``*args`` or ``**kwargs`` may hold more."""

    @classmethod
    def of(cls, call: ast.Call, lookup: "Lookup | None" = None) -> "Arguments":
        """Reads them off a call.

        Args:
            call: The call.
            lookup: What the value of an expression is; with it, a dictionary that is handed over
                as ``**options`` is looked into.
        """
        starred = any(isinstance(one, ast.Starred) for one in call.args)
        plain = tuple(one for one in call.args if not isinstance(one, ast.Starred))
        keywords = {one.arg: one.value for one in call.keywords if one.arg}
        for one in call.keywords:
            found = lookup(one.value) if one.arg is None and lookup is not None else None
            if isinstance(found, Mapping):
                keywords |= dict(found.items)
            elif one.arg is None:
                starred = True
        return cls(plain, keywords, starred)

    def get(self, condition: Condition) -> ast.expr | None:
        """The argument that a condition speaks about."""
        if condition.position is not None and condition.position < len(self.positional):
            return self.positional[condition.position]
        return self.keywords.get(condition.keyword)


def text_of(node: ast.expr, lookup: Lookup) -> str | None:
    """The text that an expression makes, with gaps; ``None`` if its end is not known."""
    text = _text(node, lookup)
    return None if text is None or text.endswith(_GAP) else text


def _text(node: ast.expr, lookup: Lookup) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else _GAP for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
        left, right = _text(node.left, lookup), _text(node.right, lookup)
        between = "/" if isinstance(node.op, ast.Div) else ""
        return None if right is None else (left or _GAP) + between + right
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        text = _text(node.left, lookup)
        return None if text is None else re.sub(r"%[-+ #0-9.]*[a-z]", _GAP, text)
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if isinstance(node.func, ast.Attribute) and name == "format":
            text = _text(node.func.value, lookup)
            return None if text is None else re.sub(r"\{[^{}]*\}", _GAP, text)
        function = name or (node.func.id if isinstance(node.func, ast.Name) else "")
        if function in ("join", "Path", "str", "joinpath") and node.args and not node.keywords:
            last = _text(node.args[-1], lookup)
            return last if len(node.args) == 1 or last is None else f"{_GAP}/{last}"
        return None
    found = options(lookup(node))
    if len(found) == 1 and isinstance(found[0], Literal) and isinstance(found[0].value, str):
        return found[0].value
    return None


def value_of(node: ast.expr, lookup: Lookup) -> tuple[bool, Any]:
    """Whether an expression is a constant, and which."""
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        found = options(lookup(node))
        if len(found) == 1 and isinstance(found[0], Literal):
            return True, found[0].value
        return False, None


def holds(condition: Condition, given: Arguments, lookup: Lookup) -> bool:
    """Whether a condition is certain to hold; what is not known does not."""
    if condition.test.startswith("#"):
        return not given.open and bool(
            _COMPARE[condition.test](len(given.positional), condition.value)
        )
    node = given.get(condition)
    if condition.test == "absent":
        return node is None and not given.open
    if node is None:
        return False
    if condition.test == "given":
        return True
    if condition.test == "kind" and condition.value in FORMS:
        return FORMS[condition.value](node, lookup)
    if condition.test == "key":
        return _has_key(node, condition.value, lookup)
    if condition.test == "kind":
        return any(
            isinstance(one, Instance) and one.kind == condition.value
            for one in _elements(node, lookup)
        )
    if condition.test == "name":
        return any(
            isinstance(one, Instance | Symbol) and f"{one.path}.".startswith(f"{condition.value}.")
            for one in _elements(node, lookup)
        )
    if condition.test == "equal":
        return _equals(condition.value, node, lookup)
    return _matches(condition, node, lookup)


def _is_int(node: ast.expr, lookup: Lookup) -> bool:
    """Whether an expression is certainly one integer."""
    known, value = value_of(node, lookup)
    if known:
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("len", "int")
    if isinstance(node, ast.BinOp):
        whole = not isinstance(node.op, ast.Div | ast.MatMult)
        return whole and _is_int(node.left, lookup) and _is_int(node.right, lookup)
    # x.shape[-1], whatever x is; x.shape[1:] is a tuple.
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "shape"
        and not isinstance(node.slice, ast.Slice | ast.Tuple)
    )


def _is_constant(node: ast.expr, lookup: Lookup) -> bool:
    """Whether an expression is a number, a truth value or a text; None may stand anywhere."""
    known, value = value_of(node, lookup)
    return known and isinstance(value, bool | int | float | str)


def _is_numbers(node: ast.expr, lookup: Lookup) -> bool:
    """Whether an expression is a list of numbers, or of lists of them, that is written out."""
    if not isinstance(node, ast.List) or not node.elts:
        found = lookup(node)
        return isinstance(found, Several) and bool(found.items) and _literals(found)
    return all(
        _is_numbers(one, lookup)
        if isinstance(one, ast.List | ast.Tuple)
        else _is_number(value_of(one, lookup)[1])
        for one in node.elts
    )


def _is_number(value: Any) -> bool:
    # Texts are what TextVectorization and StringLookup take, in a list as well.
    return isinstance(value, int | float)


def _literals(several: Several) -> bool:
    return all(
        _literals(one)
        if isinstance(one, Several)
        else isinstance(one, Literal) and _is_number(one.value)
        for one in several.items
    )


def _has_key(node: ast.expr, key: str, lookup: Lookup) -> bool:
    """Whether a dictionary has a key, or one that it holds."""
    if isinstance(node, ast.Dict):
        pairs = [
            (one.value if isinstance(one, ast.Constant) else None, value)
            for one, value in zip(node.keys, node.values, strict=True)
        ]
    else:
        found = lookup(node)
        pairs = list(found.items) if isinstance(found, Mapping) else []
    return any(name == key or _has_key(value, key, lookup) for name, value in pairs)


FORMS: dict[str, Callable[[ast.expr, Lookup], bool]] = {
    "int": _is_int,
    "constant": _is_constant,
    "numbers": _is_numbers,
    "list": lambda node, _: isinstance(node, ast.List),
    "lambda": lambda node, _: isinstance(node, ast.Lambda),
    "training": lambda node, _: (
        isinstance(node, ast.Name) and node.id in ("training", "is_training", "train")
    ),
    "numpy": lambda node, lookup: (
        isinstance(node, ast.Call)
        and any(
            isinstance(one, Symbol) and one.path.startswith("numpy.int")
            for one in options(lookup(node.func))
        )
    ),
}
"""Forms of an expression that a condition can ask for as it asks for kinds; see `patterns`."""


def _elements(node: ast.expr, lookup: Lookup) -> list[Value]:
    """What an argument may be, or the elements of a list or a dictionary that it is."""
    parts = [node]
    if isinstance(node, ast.List | ast.Tuple):
        parts = node.elts
    elif isinstance(node, ast.Dict):
        parts = node.values
    return [one for part in parts for one in options(lookup(part))]


def _equals(wanted: Any, node: ast.expr, lookup: Lookup) -> bool:
    known, value = value_of(node, lookup)
    if known and _same(wanted, value):
        return True
    if isinstance(wanted, str) and isinstance(node, ast.List | ast.Tuple):
        return any(_equals(wanted, one, lookup) for one in node.elts)
    return (
        isinstance(wanted, list)
        and isinstance(node, ast.List)
        and any(_equals(one, element, lookup) for one in wanted for element in node.elts)
    )


def _same(wanted: Any, value: Any) -> bool:
    # 1 is not True here: `fit(verbose=1)` and `load(download=True)` are different patterns.
    return type(wanted) is type(value) and bool(wanted == value)


def _matches(condition: Condition, node: ast.expr, lookup: Lookup) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return any(_matches(condition, one, lookup) for one in node.elts)
    text = text_of(node, lookup)
    if text is None:
        return False
    found = re.search(condition.value, text) is not None
    return found == (condition.test == "match")


def literal(node: ast.expr) -> Value | None:
    """The value of a constant expression, if it is one."""
    if isinstance(node, ast.Constant):
        return Literal(node.value)
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return Several(())
    return None
