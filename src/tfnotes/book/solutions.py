"""Solutions, which the site folds: the book has them at the end of their chapter."""

import re

from tfnotes.book.book import Element, anchor, has_class, make, text_of
from tfnotes.book.page import remove, replace
from tfnotes.book.words import say

_NUMBER = re.compile(r"\s*(\d+)\s*[.．、]?")


def collect_solutions(body: Element, name: str, language: str) -> int:
    """Moves every solution to the end of its chapter, with links to and fro.

    Args:
        body: The chapter's text; changed in place.
        name: The chapter's page.
        language: The book's language.

    Returns:
        How many there are.
    """
    folded = [one for one in body.iter("details") if has_class(one, "success")]
    if not folded:
        return 0
    section = make("section")
    section.set("class", "solutions")
    heading = make("h2")
    heading.set("id", "solutions-")
    heading.text = say(language, "solutions")
    section.append(heading)
    seen: set[str] = set()
    for count, solution in enumerate(folded, 1):
        number = _number(solution)
        number = str(count) if number is None or number in seen else number
        seen.add(number)
        summary = solution.find("summary")
        title = text_of(summary).strip() if summary is not None else say(language, "solutions")
        if summary is not None:
            remove(summary)
        here, there = f"exercise-{count}", f"solution-{count}"
        replace(solution, _link("to-solution", here, anchor(name, there), f"{title} {number}"))
        box = make("div")
        box.set("class", "solution")
        head = make("h3")
        head.set("id", there)
        head.text = f"{title} {number}"
        box.append(head)
        box.extend(list(solution))
        box.append(_link("to-exercise", "", anchor(name, here), say(language, "to-exercise")))
        section.append(box)
    body.append(section)
    return len(folded)


def _number(solution: Element) -> str | None:
    """The number of the exercise before a solution: ``**2.** How many …``."""
    before = solution.getprevious()
    while before is not None and before.tag in ("p", "div", "pre"):
        strong = before.find("strong")
        if strong is not None and not (before.text or "").strip():
            found = _NUMBER.fullmatch(text_of(strong))
            return found[1] if found else None
        before = before.getprevious()
    return None


def _link(kind: str, identity: str, target: str, text: str) -> Element:
    paragraph = make("p")
    paragraph.set("class", kind)
    if identity:
        paragraph.set("id", identity)
    link = make("a")
    link.set("href", f"#{target}")
    link.text = text
    paragraph.append(link)
    return paragraph
