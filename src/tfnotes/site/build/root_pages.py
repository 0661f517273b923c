"""What stands above the languages: the page that picks one, and what search engines read.

Also what is said of a page that does not exist, whose address may name either language or none.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from tfnotes.core.files import write_atomic
from tfnotes.core.project import LANGUAGES, Project
from tfnotes.site.build.config import read_config


def write_root(
    project: Project, site: Path, languages: Sequence[str], site_url: str | None, index: str
) -> None:
    """Writes the files of the site's root.

    Args:
        project: The checkout.
        site: The folder that holds the languages' folders.
        languages: The languages that were built.
        site_url: Address of that folder, for the files that need one; None for none of them.
        index: What a link to a folder must add: ``index.html`` for the file system, else nothing.
    """
    from jinja2 import Environment, FileSystemLoader

    theme = Environment(loader=FileSystemLoader(project.docs / "theme"), autoescape=True)
    page = theme.get_template("root.html").render(site_url=site_url, index=index)
    write_atomic(site / "index.html", page)
    if not site_url:
        return
    home = urlsplit(site_url).path
    not_found = theme.get_template("partials/not-found.html")
    parts = {name: _parts(project, site, name) for name in LANGUAGES}
    for folder, language in [(site, languages[0]), *((site / name, name) for name in languages)]:
        text = not_found.render(language=language, home=home, parts=parts)
        write_atomic(folder / "404.html", text)
    maps = "".join(
        f"<sitemap><loc>{site_url}{name}/sitemap.xml</loc></sitemap>" for name in languages
    )
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    content = f'{declaration}<sitemapindex xmlns="{schema}">{maps}</sitemapindex>\n'
    write_atomic(site / "sitemap.xml", content)
    robots = f"User-agent: *\nAllow: /\nSitemap: {site_url}sitemap.xml\n"
    write_atomic(site / "robots.txt", robots)
    write_atomic(site / ".nojekyll", "")


def _parts(project: Project, site: Path, language: str) -> list[tuple[str, str]]:
    """Title and address of each part: its overview where there is one, else its first page."""
    found = []
    for entry in read_config(project, language).get("nav") or ():
        for title, children in entry.items() if isinstance(entry, dict) else ():
            first = next(_files(children), "") if isinstance(children, list) else ""
            if not first:
                continue
            address = PurePosixPath(first).with_suffix("")
            above = address.parent
            if address.name == "index" or (above.name and (site / language / above).joinpath("index.html").is_file()):
                address = above
            found.append((str(title), f"{address.as_posix()}/"))
    return found


def _files(nav: Any) -> Iterator[str]:
    """The files that a part of a navigation names, in order."""
    if isinstance(nav, str):
        yield nav
    else:
        for entry in nav.values() if isinstance(nav, dict) else nav or ():
            yield from _files(entry)
