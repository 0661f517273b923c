"""The doctor beside ``tf_upgrade_v2``, TensorFlow's own converter, on the same program.

The converter was written for the move from 1.x to 2.0 and rewrites; the doctor reports. What they
are compared by is what becomes of each place that fails today. TensorFlow is imported when asked.
"""

import ast
import contextlib
import difflib
import io
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tfnotes.doctor.catalogue import Catalogue, load_catalogue
from tfnotes.doctor.examine import findings
from tfnotes.doctor.load import load

TREATMENTS = ("rewritten", "compat.v1", "in vain", "told", "silent")
"""What the converter does at a place: rewrites it to a current name, rewrites it to
``tf.compat.v1`` (which may or may not run), rewrites it to what the ledger knows to fail as well,
says something and leaves it, or none of these."""

_LOG = re.compile(
    r"^(?:.*?:)?(?P<line>\d+):(?P<column>\d+): (?P<level>[A-Z]+): (?P<message>.*)", re.S
)


@dataclass(frozen=True)
class Place:
    """A place that the doctor or the converter has something to say about."""

    program: str
    line: int
    code: str
    row: str
    """The ledger's row; ``""`` where only the converter spoke."""
    outcome: str
    converter: str
    """One of `TREATMENTS`."""


@dataclass(frozen=True)
class Converted:
    """What the converter made of a program."""

    text: str
    log: tuple[tuple[int, str, str], ...]
    """Line of the old program, level (INFO, WARNING, ERROR), message."""


def convert(code: str) -> Converted:
    """Runs the converter as its command does, with its own defaults.

    Args:
        code: A program for TensorFlow 1 or early 2.

    Returns:
        The new program and what was said.
    """
    from tensorflow.tools.compatibility import ast_edits, tf_upgrade_v2

    change = tf_upgrade_v2.TFAPIChangeSpec(import_rename=False, upgrade_compat_v1_import=True)
    upgrader = ast_edits.ASTCodeUpgrader(change)
    # It prints its log as well as returning it.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        _, text, log, errors = upgrader.update_string_pasta(code, "program.py")
    found = [match for line in (*log, *errors) if (match := _LOG.match(line))]
    entries = dict.fromkeys((int(one["line"]), one["level"], one["message"]) for one in found)
    return Converted(text, tuple(entries))


def compare(
    code: str, program: str = "program.py", catalogue: Catalogue | None = None
) -> tuple[list[Place], Converted]:
    """Holds both against a program.

    Args:
        code: The program.
        program: What to call it.
        catalogue: What the doctor knows; the ledger if absent.

    Returns:
        Every place, in order, and what the converter made.
    """
    known = catalogue or load_catalogue()
    converted = convert(code)
    new_lines = _new_lines(code, converted.text)
    left = {
        (one.entry.id, one.line) for one in findings(load(program, converted.text.encode()), known)
    }
    old = findings(load(program, code.encode()), known)
    places = []
    for one in old:
        lines = range(one.line, one.line + one.text.count("\n") + _span(code, one.line))
        places.append(
            Place(
                program,
                one.line,
                one.what,
                one.entry.id,
                one.entry.outcome,
                _treatment(
                    lines,
                    one.entry.id,
                    re.sub(r"\([^()]*\)$", "", one.what),
                    code,
                    converted,
                    new_lines,
                    left,
                ),
            )
        )
    reported = {one.line for one in old}
    for line, level, message in converted.log:
        if level in ("WARNING", "ERROR") and line not in reported:
            places.append(Place(program, line, message.split("\n")[0][:120], "", "", "told"))
    return sorted(places, key=lambda place: (place.line, place.row)), converted


def _span(code: str, line: int) -> int:
    """How many lines the statement that starts in a line has."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and node.lineno == line:
            return (node.end_lineno or line) - line + 1
    return 1


def _treatment(
    lines: Iterable[int],
    row: str,
    what: str,
    code: str,
    converted: Converted,
    new_lines: dict[int, list[int]],
    left: set[tuple[str, int]],
) -> str:
    before, after = code.split("\n"), converted.text.split("\n")
    old = list(lines)
    here = [(level, message) for line, level, message in converted.log if line in old]
    # Two calls may share a line: what the converter says of this name is about this one.
    named = re.compile(rf"(?<![\w.]){re.escape(what)}(?![\w.])")
    about = [message for level, message in here if level == "INFO" and named.search(message)]
    new = sorted({number for line in old for number in new_lines.get(line, ())})
    text = " ".join(about) or " ".join(after[number - 1] for number in new)
    changed = bool(about) or text != " ".join(before[line - 1] for line in old)
    stays = any((row, number) in left for number in new)
    if changed and not stays:
        return "compat.v1" if "compat.v1" in text else "rewritten"
    if changed and not any(named.search(after[number - 1]) for number in new):
        return "in vain"
    return "told" if {level for level, _ in here} & {"WARNING", "ERROR"} else "silent"


def _new_lines(old: str, new: str) -> dict[int, list[int]]:
    """Which lines of the new text each line of the old one became."""
    matcher = difflib.SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    found: dict[int, list[int]] = {}
    for _, start, stop, new_start, new_stop in matcher.get_opcodes():
        for number in range(start, stop):
            if stop - start == new_stop - new_start:
                found[number + 1] = [new_start + number - start + 1]
            else:
                found[number + 1] = list(range(new_start + 1, new_stop + 1))
    return found


def first_error(code: str, seconds: float = 120) -> str:
    """Runs a program in an interpreter and a folder of its own.

    Args:
        code: The program.
        seconds: How long it may take.

    Returns:
        The exception as Python prints it, in one line; ``""`` if it ran to its end.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "program.py").write_text(code, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "program.py"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    if done.returncode == 0:
        return ""
    lines = [
        line
        for line in done.stderr.splitlines()
        if re.match(r"[\w.]+(?:Error|Exception|Exit)\b", line)
    ]
    return lines[-1] if lines else done.stderr.strip().split("\n")[-1]


def table(places: Sequence[Place]) -> str:
    """The comparison as lines: a place each, then the counts."""
    lines = [
        f"{one.program}:{one.line}: {one.code}: {one.row or 'not in the ledger'}: {one.converter}"
        for one in places
    ]
    counts = Counter(one.converter for one in places if one.row)
    total = ", ".join(f"{name} {counts[name]}" for name in TREATMENTS)
    return "\n".join([*lines, f"{sum(counts.values())} places the doctor reports: {total}"])


def as_data(places: Sequence[Place]) -> dict[str, Any]:
    """The comparison as plain data."""
    counts = Counter(one.converter for one in places if one.row)
    return {
        "places": [asdict(one) for one in places],
        "doctor": sum(counts.values()),
        "converter": {name: counts[name] for name in TREATMENTS},
        "only_converter": sum(not one.row for one in places),
    }


def main(names: Sequence[str]) -> None:
    """Compares programs: ``python -m tfnotes.doctor.upgrade FILE…`` writes JSON."""
    programs = {}
    for name in names:
        code = Path(name).read_text(encoding="utf-8")
        places, converted = compare(code, Path(name).name)
        programs[Path(name).name] = {
            **as_data(places),
            "old_error": first_error(code),
            "converted_error": first_error(converted.text),
        }
    print(json.dumps(programs, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
