"""What is known of a value without running anything."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Other:
    """A value that is nothing of TensorFlow's, or of which nothing is known."""

    name: str


UNKNOWN = Other("unknown")
FOREIGN = Other("foreign")


@dataclass(frozen=True)
class Symbol:
    """A module, class or function of a library, by its canonical dotted name."""

    path: str
    doubt: str = ""
    """Why it may be something else; ``""`` if it is certain."""
    told: frozenset[str] = frozenset()
    """The rows that the import or assignment has been reported for already."""

    def below(self, name: str) -> "Symbol":
        """An attribute of it."""
        return Symbol(f"{self.path}.{name}", self.doubt, self.told)


@dataclass(frozen=True)
class Instance:
    """What a known call returned."""

    kind: str = ""
    """One of the kinds that patterns name, ``Layers`` and ``KerasTensors`` for lists of them, or none of them."""
    path: str = ""
    """The canonical name that was called."""
    owner: "LocalClass | None" = None
    """The class, if this file defines it."""
    doubt: str = ""


@dataclass(frozen=True)
class Literal:
    """A constant."""

    value: Any


@dataclass(frozen=True)
class Several:
    """A tuple or a list that is written out."""

    items: tuple["Value", ...]


@dataclass(frozen=True)
class Mapping:
    """A dictionary that is written out, with texts as keys."""

    items: tuple[tuple[str, ast.expr], ...]


@dataclass(eq=False)
class LocalFunction:
    """A function that this file defines."""

    returns: "Value | None" = None
    given: dict[str, "Value"] = field(default_factory=dict)
    """What calls in this program hand in, by parameter."""
    parameters: tuple[str, ...] = ()


@dataclass(eq=False)
class LocalClass:
    """A class that this file defines."""

    name: str
    kind: str = ""
    """The kind of object that it is through its bases."""
    known: bool = True
    """Whether all its bases are known."""
    bases: tuple["LocalClass", ...] = ()
    paths: tuple[str, ...] = ()
    """Canonical names of the bases that are a library's."""
    members: dict[str, "Value"] = field(default_factory=dict)
    """Methods, class attributes, and what is assigned to ``self``."""

    def find(self, name: str, seen: int = 0) -> "Value | None":
        """A member of it or of its bases in this file."""
        if name in self.members:
            return self.members[name]
        for base in self.bases if seen < 20 else ():
            if (found := base.find(name, seen + 1)) is not None:
                return found
        return None


@dataclass(frozen=True)
class Either:
    """One of several values: the branches of a program met here."""

    options: tuple["Value", ...]


Value = (
    Other | Symbol | Instance | Literal | Several | Mapping | LocalFunction | LocalClass | Either
)

_MOST = 6


def options(value: Value) -> tuple[Value, ...]:
    """The values that it may be."""
    return value.options if isinstance(value, Either) else (value,)


def unite(values: Iterable[Value]) -> Value:
    """What may be any of several values; unknown if there is none."""
    found: Value | None = None
    for value in values:
        found = value if found is None else join(found, value)
    return UNKNOWN if found is None else found


def join(one: Value | None, other: Value | None) -> Value:
    """What a name may be after two branches; ``None`` stands for a branch that does not set it."""
    if one is None or other is None:
        return one or other or UNKNOWN
    found = dict.fromkeys((*options(one), *options(other)))
    # `model = None` before the branches says nothing about what the model is.
    if len(found) > 1:
        found.pop(Literal(None), None)
    kept = tuple(found)[:_MOST]
    return kept[0] if len(kept) == 1 else Either(kept)
