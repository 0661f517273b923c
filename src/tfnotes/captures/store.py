"""Captures: what a named machine, a runner, measured, and the files that keep it.

One file a runner, ``outputs/timings/NAME.json``. Beside benchmarks it holds the outputs of blocks
that only a machine with a GPU can run. Every entry carries the key of the code that was run, so
that a page can say when its code has changed since.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tfnotes.core.blocks import Block
from tfnotes.core.errors import PageError, TfnotesError
from tfnotes.core.files import cannot_write, write_atomic
from tfnotes.core.project import Project
from tfnotes.core.seal import seal_of

FORMAT = 1
"""Version of the files; a file with another one is refused, not guessed at."""
METHOD = 1
"""Raised when `tfnotes.timing` measures differently: what was measured before is then stale."""

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_CURE = "restore the file, or delete it and capture again"


@dataclass
class Measured:
    """A benchmark as one runner measured it."""

    page: str
    block: str
    """The block's section."""
    key: str
    method: int
    made: dict[str, str]
    """Date, commit, versions, threads: what may differ from one capture to the next."""
    x: str
    show: str
    item: str
    cases: list[dict[str, Any]]
    """``series``, ``size``, ``timing`` (see `tfnotes.timing`), ``flops``, ``bytes``, ``items``."""
    seal: str = ""
    """As it was read; made when a new capture is written."""


@dataclass
class Shown:
    """What a block that needs a GPU printed and drew on one runner."""

    page: str
    block: str
    key: str
    made: dict[str, str]
    outputs: list[dict[str, Any]]
    """nbformat v4 outputs; figures inlined."""
    seal: str = ""
    """As it was read; made when a new capture is written."""


def own_seal(entry: Measured | Shown) -> str:
    """The seal that fits what stands in an entry."""
    return seal_of({name: value for name, value in asdict(entry).items() if name != "seal"})


@dataclass
class Runner:
    """A named machine and everything it measured."""

    name: str
    machine: dict[str, str] = field(default_factory=dict)
    """``cpu``, ``cores``, ``memory``, ``os``, and where there is one ``gpu``, ``gpu_memory``."""
    benchmarks: dict[str, Measured] = field(default_factory=dict)
    """By ``page:block``."""
    blocks: dict[str, Shown] = field(default_factory=dict)
    """By ``page:block``."""

    @property
    def has_gpu(self) -> bool:
        """Whether TensorFlow saw a GPU there."""
        return bool(self.machine.get("gpu"))

    def entry(self, block: Block) -> Measured | Shown | None:
        """What this runner has for a block, of this or an earlier version of its code."""
        return (self.blocks if block.needs else self.benchmarks).get(identity(block))

    def is_current(self, block: Block) -> bool:
        """Whether it has run the block as its code stands now."""
        entry = self.entry(block)
        if entry is None or entry.key != block.key:
            return False
        return not isinstance(entry, Measured) or entry.method == METHOD

    def best(self, quantity: str) -> tuple[float, str, str, Any] | None:
        """The highest rate it reached in any benchmark, and where: the roof of the machine.

        Args:
            quantity: ``flops`` or ``bytes``.

        Returns:
            The rate, and series, name and value of the size; None if nothing has such a rate.
        """
        found = [
            (case[quantity] / case["timing"]["median"], case["series"], m.x, case["size"])
            for m in self.benchmarks.values()
            for case in m.cases
            if case.get(quantity)
        ]
        return max(found, default=None, key=lambda entry: entry[0])


def identity(block: Block) -> str:
    """What a benchmark or a GPU block is filed under."""
    return f"{block.page}:{block.name}"


def check_name(name: str) -> str:
    """A runner's name, if it can be a file's name everywhere.

    Raises:
        TfnotesError: It cannot.
    """
    if not _NAME.fullmatch(name):
        raise TfnotesError(f'runner "{name}": use small letters, digits, "-" and "." only')
    return name


def load_runner(folder: Path, name: str) -> Runner:
    """Reads a runner's file; a runner without one has measured nothing.

    Raises:
        PageError: The file is truncated, no JSON, or of another format.
    """
    path = folder / f"{check_name(name)}.json"
    where = f"outputs/timings/{path.name}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Runner(name)
    except json.JSONDecodeError as error:
        problem = f"capture is not JSON ({error.msg}); {_CURE}"
        raise PageError(where, error.lineno, problem) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PageError(where, 1, f"capture cannot be read ({error}); {_CURE}") from None
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        problem = f"capture has format {found!r}, this tfnotes reads {FORMAT}; {_CURE}"
        raise PageError(where, 1, problem)
    try:
        return Runner(
            name,
            content["machine"],
            {key: Measured(**entry) for key, entry in content["benchmarks"].items()},
            {key: Shown(**entry) for key, entry in content["blocks"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise PageError(where, 1, f"capture lacks something ({error}); {_CURE}") from None


def load_runners(folder: Path) -> list[Runner]:
    """All runners that have a file, those without a GPU first, each group by name."""
    names = sorted(path.stem for path in folder.glob("*.json")) if folder.is_dir() else []
    return sorted((load_runner(folder, name) for name in names), key=lambda r: r.has_gpu)


def save_runner(folder: Path, runner: Runner) -> Path:
    """Writes a runner's file in one go: a capture that is killed leaves the old one or the new.

    Raises:
        TfnotesError: The folder cannot be written.
    """
    path = folder / f"{check_name(runner.name)}.json"
    content = {"format": FORMAT, "runner": runner.name, "machine": runner.machine}
    for part in ("benchmarks", "blocks"):
        entries = getattr(runner, part)
        content[part] = {
            key: {**asdict(entry), "seal": entry.seal or own_seal(entry)}
            for key, entry in sorted(entries.items())
        }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(path, _dumps(content))
    except OSError as error:
        raise cannot_write(f"outputs/timings/{path.name}", "captures", error) from None
    return path


def _dumps(content: dict[str, Any]) -> str:
    """JSON with one case a line: reviews show which figures changed."""
    lines: dict[str, str] = {}
    for entry in content["benchmarks"].values():
        for number, case in enumerate(entry["cases"]):
            token = f"@case {len(lines)}"
            lines[token] = json.dumps(case, ensure_ascii=False)
            entry["cases"][number] = token
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return re.sub(r'"(@case \d+)"', lambda match: lines[match[1]], text) + "\n"


def read_runners(project: Project) -> list[Runner]:
    """All captures of a checkout; read again only when a file has changed."""
    folder = project.timings
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return _read(folder, tuple((file.name, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _read(folder: Path, stamps: tuple[tuple[str, int], ...]) -> list[Runner]:
    return load_runners(folder) if stamps else []
