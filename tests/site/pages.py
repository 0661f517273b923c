"""Pages and records for the tests of the site, without running anything."""

from typing import Any

import markdown
from checkout import write_page

from tfnotes.core.blocks import Block
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store

MADE = {"date": "2026-11-21", "tensorflow": "2.21.0", "keras": "3.15.1", "device": "CPU"}
PARTS = [f"tfnotes.parts.{name}" for name in ("timings", "ledger", "shots")]
SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" height="36pt" viewBox="0 0 72 36">'
    "<style>*{stroke-linecap:butt}</style><script>alert(1)</script>"
    '<defs><path id="m" d="M0 0"/><clipPath id="c"><rect width="1" height="1"/></clipPath></defs>'
    '<g clip-path="url(#c)" onclick="alert(2)"><use xlink:href="#m" style="fill: #000000"/></g>'
    "</svg>"
)


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    """An output that was printed."""
    return {"output_type": "stream", "name": name, "text": text}


def value(**data: str) -> dict[str, Any]:
    """An output that is a value; ``text_html`` means ``text/html``."""
    types = {"text_plain": "text/plain", "text_html": "text/html", "svg": "image/svg+xml"}
    named = {types[name]: content for name, content in data.items()}
    return {"output_type": "execute_result", "data": named, "metadata": {}}


def error(name: str, message: str) -> dict[str, Any]:
    """An output that is an exception."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}


def record(block: Block, *outputs: dict[str, Any], **more: Any) -> Record:
    """A record of a block."""
    return Record(block.key, block.name, list(outputs), {**MADE}, **more)


def page_with(project: Project, text: str, *outputs: dict[str, Any], name: str = "a/b") -> Page:
    """A page whose every running block has these outputs on record."""
    page = write_page(project, name, text)
    Store(project.outputs).save(name, [record(block, *outputs) for block in page.running])
    return page


def convert(project: Project, body: str, **options: Any) -> str:
    """What Python-Markdown makes of a text, with the extensions of the site."""
    extensions = [
        "admonition",
        "attr_list",
        "md_in_html",
        "tables",
        "toc",
        "pymdownx.arithmatex",
        "pymdownx.details",
        "pymdownx.highlight",
        "pymdownx.snippets",
        "pymdownx.superfences",
        "pymdownx.tabbed",
        "tfnotes.site.markdown",
    ]
    configs = {
        "pymdownx.arithmatex": {"generic": True},
        "pymdownx.snippets": {"base_path": [str(project.snippets)], "check_paths": True},
        "pymdownx.tabbed": {"alternate_style": True},
        "tfnotes.site.markdown": {"root": str(project.root), "parts": PARTS, **options},
    }
    return markdown.markdown(body, extensions=extensions, extension_configs=configs)
