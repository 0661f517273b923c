"""The pattern language of the ledger's ``find``: what old code looks like.

The language is told and parsed in one module because each explains the other.

A pattern is a target, and after it, perhaps, conditions on a call or a literal key::

    tf.contrib                          the name or anything below it
    [tf.]keras.optimizers.SGD           with ``tf.keras`` and with standalone ``keras``
    tf.{zeros,ones}_like                one of several; ``*`` is any one component
    tf.keras.optimizers.*(lr=)          a call that is given the keyword
    Model.fit_generator()               a method of a kind of object, called
    ?Layer.input_shape                  the same for a name that other things have too
    ?tf.nn.dropout(#>1)                 a call that new code may make as well, rightly
    .fit_generator()                    a method of whatever
    History.history['acc']              a literal key
    tf.Session().run()                  a method of what a call returns
    hub.KerasLayer()(0@KerasTensor)     what a call returns, called
    import kerastuner                   the same as ``kerastuner``: a module and what is in it
    Callback.model=                     an attribute that is set
    Layer.*=@Variable                   the same, to an object of a kind
    def Metric.reset_states             a method that a class of a kind defines
    History.history['acc'] unless Model.compile(metrics='acc')
                                        only in a program that does not have the second
    unknown names, unknown arguments    what `tfnotes.doctor.surface` does not know, and no other row
    name ~ ':0$'                        ``x.name`` compared with a text that matches
    new Model(dynamic=)                 an object of a class of the program's own, of a kind
    !pip install tensorflow-gpu         words of a shell line in a notebook or in notes

Conditions, separated by commas: ``lr=`` (given), ``!lr=`` (not given), ``1:lr=`` (given by position
or by name), ``lr=True`` (a literal; of texts, one element of a list will do), ``loss=tf.losses`` (a name,
something below it or what it returns), ``0~'regex'`` and ``0!~'regex'`` (a string that matches, or
does not), ``0:x@Tensor`` (an object of that kind), ``#1``, ``#>1``, ``#<=2`` (how many positional
arguments), ``0%'lr'`` (a dictionary with the key, perhaps in one that it holds). Instead of a kind of
object there may be a form: ``@int``, ``@constant`` (a number, truth value or text), ``@numbers`` (a list of
numbers that is written out), ``@list``, ``@lambda``, ``@numpy`` (a NumPy integer), ``@training`` (a name like this).
"""

import ast
import re
from dataclasses import dataclass, replace
from typing import Any

from tfnotes.core.errors import TfnotesError

KINDS = frozenset(
    ("Model", "Layer", "Optimizer", "Loss", "Metric", "Callback", "History", "Dataset", "Tensor",
     "KerasTensor", "Variable", "Iterator", "Dimension", "Session", "Tokenizer", "Estimator", "Strategy",
     "Module", "Schedule", "Shape", "InputShape", "Step", "KerasVariable", "KerasVariables", "Ragged",
     "LearningRate", "TfVariable")
)  # fmt: skip
"""The kinds of object that a pattern can name."""
_FORMS = frozenset(("int", "constant", "numbers", "list", "lambda", "numpy", "training"))

# Methods that objects of several kinds have today: `optimizer.get_weights` is gone, a layer's is not.
_ELSEWHERE = frozenset(
    (name,)
    for name in (
        "get_weights", "set_weights", "get_config", "from_config", "add_weight", "add_loss",
        "add_metric", "get_layer", "get_shape", "set_shape", "count_params", "reset_states",
        "reset_state", "assign_add", "assign_sub", "load_weights", "save_weights", "compute_loss",
        "compute_mask", "compute_output_shape", "get_next", "as_list", "to_json",
        "num_elements", "with_rank", "with_rank_at_least", "is_fully_defined", "merge_with",
        "assert_has_rank", "assert_is_compatible_with",
    )
)  # fmt: skip

# What people call a module, and what it is called here.
ROOTS = {
    "tensorflow": "tf",
    "hub": "tensorflow_hub",
    "tfds": "tensorflow_datasets",
    "tfa": "tensorflow_addons",
    "tfp": "tensorflow_probability",
    "np": "numpy",
    "kt": "keras_tuner",
}

_CONDITION = re.compile(
    r"""(?P<absent>!)?(?:(?P<position>\d+)(?::(?P<name>[A-Za-z_]\w*))?|(?P<keyword>[A-Za-z_]\w*))
        (?P<test>!~|~|==?|@|%)(?P<value>.*)""",
    re.VERBOSE | re.DOTALL,
)
_COUNT = re.compile(r"#(?P<test>>=|<=|>|<|=?)(?P<count>\d+)")
_TARGET = re.compile(r"(?:[A-Za-z_*]\w*\*?|\.)(?:[\w.*]|\(\)\.)*")


@dataclass(frozen=True)
class Condition:
    """One condition on the arguments of a call."""

    test: str
    """``given``, ``absent``, ``equal``, ``name``, ``match``, ``no-match``, ``kind``, ``key``, or for the number of
    positional arguments ``#=``, ``#>``, ``#<``, ``#>=``, ``#<=``."""
    position: int | None = None
    keyword: str = ""
    value: Any = None


@dataclass(frozen=True)
class Pattern:
    """One pattern, alternatives already spelt out."""

    text: str
    """As it stands in the ledger."""
    shape: str
    """``name``, ``method`` (of a kind of object, or of any), ``result`` (of a call), ``def`` (a method
    that a class defines), ``new`` (an object of the program's own class), ``compare``, ``surface`` or ``shell``."""
    parts: tuple[str, ...]
    """The components of the name, or of what is asked of the object; the words of a shell line."""
    owner: str = ""
    """The kind of object; the name that is called; ``""`` for any object."""
    shared: bool = False
    """Whether the name is so common that an unknown object proves nothing; of a name, whether
    such a use may be right as well."""
    called: bool = False
    conditions: tuple[Condition, ...] = ()
    key: Any = None
    """The literal key, if there must be one."""
    stored: str | None = None
    """The kind that is assigned, ``""`` for whatever; None if it need not be assigned."""
    unless: str = ""
    """Another pattern: a program that it fits is right."""

    @property
    def depth(self) -> int:
        """How specific the target is."""
        return len(self.parts) - sum(part == "*" for part in self.parts)


def parse(text: str) -> list[Pattern]:
    """Reads a pattern.

    Args:
        text: The pattern.

    Returns:
        One for each alternative.

    Raises:
        TfnotesError: It is none.
    """
    if text[:1] in ("!", "%"):
        return [Pattern(text, "shell", tuple(text.lstrip("!%").split()))]
    if text in ("unknown names", "unknown arguments"):
        return [Pattern(text, "surface", (text.removeprefix("unknown "),))]
    if text.startswith("name ~ "):
        regex = _literal(text, text.removeprefix("name ~ "))
        return [Pattern(text, "compare", ("name",), key=regex)]
    plain, _, unless = text.partition(" unless ")
    if unless:
        return [replace(one, text=text, unless=unless) for one in parse(plain)]
    if text.startswith("new "):
        # A method that nothing has stands for making the object.
        made = parse(text.removeprefix("new ").replace("(", ".__new__(", 1))
        return [replace(one, text=text, shape="new") for one in made]
    if text.startswith("def "):
        return [replace(one, shape="def", shared=False) for one in parse(text.removeprefix("def "))]
    stored = re.fullmatch(r"([^()\[\]]*)=(?:@(\w+))?", text)
    if stored is not None:
        return [replace(one, text=text, stored=stored[2] or "") for one in parse(stored[1])]
    return [_one(text, spelt) for spelt in _alternatives(text.replace("()(", "().__call__("))]


def _alternatives(text: str) -> list[str]:
    head, bracket, rest = _split_target(text)
    heads = [head.replace("[tf.]", prefix) for prefix in ("tf.", "")] if "[tf.]" in head else [head]
    while any("{" in one for one in heads):
        spelt = []
        for one in heads:
            match = re.search(r"\{([^{}]*)\}", one)
            if match is None:
                raise _refuse(text, "a { without }")
            for choice in _parts(match[1]):
                spelt.append(one[: match.start()] + choice.strip() + one[match.end() :])
        heads = spelt
    return [one + bracket + rest for one in heads]


def _split_target(text: str) -> tuple[str, str, str]:
    """The target, then the bracket that follows it with all the rest."""
    position = 5 if text.startswith("[tf.]") else 6 if text.startswith("?[tf.]") else 0
    while position < len(text):
        if text[position : position + 3] == "().":
            position += 3
        elif text[position] == "{":
            position = text.find("}", position) + 1 or len(text)
        elif text[position] in "([":
            return text[:position], text[position], text[position + 1 :]
        else:
            position += 1
    return text, "", ""


def _one(text: str, spelt: str) -> Pattern:
    target, bracket, rest = _split_target(spelt)
    shared = target.startswith("?")
    target = target.removeprefix("?").removeprefix("import ")
    if not _TARGET.fullmatch(target) or target.endswith(".") or ".." in target:
        raise _refuse(text, f"{target!r} is no name")
    called, key = False, None
    conditions: tuple[Condition, ...] = ()
    if bracket == "(":
        if not rest.endswith(")"):
            raise _refuse(text, "a ( without ) at the end")
        called, conditions = True, tuple(_condition(text, part) for part in _parts(rest[:-1]))
    elif bracket == "[":
        key = _literal(text, rest.removesuffix("]"))
    owner, shape = "", "name"
    if "()." in target:
        owner, target = target.rsplit("().", 1)
        shape, owner = "result", ".".join(_rooted(owner.split(".")))
    parts = target.lstrip(".").split(".")
    if target.startswith("."):
        shape = "method"
    elif parts[0] in KINDS:
        shape, owner, parts = "method", parts[0], parts[1:]
        # Words that every program uses for something prove nothing either.
        telling = any("_" in part or "*" in part for part in parts)
        shared = shared or not telling or (tuple(parts) in _ELSEWHERE and not conditions)
    elif shape == "name":
        parts = _rooted(parts)
    if shape != "name" and not parts:
        raise _refuse(text, "a kind of object alone; say what is asked of it")
    return Pattern(text, shape, tuple(parts), owner, shared, called, conditions, key)


def _rooted(parts: list[str]) -> list[str]:
    return [*ROOTS.get(parts[0], parts[0]).split("."), *parts[1:]]


def _parts(text: str) -> list[str]:
    """Splits at commas outside quotes and brackets."""
    found, depth, quote, start = [], 0, "", 0
    for position, character in enumerate(text):
        if quote:
            if character == quote and text[position - 1] != "\\":
                quote = ""
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and not depth:
            found.append(text[start:position].strip())
            start = position + 1
    found.append(text[start:].strip())
    return [part for part in found if part]


def _condition(text: str, part: str) -> Condition:
    if count := _COUNT.fullmatch(part):
        return Condition("#" + (count["test"] or "="), value=int(count["count"]))
    match = _CONDITION.fullmatch(part)
    if match is None:
        raise _refuse(text, f"{part!r} is no condition")
    position = int(match["position"]) if match["position"] else None
    keyword = match["name"] or match["keyword"] or ""
    value = match["value"].strip()
    if match["test"] in ("~", "!~"):
        regex = _literal(text, value)
        try:
            re.compile(regex)
        except (re.error, TypeError) as error:
            raise _refuse(text, f"{value} is no regular expression ({error})") from None
        return Condition("match" if match["test"] == "~" else "no-match", position, keyword, regex)
    if match["test"] == "%":
        return Condition("key", position, keyword, _literal(text, value))
    if match["test"] == "@":
        if value not in KINDS | _FORMS:
            raise _refuse(text, f"{value!r} is no kind of object")
        return Condition("kind", position, keyword, value)
    if not value:
        return Condition("absent" if match["absent"] else "given", position, keyword)
    if re.fullmatch(r"[A-Za-z_]\w*(\.\w+)+", value):
        return Condition("name", position, keyword, ".".join(_rooted(value.split("."))))
    return Condition("equal", position, keyword, _literal(text, value))


def _literal(text: str, value: str) -> Any:
    try:
        # A regex is written in a TOML string with the backslashes that it needs.
        return ast.literal_eval("r" + value if value[:1] in "'\"" else value)
    except (ValueError, SyntaxError):
        raise _refuse(text, f"{value!r} is no literal") from None


def _refuse(text: str, why: str) -> TfnotesError:
    return TfnotesError(f"pattern {text!r}: {why}; tfnotes.doctor.patterns says what there is")
