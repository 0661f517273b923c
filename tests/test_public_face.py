"""What tfnotes is to others: what snippets may import, and what the site side must not."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "tfnotes"
SITE_SIDE = ("core", "site", "parts", "check")
HEAVY = ("tensorflow", "keras", "numpy", "matplotlib", "pandas", "pytest", "sybil")
LONG, LONGEST = 250, 450
"""Lines above which a module says why in its docstring, and lines that it may have."""
FOR_SNIPPETS = ("data", "draw", "programs", "timing")
"""What a snippet may import from tfnotes; everything else is the engine."""


def modules(*folders: str) -> list[str]:
    paths = [path for folder in folders for path in (PACKAGE / folder).rglob("*.py")]
    names = (path.relative_to(PACKAGE.parent).with_suffix("").as_posix() for path in paths)
    return sorted(name.replace("/", ".").removesuffix(".__init__") for name in names)


def tracked() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        pytest.skip("not a git checkout")
    return [path for name in result.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_site_side_imports_no_tensorflow():
    # In a process of its own: this one has imported pytest.
    names = modules(*SITE_SIDE)
    code = (
        "import importlib, sys\n"
        f"for name in {[*names, 'tfnotes.cli', 'tfnotes.scaffold', 'tfnotes.prune']!r}:\n"
        "    importlib.import_module(name)\n"
        f"    found = set({HEAVY!r}) & set(sys.modules)\n"
        "    if found: sys.exit(f'{name} imports {sorted(found)}')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_the_core_needs_nothing_but_python():
    allowed = set(sys.stdlib_module_names) | {"tfnotes"}
    for path in (PACKAGE / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "tfnotes"]
            for name in names:
                assert name.split(".")[0] in allowed, f"{path.name}:{node.lineno} imports {name}"


def test_snippets_import_only_what_is_theirs():
    for path in sorted((ROOT / "snippets").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names if alias.name.startswith("tfnotes")]
            elif isinstance(node, ast.ImportFrom) and node.module == "tfnotes":
                names = [f"tfnotes.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tfnotes"):
                names = [node.module or ""]
            for name in names:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                assert name.split(".")[1] in FOR_SNIPPETS, f"{place} imports {name}"


def test_the_top_of_the_package_is_narrow():
    code = (
        "import sys, tfnotes\n"
        "public = [name for name in vars(tfnotes) if not name.startswith('_')]\n"
        "print(public, tfnotes.__version__)\n"
        "sys.exit(len([n for n in sys.modules if n.startswith('tfnotes.')]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, "import tfnotes imports its submodules"
    assert result.stdout.startswith("[] ")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_modules_are_short_and_say_what_they_are(path):
    text = path.read_text(encoding="utf-8")
    about = ast.get_docstring(ast.parse(text))
    assert about, f"{path.name} does not say what it is for"
    assert text.count("\n") <= LONGEST, f"{path.name} has grown; cut it by purpose"
    if text.count("\n") > LONG:
        assert "in one module because" in " ".join(about.split()), f"{path.name}: say why so long"


def test_the_version_is_said_once():
    from tfnotes import __version__

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in project
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_constraints_pin_every_requirement_and_name_no_place():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!]+", pin) for pin in pins)
    pinned = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.match(r"[\w.-]+", entry)[0] for group in groups for entry in group}
    assert {name.lower().replace("_", "-") for name in names} - pinned == set()


def test_no_file_names_a_machine_or_a_package_index():
    # Put together here, so that this file does not contain what it looks for.
    places = [
        "/" + "root/",
        "/" + "work/",
        "file:///" + "opt",
        "index-" + "url = http",
        "find-" + "links",
    ]
    pattern = re.compile("|".join(map(re.escape, places)))
    found = []
    for path in tracked():
        if path.stat().st_size > 2_000_000 or "vendor" in path.parts:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []
