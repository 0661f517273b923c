"""The PDF: the book as Typst markup, set by Typst."""

import io
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tfnotes.book.book import Book, text_of
from tfnotes.book.formulas import formulas_of, translate
from tfnotes.book.front import Front
from tfnotes.book.markup import escape, string
from tfnotes.book.pictures import FACE, for_typst
from tfnotes.book.typst import Writer
from tfnotes.book.words import WORDS, say
from tfnotes.core.errors import TfnotesError

STYLE = Path(__file__).with_name("book.typ")
FONTS = (FACE, "Noto Serif CJK SC", "Noto Sans Mono CJK SC")
"""What the book is set in, besides what Typst brings."""
_UNDRAWN = re.compile(r'the text `"([^"]+)"` could not be displayed')
STANDARD: Final = "ua-1"
"""PDF/UA: tagged for screen readers, with alternatives for all pictures and formulas."""


def need_fonts() -> None:
    """Looks for the faces of the book.

    Raises:
        TfnotesError: One is missing.
    """
    import typst

    known = set(typst.Fonts().families())
    missing = [name for name in FONTS if name not in known]
    if missing:
        raise TfnotesError(
            f"the book needs the fonts {', '.join(missing)}; Debian and Ubuntu have them in "
            "fonts-noto-cjk, elsewhere install Noto CJK"
        )


def undrawn(book: Book) -> set[str]:
    """The characters of a book that no font has: Typst is asked, with a page of all of them."""
    import typst

    texts = (text_of(root) for one in book.chapters for root in (one.title, one.body))
    rare = {one for text in texts for one in text if ord(one) >= 0x2000}
    missing: set[str] = set()
    while rare:
        lines = "".join(f"#raw({string(one)})\n" for one in sorted(rare))
        head = '#set document(title: "glyphs")\n#set text(font: ("DejaVu Sans Mono", "Noto Sans Mono CJK SC"))\n'
        try:
            typst.compile((head + lines).encode(), format="pdf", pdf_standards=STANDARD)
        except typst.TypstError as error:
            found = set("".join(_UNDRAWN.findall(f"{error.message}\n{error.diagnostic}"))) & rare
            if not found:
                raise TfnotesError(f"{book.title}: {error}") from None
            missing |= found
            rare -= found
            continue
        break
    return missing


def write_sources(book: Book, front: Front, folder: Path) -> Path:
    """Writes the book as Typst's sources.

    Args:
        book: The book.
        front: What its title page says.
        folder: An empty folder.

    Returns:
        The file to compile.
    """
    writer = Writer(book, translate(formulas_of(book)), undrawn(book))
    (folder / "pictures").mkdir()
    for picture in book.pictures.values():
        (folder / "pictures" / picture.name).write_bytes(for_typst(picture))
    (folder / STYLE.name).write_bytes(STYLE.read_bytes())
    lines = [
        *_head(book, front),
        f"#colophon([{'#parbreak()'.join(escape(line) for line in front.lines)}])",
        f"#contents({string(say(book.language, 'contents'))})",
    ]
    if book.preface is not None:
        lines.append(writer.chapter(book.preface))
    for part in book.parts:
        number = say(book.language, "part", number=_numeral(part.number, book.language))
        lines.append(f"#part({string(number)}, [{escape(part.title)}])")
        lines += [writer.chapter(chapter) for chapter in part.chapters]
    if book.terms:
        entries = "".join(
            f"({string(term.text)}, {string(term.main)}, ({''.join(string(p) + ', ' for p in term.places)})),\n"
            for term in book.terms
        )
        lines.append(f"#index((\n{entries}))")
    path = folder / "main.typ"
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return path


def make_pdf(book: Book, front: Front) -> bytes:
    """Sets the book.

    Args:
        book: The book.
        front: What its title page says.

    Raises:
        TfnotesError: A font is missing, or Typst cannot set the book, or warns: page numbers that
            never settle would be wrong ones.
    """
    import typst

    need_fonts()
    with tempfile.TemporaryDirectory(prefix="tfnotes-book-") as name:
        source = write_sources(book, front, Path(name))
        try:
            pdf, warnings = typst.compile_with_warnings(
                str(source),
                root=name,
                format="pdf",
                pdf_standards=STANDARD,
                timestamp=datetime.fromisoformat(front.date).replace(tzinfo=UTC),
            )
        except typst.TypstError as error:
            raise TfnotesError(f"{book.title}: Typst cannot set it: {error}") from None
    if warnings:
        raise TfnotesError(f"{book.title}: Typst warns: {warnings[0]}")
    return _squeezed(bytes(pdf))


def make_cover(book: Book, front: Front) -> bytes:
    """The title page as a picture, PNG."""
    import typst

    need_fonts()
    with tempfile.TemporaryDirectory(prefix="tfnotes-book-") as name:
        (Path(name) / STYLE.name).write_bytes(STYLE.read_bytes())
        source = Path(name) / "cover.typ"
        source.write_text("\n".join(_head(book, front)), encoding="utf-8")
        return bytes(typst.compile(str(source), root=name, format="png", ppi=150))


def _squeezed(pdf: bytes) -> bytes:
    """Packs the small objects too, tags above all: a third of the file."""
    import pikepdf

    content = io.BytesIO()
    pikepdf.settings.set_flate_compression_level(9)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            content,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
            deterministic_id=True,
        )
    return content.getvalue()


def _head(book: Book, front: Front) -> list[str]:
    """The beginning of the sources, up to the title page."""
    words = ", ".join(f"{string(k)}: {string(v)}" for k, v in WORDS[book.language].items())
    return [
        '#import "book.typ": *',
        f"#show: book.with(language: {string(book.language)}, title: {string(book.title)}, "
        f"description: {string(book.description)}, words: ({words}))",
        f"#title-page({string(book.title)}, {string(book.description)}, {string(front.edition)})",
    ]


def _numeral(number: int, language: str) -> str:
    """A part's number: 一, 二 and so on, or I, II and so on."""
    if language == "zh":
        ones = "零一二三四五六七八九"
        tens, rest = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else f"{ones[tens]}十"
        return head + (ones[rest] if rest or not tens else "")
    result = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            result, number = result + sign, number - value
    return result
