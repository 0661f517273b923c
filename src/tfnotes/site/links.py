"""Links to pages that are published as notebooks."""

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from tfnotes.site.markdown import TfnotesExtension


class NotebookLinks(Treeprocessor):  # type: ignore[misc]
    """Lets pages link to ``../labs/x.md`` as to any other page, though MkDocs sees ``x.ipynb``."""

    def __init__(self, md: Markdown, extension: "TfnotesExtension") -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: ElementTree.Element) -> None:
        """Changes the suffix in links to such pages."""
        page, notebooks = self.extension.page, self.extension.getConfig("notebooks")
        if page is None or not notebooks:
            return
        for link in root.iter("a"):
            parts = urlsplit(link.get("href", ""))
            if parts.scheme or not parts.path.endswith(".md"):
                continue
            folder = posixpath.dirname(page.name)
            name = posixpath.normpath(posixpath.join(folder, parts.path)).removesuffix(".md")
            if name in notebooks:
                path = parts.path.removesuffix(".md") + ".ipynb"
                link.set("href", parts._replace(path=path).geturl())
