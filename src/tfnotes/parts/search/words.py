"""What the search knows of words: names of one idea, and the pages that explain it.

The glossary says both; ``docs/search.yml`` adds what people type and no page says. Chinese needs a
list of words besides, for a browser cannot cut a sentence into them: jieba does it here, for the
titles, and the browser takes the longest word that it finds in the list.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import yaml

from tfnotes.check.terms import VARIANTS
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import Project

GLOSSARY = "reference/glossary"
SETTINGS = "search.yml"
_ROW = re.compile(r"^\|([^|]+)\|([^|]+)\|([^|]*)\|([^|]*)\|\s*$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#\s]+)")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")


@dataclass(frozen=True)
class Idea:
    """Names that mean one thing, and where that thing is explained."""

    names: tuple[str, ...]
    pages: tuple[str, ...] = ()
    """Names of pages; those of the glossary's last column."""


@dataclass(frozen=True)
class Settings:
    """What ``docs/search.yml`` says."""

    ideas: tuple[Idea, ...] = ()
    below: frozenset[str] = frozenset()
    """Pages that stand below the chapters: they have every word, and explain none."""
    rows: frozenset[str] = frozenset()
    """Pages whose sections are looked up one by one."""
    general: tuple[str, ...] = ()
    """Words that many questions have beside the one that matters."""
    alike: tuple[tuple[str, ...], ...] = ()
    """Everyday words that mean the same in a question; one typed stands for the others there."""
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Questions by the page that answers: words that all stand in what was typed, in any order."""


def read_settings(project: Project) -> Settings:
    """Reads ``docs/search.yml``; a checkout without one has no settings.

    Raises:
        TfnotesError: It is not what it should be.
    """
    path = project.docs / SETTINGS
    if not path.is_file():
        return Settings()
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return Settings(
            tuple(_idea(one) for one in content.get("ideas", ())),
            frozenset(content.get("below", ())),
            frozenset(content.get("rows", ())),
            tuple(map(str, content.get("general", ()))),
            tuple(tuple(map(str, group)) for group in content.get("alike", ())),
            {page: _questions(lists) for page, lists in content.get("asked", {}).items()},
        )
    except (yaml.YAMLError, AttributeError, TypeError, KeyError) as error:
        problem = " ".join(str(error).split())
        raise TfnotesError(
            f"docs/{SETTINGS}: cannot be read ({problem}); write ideas as lists of names"
        ) from None


def _idea(content: Any) -> Idea:
    if isinstance(content, dict):
        return Idea(tuple(map(str, content["names"])), tuple(map(str, content["pages"])))
    return Idea(tuple(map(str, content)))


def _questions(lists: Any) -> tuple[str, ...]:
    if any(not isinstance(one, list) for one in lists):
        raise TypeError("asked: a list of lists for each page")
    return tuple(str(one) for some in lists for one in some)


def read_glossary(project: Project, language: str) -> list[Idea]:
    """The glossary's rows of a language; empty where there is no such page."""
    path = project.docs / language / f"{GLOSSARY}.md"
    if not path.is_file():
        return []
    ideas = []
    for cells in _ROW.findall(path.read_text(encoding="utf-8")):
        first, second = (cell.replace("`", "").strip() for cell in cells[:2])
        if set(first) <= set(":- ") or not second:
            continue
        names = tuple(
            name.removeprefix("to ").strip()
            for cell in (first, second)
            for name in re.split(r"[,，、；;/]|（[^）]*）|\([^)]*\)", cell)
            if name.strip()
        )
        base = PurePosixPath(GLOSSARY).parent
        pages = tuple(_resolve(base / link) for link in _LINK.findall(cells[3]))
        ideas.append(Idea(names, pages))
    return ideas


def _resolve(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.with_suffix("").parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def variants() -> list[Idea]:
    """Chinese words that the pages avoid, and the ones they use."""
    return [Idea((used, other)) for other, used in VARIANTS.items()]


def chinese_words(texts: Iterable[str]) -> list[str]:
    """The words of two characters or more in Chinese texts, each once, sorted."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    found: set[str] = set()
    for text in texts:
        for run in _HAN.findall(text):
            found.update(word for word in jieba.cut(run) if len(word) > 1)
    return sorted(found)
