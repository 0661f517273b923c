import ast

import pytest

from tfnotes.core.errors import TfnotesError
from tfnotes.doctor.literals import Arguments, holds, text_of
from tfnotes.doctor.patterns import parse
from tfnotes.doctor.values import UNKNOWN, Literal


def spelt(text):
    return [".".join((one.owner + ":" if one.owner else "", *one.parts)) for one in parse(text)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tf.Session", [".tf.Session"]),
        ("tensorflow.Session", [".tf.Session"]),
        ("[tf.]keras.Model", [".tf.keras.Model", ".keras.Model"]),
        ("tf.{zeros,ones}_like", [".tf.zeros_like", ".tf.ones_like"]),
        ("hub.KerasLayer", [".tensorflow_hub.KerasLayer"]),
        ("Model.fit_generator()", ["Model:.fit_generator"]),
        ("tf.keras.layers.Bidirectional().layer", ["tf.keras.layers.Bidirectional:.layer"]),
        (".fit_generator()", [".fit_generator"]),
        ("tf.{a,b(seed=)}", [".tf.a", ".tf.b"]),
    ],
)
def test_targets(text, meant):
    assert spelt(text) == meant


def test_words_that_every_program_uses_are_shared():
    assert parse("Model.save()")[0].shared
    assert not parse("Model.fit_generator()")[0].shared
    assert parse("?Layer.input_shape")[0].shared


def call(code):
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    return Arguments.of(node)


def lookup(node):
    return Literal("out.h5") if isinstance(node, ast.Name) and node.id == "path" else UNKNOWN


@pytest.mark.parametrize(
    ("condition", "code", "fits"),
    [
        ("lr=", "f(lr=1)", True),
        ("lr=", "f(1)", False),
        ("0:lr=", "f(1)", True),
        ("1:lr=", "f(1)", False),
        ("!lr=", "f(1)", True),
        ("!0:lr=", "f(1)", False),
        ("!lr=", "f(**more)", False),
        ("a=True", "f(a=True)", True),
        ("a=True", "f(a=1)", False),
        ("a='x'", "f(a=['x', 'y'])", True),
        ("a=['x']", "f(a=['x'])", True),
        ("a=None", "f(a=None)", True),
        ("#1", "f(1)", True),
        ("#1", "f(1, 2)", False),
        ("#>1", "f(1, 2)", True),
        ("#<=1", "f(1, 2)", False),
        ("#1", "f(*many)", False),
        (r"0~'\.h5$'", "f('a.h5')", True),
        (r"0~'\.h5$'", "f(path)", True),
        (r"0~'\.h5$'", "f(unknown)", False),
        (r"0!~'\.h5$'", "f(unknown)", False),
        (r"0!~'\.h5$'", "f('model')", True),
        (r"0!~'\.h5$'", "f(f'{name}.h5')", False),
        (r"0!~'\.h5$'", "f(f'model{name}')", False),
        (r"0!~'\.h5$'", "f('model' + ending)", False),
        (r"0~'\.h5$'", "f('%s.h5' % name)", True),
        (r"0~'\.h5$'", "f('{}.h5'.format(name))", True),
        (r"0~'\.h5$'", "f(os.path.join(folder, 'a.h5'))", True),
        (r"0~'\.h5$'", "f(folder / 'a.h5')", True),
        ("0:name~'x,y'", "f(name='x,y')", True),
    ],
)
def test_conditions(condition, code, fits):
    pattern = parse(f"tf.f({condition})")[0]
    assert holds(pattern.conditions[0], call(code), lookup) is fits


def test_a_text_whose_end_is_open_is_not_known():
    assert text_of(ast.parse("f'{a}/b'", mode="eval").body, lookup) == "\0/b"
    assert text_of(ast.parse("f'b/{a}'", mode="eval").body, lookup) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tf.f(", "a ( without ) at the end"),
        ("tf.f(lr)", "'lr' is no condition"),
        ("tf.f(0~'(')", "is no regular expression"),
        ("tf.f(0@Thing)", "'Thing' is no kind of object"),
        ("tf.f(a=x)", "'x' is no literal"),
        ("tf..f", "'tf..f' is no name"),
        ("Model", "a kind of object alone"),
        ("tf.{a", "a { without }"),
        ("", "'' is no name"),
    ],
)
def test_what_is_no_pattern_is_one_clear_line(text, why):
    with pytest.raises(TfnotesError, match=r"^pattern ") as error:
        parse(text)
    assert why in str(error.value)
    assert "\n" not in str(error.value)
