"""What the project notices when something in it is changed: seeded mutations, counted by kind.

Each mutation changes one thing in a copy of the checkout: a digit of a record, a constant of a
snippet, an anchor of a heading, a coordinate or a label of a figure, an outcome of the ledger, a
record on real data, or a capture. It counts as caught if `tfnotes check` says something that it
did not say before. Beside it stands how many of the changed records the comparison of the tests
would notice as well, were the page to give what it gave before. Some minutes::

    python benchmarks/mutations.py                 # 100 mutations, seed 0
    python benchmarks/mutations.py --count 400 --seed 7
"""

import argparse
import ast
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tfnotes.check import check_project
from tfnotes.check.seals import check_seals
from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import load_page
from tfnotes.core.project import Project, find_project
from tfnotes.core.records import Store
from tfnotes.run.accept import judge

COPIED = ("docs", "snippets", "outputs", "mkdocs.yml", "mkdocs.en.yml", "README.md")
LEDGER = "src/tfnotes/ledger/outcomes.json"
GOAL = 0.98


@dataclass
class Mutation:
    """One change to one file."""

    kind: str
    path: Path
    text: str
    """The file's new text."""
    what: str
    page: str | None
    """The page to be checked; None for what belongs to none."""


def copy_of(project: Project, folder: Path) -> Project:
    """The checkout's tracked files that a check reads."""
    command = ["git", "ls-files", "-z", *COPIED, LEDGER]
    listed = subprocess.run(command, cwd=project.root, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        source, target = project.root / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return Project(folder.resolve())


def other_digit(text: str, at: int, rng: random.Random) -> str:
    """The text with another digit at a place."""
    digit = rng.choice([d for d in "0123456789" if d != text[at]])
    return f"{text[:at]}{digit}{text[at + 1 :]}"


def changed_digit(path: Path, pattern: str, rng: random.Random) -> tuple[str, str] | None:
    """A file's text with one digit changed inside a match of a pattern, and where that was."""
    text = path.read_text(encoding="utf-8")
    places = [
        m.start(1) + d.start() for m in re.finditer(pattern, text) for d in re.finditer(r"\d", m[1])
    ]
    if not places:
        return None
    at = rng.choice(places)
    line = text.count("\n", 0, at) + 1
    return other_digit(text, at, rng), f"line {line}"


def of_json(kind: str, folder: Callable[[Project], Path], pattern: str):
    """Mutations of a digit in a JSON file of a folder."""

    def mutate(project: Project, rng: random.Random) -> Mutation | None:
        root = folder(project)
        path = rng.choice(sorted(root.rglob("*.json")))
        name = path.relative_to(root).with_suffix("").as_posix()
        if root == project.outputs and name.startswith(("timings/", "real-data/", "releases/")):
            return None
        found = changed_digit(path, pattern, rng)
        page = None if root == project.timings else name
        return found and Mutation(
            kind, path, found[0], f"{project.relative(path)} {found[1]}", page
        )

    return mutate


def snippet(project: Project, rng: random.Random) -> Mutation | None:
    """Another number in a snippet's code."""
    path = rng.choice(sorted(project.snippets.rglob("*.py")))
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    numbers = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    if not numbers:
        return None
    node = rng.choice(numbers)
    line = lines[node.lineno - 1].encode()
    old = line[node.col_offset : node.end_col_offset].decode()
    new = f"{old}1" if "e" not in old and "x" not in old else "7"
    lines[node.lineno - 1] = (
        line[: node.col_offset].decode() + new + line[node.end_col_offset :].decode()
    )
    name = path.relative_to(project.snippets).with_suffix("").as_posix()
    if not project.twins(name):
        return None
    what = f"{project.relative(path)}:{node.lineno} {old} -> {new}"
    return Mutation("snippet", path, "\n".join(lines), what, name)


def anchor(project: Project, rng: random.Random) -> Mutation | None:
    """Another anchor at a heading of one language."""
    language = rng.choice(["zh", "en"])
    name = rng.choice(project.page_names(language))
    path = project.page_path(language, name)
    text = path.read_text(encoding="utf-8")
    found = list(re.finditer(r"^##+ .*\{ #([\w-]+) \}$", text, re.MULTILINE))
    if not found:
        return None
    match = rng.choice(found)
    changed = f"{text[: match.end(1)]}x{text[match.end(1) :]}"
    return Mutation("anchor", path, changed, f"{project.relative(path)} #{match[1]}", name)


def figure(project: Project, rng: random.Random) -> Mutation | None:
    """A digit of a figure: a coordinate or a label."""
    path = rng.choice(sorted(project.outputs.rglob("*.svg")))
    folder = path.parent.relative_to(project.outputs).as_posix()
    real = folder.startswith("real-data/")
    found = changed_digit(path, r"( d=\"[^\"]*\"|<text[^>]*>[^<]*</text>)", rng)
    page = folder.removeprefix("real-data/")
    return found and Mutation(
        "figure" + (" on real data" if real else ""),
        path,
        found[0],
        project.relative(path),
        page,
    )


def ledger(project: Project, rng: random.Random) -> Mutation | None:
    """Another result, value or message of one outcome."""
    path = project.root / LEDGER
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    at = rng.choice([i for i, line in enumerate(lines) if '{"result"' in line])
    line = lines[at]
    if rng.random() < 0.5:
        other = "raises" if '"result": "ok"' in line else "ok"
        line = re.sub(r'"result": "\w+"', f'"result": "{other}"', line)
    else:
        places = [m.start() for m in re.finditer(r"\d", line.partition(":")[2])]
        offset = len(line.partition(":")[0]) + 1
        line = other_digit(line, offset + rng.choice(places), rng)
    lines[at] = line
    return Mutation("ledger", path, "\n".join(lines), f"{LEDGER}:{at + 1}", None)


TEXT = r"\"(?:text|text/plain|evalue)\": (\"(?:[^\"\\]|\\.)*\")"
KINDS = {
    "digit": of_json("digit", lambda project: project.outputs, TEXT),
    "real data": of_json("real data", lambda project: project.real_outputs, TEXT),
    "capture": of_json(
        "capture",
        lambda project: project.timings,
        r"(\"(?:median|q1|q3|date|key|size|load)\": \"?[^,}\n]*|\"text\": \"(?:[^\"\\]|\\.)*\")",
    ),
    "snippet": snippet,
    "anchor": anchor,
    "figure": figure,
    "ledger": ledger,
}


def findings(project: Project, mutation: Mutation) -> set[str]:
    """What a check says of what the mutation touches."""
    if mutation.page is None:
        return set(map(str, check_seals(project)))
    return set(map(str, check_project(project, [mutation.page])))


def compared(project: Project, mutation: Mutation, before: str) -> bool | None:
    """Whether a run that gives what it gave before would fail; None if no test runs it."""
    if mutation.kind not in ("digit", "figure") or not mutation.page:
        return None
    store, page = Store(project.outputs), load_page(project, project.twins(mutation.page)[0])
    try:
        changed = store.load(mutation.page)
        mutation.path.write_text(before, encoding="utf-8")
        good = store.load(mutation.page)
    except TfnotesError:
        return True
    finally:
        mutation.path.write_text(mutation.text, encoding="utf-8")
    both = [b for b in page.running if b.key in good and b.key in changed]
    lost = len(good) != len(changed)
    return lost or any(judge(changed[b.key], good[b.key], b) for b in both)


def main() -> None:
    """Mutates, counts and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    begun = time.monotonic()
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    by_tests: Counter[str] = Counter()
    missed = []
    with tempfile.TemporaryDirectory(prefix="tfnotes-mutations-") as folder:
        project = copy_of(find_project(), Path(folder))
        order = list(KINDS)
        while tried.total() < asked.count:
            mutation = KINDS[order[tried.total() % len(order)]](project, rng)
            if mutation is None:
                continue
            before = mutation.path.read_text(encoding="utf-8")
            known = findings(project, mutation)
            mutation.path.write_text(mutation.text, encoding="utf-8")
            tried[mutation.kind] += 1
            if findings(project, mutation) - known:
                caught[mutation.kind] += 1
            else:
                missed.append(f"not caught: {mutation.kind}: {mutation.what}")
            by_tests[mutation.kind] += bool(compared(project, mutation, before))
            mutation.path.write_text(before, encoding="utf-8")
    for kind in sorted(tried):
        tests = f", by the tests' comparison {by_tests[kind]}" if by_tests[kind] else ""
        print(f"{kind:20} {caught[kind]:4} of {tried[kind]:4}{tests}")
    share = caught.total() / tried.total()
    print(f"{'all':20} {caught.total():4} of {tried.total():4}, {time.monotonic() - begun:.0f} s")
    for line in missed:
        print(line)
    if share < GOAL:
        raise SystemExit(f"{share:.0%} caught, and {GOAL:.0%} is the goal")


if __name__ == "__main__":
    main()
