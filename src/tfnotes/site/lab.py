"""MkDocs hook: a lab's notebook, as mkdocs-jupyter renders it, in the dress of every other page.

mkdocs-jupyter brings 600 kB of JupyterLab's styles and a copy script into the page. Here only what
it made of the notebook's prose and code is kept: the cells become blocks like those of other
pages, with outputs and badges from the same records, the headings get the anchors that the lab's
Markdown gives them, and formulas are rendered.
"""

import json
import posixpath
import re
from html import escape
from typing import Any, cast
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from mkdocs.structure.toc import get_toc

from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project, find_project
from tfnotes.core.records import Store
from tfnotes.site.katex import Katex
from tfnotes.site.render import focusable, folded_code, render_outputs
from tfnotes.site.words import say

_WIDGETS = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
_HEADING = re.compile(
    r"^(#{1,6})\s+(?P<text>.*?)\s*\{\s*#(?P<anchor>[\w-]+)\s*\}\s*$", re.MULTILINE
)
_MATH = re.compile(r"\$\$(?P<display>.+?)\$\$|\$(?P<inline>[^$\s](?:[^$\n]*[^$\s])?)\$", re.DOTALL)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> None:
    """Gives a lab the front matter of its Markdown, which describes it to search engines."""
    twin = _twin(page, config)
    if twin is not None:
        page.meta.update(twin.meta)


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str | None:
    """Rewrites a lab's HTML and its table of contents; leaves every other page alone."""
    twin = _twin(page, config)
    if twin is None:
        return None
    project = find_project()
    soup = BeautifulSoup(_WIDGETS.sub("", html), "html.parser")
    _number_headings(soup, twin, page)
    about = json.loads(page.file.content_string)["metadata"]["tfnotes"]
    _link_within(soup, about["url"].removesuffix(f"{twin.name}/"), page)
    _render_math(soup, Katex(project.cache / "katex.json"))
    return "".join(_cells(soup, twin, project))


def _twin(page: Any, config: Any) -> Page | None:
    """The Markdown that a lab's notebook was made from."""
    if not page.file.src_uri.endswith(".ipynb"):
        return None
    project = find_project()
    name = page.file.src_uri.removesuffix(".ipynb")
    return load_page(project, project.page_path(config.theme["language"], name))


def _number_headings(soup: BeautifulSoup, twin: Page, page: Any) -> None:
    """Gives headings the anchors they have in both languages, and rebuilds the contents list."""
    anchors = [match["anchor"] for match in _HEADING.finditer(twin.body)]
    headings = soup.find_all(re.compile(r"^h[1-6]$"))
    tokens: list[dict[str, Any]] = []
    open_: list[dict[str, Any]] = []
    for number, heading in enumerate(headings):
        for link in heading.select(".anchor-link"):
            link.decompose()
        if len(anchors) == len(headings):
            heading["id"] = anchors[number]
        text = heading.get_text()
        link = soup.new_tag("a", attrs={"class": "headerlink", "href": f"#{heading['id']}"})
        link.string = "#"
        link["title"] = say(twin.language, "permalink")
        heading.append(link)
        token: dict[str, Any] = {
            "level": int(heading.name[1]),
            "id": heading["id"],
            "name": text,
            "children": [],
        }
        while open_ and open_[-1]["level"] >= token["level"]:
            open_.pop()
        (open_[-1]["children"] if open_ else tokens).append(token)
        open_.append(token)
    page.toc = get_toc(cast(Any, tokens))


def _link_within(soup: BeautifulSoup, home: str, page: Any) -> None:
    """Makes links to the site's own address relative, as a notebook's cannot be."""
    for link in soup.find_all("a", href=True):
        parts = urlsplit(str(link["href"]))
        if not str(link["href"]).startswith(home):
            continue
        path = parts.path.removeprefix(urlsplit(home).path)
        if not page.file.url.endswith("/"):  # no directory URLs: the page is opened from a file
            path = f"{path.rstrip('/')}.html" if path else "index.html"
        here = page.file.url if page.file.url.endswith("/") else posixpath.dirname(page.file.url)
        relative = posixpath.relpath(path or ".", here or ".")
        slash = "/" if path.endswith("/") or not path else ""
        link["href"] = relative + slash + (f"#{parts.fragment}" if parts.fragment else "")


def _render_math(soup: BeautifulSoup, katex: Katex) -> None:
    for text in list(soup.find_all(string=_MATH)):
        if any(parent.name in ("pre", "code", "script") for parent in text.parents):
            continue

        def rendered(match: re.Match[str]) -> str:
            display = match["display"] is not None
            html = katex.render(match["display"] if display else match["inline"], display)
            kind = "tf-math tf-math-block" if display else "tf-math"
            return f'<span class="{kind}" data-search-exclude="1">{html}</span>'

        text.replace_with(BeautifulSoup(_MATH.sub(rendered, str(text)), "html.parser"))


def _cells(soup: BeautifulSoup, twin: Page, project: Project) -> list[str]:
    """The HTML of the cells, in order."""
    records = Store(project.outputs).load(twin.name)
    real = Store(project.real_outputs).load(twin.name)
    blocks = iter(twin.running)
    parts = []
    first = True
    for cell in soup.select(".jp-Notebook-cell[id]"):
        classes: Any = cell.get("class") or []
        if "jp-MarkdownCell" in classes:
            prose = cell.select_one(".jp-MarkdownOutput")
            parts.append(prose.decode_contents() if prose else "")
        elif "jp-CodeCell" in classes:
            code = _code(cell)
            if first:  # the cell that installs what the notebook needs
                first = False
                fold = folded_code(code, say(twin.language, "setup"))
                parts.append(f'<div class="tf-block">{fold}</div>')
                continue
            block = next(blocks)
            record = records.get(block.key)
            outputs = ""
            if record is not None:
                outputs = render_outputs(block, record, real.get(block.key), twin.language)
            if "fold" in block.options:
                title = block.options.get("title") or say(twin.language, "code")
                code = folded_code(code, escape(title))
            shown = "" if block.hidden else code
            if shown or outputs:
                parts.append(f'<div class="tf-block">{shown}{outputs}</div>')
    return parts


def _code(cell: Tag) -> str:
    pre = cell.select_one(".highlight-ipynb pre")
    if pre is None:
        return ""
    if pre.contents and isinstance(pre.contents[-1], NavigableString):
        pre.contents[-1].replace_with(str(pre.contents[-1]).rstrip("\n") + "\n")
    code = pre.decode_contents()
    attribute = focusable(pre.get_text())
    return f'<div class="language-python highlight"><pre><code{attribute}>{code}</code></pre></div>'
