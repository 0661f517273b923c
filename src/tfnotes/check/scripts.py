"""Snippet files as scripts: readers run them from top to bottom, also where a page shows an error."""

import ast
import sys

from tfnotes.check.finding import Finding
from tfnotes.core.pages import Page
from tfnotes.core.project import Project


def check_scripts(project: Project, page: Page) -> list[Finding]:
    """Checks that a page's snippet file can be run as a script.

    Args:
        project: The checkout.
        page: The page.

    Returns:
        Blocks that must raise but would end the script there, and a file that stands in the way of
        a module of the standard library when a script beside it is run.
    """
    findings: list[Finding] = []
    for block in page.running:
        file = project.relative(block.source_path)
        if file == block.where:
            continue
        if block.source_path.stem in sys.stdlib_module_names:
            message = (
                f'hides the standard library\'s "{block.source_path.stem}" from scripts beside it'
            )
            findings.append(Finding(file, 1, message, "give the snippet file another name"))
        if block.raises and not _is_caught(block.source_path.read_text("utf-8"), block.source_line):
            message = f"the file, run as a script, ends here with {block.raises}"
            hint = 'put the section into "with contextlib.suppress(Exception):"'
            findings.append(Finding(file, block.source_line, message, hint))
    return findings


def _is_caught(text: str, line: int) -> bool:
    """Whether a line of a module stands inside a ``with`` or ``try``."""
    outermost = (node for node in ast.parse(text).body if node.lineno <= line <= _end(node))
    return any(isinstance(node, ast.With | ast.Try) and node.lineno < line for node in outermost)


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
