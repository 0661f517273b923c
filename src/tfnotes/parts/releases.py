"""A strip of TensorFlow releases, and the line under a page that has one.

The ledger's rows have the same strip. What a release did is told by a mark and a colour, and in
words to those who hear the page.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from tfnotes.core.project import Project
from tfnotes.ledger.outcomes import release_order
from tfnotes.releases.results import PageResult, page_digest, read_results
from tfnotes.site.html.words import say

STATES = ("ok", "warns", "differs", "fails", "none")
"""What a release can do with a piece of code; ``none``: it was not measured there."""


class ReleaseState(NamedTuple):
    """What one release did; a plain tuple will do as well."""

    release: str
    state: str
    """One of `STATES`."""
    title: str = ""
    """More about it, shown by a pointer that rests there; words that must be read stand elsewhere
    too."""


def release_strip(results: Iterable[ReleaseState | tuple[str, str, str]], language: str) -> str:
    """The strip.

    Args:
        results: What each release did, in the order to show.
        language: The page's language.

    Returns:
        One inline element; ``""`` if there is no release.
    """
    states = [ReleaseState(*result) for result in results]
    if not states:
        return ""
    parts = [
        f'<i class="{state}"{_title(title)}>{escape(release)}</i>'
        for release, state, title in states
    ]
    spoken = f"TensorFlow {_spoken(states, language)}"
    label = escape(spoken, quote=True)
    return f'<span class="tf-strip" role="img" aria-label="{label}">{"".join(parts)}</span>'


def page_footer(project: Project, name: str, language: str) -> str:
    """What a page says below its text about other releases.

    Args:
        project: The checkout.
        name: The page's name.
        language: The page's language.

    Returns:
        HTML; ``""`` if the page's code as it stands has run on no release.

    Raises:
        TfnotesError: The results or the page cannot be read.
    """
    results = read_results(project).get(name, {})
    digest = page_digest(project, name) if results else ""
    current = {release: one for release, one in results.items() if one.digest == digest}
    if not current:
        return ""
    order = sorted(results, key=release_order)
    states = [_state(release, current.get(release), language) for release in order]
    lines = [
        f"<li>{_about(release, current[release], language)}</li>"
        for release in order
        if release in current and current[release].state != "ok"
    ]
    label = escape(say(language, "releases-run"))
    more = f"<ul>{''.join(lines)}</ul>" if lines else ""
    strip = release_strip(states, language)
    return f'<div class="tf-releases" data-search-exclude="1"><p>{label} {strip}</p>{more}</div>'


def _state(release: str, result: PageResult | None, language: str) -> ReleaseState:
    if result is None:
        return ReleaseState(release, "none", say(language, "releases-stale"))
    versions = [("TensorFlow", "tensorflow"), ("Keras", "keras"), ("Python", "python")]
    made = [f"{title} {result.made[name]}" for title, name in versions if result.made.get(name)]
    title = " · ".join([result.made.get("date", ""), *made, ", ".join(result.differs)])
    return ReleaseState(release, result.state, title.strip(" ·"))


def _about(release: str, result: PageResult, language: str) -> str:
    """One sentence about a release on which not all is the same."""
    text = f"TensorFlow {release}{say(language, 'separator')}"
    if keras := result.made.get("keras"):
        text = escape(say(language, "releases-with").format(release=release, keras=keras))
    if result.failed:
        words = say(language, "releases-failed")
        text += escape(words.format(ran=result.blocks, of=result.of))
        return f"{text}<code>{escape(_short(result.failed['error']))}</code>"
    count = len(result.differs)
    word = "releases-differs-one" if count == 1 else "releases-differs"
    return text + escape(say(language, word).format(count=count, of=result.of))


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"


def _spoken(states: Sequence[ReleaseState], language: str) -> str:
    """All of it in words, releases that did the same together."""
    comma, semicolon = say(language, "comma"), say(language, "semicolon")
    groups: list[tuple[str, list[str]]] = []
    for release, state, _ in states:
        if not groups or groups[-1][0] != state:
            groups.append((state, []))
        groups[-1][1].append(release)
    said = [
        comma.join(releases) + say(language, "separator") + say(language, f"release-{state}")
        for state, releases in groups
    ]
    return semicolon.join(said)


def _title(text: str) -> str:
    return f' title="{escape(text, quote=True)}"' if text else ""
