"""Records: what a run of a block produced, and the store that keeps them.

A store is a folder with one JSON file a page and the figures beside it. ``outputs/`` is the store
of accepted records, ``outputs/real-data/`` the one made with real data sets, and the cache holds
one with what this machine produced last; all three have the same form.
"""

import base64
import contextlib
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tfnotes.core.errors import PageError
from tfnotes.core.files import cannot_write, load_json, lock
from tfnotes.core.files import write_atomic as write_atomic  # for the ledger: records name its code
from tfnotes.core.project import RESERVED
from tfnotes.core.seal import seal_of
from tfnotes.core.whole import FILES as FILES
from tfnotes.core.whole import must_be_list, must_be_table, must_be_whole

FORMAT = 1
"""Version of the files; a file with another one is refused, not guessed at."""

_FIGURE = re.compile(r"\w[\w.-]*")
"""What a figure's file may be called: a name in the page's own folder, and nothing else."""


@dataclass
class Record:
    """The outcome of one run of a block."""

    key: str
    name: str
    """The block's section, for people who read the file."""
    outputs: list[dict[str, Any]] = field(default_factory=list)
    """nbformat v4 outputs; SVG as text, other pictures in base64."""
    made: dict[str, str] = field(default_factory=dict)
    """``date``, ``tensorflow``, ``keras``, ``numpy``, ``python``, ``device``."""
    data: list[dict[str, str]] = field(default_factory=list)
    """Data sets used so far on the page: ``name``, ``origin`` (real or stand-in), ``note``."""
    modules: dict[str, str] = field(default_factory=dict)
    """Digests of the tfnotes modules that the block had imported."""
    files: dict[str, str] = field(default_factory=dict)
    """Digests of the checkout's other files that the page had read so far, by their path."""
    seal: str = ""
    """As it was read; made when a new record is written."""

    def own_seal(self) -> str:
        """The seal that fits what stands here: which code it was last compared with is left out."""
        return seal_of([self.key, self.outputs, self.made, self.data])

    @property
    def text(self) -> str:
        """All text of the outputs, as a reader sees it."""
        parts = []
        for output in self.outputs:
            if output["output_type"] == "stream":
                parts.append(output["text"])
            elif output["output_type"] == "error":
                parts.append(f"{output['ename']}: {output['evalue']}\n")
            else:
                parts.append(output["data"].get("text/plain", "") + "\n")
        return "".join(parts)


class Store:
    """A folder of records.

    Args:
        root: The folder; it need not exist.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, page: str) -> Path:
        """The file of a page's records."""
        return self.root / f"{page}.json"

    def page_names(self) -> list[str]:
        """Pages that have records, sorted."""
        found = (
            p.relative_to(self.root).with_suffix("").as_posix() for p in self.root.rglob("*.json")
        )
        return sorted(name for name in found if name.split("/")[0] not in RESERVED)

    def load(self, page: str) -> dict[str, Record]:
        """Reads a page's records.

        Args:
            page: The page's name.

        Returns:
            The records by key, in page order; empty if there is no file.

        Raises:
            PageError: The file is truncated, no JSON, of another format, or a figure is missing.
        """
        path = self.path(page)
        content = load_json(path, self._where(path), FORMAT, "records", _CURE)
        if content is None:
            return {}
        if content.get("page", page) != page:
            problem = f"these are the records of {content['page']}, not of {page}; {_CURE}"
            raise PageError(self._where(path), 1, problem)
        try:
            records = [Record(**must_be_table(item)) for item in must_be_list(content["blocks"])]
            for record in records:
                must_be_whole(vars(record))
        except (KeyError, TypeError) as error:
            raise PageError(
                self._where(path), 1, f"records lack what they must have ({error}); {_CURE}"
            ) from None
        for record in records:
            for output in record.outputs:
                self._read_figures(path, output)
        found: dict[str, Record] = {}
        for record in records:
            if record.key in found:
                names = f'"{found[record.key].name}" and "{record.name}"'
                problem = f"two records, {names}, have the key {record.key}; {_CURE}"
                raise PageError(self._where(path), 1, problem)
            found[record.key] = record
        return found

    def save(self, page: str, records: Iterable[Record]) -> None:
        """Writes a page's records; the old file stands until the new one is complete.

        Figures are named by their content and written first, so that a run killed half-way leaves
        the old records with their old figures.

        Args:
            page: The page's name.
            records: All records of the page, in page order.

        Raises:
            TfnotesError: The folder cannot be written, or another update of the page is under way.
        """
        path = self.path(page)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with lock(path.with_suffix(".lock")):
                _clear_half_written(path)
                kept: set[str] = set()
                blocks = [self._with_files(path, record, kept) for record in records]
                content = {"format": FORMAT, "page": page, "blocks": blocks}
                write_atomic(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
                folder = path.with_suffix("")
                for figure in folder.glob("*") if folder.is_dir() else ():
                    if figure.name not in kept and figure.suffix in FILES.values():
                        figure.unlink()
        except OSError as error:
            raise cannot_write(self._where(path), "records", error) from None

    def remove(self, page: str) -> None:
        """Deletes a page's records and figures.

        Raises:
            TfnotesError: They cannot be deleted.
        """
        path = self.path(page)
        folder = path.with_suffix("")
        try:
            path.unlink(missing_ok=True)
            for figure in list(folder.iterdir()) if folder.is_dir() else ():
                if figure.suffix in FILES.values():
                    figure.unlink()
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        except OSError as error:
            raise cannot_write(self._where(path), "records", error) from None

    def _where(self, path: Path) -> str:
        return f"{self.root.name}/{path.relative_to(self.root).as_posix()}"

    def _with_files(self, path: Path, record: Record, kept: set[str]) -> dict[str, Any]:
        item = asdict(record)
        item["seal"] = record.seal or record.own_seal()
        if not record.files:
            del item["files"]
        for output in item["outputs"]:
            for mime, suffix in FILES.items():
                if mime not in output.get("data", {}):
                    continue
                value = output["data"][mime]
                content = value.encode() if mime == "image/svg+xml" else base64.b64decode(value)
                digest = hashlib.sha256(content).hexdigest()[:8]
                name = f"{record.name}-{digest}{suffix}"
                target = path.with_suffix("") / name
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    write_atomic(target, content)
                kept.add(name)
                output["data"][mime] = {"file": name}
        return item

    def _read_figures(self, path: Path, output: dict[str, Any]) -> None:
        for mime in FILES:
            value = output.get("data", {}).get(mime)
            if not isinstance(value, dict):
                continue
            name = value["file"]
            file = path.with_suffix("") / name
            if not _FIGURE.fullmatch(name) or file.is_symlink():
                problem = f"a record names the file {name!r}, which is no figure of its page"
                raise PageError(self._where(path), 1, f"{problem}; {_CURE}")
            try:
                content = file.read_bytes()
                is_svg = mime == "image/svg+xml"
                output["data"][mime] = (
                    content.decode() if is_svg else base64.b64encode(content).decode()
                )
            except (OSError, UnicodeDecodeError) as error:
                what = "is missing" if isinstance(error, FileNotFoundError) else "cannot be read"
                raise PageError(self._where(path), 1, f"figure {name} {what}; {_CURE}") from None


def _clear_half_written(path: Path) -> None:
    """Removes what an update that was killed has left; the caller holds the page's lock."""
    folder = path.with_suffix("")
    left = [*path.parent.glob(f".{path.name}.*"), *folder.glob(".*.*.*")]
    for file in left:
        with contextlib.suppress(OSError):
            file.unlink()


_CURE = "restore the file, or delete it and run pytest --update-outputs"
