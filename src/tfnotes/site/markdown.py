"""The Python-Markdown extension that puts recorded outputs under the code that made them.

It works wherever Python-Markdown does (MkDocs, Zensical, a script). All it is given is a page's
text, so it looks the page up by that; text that is no page, a docstring say, only loses the fence
options that superfences would stumble over.

It runs in two steps. Before `pymdownx.snippets` changes any line, each Python fence becomes a plain
one with its code in it, between two marker lines. Once superfences has highlighted the code, code
and outputs between the markers become one element. (They cannot be stashed in the first step:
Python-Markdown removes the stash's own brackets from the text in between.)
"""

import logging
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from tfnotes.captures.inline import timings_of
from tfnotes.core.blocks import LOOKALIKES, OPTIONS, PYTHON, Block
from tfnotes.core.compare import differences
from tfnotes.core.errors import PageError
from tfnotes.core.fences import Fence, find_fences
from tfnotes.core.inline import REFERENCE, expand
from tfnotes.core.pages import Page
from tfnotes.core.project import Project, find_project
from tfnotes.core.records import Record, Store
from tfnotes.site.gather import Gather
from tfnotes.site.join import Join
from tfnotes.site.ledger import LedgerAnchors, LedgerTables
from tfnotes.site.links import NotebookLinks
from tfnotes.site.lookup import PageIndex
from tfnotes.site.math import Math
from tfnotes.site.promised import Promised
from tfnotes.site.render import render_note, render_outputs
from tfnotes.site.shots import Screenshots
from tfnotes.site.tables import EmptyHeaders
from tfnotes.site.timings import read_runners, render_benchmark, render_gpu_block
from tfnotes.site.words import say

logger = logging.getLogger("mkdocs.tfnotes")

_KEPT = ("title", "hl_lines", "linenums")
"""Fence options that superfences understands."""
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_SHOWN_INCLUDE = re.compile(r"^(\s*)(?=-+8<-+\s)", re.MULTILINE)


class TfnotesExtension(Extension):  # type: ignore[misc]  # Markdown ships no types
    """Registers what turns a page with code into a page with code and outputs."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "root": ["", "folder of the checkout; found from the working directory if empty"],
            "strict": [False, "a missing record is an error, not a warning"],
            "language": ["", "the language of the pages, where twins are the same to the letter"],
            "notebooks": [[], "names of pages that are published as notebooks, not as Markdown"],
        }
        super().__init__(**kwargs)
        self.project: Project | None = None
        self.page: Page | None = None
        self.parts: dict[str, tuple[Block, str]] = {}
        """What stands between two markers: the block and the HTML of its outputs."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Registers the processors; the numbers are places in Python-Markdown's queues."""
        root = self.getConfig("root")
        self.project = Project(Path(root).resolve()) if root else find_project()
        self.pages = _index(self.project.root)
        md.registerExtension(self)
        md.preprocessors.register(_Blocks(md, self), "tfnotes-blocks", 33)  # snippets: 32
        md.preprocessors.register(Promised(md, self), "tfnotes-promised", 31)  # page known: 33
        md.preprocessors.register(Screenshots(md, self), "tfnotes-shots", 30)
        md.preprocessors.register(Join(md, self), "tfnotes-outputs", 24)  # superfences: 25
        md.preprocessors.register(Gather(md, self), "tfnotes-gather", 23)
        md.preprocessors.register(LedgerTables(md, self), "tfnotes-ledger", 22)
        md.preprocessors.register(LedgerAnchors(md, self), "tfnotes-anchors", 20.5)  # MkDocs: 21
        md.treeprocessors.register(Math(md, self), "tfnotes-math", 15)  # after inline (20)
        md.treeprocessors.register(EmptyHeaders(md), "tfnotes-tables", 2)
        md.treeprocessors.register(NotebookLinks(md, self), "tfnotes-links", 1)  # MkDocs: 0

    def reset(self) -> None:
        """Forgets the last page."""
        self.page = None
        self.parts = {}


class _Blocks(Preprocessor):  # type: ignore[misc]
    """First step: plain fences, and outputs kept aside."""

    def __init__(self, md: Markdown, extension: TfnotesExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).replace("\r\n", "\n")
        page = self.extension.page = self.extension.pages.find(
            text, self.extension.getConfig("language")
        )
        if page is None:
            return self._strip(text)
        return self._inject(text, page)

    def _strip(self, text: str) -> list[str]:
        """Text that is no page: only our options go."""
        lines = text.split("\n")
        for fence in find_fences(text):
            if fence.language in PYTHON and fence.options.keys() & (set(OPTIONS) - set(_KEPT)):
                lines[fence.line - 1] = _opening(fence, fence.marker)
            if fence.language in PYTHON and "--8<--" in fence.body:
                where = f"line {fence.line} of a text that is no page of docs/"
                self._complain(f"{where}: its code is included but its outputs cannot be found")
        return lines

    def _inject(self, text: str, page: Page) -> list[str]:
        assert self.extension.project is not None
        store = Store(self.extension.project.outputs)
        records = store.load(page.name)
        real = Store(self.extension.project.real_outputs).load(page.name)
        # Sentences take their numbers from the outputs that stand beside them.
        beside = {
            block.key: _beside(block, records[block.key], real) or records[block.key]
            for block in page.running
            if block.key in records
        }
        source = text.split("\n")
        blocks = iter([block for block in page.blocks if block.fence is not None])
        result: list[str] = []
        done = 0
        # MkDocs strips blank lines below the front matter, so lines count from the first fence.
        fences = find_fences(text)
        shift = page.fences[0].line - fences[0].line if fences else page.body_line - 1
        for fence in fences:
            result += self._prose(source[done : fence.line - 1], page, beside, shift + done + 1)
            done = fence.end_line
            shown = source[fence.line - 1 : fence.end_line]
            if fence.language in PYTHON + LOOKALIKES:
                block = next(blocks)
                result += self._block(block, fence, page, records, real)
            elif fence.language in ("md", "markdown"):
                # A fence about fences: its includes are to be read, not followed.
                result += _SHOWN_INCLUDE.sub(r"\1;", "\n".join(shown)).split("\n")
            else:
                result += shown
        return result + self._prose(source[done:], page, beside, shift + done + 1)

    def _prose(
        self, lines: list[str], page: Page, records: dict[str, Record], line: int
    ) -> list[str]:
        text = "\n".join(lines)
        if not REFERENCE.search(text):
            return lines
        assert self.extension.project is not None
        project = self.extension.project
        names = {block.name for block in page.running}
        spans = [match.span() for match in _CODE_SPAN.finditer(text)]

        def number(match: re.Match[str]) -> str:
            shown = any(start < match.start() < end for start, end in spans)
            if shown and (match["section"] or match["timed"]) not in names:
                return match[0]  # In a code span, and of no block here: it is about the syntax.
            try:
                at = line + text.count("\n", 0, match.start())
                return expand(match[0], page, records, at, timings_of(page, read_runners(project)))
            except PageError as error:
                if self.extension.getConfig("strict"):
                    raise
                logger.warning(str(error))
                return match[0]

        return REFERENCE.sub(number, text).split("\n")

    def _block(
        self,
        block: Block,
        fence: Fence,
        page: Page,
        records: dict[str, Record],
        real: dict[str, Record],
    ) -> list[str]:
        token = f"tfnotes-{secrets.token_hex(8)}"
        self.extension.parts[token] = block, self._outputs(block, page, records, real)
        code = block.code.rstrip("\n")
        longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
        marker = "`" * (longest + 1)
        lines = [token]
        if "hide" not in block.options:
            lines += [_opening(fence, marker).strip(), *code.split("\n"), marker]
        lines.append(f"{token}-end")
        indent = " " * fence.indent
        return ["", *(indent + line if line.strip() else "" for line in lines), ""]

    def _outputs(
        self, block: Block, page: Page, records: dict[str, Record], real: dict[str, Record]
    ) -> str:
        assert self.extension.project is not None
        if block.needs:
            return render_gpu_block(block, read_runners(self.extension.project), page.language)
        if not block.runs:
            text = say(page.language, "not-run") + say(page.language, "separator") + block.why
            return render_note(text, "not-run")
        record = records.get(block.key)
        if record is None:
            problem = f'block "{block.name}" has no record; run pytest --update-outputs'
            self._complain(f"{block.where}:{block.line}: {problem}", block, problem)
            return render_note(say(page.language, "missing"), "missing")
        if block.timing:
            return render_benchmark(block, read_runners(self.extension.project), page.language)
        return render_outputs(block, record, _beside(block, record, real), page.language)

    def _complain(self, message: str, block: Block | None = None, problem: str = "") -> None:
        if self.extension.getConfig("strict") and block is not None:
            raise PageError(block.where, block.line, problem)
        logger.warning(message)


@cache
def _index(root: Path) -> PageIndex:
    """One index a checkout: MkDocs makes a Markdown instance, and so an extension, a page."""
    return PageIndex(Project(root))


def _opening(fence: Fence, marker: str) -> str:
    """The opening line of a fence without our options."""
    options = [f'{name}="{fence.options[name]}"' for name in _KEPT if name in fence.options]
    return " " * fence.indent + " ".join([f"{marker}python", *options])


def makeExtension(**kwargs: Any) -> TfnotesExtension:
    """Python-Markdown's entry point."""
    return TfnotesExtension(**kwargs)


def _beside(block: Block, record: Record, real: dict[str, Record]) -> Record | None:
    """The block's record on real data, where it says something else than the stand-in's.

    A tolerance is for tests. Here any difference counts, unless the block's numbers are another in
    every run anyway.
    """
    found = real.get(block.key)
    if found is None or not any(item.get("origin") == "real" for item in found.data):
        return None
    if block.check != "exact":
        return found if differences(found, record, rtol=block.rtol) else None
    return found if found.outputs != record.outputs else None
