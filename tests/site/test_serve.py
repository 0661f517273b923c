"""`tfnotes serve` loses no save, gives up what is pointless, and says each problem once."""

import threading
import time

from checkout import fences, make_checkout, write_page

from tfnotes.core.records import Store
from tfnotes.run.live import Live
from tfnotes.site.serve.preview import Preview
from tfnotes.site.serve.problems import Problems
from tfnotes.site.serve.saves import Saves


def until(what) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_what_is_saved_while_nobody_waits_is_kept(tmp_path) -> None:
    """The first build takes long, and somebody writes meanwhile."""
    saves = Saves()
    page, other = tmp_path / "a.md", tmp_path / "b.md"
    try:
        saves.follow([tmp_path])
        time.sleep(0.5)
        page.write_text("one")
        until(lambda: page in saves.newer())
        (tmp_path / "x.lock").write_text("")
        (tmp_path / ".b.md.tmp1").write_text("")
        other.write_text("two")
        until(lambda: other in saves.newer())
        assert saves.wait() == {page, other}
        assert saves.newer() == frozenset()
    finally:
        saves.close()


def test_a_newer_save_ends_the_run_of_an_older_one(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TFNOTES_PRELOAD", "")
    project = make_checkout(tmp_path)
    write_page(project, "a", fences("print(1)", "while True: pass"))
    live, newer = Live(project), threading.Event()
    threading.Timer(2.0, newer.set).start()
    try:
        begun = time.monotonic()
        result = live.run_page("a", give_up=newer.is_set)
        assert result.given_up
        assert result.failures == []
        assert time.monotonic() - begun < 60  # a block has 120 seconds
        assert Store(project.outputs).load("a") == {}
        write_page(project, "a", fences("print(1)", "print(2)"))
        assert [c.name for c in live.run_page("a").changes] == ["block-1", "block-2"]
    finally:
        live.close()


def test_a_page_is_given_up_for_its_own_newer_save_only(tmp_path) -> None:
    project = make_checkout(tmp_path)
    for name in ("a", "b"):
        write_page(project, name, fences("print(1)"))
    preview = Preview(project, run=False, report=print)
    asked = []

    class Runner:
        def run_page(self, name, give_up):
            from tfnotes.run.pages import PageRun

            asked.append((name, give_up()))
            return PageRun(name, given_up=asked[-1][1])

        def close(self):
            pass

    preview._live = Runner()
    saved = [project.page_path("zh", "b"), project.outputs / "a.json"]
    try:
        assert preview._run(["a", "b"], lambda: saved) == ([], {"b"})
        assert asked == [("a", False), ("b", True)]
    finally:
        preview.close()


def test_each_problem_is_told_once_until_it_is_gone() -> None:
    told: list[str] = []
    problems = Problems(told.append)
    failure = "docs/zh/a/b.md:3 (line 4): NameError: no"
    problems.tell([failure, failure], ["a/b"])
    missing = [f'docs/{tongue}/a/b.md:3: block "x" has no record' for tongue in ("zh", "en")]
    problems.tell([failure, *missing], ["a/b"])
    assert told == [failure]
    other = "docs/zh/c.md:1: something"
    problems.tell([other], ["c"])
    problems.tell([], ["a/b"])
    problems.tell([other, failure], None)
    assert told == [failure, other, failure]
