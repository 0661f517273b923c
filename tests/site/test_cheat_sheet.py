"""The cheat sheet: every section leads to chapters, each result stands beside its line, two sheets."""

import re

import pytest

from tfnotes.core.pages import load_page
from tfnotes.core.project import LANGUAGES
from tfnotes.core.records import Store

NAME = "reference/cheat-sheet"
PAPER = 72
"""Characters that a printed line has room for: the code, two spaces, the result."""
CHAPTER = re.compile(r"\]\(\.\./[a-z]+/[\w-]+\.md(?:#[\w-]+)?\)")
languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def page(notes, language):
    return load_page(notes, notes.docs / language / f"{NAME}.md")


@languages
def test_every_block_stands_under_links_to_its_chapters(page):
    sections = re.split(r"^## ", page.text, flags=re.MULTILINE)[1:]
    assert len(sections) > 10
    for section in sections:
        assert CHAPTER.search(section), section.split("\n")[0]
    before = ""
    for piece in re.split(r"^```.*?^```$", page.text, flags=re.MULTILINE | re.DOTALL)[:-1]:
        # What is folded, and made for others to read, goes with the block before it.
        assert CHAPTER.search(piece) or CHAPTER.search(before), piece
        before = piece


@pytest.mark.parametrize("language", LANGUAGES[:1])
def test_a_block_ends_in_the_lines_whose_results_stand_beside_them(notes, page):
    records = Store(notes.root / "outputs").load(NAME)
    for block in page.running:
        outputs = records[block.key].outputs
        if block.raises or "fold" in block.options or not outputs:
            continue
        code, text = block.code.rstrip("\n").split("\n"), "".join(o["text"] for o in outputs)
        results = text.rstrip("\n").split("\n")
        shown = [number for number, line in enumerate(code) if line.startswith("show(")]
        assert shown == list(range(len(code) - len(results), len(code))), block.name
        for line, result in zip(code[-len(results) :], results, strict=True):
            assert len(line) + 2 + len(result) <= PAPER, line
        assert max(map(len, code)) <= PAPER, block.name


BOTTOMS = """() => [...document.querySelectorAll(".tf-block:not(:has(.tf-error))")].map(block => {
  const [code, out] = [".highlight", ".tf-stdout"].map(kind => block.querySelector(kind + " code"));
  if (!code || !out || !out.offsetHeight) return 0;
  const height = element => parseFloat(getComputedStyle(element).lineHeight);
  return Math.abs(code.getBoundingClientRect().bottom - out.getBoundingClientRect().bottom)
    + Math.abs(height(code) - height(out));
})"""


@pytest.mark.browser
@languages
def test_results_stand_at_the_height_of_their_lines(watched, address, language):
    page = watched().page
    page.goto(f"{address}{language}/{NAME}/")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        apart = page.evaluate(BOTTOMS)
        assert len(apart) > 20
        assert max(apart) < 1, media
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 844})
    code, output = page.locator(".tf-block:has(.tf-stdout)").first.locator("pre").all()
    assert code.bounding_box()["y"] < output.bounding_box()["y"], "below it, on a phone"


@pytest.mark.browser
@languages
def test_it_prints_on_two_sheets_of_a4(watched, address, language):
    pdfium = pytest.importorskip("pypdfium2", reason="PDFs are read with the extra dev")
    page = watched().page
    page.goto(f"{address}{language}/{NAME}/")
    document = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(document) == 2
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    text = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert "import keras" in text
    assert "learning_rate=" in text, "down to the last line"
