import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import make_checkout

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import Project
from tfnotes.scaffold import add_to_navigation, create_page

NAV = "nav:\n  - {home}: index.md\n  - Part: # kept\n      - T: part/page.md\n  - O: o/x.md\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    navs = {"mkdocs.yml": NAV.format(home="首页"), "mkdocs.en.yml": NAV.format(home="Home")}
    return make_checkout(tmp_path, navs)


def test_nothing_is_overwritten(project):
    path = project.page_path("en", "part/new")
    path.parent.mkdir()
    path.write_text("mine")
    with pytest.raises(TfnotesError, match=r"docs/en/part/new\.md: exists already"):
        create_page(project, "part/new")
    assert path.read_text() == "mine"
    assert not project.page_path("zh", "part/new").exists()
    assert not (project.snippets / "part/new.py").exists()


@pytest.mark.parametrize("name", ["new", "../part/new", "part/New", "part/new.md", "a/b/c", ""])
def test_names_have_one_form(project, name):
    with pytest.raises(TfnotesError, match="no name for a page"):
        create_page(project, name)


def test_the_page_joins_its_part_of_the_navigation(project):
    titles = {"zh": "新的一页", "en": "Colons: why"}
    assert add_to_navigation(project, "part/new", titles) == [
        "mkdocs.yml:5: - 新的一页: part/new.md",
        'mkdocs.en.yml:5: - "Colons: why": part/new.md',
    ]
    text = (project.root / "mkdocs.yml").read_text(encoding="utf-8")
    assert text == NAV.format(home="首页").replace(
        "page.md\n", "page.md\n      - 新的一页: part/new.md\n"
    )


def test_a_new_part_is_left_to_the_writer(project):
    lines = add_to_navigation(project, "fresh/new", {})
    assert lines[0] == (
        'mkdocs.yml: no part "fresh" in nav yet; add "- New: fresh/new.md" under a new one'
    )


@pytest.mark.slow
def test_a_new_page_passes_checks_and_tests_at_once(project):
    def tfnotes(*arguments: str) -> str:
        command = [sys.executable, "-c", "from tfnotes.cli import app; app()", *arguments]
        return run(command)

    def run(command: list[str]) -> str:
        result = subprocess.run(
            command, cwd=project.root, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    written = tfnotes("new", "part/new", "--zh", "新的一页", "--en", "A new page")
    assert "outputs/part/new.json: written" in written
    # The sample's navigation names pages that are not there; the new page is looked at alone.
    assert tfnotes("check", "part/new") == "1 page in both languages: nothing to mend\n"
    assert "4 passed" in run([sys.executable, "-m", "pytest", "-q"])
    shutil.rmtree(project.cache, ignore_errors=True)


@pytest.mark.parametrize("name", ["releases/new", "timings/new"])
def test_a_taken_name_is_refused_before_anything_is_written(project, name):
    folder = name.split("/")[0]
    with pytest.raises(
        TfnotesError, match=f"^{name}: .* outputs/{folder}/ .*; choose another part$"
    ):
        create_page(project, name)
    assert not list(project.root.rglob("new.*"))
