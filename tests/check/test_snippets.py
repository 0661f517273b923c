CODE = "# --8<-- [start:add]\nprint(1 + 1)\n# --8<-- [end:add]\n"


def test_a_missing_section_is_named_with_those_there_are(sample):
    sample.change("zh", ":add", ":sub")
    assert (
        'docs/zh/part/page.md:11: no section "sub" in snippets/part/page.py (it has: add)'
        in sample.lines()
    )


def test_a_missing_file(sample):
    sample.change("zh", "part/page.py", "part/gone.py")
    assert (
        'docs/zh/part/page.md:11: no snippet file "part/gone.py" in snippets/; '
        "create it or fix the name" in sample.lines()
    )


def test_an_include_that_climbs_out(sample):
    (sample.project.root / "secret.py").write_text("x = 1\n")
    sample.change("zh", "part/page.py:add", "../secret.py")
    assert (
        'docs/zh/part/page.md:11: include "../secret.py" leaves snippets/; move the code there'
        in sample.lines()
    )


def test_a_section_without_an_end(sample):
    sample.snippet("part/page.py", CODE.replace("# --8<-- [end:add]\n", ""))
    assert (
        'snippets/part/page.py:1: section "add" has no end marker; add "# --8<-- [end:add]"'
        in sample.lines()
    )


def test_a_section_that_no_page_uses(sample):
    sample.snippet("part/page.py", CODE + "# --8<-- [start:old]\nx = 1\n# --8<-- [end:old]\n")
    assert sample.only() == (
        'snippets/part/page.py:4: no page uses section "old"; include it, or delete it'
    )


def test_a_file_that_no_page_uses(sample):
    sample.snippet("part/old.py", "x = 1\n")
    assert (
        sample.only() == "snippets/part/old.py:1: no page uses this file; include it, or delete it"
    )


def test_a_syntax_error_names_the_snippet_line(sample):
    sample.snippet("part/page.py", CODE.replace("1 + 1)", "1 +"))
    lines = sample.lines()
    assert any(
        "docs/zh/part/page.md:10: syntax error at snippets/part/page.py:2" in line for line in lines
    )
    assert any(line.startswith("snippets/part/page.py:2: syntax error") for line in lines)
