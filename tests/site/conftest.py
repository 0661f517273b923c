import os
import shutil
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from browsing import address, browser, watched  # noqa: E402, F401
from checkout import fences, make_checkout, write_page  # noqa: E402
from pages import page_with, stream  # noqa: E402

from tfnotes.core.project import LANGUAGES, Project, find_project  # noqa: E402

CONFIG = """
site_name: Sample
site_url: https://example.org/notes/{language}/
docs_dir: docs/{language}
theme: {{name: material, custom_dir: docs/theme, language: {language}, font: false}}
extra: {{here: {{lang: {language}}}, other: {{lang: xx, name: XX}}, alternate: true}}
extra_css: [assets/site.css]
extra_javascript: [assets/site.js]
plugins: []
hooks: [hooks/search.py]
markdown_extensions:
  pymdownx.highlight: {{}}
  pymdownx.superfences: {{}}
  tfnotes.site.markdown: {{language: {language}, parts: [tfnotes.parts.ledger]}}
"""


@pytest.fixture
def sample(project, notes, monkeypatch):
    """A small checkout that can be built."""
    shutil.copytree(notes.docs / "theme", project.docs / "theme")
    shutil.copy(notes.root / "pyproject.toml", project.root)
    (project.root / "src" / "tfnotes").mkdir(parents=True)
    (project.root / "hooks").mkdir()
    (project.root / "hooks" / "search.py").write_text("from tfnotes.parts.search.index import *\n")
    for language, name in zip(LANGUAGES, ("mkdocs.yml", "mkdocs.en.yml"), strict=True):
        (project.root / name).write_text(CONFIG.format(language=language))
    write_page(project, "index", "---\ndescription: home\n---\n\n# Home\n")
    page_with(project, fences("print(1)"), stream("one\n"))
    monkeypatch.chdir(project.root)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_checkout(tmp_path)


@pytest.fixture(scope="session")
def notes() -> Project:
    """This checkout."""
    return find_project(Path(__file__).parent)


@pytest.fixture(scope="session")
def documents(site: Path) -> dict[Path, BeautifulSoup]:
    """All pages of the site, parsed; the 404 pages, which have no place, are not among them."""
    pages = (path for path in site.rglob("*.html") if path.name != "404.html")
    return {page: BeautifulSoup(page.read_bytes(), "html.parser") for page in sorted(pages)}


@pytest.fixture(scope="session")
def site(notes: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built as for publishing, with the offline copy.

    ``TFNOTES_TEST_SITE`` names one that is built already (``tfnotes build --offline``).
    """
    if os.environ.get("TFNOTES_TEST_SITE"):
        return Path(os.environ["TFNOTES_TEST_SITE"]).resolve()
    from tfnotes.site.build.site import build

    target = tmp_path_factory.mktemp("built") / "site"
    here = Path.cwd()
    try:
        build(notes, offline=True, target=target)
    finally:
        os.chdir(here)
    return target
