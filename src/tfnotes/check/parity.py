"""Twins: the Chinese and the English page say the same around the same blocks.

They mention the same numbers of runs, and link to the same pages.
"""

import re
from collections.abc import Iterable

from tfnotes.check.finding import Finding
from tfnotes.check.markdown_text import blank_code, find_headings, find_links
from tfnotes.core.blocks import OPTIONS, TEXT_OPTIONS, Block
from tfnotes.core.inline import REFERENCE
from tfnotes.core.pages import Page
from tfnotes.core.project import LANGUAGES, Project

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*")
_SAME = tuple(option for option in OPTIONS if option not in (*TEXT_OPTIONS, "title"))


def check_twins(project: Project, names: Iterable[str]) -> list[Finding]:
    """Reports pages that exist in one language only."""
    findings = []
    for name in names:
        paths = {language: project.page_path(language, name) for language in LANGUAGES}
        for language, path in paths.items():
            if not path.exists():
                other = next((p for p in paths.values() if p.exists()), None)
                if other is not None:
                    wanted = project.relative(path)
                    hint = f"write {wanted}, or remove this page"
                    message = f"the page has no {language} twin"
                    findings.append(Finding(project.relative(other), 1, message, hint))
    return findings


def check_names(project: Project, names: Iterable[str]) -> list[Finding]:
    """Reports pages whose names would be other addresses on other systems."""
    findings = []
    hint = "rename the file, in both languages, in the navs and in outputs"
    for name in names:
        if not _NAME.fullmatch(name):
            message = f'"{name}" is no name for a page: a-z, 0-9 and - only'
            findings += [
                Finding(project.relative(path), 1, message, hint) for path in project.twins(name)
            ]
    return findings


def check_parity(one: Page, other: Page) -> list[Finding]:
    """Compares twins: blocks, their options, and headings.

    Only the first difference in the order of blocks (or of anchors) is reported: those behind it
    follow from it.

    Args:
        one: The page in one language; findings stand at its lines.
        other: The same page in the other language.

    Returns:
        What differs, each naming the place in both pages.
    """
    return _check_blocks(one, other) + _check_anchors(one, other) + _check_mentions(one, other)


def _check_blocks(one: Page, other: Page) -> list[Finding]:
    findings = []
    here, there = one.blocks, other.blocks
    for mine, theirs in zip(here, there, strict=False):
        if mine.runs == theirs.runs and mine.code == theirs.code:
            findings += _check_options(mine, theirs)
            continue
        there_is = f'"{theirs.name}" at {theirs.where}:{theirs.line}'
        message = f'block "{mine.name}" differs from block {there_is}'
        return [
            *findings,
            Finding(one.where, mine.line, message, "put the same blocks in the same order"),
        ]
    if len(here) > len(there):
        extra = here[len(there)]
        last = there[-1].end_line if there else other.body_line
        message = f'block "{extra.name}" is missing in {other.where} after line {last}'
        findings.append(Finding(one.where, extra.line, message, "add it there, or remove it here"))
    elif len(there) > len(here):
        extra = there[len(here)]
        last = here[-1].end_line if here else one.body_line
        message = f'block "{extra.name}" of {extra.where}:{extra.line} is missing here'
        findings.append(Finding(one.where, last, message, "add it here, or remove it there"))
    return findings


def _check_options(mine: Block, theirs: Block) -> list[Finding]:
    findings = []
    for option in _SAME:
        values = mine.options.get(option), theirs.options.get(option)
        if values[0] != values[1]:
            shown = ["absent" if v is None else f'"{v}"' if v else "set" for v in values]
            message = f"{option} is {shown[0]} here and {shown[1]} at {theirs.where}:{theirs.line}"
            findings.append(Finding(mine.where, mine.line, message, "use the same option in both"))
    for option in ("title", "alt"):
        if (option in mine.options) != (option in theirs.options):
            has = mine.where if option in mine.options else theirs.where
            twin = f"{theirs.where}:{theirs.line}"
            message = f'only {has} gives {option}= to block "{mine.name}" (twin: {twin})'
            hint = f"give {option}= in both languages"
            findings.append(Finding(mine.where, mine.line, message, hint))
    return findings


def _check_anchors(one: Page, other: Page) -> list[Finding]:
    here = find_headings(blank_code(one.text, one.fences, one.body_line))
    there = find_headings(blank_code(other.text, other.fences, other.body_line))
    hint = "give both pages the same headings with the same { #anchor }, in the same order"
    for mine, theirs in zip(here, there, strict=False):
        if (mine.level, mine.anchor) != (theirs.level, theirs.anchor):
            names = [f"{'#' * h.level} #{h.anchor or '(none)'}" for h in (mine, theirs)]
            message = f"heading {names[0]} stands where {other.where}:{theirs.line} has {names[1]}"
            return [Finding(one.where, mine.line, message, hint)]
    if len(here) > len(there):
        extra = here[len(there)]
        return [
            Finding(
                one.where, extra.line, f"heading #{extra.anchor} is missing in {other.where}", hint
            )
        ]
    if len(there) > len(here):
        extra = there[len(here)]
        message = f"heading #{extra.anchor} of {other.where}:{extra.line} is missing here"
        return [Finding(one.where, here[-1].line if here else one.body_line, message, hint)]
    return []


def _check_mentions(one: Page, other: Page) -> list[Finding]:
    """Compares which numbers of runs and which pages the twins mention, in whatever order."""
    mine, theirs = _mentions(one), _mentions(other)
    findings = []
    for page, twin, here, there in ((one, other, mine, theirs), (other, one, theirs, mine)):
        for what, lines in here.items():
            if len(lines) > len(there.get(what, ())):
                times = "oftener than" if what in there else "and not"
                message = f"{what} stands here {times} in {twin.where}"
                hint = "say the same in both languages"
                findings.append(Finding(page.where, lines[-1], message, hint))
    return findings


def _mentions(page: Page) -> dict[str, list[int]]:
    """The lines of each reference to a run and of each link within the site."""
    found: dict[str, list[int]] = {}
    lines = blank_code(page.text, page.fences, page.body_line)
    for number, line in enumerate(lines, 1):
        for reference in REFERENCE.finditer(line):
            found.setdefault(reference[0], []).append(number)
    for link in find_links(lines):
        if "://" not in link.target and not link.target.startswith("mailto:"):
            found.setdefault(f'link "{link.target}"', []).append(link.line)
    return found
