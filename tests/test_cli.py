"""The command as people meet it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import make_checkout

from tfnotes import __version__
from tfnotes.core.pages import load_page
from tfnotes.core.project import CONFIGURATIONS, Project
from tfnotes.core.records import Record, Store

PAGE = "---\ndescription: x\n---\n# T\n\n```python\nprint(1)\n```\n"
ADDRESS = "site_url: https://notes.example/{}/\n"


def tfnotes(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from tfnotes.cli import app; app()", *arguments],
        cwd=root,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    nav = "nav:\n  - Part: # a comment\n      - T: part/page.md\n  - Other: other/x.md\n"
    files = {}
    for language, config in CONFIGURATIONS.items():
        files[f"docs/{language}/part/page.md"] = PAGE
        files[config] = ADDRESS.format(language) + nav
    return make_checkout(tmp_path, files)


@pytest.fixture
def key(project) -> str:
    return load_page(project, project.page_path("zh", "part/page")).running[0].key


def record(key: str) -> Record:
    return Record(
        key,
        "block-1",
        [{"output_type": "stream", "name": "stdout", "text": "1\n"}],
        {"date": "2026-11-21"},
    )


def test_help_names_every_command(project):
    result = tfnotes(project.root, "--help")
    assert result.returncode == 0
    for command in (
        "check",
        "run",
        "build",
        "serve",
        "new",
        "notebook",
        "prune",
        "capture",
        "doctor",
        "version",
    ):
        assert f" {command} " in result.stdout


def test_help_imports_nothing_heavy(project):
    code = (
        "import sys\nfrom tfnotes.cli import app\n"
        "heavy = {'tensorflow', 'numpy', 'mkdocs', 'nbformat', 'rich.progress', 'pytest'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=project.root, check=False).returncode == 0
    )


def test_version(project):
    assert tfnotes(project.root, "version").stdout == f"tfnotes {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("check", "part/gone"),
            "part/gone: no such page; write part/slug or docs/zh/part/slug.md",
        ),
        (("run", "docs/zh/part/gone.md"), "docs/zh/part/gone.md: no such page;"),
        (("new", "Part/Page"), "Part/Page: no name for a page; write part/slug in a-z, 0-9 and -"),
        (("new", "part/page"), "docs/zh/part/page.md: exists already; nothing was written"),
        (("notebook", "part/gone"), "part/gone: no such page;"),
    ],
)
def test_what_a_person_can_mend_is_one_line(project, arguments, line):
    result = tfnotes(project.root, *arguments)
    assert result.returncode == 1
    assert result.stderr.startswith(line)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_wrong_usage_has_its_own_status(project):
    result = tfnotes(project.root, "run", "--update", "some")
    assert result.returncode == 2
    assert "Invalid value for '--update'" in result.stderr
    assert tfnotes(project.root, "nothing").returncode == 2


def test_outside_a_checkout(tmp_path):
    result = tfnotes(tmp_path, "check")
    assert result.returncode == 1
    assert "not inside a tfnotes checkout" in result.stderr


def test_check_prints_findings_and_fails(project, key):
    result = tfnotes(project.root, "check", "part/page")
    assert result.returncode == 1
    assert result.stdout.startswith('docs/zh/part/page.md:6: block "block-1" has no record')
    assert result.stderr == "1 to mend\n"
    Store(project.outputs).save("part/page", [record(key)])
    result = tfnotes(project.root, "check", "docs/zh/part/page.md")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "1 page in both languages: nothing to mend\n"


def test_prune_drops_what_no_page_uses(project, key):
    store = Store(project.outputs)
    store.save("part/page", [record(key), record("0" * 20)])
    store.save("part/gone", [record("1" * 20)])
    result = tfnotes(project.root, "prune")
    assert result.stdout.splitlines() == [
        "outputs/part/gone.json: deleted",
        "outputs/part/page.json: dropped block-1",
    ]
    assert list(store.load("part/page")) == [key]
    assert not store.path("part/gone").exists()
    assert tfnotes(project.root, "prune").stdout == "nothing to drop\n"


def test_prune_drops_nothing_while_a_page_cannot_be_read(project, key):
    Store(project.outputs).save("part/page", [record("0" * 20)])
    project.page_path("zh", "part/page").write_text("```python x\nprint(1)\n```\n")
    result = tfnotes(project.root, "prune")
    assert result.returncode == 1
    assert result.stderr.startswith('docs/zh/part/page.md:1: unknown fence option "x"')
    assert Store(project.outputs).load("part/page")


def test_prune_waits_until_every_block_has_a_record(project, key):
    """An edit that has not run yet must not cost the records, least of all those of real data."""
    for folder in (project.outputs, project.real_outputs):
        Store(folder).save("part/page", [record("0" * 20)])
    result = tfnotes(project.root, "prune")
    assert result.stdout.splitlines() == [
        f"outputs/{folder}part/page.json: kept, for blocks of the page have no record yet; "
        "run tfnotes run part/page first"
        for folder in ("", "real-data/")
    ]
    assert Store(project.real_outputs).load("part/page")
    checked = tfnotes(project.root, "check").stdout
    assert "has no record of its code as it stands" in checked
    assert "tfnotes prune" not in checked


def test_notebook_writes_both_languages(project, key):
    Store(project.outputs).save("part/page", [record(key)])
    result = tfnotes(project.root, "notebook", "part/page", "--to", "out")
    assert result.stdout.splitlines() == ["out/zh/part/page.ipynb", "out/en/part/page.ipynb"]
    assert (project.root / "out/zh/part/page.ipynb").is_file()


def test_running_needs_tensorflow(project, tmp_path):
    code = (
        "import importlib.util, tfnotes.console as console\n"
        "console.find_spec = lambda name: None\n"
        "from tfnotes.cli import app; app()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "run"],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "has no TensorFlow; make test sets up .venv/bin/tfnotes" in result.stderr
