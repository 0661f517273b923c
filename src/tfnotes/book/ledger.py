"""The ledger as a compact table: what was written, what happens to it, what to write today.

The rows come from the ledger itself, not from the site's pages: those are made to be filtered.
"""

from collections.abc import Iterable
from html import escape

import markdown
from lxml import html as lxml_html
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tfnotes.book.book import Element
from tfnotes.book.words import say
from tfnotes.ledger.outcomes import PINNED, Ledger, state
from tfnotes.ledger.page import read_ledger
from tfnotes.ledger.rows import Row
from tfnotes.parts.ledger_states import broke_in
from tfnotes.parts.releases import ReleaseState
from tfnotes.site.html.words import say as site_say

_LEXER, _FORMATTER = PythonLexer(), HtmlFormatter(nowrap=True)
LEDGER = "migrate/ledger"
"""The page that takes the rows which no page shows."""


def put_rows(bodies: dict[str, Element], language: str) -> dict[str, str]:
    """Puts compact tables where the pages show the ledger's rows.

    Args:
        bodies: The text of each page, changed in place.
        language: The book's language.

    Returns:
        The page of each row that is in the book.
    """
    rows, ledger = read_ledger()
    if not any(name.startswith(LEDGER) for name in bodies):
        return {}
    known = {row.id: row for row in rows}
    placed: dict[str, str] = {}
    for name, body in bodies.items():
        for group in [one for one in body.iter("div") if one.get("class") == "tf-ledger"]:
            ids = [one.get("id") for one in group.iter() if one.get("id") in known]
            table = compact([known[one] for one in ids], ledger, language)
            table.tail = group.tail
            group.getparent().replace(group, table)
            placed |= dict.fromkeys(ids, name)
    left = [row for row in rows if row.id not in placed]
    if left and LEDGER in bodies:
        heading = lxml_html.Element("h2")
        heading.set("id", "other-rows")
        heading.text = say(language, "other-rows")
        bodies[LEDGER].append(heading)
        bodies[LEDGER].append(compact(left, ledger, language))
        placed |= {row.id: LEDGER for row in left}
    return placed


def compact(rows: Iterable[Row], ledger: Ledger, language: str) -> Element:
    """A table of rows, two columns: then and now."""
    body = "".join(_row(row, ledger, language) for row in rows)
    heads = "".join(f"<th>{say(language, word)}</th>" for word in ("ledger-was", "ledger-now"))
    return lxml_html.fragment_fromstring(
        f'<table class="ledger"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    )


def _row(row: Row, ledger: Ledger, language: str) -> str:
    now = ledger.of(row, "old").get(PINNED)
    since = broke_in(_states(row, ledger))
    release = f" · {say(language, 'from', release=since[1])}" if since else ""
    label = escape(site_say(language, f"ledger-{row.outcome}"))
    said = f'<p class="said"><code>{escape(now.said)}</code></p>' if now and now.said else ""
    new = _code(row.new) if row.new else f"<p>{escape(site_say(language, 'ledger-nothing'))}</p>"
    return (
        f'<tr id="{row.id}"><td><p><b><code>{escape(row.api)}</code></b> · '
        f'<span class="outcome {row.outcome}">{label}{release}</span></p>{_code(row.old)}{said}</td>'
        f"<td>{new}{markdown.markdown(row.note[language])}</td></tr>"
    )


def _states(row: Row, ledger: Ledger) -> list[ReleaseState]:
    """What each release does with the old code, oldest first."""
    meant = ledger.of(row, "new").get(PINNED)
    return [
        ReleaseState(release, state(one, row, meant.value if meant else None), one.said)
        for release, one in ledger.of(row).items()
    ]


def _code(code: str) -> str:
    text = highlight(code.strip("\n"), _LEXER, _FORMATTER).rstrip("\n")
    return f'<pre class="code" data-language="python">{text}</pre>'
