"""Formulas for Typst: pandoc translates their TeX, all of a book at once."""

import re
from collections.abc import Iterable

from tfnotes.book.book import Book
from tfnotes.core.errors import TfnotesError

_MATH = re.compile(r"^\$ ?(?P<body>.*?) ?\$$", re.DOTALL)
_BETWEEN = "tfnotesformula"


def formulas_of(book: Book) -> set[tuple[str, bool]]:
    """The TeX of a book's formulas, each with whether it stands in a line of its own."""
    return {
        (element.get("data-tex"), element.get("display") == "block")
        for chapter in book.chapters
        for root in (chapter.title, chapter.body)
        for element in root.iter("math")
    }


def translate(formulas: Iterable[tuple[str, bool]]) -> dict[tuple[str, bool], str]:
    """Translates TeX to Typst's mathematics.

    Args:
        formulas: As `formulas_of` gives them.

    Returns:
        What stands between Typst's dollar signs.

    Raises:
        TfnotesError: pandoc is missing, or does not understand one of them.
    """
    order = sorted(formulas)
    if not order:
        return {}
    import pypandoc

    lines = [f"$${tex}$$" if block else f"${tex}$" for tex, block in order]
    source = f"\n\n{_BETWEEN}\n\n".join(line.replace("\n", " ") for line in lines)
    try:
        text = pypandoc.convert_text(source, "typst", "markdown+tex_math_dollars", ["--wrap=none"])
    except (OSError, RuntimeError) as error:
        raise TfnotesError(f"the book's formulas: pandoc failed ({error})") from None
    result = {}
    for formula, part in zip(order, text.split(_BETWEEN), strict=True):
        found = _MATH.match(part.strip())
        if found is None:
            raise TfnotesError(
                f"formula {formula[0]!r}: pandoc makes no formula of it; mend the TeX"
            )
        result[formula] = found["body"]
    return result
