"""The Markdown extension's first step: plain fences, and outputs kept aside."""

import logging
import re
import secrets
from functools import cache
from pathlib import Path

from tfnotes.captures.inline import timings_of
from tfnotes.core.blocks import LOOKALIKES, OPTIONS, PYTHON, Block
from tfnotes.core.errors import PageError
from tfnotes.core.fences import Fence, find_fences
from tfnotes.core.inline import REFERENCE, expand, is_about_syntax
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.site.html.render import render_note, render_outputs
from tfnotes.site.html.words import say
from tfnotes.site.markdown.context import PageProcessor, offered
from tfnotes.site.markdown.lookup import PageIndex
from tfnotes.site.shown import PageOutputs

logger = logging.getLogger("mkdocs.tfnotes")

_KEPT = ("title", "hl_lines")
"""Fence options that superfences understands."""
_SHOWN_INCLUDE = re.compile(r"^(\s*)(?=-+8<-+\s)", re.MULTILINE)


class Blocks(PageProcessor):
    """Finds out which page a text is, and puts its blocks' code and outputs between markers."""

    def run(self, lines: list[str]) -> list[str]:
        """Returns the text with plain fences."""
        text = "\n".join(lines).replace("\r\n", "\n")
        context = self.context
        page = context.page = _index(context.project.root).find(text, context.language)
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
        outputs = PageOutputs.load(self.context.project, page)
        source = text.split("\n")
        blocks = iter(page.blocks)
        result: list[str] = []
        done = 0
        # MkDocs strips blank lines below the front matter, so lines count from the first fence.
        fences = find_fences(text)
        shift = page.fences[0].line - fences[0].line if fences else page.body_line - 1
        for fence in fences:
            result += self._prose(source[done : fence.line - 1], outputs, shift + done + 1)
            done = fence.end_line
            shown = source[fence.line - 1 : fence.end_line]
            if fence.language in PYTHON + LOOKALIKES:
                result += self._block(next(blocks), fence, outputs)
            elif fence.language in ("md", "markdown"):
                # A fence about fences: its includes are to be read, not followed.
                result += _SHOWN_INCLUDE.sub(r"\1;", "\n".join(shown)).split("\n")
            else:
                result += shown
        return result + self._prose(source[done:], outputs, shift + done + 1)

    def _prose(self, lines: list[str], outputs: PageOutputs, line: int) -> list[str]:
        text = "\n".join(lines)
        if not REFERENCE.search(text):
            return lines
        page = outputs.page
        # Sentences take their numbers from the outputs that stand beside them.
        beside = outputs.beside
        names = {block.name for block in page.blocks}

        def number(match: re.Match[str]) -> str:
            if is_about_syntax(match, names):
                return match[0]
            try:
                at = line + text.count("\n", 0, match.start())
                return expand(match[0], page, beside, at, timings_of(page, outputs.runners))
            except PageError as error:
                if self.context.strict:
                    raise
                logger.warning(str(error))
                return match[0]

        return REFERENCE.sub(number, text).split("\n")

    def _block(self, block: Block, fence: Fence, outputs: PageOutputs) -> list[str]:
        token = f"tfnotes-{secrets.token_hex(8)}"
        self.context.outputs[token] = block, self._under(block, outputs)
        code = block.code.rstrip("\n")
        longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
        marker = "`" * (longest + 1)
        lines = [token]
        if "hide" not in block.options:
            lines += [_opening(fence, marker).strip(), *code.split("\n"), marker]
        lines.append(f"{token}-end")
        indent = " " * fence.indent
        return ["", *(indent + line if line.strip() else "" for line in lines), ""]

    def _under(self, block: Block, outputs: PageOutputs) -> str:
        """The HTML of what stands under a block; a part's, where one knows better."""
        under, language = outputs.shown(block), outputs.page.language
        for shown in offered(self.context.parts, "shown"):
            html: str | None = shown(block, under, self.context)
            if html is not None:
                return html
        if under.kind == "captured":
            return render_note(say(language, "needs-gpu"), "not-run")
        if under.kind == "not-run":
            text = say(language, "not-run") + say(language, "separator") + block.why
            return render_note(text, "not-run")
        if under.record is None:
            problem = f'block "{block.name}" has no record; run pytest --update-outputs'
            self._complain(f"{block.where}:{block.line}: {problem}", block, problem)
            return render_note(say(language, "missing"), "missing")
        return render_outputs(block, under.record, under.real, language, self.context.badges)

    def _complain(self, message: str, block: Block | None = None, problem: str = "") -> None:
        if self.context.strict and block is not None:
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
