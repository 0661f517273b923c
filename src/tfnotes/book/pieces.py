"""The pieces of a page as the book has them: a block and its output are one ``div.cell``.

Afterwards there are only these classes: ``cell`` with ``pre.code``, ``pre.out``, ``figure``,
tables and ``p.note`` (what the site's quiet line says where it says something special);
``p.label`` above what the site folds; ``aside.admonition``; ``span.footnote``; ``releases``.
"""

import re

from tfnotes.book.book import Element, has_class, make, text_of
from tfnotes.book.listing import settle_code, settle_output
from tfnotes.book.page import remove, replace, unwrap
from tfnotes.book.words import say

SIGNS = {"ok": "✓", "warns": "!", "differs": "≠", "fails": "✕", "none": "–"}
"""What the site's style sheet puts behind a release."""
_USUAL = re.compile(r"\d{4}-\d\d-\d\d|(TensorFlow|Keras) [\d.]+|CPU")
"""Facts that most records share: the book gives them once, at its beginning."""
_KEPT = ("cell", "releases", "stand-in", "missing")


def settle(body: Element, language: str) -> set[str]:
    """Turns a page's text into the book's pieces.

    Args:
        body: The page's text; changed in place.
        language: The book's language.

    Returns:
        The usual facts of the page's records: dates and versions.
    """
    facts: set[str] = set()
    for element in list(body.iter()):
        if element.getparent() is None and element is not body:
            continue
        if element.tag == "div":
            _settle_div(element)
        elif element.tag == "details":
            _settle_details(element, language)
        elif element.tag == "span":
            _settle_span(element)
        elif has_class(element, "tf-badge"):
            facts |= _settle_badge(element)
    _footnotes(body)
    for element in list(body.iter("div", "figure", "table", "td", "th", "p", "code", "a", "img")):
        _plain(element)
    return facts


def _settle_div(element: Element) -> None:
    if has_class(element, "tf-block"):
        element.set("class", "cell")
    elif has_class(element, "highlight"):
        settle_code(element)
    elif has_class(element, "tf-text"):
        settle_output(element)
    elif has_class(element, "tabbed-set"):
        _tabs(element)
    elif has_class(element, "admonition"):
        element.tag = "aside"
    elif has_class(element, "tf-math"):
        _formula(element)
    elif has_class(element, "tf-releases"):
        element.set("class", "releases")
    elif has_class(element, "tf-missing", "tf-not-run"):
        element.set("class", "missing")


def _settle_details(element: Element, language: str) -> None:
    """What a screen folds stands open, with its summary as a label; a fold of code needs none."""
    if has_class(element, "success"):
        return  # A solution: `solutions` moves it.
    summary = element.find("summary")
    inside_chart = has_class(element.getparent(), "tf-timing")
    if has_class(element, "tf-code") and inside_chart:
        remove(element)  # The figures behind a chart.
        return
    if summary is not None:
        if has_class(element, "tf-code"):
            remove(summary)
        else:
            summary.tag = "p"
            summary.set("class", "label")
            if has_class(element, "tf-predict"):
                summary.text = say(language, "predict")
    element.set("class", "stand-in" if has_class(element, "tf-stand-in") else "")
    element.tag = "div"


def _settle_span(element: Element) -> None:
    if has_class(element, "tf-math"):
        _formula(element)
    elif has_class(element, "tf-strip"):
        for release in element.iter("i"):
            sign = SIGNS.get(release.get("class") or "", "")
            release.text = f"{(release.text or '').strip()}\u00a0{sign} "
            release.tag = "span"
            release.attrib.clear()
        element.attrib.clear()
        element.set("class", "strip")


def _tabs(element: Element) -> None:
    """Tabs one after the other, each with its label above."""
    labels = [text_of(one) for one in element.iter("label")]
    blocks = [one for one in element.iter("div") if has_class(one, "tabbed-block")]
    for label, block in zip(labels, blocks, strict=False):
        head = make("p")
        head.set("class", "label")
        head.text = label
        block.insert(0, head)
    for names in [one for one in element.iter("div") if has_class(one, "tabbed-labels")]:
        remove(names)


def _formula(element: Element) -> None:
    """The MathML of a formula, with its TeX in ``data-tex``."""
    found = next(element.iter("math"), None)
    if found is None:
        return
    tex = next(found.iter("annotation"))
    found.set("data-tex", tex.text or "")
    remove(tex)
    for semantics in list(found.iter("semantics")):
        unwrap(semantics)
    found.set("xmlns", "http://www.w3.org/1998/Math/MathML")
    replace(element, found)


def _settle_badge(element: Element) -> set[str]:
    """Keeps of a badge what not every output has: another device, the data, what is not compared."""
    usual = set()
    if not has_class(element.getparent(), "tf-timing", "tf-shot"):
        for fact in list(element):
            text = text_of(fact)
            if _USUAL.fullmatch(text):
                usual.add(text)
                remove(fact)
    if not len(element):
        remove(element)
        return usual
    element.set("class", "note")
    for fact in list(element)[1:]:
        before = fact.getprevious()
        before.tail = " · "
    return usual


def _footnotes(body: Element) -> None:
    """Puts each footnote's text where its number stands; the formats number them anew."""
    notes = {
        one.get("id"): one for one in body.iter("li") if (one.get("id") or "").startswith("fn:")
    }
    for number in [one for one in body.iter("a") if has_class(one, "footnote-ref")]:
        note = notes[(number.get("href") or "").removeprefix("#")]
        place = make("span")
        place.set("class", "footnote")
        for back in [one for one in note.iter("a") if has_class(one, "footnote-backref")]:
            if back.getprevious() is not None:
                back.getprevious().tail = (back.getprevious().tail or "").rstrip("\u00a0 ")
            remove(back)
        paragraph = note.find("p")
        source = paragraph if paragraph is not None else note
        place.text = source.text
        place.extend(list(source))
        replace(number.getparent(), place)
    for list_ in [one for one in body.iter("div") if has_class(one, "footnote")]:
        remove(list_)


def _plain(element: Element) -> None:
    """Drops boxes without a meaning of their own, and attributes that serve a screen."""
    if element.tag in ("td", "th"):
        aligned = re.search(r"text-align:\s*(right|center)", element.get("style") or "")
        element.attrib.pop("align", None)
        if aligned:
            element.set("class", aligned[1])
    for name in ("tabindex", "role", "aria-label", "style", "loading", "decoding", "data-tabs"):
        element.attrib.pop(name, None)
    for name in list(element.attrib):
        if name.startswith("data-search"):
            del element.attrib[name]
    if element.tag == "div" and not has_class(element, *_KEPT):
        identity = element.get("id")
        if identity and len(element) and element[0].get("id") is None:
            element[0].set("id", identity)
        if element.getparent() is not None:
            unwrap(element)
