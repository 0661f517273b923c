"""A chapter as Typst markup. How things look is `book.typ`'s; this says only what they are.

Typst has no importer for HTML, and pandoc's writer would flatten what this book is about, a block
and its output as one thing. What is left is a few elements, each a call of a function there;
they are in one module because each may hold any other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tfnotes.book.book import Book, Chapter, Element, has_class, text_of
from tfnotes.book.markup import (
    SPACE,
    boolean,
    columns,
    escape,
    inline_code,
    pieces_of,
    string,
    tokens,
    wrap,
)

CODE_SIZE = 7.6
"""Points of the letters of code; a wide block is set smaller, down to `SMALLEST`."""
SMALLEST = 6.7
CELL_SIZE = 6.2
"""Points of the letters of code in a table."""
_CELL_WIDTH = 188.0
_FULL_WIDTH = 408.0
"""Points that a line of code may take."""
_LETTER = 0.603
"""Width of a letter of the code's face, in its size."""
_SHORT = 16
"""A block of so many lines, output and figures counted, is not broken over two pages."""
_HELD = 22
"""Code of fewer lines stays with what follows it, its output above all."""
_WRAPPERS = {"em": "emph", "i": "emph", "strong": "strong", "b": "strong", "kbd": "kbd"}
_WRAPPERS |= {"sup": "super", "sub": "sub", "small": "small", "del": "strike"}
_HEADINGS = {"h2": 3, "h3": 4, "h4": 5, "h5": 6, "h6": 6}


@dataclass
class _State:
    """What a writer must remember within a chapter."""

    urls: set[str] = field(default_factory=set)
    """Addresses that have their footnote."""
    quiet: int = 0
    """Within so many elements that can have no footnote."""


class Writer:
    """Writes chapters.

    Args:
        book: The book.
        formulas: Typst's form of each formula, by its TeX and whether it is displayed.
        undrawn: Characters that no font has; they are written by their number.
        alts: Whether a label exists, for links.
    """

    def __init__(
        self, book: Book, formulas: Mapping[tuple[str, bool], str], undrawn: Collection[str] = ()
    ) -> None:
        self.book = book
        self._undrawn = {ord(one): f"\\u{ord(one):04x}" for one in undrawn}
        self.formulas = formulas
        self.labels = {chapter.slug for chapter in book.chapters}
        for chapter in book.chapters:
            self.labels |= {e.get("id") for e in chapter.body.iter() if e.get("id") is not None}
        self.state = _State()

    def chapter(self, chapter: Chapter) -> str:
        """The markup of a chapter."""
        self.state = _State()
        self.state.quiet = 1
        title = self.inline(chapter.title)
        self.state.quiet = 0
        number = str(chapter.number) if chapter.number else ""
        head = f"#chapter({string(number)}, [{title}], {string(chapter.short or text_of(chapter.title))}, {string(chapter.slug)})\n\n"
        return head + self.blocks(chapter.body)

    def text(self, text: str | None) -> str:
        """Loose text as markup."""
        return escape(self.drawn(text or ""))

    def drawn(self, text: str) -> str:
        """Text with what no font has written by its number, as Python writes it."""
        return text.translate(self._undrawn)

    # --- blocks -----------------------------------------------------------------------------

    def blocks(self, parent: Element) -> str:
        """The markup of block elements, and of loose text between them as a paragraph."""
        parts: list[str] = []
        loose: list[str] = [self.text(parent.text)]
        for child in parent:
            if not isinstance(child.tag, str):
                continue
            block = self.block(child)
            if block is None:
                loose.append(self.inline_one(child))
            else:
                parts += [_paragraph(loose), block]
                loose = []
            loose.append(self.text(child.tail))
        parts.append(_paragraph(loose))
        return "".join(parts)

    def block(self, element: Element) -> str | None:
        """The markup of an element; None if it is no block."""
        tag = element.tag
        label = self.label(element)
        if tag == "p":
            return self.paragraph(element, label)
        if tag in _HEADINGS:
            self.state.quiet += 1
            text = self.inline(element).strip()
            self.state.quiet -= 1
            return f"#heading(level: {_HEADINGS[tag]})[{text}]{label}\n\n"
        if tag == "pre":
            return label + self.code(element, bare=element.getparent().tag != "td")
        if tag in ("ul", "ol"):
            return label + self.list(element)
        if tag == "table":
            return label + self.table(element)
        if tag == "dl":
            return label + self.definitions(element)
        if tag == "figure":
            return label + self.figure(element)
        if tag == "img" and element.get("data-picture"):
            return label + self.picture(element)
        if tag == "math" and element.get("display") == "block":
            return self.formula(element) + "\n\n"
        if tag == "aside":
            return label + self.admonition(element)
        if tag == "blockquote":
            return f"{label}#quote(block: true)[{self.blocks(element)}]\n\n"
        if tag == "hr":
            return "#rule()\n\n"
        if tag == "section" and has_class(element, "solutions"):
            return self.blocks(element)
        if tag == "div":
            return label + self.box(element)
        return None

    def box(self, element: Element) -> str:
        """A ``div``: a block with its output, or a lesser box."""
        inner = self.blocks(element)
        if has_class(element, "cell"):
            return f"#cell(keep: {boolean(_lines(element, self.book) <= _SHORT)})[\n{inner}]\n\n"
        for name in ("stand-in", "missing", "releases", "solution"):
            if has_class(element, name):
                return f"#{name}[\n{inner}]\n\n"
        return inner

    def paragraph(self, element: Element, label: str) -> str:
        """A paragraph, or one of the lines that have a class."""
        text = self.inline(element).strip()
        kind = (element.get("class") or "").split()
        if kind and kind[0] in ("label", "note", "to-solution", "to-exercise", "said"):
            name = {"label": "label-line"}.get(kind[0], kind[0])
            return f"{label}#{name}[{text}]\n\n"
        return f"{text}{label}\n\n"

    def code(self, element: Element, bare: bool = False) -> str:
        """A block of code or of output; one that stands bare in the text gets its own frame."""
        if bare and not has_class(element.getparent(), "cell", "stand-in"):
            keep = boolean(text_of(element).count("\n") < _SHORT)
            return f"#cell(keep: {keep})[\n{self.code(element)}]\n\n"
        text = text_of(element)
        width = max(map(columns, text.split("\n")), default=0)
        room = _FULL_WIDTH
        if element.getparent().tag == "td":
            room, size = _CELL_WIDTH, CELL_SIZE
        else:
            size = min(CODE_SIZE, max(SMALLEST, room / _LETTER / max(width, 1)))
        text = wrap(self.drawn(text), int(room / _LETTER / size))
        if has_class(element, "code"):
            marks = "".join(
                f"{mark}, " for mark in (element.get("data-marks") or "").split(",") if mark
            )
            lines = ""
            if text == self.drawn(text_of(element)):
                lines = "".join(f"({pieces_of(line)})," for line in tokens(element, self.drawn))
            return (
                f"#code({string(text)}, size: {size:.2f}pt, "
                f"title: {string(element.get('data-title') or '')}, marks: ({marks}), "
                f"hold: {boolean(text.count(chr(10)) < _HELD)}, lines: ({lines}))\n"
            )
        kind = (element.get("class") or "out stdout").split()[-1]
        bold = element.find("b")
        name = text_of(bold) if kind == "error" and bold is not None else ""
        return f"#out({string(text)}, kind: {string(kind)}, size: {size:.2f}pt, name: {string(name)})\n"

    def list(self, element: Element) -> str:
        """A list; its items are blocks."""
        items = "".join(
            f"[{self.label(item)}{self.blocks(item).strip()}]," for item in element.findall("li")
        )
        kind = "enum" if element.tag == "ol" else "list"
        return f"#{kind}({items})\n\n"

    def definitions(self, element: Element) -> str:
        """A list of terms."""
        parts = []
        for child in element:
            if child.tag == "dt":
                parts.append(f"#label-line[{self.inline(child).strip()}]\n")
            elif child.tag == "dd":
                parts.append(f"#pad(left: 1.2em)[{self.blocks(child).strip()}]\n")
        return "".join(parts) + "\n"

    def figure(self, element: Element) -> str:
        """A figure: caption above, as on the site."""
        parts = []
        for child in element:
            if child.tag == "figcaption":
                parts.append(f"#caption[{self.inline(child).strip()}]\n")
            else:
                parts.append(self.block(child) or self.inline_one(child))
        inner = "".join(parts)
        framed = any(has_class(one, "cell") for one in element.iterancestors("div"))
        return inner if framed else f"#plate[\n{inner}]\n\n"

    def picture(self, element: Element) -> str:
        """A picture at the size that it is meant to have, or what fits."""
        picture = self.book.pictures[element.get("data-picture")]
        alt = SPACE.sub(" ", element.get("alt") or "")
        return (
            f"#picture({string('pictures/' + picture.name)}, {string(alt)}, "
            f"{picture.width:.1f}pt, {picture.height:.1f}pt)\n"
        )

    def admonition(self, element: Element) -> str:
        """A box beside the text, with its title."""
        title = next((p for p in element.findall("p") if has_class(p, "admonition-title")), None)
        head = self.inline(title).strip() if title is not None else ""
        if title is not None:
            element = _without(element, title)
        kind = "then-now" if has_class(element, "then-now") else "note"
        return f"#admonition({string(kind)}, [{head}])[\n{self.blocks(element)}]\n\n"

    def table(self, element: Element) -> str:
        """A table, with widths by what the columns hold."""
        rows = list(element.iter("tr"))
        heads = [row for row in rows if row.getparent().tag == "thead"]
        count = max((sum(_span(cell) for cell in row) for row in rows), default=1)
        ledger = has_class(element, "ledger")
        widths = "1fr, 1fr" if ledger else _widths(rows, count)
        parts = []
        caption = element.find("caption")
        if caption is not None:
            parts.append(f"#caption[{self.inline(caption).strip()}]\n")
        body = []
        for row in rows:
            cells = []
            for cell in row:
                text = self.blocks(cell).strip()
                spans = [
                    f"{a}: {n}" for a in ("colspan", "rowspan") if (n := cell.get(a)) and n != "1"
                ]
                head = "strong" if cell.tag == "th" else ""
                text = f"#th[{text}]" if head else text
                place = self.label(row) if cell is row[0] else ""
                spans += [f"align: {a}" for a in ("right", "center") if has_class(cell, a)]
                cells.append(f"table.cell({', '.join(spans)})[{place}{text}]")
            line = ", ".join(cells)
            body.append(f"table.header({line})" if row in heads and row is heads[0] else line)
        kind = "ledger" if ledger else "plain"
        parts.append(f"#grid-table({string(kind)}, ({widths},), {', '.join(body)})\n\n")
        return "".join(parts)

    # --- inline -----------------------------------------------------------------------------

    def inline(self, parent: Element) -> str:
        """The markup of text with what stands in it."""
        parts = [self.text(parent.text)]
        for child in parent:
            if isinstance(child.tag, str):
                parts.append(self.inline_one(child))
            parts.append(self.text(child.tail))
        return "".join(parts)

    def inline_one(self, element: Element) -> str:
        """The markup of one element within text."""
        tag, label = element.tag, self.label(element)
        if tag == "code":
            return label + inline_code(self.drawn(text_of(element)))
        if tag == "a":
            return label + self.link(element)
        if tag == "br":
            return " \\\n"
        if tag == "math":
            return self.formula(element)
        if tag == "img":
            return self.picture(element) if element.get("data-picture") else ""
        if has_class(element, "footnote"):
            self.state.quiet += 1
            text = self.inline(element).strip()
            self.state.quiet -= 1
            return f"#footnote[{text}]"
        if has_class(element, "outcome"):
            return f"#outcome({string(element.get('class').split()[-1])})[{self.inline(element)}]"
        if tag in _WRAPPERS and text_of(element).strip():
            return f"{label}#{_WRAPPERS[tag]}[{self.inline(element)}]"
        return label + self.inline(element)

    def link(self, element: Element) -> str:
        """A link: within the book with the page it leads to, on the web with a footnote."""
        href = element.get("href") or ""
        text = self.inline(element)
        if href.startswith("#"):
            target = href[1:]
            if target not in self.labels or not text.strip():
                return text
            return f"#ref-page({string(target)})[{text}]"
        if not href:
            return text
        shown = href.removeprefix("https://").removeprefix("http://")
        if self.state.quiet or href in self.state.urls or text_of(element).strip() in (href, shown):
            return f"#link({string(href)})[{text}]"
        self.state.urls.add(href)
        return f"#web({string(href)}, {string(shown)})[{text}]"

    def formula(self, element: Element) -> str:
        """A formula, as pandoc wrote it for Typst, with its TeX for who listens."""
        tex, block = element.get("data-tex"), element.get("display") == "block"
        body = self.formulas[(tex, block)]
        return f"#math.equation(block: {boolean(block)}, alt: {string(tex)}, ${body}$)"

    def label(self, element: Element) -> str:
        """The label of an element that has an identity."""
        identity = element.get("id")
        return (
            f"#anchor({string(identity)})"
            if identity and element.tag not in _HEADINGS
            else (f" #label({string(identity)})" if identity else "")
        )


def _paragraph(parts: list[str]) -> str:
    text = "".join(parts).strip()
    return f"{text}\n\n" if text else ""


def _without(element: Element, child: Element) -> Element:
    """An element without one of its children."""
    element.remove(child)
    return element


def _lines(cell: Element, book: Book) -> int:
    """About how many lines of code a cell is tall."""
    count = 0.0
    for part in cell.iter("pre", "img", "tr", "p"):
        if part.tag == "pre":
            count += text_of(part).count("\n") + 2
        elif part.tag == "img" and part.get("data-picture"):
            count += min(book.pictures[part.get("data-picture")].height, 400) / 14
        else:
            count += 1.3
    return int(count)


def _span(cell: Element) -> int:
    return int(cell.get("colspan") or 1)


def _widths(rows: list[Element], count: int) -> str:
    """The columns' widths: what is short takes its room, the rest is shared by length."""
    longest, total = [1.0] * count, [1.0] * count
    for row in rows:
        place = 0
        for cell in row:
            text = SPACE.sub(" ", text_of(cell)).strip()
            if _span(cell) == 1 and place < count:
                longest[place] = max(longest[place], columns(text))
                total[place] += columns(text)
            place += _span(cell)
    if sum(longest) <= 78:
        return ", ".join(["auto"] * count)
    # Between even shares and shares by length: long columns get more, none too little.
    return ", ".join(
        "auto" if longest[i] <= 12 and count > 2 else f"{max(longest[i], 10) ** 0.6:.2f}fr"
        for i in range(count)
    )
