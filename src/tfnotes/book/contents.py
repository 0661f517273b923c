"""What is in the book and in which order: the navigation's, read from the site's configuration."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from tfnotes.book.book import Book, Chapter, Part
from tfnotes.book.index import mark_terms
from tfnotes.book.ledger import put_rows
from tfnotes.book.links import name_anchors, resolve_links
from tfnotes.book.page import BuiltPage, read_page
from tfnotes.book.pieces import settle
from tfnotes.book.solutions import collect_solutions
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import Project
from tfnotes.site.build.language import load

HOME = "index"
GLOSSARY = "reference/glossary"


def read_book(
    project: Project, site: Path, language: str, names: Collection[str] | None = None
) -> Book:
    """Reads the built pages of a language as a book.

    Args:
        project: The checkout.
        site: The built site, which has a folder a language.
        language: The book's language.
        names: The pages to take; all of the navigation if None.

    Raises:
        TfnotesError: The site is not built, or a page cannot be read.
    """
    config, _ = load(project, language, site / language)
    wanted = list(_navigation(config.nav or []))
    known = {name for _, _, name in wanted}
    for name in names or ():
        if name not in known:
            raise TfnotesError(
                f"{name}: not in the navigation; write part/slug, tensors/operations"
            )
    chosen = [one for one in wanted if names is None or one[2] in names]
    pages = {name: read_page(_file(site / language, name), name) for _, _, name in chosen}
    rows = put_rows({name: page.body for name, page in pages.items()}, language)
    book = Book(language, config.site_name, config.site_description, config.site_url, None, [])
    anchors: dict[str, set[str]] = {}
    count = 0
    for part, short, name in chosen:
        page = pages[name]
        count += name != HOME
        chapter = _chapter(page, short, 0 if name == HOME else count, language)
        anchors[name] = name_anchors(chapter)
        book.pictures |= {picture.name: picture for picture in page.pictures}
        if name == HOME:
            book.preface = chapter
            continue
        if not book.parts or book.parts[-1].title != part:
            book.parts.append(Part(len(book.parts) + 1, part, []))
        book.parts[-1].chapters.append(chapter)
    resolve_links(book, anchors, rows)
    mark_terms(book, GLOSSARY)
    used = {image.get("data-picture") for one in book.chapters for image in one.body.iter("img")}
    book.pictures = {name: one for name, one in book.pictures.items() if name in used}
    return book


def _chapter(page: BuiltPage, short: str, number: int, language: str) -> Chapter:
    facts = settle(page.body, language)
    collect_solutions(page.body, page.name, language)
    return Chapter(page.name, short, number, page.title, page.body, facts)


def _navigation(nav: list[Any], part: str = "") -> Iterator[tuple[str, str, str]]:
    """Part, title and page of each entry; what is nested deeper belongs to the outermost part."""
    for entry in nav:
        for title, target in entry.items() if isinstance(entry, dict) else [("", entry)]:
            if isinstance(target, list):
                yield from _navigation(target, part or title)
            elif target.endswith((".md", ".ipynb")):
                yield part, title, target.rpartition(".")[0]


def _file(folder: Path, name: str) -> Path:
    page = name.removesuffix("index").rstrip("/")
    return folder / page / "index.html"
