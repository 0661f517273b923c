"""Links to TensorFlow's API pages: which symbols they name."""

import re
from dataclasses import dataclass

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code, find_links
from tfnotes.core.pages import Page

_API = re.compile(
    r"^https?://(?:www\.)?tensorflow\.(?:org|google\.cn)/(?:versions/[^/]+/)?api_docs/python/(?P<path>[\w/.]+?)/?"
    r"(?:\?[^#]*)?(?:#(?P<member>\w+))?$"
)
_OTHER = re.compile(r"^https://www\.tensorflow\.org/(?:datasets|hub|text|probability)/api_docs/")
"""Pages of packages beside TensorFlow, which have a form of their own."""
_HOME = "https://www.tensorflow.org/api_docs/python/"
_SECTIONS = (
    "args",
    "attributes",
    "raises",
    "returns",
    "methods",
    "used-in-the-notebooks",
    "example",
    "usage",
)


@dataclass(frozen=True)
class ApiLink:
    """A link to a symbol's page."""

    path: str
    line: int
    symbol: str
    """The dotted name, such as ``tf.keras.Model.fit``."""


def find_api_links(page: Page) -> list[ApiLink]:
    """Finds a page's links to TensorFlow's API pages; a test looks the symbols up."""
    found = []
    for link in find_links(blank_code(page.text, page.fences, page.body_line)):
        match = _API.match(link.target)
        if match:
            symbol = match["path"].replace("/", ".")
            member = match["member"]
            if member and member.lower() not in _SECTIONS:
                symbol += f".{member}"
            found.append(ApiLink(page.where, link.line, symbol))
    return found


def check_api_links(page: Page) -> list[Finding]:
    """Reports API links that are not written in the one form that tests can look up."""
    findings = []
    for link in find_links(blank_code(page.text, page.fences, page.body_line)):
        if "api_docs/python" not in link.target or _OTHER.match(link.target):
            continue
        match = _API.match(link.target)
        if not link.target.startswith(_HOME) or match is None or "." in match["path"]:
            hint = f"write {_HOME}tf/…, the symbol's name with slashes"
            findings.append(Finding(page.where, link.line, f'API link "{link.target}"', hint))
    return findings
