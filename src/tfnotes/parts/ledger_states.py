"""What releases did with the old code of a row, in spans and words."""

from html import escape

from tfnotes.ledger.outcomes import release_order
from tfnotes.parts.releases import ReleaseState
from tfnotes.site.html.words import say

_BROKEN = ("fails", "differs")


def spans(states: list[ReleaseState]) -> list[ReleaseState]:
    """Neighbouring releases that did the same as one; their words stand below the strip."""
    spans: list[tuple[str, list[str]]] = []
    for one in states:
        if not spans or spans[-1][0] != one.state:
            spans.append((one.state, []))
        spans[-1][1].append(one.release)
    return [ReleaseState(_span(releases), state) for state, releases in spans]


def _span(releases: list[str]) -> str:
    return releases[0] if len(releases) == 1 else f"{releases[0]}–{releases[-1]}"


def elsewhere(states: list[ReleaseState], today: str, language: str) -> str:
    """What releases said where it was not what today's says; neighbours that agree together."""
    groups: list[tuple[str, list[str]]] = []
    for one in states:
        if not groups or groups[-1][0] != one.title:
            groups.append((one.title, []))
        groups[-1][1].append(one.release)
    items = []
    for title, releases in groups:
        if title and title != today:
            items.append(
                f"<li>{_span(releases)}{say(language, 'separator')}<code>{escape(title)}</code></li>"
            )
    return f'<ul class="tf-elsewhere">{"".join(items)}</ul>' if items else ""


def broke_in(states: list[ReleaseState]) -> tuple[str, str] | None:
    """Where the code broke for good.

    Args:
        states: What each release did, oldest first.

    Returns:
        The last release that was right and the first broken one; None if the newest is not broken
        or none was right.
    """
    known = [one for one in states if one.state != "none"]
    broken = ""
    for one in reversed(known):
        if one.state not in _BROKEN:
            return (one.release, broken) if broken else None
        broken = one.release
    return None


def since(states: list[ReleaseState], language: str) -> str:
    """The release that broke the code, in words; empty if none did."""
    found = broke_in(states)
    if found is None:
        return ""
    whole, broken = found
    (major, minor), (later, first) = release_order(whole), release_order(broken)
    # The last release of TensorFlow 1 is 1.15; what lies between two measured ones is not known.
    near = (later, first) in ((major, minor + 1), (2, 0) if (major, minor) == (1, 15) else None)
    text = say(language, "ledger-since" if near else "ledger-between")
    kind = "tf-since" if near else "tf-since tf-between"
    return f' <span class="{kind}">{escape(text.format(whole=whole, broken=broken))}</span>'
