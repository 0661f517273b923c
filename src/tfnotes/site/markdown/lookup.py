"""Which page a text is: the Markdown extension is told nothing else.

A build asks hundreds of times (every docstring of the API page is a text), so the bodies are
remembered by digest.
"""

import hashlib
import os
from collections.abc import Iterator
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
        self._seen: dict[str, int] = {}
        self._paths: dict[str, list[Path]] = {}

    def find(self, body: str, language: str = "") -> Page | None:
        """The page with this body, or None.

        Args:
            body: Markdown without front matter; white space around it does not matter.
            language: The language to prefer, where twins are the same to the letter.
        """
        wanted = _digest(body)
        # Where a text is known, `load_page` tells whether its page has changed since. A twin that
        # is the same to the letter may not be known yet.
        known = self._known(wanted, language)
        if known is not None and known.language == language:
            return known
        return self._known(wanted, language) if self._refresh() else known

    def _known(self, wanted: str, language: str) -> Page | None:
        pages = [load_page(self.project, path) for path in self._paths.get(wanted, ())]
        found = [page for page in pages if _digest(page.body) == wanted]
        return next((page for page in found if page.language == language), next(iter(found), None))

    def _refresh(self) -> bool:
        """Looks for texts that are new; whether there are any."""
        found = False
        for language in LANGUAGES:
            for name, changed in _markdown_below(str(self.project.docs / language)):
                if self._seen.get(name) == changed:
                    continue
                self._seen[name] = changed
                path = Path(name)
                try:
                    text = read_text(self.project, path)
                    _, line = split_front_matter(text, self.project.relative(path))
                except TfnotesError:
                    continue  # It is reported when its own turn comes.
                body = "\n".join(text.split("\n")[line - 1 :])
                paths = self._paths.setdefault(_digest(body), [])
                if path not in paths:
                    paths.append(path)
                found = True
        return found


def _markdown_below(folder: str) -> Iterator[tuple[str, int]]:
    """The pages below a folder, and when each was written; far quicker than by ``rglob``."""
    for entry in os.scandir(folder) if os.path.isdir(folder) else ():
        if entry.is_dir():
            yield from _markdown_below(entry.path)
        elif entry.name.endswith(".md"):
            yield entry.path, entry.stat().st_mtime_ns


def _digest(body: str) -> str:
    return hashlib.sha256(body.replace("\r\n", "\n").strip().encode()).hexdigest()
