"""What stands at the front of a book: edition, where it comes from, what its records ran on."""

import datetime
import os
import re
from dataclasses import dataclass

from tfnotes import __version__
from tfnotes.book.book import Book
from tfnotes.book.words import say

_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Front:
    """The words of the title page and of the page behind it."""

    date: str
    """The day the book was made."""
    edition: str
    lines: tuple[str, ...]
    """Paragraphs of the colophon."""


def front_of(book: Book) -> Front:
    """What the book says of itself."""
    language = book.language
    facts = {fact for chapter in book.chapters for fact in chapter.facts}
    dates = sorted(fact for fact in facts if _DATE.fullmatch(fact))
    versions = sorted((f for f in facts if f[0] in "TK"), reverse=True)
    lines = [say(language, "made", site=book.site)]
    if dates:
        span = dates[0] if dates[0] == dates[-1] else dates[0] + say(language, "to") + dates[-1]
        named = say(language, "and").join(versions)
        lines.append(say(language, "runs", versions=named, dates=span))
    lines += [say(language, "folded"), say(language, "licence")]
    today = made_on().isoformat()
    return Front(today, say(language, "edition", version=__version__, date=today), tuple(lines))


def made_on() -> datetime.date:
    """Today, or the day that ``SOURCE_DATE_EPOCH`` names for builds that are to be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch and epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    return datetime.datetime.now(datetime.UTC).date()
