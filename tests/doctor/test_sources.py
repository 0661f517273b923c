"""Files of every kind: notebooks, notes, Python 2, and what cannot be read."""

import json

import pytest

from tfnotes.doctor.examine import examine as examine_paths
from tfnotes.doctor.load import load
from tfnotes.doctor.python2 import repair
from tfnotes.doctor.source import TOO_DEEP


def notebook(*cells, old=False):
    made = [
        {"cell_type": kind, "input" if old else "source": text, "metadata": {}, "outputs": []}
        for kind, text in cells
    ]
    if old:
        return json.dumps({"nbformat": 3, "worksheets": [{"cells": made}]})
    return json.dumps({"nbformat": 4, "cells": made})


CELLS = (
    ("markdown", "# `tf.Session()`"),
    ("code", "%matplotlib inline\nimport tensorflow as tf\n!pip install -q tensorflow-gpu==1.15"),
    ("code", ["%%time\n", "for i in range(2):\n", "    !ls {i}\n", "    tf.Session()"]),
    ("code", "%%bash\ntf.Session() in a shell"),
    ("code", "files = !ls\ntf?\nawait x\n%timeit -n 3 tf.Session()"),
)


@pytest.mark.parametrize("old", [False, True])
def test_notebooks(examine, old):
    found = examine(notebook(*CELLS, old=old), "a.ipynb")
    assert [(one.entry.id, one.place) for one in found] == [
        ("gpu-package", "a.ipynb:cell 2:line 3"),
        ("session", "a.ipynb:cell 3:line 4"),
        ("session", "a.ipynb:cell 5:line 4"),
    ]


def test_what_looks_like_a_magic_within_a_text_or_a_line_that_goes_on(found):
    code = 'import tensorflow as tf\nx = """\n%d\n!no\n"""\ny = (3\n  % 4)\ntf.Session()'
    assert found(notebook(("code", code)), "a.ipynb") == [("session", 8, "certain")]


def test_a_cell_that_is_not_python_stops_nothing(catalogue):
    text = notebook(("code", "import tensorflow as tf"), ("code", "1 +"), ("code", "tf.Session()"))
    source = load("a.ipynb", text.encode())
    assert [str(one) for one in source.problems] == [
        "a.ipynb:cell 2:line 1: not Python: invalid syntax"
    ]
    assert len(source.body) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [("{", "not a notebook: Expecting"), ("[]", "not a notebook: it has no cells"), ("", "not a")],
)
def test_what_is_no_notebook(text, why):
    problems = load("a.ipynb", text.encode()).problems
    assert len(problems) == 1
    assert problems[0].message.startswith(why)


NOTES = """\
# Notes on `tf.Session()`

- a list

    ```python
    x = tf.Session()
    ```

~~~py
>>> tf.Session()
<Session>
~~~

```bash
pip install tensorflow-gpu
```

```
tf.Session()
```
"""


def test_notes_are_read_without_their_imports(examine):
    found = examine(NOTES, "notes.md")
    assert [(one.entry.id, one.line, one.column, one.certainty) for one in found] == [
        ("session", 6, 9, "likely"),
        ("session", 10, 1, "likely"),
        ("gpu-package", 15, 1, "certain"),
    ]


def test_a_block_of_notes_that_is_no_program_is_skipped(catalogue, tmp_path):
    path = tmp_path / "notes.md"
    path.write_text("```python\nmodel(…)\n```\n\n```python\ntf.Session()\n```\n")
    report = examine_paths([str(path)], catalogue)
    assert [one.skipped for one in report.problems] == [True]
    assert (report.status, len(report.findings)) == (1, 1)
    path.write_text("```python\nprint 3\n```\n")
    assert examine_paths([str(path)], catalogue).status == 2


def test_notes_that_import_are_certain(found):
    code = "```python\nimport tensorflow as tf\n```\n\n```python\ntf.Session()\n```\n"
    assert found(code, "notes.md") == [("session", 6, "certain")]
    assert found(code.replace("tensorflow", "termfreq"), "notes.md") == []


PYTHON_2 = """\
import tensorflow as tf
try:
    x = 0777
except (ValueError, KeyError), e:
    print "no", `e`
print >>log, "a %s" % (
    x)
if x <> 3: print "print `this`"; y = 10L
raise IOError, "gone"
exec "y" in ns
print
print ("a %d" % 3) % x
tf.Session()
"""


def test_python_2_is_said_and_read_all_the_same(catalogue):
    source = load("old.py", PYTHON_2.encode())
    assert [str(one) for one in source.problems] == [
        "old.py:3: Python 2 syntax (octal number); what follows was read as Python 2; "
        "convert it first, for example with 2to3 (part of Python up to 3.12)"
    ]
    assert source.body
    text, old = repair(PYTHON_2)
    assert text.split("\n")[3:8] == [
        "except (ValueError, KeyError) as e:",
        '    print("no", repr(e))',
        'print(log, "a %s" % (',
        "    x))",
        'if x != 3: print("print `this`"); y = 10',
    ]
    assert text.count("\n") == PYTHON_2.count("\n")


def test_findings_in_python_2(found):
    assert found(PYTHON_2) == [("session", 13, "certain")]


@pytest.mark.parametrize(
    "code",
    [
        "print(x)\n",
        "print (x), y\n",
        "x = '''\nprint 3\n'''\n",
        "# print 3\n",
        "s = 'a <> b `c` 0777'\n",
        "print\n",
        "x = 0\ny = 0.07\nz = 1_000\n",
    ],
)
def test_python_3_is_left_as_it_is(code):
    assert repair(code) == (code, [])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def f(:\n", "old.py:1: not Python: "),
        ("x = 1\n\nx = (\n", "old.py:3: not Python: '(' was never closed"),
        ("if x:\n        a = 1\n\tb = 2\n", "old.py:3: inconsistent use of tabs"),
        ("def f(a, (b, c)):\n  print a\n", "old.py:2: Python 2 syntax (print statement); nothing"),
    ],
)
def test_what_is_not_python(code, said):
    problems = load("old.py", code.encode()).problems
    assert len(problems) == 1
    assert str(problems[0]).startswith(said)


def test_encodings(found, catalogue):
    text = "# -*- coding: gbk -*-\nimport tensorflow as tf\nx = '中文', tf.Session()\n"
    assert load("a.py", text.encode("gbk")).body
    assert load("a.py", ("\ufeff" + text.replace("gbk", "utf-8")).encode()).body
    assert load("a.py", b"import tensorflow as tf\r\nx = '\xff'\r\ntf.Session()\r\n").body
    assert load("a.py", b"\0\1\2").problems[0].message.startswith("not text")


def test_a_folder(tmp_path, catalogue):
    code = "import tensorflow as tf\ntf.Session()\n"
    for name in ("a.py", "sub/b.py", ".hidden/c.py", "venv/d.py", "e.txt", "node_modules/f.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    (tmp_path / "g.ipynb").write_text("{")
    report = examine_paths([str(tmp_path)], catalogue)
    assert [one.path for one in report.findings] == [
        (tmp_path / "a.py").as_posix(),
        (tmp_path / "sub/b.py").as_posix(),
    ]
    assert (report.files, len(report.problems), report.status) == (3, 1, 2)
    twice = examine_paths([str(tmp_path / "a.py"), str(tmp_path / "sub/../a.py")], catalogue)
    assert (len(twice.findings), twice.status) == (1, 1)


def test_a_folder_without_programs(tmp_path, catalogue):
    report = examine_paths([str(tmp_path)], catalogue)
    assert report.status == 2
    assert report.problems[0].message.startswith("no .py, .ipynb or .md file in it")


def test_what_python_cannot_take_apart(tmp_path, catalogue):
    deep = tmp_path / "deep.py"
    deep.write_text("import tensorflow as tf\nx = " + "(" * 150 + "1" + ")" * 150 + "\n")
    assert examine_paths([str(deep)], catalogue).status == 0, "it is only deep"
    chain = tmp_path / "chain.py"
    chain.write_text("import tensorflow as tf\nx = tf" + ".a" * 5000 + "\ny = " + "1+" * 5000 + "1")
    # Whether it can be read depends on the interpreter and the depth of the call; where it
    # cannot, that is said, and nothing else is wrong.
    report = examine_paths([str(chain)], catalogue)
    told = [problem.message for problem in report.problems]
    assert set(told) <= {TOO_DEEP}
    assert (report.findings, report.status) == ([], 2 if told else 0)
