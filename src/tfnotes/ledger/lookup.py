"""Which rows of the ledger an error text means, ranked by the words that both share.

A pasted text is half Python's and TensorFlow's words and half the reader's own: paths, shapes,
numbers, names of layers. Asking for every word finds nothing, so nothing is asked for: each word
that a row shares adds what it is worth, and a word is worth the more the fewer rows have it (the
inverse document frequency of K. Spärck Jones, 1972). The reader's own words are in no row and
cost nothing.

The site ranks in the browser by the same arithmetic, ``docs/theme/assets/ledger/lookup.js``, from
the index that `index_of` makes; a test holds both to the same answers.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tfnotes.ledger.outcomes import Ledger
from tfnotes.ledger.rows import Row

FIELDS = {"said": 3.0, "find": 3.0, "api": 3.0, "old": 1.0, "note": 0.3}
"""What a word is worth by where a row has it: in what the releases said, in the doctor's patterns,
in the row's title, in its old code, in its notes."""
RARITY = 1.5
"""The power that the inverse document frequency is raised to: "unexpected keyword argument", three
words that many rows share, must not outweigh the one name that few have. Of 1, 1.3, 1.6 and 2 the
third found most of 56 texts from public bug reports."""
NAMED = 2.5
"""How much more a name counts that the message complains of."""
PAIR = 0.6
"""What two words in a row's message count that stand together in the text as well."""
ASIDE = 0.3
"""What words count that are not in the message itself: a traceback's code, a long rest."""
FITS = 0.5
"""The share from which a row is an answer: of 56 public texts that have a row 51 reach it, of 37
that have none 4 do, two of these with a row's very words."""
HEAD = 240
"""How much of a message counts in full, in characters; what follows is mostly values."""

_TRACE = re.compile(
    r'^\s*(?:File "|Traceback \(|During handling|The above exception|~*\^+~*\s*$)', re.ASCII
)
# Anywhere in a text: a field of one line takes the breaks out of what is pasted into it.
_MESSAGE = re.compile(
    r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Warning|Interrupt)\b:", re.ASCII
)
_NOISE = re.compile(
    r"0x[0-9a-fA-F]+|(?:[A-Za-z]:)?(?:[\\/][\w.\-+]+){2,}|\x1b\[[0-9;]*m|https?://\S+",
    re.ASCII,
)
_BREAK = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMPLAINT = re.compile(
    r"(?:attribute|arguments?(?: '\w+')*|import name|[Mm]odule named|module|KeyError:|recogni[sz]ed:"
    r"|passed to \w+:) *\(?\{?['\"](?P<name>[\w.:]+)['\"]"
    r"|\b(?P<function>\w+)\(\) (?:got|missing|takes)",
    re.ASCII,
)


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case and in order; without paths, addresses and numbers."""
    return [word.lower() for word in _WORD.findall(_NOISE.sub(" ", text)) if len(word) > 1]


def weigh(text: str) -> tuple[dict[str, float], set[tuple[str, str]]]:
    """What each word of a pasted text counts, and which stand together in its message.

    Args:
        text: A message, a whole traceback, or a name.

    Returns:
        The words with their weights, and pairs of neighbours.
    """
    message, aside = _message(text)
    weights: dict[str, float] = {}
    for part, weight in ((message[:HEAD], 1.0), (message[HEAD:], ASIDE), (aside, ASIDE)):
        for word in words_of(part):
            weights[word] = max(weights.get(word, 0.0), weight)
    for found in _COMPLAINT.finditer(message[:HEAD]):
        for word in words_of(found["name"] or found["function"])[-1:]:
            weights[word] = NAMED
    words = words_of(message[:HEAD])
    return weights, set(pairwise(words))


def _message(text: str) -> tuple[str, str]:
    """The last error's message, and everything else that is not a traceback's frame."""
    starts = [found.start() for found in _MESSAGE.finditer(text)]
    start = starts[-1] if starts else len(text)
    lines = [line for line in _BREAK.split(text[:start]) if not _TRACE.match(line)]
    aside = " ".join(lines)
    return (text[start:], aside) if starts else (aside, "")


@dataclass(frozen=True)
class Index:
    """The rows' words, ready to be compared."""

    ids: tuple[str, ...]
    worth: dict[str, float]
    """A word's inverse document frequency."""
    words: tuple[dict[str, float], ...]
    """Of each row: its words and the best field that each stands in."""
    pairs: tuple[frozenset[tuple[str, str]], ...]
    """Of each row: neighbours in what the releases said."""

    def as_json(self) -> dict[str, Any]:
        """The index for the browser, with the numbers that ranking goes by.

        A row is its id, its words by what they are worth there, and its pairs.
        """
        rows = []
        for identity, words, pairs in zip(self.ids, self.words, self.pairs, strict=True):
            by_field = {
                str(value): " ".join(sorted(word for word, one in words.items() if one == value))
                for value in sorted(set(words.values()))
            }
            rows.append([identity, by_field, "|".join(sorted(" ".join(pair) for pair in pairs))])
        return {
            "best": max(FIELDS.values()),
            "named": NAMED,
            "pair": PAIR,
            "aside": ASIDE,
            "fits": FITS,
            "head": HEAD,
            "worth": {word: round(value, 4) for word, value in sorted(self.worth.items())},
            "rows": rows,
        }


def index_of(rows: Sequence[Row], ledger: Ledger) -> Index:
    """Makes the index.

    Args:
        rows: The ledger's rows.
        ledger: What was measured.

    Returns:
        The index, in the order of the rows.
    """
    fields = [_fields(row, ledger) for row in rows]
    words = [_best(parts) for parts in fields]
    # A word that stands in notes alone would be as rare as the name of an API, and means less.
    spread = Counter(word for found in words for word in found)
    worth = {word: math.log(1 + len(rows) / count) ** RARITY for word, count in spread.items()}
    pairs = tuple(
        frozenset(pair for text in parts["said"] for pair in weigh(text)[1]) for parts in fields
    )
    return Index(tuple(row.id for row in rows), worth, tuple(words), pairs)


def _fields(row: Row, ledger: Ledger) -> dict[str, list[str]]:
    said = {outcome.said for outcome in ledger.of(row).values() if outcome.said}
    return {
        "said": sorted(said),
        "find": list(row.find),
        "api": [row.api, row.id.replace("-", " ")],
        "old": [row.old],
        "note": [row.note.get("en", "")],
    }


def _best(parts: dict[str, list[str]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, texts in parts.items():
        for word in words_of(" ".join(texts)):
            found[word] = max(found.get(word, 0.0), FIELDS[name])
    return found


@dataclass(frozen=True)
class Match:
    """A row that a text may mean."""

    id: str
    score: float
    share: float
    """What of the message the row has, by worth: 1 says that it could have said all of it."""


def rank(text: str, index: Index, most: int = 5) -> list[Match]:
    """The rows that a text means, best first.

    Args:
        text: A message, a whole traceback, or a name.
        index: The rows' words.
        most: How many rows at most.

    Returns:
        Rows that share something with the text; a tie keeps the order of the rows. Those whose
        share is under `FITS` are near at most.
    """
    weights, pairs = weigh(text)
    rarest = max(index.worth.values(), default=0.0)
    # Words aside help to choose, but say nothing of how well a row fits the message.
    message = {word: weight for word, weight in weights.items() if weight >= 1} or weights
    whole = max(FIELDS.values()) * sum(
        weight * index.worth.get(word, rarest) for word, weight in message.items()
    )
    whole += PAIR * sum(_pair_worth(pair, index) for pair in pairs)
    matches = []
    for identity, words, together in zip(index.ids, index.words, index.pairs, strict=True):
        shared = PAIR * sum(_pair_worth(pair, index) for pair in pairs if pair in together)
        fits = shared + _shared(message, words, index)
        score = shared + _shared(weights, words, index)
        if score > 0:
            matches.append(Match(identity, score, fits / whole))
    return sorted(matches, key=lambda match: -match.score)[:most]


def _shared(weights: dict[str, float], words: dict[str, float], index: Index) -> float:
    return sum(
        weight * index.worth[word] * words[word]
        for word, weight in weights.items()
        if word in words
    )


def _pair_worth(pair: tuple[str, str], index: Index) -> float:
    return sum(index.worth.get(word, 0.0) for word in pair)
