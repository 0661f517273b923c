import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tfnotes.doctor.examine import Report, examine
from tfnotes.doctor.report import DOUBTS, WORDS, as_json, as_text, doubt, wrap
from tfnotes.doctor.sarif import as_sarif

CODE = """\
import tensorflow as tf
def f(model):
    model.fit_generator(1)
    model.fit_generator(2)
tf.keras.regularizers.l1_l2(0.1)
"""
SCHEMA = Path(__file__).with_name("sarif-2.1.0.required.json")
LEDGER = "https://tfnotes.github.io/tfnotes/en/migrate/ledger/"


@pytest.fixture
def report(catalogue, tmp_path, monkeypatch) -> Report:
    monkeypatch.chdir(tmp_path)
    Path("old.py").write_text(CODE)
    Path("broken.py").write_text("print 1\nx = (\n")
    Path("a b.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": "!pip install tensorflow-gpu"}]})
    )
    return examine(["old.py", "broken.py", "a b.ipynb"], catalogue)


def test_text(report):
    assert as_text(report) == (
        "broken.py:1: Python 2 syntax (print statement); nothing in it was read; "
        "convert it first, for example with 2to3 (part of Python up to 3.12)\n"
        "old.py:3:5: model.fit_generator: fails: AttributeError: it is gone "
        "[likely: the type of model is not known]\n"
        "    about fit-generator\n"
        "    write, for example:\n"
        "        new()\n"
        f"    {LEDGER}#fit-generator\n"
        "old.py:4:5: model.fit_generator: fails: AttributeError: it is gone "
        "[likely: the type of model is not known] (#fit-generator)\n"
        "old.py:5:1: tf.keras.regularizers.l1_l2: runs, but does something else\n"
        "    about l1-l2\n"
        "    write, for example:\n"
        "        new()\n"
        f"    {LEDGER}#l1-l2\n"
        "a b.ipynb:cell 1:line 1: pip install tensorflow-gpu: runs, with a warning: it will be gone\n"
        "    about gpu-package\n"
        "    write, for example:\n"
        "        new()\n"
        f"    {LEDGER}#gpu-package\n"
        "3 files read; not everything could be read: 1 problem; 4 findings on TensorFlow 2.21: "
        "2 fail, 1 does something else, 1 warns; 2 certain, 2 likely\n"
    )


def test_text_in_chinese(report):
    text = as_text(report, "zh")
    assert "old.py:3:5: model.fit_generator: 报错: AttributeError: it is gone" in text
    assert "[很可能: 不知道 model 的类型]" in text
    assert "    关于 fit-generator\n    例如改写成：\n        new()\n" in text
    assert "/zh/migrate/ledger/#fit-generator" in text
    assert text.endswith("2 处报错，1 处含义变了，1 处有警告；2 处确定，2 处很可能\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("一二三四五，六七", ["一二三四", "五，六七"]),
        ("参数 `lr` 没有了。", ["参数 `lr`", "没有了。"]),
        ("unbreakable-word", ["unbreakable-word"]),
        ("", []),
    ],
)
def test_notes_are_broken_into_lines(text, lines):
    assert wrap(text, 9) == lines


def test_brief(report):
    lines = as_text(report, brief=True).splitlines()
    assert len(lines) == 6
    assert lines[1].endswith(f"[likely: the type of model is not known] {LEDGER}#fit-generator")


def test_nothing_found(catalogue, tmp_path):
    path = tmp_path / "new.py"
    path.write_text("import tensorflow as tf\n")
    report = examine([str(path)], catalogue)
    assert report.status == 0
    assert as_text(report) == "1 file read; nothing in it that the ledger knows\n"
    assert as_text(report, "zh") == "读了 1 个文件；没有台账里记着的问题\n"


def test_certainty(catalogue, tmp_path):
    path = tmp_path / "old.py"
    path.write_text(CODE)
    count = {
        sure: len(examine([str(path)], catalogue, sure).findings)
        for sure in ("possible", "likely", "certain")
    }
    assert count == {"possible": 3, "likely": 3, "certain": 1}


def test_json_is_documented(report):
    content = json.loads(as_json(report))
    assert (content["format"], content["tensorflow"], content["files"]) == (1, "2.21", 3)
    assert content["findings"][0] == {
        "path": "old.py",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 24,
        "cell": None,
        "code": "model.fit_generator",
        "row": "fit-generator",
        "api": "fit-generator",
        "outcome": "error",
        "said": "AttributeError: it is gone",
        "certainty": "likely",
        "doubt": "the type of model is not known",
        "replacement": "new()",
        "note": "about fit-generator",
        "link": f"{LEDGER}#fit-generator",
    }
    assert content["findings"][-1]["cell"] == 1
    assert content["problems"][0].keys() == {"path", "line", "cell", "message", "skipped"}
    from tfnotes.doctor.report import content as described

    for name in (*content["findings"][0], *content):
        assert f"``{name}``" in (described.__doc__ or ""), name


def test_sarif_is_valid(report):
    content = json.loads(as_sarif(report))
    jsonschema.validate(content, json.loads(SCHEMA.read_text()))
    run = content["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        one["ruleId"] for one in run["results"]
    ]
    assert rules[0]["helpUri"] == f"{LEDGER}#fit-generator"
    assert [one["level"] for one in run["results"]] == ["error", "error", "warning", "note"]
    first, second = (one["partialFingerprints"]["tfnotes/v1"] for one in run["results"][:2])
    assert first != second
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "old.py"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 24},
    }
    notebook = run["results"][3]
    assert notebook["message"]["text"].startswith("cell 1, line 1: ")
    assert notebook["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.ipynb"}
    }
    assert run["invocations"][0]["executionSuccessful"] is False


def test_sarif_of_nothing(catalogue):
    jsonschema.validate(json.loads(as_sarif(Report())), json.loads(SCHEMA.read_text()))


def constant_doubts() -> set[str]:
    """The texts that the doctor's code gives as a doubt, or as a guard that becomes one."""
    folder = Path(__file__).parents[2] / "src/tfnotes/doctor"
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign):
                names, value = [ast.unparse(one) for one in node.targets], node.value
            elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("doubts."):
                names, value = ["doubts"], node.args[0]
            else:
                continue
            if any(re.search("doubt|guard|reason|_(MEANT|ASSUMED|STARRED)$", n) for n in names):
                texts = (one.value for one in ast.walk(value) if isinstance(one, ast.Constant))
                inside_names = {
                    one.value
                    for joined in ast.walk(value)
                    if isinstance(joined, ast.JoinedStr)
                    for one in joined.values
                    if isinstance(one, ast.Constant)
                }
                found |= {t for t in texts if isinstance(t, str) and t} - inside_names
    return found


def test_every_doubt_has_its_chinese_and_nothing_else_has():
    assert constant_doubts() - {"likely", "certain"} == DOUBTS.keys()
    assert WORDS["en"].keys() == WORDS["zh"].keys()


def test_a_doubt_without_chinese_is_not_said_as_another(report):
    """It came out as: the type of (the whole sentence) is not known."""
    unknown = replace(report.findings[0], doubt="the moon is full")
    assert doubt(unknown, "zh") == "the moon is full"
