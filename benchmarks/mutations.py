"""What the project notices when something in it is changed: seeded mutations, counted by kind.

Each mutation changes one thing in a copy of the checkout: a digit of a record, a constant of a
snippet, an anchor of a heading, a coordinate or a label of a figure, an outcome of the ledger, a
record on real data, a capture; two lines of an output swapped, a sign or a unit of it, an output
under another block, a file of records gone; and in one language's page a reference to a run, a
link, or a text alternative. It counts as caught if `tfnotes check` says something that it
did not say before. Beside it stands how many of the changed records the comparison of the tests
would notice as well, were the page to give what it gave before. Some minutes.

In one module because each kind is a few lines, and what they share is most of it::

    python benchmarks/mutations.py                 # 160 mutations, ten of a kind, seed 0
    python benchmarks/mutations.py --count 400 --seed 7
"""

import argparse
import ast
import json
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
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
    text: str | None
    """The file's new text; None for a file that is gone."""
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


def of_outputs(kind: str, change: Callable[[list[dict], random.Random], str | None]):
    """Mutations of the records of one page; `change` alters them and says what it did."""

    def mutate(project: Project, rng: random.Random) -> Mutation | None:
        name = rng.choice(Store(project.outputs).page_names())
        path = project.outputs / f"{name}.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        what = change(content["blocks"], rng)
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        return what and Mutation(kind, path, text, f"{project.relative(path)}: {what}", name)

    return mutate


def streams(blocks: list[dict]) -> list[tuple[str, dict]]:
    """What the blocks print, with the blocks' names."""
    kinds = ("stream",)
    return [(b["name"], o) for b in blocks for o in b["outputs"] if o["output_type"] in kinds]


def swapped(blocks: list[dict], rng: random.Random) -> str | None:
    """Two lines of an output in the other order."""
    places = [
        (name, output, at)
        for name, output in streams(blocks)
        for at, (one, other) in enumerate(pairwise(output["text"].split("\n")))
        if one != other and other
    ]
    if not places:
        return None
    name, output, at = rng.choice(places)
    lines = output["text"].split("\n")
    lines[at : at + 2] = lines[at + 1], lines[at]
    output["text"] = "\n".join(lines)
    return f"{name}, lines {at + 1} and {at + 2}"


def replaced(pattern: str, new: Callable[[str], str]):
    """A change of one match of a pattern in what a block prints."""

    def change(blocks: list[dict], rng: random.Random) -> str | None:
        places = [(n, o, m) for n, o in streams(blocks) for m in re.finditer(pattern, o["text"])]
        if not places:
            return None
        name, output, match = rng.choice(places)
        text = output["text"]
        output["text"] = text[: match.start()] + new(match[0]) + text[match.end() :]
        return f"{name}, {match[0]!r}"

    return change


def moved(blocks: list[dict], rng: random.Random) -> str | None:
    """An output under another block."""
    full = [block for block in blocks if block["outputs"]]
    if not full or len(blocks) < 2:
        return None
    one = rng.choice(full)
    other = rng.choice([block for block in blocks if block is not one])
    other["outputs"].append(one["outputs"].pop())
    return f"{one['name']} -> {other['name']}"


def gone(project: Project, rng: random.Random) -> Mutation | None:
    """A file of records that is gone."""
    name = rng.choice(Store(project.outputs).page_names())
    path = project.outputs / f"{name}.json"
    return Mutation("file gone", path, None, project.relative(path), name)


def of_page(kind: str, pattern: str, new: Callable[[re.Match, list[str], random.Random], str]):
    """Mutations of one match in a page of one language; `new` also gets all that matched there."""

    def mutate(project: Project, rng: random.Random) -> Mutation | None:
        language = rng.choice(["zh", "en"])
        name = rng.choice(project.page_names(language))
        path = project.page_path(language, name)
        text = path.read_text(encoding="utf-8")
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        match = rng.choice(found)
        other = new(match, [one[0] for one in found], rng)
        if other == match[0]:
            return None
        line = text.count("\n", 0, match.start()) + 1
        what = f"{project.relative(path)}:{line} {match[0][:60]!r} -> {other[:60]!r}"
        changed = text[: match.start()] + other + text[match.end() :]
        return Mutation(kind, path, changed, what, name)

    return mutate


def another(match: re.Match, all_of_them: list[str], rng: random.Random) -> str:
    """What stands somewhere else on the page, where anything does: nothing leads nowhere then."""
    others = [one for one in all_of_them if one != match[0]]
    return rng.choice(others) if others else match[0]


UNITS = {
    "ms": "s",
    "MB": "GB",
    "KB": "MB",
    "MiB": "GiB",
    "GiB": "MiB",
    "%": "",
    "seconds": "minutes",
}
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
    "lines swapped": of_outputs("lines swapped", swapped),
    "sign": of_outputs(
        "sign",
        replaced(
            r"(?<![\w.])-?\d+\.\d+", lambda n: n.removeprefix("-") if n[0] == "-" else f"-{n}"
        ),
    ),
    "unit": of_outputs(
        "unit", replaced(rf"(?<=[\d ])(?:{'|'.join(UNITS)})(?!\w)", UNITS.__getitem__)
    ),
    "output moved": of_outputs("output moved", moved),
    "file gone": gone,
    "reference": of_page("reference", r"\{(?:out|timing):[^}\n]+\}", another),
    "link": of_page("link", r"\]\([\w./-]+\.md(?:#[\w-]+)?\)", another),
    "link anchor": of_page("link anchor", r"(?<=\.md#)[\w-]+(?=\))", lambda m, _, rng: m[0] + "x"),
    "alt": of_page("alt", r' alt="[^"\n]+"', lambda match, *_: ""),
}


COMPARED = ("digit", "figure", "lines swapped", "sign", "unit", "output moved", "file gone")
"""Kinds that the tests, which run the pages, might notice as well."""


def apply(mutation: Mutation) -> None:
    """Makes the change."""
    if mutation.text is None:
        mutation.path.unlink()
    else:
        mutation.path.write_text(mutation.text, encoding="utf-8")


def findings(project: Project, mutation: Mutation) -> set[str]:
    """What a check says of what the mutation touches."""
    if mutation.page is None:
        return set(map(str, check_seals(project)))
    return set(map(str, check_project(project, [mutation.page])))


def compared(project: Project, mutation: Mutation, before: str) -> bool | None:
    """Whether a run that gives what it gave before would fail; None if no test runs it."""
    if mutation.kind not in COMPARED or not mutation.page:
        return None
    alone = project.root / f"{mutation.page}.md"  # the README
    page = load_page(project, next(iter(project.twins(mutation.page)), alone))
    store = Store(project.outputs)
    try:
        changed = store.load(mutation.page)
        mutation.path.write_text(before, encoding="utf-8")
        good = store.load(mutation.page)
    except TfnotesError:
        return True
    finally:
        apply(mutation)
    both = [b for b in page.running if b.key in good and b.key in changed]
    lost = len(good) != len(changed)
    return lost or any(judge(changed[b.key], good[b.key], b) for b in both)


def main() -> None:
    """Mutates, counts and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=10 * len(KINDS))
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
            apply(mutation)
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
