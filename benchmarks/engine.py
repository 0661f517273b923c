"""The engine beside nbmake and MyST-NB: CPU seconds of the whole process tree, as ratios.

All run the real pages of both languages, in one go on one machine; for the other two the pages are
exported to notebooks first, which is not counted. Read ratios, not seconds::

    python benchmarks/engine.py            # everything, some minutes
    python benchmarks/engine.py --only ours
    python benchmarks/engine.py --pages tensors/tensors graphs/tf-function

nbmake and MyST-NB come with ``pip install -c constraints.txt -e '.[bench]'``.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tfnotes.core.pages import load_page
from tfnotes.core.project import LANGUAGES, Project, find_project
from tfnotes.run.process.tensorflow import PRELOAD, REPEATABLE
from tfnotes.run.session import Session

SPHINX = """
project = "pages"
extensions = ["myst_nb"]
nb_execution_mode = "force"
nb_execution_timeout = 300
suppress_warnings = ["*"]
"""


@dataclass
class Cost:
    """What one way of running everything took."""

    cpu: float
    wall: float
    ok: bool = True


def cost_of(
    command: list[str], folder: Path, log: Path, environment: dict[str, str] | None = None
) -> Cost:
    """Runs a command in a folder and measures it with all its children; ``log`` gets its output."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with log.open("w") as file:
        variables = {**os.environ, **(environment or {})}
        done = subprocess.run(command, cwd=folder, env=variables, stdout=file, stderr=file)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        print(f"  {' '.join(command[:4])} … ended with {done.returncode}; the end of its log:")
        print("\n".join("    " + line for line in log.read_text().splitlines()[-8:]))
    return Cost(cpu, time.monotonic() - begun, done.returncode == 0)


def run_ours(project: Project, names: list[str]) -> None:
    """Runs every page afresh and prints the blocks' own CPU seconds (called in a child process)."""
    session = Session(project)
    pages = [
        load_page(project, project.page_path(language, name))
        for language in LANGUAGES
        for name in names or project.page_names(language)
    ]
    for page in pages:
        session.submit(page.running, {block.key for block in page.running})
    session.start()
    own: dict[tuple[str, str], float] = {}
    failed = 0
    for page in pages:
        for block in page.running:
            outcome = session.outcome(block)
            own[page.name, block.key] = outcome.cpu
            failed += outcome.record is None
    session.close()
    print(sum(own.values()), len(own), failed)


def export(project: Project, names: list[str], folder: Path) -> int:
    """Writes pages as notebooks; returns how many."""
    from tfnotes.site.notebook.export import export_page

    count = 0
    for language in LANGUAGES:
        for name in names or project.page_names(language):
            page = load_page(project, project.page_path(language, name))
            target = folder / language / f"{name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(export_page(project, page), encoding="utf-8")
            count += 1
    return count


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", choices=["ours", "nbmake", "myst"], action="append")
    parser.add_argument("--pages", nargs="*", default=[], metavar="PART/SLUG")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    project = find_project()
    if options.child:
        run_ours(project, options.pages)
        return
    ways = options.only or ["ours", "nbmake", "myst"]
    quiet = {**REPEATABLE, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    costs: dict[str, Cost] = {}
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name), Path(name) / "benchmark.log"
        if "ours" in ways:
            script = [
                sys.executable,
                str(Path(__file__).resolve()),
                "--child",
                "--pages",
                *options.pages,
            ]
            before = cost_of(
                [sys.executable, "-c", f"import {', '.join(PRELOAD)}"], folder, log, quiet
            )
            costs["tfnotes"] = cost_of(script, project.root, log)
            own, blocks, failed = log.read_text().split()[-3:]
            floor = float(own) + before.cpu
            print(
                f"{blocks} blocks, {failed} failed; their own time and one import: {floor:.1f} CPU s"
            )
            print(f"tfnotes takes {costs['tfnotes'].cpu / floor:.2f} x that (target: at most 1.25)")
        if set(ways) & {"nbmake", "myst"}:
            print(f"{export(project, options.pages, folder / 'nb')} notebooks exported")
        if "nbmake" in ways:
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake"]
            costs["nbmake"] = cost_of([*command, "--nbmake-timeout=300", "nb"], folder, log, quiet)
        if "myst" in ways:
            (folder / "nb" / "conf.py").write_text(SPHINX)
            (folder / "nb" / "index.md").write_text("# Pages\n")
            sphinx = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "nb", "html"]
            costs["MyST-NB, cold"] = cost_of(sphinx, folder, log, quiet)
    least = costs.get("tfnotes") or next(iter(costs.values()))
    print(f"\n{'way':<16}{'CPU s':>8}{'wall s':>8}{'CPU ratio':>11}")
    for way, cost in costs.items():
        note = "" if cost.ok else "   (it reported failures)"
        print(f"{way:<16}{cost.cpu:>8.1f}{cost.wall:>8.1f}{cost.cpu / least.cpu:>11.2f}{note}")


if __name__ == "__main__":
    main()
