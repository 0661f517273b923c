"""Figures taken out of a page: SVG as text, because an HTML parser would spoil it, and bitmaps.

An SVG of the site takes ink, faces and the colours of charts from the page's style sheet. On its
own it must bring them: they are written into it here.
"""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

from tfnotes.book.book import Element, Picture
from tfnotes.core.errors import TfnotesError
from tfnotes.site.html.figures import picture_size

INK = "#23262d"
"""What black is on the site; a reader of EPUB with a dark page replaces it (``currentColor``)."""
_SERIES = ("#2468b4", "#c4531a", "#1f7f55", "#b23a70", "#7457c8", "#86670f", "#15808c", "#6b6f78")
_CLASSES = {
    "tf-grid": "stroke:#e2e4e9;fill:none",
    "tf-line": "stroke:{s};stroke-width:2;fill:none;stroke-linejoin:round",
    "tf-lead": "stroke:{s};stroke-width:1;opacity:.6;fill:none",
    "tf-whisker": "stroke:{s};stroke-width:1.5;fill:none",
    "tf-spread": "stroke:currentColor;stroke-width:1.5;fill:none",
    "tf-axis": "opacity:.8;fill:currentColor;font-size:12px",
}
"""What the site's style sheet says of the parts of a chart."""
_ELEMENTS = {
    "text": "fill:currentColor;font-size:12px",
    "circle": "fill:{s}",
    "rect": "fill:{s}",
}
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
_FAMILY = re.compile(r"font-family:[^;\"]*")
FACE = "Noto Sans CJK SC"
"""Letters in figures; its Latin is a sans serif that goes with the Chinese."""


def take_svgs(html: str, take: Callable[[str], str]) -> str:
    """Replaces every SVG in a page's HTML.

    Args:
        html: The page.
        take: Gets the SVG, returns what shall stand in its place.
    """
    return _SVG.sub(lambda found: take(found[0]), html)


def svg_picture(svg: str, name: str) -> Picture:
    """An SVG of the site as one that stands alone.

    Args:
        svg: The element.
        name: The file's name.
    """
    box = re.search(r'viewBox="([^"]*)"', svg)
    if box is None:
        raise TfnotesError(f"{name}: an SVG without viewBox; build the site again")
    _, _, width, height = map(float, box[1].split())
    if _XMLNS not in svg.partition(">")[0]:
        svg = svg.replace("<svg ", f"<svg {_XMLNS} ", 1)
    chart = 'class="tf-chart' in svg
    root = etree.fromstring(svg)
    if chart:
        _style(root, INK)
    # Identities name a title for the site's readers; in the book the alternative text does.
    for attribute in ("aria-labelledby", "style", "class"):
        root.attrib.pop(attribute, None)
    # matplotlib means points; a chart's units are a browser's pixels.
    scale = 0.75 if chart else 1.0
    return Picture(name, etree.tostring(root), width * scale, height * scale)


def _style(element: Element, series: str) -> None:
    """Gives each part of a chart what the style sheet gives it, colours of its series included."""
    if not isinstance(element.tag, str):
        return
    style = element.get("style") or ""
    if found := re.search(r"--tf-c(\d)", style):
        series = _SERIES[int(found[1])]
        del element.attrib["style"]
    tag = element.tag.rpartition("}")[2]
    look = _CLASSES.get(element.attrib.pop("class", ""), _ELEMENTS.get(tag, ""))
    if look:
        element.set("style", look.format(s=series))
    for child in element:
        _style(child, series)


def for_typst(picture: Picture) -> bytes:
    """A picture as Typst wants it: ink as a colour, and letters in a face that is there."""
    if not picture.name.endswith(".svg"):
        return picture.data
    svg = picture.data.decode().replace("currentColor", INK)
    svg = _FAMILY.sub(f"font-family:'{FACE}'", svg)
    return svg.replace("<svg ", f'<svg font-family="{FACE}" ', 1).encode()


def bitmap(image: Element, name: str, page: Path) -> Picture:
    """The picture of an ``img``, from its own data or from the site's files.

    Args:
        image: The element.
        name: The file's name, without the extension.
        page: The page's file, which relative addresses start from.
    """
    source = image.get("src") or ""
    if source.startswith("data:"):
        head, _, content = source.partition(",")
        data, kind = base64.b64decode(content), head.removeprefix("data:image/").partition(";")[0]
    else:
        path = page.parent / unquote(urlsplit(source).path)
        if not path.is_file():
            raise TfnotesError(f"{page}: no picture {source}; build the site again")
        data, kind = path.read_bytes(), path.suffix.lstrip(".")
    width, height = picture_size(data[:64])
    if not width:
        raise TfnotesError(f"{page}: cannot tell the size of {name}.{kind}")
    if kind == "webp":
        data, kind = _jpeg(data), "jpg"
    # The site shows them at their size in pixels, of which 96 make an inch.
    shown = float(image.get("width") or width)
    return Picture(f"{name}.{kind}", data, shown * 0.75, shown * 0.75 * height / width)


def _jpeg(webp: bytes) -> bytes:
    """A picture as every reader of EPUB knows it; Typst would put a WebP into a PDF unpacked."""
    from PIL import Image

    content = io.BytesIO()
    image = Image.open(io.BytesIO(webp))
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image if image.mode == "RGBA" else None)
    flat.save(content, "JPEG", quality=80, optimize=True, progressive=True)
    return content.getvalue()
