import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import tfnotes.releases.environments as module
from tfnotes.core.errors import TfnotesError
from tfnotes.releases.environments import environment, find_python
from tfnotes.releases.table import RELEASES, Release, choose

ROOT = Path(__file__).parents[2]
VERSION = "{}.{}".format(*sys.version_info)


@pytest.fixture
def commands(monkeypatch):
    """Takes the place of pip: what was run is listed, and what it says can be set."""
    ran: list[list[str]] = []
    answers: dict[str, tuple[int, str]] = {"-c": (0, "2.3.4")}

    def run(command):
        ran.append([str(part) for part in command])
        if "venv" in command:
            Path(command[-1]).mkdir(parents=True)
        for word, (status, said) in answers.items():
            if word in command:
                return subprocess.CompletedProcess(command, status, said, "")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(module, "_run", run)
    monkeypatch.setattr(module, "find_python", lambda version: f"python{version}")
    return ran, answers


def release(*packages: str) -> Release:
    return Release("2.3", "3.7", ("tensorflow==2.3.4", *packages))


def test_an_environment_is_thrown_away(commands):
    with environment(release()) as python:
        folder = python.parents[1]
        assert folder.is_dir()
    assert not folder.exists()
    assert commands[0][0][:3] == ["python3.7", "-m", "venv"]


def test_one_that_is_kept_is_used_again_until_its_packages_change(commands, tmp_path):
    ran, _ = commands
    for _ in range(2):
        with environment(release(), tmp_path) as python:
            assert python == tmp_path / "2.3" / "bin" / "python"
    assert sum("venv" in command for command in ran) == 1
    with environment(release("numpy<1.19"), tmp_path):
        pass
    assert sum("venv" in command for command in ran) == 2
    assert any("numpy<1.19" in command for command in ran)


def test_what_pip_says_is_one_line_and_nothing_counts_as_made(commands, tmp_path):
    _, answers = commands
    said = (
        "Looking\nERROR: No matching distribution found for tensorflow==2.3.4\n[notice] new pip\n"
    )
    answers["--prefer-binary"] = (1, said)
    with pytest.raises(TfnotesError) as caught, environment(release(), tmp_path):
        pass
    assert str(caught.value) == (
        "pip cannot install it: ERROR: No matching distribution found for tensorflow==2.3.4"
    )
    assert not (tmp_path / "2.3" / module.STAMP).exists()


def test_another_tensorflow_than_was_asked_for_is_refused(commands):
    commands[1]["-c"] = (0, "2.4.0")
    with (
        pytest.raises(TfnotesError, match=r"installed 2\.4\.0, but 2\.3\.4"),
        environment(release()),
    ):
        pass


@pytest.mark.slow
def test_a_real_environment_has_what_was_asked_for_and_nothing_of_this_one(tmp_path, monkeypatch):
    """Without a network: TensorFlow is a wheel of one line, and pip is the one that venv brings."""
    monkeypatch.setenv("PIP_FIND_LINKS", str(make_wheel(tmp_path, "tensorflow", "2.3.4").parent))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(module, "_FIRST", ("pip",))
    monkeypatch.setattr("tfnotes.releases.table.LEDGER", ())
    wanted = Release("2.3", VERSION, ("tensorflow==2.3.4",))
    with environment(wanted, tmp_path / "kept") as python:
        code = "import sys, tensorflow; print(tensorflow.__version__, sys.prefix)"
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["2.3.4", str(tmp_path / "kept" / "2.3")]
        other = subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False)
        assert other.returncode == 1
    absent = Release("2.4", VERSION, ("tensorflow==2.4.0",))
    with (
        pytest.raises(TfnotesError, match=r"^pip cannot install it: ERROR: .*2\.4\.0") as caught,
        environment(absent),
    ):
        pass
    assert "\n" not in str(caught.value)


def make_wheel(folder: Path, name: str, version: str) -> Path:
    """A wheel with one module that knows its version."""
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"__version__ = {version!r}\n")
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def test_pythons():
    assert Path(find_python(VERSION)).exists()
    with pytest.raises(TfnotesError, match=r"no Python 2\.4 here; install it"):
        find_python("2.4")


def test_nothing_of_this_python_reaches_the_environment(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "src")
    monkeypatch.setenv("PYTHONHOME", "x")
    found = module.quiet_environment(A="1")
    assert not found.keys() & {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    assert found["A"] == "1"


def test_the_table():
    assert [one.name for one in choose([])] == [one.name for one in RELEASES]
    assert [one.name for one in choose(["2.18", "2.16"], pages=True)] == ["2.16", "2.18"]
    with pytest.raises(TfnotesError, match=r"2\.12: no release that pages run on; there are 2\.16"):
        choose(["2.12"], pages=True)
    for one in RELEASES:
        name, _, version = one.packages[0].partition("==")
        assert name == "tensorflow" and version.startswith(f"{one.name}.")
    assert [one.name for one in RELEASES if one.pinned] == [RELEASES[-1].name]


def test_pages_find_what_they_find_here():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {name(one) for one in project["project"]["optional-dependencies"]["run"]}
    given = {name(one) for one in RELEASES[-1].requirements}
    assert needed - given == {"pytest", "sybil", "numpy"}  # the last comes with TensorFlow
    assert needed - {name(one) for one in choose(["2.16"])[0].requirements} == {
        *("pytest", "sybil", "numpy"),  # pages run without the first two
        *("tensorboard", "ai-edge-litert"),  # one comes with TensorFlow, the other is of its parts
    }


def name(requirement: str) -> str:
    return re.split(r"[<>=\[ ]", requirement)[0].lower()
