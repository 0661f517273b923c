"""A page's front matter as MkDocs reads it: YAML."""

import yaml

from tfnotes.core.errors import PageError
from tfnotes.core.pages import Page


def check_front_matter(page: Page) -> None:
    """Reads a page's front matter as YAML, because MkDocs shows as text what it cannot read.

    Raises:
        PageError: It is no YAML mapping.
    """
    text = "\n".join(page.text.split("\n")[1 : max(page.body_line - 2, 1)])
    try:
        content = yaml.safe_load(text) if text else {}
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        problem = f"front matter is not YAML ({error.problem}); quote the value"
        raise PageError(page.where, line, problem) from None
    if not isinstance(content, dict):
        raise PageError(page.where, 1, "front matter is no mapping; write name: value lines")
