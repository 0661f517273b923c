"""Cards: complete, exact, and readable as text and as HTML."""

import re

import pytest

from tfnotes import data
from tfnotes.core.errors import TfnotesError
from tfnotes.data.cards import missing_fields
from tfnotes.data.catalogue import CARDS


@pytest.mark.parametrize("card", CARDS.values(), ids=list(CARDS))
def test_a_card_is_complete(card) -> None:
    assert not missing_fields(card)
    assert callable(getattr(data, card.name)) and card.name in data.__all__
    for file in (file for edition in card.editions for file in edition.files):
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.bytes > 1000 and file.path.startswith("datasets/")
        assert not file.url or file.url.startswith("https://")


def test_a_card_prints_size_licence_source_and_checksum() -> None:
    text = repr(data.card("mnist"))
    for part in ("CC BY-SA 3.0", "keras.datasets.mnist", "11,490,434 bytes", "731c5ac602752760"):
        assert part in text
    assert data.card("fashion_mnist").size == 30_878_645


def test_a_card_is_safe_html() -> None:
    html = data.card("iris")._repr_html_()
    assert html.startswith("<table") and "UCI&#x27;s" in html


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(TfnotesError, match=r"no data set is called 'minst'; there are .*mnist"):
        data.card("minst")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.cifar100("medium"), "label_mode is 'medium'"),
        (lambda: data.pets(0), "size is 0"),
        (lambda: data.pets("big"), "size is 'big'"),
    ],
)
def test_bad_arguments_are_one_clear_line(call, message: str) -> None:
    with pytest.raises(TfnotesError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
