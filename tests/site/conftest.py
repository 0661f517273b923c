import os
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from checkout import make_checkout  # noqa: E402

from tfnotes.core.project import Project, find_project  # noqa: E402


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
    from tfnotes.site.build import build

    target = tmp_path_factory.mktemp("built") / "site"
    here = Path.cwd()
    try:
        build(notes, offline=True, target=target)
    finally:
        os.chdir(here)
    return target
