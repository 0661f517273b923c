"""The line under a page that says on which TensorFlow releases its code runs."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import tfnotes.parts.footer as footer
from tfnotes.core.errors import TfnotesError
from tfnotes.releases.results import PageResult, page_digest, results_path, write_results
from tfnotes.site.build.site import build


@pytest.fixture
def noted(sample):
    """A checkout whose configuration has the hook."""
    hook = Path(footer.__file__).as_posix()
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        path = sample.root / name
        path.write_text(path.read_text().replace("hooks: [", f"hooks: [{hook}, "))
    return sample


def strips(project, language="zh", page="a/b/"):
    html = (project.root / "site" / language / page / "index.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser").select(".md-content .tf-releases .tf-strip")


def test_pages_say_where_their_code_runs(noted):
    assert not build(noted).warnings
    assert strips(noted) == []  # nothing measured, nothing said
    result = PageResult(page_digest(noted, "a/b"), 1, 1, differs=("block-1",))
    write_results(noted, {"a/b": {"2.16": result}})
    assert not build(noted).warnings
    assert strips(noted)[0]["aria-label"] == "TensorFlow 2.16：能运行，但结果不同"
    assert strips(noted, "en")[0]["aria-label"] == "TensorFlow 2.16: runs with another result"
    assert strips(noted, page="") == []
    index = (noted.root / "site" / "en" / "search" / "index.js").read_text("utf-8")
    assert "2.16" not in index


def test_a_damaged_file_is_one_line(noted):
    results_path(noted).parent.mkdir(parents=True)
    results_path(noted).write_text("{")
    with pytest.raises(TfnotesError, match=r"outputs/releases/pages\.json:1: results are not JSON"):
        build(noted)
