"""What a line ``<!-- timings: all -->``, ``… runners`` or ``… roofs`` of a page becomes."""

import posixpath
import re
from collections.abc import Iterator

from tfnotes.captures.store import read_runners
from tfnotes.core.markdown import title_of
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.parts.timings.blocks import render_benchmark, render_machines
from tfnotes.parts.timings.roofs import render_roofs
from tfnotes.site.markdown.context import PageProcessor

PLACEHOLDER = re.compile(r"^<!-- timings: (?P<what>all|runners|roofs) -->\s*$")


class Gather(PageProcessor):
    """Replaces the placeholders of a page; runs after fences have been taken out of the text."""

    def run(self, lines: list[str]) -> list[str]:
        """Puts the timings of all pages, or the machines, where a placeholder stands."""
        page, project = self.context.page, self.context.project
        if page is None:
            return lines
        result: list[str] = []
        for line in lines:
            found = PLACEHOLDER.match(line)
            if found is None:
                result.append(line)
            elif found["what"] == "runners":
                html = render_machines(read_runners(project), page.language)
                result += ["", self._stash(html), ""]
            elif found["what"] == "roofs":
                html = render_roofs(read_runners(project), page.language)
                result += ["", self._stash(html), ""]
            else:
                result += self._all(project, page)
        return result

    def _all(self, project: Project, here: Page) -> Iterator[str]:
        runners = read_runners(project)
        for name in project.page_names(here.language):
            if name == here.name:  # its own stand where they are
                continue
            page = load_page(project, project.page_path(here.language, name))
            blocks = [block for block in page.blocks if block.timing]
            if not blocks:
                continue
            link = posixpath.relpath(f"{name}.md", posixpath.dirname(here.name) or ".")
            yield from ("", f"## [{_title(page)}]({link}) {{ #{name.replace('/', '-')} }}", "")
            for block in blocks:
                yield from (self._stash(render_benchmark(block, runners, here.language)), "")

    def _stash(self, html: str) -> str:
        return self.stash(f'<div class="tf-block">{html}</div>')


def _title(page: Page) -> str:
    """The page's first heading, without its anchor."""
    return page.meta.get("title") or title_of(page.body) or page.name
