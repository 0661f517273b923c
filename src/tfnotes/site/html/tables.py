"""Tables a screen reader can follow: a header that heads nothing is an empty cell, not a header."""

import re
from xml.etree import ElementTree

from markdown.treeprocessors import Treeprocessor

_EMPTY = re.compile(r"<th(?P<attributes>[^>]*)>\s*</th>")


class EmptyHeaders(Treeprocessor):  # type: ignore[misc]  # Markdown ships no types
    """Turns header cells without content into plain cells."""

    def run(self, root: ElementTree.Element) -> None:
        """Changes them in a page's own tables."""
        for header in root.iter("th"):
            if not len(header) and not (header.text or "").strip():
                header.tag = "td"


def without_empty_headers(html: str) -> str:
    """The same for the HTML of a value, a DataFrame's say."""
    return _EMPTY.sub(r"<td\g<attributes>></td>", html)
