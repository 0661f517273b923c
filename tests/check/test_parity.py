import pytest

from tfnotes.check import check_project

FENCE = '```python\n--8<-- "part/page.py:add"\n```\n'


def test_twins_that_agree_have_no_finding(sample):
    assert sample.lines() == []


def test_a_page_in_one_language_only(sample):
    sample.project.page_path("en", "part/page").unlink()
    assert sample.only() == (
        "docs/zh/part/page.md:1: the page has no en twin; "
        "write docs/en/part/page.md, or remove this page"
    )


def test_blocks_that_differ_are_named_in_both_pages(sample):
    sample.snippet(
        "part/page.py",
        "# --8<-- [start:add]\nprint(1 + 1)\n# --8<-- [end:add]\n"
        "# --8<-- [start:more]\nprint(2)\n# --8<-- [end:more]\n",
    )
    sample.change("en", ":add", ":more")
    assert sample.only() == (
        'docs/zh/part/page.md:10: block "add" differs from block "more" at docs/en/part/page.md:10;'
        " put the same blocks in the same order"
    )


def test_a_block_missing_in_one_language(sample):
    sample.change("zh", FENCE, FENCE + "\n```python\nprint(3)\n```\n")
    assert sample.only().startswith(
        'docs/zh/part/page.md:14: block "block-2" is missing in docs/en/part/page.md after line 12'
    )
    sample.change("en", FENCE, FENCE + "\n```python\nprint(3)\n```\n\n```python\nprint(4)\n```\n")
    assert (
        'docs/zh/part/page.md:16: block "block-3" of docs/en/part/page.md:18 is missing here'
        in sample.only()
    )


def test_options_that_differ(sample):
    sample.change("zh", "```python\n", '```python fold rtol="0.1"\n')
    lines = sample.lines()
    assert len(lines) == 2
    assert 'rtol is "0.1" here and absent at docs/en/part/page.md:10' in lines[1]
    assert "fold is set here and absent at docs/en/part/page.md:10" in lines[0]


def test_alt_in_one_language_only(sample):
    sample.change("en", "```python\n", '```python alt="Two bars"\n')
    assert 'only docs/en/part/page.md gives alt= to block "add"' in sample.only()
    sample.change("zh", "```python\n", '```python alt="两根柱子"\n')
    assert sample.lines() == []


def test_an_anchor_in_one_language_only(sample):
    sample.change("zh", "{ #sum }", "{ #total }")
    assert sample.only().startswith(
        "docs/zh/part/page.md:8: heading ## #total stands where docs/en/part/page.md:8 has ## #sum"
    )


def test_a_heading_in_one_language_only(sample):
    sample.change("en", "## A sum", "## First { #first }\n\n## A sum")
    assert "## #sum stands where docs/en/part/page.md:8 has ## #first" in sample.only()
    sample.change("en", "## First { #first }\n\n", "")
    sample.change("zh", "## 一个和 { #sum }", "## 一个和 { #sum }\n\n## 完 { #end }")
    assert "docs/zh/part/page.md:10: heading #end is missing in docs/en/part/page.md" in (
        sample.only()
    )


@pytest.mark.parametrize("name", ["part/My Page", "part/Upper", "Part/page2", "part/页"])
def test_a_name_that_is_another_address_elsewhere(sample, name):
    """`tfnotes new` refuses such names; a file made by hand is told as well."""
    for language, text in (("zh", "# 题\n"), ("en", "# Title\n")):
        sample.page(language, name, f"---\ndescription: something.\n---\n{text}")
    found = [line for line in sample.lines() if "is no name for a page" in line]
    assert len(found) == 2
    assert f'docs/en/{name}.md:1: "{name}" is no name for a page: a-z, 0-9 and - only' in found[0]


def test_what_only_one_language_mentions(sample):
    """A number of a run or a link that was changed in one language says something else there."""

    def alone() -> list[str]:
        return [str(f) for f in check_project(sample.project) if " stands here " in f.message]

    sample.both("## ", "[a](page.md#sum) and [b](page.md) and {out:add:sum}\n\n## ")
    assert alone() == []
    sample.change("en", "[a](page.md#sum)", "[a](page.md)")
    sample.change("zh", "{out:add:sum}", "{out:add:of}")
    assert alone() == [
        'docs/en/part/page.md:8: link "page.md" stands here oftener than in docs/zh/part/page.md; '
        "say the same in both languages",
        "docs/en/part/page.md:8: {out:add:sum} stands here and not in docs/zh/part/page.md; "
        "say the same in both languages",
        'docs/zh/part/page.md:8: link "page.md#sum" stands here and not in docs/en/part/page.md; '
        "say the same in both languages",
        "docs/zh/part/page.md:8: {out:add:of} stands here and not in docs/en/part/page.md; "
        "say the same in both languages",
    ]
