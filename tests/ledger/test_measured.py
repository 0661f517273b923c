"""What the page shows was measured on the code as it stands, and on the releases it promises."""

from tfnotes.ledger.outcomes import SIDES, load_outcomes, programs
from tfnotes.ledger.rows import load_rows

PROMISED = ("2.12", "2.15", "2.16", "2.18", "2.20", "2.21")


def test_no_outcome_is_of_other_code():
    ledger, known = load_outcomes(), {row.id: programs(row) for row in load_rows()}
    wrong = [
        f"{identity}:{side} on {release}"
        for identity, sides in ledger.rows.items()
        for side in SIDES
        for release, outcome in sides.get(side, {}).items()
        if outcome.digest != known.get(identity, {}).get(side, {}).get("digest")
    ]
    assert not wrong  # tfnotes ledger --update drops them


def test_the_promised_releases_were_measured():
    assert set(PROMISED) <= set(load_outcomes().releases)


def test_nearly_every_row_ran_somewhere_before_it_broke():
    # A row whose old code never ran may be a mistake of ours; those that are meant say so.
    ledger = load_outcomes()
    broken = [row for row in load_rows() if row.outcome == "error" and row.group != "typos"]
    never = [
        row.id
        for row in broken
        if len(found := ledger.of(row)) > 5
        and not any(one.result == "ok" for one in found.values())
    ]
    assert len(never) < 0.1 * len(broken), never
