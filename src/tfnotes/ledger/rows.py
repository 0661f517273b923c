"""Reading the rows of the ledger, one TOML file a group, and refusing what is not a row."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tfnotes.core.errors import PageError

FOLDER = Path(__file__).with_name("rows")

GROUPS = (
    "tf1",
    "contrib",
    "preprocessing",
    "training",
    "metrics",
    "layers",
    "saving",
    "data",
    "hub",
    "text",
    "estimators",
    "rnn",
    "distribution",
    "gpu",
    "typos",
)
"""The groups, in the order of the page; each is a file."""

OUTCOMES = ("error", "warning", "unchanged", "different")
"""What can happen to old code on the pinned release."""

_LANGUAGES = ("zh", "en")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEED = re.compile(r"\d{3}:\d+")


@dataclass(frozen=True)
class Row:
    """One API, idiom or misremembered name."""

    id: str
    """The row's anchor; never renamed."""
    group: str
    api: str
    """What people search for."""
    outcome: str
    """One of `OUTCOMES`; the tests hold it against the run."""
    old: str
    new: str = ""
    """What to write today; empty only if there is nothing to change."""
    setup: str = ""
    """Code that runs before both and is not shown."""
    same: bool = False
    """Whether the last expressions of old and new have the same value."""
    fresh: bool = False
    """Whether the code needs an interpreter that has not imported TensorFlow yet."""
    environment: dict[str, str] = field(default_factory=dict)
    """Variables set before TensorFlow is imported, for old and new."""
    new_environment: dict[str, str] = field(default_factory=dict)
    """The same, for the replacement only."""
    find: tuple[str, ...] = ()
    """Patterns of ``tfnotes doctor``."""
    seeds: tuple[str, ...] = ()
    """Where the notes that the site grew from have it, ``file:line``."""
    note: dict[str, str] = field(default_factory=dict)
    """Why it broke and what to watch for, by language."""
    where: str = ""
    """The file and line of the row."""


def load_rows(folder: Path = FOLDER) -> list[Row]:
    """Reads all rows, in the order of the page.

    Args:
        folder: Where the files are.

    Returns:
        The rows of all groups.

    Raises:
        PageError: A file is not TOML, or a row lacks something, has something unknown, or an
            identity that another row has.
    """
    needs = _read(folder / "needs.toml").get("needs", {})
    rows: list[Row] = []
    seen: dict[str, str] = {}
    for group in GROUPS:
        path = folder / f"{group}.toml"
        if not path.is_file():
            continue
        lines = _starts(path)
        for number, entry in enumerate(_read(path).get("row", [])):
            row = _row(path, lines[number], group, entry, needs)
            if row.id in seen:
                raise PageError(
                    path.name, lines[number], f"row {row.id!r} is also at {seen[row.id]}; rename it"
                )
            seen[row.id] = row.where
            rows.append(row)
    return rows


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PageError(path.name, int(line[1]) if line else 1, f"not TOML: {error}") from None


def _starts(path: Path) -> list[int]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, 1) if line.strip() == "[[row]]"]


def _row(path: Path, line: int, group: str, entry: dict[str, Any], needs: dict[str, str]) -> Row:
    for problem in _problems(entry, needs):
        name = entry.get("id", "without id")
        raise PageError(path.name, line, f"row {name}: {problem}")
    given = dict(entry)
    setup = "".join(needs[name].strip("\n") + "\n" for name in given.pop("needs", ()))
    return Row(
        group=group,
        setup=setup,
        old=given.pop("old").strip("\n") + "\n",
        new=given.pop("new", "").strip("\n"),
        find=tuple(given.pop("find")),
        seeds=tuple(given.pop("seeds", ())),
        where=f"{path.name}:{line}",
        **given,
    )


def _problems(entry: dict[str, Any], needs: dict[str, str]) -> Iterator[str]:
    """What is wrong with an entry, one line each."""
    kinds: dict[str, type] = {
        **dict.fromkeys(("id", "api", "outcome", "old", "new"), str),
        **dict.fromkeys(("same", "fresh"), bool),
        **dict.fromkeys(("needs", "find", "seeds"), list),
        **dict.fromkeys(("environment", "new_environment", "note"), dict),
    }
    for name in ("id", "api", "outcome", "old", "find", "note"):
        if name not in entry:
            yield f"has no {name}"
            return
    for name, value in entry.items():
        if name not in kinds:
            yield f"has {name!r}, which no row has"
            return
        if not isinstance(value, kinds[name]):
            yield f"{name} must be a {kinds[name].__name__}"
            return
    if not _ID.fullmatch(entry["id"]):
        yield "id must be lower case words with hyphens"
    if entry["outcome"] not in OUTCOMES:
        yield f"outcome must be one of {', '.join(OUTCOMES)}"
    if entry["outcome"] != "unchanged" and not entry.get("new"):
        yield "has no new code; only what is unchanged needs none"
    if entry.get("same") and entry["outcome"] == "different":
        yield "same = true, but what is different is not the same"
    if entry.get("same") and not entry.get("new"):
        yield "same = true compares with new code, and there is none"
    for name in entry.get("needs", ()):
        if name not in needs:
            yield f"needs {name!r}, which needs.toml does not have"
    for language in _LANGUAGES:
        if not entry["note"].get(language, "").strip():
            yield f"note has no {language}"
    for seed in entry.get("seeds", ()):
        if not _SEED.fullmatch(seed):
            yield f"seeds are written 000:45, not {seed!r}"
