"""Finding a real file: in the usual caches, in ``TFNOTES_DATA``, and at its authors' address."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tfnotes.core.errors import TfnotesError
from tfnotes.data.cards import Card, Edition, File

MODES = ("stand-in", "real", "auto")
TIMEOUT = 10.0
"""Seconds without an answer after which the network counts as absent."""
LARGEST_DOWNLOAD = 200_000_000
"""Bytes; what is larger is never fetched without being asked for."""


@dataclass
class Found:
    """An edition whose files are all there, or none, with the reasons."""

    edition: Edition | None = None
    paths: dict[str, Path] = field(default_factory=dict)
    """File by the last part of its path in the card."""
    remarks: list[str] = field(default_factory=list)
    """What is odd: a wrong checksum, a server that did not answer."""


def mode() -> str:
    """Return how data is looked for, from ``TFNOTES_DATA_MODE``; readers get ``auto``."""
    value = os.environ.get("TFNOTES_DATA_MODE", "") or "auto"
    if value not in MODES:
        raise TfnotesError(
            f"TFNOTES_DATA_MODE is {value!r}; set it to {', '.join(MODES[:-1])} or {MODES[-1]}"
        )
    return value


def offline() -> bool:
    """Whether ``TFNOTES_OFFLINE`` asks to leave the network alone."""
    return os.environ.get("TFNOTES_OFFLINE", "") not in ("", "0")


def keras_home() -> Path:
    """Return the folder in which Keras keeps what it downloads."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()


def data_roots() -> list[Path]:
    """Return the folders laid out like Keras' cache: ``datasets/…`` and ``models/…`` in each."""
    roots = [keras_home()]
    if given := os.environ.get("TFNOTES_DATA"):
        root = Path(given).expanduser()
        if not root.is_dir():
            raise TfnotesError(
                f"TFNOTES_DATA: {given} is not a folder; point it at one or unset it"
            )
        roots.insert(0, root)
    return roots


def _candidates(file: File) -> Iterator[Path]:
    """Yield the places where a file may lie, best first."""
    for root in data_roots():
        for name in (file.path, *file.aliases):
            yield root / name
    tfds = Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()
    downloads = tfds / "downloads"
    if downloads.is_dir():  # tfds mangles names, so go by the size
        yield from (path for path in sorted(downloads.rglob("*")) if _size(path) == file.bytes)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def sha256(path: Path) -> str:
    """Return the SHA-256 checksum of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def flaw(path: Path, file: File) -> str:
    """Say what is wrong with a file that should be the one on the card; empty if nothing is."""
    try:
        size, digest = _size(path), sha256(path)
    except OSError as error:
        return f"{path}: cannot be read ({error.strerror}); check its permissions"
    if digest == file.sha256 or (not file.published and size == file.bytes):
        return ""
    return (
        f"{path}: sha256 is {digest[:12]}… instead of {file.sha256[:12]}…, so it is damaged or "
        "another edition; delete it or replace it"
    )


def _search(file: File, found: Found) -> Path | None:
    for path in _candidates(file):
        if path.is_file():
            if not (problem := flaw(path, file)):
                return path
            found.remarks.append(problem)
    return None


def download(file: File) -> Path:
    """Fetch a file from its authors into Keras' cache, where Keras' own loaders find it too.

    Raises:
        TfnotesError: The server does not answer, the cache cannot be written, or the file
            that came is not the one on the card. Nothing half-finished is left behind.
    """
    target = keras_home() / file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    except OSError as error:
        raise TfnotesError(f"{target.parent}: cannot write there ({error.strerror})") from error
    part = Path(name)
    try:
        request = Request(file.url, headers={"User-Agent": "tfnotes"})
        with os.fdopen(handle, "wb") as stream, urlopen(request, timeout=TIMEOUT) as answer:
            while chunk := answer.read(1 << 20):
                stream.write(chunk)
        if problem := flaw(part, file):
            raise TfnotesError(problem.replace(str(part), file.url))
        part.replace(target)
    except (OSError, URLError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise TfnotesError(f"{file.url}: could not be fetched ({reason})") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def find(card: Card, network: bool) -> Found:
    """Look for one edition of a data set with all its files.

    Args:
        card: The data set.
        network: Whether to ask the authors' server for what is in no cache.
    """
    found = Found()
    for edition in card.editions:
        paths = {Path(file.path).name: _search(file, found) for file in edition.files}
        if all(paths.values()):
            found.edition = edition
            found.paths = {name: path for name, path in paths.items() if path}
            return found
    if network:
        _fetch(card, found)
    return found


def _fetch(card: Card, found: Found) -> None:
    for edition in card.editions:
        if not all(file.url for file in edition.files):
            continue
        size = sum(file.bytes for file in edition.files)
        if size > LARGEST_DOWNLOAD:
            found.remarks.append(
                f"{card.name} is {size / 1e6:.0f} MB: fetch it by hand from {edition.files[0].url}"
            )
            continue
        print(f"{card.name}: fetching {size / 1e6:.1f} MB from {edition.files[0].url}", flush=True)
        try:
            paths = {}
            for file in edition.files:
                paths[Path(file.path).name] = _search(file, Found()) or download(file)
        except TfnotesError as error:
            found.remarks.append(str(error))
            return
        found.edition, found.paths = edition, paths
        return
