import shutil

from bs4 import BeautifulSoup
from checkout import write_page
from pages import convert

from tfnotes.core.project import LANGUAGES
from tfnotes.core.shots import Shots, save_shots, shots_folder

TEXT = '# T\n\n```python\nx = 1\n```\n\n<img data-shot="scalars" alt="two [curves]">\n\nEnd.\n'


def figure(project, page):
    return BeautifulSoup(convert(project, page.body), "html.parser").select_one("figure.tf-shot")


def photographed(project, key=None):
    page = write_page(project, "a/b", TEXT)
    shots_folder(project, page.name).mkdir(parents=True)
    key = key or page.running[0].key
    made = {"TensorBoard": "2.21.0", "date": "2026-11-21"}
    save_shots(project, Shots(page.name, "block-1", key, made, {"scalars": [600, 400]}))
    return page


def test_a_screenshot_is_a_figure_for_both_palettes(project):
    page = photographed(project)
    pictures = figure(project, page).select("img")
    folder = "../assets/shots/a-b/scalars"
    assert [p["src"] for p in pictures] == [
        f"{folder}.webp#only-light",
        f"{folder}-dark.webp#only-dark",
    ]
    for picture in pictures:
        assert (picture["alt"], picture["width"]) == ("two [curves]", "600")
        assert picture["loading"] == "lazy"


def test_it_says_when_it_was_taken_and_whether_the_code_has_changed(project):
    badge = figure(project, photographed(project)).select_one(".tf-badge")
    assert [span.text for span in badge.select("span")] == ["TensorBoard 2.21.0", "2026-11-21"]
    shutil.rmtree(shots_folder(project, "a/b"))
    badge = figure(project, photographed(project, key="0" * 20)).select_one(".tf-badge")
    assert badge.select_one(".tf-stale")


def test_without_pictures_the_text_alternative_stays(project):
    page = write_page(project, "a/b", TEXT)
    assert figure(project, page) is None
    assert 'alt="two [curves]"' in convert(project, page.body)


def test_mkdocs_finds_the_pictures_in_the_theme(documents, site):
    for language in LANGUAGES:
        page = site / language / "keras" / "tensorboard" / "index.html"
        pictures = documents[page].select(".tf-shot img")
        assert pictures
        for picture in pictures:
            assert (page.parent / picture["src"].split("#")[0]).resolve().is_file()
