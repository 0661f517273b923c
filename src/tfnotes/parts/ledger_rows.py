"""MkDocs hook: what is folded on the ledger's page comes when it is unfolded.

The 400 rows are 110 kB compressed, of which a reader wants one or two. So the page keeps their
lines, a script beside it (``ledger-rows.js``) has what unfolds and what the filter looks messages
up in, and the page as it was written
stands beside it too, for readers without scripts (``ledger-all.html``).
"""

import json
import re
from pathlib import Path
from typing import Any

from tfnotes.core.files import write_atomic
from tfnotes.ledger.lookup import index_of
from tfnotes.ledger.page import read_ledger
from tfnotes.site.html.words import say

ALL = "ledger-all.html"
SCRIPT = "ledger-rows.js"
_BODY = re.compile(
    r'(<div class="tf-row-body" id="(?P<row>[^"]+)">)(?P<body>.*?)(?=</div></details>)', re.DOTALL
)
_INDEXED = "<head>"


def on_post_page(output: str, *, page: Any, config: Any) -> str:
    """Takes the rows out of the page that has them."""
    if 'class="tf-row-body"' not in output:
        return output
    place = Path(config.site_dir) / page.file.dest_uri
    place.parent.mkdir(parents=True, exist_ok=True)
    rest, rows = take_out(output, config.theme["language"])
    whole = output.replace(_INDEXED, f'{_INDEXED}<meta name="robots" content="noindex">', 1)
    write_atomic(place.with_name(ALL), whole)
    index = index_of(*read_ledger()).as_json()
    scripts = {"tfLedgerRows": rows, "tfLedgerIndex": index}
    text = "".join(
        f"window.{name}={json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n"
        for name, content in scripts.items()
    )
    write_atomic(place.with_name(SCRIPT), text)
    return rest


def take_out(html: str, language: str) -> tuple[str, dict[str, str]]:
    """Splits the ledger's page.

    Args:
        html: The page.
        language: Its language.

    Returns:
        The page with a link in the place of each row's content, and the contents by row.
    """
    rows: dict[str, str] = {}

    def replace(found: re.Match[str]) -> str:
        rows[found["row"]] = found["body"]
        link = f'<a href="{ALL}#{found["row"]}">{say(language, "ledger-unfold")}</a>'
        return f"{found[1]}{link}"

    return _BODY.sub(replace, html), rows
