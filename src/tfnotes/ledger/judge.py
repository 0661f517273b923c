"""What must hold of a row: its outcome is as written, its replacement runs and agrees."""

from collections.abc import Mapping

from tfnotes.ledger.outcomes import PINNED, Ledger, Outcome, equal_values
from tfnotes.ledger.rows import Row


def problems(row: Row, made: Mapping[str, Outcome], ledger: Ledger) -> list[str]:
    """Holds a row against a run on the pinned release.

    Args:
        row: The row.
        made: The outcomes of this run, by side.
        ledger: The accepted outcomes.

    Returns:
        What is wrong, one line each; empty if the row is right.
    """
    old, new = made["old"], made.get("new")
    found = [*_outcome(row, old), *_accepted(row, made, ledger)]
    if new is None:
        return found
    if new.result != "ok":
        found.append(f"new code fails: {new.said}")
    elif new.warnings:
        found.append(f"new code warns: {new.warnings[0]}")
    elif row.same:
        found += _same(row, old, new, ledger)
    elif row.outcome == "different" and (
        old.value is None or new.value is None or equal_values(old.value, new.value)
    ):
        found.append(f"different, but old gives {old.value!r} and new gives {new.value!r}")
    return found


def _outcome(row: Row, old: Outcome) -> list[str]:
    if old.result == "setup":
        return [f"the set-up fails: {old.said}"]
    if old.result != "ok":
        happened = "error"
    elif row.outcome == "different":
        return []  # whether it is, the values tell
    else:
        happened = "warning" if old.warnings else "unchanged"
    if happened == row.outcome:
        return []
    return [f"the row says {row.outcome}, it is {happened}" + (f": {old.said}" if old.said else "")]


def _accepted(row: Row, made: Mapping[str, Outcome], ledger: Ledger) -> list[str]:
    found = []
    for side, outcome in made.items():
        kept = ledger.rows.get(row.id, {}).get(side, {}).get(PINNED)
        if kept is None or kept.digest != outcome.digest:
            found.append(f"{side} code has no accepted outcome; run tfnotes ledger --update")
            continue
        for name in ("result", "type", "message", "warnings"):
            before, now = getattr(kept, name), getattr(outcome, name)
            if before != now:
                found.append(f"{side} code: {name} was {before!r}, is {now!r}")
        if not equal_values(kept.value, outcome.value):
            found.append(f"{side} code: value was {kept.value!r}, is {outcome.value!r}")
    return found


def _same(row: Row, old: Outcome, new: Outcome, ledger: Ledger) -> list[str]:
    """New code gives what old code gives, or gave when it last ran as it should.

    A release that warned and then gave something else had broken it already: `SGD(lr=0.1)`.
    """
    ran = [(PINNED, old)] if old.result == "ok" else list(reversed(ledger.of(row).items()))
    # In a graph of TensorFlow 1 a tensor has no value; such a run proves nothing.
    ran = [(release, one) for release, one in ran if one.value is not None]
    if not ran:
        return []  # not measured on a release where it runs
    if new.value is None:
        return ["same = true, but the last expression of new has no value that can be compared"]
    for _, one in ran:
        if equal_values(one.value, new.value):
            return []
        if not one.warnings:
            break
    release, newest = ran[0]
    return [f"old gives {newest.value!r} on {release}, new gives {new.value!r}"]
