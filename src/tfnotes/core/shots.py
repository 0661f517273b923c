"""Screenshots of programs that show what a page's code wrote, such as TensorBoard.

A page's screenshots lie in one folder of the theme's assets, so that both languages share them:
``NAME.webp`` for light pages, ``NAME-dark.webp`` for dark ones, and ``made.json``, which says when
and with what they were taken, and of which code.
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import write_atomic
from tfnotes.core.pages import Page
from tfnotes.core.project import Project

SHOT = re.compile(r'<img data-shot="(?P<name>[\w-]+)" alt="(?P<alt>[^"]*)">')
"""How a page asks for a screenshot: a line of its own."""

ASSETS = "assets/shots"
"""The folder, inside the theme and inside a built site, that holds a folder a page."""


@dataclass(frozen=True)
class Shots:
    """The screenshots of one page."""

    page: str
    block: str
    """The last block whose code they show."""
    key: str
    """Its key when they were taken."""
    made: dict[str, str]
    """Date, and versions by the name of the program."""
    sizes: dict[str, list[int]]
    """Width and height in CSS pixels, by name."""

    def is_current(self, page: Page) -> bool:
        """Whether the page's code is still the code that they were taken of."""
        return any(block.name == self.block and block.key == self.key for block in page.running)


def folder_name(page_name: str) -> str:
    """The name of the folder that holds a page's screenshots."""
    return page_name.replace("/", "-")


def shots_folder(project: Project, page_name: str) -> Path:
    """The folder that holds a page's screenshots."""
    return project.docs / "theme" / ASSETS / folder_name(page_name)


def load_shots(project: Project, page_name: str) -> Shots | None:
    """Reads what is known of a page's screenshots.

    Returns:
        None if there are none.

    Raises:
        TfnotesError: The file cannot be read as what it should be.
    """
    path = shots_folder(project, page_name) / "made.json"
    try:
        return Shots(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        where = project.relative(path)
        raise TfnotesError(f"{where}:1: cannot be read ({error}); run make shots") from None


def save_shots(project: Project, shots: Shots) -> None:
    """Writes what is known of a page's screenshots; the pictures are there already."""
    text = json.dumps(asdict(shots), indent=1, ensure_ascii=False) + "\n"
    write_atomic(shots_folder(project, shots.page) / "made.json", text)
