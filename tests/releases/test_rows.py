import json

import pytest

import tfnotes.releases.rows as module
from tfnotes.core.errors import TfnotesError
from tfnotes.ledger.outcomes import load_outcomes, read_outcome
from tfnotes.releases.table import Release

ROW = """
[[row]]
id = "{id}"
api = "f"
outcome = "error"
old = "f({old})"
new = "g()"
find = ["tf.f"]
[row.note]
zh = "字"
en = "word"
"""
RELEASES = [Release("2.3", "3.7", ("tensorflow==2.3.4",)), Release("2.21", "3.11", ())]


@pytest.fixture
def ledger(tmp_path):
    """A folder of rows; `outcomes.json` beside it."""
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "needs.toml").write_text("[needs]\n")
    write(folder, "1")
    return folder


def write(folder, *olds):
    rows = [ROW.format(id=f"row-{number}", old=old) for number, old in enumerate(olds)]
    (folder / "tf1.toml").write_text("".join(rows), encoding="utf-8")


@pytest.fixture
def run(ledger, releases, monkeypatch):
    """Runs rows on both releases: old code raises on 2.21 only; returns what was run and told."""
    monkeypatch.setattr(module, "environment", releases.environment)

    def runs(names=(), **options):
        ran: list[str] = []
        said: list[str] = []

        def run_programs(chosen, python, workers=None):
            release = python.rpartition("-")[2]
            ran.extend(f"{release} {program['id']}" for program in chosen)
            if (release, "") in releases.answers:
                raise TfnotesError("could not run the ledger: Killed")
            outcomes = {}
            for program in chosen:
                fails = program["id"].endswith(":old") and release == "2.21"
                raw = {"result": "raises", "type": "AttributeError"} if fails else {"result": "ok"}
                outcomes[program["id"]] = read_outcome(raw, program)
            return outcomes, {"tensorflow": f"{release}.0"}

        monkeypatch.setattr(module, "run_programs", run_programs)
        file = ledger.parent / "outcomes.json"
        problems = module.run_rows_on(
            RELEASES, names, said.append, folder=ledger, file=file, **options
        )
        return ran, said, problems, load_outcomes(file)

    return runs


def test_every_release_keeps_its_outcomes(run):
    ran, said, problems, ledger = run()
    assert ran == ["2.3 row-0:old", "2.3 row-0:new", "2.21 row-0:old", "2.21 row-0:new"]
    assert said[-1] == "2.21: 1 raises, 1 ok"
    assert problems == []
    assert ledger.releases == {"2.3": {"tensorflow": "2.3.0"}, "2.21": {"tensorflow": "2.21.0"}}
    found = ledger.rows["row-0"]["old"]
    assert (found["2.3"].result, found["2.21"].result) == ("ok", "raises")


def test_only_code_that_changed_runs_again(ledger, run):
    run()
    write(ledger, "1", "2")
    assert run()[0] == ["2.3 row-1:old", "2.3 row-1:new", "2.21 row-1:old", "2.21 row-1:new"]
    write(ledger, "3", "2")
    ran, _, _, outcomes = run()
    assert ran == ["2.3 row-0:old", "2.21 row-0:old"]
    assert set(outcomes.rows) == {"row-0", "row-1"}
    ran, said, _, _ = run()
    assert ran == []
    assert said == [f"{one}: has run all 2 rows as they stand" for one in ("2.3", "2.21")]
    assert len(run(["row-1"], force=True)[0]) == 4


def test_rows_that_are_gone_are_forgotten(ledger, run):
    write(ledger, "1", "2")
    run()
    write(ledger, "5")
    assert set(run()[3].rows) == {"row-0"}


def test_a_release_that_breaks_off_leaves_the_others(releases, run):
    releases.answers = {("2.3", ""): {}}
    ran, _, problems, ledger = run()
    assert problems == ["2.3: could not run the ledger: Killed"]
    assert set(ledger.releases) == {"2.21"}
    releases.answers, releases.broken = {}, {"2.21"}
    ran, _, problems, ledger = run(force=True)
    assert problems == ["2.21: pip cannot install it: ERROR: no such version"]
    assert set(ledger.rows["row-0"]["old"]) == {"2.3", "2.21"}  # what is known stays


def test_a_long_ledger_is_kept_part_by_part(ledger, run, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    write(ledger, "1", "2", "3")
    _, said, _, outcomes = run()
    assert len(said) == 8
    assert len(json.loads((ledger.parent / "outcomes.json").read_text())["rows"]) == 3
    assert set(outcomes.rows) == {"row-0", "row-1", "row-2"}


def test_unknown_names_are_refused(run):
    with pytest.raises(TfnotesError, match="neither a row nor a group"):
        run(["nonsense"])
