"""Comparison: real changes are found, another machine's rounding is not one."""

import pytest

from tfnotes.core.compare import differences, text_differences
from tfnotes.core.records import Record


def stream(text: str, name: str = "stdout") -> dict:
    return {"output_type": "stream", "name": name, "text": text}


def figure(svg: str, plain: str = "<Figure size 640x320 with 1 Axes>") -> dict:
    data = {"image/svg+xml": svg, "text/plain": plain}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def compare(old: list, new: list, **options) -> list[str]:
    return differences(Record("k", "n", old), Record("k", "n", new), **options)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[[1. 2.]\n [3. 4.]]", "[[1. 2.] [3. 4.]]"),
        ("[ 1.  -2. ]", "[1. -2.]"),
        ("loss: 0.12345", "loss: 0.12351"),
        ("[0.0000000e+00]", "[3.5e-08]"),
        ("accuracy 94.80%", "accuracy 94.81%"),
    ],
)
def test_these_are_equal(old: str, new: str) -> None:
    assert text_differences(old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shape=(2, 3)", "shape=(3, 2)"),
        ("count: 5", "count: 6"),
        ("loss: 0.12", "loss: 0.13"),
        ("tf.float32", "tf.float64"),
        ("version 2.21.0", "version 2.21.1"),
        ("a b", "a b c"),
        ("a b c", "a b"),
        ("[1. 2.]", "[1, 2.]"),
        ("x", ""),
        ("5", "5.5"),
        ("nan", "0.5"),
    ],
)
def test_these_differ(old: str, new: str) -> None:
    assert len(text_differences(old, new)) == 1


def test_tolerance_follows_the_dtype_in_the_text() -> None:
    assert text_differences("dtype=bfloat16 1.00", "dtype=bfloat16 1.01") == []
    assert text_differences("dtype=float64 1.00001", "dtype=float64 1.00002")
    assert text_differences("loss 1.00", "loss 1.01", rtol=0.02) == []


def test_form_lets_numbers_be_anything_but_not_words() -> None:
    assert text_differences("12.5 ms (n=40)", "7 ms (n=9)", "form") == []
    assert text_differences("12.5 ms", "12.5 s", "form")


def test_the_report_shows_both_lines() -> None:
    (line,) = text_differences("a\nloss 1.0 end\n", "a\nloss 2.0 end\n")
    assert "output line 2: expected '1.0', got '2.0'" in line
    assert "- loss 1.0 end" in line
    assert "+ loss 2.0 end" in line


def test_how_writes_are_cut_is_noise_but_the_stream_is_not() -> None:
    assert compare([stream("a\n"), stream("b\n")], [stream("a\nb\n")]) == []
    assert compare([stream("a\n")], [stream("a\n", "stderr")])


def test_figures_by_count_size_and_labels() -> None:
    one = figure("<svg><text>loss</text><path d='1'/></svg>")
    assert compare([one], [figure("<svg><text>loss</text><path d='2'/></svg>")]) == []
    assert compare([one], [figure("<svg><text>accuracy</text></svg>")])
    assert compare(
        [one], [figure("<svg><text>loss</text></svg>", "<Figure size 640x640 with 1 Axes>")]
    )
    assert compare([one], [one, one])
    assert compare([one], [])


def test_errors_by_type_and_first_line() -> None:
    def error(name: str, value: str) -> dict:
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": []}

    assert compare([error("ValueError", "bad\nlong")], [error("ValueError", "bad\nother")]) == []
    assert compare([error("ValueError", "bad")], [error("TypeError", "bad")])
    assert compare([error("ValueError", "bad")], [error("ValueError", "worse")])


def test_no_check_compares_nothing() -> None:
    assert compare([stream("a")], [], check="no") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("loss: 0.4532", "loss: 0.4533"),
        ("[0.3333 0.1]", "[0.3334 0.1]"),
        ("accuracy 94.80%", "accuracy 94.81%"),
        ("dtype=bfloat16 1.00", "dtype=bfloat16 1.01"),
        ("dtype=float64 1.000001", "dtype=float64 1.000002"),
    ],
)
def test_where_arithmetic_is_the_same_a_last_digit_counts(old: str, new: str) -> None:
    assert text_differences(old, new, tight=True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[-1.0379248 0.5389631]", "[-1.0379246 0.53896296]"),
        ("[0.01035492]", "[0.01035484]"),
        ("[0.0]", "[3.5e-08]"),
    ],
)
def test_the_rounding_of_another_x86_processor_does_not(old: str, new: str) -> None:
    """The first two were recorded on one with AVX-512 and on one without."""
    assert text_differences(old, new, tight=True) == []


def test_a_tolerance_on_the_fence_stays_what_it_is() -> None:
    assert text_differences("loss 0.50", "loss 0.52", rtol=0.1, tight=True) == []


def test_on_the_same_release_an_error_is_compared_to_its_end() -> None:
    def error(value: str) -> dict:
        return {"output_type": "error", "ename": "E", "evalue": value, "traceback": []}

    old, new = error("bad\n\nshape (2, 3)"), error("bad\n\nshape (2, 4)")
    assert compare([old], [new], same_release=True)
    assert compare([old], [new]) == []


def test_of_a_long_line_the_report_shows_the_place() -> None:
    (line,) = text_differences("a " * 500 + "0.5" + " b" * 500, "a " * 500 + "0.6" + " b" * 500)
    assert "expected '0.5', got '0.6'" in line
    assert "a 0.5 b" in line
    assert len(line) < 500
