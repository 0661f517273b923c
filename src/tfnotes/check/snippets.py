"""Snippet files: they parse, their sections are whole, and pages use them."""

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path

from tfnotes.check.finding import Finding, from_error
from tfnotes.core.blocks import LOOKALIKES, PYTHON
from tfnotes.core.errors import PageError
from tfnotes.core.fences import find_fences
from tfnotes.core.includes import INCLUDE, find_sections, read_text, resolve
from tfnotes.core.project import LANGUAGES, Project
from tfnotes.core.records import Store


def check_snippets(project: Project) -> list[Finding]:
    """Checks every file under ``snippets/``.

    Args:
        project: The checkout.

    Returns:
        Syntax errors, sections that do not begin or end, sections and files that no page uses.
    """
    used = _references(project)
    read: set[str] | None = None
    findings: list[Finding] = []
    for path in sorted(project.snippets.rglob("*.py")):
        where = project.relative(path)
        name = path.relative_to(project.snippets).as_posix()
        try:
            text = read_text(project, path)
            sections = find_sections(text, where)
            ast.parse(text)
        except PageError as error:
            findings.append(from_error(error))
            continue
        except SyntaxError as error:
            hint = "mend the code"
            findings.append(Finding(where, error.lineno or 1, f"syntax error: {error.msg}", hint))
            continue
        if name in used:
            continue
        if not any(reference.startswith(f"{name}:") for reference in used):
            read = _read_by_pages(project) if read is None else read
            if where not in read:
                hint = "include it, or delete it"
                findings.append(Finding(where, 1, "no page uses this file", hint))
            continue
        for section, (first, _) in sections.items():
            if f"{name}:{section}" not in used:
                message = f'no page uses section "{section}"'
                findings.append(Finding(where, first - 1, message, "include it, or delete it"))
    return findings


def check_includes(project: Project, where: str, text: str) -> list[Finding]:
    """Checks what a page includes outside its Python fences, whose own includes its blocks read.

    Args:
        project: The checkout.
        where: The page's file, for messages.
        text: The whole file.
    """
    own: set[int] = set()
    for fence in find_fences(text):
        # Fences about fences show an include and do not follow it.
        if fence.language in (*PYTHON, *LOOKALIKES, "md", "markdown"):
            own |= set(range(fence.line, fence.end_line + 1))
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        match = None if number in own else INCLUDE.match(line)
        if match:
            section = f":{match['section']}" if match["section"] else ""
            try:
                resolve(project, match["file"] + section, where, number)
            except PageError as error:
                findings.append(from_error(error))
    return findings


def _references(project: Project) -> set[str]:
    """What all pages include, as ``part/slug.py:section`` or ``part/slug.py``."""
    found: set[str] = set()
    for path in _pages(project):
        try:
            text = read_text(project, path)
        except PageError:
            continue  # The page's own check reports it.
        for fence in find_fences(text):
            for line in fence.body.split("\n"):
                match = INCLUDE.match(line)
                if match:
                    section = f":{match['section']}" if match["section"] else ""
                    found.add(match["file"] + section)
    return found


def _read_by_pages(project: Project) -> set[str]:
    """The files that blocks have imported or read, as their records say."""
    store = Store(project.outputs)
    found: set[str] = set()
    for name in store.page_names():
        with contextlib.suppress(PageError):  # The page's own check reports it.
            found.update(*(record.files for record in store.load(name).values()))
    return found


def _pages(project: Project) -> Iterator[Path]:
    for language in LANGUAGES:
        yield from (project.docs / language).rglob("*.md")
    yield from project.root.glob("*.md")
