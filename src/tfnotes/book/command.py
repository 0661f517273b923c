"""``tfnotes book``: makes the books of a built site, and tells its home pages."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from html import escape
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tfnotes.book.contents import read_book
from tfnotes.book.epub import make_epub
from tfnotes.book.front import front_of, made_on
from tfnotes.book.pdf import make_cover, make_pdf, need_fonts
from tfnotes.book.words import say
from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import write_atomic
from tfnotes.core.project import Project

FORMATS = ("pdf", "epub")
DOWNLOADS = "downloads"
_START, _END = "<!-- books -->", "<!-- /books -->"
"""Between these the home page names the books; docs/theme/partials/map.html has them."""


def make_books(
    project: Project,
    site: Path,
    languages: Sequence[str],
    formats: Sequence[str] = FORMATS,
    names: Collection[str] | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Makes books into the site's downloads, and names them on its home pages.

    Args:
        project: The checkout.
        site: The built site.
        languages: The languages to make.
        formats: The formats to make.
        names: The pages to take; all if None. A book of some pages has a name of its
            own, and is not named at home.
        report: Is told in a line what is being done.

    Returns:
        The files.

    Raises:
        TfnotesError: The site is not built, or something that makes books is missing.
    """
    need_makers()
    made = []
    for language in languages:
        report(f"making the book, {language}")
        # A process each: Typst keeps what it has set, 3 GB a book, until its process ends.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            done = pool.submit(_attempt, project, site, language, formats, names).result()
        if isinstance(done, str):
            raise TfnotesError(done)
        made += done
        if names is None:
            tell_home(site, language)
    return made


def _attempt(*arguments: Any) -> list[Path] | str:
    """Makes a language's books; what went wrong comes back as text."""
    try:
        return _make(*arguments)
    except TfnotesError as error:
        return str(error)


def _make(
    project: Project,
    site: Path,
    language: str,
    formats: Sequence[str],
    names: Collection[str] | None,
) -> list[Path]:
    if "pdf" in formats:
        need_fonts()
    book = read_book(project, site, language, names)
    front = front_of(book)
    folder = site / DOWNLOADS
    folder.mkdir(exist_ok=True)
    made = []
    for kind in formats:
        if kind == "pdf":
            content = make_pdf(book, front)
        else:
            content = make_epub(book, front, make_cover(book, front))
        path = folder / file_name(language, kind, whole=names is None)
        write_atomic(path, content)
        made.append(path)
    return made


def need_makers() -> None:
    """Looks for the packages that make books.

    Raises:
        TfnotesError: One is missing.
    """
    try:
        import lxml  # noqa: F401
        import pikepdf  # noqa: F401
        import PIL  # noqa: F401
        import pypandoc  # noqa: F401
        import typst  # noqa: F401
    except ImportError as error:
        raise TfnotesError(
            f'the book needs {error.name}: pip install "tfnotes[book]", or make book'
        ) from None


def file_name(language: str, kind: str, whole: bool = True) -> str:
    """The name of a book's file; a book of some pages leaves the whole one alone."""
    return f"tfnotes-{language}{'' if whole else '-excerpt'}.{kind}"


def tell_home(site: Path, language: str) -> None:
    """Writes links to the books, with size and date, where the home page has room for them."""
    home = site / language / "index.html"
    text = home.read_text(encoding="utf-8")
    start, end = text.find(_START), text.find(_END)
    if start < 0 or end < start:
        return  # A theme without a place for it.
    links = []
    for kind in FORMATS:
        path = site / DOWNLOADS / file_name(language, kind)
        if path.is_file():
            size = path.stat().st_size / 1e6
            links.append(
                f'<a href="../{DOWNLOADS}/{path.name}" download>{kind.upper()}</a>'
                + _facts(f"{size:.0f} MB", made_on(), language)
            )
    html = f'<p class="tf-books">{escape(say(language, "books"))}{" · ".join(links)}</p>'
    content = text[: start + len(_START)] + (html if links else "") + text[end:]
    write_atomic(home, content)


def _facts(size: str, day: date, language: str) -> str:
    """Size and date of a file, in brackets."""
    if language == "zh":
        return f"（{size}，{day.year} 年 {day.month} 月 {day.day} 日）"
    return f" ({size}, {day.isoformat()})"
