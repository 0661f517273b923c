import base64

import pytest
from checkout import fences, write_page
from pages import SVG, error, record, stream, value

from tfnotes.core.errors import TfnotesError
from tfnotes.site.html.figures import inline_picture, inline_svg, picture_size
from tfnotes.site.html.render import LONG, clean_text, render_outputs

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAEklEQVR42mNk+M9QzwAEjDAGACCDAvDh1m7BAAAA"
    "AElFTkSuQmCC"
)


@pytest.fixture
def block(project):
    return write_page(project, "a/b", fences("print(1)")).running[0]


def html(block, *outputs, language="en", real=None, **more):
    return render_outputs(block, record(block, *outputs, **more), real, language)


def with_options(project, options):
    return write_page(project, "a/b", fences(f"[{options}]\nprint(1)")).running[0]


def test_what_a_block_prints_is_text(block):
    shown = html(block, stream("<script>alert(1)</script> & <b>bold</b>\n"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold" in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("\x1b[31mred\x1b[0m\n", "red\n"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("1/3\r2/3\r3/3\nnext\r\n", "3/3\nnext\n"),
        ("a\x02wzxhzdk:0\x03b\x00c\x07", "awzxhzdk:0bc"),
        ("tab\tstays\n", "tab\tstays\n"),
    ],
)
def test_text_is_what_a_terminal_would_leave(printed, kept):
    assert clean_text(printed) == kept


def test_an_error_is_its_type_and_first_line(block):
    shown = html(block, error("ValueError", "a < b\nCall stack: …"))
    assert "<b>ValueError</b>: a &lt; b\n</code>" in shown
    assert "Call stack" not in shown


def test_a_first_sentence_wrapped_by_hand_is_whole(block):
    told = "Object was created by passing\nnon-serializable arguments.\nSo there\n\nexample:"
    assert "passing non-serializable arguments.\n</code>" in html(block, error("ValueError", told))


def test_an_error_without_a_message(block):
    assert "<b>KeyError</b>\n</code>" in html(block, error("KeyError", ""))


def test_writes_to_one_stream_are_one_text(block):
    shown = html(block, stream("a"), stream("b\n"), stream("c", "stderr"), stream("d\n"))
    assert [part.split("<")[0] for part in shown.split("<code>")[1:]] == ["ab\n", "c\n", "d\n"]


def test_a_long_text_is_marked_for_folding(block):
    short, long = "x\n" * LONG, "x\n" * (LONG + 1)
    assert "tf-long" not in html(block, stream(short))
    assert f'tf-long" data-lines="{LONG + 1}"' in html(block, stream(long))


def test_a_sentence_is_wrapped_and_a_table_is_not(block):
    assert "tf-wide" in html(block, stream("w" * 121))
    assert "tf-wide" not in html(block, stream("1 2 3\n" * 20))


def test_nothing_printed_shows_nothing(block):
    assert html(block) == ""
    assert html(block, stream("\n")) == ""


def test_the_badge_names_date_versions_device_and_data(block):
    data = [{"name": "mnist", "origin": "stand-in", "note": "8x8 <digits>"}]
    english = html(block, stream("1\n"), data=data)
    assert (
        "<span>2026-11-21</span><span>TensorFlow 2.21.0</span><span>Keras 3.15.1</span>" in english
    )
    assert "<span>CPU</span>" in english
    assert 'tf-data-stand-in" title="8x8 &lt;digits&gt;">stand-in data: mnist<' in english
    assert ">替身数据：mnist<" in html(block, stream("1\n"), data=data, language="zh")
    real = [{"name": "mnist", "origin": "real"}]
    assert 'tf-data-real">real data: mnist<' in html(block, stream("1\n"), data=real)


def test_an_output_that_is_not_compared_says_why(project):
    block = with_options(project, 'check="no" why="the clock <runs>"')
    assert "Output not compared: the clock &lt;runs&gt;" in html(block, stream("1\n"))


def test_predict_first(project):
    block = with_options(project, 'output="fold"')
    assert html(block, stream("1\n")).startswith(
        '<details class="tf-out tf-predict"><summary>Predict, then look</summary>'
    )
    assert "<summary>先想一想，再展开</summary>" in html(block, stream("1\n"), language="zh")


def test_hidden_output(project):
    assert html(with_options(project, 'output="hide"'), stream("1\n")) == ""


def test_real_data_comes_first_and_the_stand_in_is_folded(block):
    data = [{"name": "mnist", "origin": "real"}]
    real = record(block, stream("0.98\n"), data=data)
    shown = html(block, stream("0.75\n"), real=real)
    assert shown.index("0.98") < shown.index('<details class="tf-stand-in">') < shown.index("0.75")


def test_html_of_a_value_is_sanitised(block):
    table = (
        '<style>td{color:red}</style><table border="1" onclick="x()"><tr><td colspan="2">1</td>'
        '</tr></table><script>alert(1)</script><img src="https://example.org/x.png">'
    )
    shown = html(block, value(text_html=table, text_plain="plain"))
    assert '<td colspan="2">1</td>' in shown
    for bad in ("<style", "<script", "onclick", "<img", "example.org", "alert", "color:red"):
        assert bad not in shown
    assert "plain" not in shown


def test_a_header_that_heads_nothing_is_a_cell(block):
    shown = html(block, value(text_html="<table><tr><th></th><th>a</th></tr></table>"))
    assert "<td></td><th>a</th>" in shown


def test_a_figure_is_inline_with_its_text_alternative(project):
    block = with_options(project, 'alt="A line, &quot;up&quot;"')
    shown = html(block, value(svg=SVG, text_plain="<Figure>"))
    assert 'role="img"' in shown
    assert "&lt;Figure" not in shown
    assert "aria-label=" in shown


def test_svg_shares_no_ids_styles_or_scripts():
    svg = inline_svg(SVG, "f1", 'a "label" <x>')
    assert 'id="f1-m"' in svg
    assert 'href="#f1-m"' in svg
    assert 'clip-path="url(#f1-c)"' in svg
    assert 'aria-label="a &quot;label&quot; &lt;x&gt;"' in svg
    assert "width:96px" in svg  # 72 points
    assert "fill: currentColor" in svg
    for bad in ("<style", "<script", "alert", "onclick", "xlink", "<?xml", "<!DOCTYPE"):
        assert bad not in svg


def test_two_equal_pictures_in_a_figure_do_not_share_an_id():
    picture = '<image id="image70" width="1" height="1"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">{picture * 2}</svg>'
    inlined = inline_svg(svg, "f1", "x")
    assert inlined.count("<image") == 2
    assert inlined.count("id=") == 1


def test_svg_asks_nobody_for_pictures():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://example.org/x.png"/></svg>'
    assert "example.org" not in inline_svg(svg, "f", "x")


@pytest.mark.parametrize("text", ["<svg", "<html></html>"])
def test_what_is_no_svg_is_refused(text):
    with pytest.raises(TfnotesError, match=r"figure f1: .*; record it again"):
        inline_svg(text, "f1", "x")


def test_a_picture_is_a_data_address_with_its_size():
    shown = inline_picture(base64.b64encode(PNG).decode(), "image/png", "a <b>")
    assert shown.startswith('<img src="data:image/png;base64,')
    assert 'alt="a &lt;b&gt;" width="2" height="3"' in shown


def test_sizes_of_webp():
    extended = (
        b"RIFF....WEBPVP8X" + b"\0" * 8 + (9).to_bytes(3, "little") + (4).to_bytes(3, "little")
    )
    assert picture_size(extended) == (10, 5)
    bits = 9 | 4 << 14
    assert picture_size(b"RIFF....WEBPVP8L....\x2f" + bits.to_bytes(4, "little")) == (10, 5)
    assert picture_size(b"GIF89a") == (0, 0)
