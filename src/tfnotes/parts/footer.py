"""MkDocs hook: below each page's text, on which TensorFlow releases its code runs."""

from typing import Any

from tfnotes.core.project import find_project
from tfnotes.parts.releases import page_footer


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str | None:
    """Adds the line to a page that has one; labs are pages too, whatever MkDocs sees of them."""
    name, _, suffix = page.file.src_uri.rpartition(".")
    if page.is_homepage or suffix not in ("md", "ipynb"):
        return None
    footer = page_footer(find_project(), name, config.theme["language"])
    return f"{html}\n{footer}" if footer else None
