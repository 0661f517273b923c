"""Links between pages: the page exists, in the same language, and so does the anchor."""

import posixpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import Heading, blank_code, find_headings, find_links
from tfnotes.core.errors import PageError
from tfnotes.core.fences import find_fences
from tfnotes.core.includes import read_text
from tfnotes.core.markdown import split_front_matter
from tfnotes.core.pages import Page
from tfnotes.core.project import Project
from tfnotes.ledger.page import row_anchors


def check_headings(page: Page) -> list[Finding]:
    """Reports headings without an anchor, anchors used twice, and a page without one H1."""
    headings = find_headings(blank_code(page.text, page.fences, page.body_line))
    findings = []
    seen: dict[str, int] = {}
    for heading in headings:
        if heading.level > 1 and not heading.anchor:
            hint = "add { #anchor }, the same in both languages"
            findings.append(Finding(page.where, heading.line, "heading without an anchor", hint))
        elif heading.anchor in seen:
            message = f"anchor #{heading.anchor} stands at line {seen[heading.anchor]} already"
            findings.append(Finding(page.where, heading.line, message, "rename one of them"))
        if heading.anchor:
            seen.setdefault(heading.anchor, heading.line)
    titles = [heading.line for heading in headings if heading.level == 1]
    if len(titles) != 1 and not (not titles and page.meta.get("title")):
        line = titles[1] if titles else page.body_line
        message = f"{len(titles)} headings of level one"
        findings.append(Finding(page.where, line, message, "write exactly one"))
    return findings


def check_links(project: Project, page: Page) -> list[Finding]:
    """Follows the page's links to other pages and files of the site.

    Args:
        project: The checkout.
        page: The page.

    Returns:
        Links that lead nowhere, leave the language, or name no anchor of their page.
    """
    findings = []
    folder = posixpath.dirname(page.name)
    for link in find_links(blank_code(page.text, page.fences, page.body_line)):
        parts = urlsplit(link.target)
        if parts.scheme or parts.netloc or not link.target:
            continue
        if parts.path.startswith("/"):
            hint = "write it relative to this page"
            findings.append(
                Finding(page.where, link.line, f'link "{link.target}" begins with /', hint)
            )
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else ""
        problem = _problem(project, page, name, unquote(parts.fragment))
        if problem:
            findings.append(
                Finding(page.where, link.line, f'link "{link.target}" {problem[0]}', problem[1])
            )
    return findings


def _problem(project: Project, page: Page, name: str, anchor: str) -> tuple[str, str] | None:
    if name.startswith(".."):
        return "leaves the pages of its language", "link to a page of the same language"
    path = project.docs / page.language / name if name else page.path
    if name and not path.exists():
        if name.endswith(".ipynb") and path.with_suffix(".md").exists():
            return None  # made from that page by the build
        if not name.endswith((".md", ".ipynb")) and path.with_suffix(".md").exists():
            return "names no file", f"link to the source: {posixpath.basename(name)}.md"
        if not name.endswith((".md", ".ipynb")) and posixpath.splitext(name)[1]:
            return "leads nowhere", "put that file there, or fix its name"
        return "leads nowhere", "link to a page that exists"
    if not anchor or path.suffix != ".md":
        return None
    try:
        headings, text = _read(project, page, path)
    except PageError:
        return None  # The target's own check reports it.
    if anchor in {heading.anchor for heading in headings} or f'id="{anchor}"' in text:
        return None
    if anchor.startswith(("fn:", "__", "tfnotes.")) or anchor in row_anchors(text):
        return None  # made by the site
    known = ", ".join(h.anchor for h in headings if h.anchor) or "none"
    return "names no anchor of that page", f"it has: {known}"


def _read(project: Project, page: Page, path: Path) -> tuple[list[Heading], str]:
    if path == page.path:
        return find_headings(blank_code(page.text, page.fences, page.body_line)), page.text
    text = read_text(project, path)
    _, body_line = split_front_matter(text, project.relative(path))
    return find_headings(blank_code(text, tuple(find_fences(text)), body_line)), text
