"""MkDocs hook: writes what the search box reads, ``search/index.js``.

It is a script and not JSON, because a page opened from a file may load scripts and nothing else.
There is no inverted index: the browser looks through the text itself, which is small (some 1.5 MB)
and finds phrases, parts of Chinese sentences and pieces of error messages without having been cut
into words. The ranking is ``docs/theme/assets/search/rank.js``.
"""

import json
from pathlib import Path
from typing import Any

from tfnotes.core.files import write_atomic
from tfnotes.core.project import find_project
from tfnotes.ledger.lookup import index_of
from tfnotes.ledger.page import read_ledger
from tfnotes.parts.search.sections import sections
from tfnotes.parts.search.words import chinese_words, read_glossary, read_settings, variants

TARGET = "search/index.js"
CHAPTER, BELOW, ROWS = range(3)
"""How a page counts; the ranking knows these numbers."""

# A preview renders pages one by one, in one process, and loads this file anew each time.
_kept: dict[tuple[str, str], dict[str, Any]] = {}


def on_page_context(context: Any, *, page: Any, config: Any, nav: Any) -> Any:
    """Keeps a page's text."""
    remember(_where(config), page, config.theme["language"])
    return context


def on_post_build(*, config: Any) -> None:
    """Writes the file."""
    write_index(_where(config), Path(config.site_dir), config.theme["language"])


def _where(config: Any) -> str:
    return str(config.config_file_path)


def remember(site: str, page: Any, language: str) -> None:
    """Keeps what the search is to know of a page.

    Args:
        site: The site that it belongs to.
        page: MkDocs' page, rendered.
        language: Its language.
    """
    found = sections(page.content or "")
    part = page.parent.title if page.parent is not None else ""
    name = page.file.src_uri.rpartition(".")[0]
    _kept[site, name] = {
        "url": page.url,
        "title": found[0].title or page.title or "",
        "menu": page.title or "",
        "part": part,
        "about": page.meta.get("description", "") if page.meta else "",
        "sections": [[one.anchor, one.title, one.text, one.names] for one in found],
    }


def write_index(site: str, folder: Path, language: str) -> None:
    """Writes the file for the pages that were kept.

    Args:
        site: The site that they belong to.
        folder: The site's folder.
        language: Its language.
    """
    project = find_project()
    settings = read_settings(project)
    names = set(project.page_names(language))
    pages = {name: page for (one, name), page in _kept.items() if one == site and name in names}
    for name, page in pages.items():
        page["kind"] = (
            ROWS if name in settings.rows else BELOW if name in settings.below else CHAPTER
        )
    ideas = [*settings.ideas, *read_glossary(project, language), *variants()]
    addresses = {name: page["url"] for name, page in pages.items()}
    texts = [
        *(name for idea in ideas for name in idea.names),
        *(text for page in pages.values() for text in (page["title"], page["menu"], page["about"])),
        *(section[1] for page in pages.values() for section in page["sections"]),
    ]
    content = {
        "pages": [pages[name] for name in sorted(pages)],
        "ideas": [
            [list(idea.names), [addresses[page] for page in idea.pages if page in addresses]]
            for idea in ideas
        ],
        "general": list(settings.general),
        "alike": [list(group) for group in settings.alike],
        "asked": [
            [addresses[page], list(questions)]
            for page, questions in settings.asked.items()
            if page in addresses
        ],
        "words": " ".join(chinese_words(texts)) if language == "zh" else "",
        # A pasted message finds the rows that the ledger's filter and the doctor find for it.
        "errors": index_of(*read_ledger()).as_json() if settings.rows else None,
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / TARGET).parent.mkdir(exist_ok=True)
    write_atomic(folder / TARGET, f"window.tfIndex={text}\n".replace("\u2028", " "))
