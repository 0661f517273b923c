"""The checks, held against the pages of this checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tfnotes.check import check_project
from tfnotes.check.api import find_api_links
from tfnotes.check.console import find_commands
from tfnotes.core.compare import text_differences
from tfnotes.core.pages import load_page
from tfnotes.core.project import LANGUAGES, Project

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Project(ROOT)
PATHS = [
    PROJECT.page_path(language, name)
    for language in LANGUAGES
    for name in PROJECT.page_names(language)
]


def cheap_commands() -> dict[str, list[str]]:
    """What the pages' cheap commands are said to print; a command on several pages runs once."""
    found: dict[str, list[str]] = {}
    for path in [*PATHS, *sorted(ROOT.glob("*.md"))]:
        for command in find_commands(path.read_text(encoding="utf-8")):
            if command.cheap:
                found.setdefault(command.text, []).append(command.output)
    return found


CHEAP = cheap_commands()


def test_nothing_is_left_to_mend():
    assert [str(finding) for finding in check_project(PROJECT)] == []


@pytest.mark.parametrize("command", sorted(CHEAP) or [pytest.param("", marks=pytest.mark.skip)])
def test_cheap_commands_run_and_print_what_the_page_says(command):
    here = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([here, os.environ["PATH"]]),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    result = subprocess.run(
        command,
        shell=True,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    for output in CHEAP[command]:
        if output:
            assert text_differences(output, result.stdout.strip("\n")) == []


@pytest.mark.slow
def test_api_links_name_symbols_that_tensorflow_has():
    links = [link for path in PATHS for link in find_api_links(load_page(PROJECT, path))]
    symbols = sorted({link.symbol for link in links})
    code = (
        "import functools, json, sys\nimport tensorflow as tf\n"
        "def has(symbol):\n"
        "    names = symbol.split('.')[1:]\n"
        "    return functools.reduce(lambda at, name: getattr(at, name, None), names, tf) is not None\n"
        "print(json.dumps([one for one in json.load(sys.stdin) if not has(one)]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(symbols),
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    gone = set(json.loads(result.stdout.splitlines()[-1]))
    wrong = [f"{link.path}:{link.line}: no {link.symbol}" for link in links if link.symbol in gone]
    assert wrong == []
