"""Chinese headings break between words: a ``<wbr>`` where jieba sees the end of one.

Browsers break Chinese after any character, which in a title of two lines leaves half a word on the
second. The style sheet tells them to break at these places only.
"""

import logging
import re
from xml.etree import ElementTree

from tfnotes.site.markdown.context import PageTreeprocessor

_HAN = re.compile(r"[\u4e00-\u9fff]{3,}")
_HEADINGS = ("h1", "h2", "h3")


class HeadingBreaks(PageTreeprocessor):
    """Puts the places into a page's headings."""

    def run(self, root: ElementTree.Element) -> None:
        """Changes the headings of a Chinese page."""
        page = self.context.page
        language = page.language if page is not None else self.context.language
        if language == "zh":
            for tag in _HEADINGS:
                for heading in root.iter(tag):
                    _break(heading)


def _break(heading: ElementTree.Element) -> None:
    first, *rest = words(heading.text or "")
    children = list(heading)
    for child in children:
        heading.remove(child)
    heading.text = first
    _append(heading, rest)
    for child in children:
        after, *more = words(child.tail or "")
        child.tail = after
        heading.append(child)
        _append(heading, more)


def _append(heading: ElementTree.Element, texts: list[str]) -> None:
    for text in texts:
        ElementTree.SubElement(heading, "wbr").tail = text


def words(text: str) -> list[str]:
    """A text cut where it may be broken; one piece if it is nowhere.

    A mark of punctuation stays with the word before it.
    """
    if not _HAN.search(text):
        return [text]
    import jieba

    jieba.setLogLevel(logging.WARNING)
    pieces: list[str] = []
    for word in jieba.cut(text):
        joins = not pieces or not re.match(r"[\w]", word) or not re.search(r"[\w，。：；！？、）”]$", pieces[-1])
        if joins and pieces:
            pieces[-1] += word
        else:
            pieces.append(word)
    return pieces or [text]
