import os
import time
import zipfile
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from checkout import fences, write_page
from pages import page_with, stream

from tfnotes.core import pages as reading
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import LANGUAGES, Project
from tfnotes.ledger.page import ledger_files
from tfnotes.site.build.language import build_language
from tfnotes.site.build.site import build, check_pages
from tfnotes.site.serve.preview import Preview


def page(project, language="zh"):
    path = project.root / "site" / language / "a" / "b" / "index.html"
    return path.read_text(encoding="utf-8")


def test_a_build_makes_both_languages_and_a_root(sample):
    site = build(sample)
    assert site.pages == 4
    assert not site.warnings
    for name in ("index.html", "404.html", "sitemap.xml", "robots.txt", "zh/404.html"):
        assert (site.path / name).is_file(), name
    assert "one\n" in page(sample)
    assert (site.path / "en" / "notebooks" / "a" / "b.ipynb").is_file()


def test_a_missing_record_fails_and_leaves_the_old_site(sample):
    build(sample, languages=["zh"])
    (sample.outputs / "a" / "b.json").unlink()
    with pytest.raises(TfnotesError, match=r'docs/zh/a/b\.md:3: block "block-1" has no record'):
        build(sample, languages=["zh"])
    assert "one\n" in page(sample)
    assert not list((sample.root / ".cache").glob("site-*"))
    warned = build(sample, strict=False)
    assert any("docs/en/a/b.md:3" in line for line in warned.warnings)
    assert "tf-missing" in page(sample)


def test_a_dead_link_fails(sample):
    write_page(sample, "index", "---\ndescription: x\n---\n\n# Home\n\n[gone](gone.md)\n")
    with pytest.raises(TfnotesError, match=r"'gone\.md'"):
        build(sample, languages=["zh"])


def test_everything_that_is_wrong_with_pages_is_told_at_once(sample):
    (sample.docs / "zh" / "x.md").write_bytes(b"# \xff\n")
    (sample.docs / "en" / "y.md").write_text('# T\n\n```python\n--8<-- "no.py:s"\n```\n')
    (sample.docs / "en" / "z.md").write_text("---\ndescription: a: b\n---\n\n# T\n")
    (sample.docs / "en" / "damaged.md").write_text("# T\n\n```python\nx = (\n```\n")
    with pytest.raises(TfnotesError) as caught:
        check_pages(sample)
    lines = str(caught.value).split("\n")
    assert len(lines) == 4
    assert any(line.startswith("docs/zh/x.md:1: ") for line in lines)
    assert any("no.py" in line for line in lines)
    assert any(line.startswith("docs/en/z.md:2: front matter is not YAML") for line in lines)
    assert any("syntax error" in line for line in lines)


def test_a_damaged_record_is_one_line(sample):
    (sample.outputs / "a" / "b.json").write_text('{"format"')
    with pytest.raises(TfnotesError, match=r"outputs/a/b\.json:1: records are not JSON"):
        build(sample, languages=["zh"])


def test_a_configuration_that_is_not_valid(sample):
    (sample.root / "mkdocs.en.yml").write_text(
        "site_name: X\nsite_url: https://example.org/en/\ndocs_dir: docs/none\n"
    )
    with pytest.raises(TfnotesError, match=r"mkdocs\.en\.yml: "):
        build(sample, languages=["en"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_checkout(sample):
    sample.root.chmod(0o500)
    try:
        with pytest.raises(TfnotesError, match="is the checkout read-only"):
            build(sample)
    finally:
        sample.root.chmod(0o700)


def test_one_language_keeps_the_other(sample):
    build(sample)
    page_with(sample, fences("print(2)"), stream("two\n"))
    build(sample, languages=["zh"])
    assert "two\n" in page(sample)
    assert "one\n" in page(sample, "en")


def test_another_address(sample):
    site = build(sample, site_url="https://notes.example.com/", languages=["zh"])
    text = (site.path / "zh" / "sitemap.xml").read_text()
    assert "<loc>https://notes.example.com/zh/a/b/</loc>" in text
    assert (
        "Sitemap: https://notes.example.com/sitemap.xml" in (site.path / "robots.txt").read_text()
    )


def test_a_saved_page_is_rendered_again(sample):
    preview = Preview(sample, run=False, report=lambda line: None)
    try:
        assert preview.build()
        html = preview.folder / "zh" / "a" / "b" / "index.html"
        home = preview.folder / "zh" / "index.html"
        assert "one\n" in html.read_text()
        before = home.stat().st_mtime_ns
        page_with(sample, fences("print(1)") + "\nA new line.\n", stream("one\n"))
        preview.changed([sample.page_path("zh", "a/b")])
        assert "A new line." in html.read_text()
        assert home.stat().st_mtime_ns == before
        preview.changed([sample.outputs / "a" / "b.json"])
        sample.page_path("zh", "a/b").write_text("# T\n\n```python\nx = (\n```\n")
        preview.changed([sample.page_path("zh", "a/b")])
        assert "A new line." in html.read_text()
    finally:
        preview.close()


def test_the_first_page_is_there_before_the_others(sample):
    preview = Preview(sample, run=False, report=lambda line: None)
    try:
        preview.begin()
        home = preview.folder / "zh" / "index.html"
        html = preview.folder / "zh" / "a" / "b" / "index.html"
        assert "md-content" in home.read_text()
        assert "This page is being built" in html.read_text()
        assert preview.build()
        assert "one\n" in html.read_text()
    finally:
        preview.close()


def test_a_saved_row_renders_the_pages_that_show_the_ledger(sample):
    page_with(sample, "# L\n\n<!-- ledger: summary -->\n", name="a/ledger")
    preview = Preview(sample, run=False, report=lambda line: None)
    try:
        assert preview.build()
        shown, other = (
            preview.folder / "zh" / "a" / name / "index.html" for name in ("ledger", "b")
        )
        before = shown.stat().st_mtime_ns, other.stat().st_mtime_ns
        row = ledger_files()[0]
        os.utime(row)  # saved
        preview.changed([row])
        assert shown.stat().st_mtime_ns > before[0]
        assert other.stat().st_mtime_ns == before[1]
    finally:
        preview.close()


# The whole site, as readers get it.


def test_the_site_builds_without_a_warning(site: Path, notes: Project):
    for language in LANGUAGES:
        pages = len(list((site / language).rglob("index.html")))
        names = notes.page_names(language)
        overviews = {name.partition("/")[0] for name in names if "/" in name}
        assert pages == len(names) + len(overviews)


def pages_of(documents, site):
    """The pages of the languages: without the root, which only leads to them."""
    return {path: soup for path, soup in documents.items() if path.parent != site}


def test_every_page_describes_itself(documents, site):
    for path, soup in pages_of(documents, site).items():
        description = soup.select_one('meta[name="description"]')["content"]
        assert len(description) >= 10, path
        assert soup.title.text.strip(), path
        assert soup.html["lang"] == path.relative_to(site).parts[0]


def resolve(site, page, address):
    """The file that a link leads to, or None if it leaves the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    target = page if not path else (page.parent / path).resolve()
    if path.startswith("/"):
        return None
    return target / "index.html" if target.is_dir() else target


def test_every_link_and_file_of_the_site_is_there(documents, site):
    ids = {path: [e["id"] for e in soup.select("[id]")] for path, soup in documents.items()}
    broken = []
    for path, soup in documents.items():
        for element in soup.select("[href], [src]"):
            address = element.get("href") or element.get("src")
            target = resolve(site, path, address)
            if target is None or address.startswith("data:"):
                continue
            fragment = unquote(urlsplit(address).fragment)
            if not target.is_file() or (fragment and fragment not in ids.get(target, [fragment])):
                broken.append(f"{path.relative_to(site)}: {address}")
    assert not broken, "\n".join(sorted(set(broken)))


def test_no_id_stands_twice_on_a_page(documents, site):
    for path, soup in documents.items():
        ids = [element["id"] for element in soup.select("[id]")]
        assert not {name for name in ids if ids.count(name) > 1}, path.relative_to(site)


def test_twins_have_the_same_anchors(documents, site):
    for path, soup in documents.items():
        if path.is_relative_to(site / "zh"):
            twin = documents[site / "en" / path.relative_to(site / "zh")]
            found = [
                [heading.get("id") for heading in one.select(".md-content :is(h2, h3)")]
                for one in (soup, twin)
            ]
            assert found[0] == found[1], path.relative_to(site)


def test_a_lab_is_a_page_like_the_others(site):
    for path in site.glob("*/labs/*/index.html"):
        html = path.read_text(encoding="utf-8")
        assert len(html) < 300_000
        assert 'class="tf-block"' in html
        assert "jp-" not in html
        assert "mathjax" not in html.lower()


def test_every_page_with_code_has_its_notebook(documents, site):
    for path, soup in documents.items():
        if soup.select(".tf-block") and path.parent.parent != site:
            link = soup.select_one("a.tf-notebook")
            assert (path.parent / link["href"]).resolve().is_file()


def test_the_sitemap_names_twins(site):
    space = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    root = ElementTree.parse(site / "zh" / "sitemap.xml").getroot()
    for url in root.findall("s:url", space):
        links = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", space)}
        assert set(links) == set(LANGUAGES)
        assert links["en"] == links["zh"].replace("/zh/", "/en/")
        assert url.findtext("s:loc", namespaces=space) == links["zh"]


def test_the_archive_and_the_wheel(site):
    with zipfile.ZipFile(site / "downloads" / "site.zip") as archive:
        names = archive.namelist()
    assert "tfnotes/index.html" in names
    assert "tfnotes/en/tensors/operations.html" in names
    assert not [name for name in names if "notebooks-" in name or name.endswith(".yml")]
    wheel = next((site / "downloads").glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = archive.read(next(name for name in names if name.endswith("RECORD"))).decode()
    assert "tfnotes/data/__init__.py" in names
    assert [line.split(",")[0] for line in record.splitlines()] == names


def test_a_build_reads_every_page_once(sample, tmp_path, monkeypatch):
    """Checks, notebooks, the pages themselves, footers and overviews share what was read."""
    long_ago = time.time_ns() - 10**10
    for path in (*sample.docs.rglob("*.md"), *sample.snippets.rglob("*.py")):
        os.utime(path, ns=(long_ago, long_ago))
    read, read_one = Counter(), reading._read

    def counted(project, path):
        read[project.relative(path)] += 1
        return read_one(project, path)

    monkeypatch.setattr(reading, "_read", counted)
    check_pages(sample)
    for language in LANGUAGES:
        build_language(sample, language, tmp_path / "built" / language)
    pages = [f"docs/{one}/{name}.md" for one in LANGUAGES for name in sample.page_names(one)]
    assert read == Counter(pages)
    assert len(pages) == 4


@pytest.mark.parametrize(("name", "line"), [("mkdocs.yml", 2), ("mkdocs.en.yml", 2)])
def test_a_configuration_that_is_not_yaml_is_named_with_its_line(sample, name, line):
    """Not what somebody misses who could not read it."""
    (sample.root / name).write_text("nav: [x\n")
    with pytest.raises(TfnotesError) as caught:
        build(sample, languages=["en"])
    assert str(caught.value).startswith(f"{name}:{line}: is not YAML")
    assert "\n" not in str(caught.value)
