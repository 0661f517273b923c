"""Small checkouts for tests, all made here: pages are written by a helper, not kept as files."""

from collections.abc import Mapping
from pathlib import Path

from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import LANGUAGES, Project

PYTEST_INI = "[pytest]\ntestpaths = docs\naddopts = -p no:cacheprovider\n"
CONFTEST = 'pytest_plugins = ["tfnotes.run.pytest_plugin"]\n'


def make_checkout(root: Path, files: Mapping[str, str | bytes] | None = None) -> Project:
    """A checkout that pytest can be run in.

    Args:
        root: Its folder.
        files: What it holds beside that, by path; nothing if None.
    """
    for language in LANGUAGES:
        (root / "docs" / language).mkdir(parents=True)
    (root / "snippets").mkdir()
    (root / "conftest.py").write_text(CONFTEST)
    (root / "pytest.ini").write_text(PYTEST_INI.replace("addopts = -p no:cacheprovider\n", ""))
    project = Project(root.resolve())
    for where, content in (files or {}).items():
        write_file(project, where, content)
    return project


def write_file(project: Project, where: str, content: str | bytes) -> Path:
    """Writes a file of a checkout, and the folders that it lies in."""
    path = project.root / where
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_page(
    project: Project, name: str, text: str, languages: tuple[str, ...] = LANGUAGES
) -> Page:
    """Writes the same text in several languages; returns the page in the first."""
    for language in languages:
        write_file(project, f"docs/{language}/{name}.md", text)
    return load_page(project, project.page_path(languages[0], name))


def fences(*blocks: str) -> str:
    """A page of Python fences; a block may begin with ``[options]`` on its first line."""
    parts = ["# Page\n"]
    for block in blocks:
        options = ""
        if block.startswith("["):
            first, block = block.split("\n", 1)
            options = " " + first[1:-1]
        parts.append(f"```python{options}\n{block}\n```\n")
    return "\n".join(parts)
