"""The ledger's page: every row is on it, in both languages, with what was measured."""

import gzip
import json
import re

import pytest
from bs4 import BeautifulSoup
from checkout import write_page
from pages import convert

from tfnotes.core.errors import PageError
from tfnotes.core.project import LANGUAGES
from tfnotes.ledger.outcomes import PINNED, Ledger, Outcome
from tfnotes.ledger.rows import GROUPS, Row, load_rows
from tfnotes.parts.ledger import broke_in, render_row, render_summary
from tfnotes.parts.ledger_rows import ALL, SCRIPT
from tfnotes.parts.releases import ReleaseState

ROW = Row(
    id="a-row",
    group="tf1",
    api="tf.a(<x>)",
    outcome="error",
    old="tf.a(1 < 2)\n",
    new="tf.b()",
    note={"zh": "改名为 `b`。", "en": "Renamed `b`."},
)
RAISED = Outcome("raises", "TypeError", "no <a>")
LEDGER = Ledger(
    {release: {"tensorflow": f"{release}.0", "date": "2026-01-02"} for release in ("2.8", PINNED)},
    {"a-row": {"old": {PINNED: RAISED, "2.8": Outcome("ok")}, "new": {PINNED: Outcome("ok")}}},
)


def row_of(language, row=ROW, ledger=LEDGER):
    return BeautifulSoup(render_row(row, ledger, language), "html.parser")


def test_a_row_says_what_happens_where_it_broke_and_what_to_write():
    html = row_of("en")
    assert html.select_one("h3[data-anchor=a-row] code").text == "tf.a(<x>)"
    assert html.select_one(".tf-row-body")["id"] == "a-row"
    assert [code.text for code in html.select("pre code")] == ["tf.a(1 < 2)", "tf.b()"]
    assert html.select_one(".tf-old > pre").text == "TypeError: no <a>"
    assert html.select_one(".tf-since").text == "broke between 2.8 and 2.21"
    assert [(i["class"], i.text) for i in html.select(".tf-strip i")] == [
        (["ok"], "2.8"),
        (["fails"], "2.21"),
    ]
    assert html.select_one(".tf-new > p:not([class])").text == "Renamed b."
    assert row_of("zh").select_one(".tf-new > p:not([class])").text == "改名为 b。"


def test_two_values_that_differ_are_shown():
    row = Row(**{**vars(ROW), "outcome": "different"})
    ledger = Ledger(
        {},
        {
            "a-row": {
                "old": {PINNED: Outcome("ok", value=1)},
                "new": {PINNED: Outcome("ok", value=[2])},
            }
        },
    )
    assert row_of("en", row, ledger).select_one(".tf-old > pre").text == "1  ≠  [2]"


def test_a_row_that_was_never_measured_claims_nothing():
    html = row_of("en", ledger=Ledger())
    assert not html.select(".tf-strip, .tf-since, .tf-old > pre")


@pytest.mark.parametrize(
    ("states", "found"),
    [
        (["ok", "ok", "fails"], ("2", "3")),
        (["ok", "fails", "differs"], ("1", "2")),
        (["fails", "ok", "ok"], None),
        (["ok", "fails", "warns"], None),
        (["fails", "fails", "fails"], None),  # it never worked: no release broke it
        (["none", "ok", "fails"], ("2", "3")),
        (["none", "none", "fails"], None),
    ],
)
def test_where_it_broke(states, found):
    assert broke_in([ReleaseState(str(n), s) for n, s in enumerate(states, 1)]) == found


@pytest.mark.parametrize(
    ("releases", "told"),
    [
        (("2.15", "2.16"), "since 2.16"),
        (("1.15", "2.0"), "since 2.0"),
        (("1.15", "2.3"), "broke between 1.15 and 2.3"),
        (("2.18", "2.20"), "broke between 2.18 and 2.20"),
    ],
)
def test_the_release_is_named_only_where_nothing_lies_between(releases, told):
    old = dict(zip(releases, (Outcome("ok"), RAISED), strict=True))
    html = row_of("en", ledger=Ledger({}, {"a-row": {"old": old}}))
    assert html.select_one(".tf-since").text == told


def test_the_summary_counts():
    html = BeautifulSoup(render_summary([ROW, ROW], LEDGER, "en"), "html.parser")
    assert html.select_one("ul").text == "error 2"
    assert "First broken release: 2.21 (2)" in html.text
    assert "TensorFlow 2.8.0 · 2026-01-02" in html.text


def test_an_unknown_group_is_an_error_with_its_line(project):
    text = "# L\n\n<!-- ledger: summary -->\n\n<!-- ledger: tf7 -->\n"
    write_page(project, "a/b", text)
    with pytest.raises(PageError, match=r"docs/zh/a/b.md:\d+: no group 'tf7' in the ledger"):
        convert(project, text)


def test_what_other_releases_said_is_text_and_no_title():
    said = {release: Outcome("ok", warnings=("old news",)) for release in ("2.3", "2.8")}
    ledger = Ledger({}, {"a-row": {"old": {"1.15": Outcome("ok"), **said, PINNED: RAISED}}})
    html = row_of("en", ledger=ledger)
    assert [i.text for i in html.select(".tf-strip i")] == ["1.15", "2.3–2.8", "2.21"]
    assert [item.text for item in html.select(".tf-elsewhere li")] == ["2.3–2.8: old news"]
    assert not html.select("[title]")


def ledger_page(site, language, name):
    path = site / language / "migrate" / "ledger" / name
    return path, BeautifulSoup(path.read_bytes(), "html.parser")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_is_on_the_page_once(site, language):
    path, html = ledger_page(site, language, "index.html")
    shown = [body["id"] for body in html.select(".tf-ledger .tf-row-body")]
    rows = load_rows()
    assert sorted(shown) == sorted(row.id for row in rows)
    assert [one["data-anchor"] for one in html.select(".tf-ledger h3")] == shown
    identities = [element["id"] for element in html.select("[id]")]
    assert len(set(identities)) == len(identities)
    assert [group for group in GROUPS if not html.select(f"h2#{group}")] == []
    # What unfolds is beside it, twice: for the script, and for readers without one.
    script = (path.parent / SCRIPT).read_text(encoding="utf-8")
    first = script.splitlines()[0]
    contents = json.loads(first.removeprefix("window.tfLedgerRows="))
    _, whole = ledger_page(site, language, ALL)
    beside = {body["id"]: body for body in whole.select(".tf-row-body")}
    folded = {body["id"]: body for body in html.select(".tf-row-body")}
    for row in rows:
        inside = BeautifulSoup(contents[row.id], "html.parser")
        assert inside.select_one(".tf-old code").text == row.old.strip("\n")
        assert beside[row.id].select_one(".tf-old code").text == row.old.strip("\n")
        assert folded[row.id].a["href"] == f"{ALL}#{row.id}"
        # Notes link to other rows by their anchors.
        for link in inside.select('.tf-new > p a[href^="#"]'):
            assert link["href"][1:] in identities


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_light_at_first(site, language):
    path, _ = ledger_page(site, language, "index.html")
    assert len(gzip.compress(path.read_bytes())) < 60_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_in_their_language(language):
    han = re.compile(r"[\u4e00-\u9fff]")
    wrong = [
        row.where
        for row in load_rows()
        if bool(han.search(row.note[language])) != (language == "zh")
    ]
    assert not wrong
