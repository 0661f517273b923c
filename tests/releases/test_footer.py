import pytest
from bs4 import BeautifulSoup
from checkout import fences, write_page

from tfnotes.parts.releases import STATES, page_footer, release_strip
from tfnotes.releases.results import PageResult, page_digest, results_path, write_results
from tfnotes.site.html.words import WORDS

MADE = {"date": "2026-11-21", "tensorflow": "2.16.2", "keras": "3.9.0", "python": "3.11.7"}


@pytest.fixture
def keep(project):
    """Writes what releases made of page a/b."""

    def keeps(**results):
        digest = page_digest(project, "a/b")
        found = {
            name.replace("_", ".").lstrip("v"): PageResult(
                **{"digest": digest, "blocks": 2, "of": 2, "made": MADE, **more}
            )
            for name, more in results.items()
        }
        write_results(project, {"a/b": found})

    return keeps


def footer(project, language="en"):
    return BeautifulSoup(page_footer(project, "a/b", language), "html.parser")


def test_without_results_a_page_says_nothing(project):
    assert page_footer(project, "a/b", "en") == ""
    results_path(project).parent.mkdir(parents=True)
    write_results(project, {})
    assert page_footer(project, "a/b", "zh") == ""


def test_all_is_well(project, keep):
    keep(v2_16={}, v2_9={}, v2_21={})
    found = footer(project)
    assert [mark.text for mark in found.select(".tf-strip i.ok")] == ["2.9", "2.16", "2.21"]
    strip = found.select_one(".tf-strip")
    assert strip["role"] == "img"
    assert strip["aria-label"] == "TensorFlow 2.9, 2.16, 2.21: runs"
    assert found.select_one("p").text.startswith("This page's code was run on TensorFlow")
    assert not found.select("li")
    assert "Keras 3.9.0" in found.select_one("i")["title"]


def test_what_is_not_the_same_is_said(project, keep):
    keep(
        v2_15={"blocks": 0, "failed": {"block": "b", "error": "AttributeError: <no> such"}},
        v2_16={"differs": ("block-1", "block-2")},
        v2_18={"differs": ("block-2",)},
        v2_21={},
    )
    english = [" ".join(line.text.split()) for line in footer(project).select("li")]
    assert english == [
        "TensorFlow 2.15 (Keras 3.9.0): 0 of 2 blocks run, then AttributeError: <no> such",
        "TensorFlow 2.16 (Keras 3.9.0): all 2 blocks run; 2 print something else than the page shows",
        "TensorFlow 2.18 (Keras 3.9.0): all 2 blocks run; 1 prints something else than the page shows",
    ]
    chinese = footer(project, "zh")
    assert chinese.select_one("p").text.startswith("本页代码在这些 TensorFlow 版本上运行过")
    assert chinese.select_one(".tf-strip")["aria-label"] == (
        "TensorFlow 2.15：出错；2.16、2.18：能运行，但结果不同；2.21：能运行"
    )
    assert len(chinese.select("li")) == 3


def test_results_of_other_code_do_not_count(project, keep):
    keep(v2_16={"digest": "of other code", "differs": ("block-1",)}, v2_21={})
    found = footer(project)
    assert [mark["class"] for mark in found.select("i")] == [["none"], ["ok"]]
    assert found.select_one("i.none")["title"] == "not run since its code changed"
    assert not found.select("li")
    write_page(project, "a/b", fences("print('changed')"))
    assert page_footer(project, "a/b", "en") == ""


def test_a_strip_of_the_ledger():
    html = release_strip(
        [("1.15", "ok", ""), ("2.16", "fails", 'says "no"'), ("2.18", "none", "")], "en"
    )
    strip = BeautifulSoup(html, "html.parser").span
    assert strip["aria-label"] == "TensorFlow 1.15: runs; 2.16: fails; 2.18: not measured"
    assert [mark["class"] for mark in strip.select("i")] == [["ok"], ["fails"], ["none"]]
    assert strip.select("i")[1]["title"] == 'says "no"'
    assert release_strip([], "en") == ""


@pytest.mark.parametrize("language", WORDS)
def test_every_state_has_words(language):
    assert [state for state in STATES if f"release-{state}" not in WORDS[language]] == []
