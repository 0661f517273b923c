import pytest

import tfnotes.releases.__main__ as module
from tfnotes.releases.pages import digests
from tfnotes.releases.results import PageResult, read_results, write_results


@pytest.fixture
def called(project, monkeypatch):
    """What was started, in place of starting it; what could not be done can be set."""
    calls: list[tuple] = []
    problems: list[str] = []

    def rows(releases, names, say, **options):
        calls.append(("ledger", [release.name for release in releases], names, options))
        return list(problems)

    def pages(where, releases, names, say, **options):
        calls.append(("pages", [release.name for release in releases], names, options))
        return []

    monkeypatch.chdir(project.root)
    monkeypatch.setattr(module, "run_rows_on", rows)
    monkeypatch.setattr(module, "run_pages_on", pages)
    return calls, problems


def test_all_is_the_ledger_and_the_pages(called, tmp_path):
    assert module.main(["all", "--keep", str(tmp_path), "--workers", "1"]) == 0
    (ledger, pages) = called[0]
    assert ledger[0] == "ledger" and "1.15" in ledger[1] and ledger[2] == []
    assert pages[0] == "pages" and "1.15" not in pages[1] and pages[2] is None
    assert ledger[3] == {"keep_in": tmp_path, "force": False, "workers": 1}


def test_pages_are_run_and_kept_and_not_run_again(project, releases, monkeypatch, capsys):
    """From the arguments to the file, with a Python that only answers as a release would."""
    monkeypatch.chdir(project.root)
    monkeypatch.setattr("tfnotes.releases.pages.environment", releases.environment)
    assert module.main(["pages", "-r", "2.16"]) == 0
    kept = read_results(project)
    assert {name: list(found) for name, found in kept.items()} == {"a/b": ["2.16"], "a/c": ["2.16"]}
    assert module.main(["pages", "-r", "2.16"]) == 0
    assert releases.made == ["2.16"]
    releases.broken.add("2.18")
    assert module.main(["pages", "-r", "2.18"]) == 1
    said = "not measured: 2.18: pip cannot install it: ERROR: no such version\n"
    assert capsys.readouterr().err == said


def test_a_release_is_chosen(called):
    assert module.main(["all", "-r", "2.12", "-r", "2.16"]) == 0
    assert [(what, releases) for what, releases, _, _ in called[0]] == [
        ("ledger", ["2.12", "2.16"]),
        ("pages", ["2.16"]),
    ]


def test_names_may_stand_behind_options(called):
    assert module.main(["ledger", "-r", "2.12", "--force", "row-0", "row-1"]) == 0
    assert called[0][0][1:3] == (["2.12"], ["row-0", "row-1"])


def test_what_was_not_measured_is_said_and_the_rest_is_done(called, capsys):
    calls, problems = called
    problems.append("2.3: pip cannot install it")
    assert module.main(["all"]) == 1
    assert len(calls) == 2
    assert capsys.readouterr().err == "not measured: 2.3: pip cannot install it\n"


def test_arguments_that_make_no_sense_are_one_line(called, capsys):
    assert module.main(["pages", "--release", "1.15"]) == 1
    assert module.main(["all", "tensors/tensors"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and lines[0].startswith("1.15: no release that pages run on")


def test_status_names_what_is_due(project, monkeypatch, capsys):
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(module, "stale", lambda ledger, rows, release: [])
    assert module.main(["status", "--release", "2.16", "--release", "2.12"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "2.12: nothing to run",
        "2.16: 2 pages (a/b, a/c) to run",
    ]
    known = digests(project)
    write_results(project, {name: {"2.16": PageResult(known[name], 1, 1)} for name in known})
    assert module.main(["status", "--release", "2.16"]) == 0
