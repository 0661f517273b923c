"""The doctor over the ledger itself: each row is found in its own old code, not in its new code."""

import importlib.util
import re
from pathlib import Path

import pytest

import tfnotes
from tfnotes.core.errors import TfnotesError
from tfnotes.doctor.catalogue import make_catalogue
from tfnotes.doctor.examine import Finding, examine, findings
from tfnotes.doctor.load import load
from tfnotes.doctor.match import Matcher
from tfnotes.doctor.patterns import parse
from tfnotes.doctor.report import DOUBTS
from tfnotes.doctor.source import Source
from tfnotes.ledger.outcomes import load_outcomes
from tfnotes.ledger.rows import Row, load_rows

BEFORE = "import numpy as np\nimport tensorflow as tf\n"
ROWS = load_rows()


def parses(row: Row) -> bool:
    try:
        Matcher((row.id, pattern) for pattern in row.find)
    except TfnotesError:
        return False
    return True


# A row that cannot be read fails a test of its own, and no other row's.
CATALOGUE = make_catalogue([row for row in ROWS if parses(row)], load_outcomes())
SEEDS = Path(__file__).parents[3] / "shared/seeds"


def found(row: Row, code: str) -> list[str]:
    first = (BEFORE + row.setup).count("\n")
    source = load("row.py", (BEFORE + row.setup + code).encode())
    assert not source.problems
    return [one.entry.id for one in findings(source, CATALOGUE) if one.line > first]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_patterns_parse(row):
    Matcher((row.id, pattern) for pattern in row.find)


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.find and row.outcome != "unchanged"],
    ids=lambda row: row.id,
)
def test_a_row_is_found_in_its_own_old_code_alone(row):
    assert row.id in found(row, row.old)
    assert row.id not in found(row, row.new)


def test_what_runs_unchanged_is_no_finding():
    entries = CATALOGUE.entries
    assert not {row.id for row in ROWS if row.outcome == "unchanged"} & entries.keys()


def test_every_error_says_what_was_measured():
    silent = [
        one.id for one in CATALOGUE.entries.values() if one.outcome == "error" and not one.said
    ]
    assert silent == []


FIND = {row.id: row.find for row in ROWS}

# Lines of code in the notes that fail or warn today, as was found by running them.
KNOWN = {
    "002": (14,),
    "003": (727, 770, 782, 898, 929, 935, 1044, 1046, 1052, 1054),
}
SEED_LINES = sorted(
    (seed, row.id) for row in ROWS for seed in row.seeds if row.id in CATALOGUE.entries
)
needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the notes that the ledger grew from are not beside this checkout"
)


# The same calls, and one that warns, as blocks of notes have them: without their imports.
OLD_NOTES = """```python
mnist = tf.contrib.learn.datasets.load_dataset("mnist")
optimizer = tf.train.AdamOptimizer(learning_rate=rate)
loss = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=z)
cell = tf.nn.rnn_cell.BasicLSTMCell(num_units=256)
config = tf.ConfigProto()
tf.enable_eager_execution(config=config)
tf.keras.layers.Flatten(input_shape=(28, 28))
```
"""


def test_what_old_notes_call_is_found():
    found = {
        one.line: one.entry.id for one in findings(load("a.md", OLD_NOTES.encode()), CATALOGUE)
    }
    assert found == {
        2: "contrib-learn-datasets",
        3: "train-optimizer",
        4: "tf-losses",
        5: "basic-lstm-cell",
        6: "config-proto-allow-growth",
        7: "enable-eager-execution",
        8: "input-shape-argument",
    }


def read_seeds() -> dict[str, tuple[Source, list[Finding]]]:
    found = {}
    for path in sorted(SEEDS.glob("*.md")):
        source = load(path.name, path.read_bytes())
        assert not source.problems
        found[path.name[:3]] = (source, findings(source, CATALOGUE))
    return found


@needs_seeds
def test_every_known_failure_in_the_blocks_of_the_seeds_is_found():
    found = {(name, one.line) for name, (_, rows) in read_seeds().items() for one in rows}
    known = {(name, line) for name, lines in KNOWN.items() for line in lines}
    assert known - found == set()


@needs_seeds
def test_a_row_is_found_where_it_says_the_seeds_have_it():
    """Where a row points at a block, and the block has what the row is about, it is found there."""
    seeds = read_seeds()
    missed, count = [], 0
    for seed, row in SEED_LINES:
        name, _, number = seed.partition(":")
        source, rows = seeds[name]
        block = block_at(source, int(number))
        text = "\n".join(source.lines[line] for line in block)
        if any(re.search(words, text) for words in map(plainly, FIND[row])):
            count += 1
            if not any(one.entry.id == row and one.line in block for one in rows):
                missed.append(f"{seed}: {row}")
    assert missed == []
    assert count >= 5


def block_at(source: Source, number: int) -> range:
    """The lines of the block of code that a line is in; none if it is in the text."""
    if number not in source.lines:
        return range(0)
    first = last = number
    while first - 1 in source.lines:
        first -= 1
    while last + 1 in source.lines:
        last += 1
    return range(first, last + 1)


def plainly(pattern: str) -> str:
    """A pattern as a regular expression for plain text: what grep would look for."""
    alternatives = []
    for one in parse(pattern):
        parts = one.parts if one.shape == "name" else ("", *one.parts)
        words = [re.escape(part).replace(r"\*", r"\w*") for part in parts]
        given = [condition.keyword for condition in one.conditions if condition.test == "given"]
        alternatives.append(r"\.".join(words) + r"\b" + "".join(rf"[^)]*\b{g}=" for g in given))
    return "|".join(alternatives)


def test_the_code_of_tfnotes_itself_is_silent():
    report = examine([str(Path(tfnotes.__file__).parent)], CATALOGUE)
    assert report.findings == []
    assert report.status == 0


@pytest.mark.slow
def test_a_large_library_without_tensorflow_is_silent():
    """700 files with `fit`, `predict`, `save` and `layers` of their own."""
    found = importlib.util.find_spec("sklearn")
    if found is None or found.origin is None:
        pytest.skip("scikit-learn is not here")
    folder = Path(found.origin).parent
    report = examine([str(path) for path in sorted(folder.rglob("*.py"))], CATALOGUE)
    assert report.findings == []
    assert report.problems == []
    assert report.files > 300


def test_every_doubt_that_a_row_raises_is_said_in_chinese():
    seen = set()
    for row in ROWS:
        if row.setup or row.old:
            source = load("row.md", f"```python\n{row.setup}{row.old}\n```\n".encode())
            seen |= {one.doubt for one in findings(source, CATALOGUE) if one.doubt}
    about_types = re.compile(r"the type of .+ is not known(; its name suggests: .+)?", re.DOTALL)
    unsaid = {doubt for doubt in seen if doubt not in DOUBTS and not about_types.fullmatch(doubt)}
    assert seen
    assert unsaid == set()
