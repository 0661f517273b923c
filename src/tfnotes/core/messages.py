"""What an exception says, with what went wrong on its first line."""

import re

from tfnotes.core.scrub import scrub


def message_of(text: str, name: str) -> str:
    """An exception's text; TensorFlow's own errors end in a graph traceback that is left out.

    Args:
        text: ``str(error)``.
        name: The name of its type.

    Returns:
        The text; AutoGraph and Keras say first where it happened, that comes after it here.
    """
    ends = r"\n\nOriginal stack trace|\nDetected at node|\n\n<tf\.Tensor .* was defined here:\n"
    text = re.split(ends, text)[0].strip().removesuffix("name:").rstrip()
    told = ""
    if text.startswith("in user code:"):
        told = (re.findall(rf"^ +{re.escape(name)}: (.+)$", text, re.MULTILINE) or [""])[-1]
    elif text.startswith("Exception encountered when calling "):
        told = [*text.split("\n\n"), ""][1].strip()
        text = text.replace(f"\n\n{told}", "", 1)
    return f"{scrub(told, {})}\n\n{text}" if told else text
