"""The Python-Markdown extension that puts recorded outputs under the code that made them.

It works wherever Python-Markdown does (MkDocs, Zensical, a script). All it is given is a page's
text, so it looks the page up by that; text that is no page, a docstring say, only loses the fence
options that superfences would stumble over.

It runs in two steps. Before `pymdownx.snippets` changes any line, each Python fence becomes a plain
one with its code in it, between two marker lines. Once superfences has highlighted the code, code
and outputs between the markers become one element. (They cannot be stashed in the first step:
Python-Markdown removes the stash's own brackets from the text in between.)
"""

from pathlib import Path
from typing import Any

from markdown import Extension, Markdown

from tfnotes.core.project import Project, find_project
from tfnotes.site.html.tables import EmptyHeaders
from tfnotes.site.markdown.blocks import Blocks
from tfnotes.site.markdown.breaks import HeadingBreaks
from tfnotes.site.markdown.context import PageContext, load_parts, offered
from tfnotes.site.markdown.join_outputs import Join
from tfnotes.site.markdown.links import NotebookLinks
from tfnotes.site.markdown.math import Math
from tfnotes.site.markdown.tokens import PlainTokens


class TfnotesExtension(Extension):  # type: ignore[misc]  # Markdown ships no types
    """Registers what turns a page with code into a page with code and outputs."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "root": ["", "folder of the checkout; found from the working directory if empty"],
            "strict": [False, "a missing record is an error, not a warning"],
            "language": ["", "the language of the pages, where twins are the same to the letter"],
            "parts": [[], "modules that put more on pages; see tfnotes.site.markdown.context"],
        }
        super().__init__(**kwargs)
        self.context: PageContext | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        """Registers the processors; the numbers are places in Python-Markdown's queues.

        The page is known from 33 on; between 31 and 26 a part may change its Markdown, between 23
        and 22 it may put HTML in place of a line.
        """
        root = self.getConfig("root")
        project = Project(Path(root).resolve()) if root else find_project()
        context = self.context = PageContext(
            project,
            self.getConfig("language"),
            self.getConfig("strict"),
            load_parts(self.getConfig("parts")),
        )
        md.registerExtension(self)
        md.preprocessors.register(Blocks(md, context), "tfnotes-blocks", 33)  # snippets: 32
        md.preprocessors.register(Join(md, context), "tfnotes-outputs", 24)  # superfences: 25
        md.treeprocessors.register(Math(md, context), "tfnotes-math", 15)  # after inline (20)
        md.treeprocessors.register(EmptyHeaders(md), "tfnotes-tables", 2)
        md.postprocessors.register(PlainTokens(), "tfnotes-tokens", 1)  # raw_html: 30
        md.treeprocessors.register(HeadingBreaks(md, context), "tfnotes-breaks", 3)  # toc: 5
        md.treeprocessors.register(NotebookLinks(md, context), "tfnotes-links", 1)  # MkDocs: 0
        for register in offered(context.parts, "register"):
            register(md, context)

    def reset(self) -> None:
        """Forgets the last page."""
        if self.context is not None:
            self.context.reset()


def makeExtension(**kwargs: Any) -> TfnotesExtension:
    """Python-Markdown's entry point."""
    return TfnotesExtension(**kwargs)
