"""From a record to HTML: what a reader sees under a block of code.

Whatever a block printed is text here, never markup: it is escaped, and its control characters are
dropped (two of them, STX and ETX, are Python-Markdown's own brackets). Only the HTML of a value
that offers it, a DataFrame say, passes as markup, through a sanitiser.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

import nh3

from tfnotes.core.blocks import Block
from tfnotes.core.records import Record
from tfnotes.site.html.figures import inline_picture, inline_svg
from tfnotes.site.html.tables import without_empty_headers
from tfnotes.site.html.words import say

LONG = 24
"""A text with more lines than this is shown folded."""
NARROW = 40
"""What fits into a line on a phone."""
WIDE = 120
"""A line longer than this is a sentence, a warning say: the text is wrapped, not scrolled."""

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_WRAPPED = re.compile(r"(?<=\S)\n(?=[a-z])")
"""Where a sentence goes on in the next line: some messages are wrapped by hand."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_TAGS = nh3.ALLOWED_TAGS - {"img", "a", "map", "area"} | {"table", "colgroup", "col"}
_ATTRIBUTES = {"*": {"class"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}


def clean_text(text: str) -> str:
    """Text as a terminal would leave it: without colours, overwritten lines, control characters."""
    text = _ANSI.sub("", text).replace("\r\n", "\n")
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return _CONTROL.sub("", "\n".join(lines))


class Badges:
    """What a page's badges have said: the first says all, a later one only what is new."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def new(self, facts: dict[str, str]) -> list[str]:
        """The facts that differ from what was said of the same thing before.

        Args:
            facts: HTML by what it is about.
        """
        fresh = [fact for about, fact in facts.items() if fact != self._said.get(about)]
        self._said.update(facts)
        return fresh


def render_outputs(
    block: Block,
    record: Record,
    real: Record | None,
    language: str,
    badges: Badges | None = None,
) -> str:
    """The HTML of a block's outputs.

    Args:
        block: The block, for its display options.
        record: Its record.
        real: Its record on the real data set, where there is one that differs.
        language: The page's language.
        badges: What the page's badges have said so far; each badge says all if None.

    Returns:
        One ``<div>`` or ``<details>``, or ``""`` where there is nothing to show.
    """
    if block.options.get("output") == "hide":
        return ""
    badges = badges or Badges()
    shown = _outputs(block, record if real is None else real, language, badges)
    if real is not None:
        stand_in = _outputs(block, record, language, badges, prefix="s")
        summary = escape(say(language, "on-stand-in"))
        shown += f'<details class="tf-stand-in"><summary>{summary}</summary>{stand_in}</details>'
    if not shown:
        return ""
    if block.options.get("output") == "fold":
        summary = escape(say(language, "predict"))
        return f'<details class="tf-out tf-predict"><summary>{summary}</summary>{shown}</details>'
    return f'<div class="tf-out">{shown}</div>'


def focusable(text: str) -> str:
    """The attribute that lets a keyboard scroll a text, if it can be wider than a phone.

    The theme gives and takes it by measuring, but only of blocks that have come into sight.
    """
    return ' tabindex="0"' if max(map(len, text.split("\n"))) > NARROW else ""


def render_note(text: str, kind: str) -> str:
    """A line under a block that stands where an output would.

    Args:
        text: What to say.
        kind: ``missing`` or ``not-run``; becomes part of the class.
    """
    return f'<div class="tf-out tf-{kind}"><p>{escape(text)}</p></div>'


def _outputs(
    block: Block, record: Record, language: str, badges: Badges, prefix: str = "f"
) -> str:
    parts = [
        _output(block, output, f"{prefix}{record.key[:8]}-{number}", language)
        for number, output in enumerate(_joined(record.outputs))
    ]
    shown = "".join(part for part in parts if part)
    return shown + _badge(block, record, language, badges) if shown else ""


def _output(block: Block, output: dict[str, Any], prefix: str, language: str) -> str:
    kind = output["output_type"]
    if kind == "stream":
        return _text(output["text"], output["name"], say(language, "output"))
    if kind == "error":
        name, message = clean_text(output["ename"]), clean_text(output["evalue"]).strip()
        line = _WRAPPED.sub(" ", message.split("\n\n")[0]).split("\n")[0]
        content = f"<b>{escape(name)}</b>" + (f": {escape(line)}" if line else "")
        return _pre(content, "tf-error", say(language, "error"), excluded=False)
    data = output["data"]
    label = block.options.get("alt") or say(language, "figure")
    if "text/html" in data:
        html = nh3.clean(_CONTROL.sub("", data["text/html"]), tags=_TAGS, attributes=_ATTRIBUTES)
        html = without_empty_headers(html)
        name = escape(say(language, "output"))
        attributes = f'role="group" aria-label="{name}" tabindex="0" data-search-exclude="1"'
        return f'<div class="tf-html" {attributes}>{html}</div>'
    if "image/svg+xml" in data:
        svg = inline_svg(data["image/svg+xml"], prefix, label)
        return f'<figure class="tf-figure" data-search-exclude="1">{svg}</figure>'
    for mime in ("image/webp", "image/png"):
        if mime in data:
            return f'<figure class="tf-figure">{inline_picture(data[mime], mime, label)}</figure>'
    return _text(data.get("text/plain", ""), "value", say(language, "output"))


def _text(text: str, kind: str, label: str) -> str:
    """A stream or a plain value; nothing if it is blank."""
    text = clean_text(text).strip("\n")
    if not text.strip():
        return ""
    lines = text.count("\n") + 1
    long = f' tf-long" data-lines="{lines}' if lines > LONG else ""
    wide = " tf-wide" if max(map(len, text.split("\n"))) > WIDE else ""
    return _pre(escape(text), f"tf-{kind}{wide}{long}", label)


def _pre(content: str, classes: str, label: str, excluded: bool = True) -> str:
    # `highlight`, and code within pre, is what Material gives its copy button to.
    # An error's first line is what people paste into a search box; other output is left out.
    exclude = ' data-search-exclude="1"' if excluded else ""
    return (
        f'<div class="tf-text {classes}" role="group" aria-label="{escape(label)}"{exclude}>'
        f"<pre><code{focusable(content)}>{content}\n</code></pre></div>"
    )


def _joined(outputs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs with neighbouring writes to one stream made one."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            joined[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            joined.append(output)
    return joined


def _badge(block: Block, record: Record, language: str, badges: Badges) -> str:
    """The quiet line that says where an output comes from."""
    made = record.made
    titles = (("date", ""), ("tensorflow", "TensorFlow "), ("keras", "Keras "), ("device", ""))
    facts = {name: title + escape(made[name]) for name, title in titles if made.get(name)}
    colon = say(language, "separator")
    for item in record.data:
        origin = item.get("origin", "")
        name = escape(item.get("name", ""))
        said = escape(say(language, origin)) if origin in ("real", "stand-in") else escape(origin)
        title = f' title="{escape(item["note"])}"' if item.get("note") else ""
        facts[f"data {name}"] = (
            f'<span class="tf-data tf-data-{escape(origin)}"{title}>{said}{colon}{name}</span>'
        )
    shown = badges.new(facts)
    if block.check != "exact":
        word = "not-compared" if block.check == "no" else "form-compared"
        shown.append(escape(say(language, word) + colon + block.why))
    spans = "".join(f"<span>{fact}</span>" for fact in shown)
    return f'<p class="tf-badge" data-search-exclude="1">{spans}</p>' if shown else ""
