"""The ledger's page: a list of rows where a page has a line ``<!-- ledger: GROUP -->``.

A row is one line that unfolds. Its name is a heading, so that the site's search finds rows; the
anchor, the row's identity, is inside, so that a browser that is sent there unfolds it, with or
without a script. ``<!-- ledger: filter -->`` is filled by the site's script,
``<!-- ledger: summary -->`` counts the rows and names the releases.
"""

from collections import Counter
from html import escape
from pathlib import Path

import markdown
from markdown import Markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tfnotes.core.errors import PageError
from tfnotes.core.pages import Page
from tfnotes.ledger.outcomes import PINNED, SIDES, Ledger, Outcome, release_order, state
from tfnotes.ledger.page import PLACEHOLDER, ledger_files, read_ledger, row_anchors
from tfnotes.ledger.rows import GROUPS, OUTCOMES, Row
from tfnotes.parts.ledger_states import broke_in, elsewhere, since, spans
from tfnotes.parts.releases import ReleaseState, release_strip
from tfnotes.site.html.words import say
from tfnotes.site.markdown.context import PageContext, PageProcessor
from tfnotes.site.markdown.tokens import without_plain_tokens

_LEXER, _FORMATTER = PythonLexer(), HtmlFormatter(nowrap=True)


def register(md: Markdown, context: PageContext) -> None:
    """Registers the part."""
    md.preprocessors.register(LedgerTables(md, context), "tfnotes-ledger", 22)
    md.preprocessors.register(LedgerAnchors(md, context), "tfnotes-anchors", 20.5)  # MkDocs: 21


def sources(page: Page) -> list[Path]:
    """The files that the tables of a page are made from; none if it has no table."""
    asks = any(PLACEHOLDER.match(line) for line in page.body.split("\n"))
    return ledger_files() if asks else []


class LedgerTables(PageProcessor):
    """Replaces the placeholders of a page."""

    def run(self, lines: list[str]) -> list[str]:
        """Puts the rows of a group, the summary or the place of the filter.

        Raises:
            PageError: There is no such group.
        """
        page = self.context.page
        if page is None or not any(PLACEHOLDER.match(line) for line in lines):
            return lines
        rows, ledger = read_ledger()
        result = []
        for line in lines:
            found = PLACEHOLDER.match(line)
            if found is None:
                result.append(line)
                continue
            what = found["what"]
            if what == "summary":
                html = render_summary(rows, ledger, page.language)
            elif what == "filter":
                html = '<div class="tf-filter" hidden></div>'
            elif what in GROUPS:
                html = render_group([r for r in rows if r.group == what], ledger, page.language)
            else:
                known = ", ".join(("summary", "filter", *GROUPS))
                raise PageError(
                    page.where,
                    page.text.split("\n").index(line) + 1,
                    f"no group {what!r} in the ledger; write one of {known}",
                )
            result += ["", self.stash(html), ""]
        return result


class LedgerAnchors(PageProcessor):
    """Tells MkDocs which anchors the tables have; it looks at a page's own text only.

    It runs after MkDocs' own preprocessor, which keeps what it found in ``present_anchor_ids``.
    """

    def run(self, lines: list[str]) -> list[str]:
        """Adds the rows of the page."""
        page = self.context.page
        found = row_anchors(page.body) if page is not None else set()
        for other in self.md.preprocessors:
            if hasattr(other, "present_anchor_ids"):
                other.present_anchor_ids |= found
        return lines


def render_summary(rows: list[Row], ledger: Ledger, language: str) -> str:
    """How many rows there are of each outcome, and on which releases they were run."""
    counts = Counter(row.outcome for row in rows)
    parts = [
        f'<li><b class="tf-outcome {outcome}">{escape(say(language, f"ledger-{outcome}"))}</b> '
        f"{counts[outcome]}</li>"
        for outcome in OUTCOMES
        if counts[outcome]
    ]
    broken = Counter(found[1] for row in rows if (found := broke_in(_states(row, ledger))))
    order = sorted(ledger.releases, key=release_order)
    steps = say(language, "comma").join(
        f"{release} ({broken[release]})" for release in order if broken[release]
    )
    where = escape(say(language, "ledger-broken").format(steps=steps))
    made = [
        f"<li>{escape(_versions(ledger.releases[release], language))}</li>" for release in order
    ]
    total = escape(say(language, "ledger-rows").format(count=len(rows)))
    title = escape(say(language, "ledger-releases").format(count=len(order)))
    return (
        f'<div class="tf-ledger-summary"><p>{total}</p><ul>{"".join(parts)}</ul><p>{where}</p>'
        f"<details><summary>{title}</summary><ul>{''.join(made)}</ul></details></div>"
    )


def _versions(made: dict[str, str], language: str) -> str:
    names = (("TensorFlow", "tensorflow"), ("Keras", "keras"), ("Python", "python"))
    known = [f"{title} {made[name]}" for title, name in names if made.get(name)]
    return " · ".join([*known, made["date"]])


def render_group(rows: list[Row], ledger: Ledger, language: str) -> str:
    """The list of a group's rows."""
    # A browser leaves out what is not on the screen if it is told about how tall it will be.
    body = "".join(render_row(row, ledger, language) for row in rows)
    return f'<div class="tf-ledger" style="--rows:{len(rows)}">{body}</div>'


def render_row(row: Row, ledger: Ledger, language: str) -> str:
    """One row: what was written, what happens to it today and where it broke, what to write."""
    states = _states(row, ledger)
    link = escape(say(language, "permalink"))
    outcome = escape(say(language, f"ledger-{row.outcome}"))
    line = (
        f'<h3 data-anchor="{row.id}"><code>{escape(row.api)}</code></h3>'
        f'<b class="tf-outcome {row.outcome}">{outcome}</b>{since(states, language)}'
    )
    now, meant = (ledger.of(row, side).get(PINNED) for side in SIDES)
    said = now.said if now else ""
    old = _label("ledger-old", language) + _code(row.old) + _said(row, now, meant)
    old += f"<div data-search-exclude>{release_strip(spans(states), language)}"
    old += f"{elsewhere(states, said, language)}</div>"
    new = _label("ledger-new", language) + (
        _code(row.new) if row.new else f"<p>{escape(say(language, 'ledger-nothing'))}</p>"
    )
    note = markdown.markdown(row.note[language])
    return (
        f'<details class="tf-row" data-outcome="{row.outcome}"><summary>{line}</summary>'
        f'<div class="tf-row-body" id="{row.id}"><div class="tf-old">{old}</div>'
        f'<div class="tf-new">{new}{note}<p><a href="#{row.id}">{link}</a></p></div></div></details>'
    )


def _label(word: str, language: str) -> str:
    return f'<p class="tf-row-label" data-search-exclude>{escape(say(language, word))}</p>'


def _states(row: Row, ledger: Ledger) -> list[ReleaseState]:
    """What each release does with the old code, oldest first."""
    meant = ledger.of(row, "new").get(PINNED)
    return [
        ReleaseState(release, state(one, row, meant.value if meant else None), one.said)
        for release, one in ledger.of(row).items()
    ]


def _said(row: Row, old: Outcome | None, new: Outcome | None) -> str:
    """The error or warning, or the two values that differ."""
    if old is None:
        return ""
    if row.outcome == "different" and new is not None:
        return f"<pre>{escape(_value(old))}  ≠  {escape(_value(new))}</pre>"
    return f"<pre>{escape(old.said)}</pre>" if old.said else ""


def _value(outcome: Outcome) -> str:
    text = str(outcome.value)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _code(code: str) -> str:
    """Highlighted code; the span keeps the theme from making a widget of each of 700 blocks."""
    html = without_plain_tokens(highlight(code.strip("\n"), _LEXER, _FORMATTER).rstrip("\n"))
    return (
        '<div class="language-python highlight tf-snippet">'
        f"<pre><span><code>{html}</code></span></pre></div>"
    )
