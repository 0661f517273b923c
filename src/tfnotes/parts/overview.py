"""MkDocs hook: a page for each part of the navigation, at the address of its folder.

It lists the part's pages with their descriptions, so it is never out of date, and nobody writes it.
"""

import re
from pathlib import PurePosixPath
from typing import Any

import yaml
from mkdocs.structure.files import File, InclusionLevel

from tfnotes.core.pages import load_page
from tfnotes.core.project import Project, find_project
from tfnotes.site.html.words import say

_SYNTAX = re.compile(r"[\\`*_<>\[\]{}&]")
"""A description is plain text; what Markdown would take for more than that is escaped."""


def on_files(files: Any, *, config: Any) -> Any:
    """Adds the pages."""
    project, language = find_project(), config.theme["language"]
    for title, pages in parts(config.nav or []):
        folder = _folder([source for _, source in pages])
        place = f"{folder}/index.md"
        if folder and files.get_file_from_path(place) is None:
            text = overview(project, language, title, pages)
            files.append(
                File.generated(config, place, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
            )
    return files


def on_page_context(context: Any, *, page: Any, config: Any, nav: Any) -> Any:
    """Tells the home page's map which parts have an overview, and where."""
    context["overviews"] = {
        title: f"{folder}/index.md"
        for title, pages in parts(config.nav or [])
        if (folder := _folder([source for _, source in pages]))
    }
    return context


def parts(nav: list[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The parts of a navigation: their titles, and title and source of each page."""
    found = []
    for item in nav:
        for title, children in item.items() if isinstance(item, dict) else ():
            if isinstance(children, list):
                pages = [
                    pair
                    for child in children
                    if isinstance(child, dict)
                    for pair in child.items()
                    if isinstance(pair[1], str)
                ]
                found.append((str(title), pages))
    return found


def overview(project: Project, language: str, title: str, pages: list[tuple[str, str]]) -> str:
    """The Markdown of a part's page.

    Args:
        project: The checkout.
        language: The page's language.
        title: The part's title.
        pages: Title and source of each of its pages.
    """
    items = []
    for name, source in pages:
        link = f"[{name}]({PurePosixPath(source).name})"
        items.append(f"- {link}\n\n    {_description(project, language, source)}\n")
    about = say(language, "part").format(
        part=title, pages=say(language, "comma").join(name for name, _ in pages)
    )
    head = yaml.safe_dump({"description": about, "generated": True}, allow_unicode=True)
    listing = "\n".join(items)
    return (
        f'---\n{head}---\n\n# {title}\n\n<div class="tf-part-list" markdown>\n\n{listing}\n</div>\n'
    )


def _folder(sources: list[str]) -> str:
    """The folder that all pages of a part lie in; empty if they lie in several."""
    folders = {str(PurePosixPath(source).parent) for source in sources}
    return folders.pop() if len(folders) == 1 else ""


def _description(project: Project, language: str, source: str) -> str:
    path = project.page_path(language, str(PurePosixPath(source).with_suffix("")))
    page = load_page(project, path)
    head = "\n".join(page.text.split("\n")[1 : max(page.body_line - 2, 1)])
    content = yaml.safe_load(head) if head else None
    text = str(content.get("description", "")) if isinstance(content, dict) else ""
    return _SYNTAX.sub(r"\\\g<0>", text)
