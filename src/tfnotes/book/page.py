"""Reading a built page: its title and its text, without what only a screen needs.

A page is HTML5; lxml reads it well once the SVGs are out, whose names it would write in small
letters. Formulas keep their MathML, which KaTeX put beside its own boxes.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from lxml import html as lxml_html

from tfnotes.book.book import Element, Picture, has_class, text_of
from tfnotes.book.pictures import bitmap, svg_picture, take_svgs
from tfnotes.core.errors import TfnotesError

_ARTICLE = re.compile(
    r'<article class="md-content__inner md-typeset">(?P<text>.*?)</article>', re.DOTALL
)
_DROPPED = (
    "md-content__button",
    "tf-actions",
    "headerlink",
    "katex-html",
    "tf-map",
    "tf-filter",
    "tf-copy",
    "md-button",
    "tf-books",
)
_DROPPED_TAGS = ("script", "style", "button", "input", "template", "nav")
_SPACE = re.compile(r"\s+")


@dataclass
class BuiltPage:
    """A page as it was read."""

    name: str
    path: Path
    title: Element
    body: Element
    pictures: list[Picture] = field(default_factory=list)


def read_page(path: Path, name: str) -> BuiltPage:
    """Reads a page of the built site.

    Args:
        path: Its ``index.html``.
        name: The page's name.

    Raises:
        TfnotesError: It is not there, or is no page of this site.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise TfnotesError(f"{path}: not built; run tfnotes build first") from None
    found = _ARTICLE.search(text)
    if found is None:
        raise TfnotesError(f"{path}: has no article; is it a page of this site?")
    pictures: list[Picture] = []
    prefix = name.replace("/", "-")

    def take(svg: str) -> str:
        picture = svg_picture(svg, f"{prefix}-{len(pictures) + 1}.svg")
        pictures.append(picture)
        return f'<img data-picture="{picture.name}" alt="{_label(svg)}">'

    # The home page's SVG icons and KaTeX's roots go with what is dropped; figures have a viewBox.
    content = re.sub(
        r'<div class="tf-actions".*?</div>|<a [^>]*md-content__button.*?</a>',
        "",
        found["text"],
        flags=re.DOTALL,
    )
    content = re.sub(r'<span class="hide-tail".*?</svg></span>', "", content, flags=re.DOTALL)
    body = lxml_html.fragment_fromstring(take_svgs(content, take), create_parent="div")
    clean(body)
    for image in body.iter("img"):
        if image.get("data-picture") is None:
            picture = bitmap(image, f"{prefix}-{len(pictures) + 1}", path)
            pictures.append(picture)
            image.set("data-picture", picture.name)
    title = next(body.iter("h1"), None)
    if title is None:
        raise TfnotesError(f"{path}: has no title")
    remove(title)
    title.tail = None
    return BuiltPage(name, path, title, body, pictures)


def clean(body: Element) -> None:
    """Takes out what only a screen needs: controls, links to oneself, the dark twin of a picture."""
    for element in list(body.iter()):
        if (
            not isinstance(element.tag, str)
            or element.tag in _DROPPED_TAGS
            or has_class(element, *_DROPPED)
            or element.get("hidden") is not None
            or (element.get("src") or "").endswith("#only-dark")
        ):
            remove(element)
    for paragraph in list(body.iter("p")):
        if not len(paragraph) and not text_of(paragraph).strip():
            remove(paragraph)


def remove(element: Element) -> None:
    """Takes an element out of its tree, and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
        element.tail = None
    parent.remove(element)


def replace(old: Element, new: Element) -> None:
    """Puts an element in another's place."""
    new.tail, old.tail = old.tail, None
    old.getparent().replace(old, new)


def unwrap(element: Element) -> None:
    """Puts an element's content in its place."""
    element.drop_tag()


def _label(svg: str) -> str:
    """An SVG's text alternative, still escaped."""
    found = re.search(r'aria-label="([^"]*)"', svg) or re.search(r"<desc[^>]*>([^<]*)", svg)
    title = re.search(r"<title[^>]*>([^<]*)", svg)
    if found is None:
        return title[1] if title else ""
    text = f"{title[1]}: {found[1]}" if found[0].startswith("<desc") and title else found[1]
    return _SPACE.sub(" ", text).replace('"', "&quot;")
