"""Noise that is taken out of text, and numbers that prose takes from it."""

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.core.errors import PageError
from tfnotes.core.inline import expand
from tfnotes.core.records import Record
from tfnotes.core.scrub import scrub


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<object at 0x7f1a2b3c4d5e>", "<object at 0x…>"),
        ("mask 0xff", "mask 0xff"),
        ("45/45 - 1s - 12ms/step - loss: 0.5\n", "45/45 - … - loss: 0.5\n"),
        ("45/45 - 0s - 959us/step - loss: 0.5\n", "45/45 - … - loss: 0.5\n"),
        ("10%\r 50%\r100%\n", "100%\n"),
        ("\x1b[1mbold\x1b[0m", "bold"),
        ("abc\b\b\bxyz", "xyz"),
        ("/home/me/notes/snippets/a.py:3", "snippets/a.py:3"),
        (
            "I0000 00:00:1795227850.603095    9080 cudart_stub.cc:31] Could not find cuda drivers\nx\n",
            "x\n",
        ),
        (
            "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\nx\n",
            "x\n",
        ),
        ("INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n(1, 10)\n", "(1, 10)\n"),
        ("fully_quantize: 0, inference_type: 6, input_inference_type: FLOAT32\nx\n", "x\n"),
        ("W0000 00:00:1795227850.603095    9080 op.cc:31] careful\n", "careful\n"),
        ("3/3 [00:00<00:00, 100663.30it/s]", "3/3 […]"),
        ("2/3 [00:04<00:02,  2.01s/it, loss=0.5]", "2/3 […, loss=0.5]"),
        ("{'shared_object_id': 140558648537872}", "{'shared_object_id': …}"),
        ("bad \ud800 end", "bad \\ud800 end"),
        ("{{function_node __wrapped__MatMul_device_/job:localhost}} Matrix size", "Matrix size"),
    ],
)
def test_scrub(raw: str, clean: str) -> None:
    assert scrub(raw, {"/home/me/notes": ""}) == clean


def page_and_records(tmp_path, text: str):
    page = write_page(make_checkout(tmp_path), "a", fences("x = 1"))
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return page, {page.blocks[0].key: Record(page.blocks[0].key, "block-1", [output])}


def test_numbers_in_prose_come_from_the_record(tmp_path) -> None:
    page, records = page_and_records(tmp_path, "loss: 0.25, accuracy = 94.8%\nn 1,797\n")
    text = "It reaches {out:block-1:accuracy} after {out:block-1:n} pictures."
    assert expand(text, page, records) == "It reaches 94.8% after 1,797 pictures."


@pytest.mark.parametrize(
    ("reference", "words"),
    [("{out:two:loss}", "no block here"), ("{out:block-1:recall}", 'no number after "recall"')],
)
def test_a_number_that_is_not_there_fails(tmp_path, reference: str, words: str) -> None:
    page, records = page_and_records(tmp_path, "loss: 0.25\n")
    with pytest.raises(PageError, match=words) as caught:
        expand("line\n" + reference, page, records, first_line=10)
    assert caught.value.line == 11


def test_a_number_without_a_record_fails(tmp_path) -> None:
    page, _ = page_and_records(tmp_path, "")
    with pytest.raises(PageError, match="has no record"):
        expand("{out:block-1:loss}", page, {})
