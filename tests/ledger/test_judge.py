"""What the ledger's own judgement catches: each of these must fail, or a test of a row could not."""

import dataclasses

import pytest

from tfnotes.ledger.judge import problems
from tfnotes.ledger.measure import drop_gone, keep, stale
from tfnotes.ledger.outcomes import Ledger, Outcome, equal_values, programs, read_outcome, state
from tfnotes.ledger.rows import Row

ROW = Row(id="a", group="tf1", api="tf.a", outcome="error", old="tf.a()\n", new="tf.b()", same=True)
DIGEST = {side: program["digest"] for side, program in programs(ROW).items()}


def raised(message="no a", **more):
    return Outcome("raises", "AttributeError", message, digest=DIGEST["old"], **more)


def gave(value, side="new", **more):
    return Outcome("ok", value=value, digest=DIGEST[side], **more)


def judged(old, new, row=ROW, accepted=None, elsewhere=None):
    ledger = Ledger()
    keep(ledger, "2.21", {"a:old": accepted or old, "a:new": new}, {})
    if elsewhere:
        keep(ledger, "2.15", {"a:old": elsewhere}, {})
    return problems(row, {"old": old, "new": new}, ledger)


def test_a_right_row():
    assert judged(raised(), gave(4.0)) == []


def test_an_error_that_disappears():
    assert "the row says error, it is unchanged" in judged(gave(4.0, "old"), gave(4.0))


def test_another_message():
    (told,) = judged(raised("new words"), gave(4.0), accepted=raised("old words"))
    assert told == "old code: message was 'old words', is 'new words'"


def test_no_accepted_outcome():
    told = problems(ROW, {"old": raised(), "new": gave(4.0)}, Ledger())
    assert told[0] == "old code has no accepted outcome; run tfnotes ledger --update"


def test_an_accepted_outcome_of_other_code_does_not_count():
    other = dataclasses.replace(raised(), digest="other")
    assert "old code has no accepted outcome" in judged(raised(), gave(4.0), accepted=other)[0]


def test_new_code_must_run_in_silence():
    failed = Outcome("raises", "ValueError", "x", digest=DIGEST["new"])
    assert judged(raised(), failed) == ["new code fails: ValueError: x"]
    assert judged(raised(), gave(4.0, warnings=("old",))) == ["new code warns: old"]


def test_new_code_must_give_what_old_code_gave_when_it_last_ran():
    assert judged(raised(), gave(4.0), elsewhere=gave(4.0, "old")) == []
    told = judged(raised(), gave(4.0), elsewhere=gave(5.0, "old"))
    assert told == ["old gives 5.0 on 2.15, new gives 4.0"]


def test_a_release_that_warned_and_gave_something_else_had_broken_it():
    ledger = Ledger()
    keep(ledger, "2.21", {"a:old": raised(), "a:new": gave(4.0)}, {})
    keep(ledger, "2.15", {"a:old": gave(5.0, "old", warnings=("ignored",))}, {})
    made = {"old": raised(), "new": gave(4.0)}
    assert problems(ROW, made, ledger) == ["old gives 5.0 on 2.15, new gives 4.0"]
    keep(ledger, "2.8", {"a:old": gave(4.0, "old")}, {})
    assert problems(ROW, made, ledger) == []


def test_a_value_that_cannot_be_compared_is_no_agreement():
    (told,) = judged(raised(), gave(None), elsewhere=gave(4.0, "old"))
    assert "no value that can be compared" in told


def test_what_is_called_different_must_differ():
    row = dataclasses.replace(ROW, outcome="different", same=False)
    assert judged(gave(1.0, "old"), gave(2.0), row) == []
    assert judged(gave(2.0, "old"), gave(2.0), row) == [
        "different, but old gives 2.0 and new gives 2.0"
    ]


def test_a_set_up_that_fails_is_not_the_old_code_failing():
    broken = dataclasses.replace(raised(), result="setup")
    assert judged(broken, gave(4.0))[0].startswith("the set-up fails")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ([[1.0, 2.0]], [[1.00001, 2.0]], True),
        ([1.0], [1.1], False),
        ([1.0], [1.0, 1.0], False),
        ({"a": 1}, {"b": 1}, False),
        (True, 1.0, True),
        ("a", "a", True),
        (None, 0, False),
    ],
)
def test_equal_values(one, other, equal):
    assert equal_values(one, other) is equal


def test_states_of_a_strip():
    assert state(raised(), ROW) == "fails"
    assert state(dataclasses.replace(raised(), result="setup"), ROW) == "none"
    assert state(gave(4.0, "old"), ROW, 4.0) == "ok"
    assert state(gave(5.0, "old"), ROW, 4.0) == "differs"
    assert state(gave(4.0, "old", warnings=("w",)), ROW, 4.0) == "warns"
    assert state(gave(None, "old"), ROW, 4.0) == "ok"  # a tensor of a graph: nothing to compare


def test_code_that_changed_is_run_again_and_its_outcomes_are_dropped():
    ledger = Ledger()
    keep(ledger, "2.15", {"a:old": raised(), "a:new": gave(4.0)}, {})
    assert stale(ledger, [ROW], "2.15") == []
    changed = dataclasses.replace(ROW, new="tf.c()")
    assert [program["id"] for program in stale(ledger, [changed], "2.15")] == ["a:new"]
    drop_gone(ledger, [changed])
    assert list(ledger.rows["a"]) == ["old"]
    drop_gone(ledger, [])
    assert ledger.rows == {}


def test_noise_is_taken_out_of_what_was_said():
    raw = {
        "result": "raises",
        "type": "ValueError",
        "message": "no <object at 0x7f00aa11bb22> in /scratch/x/here/model\nmore",
        "warnings": [
            "From /scratch/x/program.py:3: f (from tf.a) is deprecated.\nInstructions for updating:\nUse g.\n\nMore"
        ],
        "folder": "/scratch/x/here",
    }
    outcome = read_outcome(raw, {"digest": "d"}, "/opt/python")
    assert outcome.message == "no <object at 0x…> in model"
    assert outcome.warnings == ("f (from tf.a) is deprecated. Use g.",)
