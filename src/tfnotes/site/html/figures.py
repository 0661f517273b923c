"""Figures: an SVG from a record made fit to stand inside a page.

Inline SVG takes the page's fonts and, through ``currentColor``, its palette. Inside a page an SVG
must not do three things that it may do in a file of its own: share ids with another figure, style
the rest of the page, and run scripts.
"""

import base64
import re
from html import escape
from xml.etree import ElementTree

from tfnotes.core.errors import TfnotesError

_SVG = "http://www.w3.org/2000/svg"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_DROPPED = {"script", "foreignObject", "metadata", "style", "a", "iframe"}
_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_GEOMETRY = {"d", "points", "transform", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r"}
_LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}(?!\d|e)")
READABLE = 9.1
"""Pixels that letters must have on a phone: 9, and what rounding takes."""
_FONT_SIZE = re.compile(r"(?:font-size\s*:\s*|font\s*:[^;]*?)([\d.]+)(?:px|pt)")
_INK = {"#000", "#000000", "black"}
_COLOUR = re.compile(r"(?P<what>\b(?:fill|stroke)\s*:\s*)(?P<value>#[0-9a-fA-F]{3,6}|black)\b")

ElementTree.register_namespace("", _SVG)


def inline_svg(svg: str, prefix: str, label: str) -> str:
    """Turns a stand-alone SVG into one that can stand in a page.

    Args:
        svg: The file's text.
        prefix: What makes the ids unique on the page.
        label: The text alternative.

    Returns:
        An ``<svg>`` element.

    Raises:
        TfnotesError: The text is no SVG.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise TfnotesError(
            f"figure {prefix}: not well-formed SVG ({error}); record it again"
        ) from None
    if _name(root) != "svg":
        raise TfnotesError(f"figure {prefix}: <{_name(root)}> is no SVG; record it again")
    _drop(root)
    for element in root.iter():
        _squeeze(element)
        for attribute, value in list(element.attrib.items()):
            _mend(element, attribute, value, prefix)
    _name_once(root)
    width, height = _size(root)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("viewBox", root.get("viewBox", f"0 0 {width:g} {height:g}"))
    # In pixels at the size that matplotlib means: 72 points an inch, 96 pixels an inch.
    style = f"width:{width * 96 / 72:.0f}px"
    if smallest := _smallest_text(root):
        # On a phone it shrinks until its smallest letters are READABLE pixels high, no further.
        style += f";--tf-least:{width * READABLE / smallest:.0f}px"
    root.set("style", style)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("class", "tf-svg")
    return ElementTree.tostring(root, encoding="unicode")


def _smallest_text(root: ElementTree.Element) -> float:
    """The size of a drawing's smallest letters, in its own units; 0 where it has none."""
    sizes = []
    for element in root.iter():
        if _name(element) in ("text", "tspan") and "".join(element.itertext()).strip():
            found = _FONT_SIZE.search(element.get("style", ""))
            value = found[1] if found else element.get("font-size", "").removesuffix("px")
            if value:
                sizes.append(float(value) * _shrunk(element))
    return min(sizes, default=0.0)


def _shrunk(element: ElementTree.Element) -> float:
    """The factor of a text's own ``scale``; matplotlib writes none, other drawings may."""
    found = re.search(r"scale\(\s*([\d.]+)", element.get("transform", ""))
    return float(found[1]) if found else 1.0


def _name_once(root: ElementTree.Element) -> None:
    """Keeps the first of equal ids: matplotlib names an image after its pixels, two alike alike."""
    seen: set[str] = set()
    for element in root.iter():
        name = element.get("id")
        if name in seen:
            del element.attrib["id"]
        elif name is not None:
            seen.add(name)


def inline_picture(data: str, mime: str, label: str) -> str:
    """An ``<img>`` that carries its picture; `tfnotes.parts.pictures` makes large ones files.

    Args:
        data: The picture in base64.
        mime: ``image/webp`` or ``image/png``.
        label: The text alternative.
    """
    content = "".join(data.split())
    width, height = picture_size(base64.b64decode(content[:64] + "=" * (-len(content[:64]) % 4)))
    size = f' width="{width}" height="{height}"' if width else ""
    return f'<img src="data:{mime};base64,{content}" alt="{escape(label)}"{size} decoding="async">'


def picture_size(head: bytes) -> tuple[int, int]:
    """Width and height from the first bytes of a PNG or WebP, ``(0, 0)`` if they do not tell."""
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head[8:16] == b"WEBPVP8X":
        return (
            int.from_bytes(head[24:27], "little") + 1,
            int.from_bytes(head[27:30], "little") + 1,
        )
    if head[8:16] == b"WEBPVP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[8:16] == b"WEBPVP8 ":
        return (
            int.from_bytes(head[26:28], "little") & 0x3FFF,
            int.from_bytes(head[28:30], "little") & 0x3FFF,
        )
    return 0, 0


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _drop(element: ElementTree.Element) -> None:
    """Removes what a figure in a page must not contain; keeps the text order of the rest."""
    for child in list(element):
        if _name(child) in _DROPPED:
            element.remove(child)
        else:
            _drop(child)


def _squeeze(element: ElementTree.Element) -> None:
    """Takes out what nobody sees: indentation, and digits beyond a hundredth of a point."""
    if element.text and "\n" in element.text and not element.text.strip():
        element.text = None
    if element.tail and "\n" in element.tail and not element.tail.strip():
        element.tail = None
    for attribute, value in element.attrib.items():
        if attribute in _GEOMETRY:
            element.set(attribute, _LONG_NUMBER.sub(lambda m: f"{float(m[0]):.2f}", value))


def _mend(element: ElementTree.Element, attribute: str, value: str, prefix: str) -> None:
    name = attribute.rpartition("}")[2].lower()
    if name.startswith("on"):
        del element.attrib[attribute]
    elif attribute == "id":
        element.set(attribute, f"{prefix}-{value}")
    elif attribute in _HREFS:
        # Only references within the figure; xlink is not needed by any browser of today.
        del element.attrib[attribute]
        if value.startswith("#"):
            element.set("href", f"#{prefix}-{value[1:]}")
        elif value.startswith(("data:image/png", "data:image/webp", "data:image/jpeg")):
            element.set("href", value)
    elif attribute in ("fill", "stroke") and value.lower() in _INK:
        element.set(attribute, "currentColor")
    else:
        value = _URL.sub(lambda m: f"url(#{prefix}-{m[1]})", value)
        element.set(attribute, _COLOUR.sub(_ink, value) if attribute == "style" else value)


def _ink(match: re.Match[str]) -> str:
    """Black in a figure means ink: on a dark page it is light."""
    return match["what"] + "currentColor" if match["value"].lower() in _INK else match[0]


def _size(root: ElementTree.Element) -> tuple[float, float]:
    """Width and height in points; matplotlib's own default where the SVG does not say."""
    box = root.get("viewBox", "").replace(",", " ").split()
    fallback = (box[2], box[3]) if len(box) == 4 else ("460.8", "345.6")
    sizes = [re.match(r"[\d.]+(?=p[tx]$|$)", root.get(name, "")) for name in ("width", "height")]
    width, height = (
        float(match.group() if match else default)
        for match, default in zip(sizes, fallback, strict=True)
    )
    return width, height
