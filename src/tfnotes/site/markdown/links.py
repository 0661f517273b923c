"""Links to pages that are published as notebooks."""

import posixpath
from urllib.parse import urlsplit
from xml.etree import ElementTree

from tfnotes.core.project import is_lab
from tfnotes.site.markdown.context import PageTreeprocessor


class NotebookLinks(PageTreeprocessor):
    """Lets pages link to ``../labs/x.md`` as to any other page, though MkDocs sees ``x.ipynb``."""

    def run(self, root: ElementTree.Element) -> None:
        """Changes the suffix in links to such pages."""
        page = self.context.page
        if page is None:
            return
        for link in root.iter("a"):
            parts = urlsplit(link.get("href", ""))
            if parts.scheme or not parts.path.endswith(".md"):
                continue
            folder = posixpath.dirname(page.name)
            name = posixpath.normpath(posixpath.join(folder, parts.path)).removesuffix(".md")
            if is_lab(name):
                path = parts.path.removesuffix(".md") + ".ipynb"
                link.set("href", parts._replace(path=path).geturl())
