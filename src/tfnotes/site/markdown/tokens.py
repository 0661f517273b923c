"""Highlighted code without the tokens that have no colour of their own.

They are two thirds of all elements of a page, and what keeps a phone busy while it loads.
"""

import re

from markdown.postprocessors import Postprocessor

_PLAIN = re.compile(r'<span class="(?:n|nn|o|p|w|err)">([^<]*)</span>')


def without_plain_tokens(html: str) -> str:
    """Pygments' HTML with names, operators, punctuation and white space as plain text."""
    return _PLAIN.sub(r"\1", html)


class PlainTokens(Postprocessor):  # type: ignore[misc]  # Markdown ships no types
    """Does it to a page."""

    def run(self, text: str) -> str:
        """Returns the page's HTML."""
        return without_plain_tokens(text)
