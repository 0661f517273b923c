import json

import pytest
from checkout import fences, write_page

import tfnotes.releases.pages as module
from tfnotes.core.errors import TfnotesError
from tfnotes.releases.results import (
    PageResult,
    page_digest,
    read_results,
    results_path,
    write_results,
)
from tfnotes.releases.table import Release

OLD, NEW = Release("2.3", "3.7", ("tensorflow==2.3.4",)), Release("2.21", "3.11", ())


@pytest.fixture
def run(project, releases, monkeypatch):
    """Runs pages on both releases; returns what was said and what could not be done."""
    monkeypatch.setattr(module, "environment", releases.environment)

    def runs(names=None, **options):
        said: list[str] = []
        problems = module.run_pages_on(project, [OLD, NEW], names, said.append, **options)
        return said, problems

    return runs


def test_pages_with_code_run_on_each_release(project, releases, run):
    said, problems = run()
    assert problems == []
    assert releases.made == ["2.3", "2.21"]
    results = read_results(project)
    assert set(results) == {"a/b", "a/c"}
    assert results["a/b"]["2.3"].digest == page_digest(project, "a/b")
    assert results["a/b"]["2.3"].made == {"tensorflow": "2.3.0"}
    assert "2.21: a/c: 1 of 1 blocks" in said


def test_only_what_changed_runs_again(project, releases, run):
    run()
    write_page(project, "a/c", fences("print(4)"))
    assert module.due(project, "2.3", module.digests(project)) == ["a/c"]
    said, _ = run()
    assert "2.3: 1 of 2 pages to run" in said
    assert not any("a/b" in line for line in said)
    releases.made.clear()
    said, _ = run()
    assert releases.made == []
    assert said == [f"{one}: has run all 2 pages as they stand" for one in ("2.3", "2.21")]
    run(force=True)
    assert releases.made == ["2.3", "2.21"]


def test_prose_and_comments_are_no_change(project, run):
    run()
    text = project.page_path("en", "a/b").read_text()
    write_page(
        project, "a/b", text.replace("# Page", "# Another").replace("print(1)", "print(1)  # one")
    )
    assert module.due(project, "2.3", module.digests(project)) == []


def test_a_release_without_environment_is_told_and_the_others_run(project, releases, run):
    releases.broken = {"2.3"}
    _, problems = run()
    assert problems == ["2.3: pip cannot install it: ERROR: no such version"]
    assert {release for found in read_results(project).values() for release in found} == {"2.21"}


def test_what_ran_before_a_release_broke_off_is_kept(project, releases, run):
    releases.status = 3
    _, problems = run()
    assert problems == [
        f"{one}: running pages broke off: Killed by a test" for one in ("2.3", "2.21")
    ]
    assert set(read_results(project)["a/c"]) == {"2.3", "2.21"}


def test_failures_and_differences_are_kept_and_said(project, releases, run):
    failed = {"block": "block-1", "error": "AttributeError: no such thing"}
    releases.answers["2.3", "a/b"] = {"blocks": 0, "of": 2, "failed": failed}
    releases.answers["2.21", "a/b"] = {"blocks": 2, "of": 2, "differs": ["block-2"]}
    said, _ = run()
    assert "2.3: a/b: 0 of 2 blocks; block-1: AttributeError: no such thing" in said
    assert "2.21: a/b: 2 of 2 blocks, other outputs: block-2" in said
    results = read_results(project)["a/b"]
    assert (results["2.3"].state, results["2.21"].state) == ("fails", "differs")
    assert results["2.3"].failed == failed


def test_pages_that_are_gone_are_forgotten(project, run):
    run()
    for language in ("zh", "en"):
        project.page_path(language, "a/c").unlink()
    run()
    assert set(read_results(project)) == {"a/b"}


def test_naming_pages_leaves_the_others(project, run):
    run()
    said, _ = run(["a/b"], force=True)
    assert set(read_results(project)) == {"a/b", "a/c"}
    assert not any("a/c" in line for line in said)


def test_results_are_whole_or_old(project, run, monkeypatch):
    run()
    before = results_path(project).read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(TfnotesError, match=r"pages\.json: cannot write results \(No space"):
        write_results(project, {"a/b": {"2.3": PageResult("x", 1, 1)}})
    assert results_path(project).read_text() == before
    assert [path.name for path in results_path(project).parent.iterdir()] == ["pages.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 9}', '{"format": 1, "pages": {"a": {"2.3": {"x": 1}}}}']
)
def test_a_file_that_is_not_ours_is_one_line(project, text):
    results_path(project).parent.mkdir(parents=True)
    results_path(project).write_text(text)
    with pytest.raises(
        TfnotesError, match=r"^outputs/releases/pages\.json:1: results .*make releases"
    ):
        read_results(project)


def test_the_file_reads_well(project, run):
    run()
    content = json.loads(results_path(project).read_text())
    assert list(content["pages"]) == ["a/b", "a/c"]
    assert list(content["pages"]["a/b"]) == ["2.3", "2.21"]  # as numbers, not as text
    assert "failed" not in content["pages"]["a/b"]["2.3"]
