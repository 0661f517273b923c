"""Console fences: commands after ``$ ``, what they print below."""

import re
import shlex
from dataclasses import dataclass

from tfnotes.check.finding import Finding
from tfnotes.core.fences import find_fences

PROMPT = re.compile(r"^\s*\$ (?P<command>.*)$")
_CHEAP = (
    re.compile(r"python3? (-c |-V$|--version$)"),
    re.compile(r"(python3? -m )?pip (--version|config (list|debug)$)"),
    re.compile(r"tfnotes( [a-z]+)? --help$"),
    re.compile(r"tfnotes version$"),
)
"""Commands that a test runs: they take a moment and change nothing."""
_JOINED = re.compile(r"[|&;<>`]|\$\(")


@dataclass(frozen=True)
class Command:
    """One command of a console fence."""

    line: int
    text: str
    """The command; continued lines are joined."""
    output: str
    """What the page shows below it, ``""`` if nothing."""

    @property
    def cheap(self) -> bool:
        """Whether a test may run it."""
        return any(pattern.match(self.text) for pattern in _CHEAP) and not _JOINED.search(
            re.sub(r"'[^']*'|\"[^\"]*\"", "", self.text)
        )


def find_commands(text: str) -> list[Command]:
    """Finds the commands in a page's console fences.

    Args:
        text: The whole file.

    Returns:
        The commands with their lines in the file.
    """
    found = []
    for fence in find_fences(text):
        if fence.language == "console":
            found += _commands(fence.body.split("\n"), fence.line + 1)
    return found


def check_console(where: str, text: str) -> list[Finding]:
    """Reports console fences that no shell could read.

    Args:
        where: The page's file, for messages.
        text: The whole file.

    Returns:
        Fences without a command, and commands that do not parse.
    """
    findings = []
    for fence in find_fences(text):
        if fence.language == "console" and not _commands(fence.body.split("\n"), fence.line + 1):
            hint = 'put "$ " before each command, or use a text fence'
            findings.append(Finding(where, fence.line, "a console fence without a command", hint))
    for command in find_commands(text):
        try:
            empty = not shlex.split(command.text, comments=True)
        except ValueError as error:
            message = f'the shell cannot read "{command.text}" ({str(error).lower()})'
            findings.append(Finding(where, command.line, message, "close what is open"))
            continue
        if empty:
            findings.append(
                Finding(where, command.line, "an empty command", "write one, or drop the line")
            )
    return findings


def _commands(lines: list[str], first: int) -> list[Command]:
    found: list[Command] = []
    number = 0
    while number < len(lines):
        match = PROMPT.match(lines[number])
        if not match:
            number += 1
            continue
        start, text = number, match["command"]
        number += 1
        while text.endswith("\\") and number < len(lines):
            text = text[:-1] + lines[number].strip().removeprefix("> ")
            number += 1
        end = number
        while end < len(lines) and not PROMPT.match(lines[end]):
            end += 1
        output = "\n".join(lines[number:end]).strip("\n")
        found.append(Command(first + start, text, output))
        number = end
    return found
