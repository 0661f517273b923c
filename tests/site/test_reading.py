"""Reading the built site: on a phone, on paper, without a mouse, and from elsewhere."""

import json
import re
import stat

import pytest
from bs4 import BeautifulSoup
from checkout import fences
from pages import convert, page_with, record, stream

from tfnotes.core.project import LANGUAGES
from tfnotes.core.records import Store
from tfnotes.parts.overview import parts
from tfnotes.site.build.site import build
from tfnotes.site.html.figures import READABLE, inline_svg
from tfnotes.site.markdown.breaks import words
from tfnotes.site.markdown.tokens import without_plain_tokens

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
WITH_FIGURES = ("zh/", "zh/tensors/variables/", "zh/keras/functional/", "zh/vision/classic-cnns/")
WITH_CHARTS = ("zh/graphs/devices/", "zh/data/performance/", "en/graphs/speedup/")


def test_a_page_of_another_site_sees_title_description_and_language(documents, site):
    for path, page in documents.items():
        if path.parent == site or path.name == "ledger-all.html":
            continue
        here = path.relative_to(site).parent.as_posix() + "/"
        language = here[:2]
        address = page.select_one("link[rel=canonical]")["href"]
        assert address.endswith(here)
        root = address.removesuffix(here)
        links = {link["hreflang"]: link["href"] for link in page.select("link[hreflang]")}
        assert links["zh"] == f"{root}zh/{here[3:]}"
        assert links["en"] == f"{root}en/{here[3:]}"
        assert "x-default" in links
        told = {meta["property"]: meta["content"] for meta in page.select("meta[property]")}
        assert told["og:title"]
        assert told["og:description"] == page.select_one("meta[name=description]")["content"]
        assert told["og:url"] == address
        image = told["og:image"].removeprefix(root)
        assert (site / image).is_file()
        assert told["og:locale"].startswith(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_has_an_overview_of_its_pages(documents, site, language):
    page = documents[site / language / "keras" / "index.html"]
    links = [link["href"] for link in page.select(".tf-part-list li > p:first-child > a")]
    assert "fit/" in links and len(links) > 10
    assert all(item.text.strip() for item in page.select(".tf-part-list li > p + p"))
    assert "__init__" in page.select_one(".tf-part-list").text  # a description is no Markdown
    home = documents[site / language / "index.html"]
    assert home.select_one('.tf-map a[href="keras/"]')


def test_the_parts_of_a_navigation():
    nav = [{"Home": "index.md"}, {"A": [{"x": "a/x.md"}, {"y": "a/y.md"}]}, "loose.md"]
    assert parts(nav) == [("A", [("x", "a/x.md"), ("y", "a/y.md")])]


def test_every_folder_of_the_site_can_be_read_by_a_host(site):
    closed = [
        path
        for path in site.rglob("*")
        if not path.stat().st_mode & stat.S_IROTH
        or (path.is_dir() and not path.stat().st_mode & stat.S_IXOTH)
    ]
    assert not closed


def test_what_can_be_done_with_a_page_is_said_in_words(documents, site):
    page = documents[site / "en" / "keras" / "fit" / "index.html"]
    assert [link.text.strip() for link in page.select(".tf-actions a")] == ["Notebook", "Edit"]


def test_colab_is_offered_where_the_notebooks_have_a_public_address(sample):
    def links():
        build(sample)
        html = (sample.root / "site" / "en" / "a" / "b" / "index.html").read_text()
        return [a["href"] for a in BeautifulSoup(html, "html.parser").select("a.tf-colab")]

    assert links() == []
    colab = "https://colab.research.google.com/github/o/r/blob/pages"
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        path = sample.root / name
        path.write_text(path.read_text().replace("extra: {", f"extra: {{colab: '{colab}', "))
    assert links() == [f"{colab}/en/notebooks/a/b.ipynb"]


def test_a_badge_says_all_once_and_then_what_is_new(project):
    asks = "from tfnotes import data\n{} = data.iris()"
    text = fences("a = 1", asks.format("b"), "c = 3", asks.format("d"))
    page = page_with(project, text, stream("x\n"))
    made = [{"date": "2026-11-21", "tensorflow": "2.21.0"}] * 3
    made.append({"date": "2026-11-22", "tensorflow": "2.21.0"})
    data = [(), ({"name": "iris", "origin": "stand-in"},)] * 2
    records = [
        record(block, stream("x\n"), data=list(d))
        for block, d in zip(page.running, data, strict=True)
    ]
    for one, facts in zip(records, made, strict=True):
        one.made.clear()
        one.made.update(facts)
    Store(project.outputs).save("a/b", records)
    html = BeautifulSoup(convert(project, page.body, language="en"), "html.parser")
    said = [
        [span.text for span in out.select(".tf-badge > span")] for out in html.select(".tf-out")
    ]
    assert said == [
        ["2026-11-21", "TensorFlow 2.21.0"],
        ["stand-in data: iris"],
        [],
        ["2026-11-22"],
    ]


def test_a_figure_names_the_width_at_which_it_can_be_read():
    text = '<text style="font: {}px sans-serif">a</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="460pt" height="100pt" viewBox="0 0 460 100">{text.format(8)}{text.format(12)}</svg>'
    least = re.search(r"--tf-least:(\d+)px", inline_svg(svg, "p", "label"))[1]
    assert int(least) == round(460 * READABLE / 8)


def test_headings_break_between_words():
    assert words("同一个分类器，一步一步来")[-1] != "步来"
    assert "".join(words("fit：参数说什么，它就做什么")) == "fit：参数说什么，它就做什么"
    assert not any(piece[0] in "，：。" for piece in words("fit：参数说什么，它就做什么"))
    assert words("Keras") == ["Keras"]


def test_tokens_without_a_colour_are_text():
    html = '<span class="k">def</span><span class="w"> </span><span class="n">f</span>'
    assert without_plain_tokens(html) == '<span class="k">def</span> f'


# --- in a browser -------------------------------------------------------------------------------

SCROLL = """async () => { for (let y = 0; y < document.body.scrollHeight; y += 800) {
  scrollTo(0, y); await new Promise((done) => setTimeout(done, 15)); } }"""

COVERED = """() => [...document.querySelectorAll("pre > code")].filter((code) => {
  const nav = code.parentElement.querySelector(".md-code__nav");
  const box = nav && nav.getBoundingClientRect();
  if (!box || !box.width || getComputedStyle(nav).opacity === "0") return false;
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const range = new Range();
    range.selectNodeContents(walker.currentNode);
    if (range.toString().trim() && [...range.getClientRects()].some((one) => one.right > box.left + 1 &&
        one.left < box.right - 1 && one.bottom > box.top + 3 && one.top < box.bottom - 3)) return true;
  }
  return false;
}).length"""

SMALL = """() => [...document.querySelectorAll("svg.tf-svg, svg.tf-chart")].flatMap((svg) => {
  const factor = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return factor ? [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize) * factor) : [];
}).filter((size) => size < 9).length"""

CUT = """() => [...document.querySelectorAll("svg.tf-chart")].flatMap((svg) => {
  const box = svg.getBoundingClientRect();
  if (!box.width) return [];
  const outside = [...svg.querySelectorAll("text")].filter((text) => {
    const one = text.getBoundingClientRect();
    return one.left < box.left - 1 || one.right > box.right + 1 || one.bottom > box.bottom + 1;
  });
  return [box.right > innerWidth || box.left < 0 ? "chart" : "", ...outside.map((text) => text.textContent)].filter(Boolean);
})"""


@pytest.mark.browser
@pytest.mark.parametrize("name", ["zh/keras/fit/", "en/tensors/operations/"])
def test_no_button_lies_on_code_on_a_phone(watched, address, name):
    page = watched(**PHONE).page
    page.goto(address + name)
    page.evaluate(SCROLL)
    page.locator(".md-code__nav").first.wait_for(state="attached")
    assert page.evaluate(COVERED) == 0
    assert page.locator(".highlight .md-code__nav button:visible").count() > 3
    assert page.locator("nav[aria-label^='Code actions'], nav[aria-label^=代码操作]").count() == 0


@pytest.mark.browser
def test_letters_of_figures_can_be_read_on_a_phone(watched, address):
    page = watched(**PHONE).page
    for name in (*WITH_FIGURES, *WITH_CHARTS):
        page.goto(address + name)
        page.evaluate(SCROLL)
        assert page.evaluate(SMALL) == 0, name


@pytest.mark.browser
@pytest.mark.parametrize("options", [PHONE, {}], ids=["phone", "desktop"])
def test_charts_are_whole(watched, address, options):
    page = watched(**options).page
    for name in WITH_CHARTS:
        page.goto(address + name)
        page.evaluate(SCROLL)
        assert page.locator("svg.tf-chart:visible").count() > 0
        assert page.evaluate(CUT) == [], name


@pytest.mark.browser
def test_paper_is_light_whatever_the_screen_is(watched, address):
    page = watched(color_scheme="dark").page
    page.goto(f"{address}zh/keras/fit/")
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_timeout(600)  # the theme fades from one colour to the other
    colours = page.evaluate(
        """() => ["p", "pre code", "h1", ".tf-out"].map((one) => {
             const style = getComputedStyle(document.querySelector(".md-content " + one));
             return [style.color, style.backgroundColor]; })"""
    )
    for text, back in colours:
        assert sum(map(int, re.findall(r"\d+", text)[:3])) < 330, text
        shade = re.findall(r"[\d.]+", back)
        assert len(shade) == 4 or sum(map(int, shade[:3])) > 600, back


@pytest.mark.browser
def test_prompts_are_not_copied(watched, address):
    page = watched(permissions=["clipboard-read", "clipboard-write"]).page
    page.goto(f"{address}zh/start/install/")
    block = page.locator(".language-console").first
    assert "$ " in block.inner_text()
    block.hover()
    block.locator("button").first.click()
    page.wait_for_timeout(200)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "python -m venv" in copied
    assert "$" not in copied


@pytest.mark.browser
def test_the_glossary_has_room_for_its_meanings(watched, address):
    for options, least in (({}, 250), (PHONE, 300)):
        page = watched(**options).page
        page.goto(f"{address}zh/reference/glossary/")
        widths = page.evaluate(
            """() => [...document.querySelectorAll(".tf-glossary td:nth-child(3)")].map((cell) => cell.getBoundingClientRect().width)"""
        )
        assert min(widths) > least


@pytest.mark.browser
def test_the_map_of_the_whole_path_has_no_label_on_a_line(watched, address):
    page = watched(**PHONE).page
    page.goto(f"{address}zh/start/workflow/")
    gaps = page.evaluate(
        """() => [...document.querySelectorAll(".tf-path > div + div > p")].map((label) => {
             const last = label.parentElement.previousElementSibling.querySelector("li:last-child");
             const line = getComputedStyle(last, "::after");
             return label.getBoundingClientRect().top - (last.getBoundingClientRect().bottom - parseFloat(line.bottom)); })"""
    )
    assert gaps and min(gaps) > 0


@pytest.mark.browser
def test_titles_end_in_more_than_one_character(watched, address, site):
    page = watched(**PHONE).page
    index = (site / "zh" / "search" / "index.js").read_text(encoding="utf-8")
    pages = json.loads(index.removeprefix("window.tfIndex="))["pages"]
    page.goto(f"{address}zh/keras/fit/")
    short = page.evaluate(
        """titles => { const h1 = document.querySelector("h1"); const range = new Range(); const found = [];
          for (const html of titles) { h1.innerHTML = html; range.selectNodeContents(h1);
            const lines = new Map(); for (const one of range.getClientRects()) lines.set(Math.round(one.top / 20), (lines.get(Math.round(one.top / 20)) || 0) + one.width);
            const last = [...lines].sort((a, b) => a[0] - b[0]).pop();
            if (lines.size > 1 && last[1] < parseFloat(getComputedStyle(h1).fontSize) * 1.9) found.push(h1.textContent); }
          return found; }""",
        ["<wbr>".join(words(one["title"])) for one in pages],
    )
    assert not short


def test_pictures_are_files_that_are_fetched_when_they_are_looked_at(documents, site):
    """Carried by the page, they would come before its text, those that are folded away as well."""
    carried = [
        path.relative_to(site).as_posix()
        for path, page in documents.items()
        for image in page.select("img[src^='data:image/webp'], img[src^='data:image/png']")
        if len(image["src"]) > 5000
    ]
    assert not carried
    page = documents[site / "en" / "tensors" / "indexing" / "index.html"]
    pictures = page.select("img[src*='assets/outputs/']")
    assert pictures
    assert all(image["loading"] == "lazy" and image["width"] for image in pictures)
