"""Pages: a Markdown file read into what runs and what is shown."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from tfnotes.core.blocks import LOOKALIKES, PYTHON, Block, check_syntax, make_block
from tfnotes.core.errors import PageError
from tfnotes.core.fences import Fence, find_fences
from tfnotes.core.helpers import helpers_used
from tfnotes.core.includes import read_text, resolve
from tfnotes.core.keys import chain_key
from tfnotes.core.project import LANGUAGES, Project


@dataclass(frozen=True)
class Page:
    """One page in one language."""

    name: str
    language: str
    path: Path
    where: str
    """The file relative to the root, for messages."""
    text: str
    body_line: int
    """1-based line at which the text after the front matter begins."""
    meta: dict[str, str]
    fences: tuple[Fence, ...]
    blocks: tuple[Block, ...]

    @property
    def running(self) -> list[Block]:
        """The blocks that run, in order."""
        return [block for block in self.blocks if block.runs]

    @property
    def captured(self) -> list[Block]:
        """The blocks whose outcome belongs to a machine: benchmarks, and what needs a GPU."""
        return [block for block in self.blocks if block.timing or block.needs]

    @property
    def body(self) -> str:
        """The Markdown without its front matter."""
        return "\n".join(self.text.split("\n")[self.body_line - 1 :])


def split_front_matter(text: str, where: str) -> tuple[dict[str, str], int]:
    """Reads ``key: value`` lines between ``---`` lines at the top of a page.

    Only scalars are read (what tfnotes itself needs); MkDocs reads the same block as YAML.

    Returns:
        The values and the 1-based line at which the body begins.

    Raises:
        PageError: The front matter is never closed.
    """
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return {}, 1
    meta: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() in ("---", "..."):
            return meta, number + 1
        match = re.match(r"^(\w[\w-]*):\s*(.*?)\s*$", line)
        if match:
            meta[match[1]] = match[2].strip("\"'")
    raise PageError(where, 1, 'front matter is never closed; add a line "---"')


def load_page(project: Project, path: Path) -> Page:
    """Reads a page, resolves its includes and computes the keys of its blocks.

    Args:
        project: The checkout.
        path: The Markdown file.

    Returns:
        The page.

    Raises:
        PageError: Anything about the page that keeps a block from running as meant.
    """
    text = read_text(project, path)
    where = project.relative(path)
    language, name = "", path.stem
    for candidate in LANGUAGES:
        folder = project.docs / candidate
        if path.resolve().is_relative_to(folder):
            language, name = (
                candidate,
                path.resolve().relative_to(folder).with_suffix("").as_posix(),
            )
    meta, body_line = split_front_matter(text, where)
    fences = tuple(find_fences(text))
    blocks: list[Block] = []
    key = on_gpu = ""
    helpers: set[str] = set()
    if meta.get("setup"):
        code = resolve(project, meta["setup"], where, 1)
        key = on_gpu = chain_key(key, code.code)
        setup = Block(name, where, 1, 1, "setup", code.code, code.path, code.line, None, key=key)
        check_syntax(project, setup)
        helpers |= set(helpers_used(setup.code))
        blocks.append(replace(setup, helpers=tuple(sorted(helpers))))
    for fence in fences:
        if fence.language not in PYTHON + LOOKALIKES:
            continue
        block = make_block(project, path, where, name, fence, len(blocks) + 1)
        if block.runs or block.needs:
            check_syntax(project, block)
            # Two chains: what runs everywhere must not depend on what only a GPU machine runs.
            on_gpu = chain_key(on_gpu, block.code, block.raises)
        if block.runs:
            key = chain_key(key, block.code, block.raises)
        if block.runs or block.needs:
            helpers |= set(helpers_used(block.code))
            own = key if block.runs else on_gpu
            block = replace(block, key=own, helpers=tuple(sorted(helpers)))
        blocks.append(block)
    return Page(name, language, path, where, text, body_line, meta, fences, tuple(blocks))
