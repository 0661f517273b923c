import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path[:0] = [str(Path(__file__).parents[1])]

from tfnotes.core.errors import TfnotesError  # noqa: E402
from tfnotes.core.project import LANGUAGES, Project, find_project  # noqa: E402

if TYPE_CHECKING:
    from tfnotes.book.book import Book

SAMPLE = (
    "index",
    "start/workflow",
    "tensors/operations",
    "autodiff/linear-regression",
    "graphs/speedup",
    "keras/tensorboard",
    "data/tokenizing",
    "migrate/ledger",
    "reference/glossary",
)
"""Pages that have everything the book must cope with; the whole site with TFNOTES_TEST_SITE."""


@dataclass(frozen=True)
class Made:
    """A book and its files."""

    book: "Book"
    names: tuple[str, ...]
    pdf: Path
    epub: Path


@pytest.fixture(scope="session")
def notes() -> Project:
    """This checkout."""
    return find_project(Path(__file__).parent)


@pytest.fixture(scope="session")
def site(notes, tmp_path_factory) -> Path:
    """The sample's pages as MkDocs builds them, or the whole site that TFNOTES_TEST_SITE names."""
    if os.environ.get("TFNOTES_TEST_SITE"):
        return Path(os.environ["TFNOTES_TEST_SITE"]).resolve()
    from mkdocs.commands.build import build
    from pathspec.gitignore import GitIgnoreSpec

    from tfnotes.site.build.language import load

    target = tmp_path_factory.mktemp("book") / "site"
    here = Path.cwd()
    try:
        for language in LANGUAGES:
            config, _ = load(notes, language, target / language)
            config.exclude_docs = GitIgnoreSpec.from_lines(
                ["*.md", "*.ipynb", *(f"!/{name}.md" for name in SAMPLE)]
            )
            config.nav = None
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
    finally:
        os.chdir(here)
    return target


@pytest.fixture(scope="session", params=LANGUAGES)
def made(request, notes, site, tmp_path_factory) -> Made:
    """The book of the sample in each language, as PDF and EPUB."""
    from tfnotes.book.contents import read_book
    from tfnotes.book.epub import make_epub
    from tfnotes.book.front import front_of
    from tfnotes.book.pdf import make_cover, make_pdf, need_fonts

    try:
        need_fonts()
    except TfnotesError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))
    whole = bool(os.environ.get("TFNOTES_TEST_SITE"))
    here = Path.cwd()
    try:
        book = read_book(notes, site, request.param, None if whole else SAMPLE)
    finally:
        os.chdir(here)
    folder = tmp_path_factory.mktemp(request.param)
    front = front_of(book)
    (folder / "book.pdf").write_bytes(make_pdf(book, front))
    (folder / "book.epub").write_bytes(make_epub(book, front, make_cover(book, front)))
    names = tuple(chapter.name for chapter in book.chapters)
    return Made(book, names, folder / "book.pdf", folder / "book.epub")
