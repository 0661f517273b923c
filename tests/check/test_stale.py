import pytest

from tfnotes.check import check_project
from tfnotes.core.pages import load_page
from tfnotes.core.records import Record, Store


@pytest.fixture
def block(sample):
    return load_page(sample.project, sample.project.page_path("zh", "part/page")).running[0]


def save(sample, *records: Record, page: str = "part/page") -> None:
    Store(sample.project.outputs).save(page, records)


def record(key: str, **more) -> Record:
    text = "sum 2 of 2\n"
    shown = {"output_type": "stream", "name": "stdout", "text": text}
    return Record(key, "add", [shown], **{"made": {"date": "2026-11-21"}, **more})


def test_a_block_without_a_record(sample):
    lines = [str(finding) for finding in check_project(sample.project)]
    assert lines == [
        'docs/zh/part/page.md:10: block "add" has no record of its code as it stands; '
        "run pytest docs/zh/part/page.md --update-outputs"
    ]


def test_a_record_for_every_block(sample, block):
    save(sample, record(block.key))
    assert check_project(sample.project) == []


def test_a_record_that_no_block_uses(sample, block):
    save(sample, record(block.key), record("0" * 20))
    assert sample.only() == (
        "outputs/part/page.json:1: records of code that is no longer on the page: add; "
        "run tfnotes prune"
    )


def test_records_of_a_page_that_is_gone(sample):
    save(sample, record("0" * 20), page="part/old")
    assert sample.only() == (
        "outputs/part/old.json:1: records of a page that is gone; run tfnotes prune"
    )


def test_a_record_made_by_other_helpers(sample, block):
    save(sample, record(block.key, modules={"tfnotes.data": "0" * 12}))
    assert 'record of block "add" was made with another tfnotes.data' in sample.only()


def test_a_record_that_knows_nothing_of_a_helper(sample):
    """Its digest was never noted, so nobody can say that the record fits the helper."""
    sample.snippet(
        "part/page.py", "# --8<-- [start:add]\nfrom tfnotes import data\n# --8<-- [end:add]\n"
    )
    page = load_page(sample.project, sample.project.page_path("zh", "part/page"))
    save(sample, record(page.running[0].key))
    assert 'record of block "add" was made with another tfnotes.data' in sample.only()


def test_records_that_are_truncated(sample, block):
    save(sample, record(block.key))
    path = Store(sample.project.outputs).path("part/page")
    path.write_text(path.read_text()[:50])
    assert "records are not JSON" in sample.only()


def test_a_figure_needs_words(sample, block):
    figure = {
        "output_type": "display_data",
        "data": {"image/svg+xml": "<svg/>", "text/plain": "<Figure>"},
        "metadata": {},
    }
    save(sample, Record(block.key, "add", [figure], {"date": "2026-11-21"}))
    assert all("draws a figure but has no alt=" in line for line in sample.lines())
    sample.both("```python\n", '```python alt="x"\n')
    assert sample.lines() == []


def test_a_number_that_no_output_has(sample, block):
    save(sample, record(block.key))
    sample.change("en", "are added.", "make {out:add:sum}.")
    assert sample.lines() == []
    sample.change("en", "{out:add:sum}", "{out:add:product}")
    assert sample.only() == (
        'docs/en/part/page.md:6: no number after "product" in the output of "add"'
    )


def test_a_reference_in_a_code_span_shows_how_to_write_one(sample, block):
    save(sample, record(block.key))
    sample.both("## ", "Write `{out:NAME:label}`.\n\n## ")
    assert not [finding for finding in check_project(sample.project) if "NAME" in str(finding)]


def test_a_record_that_calls_its_block_otherwise(sample, block):
    """A section was renamed, or somebody edited the file: figures are called after the name."""
    other = record(block.key)
    other.name = "sub"
    save(sample, other)
    assert sample.only() == (
        'docs/zh/part/page.md:10: the record of block "add" calls it "sub"; '
        "run pytest docs/zh/part/page.md --update-outputs"
    )
