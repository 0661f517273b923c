"""What stands above the languages: the page that picks one, and what search engines read."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tfnotes.core.project import Project
from tfnotes.core.files import write_atomic


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
    write_atomic(
        site / "404.html", not_found.render(language="zh", base_url=home + "zh", home=home)
    )
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
