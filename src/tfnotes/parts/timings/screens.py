"""A chart is drawn twice, for a wide screen and for a phone; the style sheet shows one of them."""

from collections.abc import Callable, Iterable

from tfnotes.parts.timings.chart import WIDTH, text_width

NARROW = (350.0, 440.0)
"""A phone's chart is drawn at this width, or wider up to the second where labels need it: its
letters, 13 units high, stay above 9 pixels."""


def on_screens(name: str, labels: Iterable[str], draw: Callable[..., str], room: float = 30) -> str:
    """Both drawings.

    Args:
        name: Makes ids unique on the page.
        labels: The texts that stand in lines of their own on a phone.
        draw: Draws the chart, given ``name`` and ``wide``.
        room: What a label needs beside its text.
    """
    needed = max((text_width(label) + room for label in labels), default=0.0)
    narrow = min(max(NARROW[0], needed), NARROW[1])
    return draw(name=name, wide=WIDTH) + draw(name=f"{name}n", wide=narrow)
