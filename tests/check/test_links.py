import pytest

from tfnotes.check.api import find_api_links
from tfnotes.core.pages import load_page

LINK = "https://www.tensorflow.org/api_docs/python/"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("gone.md", 'link "gone.md" leads nowhere'),
        ("../part/page.md#nothing", "names no anchor of that page; it has: sum"),
        ("#nothing", "names no anchor of that page"),
        ("../../en/part/page.md", "leaves the pages of its language"),
        ("/part/page/", "begins with /; write it relative to this page"),
        ("page", "names no file; link to the source: page.md"),
        ("figure.svg", "leads nowhere"),
    ],
)
def test_links_that_lead_nowhere(sample, target, message):
    sample.change("en", "are added.", f"are [added]({target}).")
    assert message in sample.only()


@pytest.mark.parametrize(
    "target", ["page.md", "page.md#sum", "#sum", "../part/page.md", "https://example.org/x"]
)
def test_links_that_lead_somewhere(sample, target):
    sample.change("en", "are added.", f"are [added]({target}).")
    assert sample.lines() == []


def test_a_link_inside_code_is_no_link(sample):
    sample.change("en", "are added.", "are `[added](gone.md)`.")
    assert sample.lines() == []


def test_a_link_definition(sample):
    sample.change("en", "are added.", "are [added][1].\n\n[1]: gone.md")
    assert 'docs/en/part/page.md:8: link "gone.md" leads nowhere' in sample.only()


def test_a_heading_without_an_anchor(sample):
    sample.both(" { #sum }", "")
    assert [line.split("; ")[0] for line in sample.lines()] == [
        "docs/en/part/page.md:8: heading without an anchor",
        "docs/zh/part/page.md:8: heading without an anchor",
    ]


def test_an_anchor_used_twice(sample):
    for language, word in (("zh", "再来"), ("en", "Again")):
        text = sample.project.page_path(language, "part/page").read_text(encoding="utf-8")
        sample.page(language, "part/page", text + f"\n## {word} {{ #sum }}\n")
    assert all("anchor #sum stands at line 8 already" in line for line in sample.lines())
    assert len(sample.lines()) == 2


def test_a_second_title(sample):
    sample.both("## ", "# ")
    assert all("2 headings of level one; write exactly one" in line for line in sample.lines())


def test_api_links_name_symbols(sample):
    text = f"[a]({LINK}tf/keras/Model#fit) [b]({LINK}tf/constant) [c]({LINK}tf/Tensor#args)"
    sample.change("en", "are added.", text)
    page = load_page(sample.project, sample.project.page_path("en", "part/page"))
    symbols = [link.symbol for link in find_api_links(page)]
    assert symbols == ["tf.keras.Model.fit", "tf.constant", "tf.Tensor"]
    assert sample.lines() == []


@pytest.mark.parametrize(
    "target",
    [
        "https://tensorflow.google.cn/api_docs/python/tf/constant",
        f"{LINK}tf.constant",
        "https://www.tensorflow.org/versions/r2.9/api_docs/python/tf/constant",
    ],
)
def test_api_links_have_one_form(sample, target):
    sample.change("en", "are added.", f"are [added]({target}).")
    assert f'API link "{target}"; write {LINK}tf/…' in sample.only()


def test_rows_of_the_ledger_are_anchors_of_the_page_that_shows_them(sample):
    sample.change("en", "are added.", "are [added](#fit-generator).\n\n<!-- ledger: training -->")
    assert not any("#fit-generator" in line for line in sample.lines())
    sample.change("en", "<!-- ledger: training -->", "<!-- ledger: saving -->")
    assert any("names no anchor of that page" in line for line in sample.lines())
