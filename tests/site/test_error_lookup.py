"""The browser ranks rows as Python does."""

import json
from pathlib import Path

import pytest
import quickjs

from tfnotes.ledger.lookup import index_of, rank
from tfnotes.ledger.outcomes import PINNED, load_outcomes
from tfnotes.ledger.rows import load_rows

SCRIPT = Path(__file__).parents[2] / "docs/theme/assets/ledger/lookup.js"
OTHERS = (
    "Argument(s) not recognized: {'lr': 0.001}",
    'Traceback (most recent call last):\n  File "/a/b/c.py", line 3, in <module>\n'
    "    model.fit_generator(batches, nb_epoch=3)\n"
    "AttributeError: 'Functional' object has no attribute 'fit_generator'\n",
    "ValueError: \u5f62\u72b6 (2, 3) 0x7f00aa C:\\x\\y\\z https://example.org/a has no attribute 'lr'",
    "constructor toString __proto__",
    "",
)


@pytest.fixture(scope="module")
def browser() -> quickjs.Context:
    context = quickjs.Context()
    context.eval(SCRIPT.read_text(encoding="utf-8"))
    index = index_of(load_rows(), load_outcomes()).as_json()
    context.eval(f"globalThis.index = {json.dumps(index)}")
    return context


def test_the_script_gives_the_answers_of_the_module(browser):
    rows, outcomes = load_rows(), load_outcomes()
    index = index_of(rows, outcomes)
    said = [measured.said for row in rows if (measured := outcomes.of(row).get(PINNED))]
    for text in [*OTHERS, *filter(None, said[::4])]:
        script = f"JSON.stringify(tfErrorLookup.rank({json.dumps(text)}, index, 5))"
        found = json.loads(browser.eval(script))
        expected = rank(text, index, 5)
        assert [one["id"] for one in found] == [one.id for one in expected], text
        assert [one["share"] for one in found] == pytest.approx(
            [one.share for one in expected], abs=0.01
        )
