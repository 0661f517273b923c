"""A program as cures see it: what stands where, what names mean, how the program writes them."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor
from libcst.metadata import (
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    QualifiedNameProvider,
    QualifiedNameSource,
)

from tfnotes.doctor.fix.cures import Cure
from tfnotes.doctor.patterns import ROOTS

_ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.BaseString, cst.BaseNumber,
          cst.List, cst.Dict, cst.Set, cst.ListComp)  # fmt: skip
_TIGHT = (cst.Attribute, cst.BinaryOperation, cst.UnaryOperation, cst.Comparison, cst.Subscript,
          cst.BooleanOperation, cst.Await)  # fmt: skip
_PATH = re.compile(r"(?<![\w.{])(?:tf|keras|np)(?:\.\w+)+")
HOLE = re.compile(r"\{(\*{0,2}\w*)\}")
"""Where a template takes an argument."""
_MODULES = {"tf": "tensorflow", "np": "numpy"}

Span = tuple[int, int, int, int]


@dataclass(frozen=True)
class Found:
    """A finding that is to be cured: its place, 1-based lines and 0-based columns, and its row."""

    span: Span
    row: str


class View:
    """A program with what was found in it."""

    def __init__(
        self, wrapper: MetadataWrapper, found: Sequence[Found], cures: dict[str, list[Cure]]
    ) -> None:
        """Resolves what LibCST knows of a program.

        Args:
            wrapper: The program.
            found: What the doctor found in it.
            cures: The cures of each row.
        """
        self.module = wrapper.module
        self.context = CodemodContext()
        self.rows: list[str] = []
        """The row of each cure that was applied."""
        self.spans = wrapper.resolve(PositionProvider)
        self.parents = wrapper.resolve(ParentNodeProvider)
        self.qualified = wrapper.resolve(QualifiedNameProvider)
        self.at: dict[Span, list[Found]] = {}
        for one in found:
            self.at.setdefault(one.span, []).append(one)
        self.cures = cures
        rows = sorted({one.row for one in found})
        self.all = [(row, cure) for row in rows for cure in cures.get(row, ())]
        self.names = {old: (new, row) for row, cure in self.all for old, new in cure.names.items()}
        self.tree = ast.parse(self.module.bytes)
        self.imported = self._rows_of_imports()
        self.bindings = self._find_bindings()

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands, as findings have it."""
        where = self.spans[node]
        return where.start.line, where.start.column, where.end.line, where.end.column

    def here(self, node: cst.CSTNode) -> list[tuple[str, Cure]]:
        """The cures for what was found at a node."""
        found = self.at.get(self.span(node), ()) if node in self.spans else ()
        return [(one.row, cure) for one in found for cure in self.cures.get(one.row, ())]

    def _rows_of_imports(self) -> set[str]:
        """Rows that were found in an import; the doctor does not repeat them where names are used."""
        lines = {
            line
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        return {one.row for span, ones in self.at.items() if span[0] in lines for one in ones}

    def _find_bindings(self) -> dict[str, str]:
        """The full names of what the program imports, by the names it gives them."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        found[alias.asname or alias.name] = canonical(alias.name)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    found[alias.asname or alias.name] = canonical(f"{node.module}.{alias.name}")
        return found

    def full_name(self, node: cst.CSTNode) -> str:
        """The full name of an imported thing; ``""`` of anything else."""
        names = self.qualified.get(node, ())
        for name in names() if callable(names) else names:  # LibCST finds them when asked.
            if name.source is QualifiedNameSource.IMPORT:
                return canonical(name.name)
        return ""

    def renamed(self, path: str) -> tuple[str, str, str] | None:
        """A name's old part, its new whole and the row, if a cure renames it."""
        parts = path.split(".")
        for size in range(len(parts), 0, -1):
            for prefix in ("", "tf."):
                old = ".".join(parts[:size])
                if prefix and not old.startswith("tf.keras"):
                    continue
                found = self.names.get(old.removeprefix(prefix))
                if found is not None:
                    new = found[0]
                    if old.startswith("tf.keras") and new.startswith("keras."):
                        new = f"tf.{new}"
                    return old, ".".join([new, *parts[size:]]), found[1]
        return None

    def spell(self, path: str) -> str:
        """How the program writes a full name; what it lacks is imported."""
        best = ""
        for local, bound in self.bindings.items():
            reaches = path == bound or path.startswith(f"{bound}.")
            if reaches and (not best or len(bound) > len(self.bindings[best])):
                best = local
        if best:
            return best + path[len(self.bindings[best]) :]
        root, _, rest = path.partition(".")
        if root == "tf" and "tf.compat.v1" in self.bindings.values():
            # A second name for TensorFlow would be another TensorFlow than the program's.
            local = next(one for one, bound in self.bindings.items() if bound == "tf.compat.v1")
            return f"{local}.{rest}"
        module = _MODULES.get(root, root)
        AddImportsVisitor.add_needed_import(
            self.context, module, asname=root if module != root else None
        )
        self.bindings[root] = root
        return path

    def code(self, node: cst.CSTNode) -> str:
        """A node as code."""
        return self.module.code_for_node(node).strip()

    def fill(self, template: str, values: dict[str, str], own_keras: bool) -> str:
        """A template with the program's names and arguments in it."""

        def path(match: re.Match[str]) -> str:
            ours = match[0].startswith("keras.") and not own_keras
            return self.spell(f"tf.{match[0]}" if ours else match[0])

        text = _PATH.sub(path, template)

        def hole(match: re.Match[str]) -> str:
            value = values[match[1]]
            before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
            tight = before[-1:] in tuple("+-*/") or after[:1] in tuple("+-*/.[")
            if tight and value and not isinstance(cst.parse_expression(value), _ATOMS):
                return f"({value})"
            return value

        filled = HOLE.sub(hole, text)
        return re.sub(r",\s*(?=\))", "", filled).replace("(, ", "(")

    def in_import(self, node: cst.CSTNode) -> bool:
        """Whether a node is part of an import."""
        parent: cst.CSTNode | None = node
        while parent is not None:
            if isinstance(parent, cst.Import | cst.ImportFrom):
                return True
            parent = self.parents.get(parent)
        return False

    def expression(self, text: str, original: cst.CSTNode) -> cst.BaseExpression:
        """A new expression, in brackets where what stands around it would tear it apart."""
        new = cst.parse_expression(text)
        tight = isinstance(self.parents.get(original), _TIGHT)
        if tight and not isinstance(new, _ATOMS):
            return new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return new


def canonical(name: str) -> str:
    """A full name as the ledger's patterns write it."""
    root, _, rest = name.partition(".")
    root = ROOTS.get(root, root)
    return f"{root}.{rest}" if rest else root


def is_name(node: cst.BaseExpression) -> bool:
    """Whether an expression is a name with dots, and nothing is called in it."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def dotted(path: str) -> cst.Name | cst.Attribute:
    """A module's full name, as an import has it."""
    root, _, rest = path.partition(".")
    name = cst.parse_expression(".".join(filter(None, (_MODULES.get(root, root), rest))))
    assert isinstance(name, cst.Name | cst.Attribute)
    return name


def same(one: str, other: str) -> bool:
    """Whether two full names are one, with TensorFlow's Keras and the package's taken as one."""
    return (bool(one) and one.removeprefix("tf.keras") == other.removeprefix("tf.keras")) or (
        bool(one) and f"tf.{one}" == other
    )


def below(path: str, old: str) -> bool:
    """Whether a full name is another one or something in it."""
    return bool(old) and any(
        path == one or path.startswith(f"{one}.") for one in (old, f"tf.{old}")
    )
