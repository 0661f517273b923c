"""The cures of ``cures.toml``: what stands in place of old code, by row of the ledger.

A cure has ``rows``, and ``safe = false`` if somebody must look at what it writes. Names are full
ones (``tf`` is TensorFlow; ``keras.…`` is that of TensorFlow and the package's own). What it does:

``names``
    Another name, ``"tf.{log,erf}" = "tf.math.*"``; the star is the alternative.
``calls``
    Another expression, ``"tf.to_float(x)" = "tf.cast({x}, tf.float32)"``. On the left: a name, a
    method as ``self.name``, or ``call`` for whatever is called; parameters in their old order;
    ``*`` lets further arguments stand, ``...`` drops all. On the right: ``{x}`` an argument,
    ``{self}`` the object, ``{f}`` what is called, ``{*}`` the further arguments, ``{**}`` all that
    are given, as keywords.
``attributes``
    An expression in place of an attribute that is not called.
``methods``
    Another name for an attribute or a method.
``keywords``
    Another name for an argument; an empty one drops it.
``texts``
    Another text as an argument, in a list of them, or as a key.
``suffix``
    Another ending of the file that is named first; what loads the same file follows.
``graph``
    The whole program as a graph, under ``tensorflow.compat.v1``; with ``legacy`` on Keras 2.
``input``
    ``keras.Input`` in place of an argument of the first layer.
``tuple``, ``array``
    An argument as a tuple; lists of data as arrays.
``lists``
    ``list(…)`` in place of ``.as_list()`` behind it.
``generator``
    What else a generator needs: ``"shuffle"`` is ``shuffle=False``, ``"tuple"`` that it gives tuples.
``defaults``
    An argument that is dropped where it has this value.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from tfnotes.core.errors import PageError

FILE = Path(__file__).with_name("cures.toml")


@dataclass(frozen=True)
class Call:
    """The left side of an entry of ``calls``."""

    path: str
    """The full name; ``""`` for whatever is called."""
    method: str = ""
    """The method's name, if it is one."""
    parameters: tuple[str, ...] | None = ()
    """None if it is no call but a name."""
    others: bool = False
    """Whether further arguments may stand."""
    any: bool = False
    """Whether arguments do not matter."""


@dataclass(frozen=True)
class Cure:
    """One entry of ``cures.toml``; the module's docstring tells its keys."""

    rows: tuple[str, ...]
    safe: bool = True
    names: dict[str, str] = field(default_factory=dict)
    calls: tuple[tuple[Call, str], ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    suffix: str = ""
    graph: bool = False
    input: bool = False
    tuple: str = ""
    array: bool = False
    lists: bool = False
    generator: str = ""
    legacy: bool = False
    defaults: dict[str, str] = field(default_factory=dict)


def spell_out(pattern: str, new: str) -> Iterable[tuple[str, str]]:
    """Old and new names of an entry with alternatives."""
    groups = list(re.finditer(r"\{([^{}]*)\}", pattern))
    if not groups:
        yield pattern, new
        return
    last = groups[-1]  # The star is its alternative.
    for choice in last[1].split(","):
        old = pattern[: last.start()] + choice + pattern[last.end() :]
        yield from spell_out(old, new.replace("*", choice))


def parse_call(text: str) -> Call:
    """Reads the left side of an entry of ``calls``."""
    head, bracket, rest = text.partition("(")
    if not bracket:
        return Call(head, parameters=None)
    parameters = [one.strip() for one in rest.rstrip(")").split(",") if one.strip()]
    anything, others = "..." in parameters, "*" in parameters
    names = tuple(one for one in parameters if one not in ("*", "..."))
    method = head.removeprefix("self.") if head.startswith("self.") else ""
    path = "" if method or head == "call" else head
    return Call(path, method, names, others, anything)


@cache
def load_cures(path: Path = FILE) -> dict[str, list[Cure]]:
    """The cures of each row.

    Args:
        path: The file.

    Returns:
        By row, in the file's order.

    Raises:
        PageError: An entry has a key that no cure has, or no rows.
    """
    known = {one.name for one in fields(Cure)}
    cures: dict[str, list[Cure]] = {}
    for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["cure"], 1):
        unknown = sorted(set(entry) - known)
        if unknown or not entry.get("rows"):
            what = f"has {unknown[0]!r}, which no cure has" if unknown else "has no rows"
            raise PageError(path.name, 1, f"cure {number} {what}; the keys are told in cures.py")
        names = [pair for one in entry.pop("names", {}).items() for pair in spell_out(*one)]
        calls = [pair for one in entry.pop("calls", {}).items() for pair in spell_out(*one)]
        cure = Cure(
            rows=tuple(entry.pop("rows")),
            names=dict(names),
            calls=tuple((parse_call(left), right) for left, right in calls),
            **entry,
        )
        for row in cure.rows:
            cures.setdefault(row, []).append(cure)
    return cures
