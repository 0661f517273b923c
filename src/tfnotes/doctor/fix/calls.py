"""Cures of calls: their arguments, and what is called.

All of it is in one module because each kind is a few lines, and all of them read the same call.
"""

import ast
import re
from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from tfnotes.doctor.fix.cures import Call, Cure
from tfnotes.doctor.fix.view import HOLE, View, same

_ENDING = re.compile(r"\.(?:weights\.h5|ckpt|h5|hdf5|hdf|tf|pb)$")
_LOADS = frozenset(("load_model", "load_weights"))


class Calls:
    """Applies cures to the calls of a program, and remembers what that asks for elsewhere."""

    def __init__(self, view: View) -> None:
        """Begins with a program.

        Args:
            view: The program.
        """
        self.view = view
        self.inputs: dict[cst.CSTNode, str] = {}
        """What goes before an element of a list, or before a statement."""
        self._files: dict[str, str] = {}

    def cure(self, original: cst.Call, call: cst.Call, path: str, cure: Cure) -> cst.BaseExpression:
        """Applies a cure to a call.

        Args:
            original: The call as it stands in the program.
            call: What became of it so far.
            path: The full name of what is called; ``""`` if it has none.
            cure: The cure.

        Returns:
            The new expression; ``call`` itself if nothing changes.
        """
        new = self._keywords(call, cure)
        if cure.texts:
            new = new.with_changes(
                args=[
                    arg.with_changes(value=replace_texts(arg.value, cure.texts)) for arg in new.args
                ]
            )
            new = call if new.deep_equals(call) else new
        if cure.suffix:
            new = self._suffix(new, cure.suffix)
        if cure.tuple:
            new = self._tuple(new, cure.tuple)
        if cure.array:
            new = self._arrays(new)
        if cure.input:
            new = self._input(original, new, path)
        if cure.generator and self._is_generator(new):
            new = self._for_generator(new, cure.generator)
        for rule, template in cure.calls:
            if rule.parameters is None or not self._calls_this(rule, original, path):
                continue
            values = self.bind(rule, new.args)
            if values is None or _has_comments_between(new):
                continue
            values["f"] = self.view.code(new.func)
            if isinstance(new.func, cst.Attribute):
                values["self"] = self.view.code(new.func.value)
            own = path.startswith("keras.") or (not path and "keras" in self.view.bindings.values())
            text = self.view.fill(template, values, own)
            return self.view.expression(text, original)
        return new

    def _calls_this(self, rule: Call, call: cst.Call, path: str) -> bool:
        if rule.method:
            return isinstance(call.func, cst.Attribute) and call.func.attr.value == rule.method
        return not rule.path or same(rule.path, path)

    def bind(self, rule: Call, args: Sequence[cst.Arg]) -> dict[str, str] | None:
        """The arguments of a call by parameter, as code; None if they do not fit."""
        if rule.any:
            return {}
        parameters = rule.parameters or ()
        values: dict[str, str] = {}
        others: list[str] = []
        for number, arg in enumerate(args):
            code = self.view.code(arg.value)
            name = arg.keyword.value if arg.keyword else None
            if arg.star or (name is None and number >= len(parameters)):
                if not rule.others or name is not None or arg.star == "*":
                    return None
                others.append(f"{arg.star}{code}")
            elif name is None:
                values[parameters[number]] = code
            elif name in parameters and name not in values:
                values[name] = code
            elif rule.others:
                others.append(f"{name}={code}")
            else:
                return None
        # What is given by keyword throughout may leave the rest to its defaults.
        everything = [*(f"{name}={value}" for name, value in values.items()), *others]
        values["*"], values["**"] = ", ".join(others), ", ".join(everything)
        return values if self._complete(rule, values) else None

    def _complete(self, rule: Call, values: dict[str, str]) -> bool:
        needed = {
            hole
            for _, cure in self.view.all
            for one, template in cure.calls
            if one == rule
            for hole in HOLE.findall(template)
        }
        return needed - {"f", "self"} <= set(values)

    def _keywords(self, call: cst.Call, cure: Cure) -> cst.Call:
        given = {arg.keyword.value for arg in call.args if arg.keyword}
        args = []
        for arg in call.args:
            name = arg.keyword.value if arg.keyword else ""
            new = cure.keywords.get(name)
            if name in cure.defaults and self.view.code(arg.value) == cure.defaults[name]:
                new = ""
            if not name or new is None or new in given:
                args.append(arg)
            elif new:
                args.append(arg.with_changes(keyword=cst.Name(new)))
        if len(args) == len(call.args):
            same = all(one is other for one, other in zip(args, call.args, strict=True))
            return call if same else call.with_changes(args=args)
        return call.with_changes(args=_closed(args, call.args))

    def _suffix(self, call: cst.Call, suffix: str) -> cst.Call:
        weights = any(arg.keyword and "save_weight" in arg.keyword.value for arg in call.args)
        if weights and suffix != ".weights.h5":
            return call  # A model's file and its weights' file end otherwise.
        for arg in call.args:
            text = arg.value
            named = arg.keyword is None or arg.keyword.value in ("filepath", "file_path")
            if not named or not isinstance(text, cst.SimpleString):
                continue
            old = text.evaluated_value
            if not isinstance(old, str) or old.endswith(suffix):
                return call
            new = _ENDING.sub("", old) + suffix
            self._files[old] = new
            return call.with_deep_changes(text, value=_quoted(text, new))
        return call

    def follow_files(self, call: cst.Call) -> cst.Call:
        """What loads a file that is saved under another name now follows."""
        name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        first = call.args[0].value if call.args else None
        if not isinstance(name, cst.Name) or name.value not in _LOADS:
            return call
        if isinstance(first, cst.SimpleString) and first.evaluated_value in self._files:
            new = self._files[str(first.evaluated_value)]
            return call.with_deep_changes(first, value=_quoted(first, new))
        return call

    def _tuple(self, call: cst.Call, name: str) -> cst.Call:
        for arg in call.args:
            if arg.keyword is not None and arg.keyword.value != name:
                continue
            if isinstance(arg.value, cst.Tuple | cst.List):
                return call
            code = self.view.code(arg.value.with_changes(lpar=[], rpar=[]))
            value = cst.parse_expression(f"({code},)")
            return call.with_deep_changes(arg, value=value)
        return call

    def _arrays(self, call: cst.Call) -> cst.Call:
        args = []
        for number, arg in enumerate(call.args):
            data = arg.keyword.value in ("x", "y") if arg.keyword else number < 2
            if data and isinstance(arg.value, cst.List):
                code = f"{self.view.spell('np')}.array({self.view.code(arg.value)})"
                arg = arg.with_changes(value=cst.parse_expression(code))
            args.append(arg)
        changed = any(one is not other for one, other in zip(args, call.args, strict=True))
        return call.with_changes(args=args) if changed else call

    def _for_generator(self, call: cst.Call, need: str) -> cst.Call:
        if need == "tuple":
            first = call.args[0]
            code = f"((batch,) for batch in {self.view.code(first.value)})"
            value = cst.parse_expression(code)
            return call.with_changes(args=[first.with_changes(value=value), *call.args[1:]])
        if any(arg.keyword and arg.keyword.value == "shuffle" for arg in call.args):
            return call
        return call.with_changes(args=_with_argument(call.args, "shuffle=False"))

    def _is_generator(self, call: cst.Call) -> bool:
        """Whether the first argument is a generator, by what the program makes of its name."""
        if not call.args:
            return False
        source = self.view.code(call.args[0].value)
        functions = {
            node.name
            for node in ast.walk(self.view.tree)
            if isinstance(node, ast.FunctionDef)
            and any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(node))
        }
        made = [ast.parse(source, mode="eval").body] + [
            node.value
            for node in ast.walk(self.view.tree)
            if isinstance(node, ast.Assign)
            and any(isinstance(one, ast.Name) and one.id == source for one in node.targets)
        ]
        return any(
            isinstance(one, ast.GeneratorExp)
            or (isinstance(one, ast.Call) and getattr(one.func, "id", "") in functions)
            for one in made
        )

    def wants_list(self, call: cst.Call) -> bool:
        """Whether a call is ``.as_list()`` of a shape that is a tuple now."""
        func = call.func
        if not isinstance(func, cst.Attribute) or func.attr.value != "as_list":
            return False
        inner = func.value
        return isinstance(inner, cst.Call) and any(
            cure.lists for _, cure in self.view.here(inner.func)
        )

    def _input(self, original: cst.Call, call: cst.Call, path: str) -> cst.Call:
        """Takes the shape off a layer; it goes before the layer, if that is the first."""
        forms = {
            "input_shape": "{}",
            "batch_input_shape": "batch_shape={}",
            "input_dim": "({},)",
            "input_length": "({},)",
        }
        given = {arg.keyword.value: arg for arg in call.args if arg.keyword}
        asked = [name for name in forms if name in given]
        embedding = path.endswith(".Embedding")
        if embedding:
            asked = [name for name in asked if name != "input_dim"]
        if not asked:
            return call
        place = self._first_place(original)
        if place is None and asked != ["input_length"]:
            return call
        args = _closed([arg for arg in call.args if arg not in map(given.get, asked)], call.args)
        if place is not None:
            keras = "keras" if path.startswith("keras.") else "tf.keras"
            shape = forms[asked[0]].format(self.view.code(given[asked[0]].value))
            self.inputs[place] = f"{self.view.spell(f'{keras}.Input')}({shape})"
        return call.with_changes(args=args)

    def _first_place(self, call: cst.Call) -> cst.CSTNode | None:
        """The element or the statement before which an Input may stand."""
        parent = self.view.parents.get(call)
        if isinstance(parent, cst.Element):
            row = self.view.parents.get(parent)
            if isinstance(row, cst.List) and row.elements[0] is parent:
                arg = self.view.parents.get(row)
                outer = self.view.parents.get(arg) if isinstance(arg, cst.Arg) else None
                if isinstance(outer, cst.Call) and self.view.code(outer.func).endswith(
                    "Sequential"
                ):
                    return parent
            return None
        outer = self.view.parents.get(parent) if isinstance(parent, cst.Arg) else None
        if isinstance(outer, cst.Call) and self.view.code(outer.func).endswith(".add"):
            statement = self.view.parents.get(outer)
            line = self.view.parents.get(statement) if isinstance(statement, cst.Expr) else None
            return line if isinstance(line, cst.SimpleStatementLine) else None
        return None


def _has_comments_between(call: cst.Call) -> bool:
    """Whether comments stand between the arguments, which an expression in its place would lose."""
    bare = call.with_changes(args=[arg.with_changes(value=cst.Name("_")) for arg in call.args])
    return bool(m.findall(bare.with_changes(func=cst.Name("_")), m.Comment()))


def _quoted(node: cst.SimpleString, text: str) -> str:
    return f"{node.prefix}{node.quote}{text}{node.quote}"


def replace_texts(node: cst.BaseExpression, texts: dict[str, str]) -> cst.BaseExpression:
    """An argument with its texts replaced: itself, or the elements of a list or a dictionary."""
    if isinstance(node, cst.SimpleString):
        new = texts.get(str(node.evaluated_value))
        return node.with_changes(value=_quoted(node, new)) if new is not None else node
    if isinstance(node, cst.List | cst.Tuple | cst.Dict):
        elements = [
            one.with_changes(value=replace_texts(one.value, texts)) for one in node.elements
        ]
        return node.with_changes(elements=elements)
    return node


def _closed(args: list[cst.Arg], before: Sequence[cst.Arg]) -> list[cst.Arg]:
    """Arguments of which the last may have gone: what followed it follows the new last one."""
    if args and args[-1] is not before[-1]:
        args[-1] = args[-1].with_changes(
            comma=before[-1].comma, whitespace_after_arg=before[-1].whitespace_after_arg
        )
    return args


def _with_argument(args: Sequence[cst.Arg], text: str) -> list[cst.Arg]:
    new = cst.ensure_type(cst.parse_expression(f"f({text})"), cst.Call).args[0]
    if not args:
        return [new]
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    last = args[-1]
    return [*args[:-1], last.with_changes(comma=comma), new.with_changes(comma=last.comma)]
