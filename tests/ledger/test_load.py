"""A row that is not right is refused with its place; patterns and notes are held to rules."""

import pytest

from tfnotes.core.errors import PageError, TfnotesError
from tfnotes.ledger.outcomes import Ledger, Outcome, load_outcomes, save_outcomes
from tfnotes.ledger.rows import GROUPS, load_rows

GOOD = """\
# A comment.

[[row]]
id = "a-row"
api = "tf.a"
outcome = "error"
old = '''
tf.a()
'''
new = '''
tf.b()
'''
find = ["tf.a"]
[row.note]
zh = "改名了。"
en = "Renamed."
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "needs.toml").write_text("[needs]\nxy = '''\nx = 1\n'''\n")
    return tmp_path


def write(folder, text, group="tf1"):
    (folder / f"{group}.toml").write_text(text, encoding="utf-8")
    return load_rows(folder)


def test_a_good_row(folder):
    (row,) = write(folder, GOOD.replace("find =", 'needs = ["xy"]\nfind ='))
    assert (row.id, row.group, row.old, row.new) == ("a-row", "tf1", "tf.a()\n", "tf.b()")
    assert row.setup == "x = 1\n"
    assert row.where == "tf1.toml:3"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('id = "a-row"', 'id = "A row"'), "id must be lower case words with hyphens"),
        (('outcome = "error"', 'outcome = "broken"'), "outcome must be one of error, warning"),
        (('find = ["tf.a"]', ""), "has no find"),
        (('find = ["tf.a"]', 'find = "tf.a"'), "find must be a list"),
        (('find = ["tf.a"]', 'find = []\nfnid = ["tf.a"]'), "has 'fnid', which no row has"),
        (('find = ["tf.a"]', 'needs = ["yx"]\nfind = []'), "needs 'yx', which needs.toml does not"),
        (('find = ["tf.a"]', 'find = []\nseeds = ["1:2"]'), "seeds are written 000:45"),
        (("new = '''\ntf.b()\n'''\n", ""), "has no new code"),
        (('zh = "改名了。"', 'zh = ""'), "note has no zh"),
        (('outcome = "error"', 'outcome = "different"\nsame = true'), "what is different is not"),
    ],
)
def test_a_bad_row_is_named_with_its_place(folder, change, told):
    text = GOOD.replace(*change)
    assert text != GOOD
    with pytest.raises(PageError) as caught:
        write(folder, text)
    assert str(caught.value).startswith("tf1.toml:3: row ")
    assert told in str(caught.value)


def test_an_identity_is_used_once(folder):
    write(folder, GOOD)
    with pytest.raises(PageError, match=r"typos.toml:3: row 'a-row' is also at tf1.toml:3"):
        write(folder, GOOD, "typos")


def test_what_is_not_toml_is_named_with_its_line(folder):
    with pytest.raises(PageError, match=r"tf1.toml:\d+: not TOML"):
        write(folder, GOOD.replace('api = "tf.a"', "api = tf.a"))


def test_outcomes_come_back_as_they_were_written(tmp_path):
    kept = Outcome("ok", warnings=("old",), value=[[1.5, None], "a"], digest="d")
    raised = Outcome("raises", "TypeError", "no", digest="d")
    ledger = Ledger(
        {"2.21": {"tensorflow": "2.21.0"}}, {"a": {"old": {"2.21": kept, "2.8": raised}}}
    )
    save_outcomes(ledger, tmp_path / "outcomes.json")
    assert load_outcomes(tmp_path / "outcomes.json") == ledger
    text = (tmp_path / "outcomes.json").read_text()
    # Oldest first, 2.8 before 2.21; one outcome a line, so that a diff can be read.
    assert text.index('"2.8": {"result"') < text.index('"2.21": {"result"')


def test_a_broken_file_of_outcomes_is_an_error_not_an_empty_ledger(tmp_path):
    path = tmp_path / "outcomes.json"
    path.write_text('{"releases": {}, "rows": [')
    with pytest.raises(TfnotesError, match=r"outcomes.json: not the ledger's outcomes"):
        load_outcomes(path)


def test_every_group_has_rows():
    assert {row.group for row in load_rows()} == set(GROUPS)


def test_the_ledger_is_as_large_as_it_promises():
    # A file that is lost or cut must not go unnoticed.
    assert len(load_rows()) >= 150
