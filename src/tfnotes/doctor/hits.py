"""A place in a program, and what is found there."""

import ast
from dataclasses import dataclass, replace

from tfnotes.doctor.literals import Arguments
from tfnotes.doctor.patterns import Pattern
from tfnotes.doctor.values import Value

CERTAINTIES = ("certain", "likely", "possible")
"""How sure a finding is, surest first."""


@dataclass(frozen=True)
class Hit:
    """A pattern that fits a place."""

    row: str
    """The row's id."""
    pattern: Pattern
    certainty: str
    doubt: str
    """Why it is not certain; ``""`` if it is."""
    line: int
    column: int
    end_line: int
    end_column: int
    what: str
    """What stands there, in one line."""
    text: str = ""
    """The whole call, if it is one."""


@dataclass(frozen=True)
class Place:
    """A use of something: a name, an attribute, perhaps called, perhaps subscripted."""

    node: ast.AST
    """Where it is; its name is the text of this node or ``what``."""
    call: ast.Call | None = None
    key: ast.expr | None = None
    what: str = ""
    stored: Value | None = None
    """What is assigned to it, if it is the target of an assignment."""


def name_of(node: ast.expr) -> str:
    """The last name in an expression, from which its kind can be guessed."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Subscript):
        return name_of(node.value).removesuffix("s")
    return ""


def source(node: ast.AST, longest: int = 60) -> str:
    """An expression in one short line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def make_hit(
    row: str, pattern: Pattern, place: Place, certainty: str, doubt: str, guard: str
) -> Hit:
    """Notes that a pattern fits a place; in guarded code nothing is more than possible."""
    node = place.node
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    hit = Hit(
        row=row,
        pattern=pattern,
        certainty=certainty,
        doubt=doubt,
        line=line,
        column=column,
        end_line=getattr(node, "end_lineno", None) or line,
        end_column=getattr(node, "end_col_offset", None) or column + 1,
        what=(place.what or source(node)) + _arguments(pattern, place.call),
        text=ast.unparse(place.call) if place.call is not None else place.what or source(node),
    )
    return replace(hit, certainty="possible", doubt=guard) if guard else hit


def _arguments(pattern: Pattern, call: ast.Call | None) -> str:
    """The arguments that a pattern asks for, as they stand: ``(lr=0.01)``."""
    if call is None:
        return ""
    given = Arguments.of(call)
    shown = []
    for condition in pattern.conditions:
        node = given.get(condition)
        if node is not None:
            named = given.keywords.get(condition.keyword) is node
            shown.append((f"{condition.keyword}=" if named else "") + source(node, 30))
    return f"({', '.join(shown)})" if shown else ""
