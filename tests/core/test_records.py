"""Records: damaged files are named, updates are whole or not at all."""

import errno
import json
import multiprocessing
import os
import signal

import pytest

from tfnotes.core import files
from tfnotes.core.errors import TfnotesError
from tfnotes.core.records import Record, Store

SVG = {"output_type": "display_data", "data": {"image/svg+xml": "<svg>1</svg>"}, "metadata": {}}


def record(name: str = "one", *outputs: dict) -> Record:
    return Record(f"key-{name}", name, list(outputs), {"date": "2026-11-21"})


def test_round_trip_with_figures_in_files_of_their_own(tmp_path) -> None:
    store = Store(tmp_path)
    picture = {"image/webp": "AAEC", "text/plain": "p"}
    shown = {"output_type": "display_data", "data": picture, "metadata": {}}
    store.save("a/b", [record("one", SVG), record("two", shown)])
    assert sorted(p.suffix for p in (tmp_path / "a/b").iterdir()) == [".svg", ".webp"]
    assert "<svg" not in (tmp_path / "a/b.json").read_text()
    loaded = store.load("a/b")
    assert list(loaded) == ["key-one", "key-two"]
    assert loaded["key-one"].outputs == [SVG]
    assert loaded["key-two"].outputs == [shown]
    assert store.page_names() == ["a/b"]


def test_figures_that_no_record_has_are_removed(tmp_path) -> None:
    store = Store(tmp_path)
    store.save("a", [record("one", SVG)])
    store.save("a", [record("one")])
    assert list((tmp_path / "a").iterdir()) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[: len(text) // 2], "not JSON"),
        (lambda text: "", "not JSON"),
        (
            lambda text: text.replace('"format": 1', '"format": 99'),
            "format 99, this tfnotes reads 1",
        ),
        (lambda text: "[]", "format None"),
        (lambda text: text.replace('"key"', '"kee"'), "lack"),
        (lambda text: text.replace('"outputs": []', '"outputs": ["one"]'), "no known type"),
        (lambda text: text.replace('"outputs": []', '"outputs": [{}]'), "no known type"),
        (
            lambda text: text.replace(
                '"outputs": []',
                '"outputs": [{"output_type": "stream", "name": "stdout", "text": ["a"]}]',
            ),
            "a stream without name or text",
        ),
        (
            lambda text: text.replace(
                '"outputs": []', '"outputs": [{"output_type": "display_data", "data": []}]'
            ),
            "without its data",
        ),
        (lambda text: text.replace('"made": {', '"made": {"date2": 5, '), "how it was made"),
    ],
)
def test_damaged_records_are_named(tmp_path, damage, words: str) -> None:
    store = Store(tmp_path / "outputs")
    store.save("a/b", [record()])
    path = tmp_path / "outputs/a/b.json"
    path.write_text(damage(path.read_text()))
    with pytest.raises(TfnotesError) as caught:
        store.load("a/b")
    assert words in str(caught.value)
    assert str(caught.value).startswith("outputs/a/b.json:")
    assert "\n" not in str(caught.value)


def test_a_missing_figure_is_named(tmp_path) -> None:
    store = Store(tmp_path)
    store.save("a", [record("one", SVG)])
    next((tmp_path / "a").iterdir()).unlink()
    with pytest.raises(TfnotesError, match=r"figure one-\w+.svg is missing"):
        store.load("a")


def test_a_second_update_at_the_same_time_is_refused(tmp_path) -> None:
    store = Store(tmp_path)
    store.save("a", [record("old")])
    with files.lock(tmp_path / "a.lock"), pytest.raises(TfnotesError, match="another update"):
        store.save("a", [record("new")])
    assert list(store.load("a")) == ["key-old"]
    store.save("a", [record("new")])
    assert list(store.load("a")) == ["key-new"]


def _save_and_die(root) -> None:
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    os.replace = die
    Store(root).save("a", [record("new")])


def test_an_update_killed_half_way_leaves_the_old_records(tmp_path) -> None:
    store = Store(tmp_path)
    store.save("a", [record("old", SVG)])
    process = multiprocessing.get_context("fork").Process(target=_save_and_die, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert store.load("a")["key-old"].outputs == [SVG]
    store.save("a", [record("new")])  # what the dead process held does not lock us out
    assert list(store.load("a")) == ["key-new"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path) -> None:
    (tmp_path / "outputs").write_text("a file where a folder should be")
    with pytest.raises(TfnotesError, match="cannot write records") as caught:
        Store(tmp_path / "outputs").save("a", [record()])
    assert "\n" not in str(caught.value)


def test_files_are_for_people_to_read(tmp_path) -> None:
    Store(tmp_path).save(
        "a", [record("one", {"output_type": "stream", "name": "stdout", "text": "张量"})]
    )
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "张量" in text
    assert json.loads(text)["page"] == "a"


@pytest.mark.parametrize("name", ["/etc/hostname", "../b/two.svg", ".hidden.svg", "sub/x.svg"])
def test_a_record_names_only_figures_of_its_own_folder(tmp_path, name: str) -> None:
    """Records come in pull requests, and what they name is put into pages."""
    store = Store(tmp_path / "outputs")
    store.save("a", [record("one", SVG)])
    path = tmp_path / "outputs/a.json"
    content = json.loads(path.read_text())
    content["blocks"][0]["outputs"][0]["data"] = {"image/png": {"file": name}}
    path.write_text(json.dumps(content))
    with pytest.raises(TfnotesError, match="no figure of its page"):
        store.load("a")


def test_a_figure_that_is_a_link_is_refused(tmp_path) -> None:
    store = Store(tmp_path / "outputs")
    store.save("a", [record("one", SVG)])
    (figure,) = (tmp_path / "outputs/a").iterdir()
    figure.unlink()
    figure.symlink_to("/etc/hostname")
    with pytest.raises(TfnotesError, match="no figure of its page"):
        store.load("a")


def test_two_records_with_one_key_are_told(tmp_path) -> None:
    store = Store(tmp_path / "outputs")
    store.save("a", [record("one"), record("two")])
    path = tmp_path / "outputs/a.json"
    path.write_text(path.read_text().replace("key-two", "key-one"))
    with pytest.raises(TfnotesError, match='"one" and "two", have the key key-one'):
        store.load("a")


def test_what_a_killed_update_left_is_gone_after_the_next(tmp_path) -> None:
    store = Store(tmp_path)
    store.save("part/a", [record("one", SVG)])
    left = [tmp_path / "part/.a.json._s7oxvts", tmp_path / "part/a/.one-12345678.svg.x1y2z3ab"]
    for file in left:
        file.write_text("half")
    store.save("part/a", [record("one", SVG)])
    assert not any(file.exists() for file in left)
    assert list(store.load("part/a")) == ["key-one"]


def test_a_full_disk_is_called_so(tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tfnotes.core.records.write_atomic", full)
    with pytest.raises(TfnotesError, match="make room on the disk"):
        Store(tmp_path / "outputs").save("a", [record()])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace('"page": "a"', '"page": "b/c"'), "the records of b/c, not of a"),
        (lambda text: text.replace('"name": "one"', '"name": "../one"'), "no block can be called"),
        (lambda text: text[: text.index("[")] + "null}", "blocks that are no list"),
        (lambda text: text[: text.index("[")] + "[null]}", "a record that has no fields"),
    ],
)
def test_records_that_are_another_pages_or_none(tmp_path, damage, words) -> None:
    """A file copied to the wrong place, or edited: a figure's file is called after its block."""
    store = Store(tmp_path)
    store.save("a", [record()])
    path = store.path("a")
    path.write_text(damage(path.read_text()))
    with pytest.raises(TfnotesError, match=rf"a\.json:1: .*{words}.*; restore the file") as caught:
        store.load("a")
    assert "\n" not in str(caught.value)
