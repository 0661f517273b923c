"""Links that wait for their page: ``<span data-page="keras/fit">fit</span>``.

A map of the site names chapters that nobody has written yet. Such a name is plain text, and it
becomes a link by itself as soon as the page exists, so that the map is never out of date.
"""

import posixpath
import re
from typing import TYPE_CHECKING

from markdown import Markdown
from markdown.preprocessors import Preprocessor

if TYPE_CHECKING:
    from tfnotes.site.markdown import TfnotesExtension

PROMISE = re.compile(r'<span data-page="(?P<page>[\w/-]+)">(?P<text>[^<]*)</span>')


class Promised(Preprocessor):  # type: ignore[misc]
    """Turns the names of pages that exist into links; runs once the page is known."""

    def __init__(self, md: Markdown, extension: "TfnotesExtension") -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        """Returns the lines with a link wherever the promised page is there."""
        return [PROMISE.sub(self._link, line) if "data-page" in line else line for line in lines]

    def _link(self, found: re.Match[str]) -> str:
        page, project = self.extension.page, self.extension.project
        if page is None or project is None:
            return found[0]
        if not project.page_path(page.language, found["page"]).is_file():
            return found[0]
        link = posixpath.relpath(f"{found['page']}.md", posixpath.dirname(page.name) or ".")
        return f"[{found['text']}]({link})"
