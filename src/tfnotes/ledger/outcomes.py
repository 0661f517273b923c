"""What was measured: the outcome of each row's code, release by release, in ``outcomes.json``."""

import hashlib
import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.core.messages import message_of
from tfnotes.core.records import write_atomic
from tfnotes.core.scrub import scrub
from tfnotes.core.seal import seal_of
from tfnotes.ledger.rows import Row

FILE = Path(__file__).with_name("outcomes.json")
PINNED = "2.21"
"""The release that the notes are written for; pyproject.toml pins the same."""
SIDES = ("old", "new")
RTOL = 1e-4
"""Relative tolerance for values: kernels of two releases differ by about 1e-6 per operation."""


@dataclass(frozen=True)
class Outcome:
    """What happened to a piece of code on a release."""

    result: str
    """``ok``, ``raises``, ``setup`` (the hidden set-up raised), ``ended`` or ``timeout``."""
    type: str = ""
    """The exception's type."""
    message: str = ""
    """The first line of what it said, without addresses and machine paths."""
    warnings: tuple[str, ...] = ()
    value: Any = None
    """The last expression's value, if it can be compared."""
    digest: str = ""
    """Of the code that ran: an outcome of other code is stale."""
    seal: str = field(default="", compare=False)
    """As it was read; made when a new outcome is written (see `tfnotes.core.seal`)."""

    def own_seal(self, row: str, side: str, release: str) -> str:
        """The seal that fits what stands here, at its place in the file."""
        content = {**vars(self), "warnings": list(self.warnings)}
        del content["seal"]
        return seal_of([row, side, release, content])

    @property
    def said(self) -> str:
        """The error as Python prints it, or the first warning."""
        if self.result == "ok":
            return self.warnings[0] if self.warnings else ""
        return f"{self.type}: {self.message}" if self.message else self.type


@dataclass
class Ledger:
    """All outcomes."""

    releases: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each release was run with: versions and the day."""
    rows: dict[str, dict[str, dict[str, Outcome]]] = field(default_factory=dict)
    """By row, side and release."""

    def of(self, row: Row, side: str = "old") -> dict[str, Outcome]:
        """A side's outcomes by release, oldest release first."""
        found = self.rows.get(row.id, {}).get(side, {})
        return {release: found[release] for release in sorted(found, key=release_order)}


def release_order(release: str) -> tuple[int, ...]:
    """A release as numbers: 2.8 is before 2.15."""
    return tuple(int(part) for part in release.split("."))


def programs(row: Row) -> dict[str, dict[str, Any]]:
    """What `execute` is given for a row, by side; each knows the digest of its code."""
    found = {}
    for side in SIDES:
        code = getattr(row, side)
        if code:
            environment = {**row.environment, **(row.new_environment if side == "new" else {})}
            fresh = row.fresh or bool(environment)
            program = {"setup": row.setup, "code": code, "environment": environment, "fresh": fresh}
            digest = hashlib.sha256(json.dumps(program, sort_keys=True).encode()).hexdigest()[:12]
            found[side] = {"id": f"{row.id}:{side}", **program, "digest": digest}
    return found


def read_outcome(raw: dict[str, Any], program: dict[str, Any], prefix: str = "") -> Outcome:
    """Makes an outcome of what `execute` wrote.

    Args:
        raw: Its outcome.
        program: The program that it ran.
        prefix: ``sys.prefix`` of the interpreter, taken off paths.
    """
    folder = raw.get("folder", "")
    paths = {folder: "", str(Path(folder).parent): "", prefix: "<python>"}
    name = raw.get("type", "")
    message = message_of(scrub(raw.get("message", ""), paths), name)
    said = (_spoken(scrub(text, paths)) for text in raw.get("warnings", ()))
    return Outcome(
        result=raw["result"],
        type=name,
        message=_first_line(message),
        warnings=tuple(dict.fromkeys(text for text in said if text)),
        value=raw.get("value"),
        digest=program["digest"],
    )


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    # Site-packages' place in an ImportError, "(…/keras/__init__.py)", is the machine's.
    return re.sub(r"\((?:/|<python>|~)[^)]*site-packages/", "(", lines[0])[:400] if lines else ""


def _spoken(text: str) -> str:
    """A warning's first paragraph in one line; TensorFlow's deprecations name a file first."""
    text = re.sub(r"^From \S+?:\d+: ", "", text.strip()).split("\n\n")[0]
    return " ".join(text.replace("Instructions for updating:", "").split())[:400]


def equal_values(one: Any, other: Any) -> bool:
    """Whether two kept values are the same, floats within `RTOL`."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal_values, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal_values(one[k], other[k]) for k in one)
    numbers = [isinstance(v, int | float) and not isinstance(v, bool) for v in (one, other)]
    if all(numbers):
        return math.isclose(one, other, rel_tol=RTOL, abs_tol=1e-6)
    return bool(one == other)


def state(outcome: Outcome, row: Row, meant: Any = None) -> str:
    """How a release treats old code, for the strip of releases.

    Args:
        outcome: What happened on the release.
        row: The row.
        meant: What the replacement gives on the pinned release.

    Returns:
        ``fails``, ``differs``, ``warns`` or ``ok``; ``none`` if the set-up itself cannot run there.
    """
    if outcome.result == "setup":
        return "none"
    if outcome.result != "ok":
        return "fails"
    compared = row.same or row.outcome == "different"
    known = meant is not None and outcome.value is not None  # a graph's tensor has no value
    if compared and known and not equal_values(outcome.value, meant):
        return "differs"
    return "warns" if outcome.warnings else "ok"


def load_outcomes(path: Path = FILE) -> Ledger:
    """Reads the outcomes.

    Raises:
        TfnotesError: The file is not what `save_outcomes` writes.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = {
            row: {
                side: {
                    release: Outcome(**{**one, "warnings": tuple(one.get("warnings", ()))})
                    for release, one in releases.items()
                }
                for side, releases in sides.items()
            }
            for row, sides in content["rows"].items()
        }
        return Ledger(content["releases"], rows)
    except FileNotFoundError:
        return Ledger()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TfnotesError(
            f"{path.name}: not the ledger's outcomes ({error}); restore the file"
        ) from None


def save_outcomes(ledger: Ledger, path: Path = FILE) -> None:
    """Writes the outcomes, one a line, so that a diff shows which changed."""
    lines = ["{", ' "releases": {']
    order = sorted(ledger.releases, key=release_order)
    made = [f'  "{name}": {_line(ledger.releases[name])}' for name in order]
    lines += [",\n".join(made), " },", ' "rows": {']
    rows = []
    for row in sorted(ledger.rows):
        sides = []
        for side in SIDES:
            found = ledger.rows[row].get(side, {})
            if found:
                text = ",\n".join(
                    f'    "{release}": {_line(_sealed(row, side, release, found[release]))}'
                    for release in sorted(found, key=release_order)
                )
                sides.append(f'   "{side}": {{\n{text}\n   }}')
        rows.append(f'  "{row}": {{\n' + ",\n".join(sides) + "\n  }")
    lines += [",\n".join(rows), " }", "}"]
    write_atomic(path, "\n".join(lines) + "\n")


def _sealed(row: str, side: str, release: str, outcome: Outcome) -> dict[str, Any]:
    """What is written of an outcome: what is not as by default, and its seal."""
    empty = Outcome("")
    kept = {name: value for name, value in vars(outcome).items() if value != getattr(empty, name)}
    return {**kept, "seal": outcome.seal or outcome.own_seal(row, side, release)}


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
