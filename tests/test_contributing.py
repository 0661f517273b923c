"""The contributors' files say what the code does."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tfnotes.check.console import check_console
from tfnotes.check.markdown_text import blank_code, find_links, plain_prose
from tfnotes.check.prose import chinese_faults
from tfnotes.core.blocks import OPTIONS
from tfnotes.core.fences import find_fences

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ("CONTRIBUTING.md", "CONTRIBUTING.zh.md")
FILES = (*GUIDES, "ARCHITECTURE.md", "README.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GUIDES)
def test_every_fence_option_is_explained(name):
    text = read(name)
    missing = [option for option in OPTIONS if not re.search(rf"[` ]{option}(=|`)", text)]
    assert missing == []


@pytest.mark.parametrize("name", FILES)
def test_console_fences_parse(name):
    assert check_console(name, read(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_links_lead_somewhere(name):
    text = read(name)
    lines = blank_code(text, tuple(find_fences(text)), 1)
    targets = [link.target for link in find_links(lines) if "://" not in link.target]
    assert [target for target in targets if not (ROOT / target.split("#")[0]).exists()] == []


@pytest.mark.parametrize("name", FILES)
def testchinese_faults_is_set_as_on_the_pages(name):
    text = read(name)
    lines = blank_code(text, tuple(find_fences(text)), 1)
    found = [message for line in lines for message, _ in chinese_faults(plain_prose(line), "")]
    assert found == []


def test_make_targets_that_the_guides_name_exist():
    makefile = read("Makefile")
    named = {target for name in FILES for target in re.findall(r"\bmake ([a-z]+)\b", read(name))}
    assert [t for t in sorted(named) if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []


def test_captures_never_run_for_forks():
    workflow = yaml.safe_load(read(".github/workflows/capture.yml"))
    assert set(workflow[True]) == {"workflow_dispatch", "schedule"}  # YAML reads "on" as true
    job = workflow["jobs"]["capture"]
    assert "github.repository == 'tfnotes/tfnotes'" in job["if"]
    assert "github.ref == 'refs/heads/main'" in job["if"]
    assert "gpu" in job["runs-on"]


def test_ci_runs_what_people_run():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in read(".ci/run")
    assert re.search(r"^make .*\btest\b", read(".ci/run"), re.MULTILINE)


@pytest.mark.parametrize("path", sorted(ROOT.glob(".github/**/*.yml")), ids=lambda p: p.name)
def test_workflows_and_templates_are_yaml(path):
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_architecture_is_one_page_that_both_guides_link():
    text = read("ARCHITECTURE.md")
    assert text.count("\n") <= 60
    assert all("](ARCHITECTURE.md)" in read(name) for name in GUIDES)
    folders = {path.name for path in (ROOT / "src" / "tfnotes").iterdir() if path.is_dir()}
    assert [room for room in sorted(folders - {"__pycache__"}) if f"`{room}`" not in text] == []


NAME = r"(?<![A-Z_])TFNOTES_[A-Z]+(?:_[A-Z]+)*"
"""A variable of ours."""


def variables_used() -> dict[str, str]:
    """Each variable that code, tests, tools or workflows name, and the first file that does."""
    places = ("src", "tests", "tools", "benchmarks", ".github", ".ci", "Makefile", "conftest.py")
    folders = (path for place in places for path in ((ROOT / place), *(ROOT / place).rglob("*")))
    kinds = {".py", ".yml", ".mjs", ".sh", ".toml", ""}
    found: dict[str, str] = {}
    for path in sorted(path for path in folders if path.is_file() and path.suffix in kinds):
        if "node_modules" not in path.parts:
            for name in re.findall(NAME, path.read_text(encoding="utf-8", errors="replace")):
                found.setdefault(name, path.relative_to(ROOT).as_posix())
    return found


def test_every_variable_is_in_the_table_and_every_one_there_is_used():
    section = read("ARCHITECTURE.md").split("## Variables\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.split("\n") if line.startswith("| `")]
    told = [name for row in rows for name in re.findall(rf"`({NAME})`", row)]
    assert sorted(told) == sorted(set(told)), "told twice"
    used = variables_used()
    assert {n: path for n, path in used.items() if n not in told} == {}, "used, but not told"
    assert [name for name in told if name not in used] == [], "told, but used nowhere"


def test_the_other_pythons_run_tests_that_are_there():
    workflow = yaml.safe_load(read(".github/workflows/check.yml"))
    given = workflow["jobs"]["pythons"]["strategy"]["matrix"]["python"]
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert f">={given[0]}" == project["requires-python"]
    named = read(".ci/without-tensorflow").split()
    assert [path for path in named if not (ROOT / path).exists()] == []
