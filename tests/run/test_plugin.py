"""pytest stays the front door: ids, -k, --lf, -x, reports and updates as its users expect.

Each test runs pytest in a checkout of its own, in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.check import check_project

THREE = fences("x = 1\nprint('one', x)", "x += 1\nprint('two', x)", "print('three', x)")


@pytest.fixture
def project(tmp_path):
    return make_checkout(tmp_path)


def pytest_in(project, *arguments: str) -> tuple[int, str]:
    environment = {**os.environ, "TFNOTES_PRELOAD": ""}
    environment.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "--no-header", *arguments]
    done = subprocess.run(
        command, cwd=project.root, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def outputs_of(project, name: str = "a") -> dict:
    return json.loads((project.outputs / f"{name}.json").read_text())


def test_every_fence_of_both_twins_is_an_item(project) -> None:
    write_page(project, "a", THREE + '\n```python run="no" why="needs a GPU"\nlaunch()\n```\n')
    (project.root / "README.md").write_text("# R\n\n```python\n1\n```\n")
    code, text = pytest_in(project, "--collect-only", "docs", "README.md")
    assert code == 0
    assert "docs/zh/a.md::line:3,column:1" in text
    assert text.count("::line:") == 7


def test_missing_records_fail_updating_accepts_and_comparing_passes(project) -> None:
    write_page(project, "a", THREE)
    code, text = pytest_in(project)
    assert code == 1
    assert 'docs/zh/a.md:3: block "block-1" has no accepted record' in text
    code, text = pytest_in(project, "--update-outputs")
    assert code == 0
    assert text.count(": new") == 3
    code, text = pytest_in(project)
    assert code == 0
    assert "6 passed" in text


def test_an_update_writes_only_what_differs(project) -> None:
    write_page(
        project,
        "a",
        fences("print(1.0)", '[check="no" why="the clock"]\nimport time\nprint(time.time())'),
    )
    pytest_in(project, "--update-outputs")
    before = (project.outputs / "a.json").read_text()
    code, text = pytest_in(project, "--update-outputs=all")
    assert "nothing differs" in text
    assert (project.outputs / "a.json").read_text() == before


def test_a_changed_output_fails_with_both_lines_and_names_the_place(project) -> None:
    write_page(project, "a", fences("print('loss', 0.5)"))
    pytest_in(project, "--update-outputs")
    path = project.outputs / "a.json"
    path.write_text(path.read_text().replace("loss 0.5", "loss 0.6"))
    code, text = pytest_in(project)
    assert code == 1
    assert 'docs/zh/a.md:3: block "block-1": output differs' in text
    assert "- loss 0.6" in text
    assert "+ loss 0.5" in text


@pytest.mark.parametrize(("mode", "writes"), [("missing", False), ("stale", False), ("all", True)])
def test_update_modes(project, mode: str, writes: bool) -> None:
    """A record that differs although nothing it depends on changed is only rewritten by "all"."""
    write_page(project, "a", fences("print('loss', 0.5)"))
    pytest_in(project, "--update-outputs")
    path = project.outputs / "a.json"
    path.write_text(path.read_text().replace("loss 0.5", "loss 0.6"))
    pytest_in(project, f"--update-outputs={mode}")
    assert ("loss 0.5" in path.read_text()) is writes


def test_stale_rewrites_what_another_tensorflow_made(project) -> None:
    write_page(project, "a", fences("print('loss', 0.5)"))
    pytest_in(project, "--update-outputs")
    path = project.outputs / "a.json"
    old = (
        path.read_text()
        .replace("loss 0.5", "loss 0.6")
        .replace('"made": {', '"made": {\n    "keras": "2.0",')
    )
    path.write_text(old)
    pytest_in(project, "--update-outputs=stale")
    assert "loss 0.5" in path.read_text()


def test_editing_code_replaces_its_records_and_keeps_the_others(project) -> None:
    write_page(project, "a", THREE)
    write_page(project, "b", THREE)
    pytest_in(project, "--update-outputs")
    old = [block["key"] for block in outputs_of(project)["blocks"]]
    write_page(project, "a", THREE.replace("'two'", "'zwei'"))
    code, text = pytest_in(project, "docs/zh/a.md", "--update-outputs")
    new = [block["key"] for block in outputs_of(project)["blocks"]]
    assert [o == n for o, n in zip(old, new, strict=True)] == [True, False, False]
    assert "block-2: code changed; output line 1: expected 'two', got 'zwei'" in text
    assert "block-3: code changed, outputs as before" in text
    assert "outputs/b.json" not in text


def test_k_selects_by_line_and_by_section_and_runs_predecessors(project) -> None:
    (project.snippets / "a.py").write_text("# --8<-- [start:tail]\nprint(x)\n# --8<-- [end:tail]\n")
    write_page(project, "a", fences("x = 5") + '\n```python\n--8<-- "a.py:tail"\n```\n')
    pytest_in(project, "--update-outputs")
    code, text = pytest_in(project, "-k", "tail")
    assert code == 0
    assert "2 passed, 2 deselected" in text


def test_what_follows_a_failure_is_skipped_as_blocked(project) -> None:
    write_page(project, "a", fences("1 / 0", "print(2)"))
    code, text = pytest_in(project, "docs/en/a.md")
    assert "1 failed, 1 skipped" in text
    assert "blocked by docs/en/a.md:3" in text
    assert "docs/en/a.md:3 (line 4): ZeroDivisionError" in text
    assert "NameError" not in text


def test_x_stops_and_lf_repeats_only_what_failed(project) -> None:
    write_page(project, "a", fences("print(1)", "1 / 0"), ("zh",))
    write_page(project, "b", fences("1 / 0"), ("zh",))
    pytest_in(project, "--update-outputs")
    code, text = pytest_in(project, "-x")
    assert "1 failed, 1 passed" in text
    code, text = pytest_in(project, "--lf")
    assert "2 failed" in text
    assert "passed" not in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# B\n\n```python raise=1\n1\n```\n", 'docs/zh/bad.md:3: unknown fence option "raise"'),
        (b"# B\n\n```python\nx = = 1\n```\n", "docs/zh/bad.md:3: syntax error"),
        ("# 数据\n\n```python\n1\n```\n".encode("gbk"), "docs/zh/bad.md:1: not UTF-8"),
        ("# B\n\n```python\n1\n```\n".encode("utf-16"), "docs/zh/bad.md:1: not UTF-8"),
    ],
)
def test_a_page_that_cannot_be_read_is_one_line_and_others_run(
    project, content: bytes, words: str
) -> None:
    write_page(project, "good", fences("1"), ("zh",))
    project.page_path("zh", "bad").write_bytes(content)
    code, text = pytest_in(project, "--update-outputs")
    assert "good.json: block-1: new" in text
    code, text = pytest_in(project)
    assert code == 1
    assert text.count(words) <= 2  # the report, and the summary's line
    assert words in text
    assert "Traceback" not in text
    assert "1 failed, 1 passed" in text


@pytest.fixture
def reader(project):
    """A page whose snippet reads one file, imports another, and runs a third."""
    folder = project.snippets / "part"
    folder.mkdir()
    (folder / "data.csv").write_text("1,2\n")
    (folder / "helper.py").write_text("value = 3\n")
    (folder / "tool.py").write_text("print(4)\n")
    (folder / "a.py").write_text(
        "from pathlib import Path\nprint(Path(__file__).with_name('data.csv').read_text())\n"
        "import sys\nsys.path.insert(0, str(Path(__file__).parent))\nimport helper\n"
        "print(helper.value)\nimport subprocess\n"
        "tool = str(Path(__file__).with_name('tool.py'))\n"
        "print(subprocess.run([sys.executable, tool], capture_output=True, text=True).stdout)\n"
        "open('result.txt', 'w').write('made here')\n"
    )
    write_page(project, "part/a", '# A\n\n```python\n--8<-- "part/a.py"\n```\n')
    pytest_in(project, "--update-outputs")
    return project


def test_a_record_knows_the_files_that_its_page_read(reader) -> None:
    (block,) = outputs_of(reader, "part/a")["blocks"]
    files = [f"snippets/part/{name}" for name in ("data.csv", "helper.py", "tool.py")]
    assert sorted(block["files"]) == files


@pytest.mark.parametrize(
    ("name", "text"),
    [("data.csv", "1,3\n"), ("helper.py", "value = 44\n"), ("tool.py", "print(5)\n")],
)
def test_a_file_that_a_page_reads_is_part_of_what_it_is(reader, name: str, text: str) -> None:
    (reader.snippets / "part" / name).write_text(text)
    told = [finding.message for finding in check_project(reader, ["part/a"])]
    assert f'the record of block "block-1" was made with another snippets/part/{name}' in told
    code, text = pytest_in(reader)
    assert code == 1
    assert "output differs from the accepted record" in text
    pytest_in(reader, "--update-outputs=stale")
    code, text = pytest_in(reader)
    assert code == 0


def test_a_page_that_reads_nothing_says_nothing(project) -> None:
    write_page(project, "a", THREE)
    pytest_in(project, "--update-outputs")
    assert all("files" not in block for block in outputs_of(project)["blocks"])


@pytest.mark.parametrize("number", ["-1", "0", "two"])
def test_page_workers_that_are_none_are_refused(project, number: str) -> None:
    write_page(project, "a", fences("1"), ("zh",))
    code, text = pytest_in(project, "--page-workers", number)
    assert code == 4
    assert "give a whole number from 1" in text


def test_a_typo_keeps_the_records_behind_it(project) -> None:
    """Mended again, the page is as it was, and nothing had to run."""
    write_page(project, "a", THREE)
    pytest_in(project, "--update-outputs")
    before = outputs_of(project)
    write_page(project, "a", THREE.replace("x += 1", "x += one"))
    code, text = pytest_in(project, "--update-outputs")
    assert code == 1
    assert "dropped" not in text
    assert outputs_of(project) == before
    write_page(project, "a", THREE.replace("x += 1", "x += 2"))
    pytest_in(project, "--update-outputs")
    assert len(outputs_of(project)["blocks"]) == 3


def test_an_update_in_several_processes_tells_what_it_wrote(project) -> None:
    pytest.importorskip("xdist")
    write_page(project, "a", THREE)
    code, text = pytest_in(project, "-n", "2", "--update-outputs")
    assert code == 0, text
    assert "nothing differs" not in text
    assert "outputs/a.json: block-1: new" in text


def test_an_update_that_cannot_be_written_says_so_and_writes_the_others(project) -> None:
    write_page(project, "a", fences("1"), ("zh",))
    write_page(project, "b", fences("1"), ("zh",))
    project.outputs.mkdir()
    (project.outputs / "a.json").mkdir()
    code, text = pytest_in(project, "--update-outputs")
    assert code != 0
    assert "nothing differs" not in text
    assert "outputs/b.json: block-1: new" in text


def test_a_damaged_record_is_one_line(project) -> None:
    write_page(project, "a", fences("1"), ("zh",))
    pytest_in(project, "--update-outputs")
    (project.outputs / "a.json").write_text('{"format": 1')
    code, text = pytest_in(project)
    assert code == 1
    assert "outputs/a.json:1: records are not JSON" in text
    code, text = pytest_in(project, "--update-outputs")
    assert code != 0
    assert "outputs/a.json:1: records are not JSON" in text
    assert (project.outputs / "a.json").read_text() == '{"format": 1'


def test_the_option_does_not_swallow_a_path(project) -> None:
    write_page(project, "a", fences("1"), ("zh",))
    code, text = pytest_in(project, "--update-outputs", "docs/zh/a.md")
    assert code == 4
    assert "put paths before it" in text


def test_the_order_of_pages_changes_no_output(project) -> None:
    """Keras' names, random state and threads are those of a page alone."""
    for number in range(4):
        code = f"import random\nprint(random.random())\nrandom.seed({number})\nimport numpy\nprint(numpy.random.rand())"
        write_page(project, f"p{number}", fences(code), ("zh",))
    pages = [f"docs/zh/p{number}.md" for number in range(4)]
    pytest_in(project, *pages, "--update-outputs")
    for order in (pages[::-1], pages[2:] + pages[:2]):
        code, text = pytest_in(project, *order, "--page-workers=1", "--update-outputs=all")
        assert code == 0
        assert "nothing differs" in text


def test_nothing_changed_runs_nothing_and_imports_no_tensorflow(project) -> None:
    write_page(project, "a", THREE)
    pytest_in(project, "--update-outputs")
    probe = project.root / "conftest.py"
    probe.write_text(
        probe.read_text()
        + "import sys, subprocess\n"
        + "def pytest_unconfigure():\n    print('TF', 'tensorflow' in sys.modules)\n"
        + "real = subprocess.Popen\n"
        + "def refuse(*a, **k):\n    raise SystemExit('started a process')\n"
        + "subprocess.Popen = refuse\n"
    )
    code, text = pytest_in(project, "-s")
    assert code == 0
    assert "of these unchanged since their last run: 6" in text
    assert "TF False" in text


def test_pages_of_a_read_only_checkout_pass(project) -> None:
    write_page(project, "a", fences("print(1)"), ("zh",))
    pytest_in(project, "--update-outputs")
    environment_cache = Path("/proc/tfnotes")  # not even root can write there
    os.environ["TFNOTES_CACHE"] = str(environment_cache)
    try:
        code, text = pytest_in(project, "-p", "no:cacheprovider")
    finally:
        del os.environ["TFNOTES_CACHE"]
    assert code == 0
    assert "outcomes are not kept" in text


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("TFNOTES_START", "teleport", "unknown; use fork or spawn"),
        ("TFNOTES_MEMORY_LIMIT", "lots", "give a whole number of bytes"),
        ("TFNOTES_MEMORY_LIMIT", "0", "give a whole number of bytes"),
    ],
)
def test_a_variable_that_means_nothing_is_told_at_once(
    project, monkeypatch, variable, value, words
) -> None:
    """One line about the variable, not a traceback, and not a page that is blamed for it."""
    write_page(project, "a", fences("print(1)"))
    monkeypatch.setenv(variable, value)
    code, text = pytest_in(project)
    assert code == 4
    assert f"{variable}={value}: {words}" in text
    assert "Traceback" not in text
    assert "docs/zh/a.md" not in text


def test_an_update_of_what_failed_does_not_say_that_nothing_differs(project) -> None:
    """Nobody must take a failed update for one that agreed."""
    write_page(project, "a", fences("1 / 0"))
    code, text = pytest_in(project, "--update-outputs")
    assert code == 1
    assert "nothing written: blocks failed, see above" in text
    assert "nothing differs" not in text


def test_a_renamed_section_is_accepted_under_its_new_name(project) -> None:
    """The key says nothing of the name, and a figure's file is called after it."""
    snippet = project.snippets / "a.py"
    for name in ("old", "new"):
        snippet.write_text(f"# --8<-- [start:{name}]\nprint(1)\n# --8<-- [end:{name}]\n")
        write_page(project, "a", f'# P\n\n```python\n--8<-- "a.py:{name}"\n```\n')
        code, text = pytest_in(project, "--update-outputs")
    assert 'new: was called "old"' in text
    assert [block["name"] for block in outputs_of(project)["blocks"]] == ["new"]
