"""What no test runs again cannot be changed unnoticed: records, captures, the ledger's outcomes."""

import dataclasses
import datetime
import json

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.captures.store import Measured, Runner, load_runner, save_runner
from tfnotes.check.sealing import add_seals
from tfnotes.check.seals import check_seals
from tfnotes.core.records import Record, Store
from tfnotes.ledger.outcomes import Ledger, Outcome, load_outcomes, save_outcomes

KEY = "0123456789abcdef0123"
MADE = {"date": "2026-11-21", "tensorflow": "2.21.0"}
SVG = '<svg viewBox="0 0 9 9"><path d="M 45.49 2"/></svg>'
TIMING = {"fastest": 0.9, "q1": 1.0, "median": 1.1, "q3": 1.3, "n": 5}


@pytest.fixture
def project(tmp_path):
    project = make_checkout(tmp_path)
    write_page(project, "a", fences("print(0.5)"))
    shown = [
        {"output_type": "stream", "name": "stdout", "text": "accuracy 92.5%\n"},
        {"output_type": "display_data", "data": {"image/svg+xml": SVG}, "metadata": {}},
    ]
    data = [{"name": "mnist", "origin": "real", "note": "all of it"}]
    for store in (Store(project.outputs), Store(project.real_outputs)):
        store.save("a", [Record(KEY, "one", shown, dict(MADE), data)])
    case = {"series": "fast", "size": 8, "timing": dict(TIMING)}
    measured = Measured("a", "one", KEY, 1, dict(MADE), "n", "time", "", [case])
    save_runner(project.timings, Runner("here", {"cpu": "x"}, {"a:one": measured}))
    ledger = project.root / "src/tfnotes/ledger/outcomes.json"
    ledger.parent.mkdir(parents=True)
    save_outcomes(Ledger({"2.3": dict(MADE)}, {"r": {"new": {"2.3": Outcome("ok")}}}), ledger)
    return project


def test_as_it_was_written_there_is_nothing_to_mend(project) -> None:
    assert check_seals(project) == []


@pytest.mark.parametrize("file", ["outputs/a.json", "outputs/real-data/a.json"])
@pytest.mark.parametrize(
    ("old", "new"),
    [("92.5%", "92.6%"), ("2.21.0", "2.22.0"), ("all of it", "all"), (KEY, KEY[::-1])],
)
def test_a_record_that_was_changed_is_named(project, file: str, old: str, new: str) -> None:
    path = project.root / file
    path.write_text(path.read_text().replace(old, new, 1))
    (found,) = check_seals(project)
    assert (found.path, found.message) == (file, 'the record of block "one" was changed by hand')


def test_a_figure_that_was_changed_is_named(project) -> None:
    (figure,) = (project.outputs / "a").glob("*.svg")
    figure.write_text(SVG.replace("45.49", "75.49"))
    assert "changed by hand" in check_seals(project)[0].message


def test_writing_a_file_again_does_not_make_a_changed_record_whole(project) -> None:
    path = project.outputs / "a.json"
    path.write_text(path.read_text().replace("92.5%", "92.6%"))
    store = Store(project.outputs)
    store.save("a", store.load("a").values())
    assert list(add_seals(project)) == []
    assert "changed by hand" in check_seals(project)[0].message


def test_what_a_record_was_last_compared_with_is_not_sealed(project) -> None:
    store = Store(project.outputs)
    (record,) = store.load("a").values()
    store.save("a", [dataclasses.replace(record, modules={"tfnotes.data": "1"}, files={"x": "2"})])
    assert check_seals(project) == []


def test_what_has_no_seal_is_told_and_can_be_given_one(project) -> None:
    for path in (project.outputs / "a.json", project.timings / "here.json"):
        content = json.loads(path.read_text())
        for entry in content.get("blocks") or content["benchmarks"].values():
            del entry["seal"]
        path.write_text(json.dumps(content))
    assert [f.message for f in check_seals(project)] == ["1 entries without a seal"] * 2
    assert list(add_seals(project)) == ["outputs/a.json", "outputs/timings/here.json"]
    assert check_seals(project) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"median": -1.0}, "fast@8 has a median of -1 s"),
        ({"median": 11.0}, "fast@8 has a median of 11 s"),
        ({"n": 0}, "fast@8"),
        ({"q1": None}, "lacks something"),
    ],
)
def test_a_time_that_cannot_have_been_measured_is_named_whoever_sealed_it(
    project, change: dict, words: str
) -> None:
    runner = load_runner(project.timings, "here")
    runner.benchmarks["a:one"].cases[0]["timing"] |= change
    runner.benchmarks["a:one"].seal = ""
    save_runner(project.timings, runner)
    (found,) = check_seals(project)
    assert words in found.message


def test_a_capture_that_was_changed_is_named(project) -> None:
    path = project.timings / "here.json"
    path.write_text(path.read_text().replace('"median": 1.1', '"median": 1.2'))
    (found,) = check_seals(project)
    assert "the capture of a:one was changed by hand" in found.message


def test_a_day_to_come_and_no_key_are_named(project) -> None:
    day = datetime.date.today() + datetime.timedelta(days=900)
    made = {"date": day.isoformat()}
    Store(project.outputs).save("a", [Record("0", "one", [], made)])
    assert {f"{day}" in f.message or "no key" in f.message for f in check_seals(project)} == {True}
    assert len(check_seals(project)) == 2


def test_an_outcome_of_another_release_that_was_changed_is_named(project) -> None:
    path = project.root / "src/tfnotes/ledger/outcomes.json"
    path.write_text(path.read_text().replace('"result": "ok"', '"result": "raises"'))
    (found,) = check_seals(project)
    assert "the outcome of r, new code on 2.3, was changed by hand" in found.message
    assert load_outcomes(path).rows["r"]["new"]["2.3"].result == "raises"
