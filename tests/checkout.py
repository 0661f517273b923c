"""A small checkout for tests: pages are written with a helper, not kept as files."""

from pathlib import Path

from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import LANGUAGES, Project

PYTEST_INI = "[pytest]\ntestpaths = docs\naddopts = -p no:cacheprovider\n"
CONFTEST = 'pytest_plugins = ["tfnotes.run.pytest_plugin"]\n'


def make_checkout(root: Path) -> Project:
    """An empty checkout that pytest can be run in."""
    for language in LANGUAGES:
        (root / "docs" / language).mkdir(parents=True)
    (root / "snippets").mkdir()
    (root / "conftest.py").write_text(CONFTEST)
    (root / "pytest.ini").write_text(PYTEST_INI.replace("addopts = -p no:cacheprovider\n", ""))
    return Project(root.resolve())


def write_page(
    project: Project, name: str, text: str, languages: tuple[str, ...] = LANGUAGES
) -> Page:
    """Writes the same text in several languages; returns the page in the first."""
    for language in languages:
        path = project.page_path(language, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
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
