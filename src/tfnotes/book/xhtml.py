"""A chapter of the EPUB: XHTML with its figures, formulas and footnotes in it."""

import copy
from dataclasses import dataclass
from html import escape

from lxml import etree

from tfnotes.book.book import Book, Chapter, Element, has_class, make, text_of
from tfnotes.book.words import say

LANGUAGES = {"zh": "zh-CN", "en": "en"}
_TYPE = "{http://www.idpf.org/2007/ops}type"
etree.register_namespace("epub", "http://www.idpf.org/2007/ops")
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
class File:
    """A file of the publication that is read in order."""

    name: str
    title: str
    text: str
    properties: str = ""


def places_of(book: Book) -> dict[str, str]:
    """The chapter's slug of every anchor."""
    places = {}
    for chapter in book.chapters:
        places[chapter.slug] = chapter.slug
        for element in chapter.body.iter():
            identity = element.get("id") if isinstance(element.tag, str) else None
            if identity:
                places[identity] = chapter.slug
    return places


def chapter_file(book: Book, chapter: Chapter, places: dict[str, str]) -> File:
    """A chapter as a file.

    Args:
        book: The book.
        chapter: One of its chapters.
        places: As `places_of` gives them.
    """
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
    _number_notes(body)
    text = etree.tostring(body, method="xml", encoding="unicode")
    page = page_of(book, text_of(chapter.title), text, "chapter" if chapter.number else "preface")
    return File(f"{chapter.slug}.xhtml", text_of(chapter.title), page, " ".join(sorted(properties)))


def _show(image: Element, book: Book) -> bool:
    """Lets an image show its picture; whether it is an SVG, which then stands in its place."""
    picture = book.pictures[image.attrib.pop("data-picture")]
    alt = image.get("alt") or ""
    if not picture.name.endswith(".svg"):
        image.set("src", f"pictures/{picture.name}")
        return False
    drawing = etree.fromstring(picture.data)
    for element in drawing.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname in ("title", "desc"):
            element.attrib.pop("id", None)  # The same chart may stand on a page twice.
    drawing.set("role", "img")
    drawing.set("aria-label", alt)
    drawing.set("style", f"width:{picture.width:.0f}pt;max-width:100%;height:auto")
    drawing.tail = image.tail
    image.getparent().replace(image, drawing)
    return True


def _number_notes(body: Element) -> None:
    """Footnotes at the end of the chapter, each with the way back."""
    notes = [one for one in body.iter("span") if has_class(one, "footnote")]
    if not notes:
        return
    for number, note in enumerate(notes, 1):
        aside = make("aside")
        aside.set(_TYPE, "footnote")
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
        link.set(_TYPE, "noteref")
        link.set("role", "doc-noteref")
        link.text = str(number)


def index_of_terms(book: Book, places: dict[str, str]) -> str:
    """The index, with the numbers of chapters where the PDF has those of pages."""
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


def page_of(book: Book, title: str, body: str, kind: str) -> str:
    """A file of XHTML.

    Args:
        book: The book, for its language.
        title: The file's title.
        body: What is in it.
        kind: What it is, in the vocabulary of EPUB: ``chapter``, ``index``.
    """
    name = " ".join(title.split())
    return _PAGE.format(lang=LANGUAGES[book.language], title=escape(name), body=body, kind=kind)
