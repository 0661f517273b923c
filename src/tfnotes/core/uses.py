"""Which data sets a block uses, read off the code of its page.

A block uses a set if it loads it, or reads a name whose value comes from one that did: through
assignments, through what a call is given (``model.fit(x)`` makes ``model`` depend on ``x``), and
through the functions that it calls. What cannot be followed counts as use, so the answer errs on
that side. A file counts like a name: what a call writes with a set's values is that set's.
"""

import ast
import builtins
import functools
import re
from collections.abc import Iterable

from tfnotes.core.blocks import Block

_MODULE = "tfnotes.data"
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_NESTED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Sets = frozenset[str]
_FILE = re.compile(r"[\w./*{}-]*(?:\.\w{1,10}|/[\w.*{}-]*)$")
"""A string that may name a file."""


def data_used(blocks: Iterable[Block], names: Iterable[str]) -> dict[str, Sets]:
    """The data sets that each block of a page uses, by the block's key.

    Args:
        blocks: The running blocks, in order.
        names: The sets that the page has loaded, as its records name them.
    """
    chain = tuple((block.key, block.code) for block in blocks)
    return dict(_uses_of(chain, frozenset(names)))


@functools.lru_cache(maxsize=256)  # a build asks twice of each page, for it and for its notebook
def _uses_of(chain: tuple[tuple[str, str], ...], names: Sets) -> dict[str, Sets]:
    page = _Page(names)
    return {key: page.block(code) for key, code in chain}


class _Page:
    """What the names of a page depend on, as far as it has been read."""

    def __init__(self, known: Sets) -> None:
        self._known = known
        self._sets: dict[str, Sets] = {}
        """By name: the data sets that its value comes from."""
        self._free: dict[str, set[str]] = {}
        """By function or class: the names of the page that its body reads."""
        self._loaders: dict[str, str] = {}
        """By name: the data set that a function imported from tfnotes.data loads."""
        self._data: set[str] = set()
        """Names of the module tfnotes.data."""
        self._inert: set[str] = set(dir(builtins))
        """Names that a call does not change: modules, what is imported from them, built-ins."""
        self._paths: set[str] = set()
        """Names of paths; a path and what its file holds are the same here."""

    def block(self, code: str) -> Sets:
        """Reads a block and says what it uses."""
        used: Sets = frozenset()
        for statement in ast.parse(code).body:
            used |= self._statement(statement, sure=True)
        return used

    def _statement(self, node: ast.stmt, sure: bool) -> Sets:
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node)
            return frozenset()
        if isinstance(node, _NESTED):
            # Its body runs when it is called; what stands around it, now.
            self._free[node.name] = _names_read(node)
            self._sets[node.name] = frozenset()
            outside = [*node.decorator_list]
            outside += node.bases if isinstance(node, ast.ClassDef) else node.args.defaults
            return self._of(*outside)
        if isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.If | ast.With | ast.Try):
            return self._compound(node)
        used = self._of(node)
        self._touch(node, used)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            value = node.value
            come = self._of(value) if value else frozenset()
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                pairs = _pairs(target, value)
                for one, part in [(one, self._of(part)) for one, part in pairs]:
                    self._bind(one, part, sure)
                if pairs:
                    continue
                self._bind(target, come, sure and not isinstance(node, ast.AugAssign))
                if isinstance(target, ast.Name) and isinstance(value, ast.Lambda):
                    self._free[target.id] = _names_read(value)
                if isinstance(target, ast.Name) and value and self._is_path(value):
                    self._paths.add(target.id)
        return used

    def _compound(self, node: ast.stmt) -> Sets:
        used: Sets = frozenset()
        for _ in range(2):  # a second time for what a loop carries from round to round
            heads = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
            items = [i for i in ast.iter_child_nodes(node) if isinstance(i, ast.withitem)]
            come = self._of(*heads, *items)
            used |= come
            if isinstance(node, ast.For | ast.AsyncFor):
                self._bind(node.target, self._of(node.iter), sure=False)
            for item in items:
                self._touch(item, self._of(item))
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, self._of(item.context_expr), sure=False)
            for part in ("body", "orelse", "finalbody"):
                for statement in getattr(node, part, ()):
                    used |= self._statement(statement, sure=False)
            for handler in getattr(node, "handlers", ()):
                for statement in handler.body:
                    used |= self._statement(statement, sure=False)
        return used

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            whole = (
                f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
            )
            self._sets[name] = frozenset()
            self._free.pop(name, None)
            self._inert.add(name)
            if whole == _MODULE:
                self._data.add(name if alias.asname or "." not in name else _MODULE)
            elif isinstance(node, ast.ImportFrom) and node.module == _MODULE:
                self._loaders[name] = alias.name

    def _of(self, *nodes: ast.AST) -> Sets:
        """The sets that an expression's value may come from."""
        found: Sets = frozenset()
        for outer in nodes:
            for node in ast.walk(outer):
                if isinstance(node, ast.Attribute) and self._is_data(node.value):
                    found |= {node.attr} & self._known
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    found |= self._of_name(node.id, set())
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found |= self._sets.get(repr(node.value), frozenset())
        return found

    def _of_name(self, name: str, seen: set[str]) -> Sets:
        if name in seen:
            return frozenset()
        seen.add(name)
        found = self._sets.get(name, frozenset())
        if name in self._loaders:
            found |= {self._loaders[name]} & self._known
        for read in self._free.get(name, ()):
            if read.startswith(f"{_MODULE}."):
                found |= {read.removeprefix(f"{_MODULE}.")} & self._known
            elif read not in self._data:
                found |= self._of_name(read, seen)
        return found

    def _is_data(self, node: ast.expr) -> bool:
        return (
            ast.unparse(node) in self._data if isinstance(node, ast.Name | ast.Attribute) else False
        )

    def _is_path(self, node: ast.expr) -> bool:
        """Whether a value names a file, or folder, as far as one can see."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str) and bool(_FILE.fullmatch(node.value))
        inside = list(ast.walk(node))
        calls = {ast.unparse(n.func).split(".")[-1] for n in inside if isinstance(n, ast.Call)}
        if calls & {"Path", "mkdtemp", "join"}:
            return True
        names = {n.id for n in inside if isinstance(n, ast.Name)}
        joined = isinstance(node, ast.BinOp | ast.JoinedStr) or "str" in calls
        return joined and bool(names & self._paths)

    def _bind(self, target: ast.AST, come: Sets, sure: bool) -> None:
        """Gives names the sets of what they are bound to; a part of a value adds to it."""
        if isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, come, sure)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, come, sure)
        elif isinstance(target, ast.Name):
            self._sets[target.id] = come if sure else self._sets.get(target.id, frozenset()) | come
            if sure:
                self._free.pop(target.id, None)
                self._loaders.pop(target.id, None)
                self._inert.discard(target.id)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            self._bind(target.value, come, sure=False)

    def _touch(self, node: ast.AST, come: Sets) -> None:
        """What a call is given may change what it is called on, and its other arguments."""
        for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
            given = self._of(call)
            if not given:
                continue
            root: ast.expr = call.func
            while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
                root = root.func if isinstance(root, ast.Call) else root.value
            changed = [root] if isinstance(call.func, ast.Attribute) else []
            if isinstance(call.func, ast.Name) and call.func.id in self._free:
                changed += [*call.args, *(word.value for word in call.keywords)]
                self._free_touch(call.func.id, given)
            for part in (part for one in (*call.args, *call.keywords) for part in ast.walk(one)):
                if isinstance(part, ast.Constant) and self._is_path(part):
                    place = repr(part.value)
                    self._sets[place] = self._sets.get(place, frozenset()) | given
                elif isinstance(part, ast.Name) and part.id in self._paths:
                    changed.append(part)
            for name in changed:
                if isinstance(name, ast.Name) and name.id not in self._inert:
                    self._sets[name.id] = self._sets.get(name.id, frozenset()) | given

    def _free_touch(self, function: str, given: Sets) -> None:
        """A function of the page may change the page's own objects that it reads."""
        for name in self._free[function]:
            if name in self._sets and name not in self._inert and name not in self._free:
                self._sets[name] |= given


def _names_read(node: ast.AST) -> set[str]:
    """The names that a function's or a class's body reads and does not make itself."""
    inside = list(ast.walk(node))
    made = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    made |= {n.arg for n in inside if isinstance(n, ast.arg)}
    outer = {name for n in inside if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}
    read = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    # A set that is loaded inside: the module may have any name, so each attribute is a guess.
    loads = {f"{_MODULE}.{name}" for n in inside if (name := _load(n))}
    return (read - (made - outer)) | loads


def _load(node: ast.AST) -> str:
    """What ``data.mnist`` names; ``""`` for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "data" else ""
    return ""


def _pairs(target: ast.expr, value: ast.expr | None) -> list[tuple[ast.expr, ast.expr]]:
    """What each name of ``a, b = x, y`` is bound to; nothing for another assignment."""
    if not (isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)):
        return []
    same = len(target.elts) == len(value.elts)
    return list(zip(target.elts, value.elts, strict=True)) if same else []
