"""Where the site stands, for links that leave it: those in notebooks."""

import re
from dataclasses import dataclass

from tfnotes import __version__
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import CONFIGURATIONS, Project

WHEEL = f"tfnotes-{__version__}-py3-none-any.whl"
"""The file under ``downloads/`` of the site that notebooks install tfnotes from."""


@dataclass(frozen=True)
class Home:
    """Where the site stands, for links that leave the notebook."""

    site_url: str
    """Address of the site in one language, with a slash at the end."""

    def page_url(self, name: str) -> str:
        """The address of a page."""
        folder, _, last = name.rpartition("/")
        path = name if last != "index" else folder
        return f"{self.site_url}{path}/" if path else self.site_url

    @property
    def wheel_url(self) -> str:
        """The address of the tfnotes wheel, which both languages share."""
        return f"{self.site_url.rstrip('/').rpartition('/')[0]}/downloads/{WHEEL}"


def find_home(project: Project, language: str, site_url: str | None = None) -> Home:
    """Reads the site's address from its MkDocs configuration.

    Args:
        project: The checkout.
        language: The language.
        site_url: Address of the folder that holds the languages, if it is another one.

    Raises:
        TfnotesError: The configuration gives none.
    """
    if site_url:
        return Home(f"{site_url.rstrip('/')}/{language}/")
    name = CONFIGURATIONS[language]
    path = project.root / name
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    match = re.search(r"^site_url:\s*[\"']?([^\s\"']+)", text, re.MULTILINE)
    if match is None:
        raise TfnotesError(f"{name}:1: no site_url; notebooks need it for their links")
    return Home(match[1].rstrip("/") + "/")
