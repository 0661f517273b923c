"""Keys: what invalidates a record and what does not."""

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.core.keys import chain_key, normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 1  # a comment"),
        ("x = 1\ny = 2", "x = 1\n\n\n# why\ny = 2\n"),
        ("def f():\n    return 1", "def f():\n    # inside\n\n    return 1"),
    ],
)
def test_comments_and_blank_lines_do_not_count(one: str, other: str) -> None:
    assert chain_key("", one) == chain_key("", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ('s = """a\n\nb"""', 's = """a\nb"""'),
        ("s = '# a'", "s = '# b'"),
        ('s = """\n# a\n"""', 's = """\n"""'),
        ('f"{x}#{y}"', 'f"{x}#"'),
        ("if x:\n    y\n    z", "if x:\n    y\nz"),
    ],
)
def test_everything_else_counts(one: str, other: str) -> None:
    assert chain_key("", one) != chain_key("", other)


def test_text_that_is_no_python_is_kept() -> None:
    assert normalise("x = (  # open") == "x = (  # open"


def test_a_change_invalidates_what_follows_and_nothing_before(tmp_path) -> None:
    project = make_checkout(tmp_path)
    before = write_page(project, "a", fences("x = 1", "y = 2", "z = 3"))
    after = write_page(project, "a", fences("x = 1", "y = 22", "z = 3"))
    same = [a.key == b.key for a, b in zip(before.blocks, after.blocks, strict=True)]
    assert same == [True, False, False]


def test_display_options_and_prose_do_not_count_but_raises_does(tmp_path) -> None:
    project = make_checkout(tmp_path)
    plain = write_page(project, "a", fences("x = 1", "x"))
    shown = write_page(project, "a", "words\n\n" + fences('[title="t" output="fold"]\nx = 1', "x"))
    raising = write_page(project, "a", fences('[raises="ValueError"]\nx = 1', "x"))
    assert [b.key for b in plain.blocks] == [b.key for b in shown.blocks]
    assert plain.blocks[0].key != raising.blocks[0].key


def test_a_block_that_does_not_run_changes_no_key(tmp_path) -> None:
    project = make_checkout(tmp_path)
    plain = write_page(project, "a", fences("x = 1", "x"))
    more = write_page(project, "a", fences("x = 1", '[run="no" why="needs a GPU"]\nlaunch()', "x"))
    assert [b.key for b in plain.running] == [b.key for b in more.running]
