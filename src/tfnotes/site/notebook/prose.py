"""A page's Markdown as Jupyter reads it.

Jupyter's Markdown is CommonMark with math; what MkDocs adds is taken off or written another way.
A fold or an admonition becomes a quotation, unless code in it runs: then its title becomes a line
of its own, so that the code can be a cell.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from tfnotes.core.blocks import Block
from tfnotes.core.fences import Fence
from tfnotes.core.inline import REFERENCE, expand, is_about_syntax
from tfnotes.core.markdown import CODE_SPAN
from tfnotes.core.pages import Page
from tfnotes.core.records import Record
from tfnotes.captures.inline import timings_of
from tfnotes.captures.store import Runner

_CONTAINER = re.compile(
    r"^(?P<kind>[!?]{3}\+?|===[+!]*)\s*(?P<classes>[\w -]*?)\s*(?:\"(?P<title>[^\"]*)\")?\s*$"
)
_LINK = re.compile(r"(?P<before>\]\(\s*<?)(?P<target>[^\s)>]+)")
_DEFINITION = re.compile(r"^(?P<before>\s{0,3}\[(?!\^)[^\]]+\]:\s*<?)(?P<target>[^\s>]+)")
_ATTRIBUTES = re.compile(r"\s?\{:?\s*(?:[.#][\w-]+|[\w-]+=(?:\"[^\"]*\"|[^\s}]+))[^{}\n]*\}")
_WRAPPER = re.compile(r"^\s*</?(?:div|figure|section|span)\b[^>]*>\s*$")
_NAMES = {
    "zh": {
        "note": "说明", "tip": "提示", "warning": "注意", "danger": "危险", "info": "说明",
        "success": "答案", "question": "问题", "example": "例子", "then-now": "从前与现在",
    },
    "en": {"then-now": "Then and now"},
}  # fmt: skip

Lines = list[tuple[int, str]]
"""Lines with their numbers on the page."""


@dataclass(frozen=True)
class Part:
    """A stretch of Markdown, or a block that becomes a code cell."""

    markdown: str = ""
    block: Block | None = None


def split_page(
    page: Page, records: dict[str, Record], page_url: str, runners: Sequence[Runner] = ()
) -> list[Part]:
    """Cuts a page into Markdown and code.

    Args:
        page: The page.
        records: Its records, for numbers in prose.
        page_url: Where the page stands on the site; links start from there.
        runners: All captures, for timings in prose.

    Returns:
        The parts, in order; neighbouring stretches of Markdown are one part.

    Raises:
        PageError: Prose refers to an output that is not there.
    """
    lines = page.text.split("\n")
    body = [(n, lines[n - 1]) for n in range(page.body_line, len(lines) + 1)]
    return _Splitter(page, records, page_url, runners).walk(body)


def target_url(page_name: str, page_url: str, target: str) -> str:
    """The address that a link on a page leads to, seen from outside the site.

    Args:
        page_name: The page's name, such as ``tensors/tensors``.
        page_url: Where it stands on the site.
        target: The link as written.
    """
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return target
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if not parts.path:
        return page_url + fragment
    # A page's address is a folder, so links start one level deeper than its file does.
    depth = 0 if page_name == "index" else page_name.count("/") + 1
    root = urljoin(page_url, "../" * depth) if depth else page_url
    name = posixpath.normpath(posixpath.join(posixpath.dirname(page_name), parts.path))
    stem, suffix = posixpath.splitext(name)
    if suffix in (".md", ".ipynb"):
        folder, _, last = stem.rpartition("/")
        name = (f"{folder}/" if folder else "") if last == "index" else f"{stem}/"
    return root + name + fragment


class _Splitter:
    def __init__(
        self, page: Page, records: dict[str, Record], page_url: str, runners: Sequence[Runner]
    ) -> None:
        self.page = page
        self.runners = runners
        self.records = records
        self.page_url = page_url
        self.fences: dict[int, Fence] = {fence.line: fence for fence in page.fences}
        self.blocks = {block.line: block for block in page.blocks}

    def walk(self, lines: Lines) -> list[Part]:
        parts: list[Part] = []
        at = 0
        while at < len(lines):
            number, text = lines[at]
            if number in self.fences:
                block = self.blocks.get(number)
                if block is not None and (block.runs or block.key in self.records):
                    parts.append(Part(block=block))
                else:
                    _add(parts, self._shown(self.fences[number], block, _indent(text)))
                end = self.fences[number].end_line
                at = next((i for i in range(at, len(lines)) if lines[i][0] > end), len(lines))
                continue
            container = _CONTAINER.match(text.lstrip())
            if container and (container["title"] is not None or container["classes"]):
                at, inside = _inside(lines, at)
                self._contain(parts, container, inside, _indent(text))
                continue
            _add(parts, self._clean(number, text))
            at += 1
        return [part for part in parts if part.block or part.markdown.strip()]

    def _contain(self, parts: list[Part], head: re.Match[str], inside: Lines, indent: str) -> None:
        """Writes an admonition, fold or tab: as a quotation, or in the open if code in it runs."""
        kind = (head["classes"] or "").split(" ")[0]
        name = _NAMES.get(self.page.language, {}).get(kind, kind.capitalize())
        title = self._clean(inside[0][0] if inside else 1, head["title"] or name).strip()
        inner = self.walk(inside)
        if head["kind"].startswith("=") or any(part.block for part in inner):
            _add(parts, f"\n{indent}**{title}**\n\n")
            for part in inner:
                if part.block:
                    parts.append(part)
                else:
                    _add(parts, part.markdown + "\n")
            return
        text = "\n".join(part.markdown for part in inner).strip("\n")
        quoted = [f"> **{title}**", ">", *(f"> {line}".rstrip() for line in text.split("\n"))]
        _add(parts, "\n" + "".join(f"{indent}{line}\n" for line in quoted) + "\n")

    def _shown(self, fence: Fence, block: Block | None, indent: str) -> str:
        """A fence that does not run, without our options and with its include resolved."""
        code = block.code if block is not None else fence.body
        language = "python" if block is not None else fence.language
        marker = fence.marker
        lines = [f"{marker}{language}", *code.rstrip("\n").split("\n"), marker]
        return "".join(f"{indent}{line}".rstrip() + "\n" for line in lines)

    def _clean(self, number: int, text: str) -> str:
        """One line of prose."""
        if _WRAPPER.match(text) or re.match(r"^\*\[[^\]]+\]:", text):
            return "\n"
        text = re.sub(r"<!--.*?-->", "", self._numbers(number, text))
        text = re.sub(r"^(\s*)\[\^([\w-]+)\]:", r"\1<sup>\2</sup>", text)
        text = re.sub(r"^(\s*):\s{1,3}(?=\S)", r"\1- ", text)
        pieces = []
        done = 0
        for code in CODE_SPAN.finditer(text):
            pieces += [self._plain(text[done : code.start()]), code.group()]
            done = code.end()
        text = "".join([*pieces, self._plain(text[done:])])
        text = _LINK.sub(self._link, _DEFINITION.sub(self._link, text))
        return text.rstrip() + ("\n" if not text.endswith("  ") else "  \n")

    def _plain(self, text: str) -> str:
        """Prose between code spans."""
        text = _ATTRIBUTES.sub("", text)
        text = re.sub(r"\[\^([\w-]+)\]", r"<sup>\1</sup>", text)
        text = re.sub(r"\s?:(?:material|octicons|fontawesome|simple)-[\w-]+:", "", text)
        return re.sub(r"\s+markdown(?:=\"\w+\")?(?=[^<]*>)", "", text)

    def _link(self, match: re.Match[str]) -> str:
        address = target_url(self.page.name, self.page_url, match["target"])
        return match["before"] + address

    def _numbers(self, number: int, text: str) -> str:
        names = {block.name for block in self.page.blocks}

        def value(match: re.Match[str]) -> str:
            if is_about_syntax(match, names):
                return match.group()
            timings = timings_of(self.page, self.runners)
            return expand(match.group(), self.page, self.records, number, timings)

        return REFERENCE.sub(value, text)


def _add(parts: list[Part], text: str) -> None:
    """Appends Markdown to the last part, or begins a new one behind a block."""
    if not text.endswith("\n"):
        text += "\n"
    if parts and parts[-1].block is None:
        parts[-1] = Part(parts[-1].markdown + text)
    else:
        parts.append(Part(text))


def _inside(lines: Lines, at: int) -> tuple[int, Lines]:
    """The lines indented under a container's head, dedented, and where they end."""
    base = len(_indent(lines[at][1]))
    end = at + 1
    while end < len(lines):
        text = lines[end][1]
        if text.strip() and len(_indent(text)) < base + 4:
            break
        end += 1
    inside = [(number, text[base + 4 :]) for number, text in lines[at + 1 : end]]
    while inside and not inside[-1][1].strip():
        inside.pop()
    return end, inside


def _indent(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" "))]
