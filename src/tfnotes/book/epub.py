"""The EPUB 3: a chapter a file, figures within them so that a dark page turns their ink light.

No fonts are packed: a reader of EPUB chooses its own, and has Chinese ones.
"""

import io
import uuid
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tfnotes.book.book import Book, text_of
from tfnotes.book.front import Front
from tfnotes.book.words import say
from tfnotes.book.xhtml import LANGUAGES, File, chapter_file, index_of_terms, page_of, places_of

STYLE = Path(__file__).with_name("epub.css")
_TYPES = {"jpg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml", "webp": "image/webp"}
_DATE = (1980, 1, 1, 0, 0, 0)
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def make_epub(book: Book, front: Front, cover: bytes) -> bytes:
    """Packs the book.

    Args:
        book: The book.
        front: What its title page says.
        cover: A picture of the title page, PNG.

    Returns:
        The file's content; the same book on the same day makes the same bytes.
    """
    files = list(_files(book, front))
    pictures = [one for one in book.pictures.values() if not one.name.endswith(".svg")]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _add(archive, "META-INF/container.xml", _CONTAINER.encode())
        names = [one.name for one in pictures]
        _add(archive, "EPUB/package.opf", _package(book, front, files, names).encode())
        _add(archive, "EPUB/nav.xhtml", _contents(book).encode())
        _add(archive, "EPUB/book.css", STYLE.read_bytes())
        _add(archive, "EPUB/cover.png", cover, zipfile.ZIP_STORED)
        for file in files:
            _add(archive, f"EPUB/{file.name}", file.text.encode())
        for picture in pictures:
            _add(archive, f"EPUB/pictures/{picture.name}", picture.data, zipfile.ZIP_STORED)
    return content.getvalue()


def _files(book: Book, front: Front) -> Iterator[File]:
    places = places_of(book)
    lines = "".join(f"<p>{escape(line)}</p>" for line in front.lines)
    title = (
        f"<h1>{escape(book.title)}</h1><p>{escape(book.description)}</p>"
        f'<p class="edition">{escape(front.edition)}</p><div class="colophon">{lines}</div>'
    )
    yield File("title.xhtml", book.title, page_of(book, book.title, title, "titlepage"))
    if book.preface is not None:
        yield chapter_file(book, book.preface, places)
    for part in book.parts:
        number = say(book.language, "part", number=str(part.number))
        text = (
            f'<div class="part"><p class="number">{number}</p><h1>{escape(part.title)}</h1></div>'
        )
        yield File(f"part-{part.number}.xhtml", part.title, page_of(book, part.title, text, "part"))
        for chapter in part.chapters:
            yield chapter_file(book, chapter, places)
    if book.terms:
        title = say(book.language, "index")
        yield File(
            "index-of-terms.xhtml",
            title,
            page_of(book, title, index_of_terms(book, places), "index"),
        )


def _contents(book: Book) -> str:
    def line(name: str, title: str, more: str = "") -> str:
        return f'<li><a href="{name}.xhtml">{escape(" ".join(title.split()))}</a>{more}</li>\n'

    items = line("title", book.title)
    if book.preface is not None:
        items += line(book.preface.slug, text_of(book.preface.title))
    for part in book.parts:
        chapters = "".join(
            line(one.slug, f"{one.number} {text_of(one.title)}") for one in part.chapters
        )
        items += line(f"part-{part.number}", part.title, f"<ol>{chapters}</ol>")
    if book.terms:
        items += line("index-of-terms", say(book.language, "index"))
    title = escape(say(book.language, "contents"))
    body = f'<nav epub:type="toc" role="doc-toc"><h1>{title}</h1><ol>{items}</ol></nav>'
    start = book.preface.slug if book.preface is not None else "part-1"
    body += (
        f'<nav epub:type="landmarks" hidden=""><ol><li><a epub:type="toc" href="nav.xhtml">{title}</a></li>'
        f'<li><a epub:type="bodymatter" href="{start}.xhtml">{escape(book.title)}</a></li></ol></nav>'
    )
    return page_of(book, say(book.language, "contents"), body, "frontmatter")


def _package(book: Book, front: Front, files: list[File], pictures: list[str]) -> str:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, book.site or book.title)
    manifest = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        '<item id="css" href="book.css" media-type="text/css"/>',
        '<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>',
    ]
    spine = []
    for number, file in enumerate(files):
        properties = f' properties="{file.properties}"' if file.properties else ""
        manifest.append(
            f'<item id="f{number}" href="{file.name}" media-type="application/xhtml+xml"{properties}/>'
        )
        spine.append(f'<itemref idref="f{number}"/>')
        if number == 0:
            spine.append('<itemref idref="nav"/>')
    manifest += [
        f'<item id="p{number}" href="pictures/{name}" media-type="{_TYPES[name.rpartition(".")[2]]}"/>'
        for number, name in enumerate(pictures)
    ]
    access = "".join(
        f'<meta property="schema:{name}">{value}</meta>\n'
        for name, value in (
            ("accessMode", "textual"),
            ("accessMode", "visual"),
            ("accessModeSufficient", "textual"),
            ("accessibilityFeature", "alternativeText"),
            ("accessibilityFeature", "MathML"),
            ("accessibilityFeature", "structuralNavigation"),
            ("accessibilityFeature", "tableOfContents"),
            ("accessibilityHazard", "none"),
        )
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{LANGUAGES[book.language]}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identity}</dc:identifier>
<dc:title>{escape(book.title)}</dc:title>
<dc:language>{LANGUAGES[book.language]}</dc:language>
<dc:creator>tfnotes</dc:creator>
<dc:description>{escape(book.description)}</dc:description>
<dc:source>{escape(book.site)}</dc:source>
<dc:rights>CC BY-SA 4.0; Apache-2.0</dc:rights>
<dc:date>{front.date}</dc:date>
<meta property="dcterms:modified">{front.date}T00:00:00Z</meta>
{access}</metadata>
<manifest>
{chr(10).join(manifest)}
</manifest>
<spine>
{chr(10).join(spine)}
</spine>
</package>
"""


def _add(
    archive: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
