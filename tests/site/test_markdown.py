import logging

import pytest
from bs4 import BeautifulSoup
from checkout import fences, write_page
from pages import convert, error, page_with, record, stream

from tfnotes.core.errors import PageError
from tfnotes.core.records import Store
from tfnotes.site.markdown.lookup import PageIndex


def test_output_stands_under_its_code_in_one_element(project):
    page = page_with(project, fences("print(6 * 7)"), stream("42\n"))
    html = convert(project, page.body)
    block = html[html.index('<div class="tf-block">') :]
    assert (
        block.index('class="highlight"') < block.index('<div class="tf-out">') < block.index("42\n")
    )
    assert block.count("<div") == block.count("</div")


def test_front_matter_and_blank_lines_do_not_matter(project):
    page = page_with(project, "---\ndescription: x\n---\n\n\n" + fences("print(1)"), stream("1\n"))
    assert "tf-out" in convert(project, page.body.lstrip("\n"))
    assert "tf-out" in convert(project, page.body + "\n\n")


def test_code_comes_from_the_snippet(project):
    (project.snippets / "b.py").write_text(
        "# --8<-- [start:s]\nx = 1  # [note]\n# --8<-- [end:s]\n"
    )
    page = page_with(project, fences('--8<-- "b.py:s"'))
    html = convert(project, page.body)
    assert "# [note]" in html
    assert "--8&lt;--" not in html


@pytest.mark.parametrize(
    ("before", "selector"),
    [
        ("- item\n", "li"),
        ('!!! note "x"\n', ".admonition"),
        ('??? success "x"\n', "details.success"),
        ('=== "tab"\n', ".tabbed-block"),
        ("1. item\n\n    - inner\n\n        more\n", "ol > li"),
    ],
)
def test_outputs_stay_inside_what_holds_the_code(project, before, selector):
    fence = "    ```python\n    print(1)\n    ```\n"
    page = page_with(project, f"# T\n\n{before}\n{fence}\nAfter.\n", stream("out!\n"))
    html = convert(project, page.body)
    soup = BeautifulSoup(html, "html.parser")
    assert "out!" in soup.select_one(f"{selector} .tf-block .tf-out").text
    assert "After." not in soup.select_one(selector).text
    assert "wzxhzdk" not in html
    assert "tfnotes-" not in html


def test_our_options_go_and_superfences_options_stay(project):
    text = fences('[title="a.py" hl_lines="1" raises="ValueError" alt="x"]\nraise ValueError("no")')
    html = convert(project, page_with(project, text, error("ValueError", "no")).body)
    assert '<span class="filename">a.py</span>' in html
    assert 'class="hll"' in html
    assert "raises=" not in html
    assert "<b>ValueError</b>: no" in html


def test_hidden_code_leaves_its_output(project):
    html = convert(
        project, page_with(project, fences("[hide]\nsecret = 1"), stream("shown\n")).body
    )
    assert "secret" not in html
    assert "shown" in html


def test_folded_code(project):
    page = page_with(project, fences('[fold title="a <b>"]\nx = 1'), stream("1\n"))
    html = convert(project, page.body)
    assert '<details class="tf-code"><summary>a &lt;b&gt;</summary>' in html


def test_code_that_is_not_run_says_why(project):
    page = write_page(project, "a/b", fences('[run="no" why="it needs a <GPU>"]\ntrain()'))
    html = convert(project, page.body)
    assert "未运行：it needs a &lt;GPU&gt;" in html


def test_a_block_that_prints_a_script_shows_text(project):
    page = page_with(project, fences("x"), stream("<script>alert(1)</script>\n"))
    html = convert(project, page.body)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "text", ["`code` *em* [a](b) $x$ {out:a:b}", "```python\nx\n```", "# h", "<p>"]
)
def test_output_is_not_markdown(project, text):
    page = page_with(project, fences("x"), stream(text + "\n"))
    html = convert(project, page.body)
    shown = html[html.index('<div class="tf-out">') :].split("<code>")[1].split("\n</code>")[0]
    assert shown == text.replace("<p>", "&lt;p&gt;")


def test_output_that_looks_like_a_stash_is_text(project):
    page = page_with(project, fences("x"), stream("\x02wzxhzdk:0\x03\n"))
    assert "<code>wzxhzdk:0\n" in convert(project, page.body)


def test_a_missing_record_is_reported_with_page_and_line(project, caplog):
    text = "---\ndescription: x\n---\n\nText.\n\n" + fences("print(1)")
    page = write_page(project, "a/b", text)
    line = text[: text.index("```")].count("\n") + 1
    with caplog.at_level(logging.WARNING, logger="mkdocs.tfnotes"):
        html = convert(project, page.body)
    assert caplog.messages == [
        f'docs/zh/a/b.md:{line}: block "block-1" has no record; run pytest --update-outputs'
    ]
    assert "这段代码还没有运行过" in html


def test_a_changed_block_has_no_record(project, caplog):
    page_with(project, fences("print(1)"), stream("1\n"))
    changed = write_page(project, "a/b", fences("print(2)"))
    convert(project, changed.body)
    assert "has no record" in caplog.text


def test_strict_raises(project):
    page = write_page(project, "a/b", fences("print(1)"))
    with pytest.raises(PageError, match=r'docs/zh/a/b.md:3: block "block-1" has no record'):
        convert(project, page.body, strict=True)


def test_text_that_is_no_page_only_loses_our_options(project):
    html = convert(project, 'Text.\n\n```python raises="ValueError" title="t"\nint("x")\n```\n')
    assert '<span class="filename">t</span>' in html
    assert "tf-" not in html
    assert "raises" not in html


def test_an_include_in_text_that_is_no_page_is_reported(project, caplog):
    (project.snippets / "b.py").write_text("x = 1\n")
    convert(project, '```python\n--8<-- "b.py"\n```\n')
    assert "line 1 of a text that is no page of docs/" in caplog.text


def test_numbers_in_prose_come_from_the_record(project):
    text = "# T\n\nThe loss is {out:block-1:loss} now; write `{out:NAME:label}`.\n\n" + fences("x")
    html = convert(project, page_with(project, text, stream("loss 0.25\n")).body)
    assert "The loss is 0.25 now; write <code>{out:NAME:label}</code>." in html


def test_a_number_that_is_not_there(project, caplog):
    text = "# T\n\nIt is {out:block-1:accuracy}.\n\n" + fences("x")
    page = page_with(project, text, stream("loss 0.25\n"))
    convert(project, page.body)
    assert 'docs/zh/a/b.md:3: no number after "accuracy"' in caplog.text
    with pytest.raises(PageError):
        convert(project, page.body, strict=True)


def test_a_fence_about_fences_is_shown_as_it_is(project):
    inner = '```python raises="X"\n--8<-- "no/such.py:section"\n```'
    page = write_page(project, "a/b", f"# T\n\n````md\n{inner}\n````\n")
    html = convert(project, page.body)
    assert "no/such.py:section" in html
    assert "tf-block" not in html
    assert ";--8" not in html


def test_code_that_holds_backticks(project):
    text = '# T\n\n````python\ns = """\n```\n"""\n````\n'
    html = convert(project, page_with(project, text, stream("fine\n")).body)
    assert "```" in html
    assert html.count("tf-block") == 1


def test_formulas_are_finished_html(project):
    page = write_page(project, "a/b", "# T\n\nInline $x^2$.\n\n$$\n\\frac{a}{b}\n$$\n")
    html = convert(project, page.body)
    assert '<span class="tf-math"' in html
    assert "tf-math-block" in html
    assert html.count("<math ") == 2
    assert "\\(" not in html


def test_a_mistake_in_a_formula_names_page_line_and_formula(project):
    page = write_page(project, "a/b", "---\ndescription: x\n---\n\n# T\n\nSee $\\frac{a$.\n")
    with pytest.raises(PageError, match=r"docs/zh/a/b\.md:7: formula '\\\\frac\{a'.*mend the TeX"):
        convert(project, page.body)


def test_printed_text_that_looks_like_a_formula_stays_text(project):
    page = page_with(
        project, fences("x"), stream('<span class="arithmatex">\\(\\frac{\\)</span>\n')
    )
    assert "&lt;span class=" in convert(project, page.body)


def test_real_data_is_shown_first_if_it_differs(project):
    page = page_with(project, fences("x"), stream("0.5\n"))
    data = [{"name": "mnist", "origin": "real", "note": ""}]
    real = record(page.running[0], stream("0.9\n"), data=data)
    Store(project.real_outputs).save("a/b", [real])
    html = convert(project, page.body)
    assert html.index("0.9") < html.index("tf-stand-in") < html.index("0.5")
    Store(project.real_outputs).save("a/b", [record(page.running[0], stream("0.5\n"), data=data)])
    assert "tf-stand-in" not in convert(project, page.body)


def test_a_tolerance_does_not_hide_real_data(project):
    page = page_with(project, fences('[rtol="0.5"]\nx'), stream("0.84\n"))
    data = [{"name": "mnist", "origin": "real", "note": ""}]
    block = page.running[0]
    Store(project.real_outputs).save("a/b", [record(block, stream("0.92\n"), data=data)])
    assert "tf-stand-in" in convert(project, page.body)
    Store(project.real_outputs).save("a/b", [record(block, stream("0.92\n"))])
    assert "tf-stand-in" not in convert(project, page.body), "no data was used"


def test_an_empty_header_of_a_table_is_a_cell(project):
    page = write_page(project, "a/b", "# T\n\n| | a |\n|---|---|\n| b | 1 |\n")
    html = convert(project, page.body)
    assert "<td></td>\n<th>a</th>" in html


def test_links_to_labs_lead_to_their_notebooks(project):
    page = write_page(project, "a/b", "# T\n\n[lab](../labs/x.md#end) [page](../data/y.md)\n")
    html = convert(project, page.body)
    assert 'href="../labs/x.ipynb#end"' in html
    assert 'href="../data/y.md"' in html


def test_a_page_is_found_again_after_it_changed(project):
    first = write_page(project, "a/b", "# One\n")
    index = PageIndex(project)
    assert index.find(first.body).language == "zh"
    write_page(project, "a/b", "# Two\n")
    assert index.find("# One") is None
    assert index.find("\n# Two\n\n").name == "a/b"
    assert index.find("") is None
