"""The parts of a Markdown page that checks look at: headings, links, prose."""

import re
from dataclasses import dataclass

from tfnotes.core.fences import Fence
from tfnotes.core.markdown import CODE_SPAN, COMMENT, DEFINITION, HEADING, LINK


@dataclass(frozen=True)
class Heading:
    """A heading of a page."""

    line: int
    level: int
    title: str
    anchor: str
    """The anchor given by hand, ``""`` if there is none."""


@dataclass(frozen=True)
class Link:
    """A link or an image of a page."""

    line: int
    target: str
    """As written: path, path with anchor, or URL."""


def blank_code(text: str, fences: tuple[Fence, ...], body_line: int) -> list[str]:
    """The lines of a page with front matter, fences and comments emptied; line numbers stay."""
    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), text)
    lines = text.split("\n")
    for number in range(body_line - 1):
        lines[number] = ""
    for fence in fences:
        for number in range(fence.line - 1, min(fence.end_line, len(lines))):
            lines[number] = ""
    return lines


def find_headings(lines: list[str]) -> list[Heading]:
    """Finds the headings in lines made by `blank_code`."""
    found = []
    for number, line in enumerate(lines, 1):
        match = HEADING.match(line)
        if match:
            anchor = re.search(r"(?:^|\s)#([\w.:-]+)", match["attributes"] or "")
            title = match["title"]
            found.append(Heading(number, len(match["marks"]), title, anchor[1] if anchor else ""))
    return found


def find_links(lines: list[str]) -> list[Link]:
    """Finds links, images and link definitions in lines made by `blank_code`."""
    found = []
    for number, line in enumerate(lines, 1):
        bare = CODE_SPAN.sub("", line)
        reference = DEFINITION.match(bare)
        if reference:
            found.append(Link(number, reference["target"]))
        # A linked image holds a link within its text.
        for match in LINK.finditer(bare):
            found.append(Link(number, match["target"]))
            found += [Link(number, inner["target"]) for inner in LINK.finditer(match["text"])]
    return found


def plain_prose(line: str) -> str:
    """A line as a reader sees it: markup gone, code and math standing in as Latin letters.

    Line structure that separates words (table pipes, list marks) becomes two line breaks, which
    touch nothing.
    """
    line = re.sub(
        r"^\s*(?:[!?]{3}\+?|===\+?!?)\s*[\w -]*", "", line
    )  # admonition, tab: the title stays
    if re.match(r'^\s*"[^"]*"\s*$', line):
        line = line.strip().strip('"')
    line = re.sub(r"^\s*\[\^[\w-]+\]:", "", line)
    line = re.sub(r"^\s*(?:[-*+>]|\d+[.)]|:(?=\s)|#{1,6})\s+", "", line)
    line = CODE_SPAN.sub("code", line)
    line = re.sub(r"\{out:[^{}]*\}", "0", line)
    line = re.sub(r"(?<![\\$])\$\$?[^$]+\$\$?", "math", line)
    line = re.sub(r"\{:?\s*[.#][^{}]*\}|\{:?\s*[\w-]+=[^{}]*\}", "", line)
    line = re.sub(r"\[\^[\w-]+\]", "", line)
    line = LINK.sub(lambda match: match["text"], line)
    line = LINK.sub(lambda match: match["text"], line)  # what stood inside a linked image
    line = re.sub(r"<(?:https?:|mailto:)[^>]*>", "link", line)
    line = re.sub(r"https?://[^\s）。，]+", "link", line)
    line = re.sub(r"</?[A-Za-z][^>]*>|:[a-z]+-[a-z0-9-]+:|&[a-z]+;", "", line)
    line = re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", line)
    line = re.sub(r"(\*\*|\*|~~|==|\^\^)", "", line)
    return line.replace("|", "\n\n")
