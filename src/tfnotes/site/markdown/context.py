"""What the processors of a page share: the checkout, the page, its parts, the options.

A *part* is a module that mkdocs.yml names under ``parts:``. It puts something on pages that the
engine knows nothing about, and offers any of three functions:

``register(md, context)``
    registers processors; the engine's own places in Python-Markdown's queue are in `extension`.
``shown(block, under, context)``
    the HTML under a block; None for a block that is not its business.
``sources(page)``
    the files, beside the page's own, that the page shows; a preview follows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from tfnotes.core.blocks import Block
from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.site.html.render import Badges


@dataclass
class PageContext:
    """The page that is being converted, and where it comes from."""

    project: Project
    language: str = ""
    """The language of the pages, where twins are the same to the letter."""
    strict: bool = False
    """Whether a missing record is an error."""
    parts: tuple[ModuleType, ...] = ()
    page: Page | None = None
    """None for text that is no page."""
    outputs: dict[str, tuple[Block, str]] = field(default_factory=dict)
    """What stands between two markers: the block and the HTML of its outputs."""
    badges: Badges = field(default_factory=Badges)
    """What the page's badges have said so far."""

    def reset(self) -> None:
        """Forgets the last page."""
        self.page = None
        self.outputs = {}
        self.badges = Badges()


class PageProcessor(Preprocessor):  # type: ignore[misc]  # Markdown ships no types
    """A preprocessor that knows the page."""

    def __init__(self, md: Markdown, context: PageContext) -> None:
        super().__init__(md)
        self.context = context

    def stash(self, html: str) -> str:
        """Keeps finished HTML out of Markdown's hands; returns what to write in its place."""
        return str(self.md.htmlStash.store(html))


class PageTreeprocessor(Treeprocessor):  # type: ignore[misc]
    """A treeprocessor that knows the page."""

    def __init__(self, md: Markdown, context: PageContext) -> None:
        super().__init__(md)
        self.context = context


def load_parts(names: Iterable[str]) -> tuple[ModuleType, ...]:
    """Imports parts.

    Raises:
        TfnotesError: There is no such module.
    """
    found = []
    for name in names:
        try:
            found.append(import_module(name))
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            raise TfnotesError(f"mkdocs.yml: parts names {name}, which is no module") from None
    return tuple(found)


def offered(parts: Iterable[ModuleType], what: str) -> list[Any]:
    """The functions of this name that parts offer, in their order."""
    return [getattr(part, what) for part in parts if hasattr(part, what)]
