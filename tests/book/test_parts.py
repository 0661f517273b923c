"""Small pieces: text that stays text, pages numbered aright, one line where something is missing."""

import pytest

pytest.importorskip("typst", reason='books are made with the extra "book": pip install ".[book]"')
pytest.importorskip("pypdfium2", reason='PDFs are read with the extra "dev": pip install ".[dev]"')

import re

import pypdfium2
import typst as engine
from lxml import html
from typer.testing import CliRunner

from tfnotes.book import command, pdf
from tfnotes.book.links import name_anchors
from tfnotes.book.markup import columns, escape, inline_code, string, tokens, wrap
from tfnotes.book.page import read_page
from tfnotes.book.pieces import settle
from tfnotes.book.solutions import collect_solutions
from tfnotes.core.errors import TfnotesError

PUNCTUATION = "a!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~b"


def body(text: str):
    return html.fragment_fromstring(text, create_parent="div")


def set_text(markup: str) -> str:
    content = engine.compile(f"#set page(width: 60cm)\n{markup}".encode(), format="pdf")
    page = pypdfium2.PdfDocument(content)[0]
    return page.get_textpage().get_text_range().strip()


@pytest.mark.parametrize(
    "text",
    [
        PUNCTUATION,
        "1. no list",
        "- none either",
        "= no heading",
        "// no comment, /* nor this */",
        "https://no.link",
        "a -- b --- c ... d",
        "\\u9fff and \\\\u9fff and \\n",
        "@nobody <nowhere> $no$ #no() \\u{41}",
    ],
)
def test_text_stays_that_text(text):
    assert set_text(escape(text)) == text
    assert set_text(f"#raw({string(text)})").replace("\r\n", "") == text
    assert set_text(f"#emph[x]{escape(text)}").replace("\r\n", "") == f"x{text}"


def test_code_in_a_line_stays_that_code_and_may_break():
    name = "tf.keras.layers.MultiHeadAttention(num_heads=2)"
    markup = inline_code(name)
    assert set_text(markup) == name
    narrow = set_text(f"#block(width: 3cm)[{markup}]").split()
    assert len(narrow) >= 3 and "".join(narrow) == name


@pytest.mark.parametrize("width", [20, 40])
def test_wrapped_code_loses_nothing(width):
    text = "short\n    " + "long_name(argument, another) + " * 6 + "中文" * 10
    wrapped = wrap(text, width)
    assert max(map(columns, wrapped.split("\n"))) <= width
    assert re.sub(r"\s", "", wrapped) == re.sub(r"\s", "", text)


def test_tokens_keep_every_letter_of_the_code():
    block = body(
        '<pre><span class="kn">import</span> <span class="nn">a</span>\n<span class="c1"># b</span></pre>'
    )[0]
    lines = tokens(block, lambda text: text)
    assert lines == [[("k", "import "), ("", "a")], [("c", "# b")]]


def test_a_block_and_its_output_are_one_cell():
    text = body(
        '<div class="tf-block"><div class="language-python highlight"><span class="filename">a.py</span>'
        '<pre><span></span><code>x\n<span class="hll">y\n</span>z\n</code></pre></div>'
        '<div class="tf-out"><div class="tf-text tf-stdout"><pre><code>1\n</code></pre></div>'
        '<p class="tf-badge"><span>2026-11-21</span><span>TensorFlow 2.21.0</span><span>CPU</span>'
        '<span><span class="tf-data tf-data-real">real data: iris</span></span></p></div></div>'
    )
    facts = settle(text, "en")
    (cell,) = text
    assert cell.get("class") == "cell"
    assert [one.get("class") for one in cell] == ["code", "out stdout", "note"]
    assert (cell[0].get("data-title"), cell[0].get("data-marks")) == ("a.py", "2")
    assert cell[0].text_content() == "x\ny\nz"
    assert cell[2].text_content() == "real data: iris"
    assert facts == {"2026-11-21", "TensorFlow 2.21.0", "CPU"}


def test_what_folds_code_stands_open_and_what_asks_to_predict_says_so():
    text = body(
        '<div class="tf-block"><details class="tf-code"><summary>Code</summary><p>a</p></details>'
        '<details class="tf-out tf-predict"><summary>Guess, then unfold</summary><p>b</p></details></div>'
    )
    settle(text, "en")
    assert [(one.get("class"), one.text) for one in text[0]] == [
        (None, "a"),
        ("label", "Predict, then look"),
        (None, "b"),
    ]


def test_a_solution_has_the_number_of_its_exercise():
    text = body(
        "<p><strong>2.</strong> Why?</p>"
        '<details class="success"><summary>Solution</summary><p>Because.</p></details>'
    )
    assert collect_solutions(text, "a/b", "en") == 1
    assert text[1].text_content() == "Solution 2"
    assert text[1][0].get("href") == "#a-b--solution-1"
    section = text[-1]
    assert [one.text_content() for one in section.iter("h2", "h3")] == ["Solutions", "Solution 2"]
    assert section[-1][-1][0].get("href") == "#a-b--exercise-1"


@pytest.mark.parametrize(
    ("number", "zh", "en"), [(4, "四", "IV"), (10, "十", "X"), (14, "十四", "XIV")]
)
def test_parts_are_numbered_as_one_reads_them(number, zh, en):
    assert pdf._numeral(number, "zh") == zh
    assert pdf._numeral(number, "en") == en


def test_a_missing_font_is_one_line(monkeypatch):
    monkeypatch.setattr(pdf, "FONTS", ("No Such Face",))
    with pytest.raises(
        TfnotesError, match=r"^the book needs the fonts No Such Face; .*fonts-noto-cjk"
    ):
        pdf.need_fonts()


def test_a_page_that_is_not_built_is_one_line(tmp_path):
    with pytest.raises(TfnotesError, match="not built; run tfnotes build first"):
        read_page(tmp_path / "index.html", "a/b")


def test_a_formula_that_pandoc_does_not_know_is_named():
    from tfnotes.book.formulas import translate

    assert translate([("x^2", False)]) == {("x^2", False): "x^2"}
    with pytest.raises(TfnotesError, match=r"\\nosuchthing"):
        translate([(r"\nosuchthing{x}", False)])


HOME = "<p>a</p><!-- books --><!-- /books --><p>b</p>"


def test_home_names_the_books_with_size_and_date_and_only_once(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    (tmp_path / "downloads").mkdir()
    (tmp_path / "en").mkdir()
    home = tmp_path / "en" / "index.html"
    home.write_text(HOME)
    command.tell_home(tmp_path, "en")
    assert home.read_text() == HOME, "nothing was made, so nothing is named"
    (tmp_path / "downloads" / "tfnotes-en.pdf").write_bytes(b"x" * 11_600_000)
    for _ in range(2):
        command.tell_home(tmp_path, "en")
    text = home.read_text()
    assert text.count('href="../downloads/tfnotes-en.pdf"') == 1
    assert "(12 MB, 2027-01-15)" in text
    assert "epub" not in text
    assert text.startswith("<p>a</p><!-- books -->") and text.endswith("<!-- /books --><p>b</p>")


def test_a_book_of_some_pages_leaves_the_whole_one_alone():
    assert command.file_name("en", "pdf") == "tfnotes-en.pdf"
    assert command.file_name("en", "pdf", whole=False) == "tfnotes-en-excerpt.pdf"


def test_the_theme_has_the_place_for_it(notes):
    place = (notes.docs / "theme" / "partials" / "map.html").read_text()
    assert command._START + command._END in place


def test_identities_are_the_chapter_s_own():
    from tfnotes.book.book import Chapter

    chapter = Chapter(
        "a/b", "", 1, body("<h1>t</h1>")[0], body('<p id="x">1</p><p id="x">2</p>'), set()
    )
    assert name_anchors(chapter) == {"x"}
    assert [one.get("id") for one in chapter.body] == ["a-b--x", None]


def test_the_command_knows_its_formats(notes, monkeypatch):
    from tfnotes.cli import app

    monkeypatch.chdir(notes.root)
    done = CliRunner().invoke(app, ["book", "--format", "mobi"])
    assert done.exit_code == 2
    done = CliRunner().invoke(app, ["book", "no/page"])
    assert done.exit_code == 1 and "no/page: no such page" in done.output
