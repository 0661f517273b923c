"""A page's HTML taken apart for the search: one section a heading, plain text without markup."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from keyword import kwlist

_HEADINGS = ("h1", "h2", "h3")
_BLOCKS = {
    *("p", "li", "td", "th", "tr", "dd", "dt", "div", "pre", "figure", "caption", "summary"),
    *("details", "table", "ul", "ol", "dl", "h4", "h5", "h6", "blockquote", "br", "section"),
}
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}
_SKIPPED = {"script", "style", "svg", "semantics", "button", "template"}
_SPACE = re.compile(r"[^\S\n]+")
_BLANK = re.compile(r" ?\n[ \n]*")
_NAME = re.compile(
    r"(?<![\w.])(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Za-z_]\w+(?=[(=])|[A-Za-z]+_\w+|[A-Z]\w+)"
)
"""Dotted names, what is called, arguments, and names with a shape of their own; not ``x``."""
_COMMON = {*kwlist, "print", "range", "len", "self", "np", "tf", "plt", "int", "str", "list", "zip"}
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_POWER = re.compile(r"\^\{?([0-9+\-n]+)\}?")


@dataclass
class Section:
    """A heading and what stands below it, up to the next."""

    anchor: str
    """The heading's id; empty for the page itself."""
    title: str
    parts: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text, a line a paragraph."""
        return _BLANK.sub("\n", _SPACE.sub(" ", "".join(self.parts))).strip()

    @property
    def names(self) -> str:
        """The names that its code uses, each once: nobody looks for the code between them."""
        found = dict.fromkeys(_NAME.findall("".join(self.code)))
        return " ".join(name for name in found if name not in _COMMON)


def sections(html: str) -> list[Section]:
    """The sections of a page.

    What is marked ``data-search-exclude`` is left out. A heading without an id may name the anchor
    of its section in ``data-anchor``.

    Args:
        html: The page's content, as the theme gets it.

    Returns:
        The sections in their order; the first is the page itself, under its ``h1`` if it has one.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = [Section("", "")]
        self._open: list[tuple[str, bool]] = []
        self._code = 0
        self._skipping = 0
        self._heading: list[str] | None = None
        self._raised = self._formula = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in _VOID:
            self._write("\n" if tag in _BLOCKS else "")
            return
        classes = (attributes.get("class") or "").split()
        skipped = (
            tag in _SKIPPED
            or "data-search-exclude" in attributes
            or attributes.get("aria-hidden") == "true"
            or "headerlink" in classes
        )
        # A formula stands there three times: as HTML, as MathML, and as the TeX that is read here.
        self._formula = tag == "annotation"
        if self._formula:
            self._skipping -= 1
        self._skipping += skipped
        self._open.append((tag, skipped))
        if self._code or "highlight" in classes:
            self._code += 1
        if self._skipping:
            return
        if tag in _HEADINGS:
            self._heading = []
            anchor = attributes.get("data-anchor") or attributes.get("id") or ""
            if tag != "h1":
                self.found.append(Section(anchor, ""))
        elif tag in _BLOCKS:
            self._write("\n")
        self._raised = tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, skipped = self._open.pop()
            if name == "annotation":
                self._skipping += 1
                self._formula = False
            self._skipping -= skipped
            self._code = max(0, self._code - 1)
            if name == tag:
                break
        self._raised = False
        if tag in _HEADINGS and self._heading is not None:
            self.found[-1].title = " ".join("".join(self._heading).split())
            self._heading = None
        elif tag in _BLOCKS:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if self._raised:
            data = data.translate(_RAISED)
        if self._formula:
            data = _plain_tex(data)
        self._write(data)

    def _write(self, text: str) -> None:
        if self._skipping > 0 or not text:
            return
        if self._heading is not None:
            self._heading.append(text)
        elif self._code:
            self.found[-1].code.append(text)
        else:
            self.found[-1].parts.append(text)


def _plain_tex(tex: str) -> str:
    """A formula as one would type it; only a mark in the place of what cannot be typed."""
    text = _POWER.sub(lambda found: found[1].translate(_RAISED), tex)
    return text if len(text) <= 24 and not re.search(r"[\\{}_^]", text) else "…"
