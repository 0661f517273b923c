"""Holding the ledger's patterns against names, calls, attributes and keys of a program.

All shapes of patterns are held in one module because they share how sure a match is.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from tfnotes.doctor.hits import Hit, Place, make_hit, name_of, source
from tfnotes.doctor.kinds import LIBRARIES, guess
from tfnotes.doctor.literals import Arguments, holds, value_of
from tfnotes.doctor.patterns import Condition, Pattern, parse
from tfnotes.doctor.surface import unknown_arguments, unknown_method_arguments, unknown_name
from tfnotes.doctor.values import (
    UNKNOWN,
    Instance,
    LocalClass,
    Several,
    Symbol,
    Value,
    options,
)

Lookup = Callable[[ast.expr], Value]

_MEANT = "new code may say the same and mean it; see the note"
UNLESS = "unless "
"""What the row of a pattern begins with that only keeps others quiet."""


class Matcher:
    """The patterns of all rows, ready to be looked up."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        """Reads the patterns.

        Args:
            patterns: Pairs of a row's id and one of its patterns.
        """
        self._names: dict[tuple[str, str], list[tuple[str, Pattern]]] = defaultdict(list)
        self._methods: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        self._defined: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        self._special: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        self._surface: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
        self.shell: list[tuple[str, Pattern]] = []
        self.roots: set[str] = set()
        for row, text in patterns:
            for pattern in parse(text):
                self._add(row, pattern)
                for silent in parse(pattern.unless) if pattern.unless else ():
                    self._add(f"{UNLESS}{pattern.unless}", silent)

    def _add(self, row: str, pattern: Pattern) -> None:
        if pattern.shape == "surface":
            self._surface[pattern.parts[0]].append((row, pattern))
        elif pattern.shape == "shell":
            self.shell.append((row, pattern))
        elif pattern.shape in ("new", "compare"):
            self._special[pattern.shape].append((row, pattern))
        elif pattern.shape == "def":
            self._defined[pattern.parts[-1]].append((row, pattern))
        elif pattern.shape == "name":
            self.roots.add(pattern.parts[0])
            second = pattern.parts[1] if len(pattern.parts) > 1 else "*"
            key = "*" if "*" in second else second
            self._names[pattern.parts[0], key].append((row, pattern))
        else:
            last = pattern.parts[-1]
            self._methods["*" if "*" in last else last].append((row, pattern))

    def named(self, value: Value, place: Place, lookup: Lookup, guard: str) -> list[Hit]:
        """What is known of the use of a library's name."""
        found: list[tuple[str, Pattern, str, bool]] = []
        several = options(value)
        for symbol in several:
            if not isinstance(symbol, Symbol):
                continue
            parts = symbol.path.split(".")
            second = parts[1] if len(parts) > 1 else "*"
            rules = [*self._names.get((parts[0], second), ())]
            if second != "*":
                rules += self._names.get((parts[0], "*"), ())
            doubt = symbol.doubt
            if any(one is not symbol for one in several):
                doubt = doubt or "another branch of the program gives this name another meaning"
            found += [
                (row, pattern, doubt, row in symbol.told)
                for row, pattern in rules
                if _names_match(pattern, parts, place, lookup)
            ]
        # What was reported where the name was imported still hides less special rows here.
        plain = [p.depth for _, p, _, _ in found if not p.conditions and p.key is None]
        deepest = max(plain, default=0)
        if not found:
            return self._not_there(several, place, guard)
        return [
            make_hit(row, pattern, place, *_surety(pattern, doubt), guard)
            for row, pattern, doubt, told in found
            if not told
            and (pattern.conditions or pattern.key is not None or pattern.depth == deepest)
        ]

    def _not_there(self, several: Iterable[Value], place: Place, guard: str) -> list[Hit]:
        """Names and arguments that the release does not have, where no row says more of them."""
        hits = []
        symbols = [one for one in several if isinstance(one, Symbol) and one.path]
        for symbol in symbols if len(symbols) == 1 else ():
            doubt = ("likely" if symbol.doubt else "certain", symbol.doubt)
            name = unknown_name(symbol.path)
            for row, pattern in self._surface["names"] if name else ():
                hits.append(make_hit(row, pattern, place, *doubt, guard))
            if place.call is None:
                continue
            given = [one.arg for one in place.call.keywords if one.arg]
            for argument in unknown_arguments(symbol.path, given):
                for row, pattern in self._surface["arguments"]:
                    known = replace(pattern, conditions=(Condition("given", keyword=argument),))
                    hits.append(make_hit(row, known, place, *doubt, guard))
        return hits

    def _refused(self, node: ast.Attribute, place: Place, value: Value, guard: str) -> list[Hit]:
        """Arguments that a method of a model does not have."""
        models = [one for one in options(value) if isinstance(one, Instance)]
        if (
            place.call is None
            or not models
            or any(one.kind != "Model" or one.owner is not None for one in models)
        ):
            return []
        given = [one.arg for one in place.call.keywords if one.arg]
        hits = []
        for argument in unknown_method_arguments(node.attr, given):
            for row, pattern in self._surface["arguments"]:
                known = replace(pattern, conditions=(Condition("given", keyword=argument),))
                hits.append(make_hit(row, known, place, "certain", "", guard))
        return hits

    def keyed(self, value: Value, place: Place, lookup: Lookup, guard: str) -> Iterator[Hit]:
        """What is known of a key of ``history.history``, once that has a name of its own."""
        kinds = [one.kind for one in options(value) if isinstance(one, Instance)]
        for row, pattern in self._methods.get("history", ()) if "HistoryDict" in kinds else ():
            if pattern.key is not None and _use_matches(pattern, place, lookup):
                yield make_hit(row, pattern, place, "certain", "", guard)

    def defined(self, owner: LocalClass, name: str, place: Place, guard: str) -> Iterator[Hit]:
        """What is known of a method that a class defines."""
        for row, pattern in self._defined.get(name, ()):
            if pattern.owner in (owner.kind, ""):
                yield make_hit(row, pattern, place, "certain", "", guard)

    def made(self, owner: LocalClass, place: Place, lookup: Lookup, guard: str) -> Iterator[Hit]:
        """What is known of making an object of a class of the program."""
        for row, pattern in self._special["new"]:
            if pattern.owner == owner.kind and _use_matches(pattern, place, lookup):
                yield make_hit(row, pattern, place, "certain", "", guard)

    def compared(self, node: ast.Compare, guard: str) -> Iterator[Hit]:
        """What is known of comparing a name with a text."""
        sides = [node.left, *node.comparators]
        texts = [one.value for one in sides if isinstance(one, ast.Constant)]
        named = [one for one in sides if isinstance(one, ast.Attribute)]
        for row, pattern in self._special["compare"]:
            for one in named:
                fits = [text for text in texts if isinstance(text, str)]
                if one.attr in pattern.parts and any(re.search(pattern.key, t) for t in fits):
                    doubt = f"the type of {source(one.value)} is not known"
                    yield make_hit(row, pattern, Place(one), "possible", doubt, guard)

    def applied(self, call: ast.Call, place: Place, lookup: Lookup, guard: str) -> Iterator[Hit]:
        """What is known of calling an object: a layer, a model."""
        for row, pattern in self._methods.get("__call__", ()):
            if _use_matches(pattern, place, lookup):
                verdict = _judge(pattern, call.func, lookup(call.func), lambda _: False)
                if verdict is not None and pattern.text.startswith("?"):
                    verdict = ("possible", _MEANT)
                if verdict is not None:
                    yield make_hit(row, pattern, place, *verdict, guard)

    def asked(
        self,
        node: ast.Attribute,
        place: Place,
        lookup: Lookup,
        guard: str,
        unknown: Callable[[Pattern], bool],
    ) -> Iterator[Hit]:
        """What is known of an attribute of an object.

        Args:
            node: The attribute.
            place: The use: the node, a call of it, a key of it.
            lookup: What the value of an expression is.
            guard: Why it may not be reached; ``""`` if nothing speaks for that.
            unknown: Whether an object of which nothing is known may be what a pattern means.
        """
        silent = True
        for row, pattern in [*self._methods.get(node.attr, ()), *self._methods.get("*", ())]:
            base = _base(node, pattern.parts)
            if base is None or not _use_matches(pattern, place, lookup):
                continue
            verdict = _judge(pattern, base, lookup(base), unknown)
            if verdict is not None and pattern.stored is not None and pattern.text[0] == "?":
                verdict = ("possible", _MEANT)
            if verdict is not None:
                silent = silent and row.startswith(UNLESS)
                yield make_hit(row, pattern, place, *verdict, guard)
        if silent:
            yield from self._refused(node, place, lookup(node.value), guard)


def _names_match(pattern: Pattern, parts: list[str], place: Place, lookup: Lookup) -> bool:
    exact = pattern.called or pattern.key is not None
    if len(parts) != len(pattern.parts) if exact else len(parts) < len(pattern.parts):
        return False
    return all(map(fnmatchcase, parts, pattern.parts)) and _use_matches(pattern, place, lookup)


def _use_matches(pattern: Pattern, place: Place, lookup: Lookup) -> bool:
    if pattern.key is not None:
        return place.key is not None and value_of(place.key, lookup) == (True, pattern.key)
    if place.key is not None:
        return False
    if pattern.stored is not None:
        return place.stored is not None and _is_stored(pattern.stored, place.stored)
    if not pattern.called:
        return True
    if place.call is None:
        return False
    given = Arguments.of(place.call, lookup)
    return all(holds(condition, given, lookup) for condition in pattern.conditions)


def _is_stored(kind: str, value: Value) -> bool:
    """Whether a value that is assigned is of a kind, or a list with one that is."""
    parts = [
        one
        for option in options(value)
        for part in (option.items if isinstance(option, Several) else (option,))
        for one in options(part)
        if isinstance(one, Instance)
    ]
    if kind == "TfVariable":  # And not what `add_weight` made.
        return any(one.kind == "Variable" and one.path.startswith("tf.") for one in parts)
    return not kind or any(one.kind == kind for one in parts)


def _surety(pattern: Pattern, doubt: str) -> tuple[str, str]:
    """How sure the use of a name is, and why not surer."""
    if pattern.shared:
        return "possible", _MEANT
    return ("likely" if doubt else "certain"), doubt


def _base(node: ast.expr, parts: tuple[str, ...]) -> ast.expr | None:
    """The expression that the components are asked of."""
    for part in reversed(parts):
        if not isinstance(node, ast.Attribute) or not fnmatchcase(node.attr, part):
            return None
        node = node.value
    return node


def _judge(
    pattern: Pattern, base: ast.expr, value: Value, unknown: Callable[[Pattern], bool]
) -> tuple[str, str] | None:
    """How sure it is that the object is of the pattern's kind, and why not surer."""
    several = [_fits(pattern, option) for option in options(value)]
    if any(several):
        doubts = [one for one in several if isinstance(one, str)]
        if not all(several):
            doubts.append("another branch of the program makes it something else")
        return ("likely", doubts[0]) if doubts else ("certain", "")
    if UNKNOWN not in options(value) or pattern.shape == "result":
        return None
    if not unknown(pattern):
        return None
    name = name_of(base)
    doubt = f"the type of {source(base)} is not known"
    if not pattern.shared:
        return "likely", doubt
    if guess(pattern.owner, name):
        return "possible", f"{doubt}; its name suggests: {pattern.owner}"
    return None


def _fits(pattern: Pattern, value: Value) -> bool | str:
    """Whether a value is of the pattern's kind; a text says yes, and what the doubt is."""
    if not isinstance(value, Instance):
        return False
    own = value.owner.find(pattern.parts[0]) if value.owner is not None else None
    if own is not None and pattern.stored is None:
        return False
    if pattern.shape == "result":
        parts, wanted = value.path.split("."), pattern.owner.split(".")
        fits = len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
    elif pattern.owner:
        fits = value.kind == pattern.owner
    else:
        fits = value.path.partition(".")[0] in LIBRARIES or bool(value.kind)
    return fits and (value.doubt or True)
