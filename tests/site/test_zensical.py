"""The extension under the successor of Material for MkDocs."""

import subprocess
import sys
from pathlib import Path

import pytest
from checkout import fences
from pages import page_with, stream

CONFIG = """
site_name: Sample
site_url: http://127.0.0.1/
docs_dir: docs/zh
site_dir: site
theme: {name: material, language: zh, font: false}
markdown_extensions:
  pymdownx.arithmatex: {generic: true}
  pymdownx.highlight: {}
  pymdownx.snippets: {base_path: [snippets]}
  pymdownx.superfences: {}
  tfnotes.site.markdown: {strict: true}
"""


def zensical(project):
    pytest.importorskip("zensical", reason="zensical is not installed")
    (project.root / "mkdocs.yml").write_text(CONFIG)
    command = [Path(sys.executable).with_name("zensical"), "build", "-f", "mkdocs.yml"]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, timeout=60)


def test_a_page_with_outputs_and_math(project):
    text = "# T { #top }\n\nSee $x^2$.\n\n" + fences("print('<script>')").partition("\n")[2]
    page_with(project, text, stream("<script>alert(1)</script>\n"))
    result = zensical(project)
    assert result.returncode == 0, result.stdout + result.stderr
    html = (project.root / "site" / "a" / "b" / "index.html").read_text(encoding="utf-8")
    assert '<div class="tf-out">' in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<math" in html


def test_a_missing_record_fails(project):
    page_with(project, fences("print(1)"), stream("1\n"))
    (project.outputs / "a" / "b.json").unlink()
    result = zensical(project)
    assert result.returncode != 0
    assert 'docs/zh/a/b.md:3: block "block-1" has no record' in result.stdout + result.stderr
