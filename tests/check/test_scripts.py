"""A snippet file is a script: what keeps it from running to its end is found."""

RAISING = '```python raises="ZeroDivisionError"\n--8<-- "part/page.py:add"'
SECTION = "# --8<-- [start:add]\n1 / 0\n# --8<-- [end:add]\n"


def test_a_block_that_must_raise_would_end_the_script(sample):
    for language in ("zh", "en"):
        sample.change(language, '```python\n--8<-- "part/page.py:add"', RAISING)
    sample.snippet("part/page.py", SECTION)
    assert any(
        line.startswith("snippets/part/page.py:2: the file, run as a script, ends here")
        for line in sample.lines()
    )
    caught = "".join("    " + line + "\n" for line in SECTION.splitlines())
    sample.snippet(
        "part/page.py", "import contextlib\n\nwith contextlib.suppress(Exception):\n" + caught
    )
    assert not any("as a script" in line for line in sample.lines())


def test_a_file_that_hides_a_standard_module(sample):
    for language in ("zh", "en"):
        sample.change(language, "part/page.py:add", "part/random.py:add")
    sample.snippet("part/random.py", SECTION.replace("1 / 0", "print(1 + 1)"))
    assert any('hides the standard library\'s "random"' in line for line in sample.lines())
