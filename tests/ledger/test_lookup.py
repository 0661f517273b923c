"""An error text finds the row that it means, whatever the reader's program calls its things."""

import re

import pytest

from tfnotes.ledger.lookup import FITS, Index, index_of, rank, words_of
from tfnotes.ledger.outcomes import PINNED, load_outcomes
from tfnotes.ledger.rows import load_rows

TRACEBACK = """Traceback (most recent call last):
  File "/home/mei/projects/segmentation/train_unet.py", line 118, in main
    run = prepare(config, checkpoint_every=500)
  File "C:\\\\Users\\\\mei\\\\envs\\\\tf\\\\Lib\\\\site-packages\\\\keras\\\\src\\\\utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
{message}
"""


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(load_rows(), load_outcomes())


@pytest.fixture(scope="module")
def messages() -> dict[str, set[str]]:
    """What rows say on the pinned release, and which rows say it in the same words."""
    outcomes, found = load_outcomes(), {}
    for row in load_rows():
        measured = outcomes.of(row).get(PINNED)
        if measured is not None and measured.said:
            found.setdefault(measured.said, set()).add(row.id)
    same: dict[tuple[str, ...], set[str]] = {}
    for said, rows in found.items():
        same.setdefault(tuple(sorted(set(words_of(said)))), set()).update(rows)
    return {said: same[tuple(sorted(set(words_of(said))))] for said in found}


def _others_words(said: str) -> str:
    """A message as another program gets it: other numbers, other classes, other shapes."""
    said = re.sub(r"\b\d+\b", lambda number: str(int(number[0]) % 977 + 13), said)
    said = re.sub(
        r"^(\w+: )'[A-Z]\w*' object", lambda found: f"{found[1]}'PatchUnet3D' object", said
    )
    return re.sub(r"layer '?[a-z_]+'?", "layer 'mei_block_7'", said)


@pytest.mark.parametrize("dress", [str, _others_words, lambda said: TRACEBACK.format(message=said)])
def test_what_a_row_says_finds_it_among_the_first_three(index, messages, dress):
    missed = [
        said
        for said, rows in messages.items()
        if not rows & {match.id for match in rank(dress(said), index, 3)}
    ]
    assert len(messages) > 250
    assert len(missed) <= 0.02 * len(messages), missed


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Argument(s) not recognized: {'lr': 0.001}", "optimizer-lr"),
        ("module 'keras.backend' has no attribute 'get_value'", "keras-backend-functions"),
        ("No module named 'keras.utils.np_utils'", "np-utils"),
        ("'Adam' object has no attribute 'minimize'", "keras-optimizer-minimize"),
        ("AttributeError: 'Functional' object has no attribute 'fit_generator'", "fit-generator"),
        ("KeyError: 'val_acc'", "history-acc"),
        ("got an unexpected keyword argument 'concat_dim'", "concat-order"),
        ("fit_generator", "fit-generator"),
    ],
)
def test_a_text_with_the_readers_values_finds_its_row(index, text, row):
    assert row in [match.id for match in rank(text, index, 3)]
    assert rank(text, index, 1)[0].share >= FITS


@pytest.mark.parametrize(
    "text",
    [
        "IndexError: list index out of range",
        "ResourceExhaustedError: OOM when allocating tensor with shape[64,128]",
        "hello world, how are you",
        "RecursionError: maximum recursion depth exceeded in comparison",
    ],
)
def test_what_the_ledger_does_not_know_fits_no_row(index, text):
    assert all(match.share < FITS for match in rank(text, index))


def test_a_traceback_that_lost_its_line_breaks_finds_its_row_too(index, messages):
    missed = [
        said
        for said, rows in messages.items()
        if "Error: " in said
        and not rows
        & {m.id for m in rank(TRACEBACK.format(message=said).replace("\n", ""), index, 3)}
    ]
    assert len(missed) <= 0.02 * len(messages), missed


def test_a_traceback_counts_by_its_last_error(index):
    first = "KeyError: 'val_acc'"
    text = TRACEBACK.format(message=first) + "\nDuring handling of the above exception, another "
    text += "exception occurred:\n\n" + TRACEBACK.format(
        message="AttributeError: 'Functional' object has no attribute 'fit_generator'"
    )
    assert rank(text, index, 1)[0].id == "fit-generator"
    assert rank("", index) == []
