"""The index: where the glossary's terms stand in the text.

A term that is everywhere would fill a line with numbers that help nobody. So an entry has the page
that the glossary names, and the sections that use the term most.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from tfnotes.book.book import Book, Chapter, Element, Term, make, text_of

PLACES = 6
"""Places of an entry, besides the one that explains it."""
_SKIPPED = {"pre", "code", "math", "h1", "h2", "h3", "h4", "table", "a", "figure"}
_HEADINGS = ("h2", "h3")


def mark_terms(book: Book, glossary: str) -> None:
    """Fills the book's index, and marks the places it leads to.

    Args:
        book: The book, its links resolved.
        glossary: The page that has the terms; without it the index stays empty.
    """
    page = next((chapter for chapter in book.chapters if chapter.name == glossary), None)
    if page is None:
        return
    terms = {term.text: term for term in _terms(page, book.language)}
    pattern = _pattern(list(terms), book.language)
    counts: dict[str, list[tuple[int, int, Element]]] = defaultdict(list)
    order = 0
    for chapter in book.chapters:
        if chapter is page:
            continue
        for section in _sections(chapter):
            found: dict[str, tuple[int, Element]] = {}
            for block in section:
                for match in pattern.finditer(_prose(block)):
                    name = _named(match[0], terms, book.language)
                    number, first = found.get(name, (0, block))
                    found[name] = (number + 1, first)
            order += 1
            for name, (number, first) in found.items():
                counts[name].append((number, order, first))
    for name, places in counts.items():
        best = sorted(
            sorted(places, key=lambda one: (-one[0], one[1]))[:PLACES], key=lambda o: o[1]
        )
        for count, (_, _, block) in enumerate(best):
            term = terms[name]
            identity = f"index--{list(terms).index(name)}-{count}"
            mark = make("span")
            mark.set("id", identity)
            mark.set("class", "indexed")
            mark.tail, block.text = block.text, None
            block.insert(0, mark)
            term.places.append(identity)
    book.terms = sorted(
        (term for term in terms.values() if term.places or term.main), key=lambda term: term.key
    )


def _terms(page: Chapter, language: str) -> Iterator[Term]:
    """The glossary's rows: its tables have the terms in both languages, the own one first."""
    for row in page.body.iter("tr"):
        cells = row.findall("td")
        if len(cells) < 3:
            continue
        text = text_of(cells[0]).strip()
        link = cells[-1].find(".//a")
        href = link.get("href") if link is not None else ""
        if text:
            main = href.removeprefix("#") if href.startswith("#") else ""
            yield Term(text, _key(text, language), main)


def _key(text: str, language: str) -> str:
    """Sorting: Chinese by pronunciation, as GB 2312 has its common characters."""
    if language == "zh":
        return text.encode("gb18030").hex() if ord(text[0]) > 127 else f"  {text.lower()}"
    return text.lower()


def _pattern(terms: list[str], language: str) -> re.Pattern[str]:
    longest_first = sorted(terms, key=len, reverse=True)
    if language == "zh":
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?:s|es)?\b", re.IGNORECASE)


def _named(found: str, terms: dict[str, Term], language: str) -> str:
    """The term that a piece of text is a form of."""
    lower = {name.lower(): name for name in terms}
    for form in (found.lower(), found.lower().removesuffix("s"), found.lower().removesuffix("es")):
        if form in lower:
            return lower[form]
    return found


def _sections(chapter: Chapter) -> Iterator[list[Element]]:
    """The paragraphs of each section."""
    section: list[Element] = []
    for block in chapter.body.iter():
        if block.tag in _HEADINGS:
            yield section
            section = []
        elif block.tag in ("p", "li") and not block.get("class") and not _in_table(block):
            section.append(block)
    yield section


def _prose(block: Element) -> str:
    """A paragraph's text without code and formulas; of a list item, what is not in a paragraph."""
    parts = [block.text or ""]
    for child in block:
        if child.tag not in _SKIPPED and child.tag not in ("p", "ul", "ol"):
            parts.append(_prose(child))
        else:
            parts.append(" \u241f ")
        parts.append(child.tail or "")
    return "".join(parts)


def _in_table(block: Element) -> bool:
    """Whether a paragraph is one of the ledger's notes, which name everything."""
    return bool(block.getparent().tag == "td")
