"""What an exception says, with what went wrong on its first line."""

import re

from tfnotes.core.scrub import scrub


def message_of(text: str, name: str) -> str:
    """An exception's text; TensorFlow's own errors end in a graph traceback that is left out.

    Args:
        text: ``str(error)``.
        name: The name of its type.

    Returns:
        The text; AutoGraph, Keras and graphs say first where it happened, that comes after it here.
    """
    ends = r"\n\nOriginal stack trace|\nDetected at node|\n\n<tf\.Tensor .* was defined here:\n"
    told = _reason_in_a_graph(text)
    text = re.split(ends, text)[0].strip().removesuffix("name:").rstrip()
    if text.startswith("in user code:"):
        told = (re.findall(rf"^ +{re.escape(name)}: (.+)$", text, re.MULTILINE) or [""])[-1]
    elif text.startswith("Exception encountered when calling "):
        told = [*text.split("\n\n"), ""][1].strip()
        text = text.replace(f"\n\n{told}", "", 1)
    return f"{scrub(told, {})}\n\n{text}" if told else text


def _reason_in_a_graph(text: str) -> str:
    """What a graph that failed says after the places where its nodes were defined."""
    if not text.startswith("Graph execution error:"):
        return ""
    after = re.split(r"^  File .*$", text, flags=re.MULTILINE)[-1]
    reason = re.split(r"\n\s*\[\[|\[Op:", after)[0].strip()
    several = re.match(r"\d+ root error\(s\) found\.\s+\(0\) (.*)", reason, re.DOTALL)
    return several[1].strip() if several else reason
