"""Reviewing pages: everything that can be said about them without running them."""

from collections.abc import Iterable
from pathlib import Path

from tfnotes.check.api import check_api_links
from tfnotes.check.console import check_console
from tfnotes.check.fences import check_fences
from tfnotes.check.finding import Finding, from_error
from tfnotes.check.links import check_headings, check_links
from tfnotes.check.navigation import check_navigation
from tfnotes.check.parity import check_names, check_parity, check_twins
from tfnotes.check.prose import check_prose
from tfnotes.check.scripts import check_scripts
from tfnotes.check.seals import check_seals
from tfnotes.check.shots import check_shots
from tfnotes.check.slips import check_slips
from tfnotes.check.snippets import check_includes, check_snippets
from tfnotes.check.stale import check_records, check_unused
from tfnotes.check.strips import check_strips
from tfnotes.core.errors import PageError
from tfnotes.core.includes import read_text
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import LANGUAGES, Project
from tfnotes.site.build.front_matter import check_front_matter

__all__ = ["Finding", "check_page", "check_project"]


def check_project(project: Project, names: Iterable[str] | None = None) -> list[Finding]:
    """Checks pages, or everything.

    Args:
        project: The checkout.
        names: Names of pages; all pages, snippets and records if None.

    Returns:
        The findings, sorted by place, without repetitions.
    """
    wanted = sorted(project.all_names() if names is None else names)
    findings = check_names(project, wanted) + check_twins(project, wanted)
    for name in wanted:
        findings += check_page(project, name)
    findings += check_seals(project, names and wanted)
    if names is None:
        findings += check_snippets(project) + check_unused(project) + check_navigation(project)
    return sorted(set(findings))


def check_page(project: Project, name: str) -> list[Finding]:
    """Checks a page in both languages, each alone and beside the other."""
    findings: list[Finding] = []
    pages: list[Page] = []
    told: set[str] = set()
    for path in project.twins(name):
        alone, page = _check_alone(project, path, told)
        findings += alone
        if page is not None:
            pages.append(page)
    if len(pages) == len(LANGUAGES):
        findings += check_parity(*pages)
    return findings


def _check_alone(project: Project, path: Path, told: set[str]) -> tuple[list[Finding], Page | None]:
    where = project.relative(path)
    try:
        text = read_text(project, path)
    except PageError as error:
        return [from_error(error)], None
    findings = check_fences(where, text) + check_console(where, text)
    findings += check_includes(project, where, text)
    try:
        page = load_page(project, path)
    except PageError as error:
        # What the fence's own check has said already is not said twice.
        if not any(f.path == error.path and f.line == error.line for f in findings):
            findings.append(from_error(error))
        return findings, None
    try:
        check_front_matter(page)
    except PageError as error:
        findings.append(from_error(error))
    findings += (
        check_prose(page) + check_slips(page) + check_headings(page) + check_links(project, page)
    )
    findings += check_strips(page) + check_scripts(project, page) + check_shots(project, page)
    return findings + check_api_links(page) + check_records(project, page, told), page
