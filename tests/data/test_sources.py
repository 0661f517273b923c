"""Finding real files: roots, checksums, the network, and what happens when all that fails."""

import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tfnotes import data
from tfnotes.core.errors import TfnotesError
from tfnotes.data import catalogue, sources
from tfnotes.data.cards import Card, Edition, File

PLAYS = b"First Citizen:\nBefore we proceed any further, hear me speak.\n"


def small_card(**changes) -> Card:
    digest = hashlib.sha256(PLAYS).hexdigest()
    file = File(
        **{"path": "datasets/shakespeare.txt", "bytes": len(PLAYS), "sha256": digest, **changes}
    )
    return Card("shakespeare", "plays", "text", "none", "here", (Edition("a line", (file,)),), "-")


@pytest.fixture
def use(monkeypatch):
    """Replace the card of Shakespeare by a small one."""

    def replace(mode: str = "real", **changes) -> None:
        monkeypatch.setenv("TFNOTES_DATA_MODE", mode)
        monkeypatch.setitem(catalogue.CARDS, "shakespeare", small_card(**changes))

    return replace


def put(root: Path, content: bytes, path: str = "datasets/shakespeare.txt") -> Path:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def test_tfnotes_data_is_searched_before_the_keras_cache(use, nowhere, monkeypatch) -> None:
    use()
    put(nowhere / "keras", PLAYS)
    assert data.shakespeare().origin == "real"
    put(nowhere / "mine", PLAYS)
    monkeypatch.setenv("TFNOTES_DATA", str(nowhere / "mine"))
    found = sources.find(small_card(), network=False)
    assert found.paths["shakespeare.txt"].is_relative_to(nowhere / "mine")


def test_a_download_of_tfds_is_recognised_by_its_bytes(use, nowhere) -> None:
    use()
    put(nowhere / "tfds", PLAYS, "downloads/raw.gith_karp_char-rnn_inputXYZ.txt")
    assert data.shakespeare().text.startswith("First Citizen")
    assert data.used()[0]["origin"] == "real"


def test_an_alias_is_found(use, nowhere) -> None:
    use(aliases=("datasets/other_archive",))
    put(nowhere / "keras", PLAYS, "datasets/other_archive")
    assert data.shakespeare().origin == "real"


def test_real_mode_fails_with_one_line_that_says_where_to_put_it(use) -> None:
    use()
    with pytest.raises(TfnotesError) as caught:
        data.shakespeare()
    assert "datasets/shakespeare.txt is neither under TFNOTES_DATA" in str(caught.value)
    assert "\n" not in str(caught.value) and data.used() == []


def test_a_wrong_checksum_is_reported(use, nowhere) -> None:
    use()
    put(nowhere / "keras", PLAYS.replace(b"hear", b"HEAR"))
    with pytest.raises(TfnotesError, match=r"shakespeare\.txt: sha256 is .* instead of"):
        data.shakespeare()


def test_auto_says_why_it_took_the_standin(use, nowhere, capsys) -> None:
    use("auto")
    put(nowhere / "keras", b"damaged")
    ds = data.shakespeare()
    out = capsys.readouterr().out
    assert ds.origin == "stand-in" and len(ds.text) > 50_000
    assert "sha256 is" in out and "so this is a stand-in" in out


def test_an_unpublished_checksum_accepts_the_same_size_and_says_so(use, nowhere) -> None:
    use(published=False)
    put(nowhere / "keras", PLAYS.replace(b"hear", b"HEAR"))
    assert "checksum of shakespeare.txt is not the one on the card" in data.shakespeare().note
    put(nowhere / "keras", PLAYS + b"more")
    with pytest.raises(TfnotesError, match="sha256 is"):
        data.shakespeare()


def test_standin_mode_never_looks(use, nowhere) -> None:
    use("stand-in")
    put(nowhere / "keras", PLAYS)
    assert data.shakespeare().origin == "stand-in"


@pytest.mark.parametrize(
    ("name", "value"), [("TFNOTES_DATA_MODE", "never"), ("TFNOTES_DATA", "/no/such/folder")]
)
def test_a_wrong_setting_is_one_clear_line(use, monkeypatch, name: str, value: str) -> None:
    use()
    monkeypatch.setenv(name, value)
    with pytest.raises(TfnotesError, match=name):
        data.shakespeare()


@pytest.fixture
def server(tmp_path) -> Iterator[str]:
    """Serve a folder with the line of the plays on this machine."""
    folder = tmp_path / "www"
    put(folder, PLAYS, "input.txt")
    put(folder, b"<html>blocked</html>", "portal.txt")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def test_auto_downloads_into_the_keras_cache(use, server, nowhere, monkeypatch, capsys) -> None:
    use("auto", url=f"{server}/input.txt")
    monkeypatch.setenv("TFNOTES_OFFLINE", "0")
    assert data.shakespeare().origin == "real"
    assert "fetching" in capsys.readouterr().out
    assert (nowhere / "keras/datasets/shakespeare.txt").read_bytes() == PLAYS
    monkeypatch.setenv("TFNOTES_OFFLINE", "1")
    assert data.shakespeare().origin == "real"


@pytest.mark.parametrize("page", ["portal.txt", "missing.txt"])
def test_a_bad_download_leaves_nothing_behind(
    use, server, nowhere, monkeypatch, capsys, page: str
) -> None:
    use("auto", url=f"{server}/{page}")
    monkeypatch.setenv("TFNOTES_OFFLINE", "0")
    assert data.shakespeare().origin == "stand-in"
    assert f"{server}/{page}" in capsys.readouterr().out
    assert not list((nowhere / "keras/datasets").iterdir())


def test_no_answer_means_the_standin(use, monkeypatch, capsys) -> None:
    use("auto", url="http://127.0.0.1:9/input.txt")
    monkeypatch.setenv("TFNOTES_OFFLINE", "0")
    assert data.shakespeare().origin == "stand-in"
    assert "could not be fetched" in capsys.readouterr().out


def test_a_cache_that_cannot_be_written_means_the_standin(use, nowhere, monkeypatch) -> None:
    use("auto", url="http://127.0.0.1:9/input.txt")
    monkeypatch.setenv("TFNOTES_OFFLINE", "0")
    (nowhere / "keras").write_text("a file where a folder should be")
    assert data.shakespeare().origin == "stand-in"


def test_a_huge_download_is_left_to_the_reader(use, monkeypatch, capsys) -> None:
    use("auto", url="http://127.0.0.1:9/input.txt", bytes=10**9)
    monkeypatch.setenv("TFNOTES_OFFLINE", "0")
    data.shakespeare()
    assert "1000 MB: fetch it by hand" in capsys.readouterr().out
