import sys
from pathlib import Path

import pytest
from checkout import fences, write_page

from tfnotes.core.pages import load_page
from tfnotes.core.records import Record, Store
from tfnotes.releases.pages import ask


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The fork server imports nothing."""
    monkeypatch.setenv("TFNOTES_PRELOAD", "")


def asked(project, *names):
    return list(ask(Path(sys.executable), project, list(names), 1))


def accept(project, name, *texts):
    page = load_page(project, project.page_path("zh", name))
    records = [
        Record(block.key, block.name, [{"output_type": "stream", "name": "stdout", "text": text}])
        for block, text in zip(page.running, texts, strict=True)
    ]
    Store(project.outputs).save(name, records)


def test_blocks_are_run_and_compared_but_nothing_is_written(project):
    accept(project, "a/b", "1\n", "5\n")
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    first, second = asked(project, "a/b", "a/c")
    assert (first["page"], first["blocks"], first["of"]) == ("a/b", 2, 2)
    assert first["differs"] == ["block-2"]
    assert "failed" not in first
    assert first["made"]["python"]
    assert (second["page"], second["differs"]) == ("a/c", [])  # nothing accepted to compare with
    assert {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()} == before


def test_the_first_failure_is_named_and_what_lies_behind_it_did_not_run(project):
    write_page(project, "a/b", fences("print(1)", "raise KeyError('x\\ny')", "print(3)"))
    (result,) = asked(project, "a/b")
    assert (result["blocks"], result["of"]) == (1, 3)
    assert result["failed"] == {"block": "block-2", "error": r"KeyError: 'x\ny'"}


def test_an_error_that_a_page_declares_is_no_failure(project):
    write_page(project, "a/b", fences('[raises="KeyError"]\nraise KeyError(1)', "print(2)"))
    (result,) = asked(project, "a/b")
    assert (result["blocks"], "failed" in result) == (2, False)
    write_page(project, "a/b", fences('[raises="KeyError"]\nprint(1)'))
    (result,) = asked(project, "a/b")
    assert result["failed"]["error"].startswith("did not raise KeyError")


def test_twins_that_have_the_same_code_count_once(project):
    write_page(project, "a/b", fences("print(1)", "print(4)"), ("en",))
    (result,) = asked(project, "a/b")
    assert (result["blocks"], result["of"]) == (3, 3)


def test_no_folder_of_this_machine_is_told(project):
    code = "import tempfile\nraise OSError(f'no {tempfile.mkdtemp()}/logs here')"
    write_page(project, "a/b", fences(code))
    (result,) = asked(project, "a/b")
    assert result["failed"]["error"] == "OSError: no …/logs here"
