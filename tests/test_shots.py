"""The camera's logic; the pictures themselves need TensorBoard and Chromium."""

import itertools
import sys

import pytest
import shots as screenshots
from checkout import make_checkout

from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import load_page
from tfnotes.core.project import find_project
from tfnotes.core.shots import SHOT, load_shots, shots_folder

WRITES = """
import pathlib, tempfile
logs = pathlib.Path(tempfile.mkdtemp(prefix="logs-"))
for name in ("rates", "pictures", "graph", "projector", "else"):
    (logs / name).mkdir()
    (logs / name / f"{name}.txt").write_text(name)
"""


def snippet(tmp_path, code):
    project = make_checkout(tmp_path / "checkout-of-notes")
    path = project.snippets / screenshots.SNIPPET
    path.parent.mkdir(parents=True)
    path.write_text(code)
    work = tmp_path / "work"
    work.mkdir()
    return project, work


@pytest.fixture(autouse=True)
def _checkout_folder(tmp_path):
    (tmp_path / "checkout-of-notes").mkdir()


def test_the_logs_are_those_of_the_snippet(tmp_path):
    project, work = snippet(tmp_path, WRITES)
    shown = screenshots.write_logs(project, work)
    assert sorted(p.name for p in shown.iterdir()) == [
        "graph", "pictures", "projector.txt", "rates",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "problem"), [("1 / 0", "ZeroDivisionError"), ("pass", "made 0 logs- folders")]
)
def test_a_snippet_that_writes_nothing_is_named(tmp_path, code, problem):
    project, work = snippet(tmp_path, code)
    with pytest.raises(TfnotesError, match=problem):
        screenshots.write_logs(project, work)


def test_only_this_machine_is_asked():
    local = ["http://127.0.0.1:6006/data/runs", "data:image/png;base64,AA", "blob:http://x/1"]
    assert all(map(screenshots.is_local, local))
    assert not screenshots.is_local("https://fonts.example.org/roboto.woff2")


def test_a_picture_is_taken_once_it_holds_still():
    looks = iter([b"", b"half", b"done", b"done", b"done", b"never seen"])
    assert screenshots.when_still(lambda: next(looks), pause=0) == b"done"


def test_what_never_holds_still_is_an_error():
    count = itertools.count()
    with pytest.raises(TfnotesError, match="never stops changing"):
        screenshots.when_still(lambda: bytes([next(count) % 2]), pause=0, patience=0.05)


def test_a_viewer_that_does_not_start_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(TfnotesError, match="does not start"), screenshots.serving(tmp_path):
        pass


def test_the_page_shows_what_was_taken():
    project = find_project()
    shots = load_shots(project, screenshots.PAGE)
    assert shots is not None
    assert set(shots.sizes) == {shot.name for shot in screenshots.SHOTS}
    page = load_page(project, project.page_path("zh", screenshots.PAGE))
    assert {match["name"] for match in SHOT.finditer(page.text)} == set(shots.sizes)
    files = {path.name for path in shots_folder(project, screenshots.PAGE).glob("*.webp")}
    assert files == {f"{n}{ending}.webp" for n in shots.sizes for ending in ("", "-dark")}
