"""The navigation of each language names every page, and nothing else."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from tfnotes.check.finding import Finding
from tfnotes.core.project import CONFIGURATIONS, Project, is_lab
from tfnotes.site.build.config import read_config, unreadable


def check_navigation(project: Project) -> list[Finding]:
    """Reports pages that no menu leads to, and entries that lead nowhere."""
    findings = []
    if not any((project.root / file).exists() for file in CONFIGURATIONS.values()):
        return []  # a checkout without a site
    for language, file in CONFIGURATIONS.items():
        if found := unreadable(project, language):
            problem, _, hint = found[1].rpartition("; ")
            findings.append(Finding(file, found[0], f"the configuration {problem}", hint))
            continue
        nav = read_config(project, language).get("nav")
        if nav is None:
            continue  # MkDocs makes a menu of all pages.
        entries = [_page_of(entry) for entry in _entries(nav)]
        listed = set(entries)
        for name in sorted(name for name in listed if entries.count(name) > 1):
            line = _line_of(project.root / file, _file_of(name), entries.count(name))
            message = f"nav names {_file_of(name)} {entries.count(name)} times"
            findings.append(Finding(file, line, message, "keep one of the entries"))
        names = set(project.page_names(language))
        for name in sorted(names - listed):
            where = project.relative(project.page_path(language, name))
            hint = f"add {_file_of(name)} to it"
            findings.append(Finding(where, 1, f"the page is not in the nav of {file}", hint))
        for name in sorted(listed - names):
            message = f"nav names {_file_of(name)}, and there is no such page"
            line = _line_of(project.root / file, _file_of(name))
            findings.append(Finding(file, line, message, "write the page, or drop the entry"))
    return findings


def _line_of(path: Path, entry: str, time: int = 1) -> int:
    """The line of a configuration that names a file for that time; 1 if it is written elsewhere."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = [number for number, line in enumerate(lines, 1) if entry in line]
    return found[time - 1] if len(found) >= time else 1


def _entries(nav: Any) -> Iterator[str]:
    """The files that a navigation names, at every depth."""
    if isinstance(nav, str):
        if "://" not in nav:
            yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav or ():
            yield from _entries(entry)


def _page_of(entry: str) -> str:
    return PurePosixPath(entry).with_suffix("").as_posix()


def _file_of(name: str) -> str:
    return f"{name}.ipynb" if is_lab(name) else f"{name}.md"
