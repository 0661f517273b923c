"""MkDocs hook: a lab, which MkDocs knows as a notebook, is shown from its Markdown like any page.

mkdocs-jupyter takes care of the file and its download. What it would make of the notebook (600 kB
of JupyterLab's styles, outputs in another dress) is not asked for: the page's own Markdown goes
through the same extensions, and so shows the same outputs, links and formulas as every other page.
"""

from typing import Any

from tfnotes.core.pages import load_page
from tfnotes.core.project import find_project


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str | None:
    """Puts a lab's Markdown in the place of its notebook; leaves every other page alone."""
    name, _, suffix = page.file.src_uri.rpartition(".")
    if suffix != "ipynb":
        return None
    project = find_project()
    twin = load_page(project, project.page_path(config.theme["language"], name))
    page.meta.update(twin.meta)  # the description, for search engines
    vars(page).pop("render", None)  # mkdocs-jupyter's; the class has MkDocs' own
    return twin.body
