"""Which value a name has at a place: scopes, imports, canonical names."""

import ast
import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tfnotes.doctor.kinds import LIBRARIES, is_stranger
from tfnotes.doctor.values import FOREIGN, UNKNOWN, Either, LocalClass, Symbol, Value

# What everybody calls them: what notes without imports mean.
_CUSTOMARY = {
    "tf": "tf",
    "keras": "tf.keras",
    "hub": "tensorflow_hub",
    "tfds": "tensorflow_datasets",
    "layers": "tf.keras.layers",
}
_ASSUMED = "nothing here imports it; read as TensorFlow's, as is customary"
_STARRED = "comes from a star import, if nothing else provides it"
_LEGACY = re.compile(r"TF_USE_LEGACY_KERAS['\"]\s*(?:\]\s*=|,)\s*['\"](?:1|[Tt]rue)['\"]")


@dataclass(frozen=True)
class Module:
    """A file of the same folder, once it has been read."""

    names: Mapping[str, Value]
    """What its names are in the end."""
    relevant: bool
    """Whether it uses TensorFlow."""


@dataclass(frozen=True)
class Libraries:
    """Which modules matter, and what their names mean in this text."""

    roots: frozenset[str]
    """Roots of canonical names that patterns speak of."""
    notes: bool = False
    """Whether the text is notes, whose blocks may lack their imports."""
    legacy: bool = False
    """Whether the text asks for Keras 2 (``TF_USE_LEGACY_KERAS``)."""
    modules: Mapping[str, Module] = field(default_factory=dict)
    """The other files of the folder that have been read, by the names they are imported by."""

    @classmethod
    def of(
        cls, roots: set[str], text: str, notes: bool, modules: Mapping[str, Module] | None = None
    ) -> "Libraries":
        """For a text."""
        every = frozenset(roots) | LIBRARIES
        return cls(every, notes, bool(_LEGACY.search(text)), modules or {})

    def module(self, name: str) -> Module | None:
        """A file of the same folder, by the name that it is imported by."""
        return self.modules.get(name)

    def canonical(self, path: str) -> str:
        """A dotted name as patterns write it."""
        parts = path.split(".")
        parts[0] = "tf" if parts[0] == "tensorflow" else parts[0]
        if parts[:3] == ["tf", "compat", "v2"]:
            parts[1:3] = []
        if parts[:2] == ["tf", "optimizers"]:
            parts[:1] = ["tf", "keras"]
        if self.legacy and parts[:2] == ["tf", "keras"]:
            parts[:2] = ["tf_keras"]
        return ".".join(parts)

    def symbol(self, module: str, name: str = "", doubt: str = "") -> Value:
        """What an import binds: a module, or ``name`` from it."""
        local = self.module(module)
        if local is not None:
            # A module has members as a class has.
            whole = LocalClass(module, members=dict(local.names))
            return local.names.get(name, UNKNOWN) if name else whole
        path = self.canonical(f"{module}.{name}" if name else module)
        root = path.partition(".")[0]
        if root in self.roots or is_stranger(path):
            return Symbol(path, doubt)
        # A module of the project has functions; an object from one may be anything.
        return UNKNOWN if name else FOREIGN

    def concerns(self, module: str) -> bool:
        """Whether an import makes the text one that uses TensorFlow."""
        local = self.module(module)
        if local is not None:
            return local.relevant
        root = self.canonical(module).partition(".")[0]
        return root in self.roots and not is_stranger(root)

    def customary(self, name: str) -> Value | None:
        """What a name means that nothing binds, in notes."""
        path = _CUSTOMARY.get(name)
        return Symbol(self.canonical(path), _ASSUMED) if path else None


@dataclass
class Scope:
    """The names of a module, a class, a function or a comprehension."""

    kind: str
    libraries: Libraries
    parent: "Scope | None" = None
    names: dict[str, Value] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    """Modules whose names were all imported; ``""`` for one that is not known."""
    outer: set[str] = field(default_factory=set)
    """Names declared global or nonlocal."""
    final: dict[str, Value] = field(default_factory=dict)
    """The module's names at its end, for functions that are called later."""

    @property
    def module(self) -> "Scope":
        """The scope of the module."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def bind(self, name: str, value: Value) -> None:
        """Assigns."""
        scope = self
        if name in self.outer:
            scope = self.module
        elif self.kind == "comprehension" and self.parent is not None and name not in self.names:
            scope = self.parent
        scope.names[name] = value

    def lookup(self, name: str) -> Value:
        """Reads a name."""
        scope: Scope | None = self
        inside = False
        while scope is not None:
            # A function is called later than it is defined: it sees what the module ends with.
            if scope.parent is None and inside and name in scope.final:
                return scope.final[name]
            # The body of a class does not see through to its methods.
            if (scope is self or scope.kind != "class") and name in scope.names:
                return scope.names[name]
            inside = inside or scope.kind == "function"
            scope = scope.parent
        return self._unbound(name)

    def _unbound(self, name: str) -> Value:
        stars = self.module.stars
        starred: list[Value] = [
            Symbol(self.libraries.canonical(f"{star}.{name}"), _STARRED) for star in stars if star
        ]
        if hasattr(builtins, name):
            return Symbol(name) if name in self.libraries.roots else FOREIGN
        if self.libraries.notes or (stars and "" in stars and name in ("tf", "keras")):
            customary = self.libraries.customary(name)
            if customary is not None:
                return customary
        if not starred:
            return UNKNOWN
        return starred[0] if len(starred) == 1 else Either(tuple(starred))

    def import_star(self, module: str) -> None:
        """``from module import *``."""
        local = self.libraries.module(module)
        if local is not None:
            public = {name: one for name, one in local.names.items() if not name.startswith("_")}
            self.module.names.update(public)
            return
        root = self.libraries.canonical(module).partition(".")[0]
        known = root in self.libraries.roots
        if known or not is_stranger(module):
            self.module.stars.append(module if known else "")


def imports_keras_2(tree: ast.Module) -> bool:
    """Whether a program uses Keras 2 under its own name: what has its methods may be of that."""
    return any(
        (
            isinstance(node, ast.Import)
            and any(one.name.split(".")[0] == "tf_keras" for one in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tf_keras")
        for node in ast.walk(tree)
    )


def imports_tensorflow(tree: ast.Module, libraries: Libraries) -> bool:
    """Whether a program uses TensorFlow, Keras or something else that patterns speak of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            if any(libraries.concerns(alias.name) for alias in node.names):
                return True
        elif isinstance(node, ast.ImportFrom) and node.module:
            known = not node.level or libraries.module(node.module) is not None
            if known and libraries.concerns(node.module):
                return True
        elif libraries.notes and isinstance(node, ast.Name) and node.id in ("tf", "keras"):
            return True
    return False
