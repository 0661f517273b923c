"""``tfnotes doctor --error`` answers a pasted text with rows of the ledger."""

import io
import json

import pytest

from tfnotes.doctor.command import main

TEXT = "AttributeError: 'Functional' object has no attribute 'fit_generator'"


def test_a_message_is_answered_with_the_row_and_what_to_write(capsys):
    assert main(["--error", TEXT, "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Model.fit_generator: fails: AttributeError:")
    assert "write, for example:" in said and "model.fit(" in said
    assert "/en/migrate/ledger/#fit-generator" in said


def test_the_text_may_come_from_input_and_the_answer_in_chinese(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"Traceback …\n{TEXT}\n"))
    assert main(["--error", "--language", "zh"]) == 0
    said = capsys.readouterr().out
    assert "例如改写成" in said and "/zh/migrate/ledger/#fit-generator" in said


def test_what_no_row_says_is_said_to_fit_none_and_the_status_tells(capsys):
    assert main(["--error", "IndexError: list index out of range", "--language=en"]) == 1
    assert capsys.readouterr().out.startswith("No row of the ledger says this; the nearest:")


def test_the_answer_as_json(capsys):
    assert main(["--error", TEXT, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert rows[0]["row"] == "fit-generator"
    assert rows[0]["fits"] and 0.5 <= rows[0]["share"] <= 1


@pytest.mark.parametrize(
    "words", [[], ["x.py", "--error", TEXT], ["--error", TEXT, "--format", "sarif"]]
)
def test_a_command_line_that_makes_no_sense_is_refused_in_one_line(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "error:" in capsys.readouterr().err


def test_an_empty_text_is_refused(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["--error"]) == 2
    assert "no text to look up" in capsys.readouterr().err
