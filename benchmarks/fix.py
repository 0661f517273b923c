"""How many programs that fail today run after one command: ours and TensorFlow's own converter.

    python benchmarks/fix.py [PROGRAM.py …]

Without arguments the programs are the old code of the ledger's rows that fail on the pinned
release; the converter is `tf_upgrade_v2` with its own defaults. Each program runs in a process of
its own. Printed: how many run, how many of these give the replacement's value where it is known,
and how many warn.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tfnotes.doctor.fix.files import fix_code
from tfnotes.doctor.upgrade import convert
from tfnotes.ledger import execute
from tfnotes.ledger.outcomes import PINNED, equal_values, load_outcomes, read_outcome
from tfnotes.ledger.rows import load_rows

MARK = "# the program\n"
WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda code: code,
    "tf_upgrade_v2": lambda code: convert(code).text,
    "doctor --fix": lambda code: fix_code("program.py", code.encode()).after.decode(),
    "doctor --fix --unsafe": lambda code: fix_code(
        "program.py", code.encode(), unsafe=True
    ).after.decode(),
}


def run(programs: list[dict[str, object]]) -> dict[str, object]:
    """Runs programs; their raw outcomes by id."""
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder, "programs.json"), Path(folder, "outcomes.json")
        given.write_text(json.dumps(programs))
        command = [sys.executable, execute.__file__, str(given), str(got), "2"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return json.loads(got.read_text())


def report(name: str, programs: list[dict[str, object]]) -> None:
    """Runs whole programs as scripts and says how each ends."""
    lines, ran = [], 0
    for program in programs:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder, "program.py")
            script.write_text(str(program["code"]), encoding="utf-8")
            done = subprocess.run(
                [sys.executable, script.name], cwd=folder, capture_output=True, text=True, check=False
            )
        ran += done.returncode == 0
        last = done.stderr.rstrip().rpartition("\n")[2] if done.returncode else "runs"
        lines.append(f"{'':>24}{program['id']}: {last}")
    print(f"{name:>22}: {ran} of {len(programs)} run", *lines, sep="\n")


def main(paths: list[str]) -> None:
    """Prints the table."""
    outcomes = load_outcomes()
    environments: dict[str, dict[str, str]] = {}
    wanted: dict[str, object] = {}
    if paths:
        codes = {path: MARK + Path(path).read_text(encoding="utf-8") for path in paths}
    else:
        rows = [row for row in load_rows() if row.outcome == "error"]
        codes = {row.id: execute.PREAMBLE + row.setup + MARK + row.old for row in rows}
        environments = {row.id: row.environment for row in rows}
        new = {row.id: outcomes.of(row, "new").get(PINNED) for row in rows if row.same}
        wanted = {id_: one.value for id_, one in new.items() if one and one.value is not None}
    print(f"{len(codes)} programs, TensorFlow {PINNED}")
    for name, change in WAYS.items():
        programs = []
        for id_, code in codes.items():
            setup, _, body = change(code).partition(MARK)
            environment = environments.get(id_, {})
            programs.append(
                {"id": id_, "setup": setup, "code": body, "environment": environment,
                 "fresh": bool(environment) or "disable_eager" in setup + body}
            )  # fmt: skip
        if paths:
            report(name, programs)
            continue
        raw = run(programs)
        done = {
            id_: read_outcome(one, {"digest": ""}, raw["prefix"])
            for id_, one in raw["outcomes"].items()
        }
        ran = [id_ for id_, one in done.items() if one.result == "ok"]
        right = sum(equal_values(done[id_].value, wanted[id_]) for id_ in ran if id_ in wanted)
        known = sum(id_ in wanted for id_ in ran)
        warned = sum(bool(done[id_].warnings) for id_ in ran)
        print(f"{name:>22}: {len(ran)} run; {right} of {known} give the value; {warned} warn")


if __name__ == "__main__":
    main(sys.argv[1:])
