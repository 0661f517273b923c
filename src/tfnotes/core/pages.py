"""Pages: a Markdown file read into what runs and what is shown."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tfnotes.core.blocks import LOOKALIKES, PYTHON, Block, check_syntax, make_block
from tfnotes.core.errors import PageError
from tfnotes.core.fences import Fence, find_fences
from tfnotes.core.files import TICK, Stamp, stamp_of
from tfnotes.core.helpers import helpers_used
from tfnotes.core.includes import read_text
from tfnotes.core.keys import chain_key
from tfnotes.core.markdown import split_front_matter
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


_loaded: dict[tuple[Path, Path], tuple[tuple[Stamp, ...], Page]] = {}
"""Pages by root and file, with the stamps of all files that they were read from."""


def load_page(project: Project, path: Path) -> Page:
    """Reads a page, resolves its includes and computes the keys of its blocks.

    A page that was read before is the same object, until one of its files changes.

    Args:
        project: The checkout.
        path: The Markdown file.

    Returns:
        The page.

    Raises:
        PageError: Anything about the page that keeps a block from running as meant.
    """
    known = _loaded.get((project.root, path))
    if known is not None and all(stamp == stamp_of(stamp.path) for stamp in known[0]):
        return known[1]
    before = time.time_ns()
    page = _read(project, path)
    files = dict.fromkeys([path, *(b.source_path for b in page.blocks if b.source_path)])
    stamps = tuple(stamp_of(file) for file in files)
    # What changed only just now may change again without its time showing it.
    if all(stamp.changed < before - TICK for stamp in stamps):
        _loaded[project.root, path] = stamps, page
    return page


def keep_pages(pages: Iterable[Page], project: Project) -> None:
    """Remembers pages that another process has read."""
    for page in pages:
        files = dict.fromkeys([page.path, *(b.source_path for b in page.blocks if b.source_path)])
        _loaded[project.root, page.path] = tuple(stamp_of(file) for file in files), page


def _read(project: Project, path: Path) -> Page:
    text = read_text(project, path)
    where = project.relative(path)
    language, name = "", path.stem
    place = where.removesuffix(".md")
    for candidate in LANGUAGES:
        if place.startswith(f"docs/{candidate}/"):
            language, name = candidate, place.removeprefix(f"docs/{candidate}/")
    if language and (taken := project.why_taken(name)):
        raise PageError(where, 1, f"no page can be called {name}: {taken}; give it another name")
    meta, body_line = split_front_matter(text, where)
    fences = tuple(find_fences(text))
    blocks: list[Block] = []
    key = on_gpu = ""
    helpers: set[str] = set()
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
