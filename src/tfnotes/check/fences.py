"""Fences that a reader would take for tested code, and are not."""

import re
from collections.abc import Callable

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code
from tfnotes.core.blocks import LOOKALIKES, OPTIONS, PYTHON
from tfnotes.core.fences import Fence, find_fences
from tfnotes.core.includes import INCLUDE

LITERAL_LINES = 3
"""Longer code belongs into snippets/, where it is linted and shared by both languages."""

_PYTHONISH = (*LOOKALIKES, "python-console", "python-repl", "pyi", "jupyter", "numpy")
_NEAR_PYTHON = re.compile(rf"({'|'.join((*PYTHON, *LOOKALIKES))})[^\w-]")
"""What rustdoc, Gatsby and others write: ``python,ignore``, ``python:title.py``."""
_BACKTICK = re.compile(rf"^\s*`{{3,}}\s*\{{?\s*\.?(?:{'|'.join(PYTHON)})\b[^`]*`(?!``)")
"""CommonMark takes no backtick in the info string: the line is text, and so is the code below."""
_SHELLS = ("bash", "sh", "shell", "zsh", "shell-session", "shellsession", "terminal")
_UNNAMED = ("", "text", "txt", "plain", "plaintext", "none", "output")
_LOOKS_LIKE_PYTHON = re.compile(
    r"^(?:>>> |import \w|from [\w.]+ import |def \w+\(|class \w+[(:]|@tf\.|print\(|\w+ = tf\.)",
    re.MULTILINE,
)


def check_fences(where: str, text: str, body_line: int = 1) -> list[Finding]:
    """Checks every fence of a page by its own words, even where the page as a whole cannot be read.

    Args:
        where: The page's file, for messages.
        text: The whole file.
        body_line: The line after the front matter.

    Returns:
        What to mend.
    """
    fences = find_fences(text)
    findings = [finding for fence in fences for finding in _check_fence(where, fence)]
    for number, line in enumerate(blank_code(text, tuple(fences), body_line), 1):
        if _BACKTICK.match(line):
            message = "a fence with a backtick in its options is not seen as a block"
            findings.append(Finding(where, number, message, "leave the backtick out"))
        if re.match(r"^\s*(?:>|[-*+]\s|\d+[.)]\s).*(?:```|~~~)", line) and not re.search(
            r"```.*```", line
        ):
            message = "a fence behind a list mark or a quote mark is not seen as a block"
            findings.append(
                Finding(where, number, message, "put it on a line of its own, indented")
            )
    return findings


def _check_fence(where: str, fence: Fence) -> list[Finding]:
    def found(message: str, hint: str) -> Finding:
        return Finding(where, fence.line, message, hint)

    if not fence.closed:
        return [found("fence is never closed", "add the closing marker")]
    if fence.language in PYTHON:
        return _check_python(fence, found)
    findings = []
    if near := _NEAR_PYTHON.match(fence.language):
        hint = f'write "{near[1]}" and then options with spaces between; add run="no" why="…" if needed'
        findings.append(
            found(f'a "{fence.language}" fence neither runs nor is it highlighted', hint)
        )
    elif fence.language in _PYTHONISH:
        if fence.options.get("run") != "no" or not fence.options.get("why"):
            hint = 'write "python", or add run="no" why="…"'
            findings.append(found(f'a "{fence.language}" fence looks as if it ran', hint))
    elif fence.language in _SHELLS:
        hint = 'write "console" and put "$ " before commands'
        findings.append(found(f'a "{fence.language}" fence is not checked', hint))
    elif fence.language in _UNNAMED and _LOOKS_LIKE_PYTHON.search(fence.body):
        hint = 'write "python" (add run="no" why="…" if it cannot run)'
        findings.append(found("this looks like Python but neither runs nor says why", hint))
    elif not fence.language:
        findings.append(found("a fence without a language", 'name one, "text" if there is none'))
    return findings


def _check_python(fence: Fence, found: Callable[[str, str], Finding]) -> list[Finding]:
    findings = [
        found(f'unknown fence option "{option}"', f"known: {', '.join(OPTIONS)}")
        for option in fence.options
        if option not in OPTIONS
    ]
    silent = fence.options.get("run") == "no"
    if silent and not fence.options.get("why"):
        findings.append(found('run="no" without why=', "add a reason a reader would accept"))
    if fence.options.get("check") and not fence.options.get("why"):
        findings.append(found("check= without why=", "add a reason a reader would accept"))
    code = [line for line in fence.body.split("\n") if line.strip()]
    if not silent and len(code) > LITERAL_LINES and not any(INCLUDE.match(line) for line in code):
        message = f"{len(code)} lines of code typed into the page"
        findings.append(found(message, "move them to snippets/ and include them"))
    return findings
