"""How readers get from page to page: without the menu, each is reached from two others."""

import posixpath
from collections import defaultdict
from urllib.parse import urlsplit

import pytest

from tfnotes.check.markdown_text import blank_code, find_headings, find_links
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import LANGUAGES, find_project

LOOKED_UP = {
    "index",
    "migrate/ledger",
    *(f"reference/{name}" for name in ("api", "drawing", "engine", "glossary", "timings")),
}
"""Pages that one looks something up in, rather than reads to the end."""


@pytest.fixture(scope="module")
def pages() -> dict[str, list[Page]]:
    project = find_project()
    return {
        language: [
            load_page(project, project.page_path(language, name))
            for name in project.page_names(language)
        ]
        for language in LANGUAGES
    }


def prose(page: Page) -> str:
    return blank_code(page.text, page.fences, page.body_line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_reached_from_two_others(pages, language):
    reached = defaultdict(set)
    for page in pages[language]:
        folder = posixpath.dirname(page.name)
        for link in find_links(prose(page)):
            parts = urlsplit(link.target)
            if parts.path.endswith(".md") and not parts.scheme:
                target = posixpath.normpath(posixpath.join(folder, parts.path))
                reached[target.removesuffix(".md")].add(page.name)
    lonely = {
        page.name: sorted(reached[page.name] - {page.name})
        for page in pages[language]
        if page.name != "index" and len(reached[page.name] - {page.name}) < 2
    }
    assert lonely == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_ends_with_where_to_go_next(pages, language):
    without = []
    for page in pages[language]:
        headings = [heading for heading in find_headings(prose(page)) if heading.level == 2]
        if page.name not in LOOKED_UP and (not headings or headings[-1].anchor != "next"):
            without.append(page.name)
    assert without == []
