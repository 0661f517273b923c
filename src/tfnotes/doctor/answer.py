"""Answers to an error text: ``tfnotes doctor --error``."""

import json
from dataclasses import dataclass

from tfnotes.doctor.catalogue import Entry, make_entry
from tfnotes.doctor.report import FORMAT, OUTCOME_WORDS, advice
from tfnotes.ledger.lookup import FITS, index_of, rank
from tfnotes.ledger.outcomes import load_outcomes
from tfnotes.ledger.rows import load_rows

MOST = 3
"""How many rows an answer has."""

_NONE = {
    "en": "No row of the ledger says this; the nearest:",
    "zh": "台账里没有这样的错误，最接近的是：",
}
_NOTHING = {
    "en": "No row of the ledger has any of these words.",
    "zh": "台账里没有一条含有这些词。",
}


@dataclass(frozen=True)
class Answer:
    """A row that an error text may mean."""

    entry: Entry
    share: float
    """What of the message the row has, 0 to 1; see `tfnotes.ledger.lookup.Match`."""

    @property
    def fits(self) -> bool:
        """Whether the row is an answer, and not only the nearest there is."""
        return self.share >= FITS


def answer(text: str) -> list[Answer]:
    """The rows of the ledger that an error text means, best first.

    Args:
        text: A message or a whole traceback.

    Returns:
        At most `MOST` that fit; if none does, as many of the nearest.
    """
    rows, outcomes = load_rows(), load_outcomes()
    by_id = {row.id: row for row in rows}
    found = [
        Answer(make_entry(by_id[match.id], outcomes), match.share)
        for match in rank(text, index_of(rows, outcomes), MOST)
    ]
    return [one for one in found if one.fits] or found


def answer_as_text(found: list[Answer], language: str = "en", brief: bool = False) -> str:
    """An answer as lines: the first row whole, one line for each of the others."""
    if not found:
        return _NOTHING[language] + "\n"
    lines = [] if found[0].fits else [_NONE[language]]
    for number, one in enumerate(found):
        entry = one.entry
        said = f": {entry.said}" if entry.said and entry.outcome != "different" else ""
        head = f"{entry.api}: {OUTCOME_WORDS[language][entry.outcome]}{said}"
        if number or brief or not one.fits:
            lines.append(f"{head} {entry.link(language)}")
        else:
            lines += [head, *advice(entry, language)]
    return "\n".join(lines) + "\n"


def answer_as_json(found: list[Answer], language: str = "en") -> str:
    """An answer for programs."""
    rows = [
        {
            "row": one.entry.id,
            "api": one.entry.api,
            "outcome": one.entry.outcome,
            "said": one.entry.said,
            "write": one.entry.new,
            "note": one.entry.notes.get(language, ""),
            "link": one.entry.link(language),
            "share": round(one.share, 2),
            "fits": one.fits,
        }
        for one in found
    ]
    return json.dumps({"format": FORMAT, "rows": rows}, ensure_ascii=False, indent=2) + "\n"
