from tfnotes.core.pages import load_page
from tfnotes.core.records import Record, Store

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


def test_a_file_that_a_block_imports_is_used(sample):
    """What a snippet imports, and what that imports in turn, stands in the record: both are used."""
    block = load_page(sample.project, sample.project.page_path("zh", "part/page")).running[0]
    read = {f"snippets/part/{name}.py": "0" * 12 for name in ("helper", "deeper")}
    for name in read:
        sample.snippet(name.removeprefix("snippets/"), "x = 1\n")
    made = Record(block.key, "add", made={"date": "2026-11-21"}, files=read)
    Store(sample.project.outputs).save("part/page", [made])
    assert not any("no page uses" in line for line in sample.lines())
    sample.snippet("part/alone.py", "x = 1\n")
    assert any("snippets/part/alone.py:1: no page uses" in line for line in sample.lines())
