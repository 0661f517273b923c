"""Which page a text is: the Markdown extension is told nothing else.

A build asks hundreds of times (every docstring of the API page is a text), so the bodies are
remembered by digest.
"""

import hashlib
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.includes import read_text
from tfnotes.core.markdown import split_front_matter
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import LANGUAGES, Project


class PageIndex:
    """The pages of a checkout by what stands in them.

    Args:
        project: The checkout.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._seen: dict[Path, int] = {}
        self._paths: dict[str, list[Path]] = {}

    def find(self, body: str, language: str = "") -> Page | None:
        """The page with this body, or None.

        Args:
            body: Markdown without front matter; white space around it does not matter.
            language: The language to prefer, where twins are the same to the letter.
        """
        wanted = _digest(body)
        self._refresh()
        pages = [load_page(self.project, path) for path in self._paths.get(wanted, ())]
        found = [page for page in pages if _digest(page.body) == wanted]
        return next((page for page in found if page.language == language), next(iter(found), None))

    def _refresh(self) -> None:
        for language in LANGUAGES:
            for path in (self.project.docs / language).rglob("*.md"):
                changed = path.stat().st_mtime_ns
                if self._seen.get(path) == changed:
                    continue
                self._seen[path] = changed
                try:
                    text = read_text(self.project, path)
                    _, line = split_front_matter(text, self.project.relative(path))
                except TfnotesError:
                    continue  # It is reported when its own turn comes.
                body = "\n".join(text.split("\n")[line - 1 :])
                paths = self._paths.setdefault(_digest(body), [])
                if path not in paths:
                    paths.append(path)


def _digest(body: str) -> str:
    return hashlib.sha256(body.replace("\r\n", "\n").strip().encode()).hexdigest()
