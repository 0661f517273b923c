"""Screenshots on a page: ``<img data-shot="scalars" alt="…">`` on a line of its own.

It becomes a figure with the light and the dark picture, of which the theme shows one, and a line
that says when and with what it was taken, and whether the page's code has changed since.
"""

import posixpath
import re
from html import escape

from markdown import Markdown

from tfnotes.core.shots import ASSETS, SHOT, Shots, folder_name, load_shots
from tfnotes.site.html.words import say
from tfnotes.site.markdown.context import PageContext, PageProcessor


def register(md: Markdown, context: PageContext) -> None:
    """Registers the part."""
    md.preprocessors.register(Screenshots(md, context), "tfnotes-shots", 30)


class Screenshots(PageProcessor):
    """Puts pictures where the page asks for screenshots; runs once the page is known."""

    def run(self, lines: list[str]) -> list[str]:
        """Returns the lines with a figure for each screenshot that exists."""
        page, project = self.context.page, self.context.project
        if page is None or not any("data-shot" in line for line in lines):
            return lines
        shots = load_shots(project, page.name)
        return [SHOT.sub(lambda found: self._figure(found, shots), line) for line in lines]

    def _figure(self, found: re.Match[str], shots: Shots | None) -> str:
        page = self.context.page
        assert page is not None
        if shots is None or found["name"] not in shots.sizes:
            return found[0]
        start = posixpath.dirname(page.name) or "."
        folder = posixpath.relpath(f"{ASSETS}/{folder_name(page.name)}", start)
        width, height = shots.sizes[found["name"]]
        alt = re.sub(r"([\[\]\\])", r"\\\1", found["alt"])
        # Markdown, not HTML: so MkDocs finds the file and writes its address.
        pictures = "".join(
            f"![{alt}]({folder}/{found['name']}{ending}.webp#only-{scheme})"
            f'{{ width="{width}" height="{height}" loading="lazy" }}'
            for ending, scheme in (("", "light"), ("-dark", "dark"))
        )
        versions = [f"{name} {value}" for name, value in shots.made.items() if name != "date"]
        facts = [escape(fact) for fact in (*versions, shots.made.get("date", ""))]
        if not shots.is_current(page):
            stale = escape(say(page.language, "shot-stale"))
            facts.append(f'<span class="tf-stale">{stale}</span>')
        badge = "".join(f"<span>{fact}</span>" for fact in facts)
        return (
            '<figure class="tf-shot" markdown="1">\n'
            f'<div class="tf-shot-view" tabindex="0" markdown="span">{pictures}</div>\n'
            f'<p class="tf-badge">{badge}</p>\n</figure>'
        )
