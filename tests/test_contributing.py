"""The contributors' files say what the code does."""

import os
import re
from pathlib import Path

import pytest
import yaml

from tfnotes.check.console import check_console
from tfnotes.check.markdown_text import blank_code, find_links, plain_prose
from tfnotes.check.prose import _chinese
from tfnotes.core.blocks import OPTIONS
from tfnotes.core.fences import find_fences

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ("CONTRIBUTING.md", "CONTRIBUTING.zh.md")
FILES = (*GUIDES, "README.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")


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
def test_chinese_is_set_as_on_the_pages(name):
    text = read(name)
    lines = blank_code(text, tuple(find_fences(text)), 1)
    found = [message for line in lines for message, _ in _chinese(plain_prose(line), "")]
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
