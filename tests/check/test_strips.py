import pytest

ROW = "migrate/ledger.md#fit-generator"
LEDGER = """---
description: {0}
---
# {0}

## {0} {{ #training }}

<!-- ledger: training -->
"""


@pytest.fixture
def ledger(sample):
    """A page of the ledger, so that links to it lead somewhere."""
    for language, title in (("zh", "账本"), ("en", "Ledger")):
        sample.page(language, "migrate/ledger", LEDGER.format(title))
    return sample


def strip(sample, words, opening='!!! then-now "fit_generator"', after=""):
    """Puts a strip behind the first sentence of both languages."""
    body = "\n".join(f"    {line}" if line else "" for line in words.split("\n"))
    for language, sentence in (("zh", "两个数相加。"), ("en", "Two numbers are added.")):
        sample.change(
            language, f"{sentence}\n\n##", f"{sentence}\n\n{opening}\n\n{body}\n{after}\n##"
        )


@pytest.mark.parametrize(
    "words",
    [
        "fit_generator",
        "[fit_generator](page.md#sum)",
        "[fit_generator](../migrate/ledger.md)",
        f"`[fit_generator](../{ROW})`",
        f"```text\n[fit_generator](../{ROW})\n```",
        f"<!-- [fit_generator](../{ROW}) -->",
        "fit_generator\n\nfit",
    ],
)
def test_a_strip_leads_to_the_ledger(ledger, words):
    strip(ledger, words)
    assert ledger.lines() == [
        f"docs/{language}/part/page.md:8: a then-now strip without a link to the ledger; "
        "link one of its words to its row: ../migrate/ledger.md#ROW"
        for language in ("en", "zh")
    ]


@pytest.mark.parametrize(
    "words",
    [
        f"[fit_generator](../{ROW})",
        f"fit\n\n```text\nlog\n```\n\n[fit_generator](../{ROW})",
        f"- [fit_generator](../part/../{ROW})",
        "[fit_generator](../migrate/ledger.md#training)",
    ],
)
@pytest.mark.parametrize("opening", ['!!! then-now "fit_generator"', "??? then-now", "!!! note"])
def test_a_strip_that_does(ledger, words, opening):
    strip(ledger, words, opening)
    assert ledger.lines() == []


def test_only_a_strip_has_to(sample):
    strip(sample, "fit_generator", opening='!!! note "then-now"')
    assert sample.lines() == []


def test_a_link_behind_the_strip_is_not_in_it(ledger):
    strip(ledger, "fit_generator", after=f"\n[fit_generator](../{ROW})\n")
    assert [line.split(": ")[0] for line in ledger.lines()] == [
        "docs/en/part/page.md:8",
        "docs/zh/part/page.md:8",
    ]


def test_a_row_that_is_not_there_is_said_once(ledger):
    strip(ledger, "[fit_generator](../migrate/ledger.md#no-such-row)")
    assert len(ledger.lines()) == 2
    assert all("names no anchor of that page" in line for line in ledger.lines())


def test_a_strip_on_the_first_page_of_a_language(sample):
    for language in ("zh", "en"):
        text = sample.project.page_path(language, "part/page").read_text(encoding="utf-8")
        sample.page(language, "index", text + '\n!!! then-now "fit"\n\n    fit\n')
    findings = [line for line in sample.lines() if "strip" in line]
    assert len(findings) == 2
    assert all(line.endswith("to its row: migrate/ledger.md#ROW") for line in findings)
