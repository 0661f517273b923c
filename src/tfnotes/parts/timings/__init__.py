"""What machines measured, on pages: under timing blocks, and gathered where a page asks for it."""

from markdown import Markdown

from tfnotes.captures.store import read_runners
from tfnotes.core.blocks import Block
from tfnotes.parts.timings.blocks import render_benchmark, render_captured
from tfnotes.parts.timings.gather import Gather
from tfnotes.site.markdown.context import PageContext
from tfnotes.site.shown import Under


def register(md: Markdown, context: PageContext) -> None:
    """Registers the part."""
    md.preprocessors.register(Gather(md, context), "tfnotes-gather", 23)


def shown(block: Block, under: Under, context: PageContext) -> str | None:
    """What stands under a timing block, or one that only a machine with a GPU can run."""
    assert context.page is not None
    if under.kind == "benchmark":
        return render_benchmark(block, read_runners(context.project), context.page.language)
    if under.kind == "captured":
        return render_captured(block, under, context.page.language)
    return None
