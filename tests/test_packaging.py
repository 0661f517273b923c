"""What an installation brings: nothing for the doctor, and for each room the extra that it names."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tfnotes.core.project import Project
from tfnotes.site.build.pack import write_wheel
from tfnotes.site.notebook.setup import PACKAGES

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DISTRIBUTIONS = {
    **PACKAGES,
    "bs4": "beautifulsoup4",
    "pypandoc": "pypandoc-binary",
    "quickjs": "quickjs-ng",
    "pymdownx": "pymdown-extensions",
}
"""Distributions that are not called what they are imported as."""
ROOMS = {
    "tfnotes.site": ("site",),
    "tfnotes.parts": ("site",),
    "tfnotes.book": ("book",),
    "tfnotes.cli": ("site", "run"),
    "tfnotes.console": ("site", "run"),
    "tfnotes.doctor.fix": ("fix",),
}
"""The extras that must each declare what a room imports; ``run`` for every other room."""


def imports(path: Path) -> set[str]:
    """All modules that a file imports, inside functions too; for ``from a import b`` also a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def foreign(path: Path) -> set[str]:
    tops = {name.split(".")[0] for name in imports(path)}
    return tops - set(sys.stdlib_module_names) - {"tfnotes"}


def file_of(module: str) -> Path | None:
    place = SOURCE / module.replace(".", "/")
    found = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in found if path.is_file()), None)


def declared(extra: str) -> set[str]:
    entries = PROJECT["optional-dependencies"][extra]
    return {re.match(r"[\w.-]+", entry)[0].lower().replace("_", "-") for entry in entries}


def test_an_installation_without_extras_brings_nothing():
    assert PROJECT["dependencies"] == []


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.stem)
def test_what_is_imported_is_declared(path):
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    extras = next((ROOMS[room] for room in ROOMS if f"{module}.".startswith(f"{room}.")), ("run",))
    for name in foreign(path):
        wanted = DISTRIBUTIONS.get(name, name).lower().replace("_", "-")
        for extra in extras:
            assert wanted in declared(extra), f"{module} imports {name}: not in extra {extra}"


def test_the_doctor_imports_only_python_and_tfnotes():
    # What rewrites needs LibCST, is imported when asked and says so where it is not there.
    rewriting = {f"tfnotes.doctor.fix.{name}" for name in ("rewrite", "calls", "view")}
    todo, seen = ["tfnotes.doctor.command"], set()
    while todo:
        module = todo.pop()
        path = file_of(module)
        if module in seen or path is None or module in rewriting:
            continue
        seen.add(module)
        assert foreign(path) == set(), module
        parents = [module.rpartition(".")[0]] if "." in module else []
        # The package's own __init__ offers the helpers, and imports none of them.
        todo += [name for name in imports(path) | set(parents) if name.startswith("tfnotes.")]
    assert "tfnotes.doctor.examine" in seen
    assert "tfnotes.ledger.rows" in seen


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The Python of an environment that has tfnotes without extras, and nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", with_pip=False)
    wheel = write_wheel(Project(ROOT), folder)
    packages = next((folder / "venv").rglob("site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    return folder / "venv" / scripts / "python"


def ask(python: Path, *arguments: str, **options):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, "-I", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_the_doctor_works_where_nothing_else_is(bare, tmp_path):
    (tmp_path / "old.py").write_text("import tensorflow as tf\ntf.Session()\n")
    done = ask(bare, "-m", "tfnotes", "doctor", "--format", "json", "old.py", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert [finding["line"] for finding in json.loads(done.stdout)["findings"]] == [2]


def test_rewriting_says_in_a_line_what_is_missing(bare, tmp_path):
    (tmp_path / "old.py").write_text("import tensorflow as tf\ntf.log(2.0)\n")
    done = ask(bare, "-m", "tfnotes", "doctor", "--fix", "old.py", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == 'tfnotes doctor --fix needs libcst: pip install "tfnotes[fix]"\n'


def test_other_commands_say_in_a_line_what_is_missing(bare):
    done = ask(bare, "-m", "tfnotes", "build")
    assert done.returncode == 1
    assert done.stderr == (
        'tfnotes build needs typer: pip install "tfnotes[site]"; without it: tfnotes doctor\n'
    )


@pytest.mark.parametrize("helper", ["cells", "shapes", "ragged"])
def test_helpers_say_in_a_line_what_is_missing(bare, helper):
    done = ask(bare, "-c", f"from tfnotes.draw import {helper}")
    last = done.stderr.rstrip().splitlines()[-1]
    assert last.startswith(f"ModuleNotFoundError: tfnotes.draw.{helper} needs ")
    assert 'pip install "tfnotes[run]"' in last


@pytest.mark.parametrize("helper", ["tfnotes.data", "tfnotes.draw.plotting", "tfnotes.timing"])
def test_helpers_that_need_something_only_when_used_can_be_imported(bare, helper):
    package, _, name = helper.rpartition(".")
    assert ask(bare, "-c", f"from {package} import {name}").returncode == 0


def test_what_does_not_exist_is_no_helper(bare):
    done = ask(bare, "-c", "from tfnotes import nothing")
    assert "ImportError: cannot import name 'nothing' from 'tfnotes'" in done.stderr


def test_the_wheel_has_the_command_and_the_types(tmp_path):
    with zipfile.ZipFile(write_wheel(Project(ROOT), tmp_path)) as archive:
        names = archive.namelist()
        points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    assert "tfnotes/py.typed" in names
    assert "[console_scripts]\ntfnotes = tfnotes.__main__:main\n" in points
    assert not any("__pycache__" in name for name in names)
