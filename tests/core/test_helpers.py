"""Which tfnotes code a block depends on: a record must not outlive what it was made with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import tfnotes
from tfnotes.check.stale import check_records
from tfnotes.core.helpers import helpers_used, module_digest, module_digests
from tfnotes.core.pages import load_page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.run.cache import is_known

ROOT = Path(__file__).resolve().parents[2]
RUNS_THE_DOCTOR = 'import subprocess\nsubprocess.run(["python", "-m", "tfnotes", "doctor", "a.py"])'


@pytest.fixture
def package(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of the package whose files a test may change."""
    copy = tmp_path / "tfnotes"
    source = Path(tfnotes.__file__).parent
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    monkeypatch.setattr(tfnotes, "__file__", str(copy / "__init__.py"))
    module_digest.cache_clear()
    yield copy
    module_digest.cache_clear()


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("from tfnotes import data, timing", ["tfnotes.data", "tfnotes.timing"]),
        ("from tfnotes.data import load", ["tfnotes.data"]),
        ("import tfnotes.timing as t", ["tfnotes.timing"]),
        ("from tfnotes.draw.cells import show_cells, show_reduce", ["tfnotes.draw.cells"]),
        (
            "from tfnotes.draw import cells, plotting",
            ["tfnotes.draw.cells", "tfnotes.draw.plotting"],
        ),
        (RUNS_THE_DOCTOR, ["tfnotes.doctor"]),
        ('c = [sys.executable, "-m", "tfnotes.ledger.execute", "x"]', ["tfnotes.ledger"]),
        ('os.system("python -m tfnotes doctor a.py")', ["tfnotes.doctor"]),
        ('c = (".venv/bin/tfnotes", "doctor")', ["tfnotes.doctor"]),
        ('c = ["python", "-m", "tfnotes", "version"]', []),
        ('print("tfnotesque doctor", "about tfnotes doctor")', []),
    ],
)
def test_what_is_imported_and_what_is_run_in_another_process_both_count(code, used):
    assert list(helpers_used(code)) == used


def touch(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")


@pytest.mark.parametrize("file", ["doctor/match.py", "ledger/outcomes.py", "ledger/rows/tf1.toml"])
def test_a_change_of_the_doctor_makes_the_records_of_its_page_stale(package, file):
    """The page runs it in a subprocess: no import of the block says so."""
    project = Project(ROOT)
    page = load_page(project, project.page_path("zh", "migrate/ledger"))
    assert check_records(project, page) == [], "the records are stale already; run the page"
    touch(package / file)
    module_digest.cache_clear()
    assert any("with another tfnotes.doctor" in str(f) for f in check_records(project, page))


def test_a_change_of_the_doctor_makes_the_cached_outcome_unknown(package, tmp_path):
    project = Project(ROOT)
    page = load_page(project, project.page_path("zh", "migrate/ledger"))
    records = [Record(b.key, b.name, [], modules=module_digests(b.helpers)) for b in page.running]
    Store(tmp_path / "cache").save(page.name, records)

    def known() -> bool:
        cached = Store(tmp_path / "cache").load(page.name)
        return all(is_known(cached.get(block.key), block, project.root) for block in page.running)

    assert known()
    touch(package / "doctor" / "match.py")
    module_digest.cache_clear()
    assert not known()


def test_a_comment_in_a_helper_changes_nothing_and_a_data_file_does(package):
    before = module_digest("tfnotes.data")
    names = package / "data" / "names.py"
    names.write_text(f"# a comment\n{names.read_text(encoding='utf-8')}", encoding="utf-8")
    module_digest.cache_clear()
    assert module_digest("tfnotes.data") == before
    touch(package / "data" / "standins" / "sonnets.txt")
    module_digest.cache_clear()
    assert module_digest("tfnotes.data") != before


def test_drawings_stand_alone_and_count_with_what_they_share(package):
    names = ("tfnotes.draw.cells", "tfnotes.draw.graphs", "tfnotes.draw.models")
    before = module_digests(names)
    touch(package / "draw" / "graphs.py")
    module_digest.cache_clear()
    changed = {name for name in names if module_digest(name) != before[name]}
    assert changed == {"tfnotes.draw.graphs", "tfnotes.draw.models"}, "models are drawn as graphs"
    touch(package / "draw" / "canvas.py")
    module_digest.cache_clear()
    assert all(module_digest(name) != before[name] for name in names)
