import pytest
from checkout import make_checkout, write_page

from tfnotes.check.shots import check_shots
from tfnotes.core.errors import TfnotesError
from tfnotes.core.shots import Shots, load_shots, save_shots, shots_folder

FENCE = "```python\nx = 1\n```\n"
SHOT = '<img data-shot="scalars" alt="two curves">\n'


@pytest.fixture
def project(tmp_path):
    return make_checkout(tmp_path)


def photographed(project, page, key=None):
    folder = shots_folder(project, page.name)
    folder.mkdir(parents=True)
    for name in ("scalars.webp", "scalars-dark.webp"):
        (folder / name).write_bytes(b"RIFF")
    block = page.running[0]
    shots = Shots(
        page.name, block.name, key or block.key, {"date": "2026-11-21"}, {"scalars": [2, 1]}
    )
    save_shots(project, shots)
    return shots


def messages(project, page):
    return [finding.message for finding in check_shots(project, page)]


def test_what_was_saved_is_read_back(project):
    page = write_page(project, "a/b", f"# T\n\n{FENCE}\n{SHOT}")
    assert load_shots(project, page.name) is None
    shots = photographed(project, page)
    assert load_shots(project, page.name) == shots
    assert shots.is_current(page)
    assert messages(project, page) == []


def test_pictures_older_than_the_code_are_reported(project):
    page = write_page(project, "a/b", f"# T\n\n{FENCE}\n{SHOT}")
    photographed(project, page)
    changed = write_page(project, "a/b", f"# T\n\n{FENCE.replace('1', '2')}\n{SHOT}")
    (message,) = messages(project, changed)
    assert "older" in message
    commented = write_page(project, "a/b", f"# T\n\n{FENCE.replace('1', '1  # one')}\n{SHOT}")
    assert messages(project, commented) == []


def test_missing_and_untold_pictures_are_reported(project):
    page = write_page(project, "a/b", f"# T\n\n{FENCE}\n{SHOT}")
    assert messages(project, page) == ['no screenshot "scalars"']
    photographed(project, page)
    (shots_folder(project, page.name) / "scalars-dark.webp").unlink()
    assert messages(project, page) == ['no screenshot "scalars"']
    text = f'# T\n\n{FENCE}\n<img data-shot="other" alt=" ">\n<img data-shot=scalars>\n'
    found = messages(project, write_page(project, "a/b", text))
    assert sorted(found) == [
        'no screenshot "other"', 'screenshot "other" has no alt=', "unreadable screenshot",
    ]  # fmt: skip


def test_a_broken_file_is_named(project):
    page = write_page(project, "a/b", f"# T\n\n{FENCE}\n{SHOT}")
    photographed(project, page)
    (shots_folder(project, page.name) / "made.json").write_text("{")
    with pytest.raises(TfnotesError, match=r"made\.json:1: cannot be read"):
        load_shots(project, page.name)
    assert "made.json" in messages(project, page)[0]


def test_a_page_without_screenshots_has_nothing_to_report(project):
    assert messages(project, write_page(project, "a/b", f"# T\n\n{FENCE}")) == []
