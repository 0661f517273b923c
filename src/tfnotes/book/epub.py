"""The EPUB 3: a chapter a file, figures within them so that a dark page turns their ink light.

No fonts are packed: a reader of EPUB chooses its own, and has Chinese ones.
"""

import copy
import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lxml import etree

from tfnotes.book.book import Book, Chapter, Element, has_class, make, text_of
from tfnotes.book.front import Front
from tfnotes.book.words import say

STYLE = Path(__file__).with_name("epub.css")
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_TYPES = {"jpg": "image/jpeg", "png": "image/png", "svg": "image/svg+xml", "webp": "image/webp"}
_DATE = (1980, 1, 1, 0, 0, 0)
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">
<head><title>{title}</title><link rel="stylesheet" href="book.css"/></head>
<body epub:type="{kind}">
{body}
</body>
</html>
"""


@dataclass(frozen=True)
class _File:
    """A file of the publication that is read in order."""

    name: str
    title: str
    text: str
    properties: str = ""


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


def _files(book: Book, front: Front) -> Iterator[_File]:
    places = _places(book)
    lines = "".join(f"<p>{escape(line)}</p>" for line in front.lines)
    title = (
        f"<h1>{escape(book.title)}</h1><p>{escape(book.description)}</p>"
        f'<p class="edition">{escape(front.edition)}</p><div class="colophon">{lines}</div>'
    )
    yield _File("title.xhtml", book.title, _page(book, book.title, title, "titlepage"))
    if book.preface is not None:
        yield _chapter_file(book, book.preface, places)
    for part in book.parts:
        number = say(book.language, "part", number=str(part.number))
        text = (
            f'<div class="part"><p class="number">{number}</p><h1>{escape(part.title)}</h1></div>'
        )
        yield _File(f"part-{part.number}.xhtml", part.title, _page(book, part.title, text, "part"))
        for chapter in part.chapters:
            yield _chapter_file(book, chapter, places)
    if book.terms:
        title = say(book.language, "index")
        yield _File(
            "index-of-terms.xhtml", title, _page(book, title, _index(book, places), "index")
        )


def _places(book: Book) -> dict[str, str]:
    """The chapter's slug of every anchor."""
    places = {}
    for chapter in book.chapters:
        places[chapter.slug] = chapter.slug
        for element in chapter.body.iter():
            identity = element.get("id") if isinstance(element.tag, str) else None
            if identity:
                places[identity] = chapter.slug
    return places


def _chapter_file(book: Book, chapter: Chapter, places: dict[str, str]) -> _File:
    body = copy.deepcopy(chapter.body)
    title = copy.deepcopy(chapter.title)
    body.tag = "section"
    body.insert(0, title)
    if chapter.number:
        number = make("p")
        number.set("class", "number")
        number.text = say(book.language, "chapter", number=str(chapter.number))
        body.insert(0, number)
    for link in body.iter("a"):
        href = link.get("href") or ""
        if href.startswith("#"):
            place = places.get(href[1:], chapter.slug)
            link.set("href", href if place == chapter.slug else f"{place}.xhtml{href}")
    for formula in body.iter("math"):
        formula.set("alttext", formula.attrib.pop("data-tex"))
    properties = {"mathml"} if next(body.iter("math"), None) is not None else set()
    for image in list(body.iter("img")):
        if _show(image, book):
            properties.add("svg")
    _number_notes(body, book.language)
    text = etree.tostring(body, method="xml", encoding="unicode")
    text = re.sub(r' data-picture="[^"]*"', "", text).replace(" epub-type=", " epub:type=")
    page = _page(book, text_of(chapter.title), text, "chapter" if chapter.number else "preface")
    return _File(
        f"{chapter.slug}.xhtml", text_of(chapter.title), page, " ".join(sorted(properties))
    )


def _show(image: Element, book: Book) -> bool:
    """Lets an image show its picture; whether it is an SVG, which then stands in its place."""
    picture = book.pictures[image.get("data-picture")]
    alt = image.get("alt") or ""
    if not picture.name.endswith(".svg"):
        image.set("src", f"pictures/{picture.name}")
        return False
    drawing = etree.fromstring(picture.data)
    for element in drawing.iter():
        if element.tag in ("{*}title", "{*}desc"):
            element.attrib.pop("id", None)
    drawing.set("role", "img")
    drawing.set("aria-label", alt)
    drawing.set("style", f"width:{picture.width:.0f}pt;max-width:100%;height:auto")
    drawing.tail = image.tail
    image.getparent().replace(image, drawing)
    return True


def _number_notes(body: Element, language: str) -> None:
    """Footnotes at the end of the chapter, each with the way back."""
    notes = [one for one in body.iter("span") if has_class(one, "footnote")]
    if not notes:
        return
    for number, note in enumerate(notes, 1):
        aside = make("aside")
        aside.set("epub-type", "footnote")
        aside.set("role", "doc-footnote")
        aside.set("id", f"note-{number}")
        paragraph = etree.SubElement(aside, "p")
        paragraph.text = f"{number}. {note.text or ''}"
        paragraph.extend(list(note))
        back = etree.SubElement(paragraph, "a")
        back.set("href", f"#note-from-{number}")
        back.set("role", "doc-backlink")
        back.text = " ↩"
        body.append(aside)
        note.tag = "sup"
        note.text = None
        note.attrib.clear()
        link = etree.SubElement(note, "a")
        link.set("href", f"#note-{number}")
        link.set("id", f"note-from-{number}")
        link.set("epub-type", "noteref")
        link.set("role", "doc-noteref")
        link.text = str(number)


def _index(book: Book, places: dict[str, str]) -> str:
    numbers = {chapter.slug: chapter.number for chapter in book.chapters}
    items = ""
    for term in book.terms:
        shown: dict[str, str] = {}
        if term.main:
            shown[places[term.main]] = (
                f'<a href="{places[term.main]}.xhtml#{term.main}"><b>{{}}</b></a>'
            )
        for place in term.places:
            shown.setdefault(places[place], f'<a href="{places[place]}.xhtml#{place}">{{}}</a>')
        links = ", ".join(
            link.format(numbers[slug] or say(book.language, "preface"))
            for slug, link in shown.items()
        )
        items += f"<li>{escape(term.text)} {links}</li>\n"
    note = escape(say(book.language, "index-note-epub"))
    title = escape(say(book.language, "index"))
    return f'<section><h1>{title}</h1><p>{note}</p><ul class="terms">{items}</ul></section>'


def _page(book: Book, title: str, body: str, kind: str) -> str:
    name = " ".join(title.split())
    return _PAGE.format(lang=_LANGUAGES[book.language], title=escape(name), body=body, kind=kind)


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
    return _page(book, say(book.language, "contents"), body, "frontmatter")


def _package(book: Book, front: Front, files: list[_File], pictures: list[str]) -> str:
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
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{_LANGUAGES[book.language]}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identity}</dc:identifier>
<dc:title>{escape(book.title)}</dc:title>
<dc:language>{_LANGUAGES[book.language]}</dc:language>
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
