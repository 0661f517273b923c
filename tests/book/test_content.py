"""What the site shows is in the book: every block, every output, every picture, every row."""

import pytest

pytest.importorskip("typst", reason='books are made with the extra "book": pip install ".[book]"')
pytest.importorskip("pypdfium2", reason='PDFs are read with the extra "dev": pip install ".[dev]"')

import re
import unicodedata
import zipfile
from collections import Counter

import pypdfium2
from lxml import etree

from tfnotes.book.book import has_class, text_of
from tfnotes.book.pdf import undrawn
from tfnotes.core.pages import load_page
from tfnotes.core.records import Store
from tfnotes.ledger.rows import load_rows
from tfnotes.site.html.render import clean_text

XHTML = "{http://www.w3.org/1999/xhtml}"
_SOFT = dict.fromkeys(map(ord, "\u00ad\u200b\ufffe\x02"))


def squeezed(text: str) -> str:
    """Text without what a line break changes, and without ligatures, which readers of PDF undo."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.translate(_SOFT)))


@pytest.fixture(scope="module")
def printed(made) -> str:
    document = pypdfium2.PdfDocument(made.pdf)
    return squeezed("\n".join(page.get_textpage().get_text_range() for page in document))


@pytest.fixture(scope="module")
def chapters(made) -> dict[str, etree._Element]:
    with zipfile.ZipFile(made.epub) as archive:
        return {
            name: etree.fromstring(archive.read(f"EPUB/{name.replace('/', '-')}.xhtml"))
            for name in made.names
        }


def lines_of(block, store, name) -> list[str]:
    """The lines that the site shows of a block: its code, and what it printed."""
    lines = [] if "hide" in block.options else block.code.split("\n")
    record = store.load(name).get(block.key)
    elsewhere = "timing" in block.options or "needs" in block.options  # captures, not records
    if record is None or elsewhere or block.options.get("output") == "hide":
        return lines
    for output in record.outputs:
        data = output.get("data", {})
        if output["output_type"] == "stream":
            lines += clean_text(output["text"]).split("\n")
        elif output["output_type"] == "error":
            lines.append(output["ename"])
        elif not any(mime.startswith(("image/", "text/html")) for mime in data):
            lines += clean_text(data.get("text/plain", "")).split("\n")
    return lines


def shown(notes, made) -> list[tuple[str, str]]:
    """Each line of code or output that the pages show, with its page."""
    store = Store(notes.outputs)
    found = []
    for name in made.names:
        page = load_page(notes, notes.page_path(made.book.language, name))
        for block in page.blocks:
            found += [(name, line) for line in lines_of(block, store, name) if line.strip()]
    return found


def is_in(text: str, line: str) -> bool:
    """Whether a line is in a text; one that is wrapped may have the end of a page within it."""
    line = squeezed(line)
    cuts = range(30, len(line) - 29) if len(line) > 80 else ()
    return line in text or any(line[:cut] in text and line[cut:] in text for cut in cuts)


def test_every_block_and_every_output_is_in_the_pdf(notes, made, printed):
    marks = {ord(one): f"\\u{ord(one):04x}" for one in undrawn(made.book)}
    lines = shown(notes, made)
    assert len(lines) > 500
    missing = [(n, line) for n, line in lines if not is_in(printed, line.translate(marks))]
    assert missing == []


def test_every_block_and_every_output_is_in_the_epub(notes, made, chapters):
    texts = {name: squeezed("".join(root.itertext())) for name, root in chapters.items()}
    missing = [(n, line) for n, line in shown(notes, made) if squeezed(line) not in texts[n]]
    assert missing == []


def test_every_picture_is_in_the_epub_with_its_alternative(made, chapters):
    for chapter in made.book.chapters:
        images = [one.get("alt") for one in chapter.body.iter("img")]
        root = chapters[chapter.name]
        found = [one.get("alt") for one in root.iter(f"{XHTML}img")]
        found += [one.get("aria-label") for one in root.iter("{http://www.w3.org/2000/svg}svg")]
        assert Counter(found) == Counter(images), chapter.name
        assert all(images), f"{chapter.name}: a picture without an alternative"


def test_every_figure_of_the_records_is_a_picture(notes, made):
    store = Store(notes.outputs)
    for chapter in made.book.chapters:
        page = load_page(notes, notes.page_path(made.book.language, chapter.name))
        records = store.load(chapter.name)
        figures = sum(
            any(mime.startswith("image/") for mime in output.get("data", {}))
            for block in page.blocks
            if block.key in records
            and block.options.get("output") != "hide"
            and "timing" not in block.options
            for output in records[block.key].outputs
        )
        assert sum(1 for _ in chapter.body.iter("img")) >= figures, chapter.name


def test_every_heading_and_paragraph_of_a_page_is_in_the_pdf(made, printed):
    """Prose is compared by its words, since footnote and page numbers stand between them."""
    for chapter in made.book.chapters:
        for block in chapter.body.iter("h2", "h3", "p"):
            for text in block.itertext():
                for word in re.findall(r"[^\W\d_]{4,}", text)[:3]:
                    # A page may end within a word, of which one end is then whole.
                    half = len(word) // 2
                    whole = word[:half] in printed or word[-half:] in printed
                    assert whole, f"{chapter.name}: {word}"


def test_every_solution_has_a_way_there_and_back(made):
    count = 0
    for chapter in made.book.chapters:
        identities = {one.get("id") for one in chapter.body.iter() if one.get("id")}
        ways = [
            one for one in chapter.body.iter("p") if has_class(one, "to-solution", "to-exercise")
        ]
        targets = [way.find("a").get("href").removeprefix("#") for way in ways]
        assert set(targets) <= identities
        there = [way for way in ways if has_class(way, "to-solution")]
        assert len(ways) == 2 * len(there), chapter.name
        assert not list(chapter.body.iter("details", "summary")), "something is still folded"
        count += len(there)
    assert count >= 3


def test_every_row_of_the_ledger_is_there(made):
    identities = {one.get("id") for chapter in made.book.chapters for one in chapter.body.iter()}
    missing = [
        row.id
        for row in load_rows()
        if not any((name or "").endswith(f"--{row.id}") for name in identities)
    ]
    assert missing == []


def test_the_index_has_the_glossary_s_terms_where_they_stand(made):
    terms = {term.text: term for term in made.book.terms}
    name = "广播" if made.book.language == "zh" else "broadcasting"
    assert terms[name].main == "tensors-operations"
    places = {one.get("id"): one for chapter in made.book.chapters for one in chapter.body.iter()}
    marks = [place for term in terms.values() for place in term.places]
    assert len(marks) == len(set(marks)) > 50
    assert all(name in text_of(places[place].getparent()).lower() for place in terms[name].places)
    keys = [term.key for term in made.book.terms]
    assert keys == sorted(keys)
