"""MkDocs hook: signatures on the API page are read, not copied.

The theme makes a widget of every ``pre > code``, which on a page with 130 signatures keeps a phone
busy for a second. What stands between the two hides them from it.
"""

import re
from typing import Any

_SIGNATURE = re.compile(
    r'(<div class="[^"]*doc-signature[^"]*"><pre>)<span></span>(<code>.*?</code>)(</pre>)',
    re.DOTALL,
)


def on_page_content(html: str, *, page: Any, config: Any, files: Any) -> str:
    """Hides the signatures of a page that has any."""
    return _SIGNATURE.sub(r"\1<span>\2</span>\3", html) if "doc-signature" in html else html
