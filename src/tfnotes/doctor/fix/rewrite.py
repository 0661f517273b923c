"""Writes cures into a program with LibCST, which keeps formatting and comments.

What is cured is found by the doctor: a cure of a row is applied at the places where the row was
found, and its new names wherever the old ones stand. All of it is in one module because
names, attributes, imports and statements of a program change in one walk.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst
from libcst.codemod.visitors import AddImportsVisitor
from libcst.metadata import MetadataWrapper

from tfnotes.doctor.fix.calls import Calls, replace_texts
from tfnotes.doctor.fix.cures import Cure
from tfnotes.doctor.fix.view import Found, View, below, canonical, dotted, is_name, same

_GRAPHS = ("disable_eager_execution", "disable_v2_behavior")
"""What a program says that is a graph already."""
_LEGACY = (
    "import os",
    'os.environ["TF_USE_LEGACY_KERAS"] = "1"  # Layers of TensorFlow 1: pip install tf_keras',
)


@dataclass
class Rewritten:
    """A program with cures in it."""

    code: bytes
    rows: list[str] = field(default_factory=list)
    """The row of each cure, in order; one place may have several."""


class Unreadable(Exception):
    """LibCST cannot parse the program, or a cure would have broken it."""


def rewrite(code: bytes, found: Sequence[Found], cures: dict[str, list[Cure]]) -> Rewritten:
    """Applies cures to a program.

    Args:
        code: The program, in its own encoding.
        found: What the doctor found in it.
        cures: The cures of each row.

    Returns:
        The new program, the same bytes if nothing could be cured.

    Raises:
        Unreadable: It is not Python 3, or a cure would have broken it.
    """
    try:
        module = cst.parse_module(code)
    except (cst.ParserSyntaxError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error).split("\n", 1)[0]) from None
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    graph = [
        (one.row, cure)
        for one in found
        for cure in cures.get(one.row, ())
        if cure.graph and not any(text in module.code for text in _GRAPHS)
    ]
    if graph:
        # As a graph it keeps TensorFlow 1's names; what is left to cure then, the next pass finds.
        cures = {row: [one for one in ones if one.graph] for row, ones in cures.items()}
    view = View(wrapper, found, cures)
    new = wrapper.module.visit(_Curing(view))
    if graph:
        change = _Graph(legacy=any(cure.legacy for _, cure in graph))
        new = new.visit(change)
        view.rows += [graph[0][0]] if change.done else []
    if not view.rows:
        return Rewritten(code)
    new = AddImportsVisitor(view.context).transform_module(new)
    try:
        ast.parse(new.bytes)
    except SyntaxError as error:
        raise Unreadable(f"a cure would have broken line {error.lineno}") from None
    return Rewritten(new.bytes, view.rows)


class _Graph(cst.CSTTransformer):
    """``import tensorflow as tf`` becomes that of ``tensorflow.compat.v1``, the first one."""

    def __init__(self, legacy: bool) -> None:
        super().__init__()
        self.legacy = legacy
        self.done = False

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        for small in updated_node.body:
            if self.done or not isinstance(small, cst.Import):
                continue
            for alias in small.names:
                if alias.evaluated_name != "tensorflow":
                    continue
                self.done = True
                local = alias.evaluated_alias or "tensorflow"
                new = alias.with_changes(
                    name=cst.parse_expression("tensorflow.compat.v1"),
                    asname=alias.asname or cst.AsName(cst.Name("tensorflow")),
                )
                line = cst.ensure_type(
                    updated_node.deep_replace(alias, new), cst.SimpleStatementLine
                )
                after = cst.parse_statement(f"{local}.disable_eager_execution()")
                if not self.legacy:
                    return cst.FlattenSentinel([line, after])
                before = [cst.parse_statement(one) for one in _LEGACY]
                before[0] = before[0].with_changes(leading_lines=line.leading_lines)
                return cst.FlattenSentinel([*before, line.with_changes(leading_lines=[]), after])
        return updated_node


class _Curing(cst.CSTTransformer):
    """Applies all cures but that of whole programs."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self.calls = Calls(view)
        self._calls_of: dict[str, list[int]] = {}
        """Uses of a name that calls cure, and how many of them are cured."""

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.FlattenSentinel[cst.BaseSmallStatement] | cst.RemovalSentinel:
        if original_node.module is None or original_node.relative:
            return updated_node
        module = canonical(self.view.code(original_node.module))
        if isinstance(updated_node.names, cst.ImportStar):
            found = self.view.renamed(module)
            if found is None or found[0] == found[1]:
                return updated_node
            self.view.rows.append(found[2])
            return updated_node.with_changes(module=dotted(found[1]))
        groups: dict[str, list[cst.ImportAlias]] = {}
        changed = False
        for alias in updated_node.names:
            path = f"{module}.{alias.evaluated_name}"
            if self._is_spent(path):
                changed = True
                continue
            found = self.view.renamed(path)
            if found is not None and found[1] != path:
                self.view.rows.append(found[2])
                changed = True
                local = alias.evaluated_alias or alias.evaluated_name
                path, name = found[1], found[1].rpartition(".")[2]
                alias = cst.ImportAlias(
                    cst.Name(name), None if name == local else cst.AsName(cst.Name(local))
                )
            groups.setdefault(path.rpartition(".")[0], []).append(alias)
        if not changed:
            return updated_node
        if not groups:
            return cst.RemoveFromParent()
        # Brackets of an import of several names stay with the names that remain where they are.
        statements: list[cst.BaseSmallStatement] = []
        for name, aliases in groups.items():
            clean = [alias.with_changes(comma=cst.MaybeSentinel.DEFAULT) for alias in aliases]
            if not name:
                statements.append(cst.Import(clean))
            elif len(groups) == 1 and len(aliases) == len(updated_node.names):
                statements.append(
                    updated_node.with_changes(module=dotted(name), names=_rejoin(aliases))
                )
            else:
                statements.append(cst.ImportFrom(module=dotted(name), names=clean))
        return statements[0] if len(statements) == 1 else cst.FlattenSentinel(statements)

    def _is_spent(self, path: str) -> bool:
        """Whether an imported name is one whose every use a call's cure has replaced."""
        rows = {
            row for row, cure in self.view.all for call, _ in cure.calls if same(call.path, path)
        }
        uses, cured = self._calls_of.get(path, [0, 0])
        return bool(rows & self.view.imported) and uses > 0 and uses == cured

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        names = []
        for alias in updated_node.names:
            found = self.view.renamed(canonical(alias.evaluated_name))
            if found is not None and (alias.asname or "." not in alias.evaluated_name):
                local = alias.evaluated_alias or alias.evaluated_name
                asname = None if local == found[1] else alias.asname
                if local != found[1] and asname is None:
                    asname = cst.AsName(cst.Name(local))
                alias = alias.with_changes(name=dotted(found[1]), asname=asname)
                self.view.rows.append(found[2])
            names.append(alias)
        return updated_node.with_changes(names=names)

    # Names and attributes --------------------------------------------------------------------------

    def visit_Module(self, node: cst.Module) -> None:
        """Counts the uses of names that cures of calls replace, since imports come first."""
        wanted = {call.path for _, cure in self.view.all for call, _ in cure.calls if call.path}
        for use in self.view.qualified:
            if not isinstance(use, cst.Name | cst.Attribute) or not is_name(use):
                continue
            path = self.view.full_name(use)
            if path and any(same(one, path) for one in wanted) and not self.view.in_import(use):
                parent = self.view.parents.get(use)
                args = parent.args if isinstance(parent, cst.Call) and parent.func is use else None
                counts = self._calls_of.setdefault(path, [0, 0])
                counts[0] += 1
                if args is not None and any(
                    self.calls.bind(call, args) is not None
                    for _, cure in self.view.all
                    for call, _ in cure.calls
                    if same(call.path, path)
                ):
                    counts[1] += 1

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._rename(original_node, updated_node)

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        new = self._rename(original_node, updated_node)
        if new is not updated_node:
            return self._rename_method(original_node, new)
        parent = self.view.parents.get(original_node)
        called = isinstance(parent, cst.Call) and parent.func is original_node
        name = original_node.attr.value
        for row, cure in self.view.here(original_node):
            if name in cure.methods:
                return self._rename_method(original_node, updated_node)
            if name in cure.attributes and not called:
                self.view.rows.append(row)
                values = {"self": self.view.code(updated_node.value)}
                text = self.view.fill(cure.attributes[name], values, own_keras=False)
                return self.view.expression(text, original_node)
            for call, template in cure.calls:
                if call.parameters is None and same(call.path, self.view.full_name(original_node)):
                    self.view.rows.append(row)
                    return self.view.expression(template, original_node)
        return updated_node

    def _rename_method(
        self, original: cst.Attribute, updated: cst.BaseExpression
    ) -> cst.BaseExpression:
        for row, cure in self.view.here(original):
            new = cure.methods.get(original.attr.value)
            if new is not None and isinstance(updated, cst.Attribute):
                self.view.rows.append(row)
                return updated.with_changes(attr=cst.Name(new))
        return updated

    def _rename(
        self, original: cst.Name | cst.Attribute, updated: cst.Name | cst.Attribute
    ) -> cst.BaseExpression:
        parent = self.view.parents.get(original)
        if (
            isinstance(parent, cst.Attribute)
            or not is_name(original)
            or self.view.in_import(original)
        ):
            return updated  # The whole name is what is looked at.
        path = self.view.full_name(original)
        # An attribute of what is named may be anything: the name goes as far as a cure knows it.
        found = self.view.renamed(path) if path else None
        if found is None:
            return updated
        old, new, row = found
        spelled = self.view.code(original).split(".")
        root = path.split(".")[: len(path.split(".")) - len(spelled) + 1]
        if len(old.split(".")) <= len(root):
            return updated  # Its import is renamed.
        if new == path:
            return updated
        self.view.rows.append(row)
        rooted = ".".join(root)
        if new.startswith(f"{rooted}."):
            text = spelled[0] + new[len(rooted) :]
        else:
            text = self.view.spell(new)
        return cst.parse_expression(text)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        func = original_node.func
        path = self.view.full_name(func) if is_name(func) else ""
        here = self.view.here(func)
        told = [
            (row, cure)
            for row, cure in self.view.all
            if row in self.view.imported
            and path
            and any(below(path, old) for old in (*cure.names, *(c.path for c, _ in cure.calls)))
        ]
        new: cst.BaseExpression = updated_node
        for row, cure in [*here, *(one for one in told if one not in here)]:
            if not isinstance(new, cst.Call):
                break
            before = new
            new = self.calls.cure(original_node, new, path, cure)
            if new is not before:
                self.view.rows.append(row)
        if isinstance(new, cst.Call):
            new = self.calls.follow_files(new)
            if self.calls.wants_list(original_node):
                value = self.view.code(new.func.value)  # type: ignore[attr-defined]
                return cst.parse_expression(f"list({value})")
        return new

    def leave_Element(
        self, original_node: cst.Element, updated_node: cst.Element
    ) -> cst.Element | cst.FlattenSentinel[cst.Element]:
        text = self.calls.inputs.get(original_node)
        if text is None:
            return updated_node
        comma = updated_node.comma
        if not isinstance(comma, cst.Comma):
            comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        first = cst.Element(cst.parse_expression(text), comma=comma)
        return cst.FlattenSentinel([first, updated_node])

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        text = self.calls.inputs.get(original_node)
        if text is None:
            return updated_node
        call = cst.ensure_type(cst.ensure_type(original_node.body[0], cst.Expr).value, cst.Call)
        statement = cst.parse_statement(f"{self.view.code(call.func)}({text})")
        before = statement.with_changes(leading_lines=updated_node.leading_lines)
        return cst.FlattenSentinel([before, updated_node.with_changes(leading_lines=[])])

    # Keys ----------------------------------------------------------------------------------------

    def leave_Subscript(
        self, original_node: cst.Subscript, updated_node: cst.Subscript
    ) -> cst.BaseExpression:
        for row, cure in self.view.here(original_node):
            for element in updated_node.slice:
                key = element.slice.value if isinstance(element.slice, cst.Index) else None
                new = replace_texts(key, cure.texts) if key is not None else None
                if new is not None and new is not key:
                    self.view.rows.append(row)
                    return updated_node.with_deep_changes(element.slice, value=new)
        return updated_node


def _rejoin(aliases: Sequence[cst.ImportAlias]) -> list[cst.ImportAlias]:
    """Names of an import, with commas between them."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [
        *(
            alias if isinstance(alias.comma, cst.Comma) else alias.with_changes(comma=comma)
            for alias in aliases[:-1]
        ),
        aliases[-1],
    ]
