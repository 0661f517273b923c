"""Formulas on a page: what pymdownx.arithmatex found, rendered by KaTeX."""

import re
from xml.etree import ElementTree

from markdown import Markdown
from markdown.util import AtomicString

from tfnotes.core.errors import PageError, TfnotesError
from tfnotes.core.pages import Page
from tfnotes.site.html.katex import Katex
from tfnotes.site.markdown.context import PageContext, PageTreeprocessor

_DELIMITERS = re.compile(r"^\s*\\[(\[](?P<tex>.*)\\[)\]]\s*$", re.DOTALL)


class Math(PageTreeprocessor):
    """Replaces the TeX in arithmatex elements by finished HTML.

    Working on the tree, not on the final text, keeps a program's output that merely looks like a
    formula from being taken for one.
    """

    def __init__(self, md: Markdown, context: PageContext) -> None:
        super().__init__(md, context)
        self.katex = Katex(context.project.cache / "katex.json")

    def run(self, root: ElementTree.Element) -> None:
        """Renders every formula of the page."""
        for element in root.iter():
            if element.get("class") != "arithmatex":
                continue
            match = _DELIMITERS.match("".join(element.itertext()))
            if match is None:
                continue
            tex, display = match["tex"].strip(), element.tag == "div"
            try:
                html = self.katex.render(tex, display)
            except TfnotesError as error:
                raise _at(self.context.page, tex, error) from None
            # "tf-math", not "math" or "inline": Material has plans of its own for those.
            element.set("class", "tf-math tf-math-block" if display else "tf-math")
            element.set("data-search-exclude", "1")
            if display:
                element.set("tabindex", "0")
                element.set("role", "group")
                zh = self.context.page is not None and self.context.page.language == "zh"
                element.set("aria-label", "公式" if zh else "Formula")
            for child in list(element):
                element.remove(child)
            element.text = AtomicString(self.md.htmlStash.store(html))


def _at(page: Page | None, tex: str, error: TfnotesError) -> TfnotesError:
    """The same error with the page and the line at which the formula begins."""
    if page is None:
        return error
    at = page.text.find(tex.split("\n")[0])
    return PageError(page.where, page.text.count("\n", 0, max(at, 0)) + 1, str(error))
