"""Links that wait for their page: ``<span data-page="keras/fit">fit</span>``.

A map of the site names chapters that nobody has written yet. Such a name is plain text, and it
becomes a link by itself as soon as the page exists, so that the map is never out of date.
"""

import posixpath
import re

from markdown import Markdown

from tfnotes.site.markdown.context import PageContext, PageProcessor

PROMISE = re.compile(r'<span data-page="(?P<page>[\w/-]+)">(?P<text>[^<]*)</span>')


def register(md: Markdown, context: PageContext) -> None:
    """Registers the part."""
    md.preprocessors.register(FutureLinks(md, context), "tfnotes-future-links", 31)


class FutureLinks(PageProcessor):
    """Turns the names of pages that exist into links; runs once the page is known."""

    def run(self, lines: list[str]) -> list[str]:
        """Returns the lines with a link wherever the promised page is there."""
        return [PROMISE.sub(self._link, line) if "data-page" in line else line for line in lines]

    def _link(self, found: re.Match[str]) -> str:
        page, project = self.context.page, self.context.project
        if page is None:
            return found[0]
        if not project.page_path(page.language, found["page"]).is_file():
            return found[0]
        link = posixpath.relpath(f"{found['page']}.md", posixpath.dirname(page.name) or ".")
        return f"[{found['text']}]({link})"
