"""What a run of a page captures, and what happens when a block misbehaves.

Each test holds both ways to start a page's process: forked, and afresh (macOS, Windows). The pages
here import no TensorFlow, so it is not preloaded.
"""

import os
import shutil
import subprocess
import sys
import time

import psutil
import pytest
from checkout import fences, make_checkout, write_page

from tfnotes.core.errors import TfnotesError
from tfnotes.core.records import Store
from tfnotes.run.live import Live
from tfnotes.run.pages import run_pages
from tfnotes.run.process.start import WAYS, way_to_start
from tfnotes.run.process.watch import Outcome
from tfnotes.run.session import Session


@pytest.fixture(params=WAYS)
def project(request, tmp_path, monkeypatch):
    monkeypatch.setenv("TFNOTES_START", request.param)
    monkeypatch.setenv("TFNOTES_PRELOAD", "numpy")
    return make_checkout(tmp_path)


def run(project, text: str, **options) -> list[Outcome]:
    """Runs a page; returns the outcomes of its blocks."""
    page = write_page(project, "a", text)
    session = Session(project, **options)
    try:
        session.submit(page.running, {block.key for block in page.running})
        session.start()
        return [session.outcome(block) for block in page.running]
    finally:
        session.close()


def outputs(outcome: Outcome) -> list[dict]:
    assert outcome.failure is None, outcome.failure
    assert outcome.record is not None
    return outcome.record.outputs


def test_both_streams_in_order_and_below_python(project) -> None:
    """tf.print writes to the descriptors, past sys.stdout."""
    code = "import os, sys, warnings\nprint('one')\nos.write(2, b'two\\n')\nos.system('echo three')\nprint('four')"
    (outcome,) = run(project, fences(code))
    assert outputs(outcome) == [
        {"output_type": "stream", "name": "stdout", "text": "one\ntwo\nthree\nfour\n"}
    ]


def test_warnings_are_kept_apart(project) -> None:
    code = "import warnings\nprint('a')\nwarnings.warn('careful')\nprint('b')"
    (outcome,) = run(project, fences(code))
    streams = [(o["name"], o["text"]) for o in outputs(outcome)]
    assert streams == [("stdout", "a\n"), ("stderr", "UserWarning: careful\n"), ("stdout", "b\n")]


def test_values(project) -> None:
    html = "class H:\n    def _repr_html_(self):\n        return '<b>x</b>'\n    def __repr__(self):\n        return 'H()'\nH()"
    shown = run(project, fences("1 + 1", "x = 3", "None", html))
    assert outputs(shown[0])[0]["data"] == {"text/plain": "2"}
    assert outputs(shown[1]) == outputs(shown[2]) == []
    assert outputs(shown[3])[0]["data"] == {"text/html": "<b>x</b>", "text/plain": "H()"}


def test_figures_are_repeatable_svg_in_the_pages_ink(project) -> None:
    code = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nax.set_title('loss')"
    first = outputs(run(project, fences(code))[0])
    again = outputs(run(project, fences(code))[0])
    assert first == again
    (figure,) = first  # the Text object that set_title returns is no output of its own
    assert figure["data"]["text/plain"] == "<Figure size 640x320 with 1 Axes>"
    svg = figure["data"]["image/svg+xml"]
    assert ">loss</text>" in svg
    assert "currentColor" in svg
    assert "#202428" not in svg
    assert "DejaVu" not in svg


def test_a_large_figure_becomes_webp(project) -> None:
    code = "import numpy as np, matplotlib.pyplot as plt\nr = np.random.default_rng(0)\nplt.scatter(*r.random((2, 9000)))"
    (figure,) = outputs(run(project, fences(code))[0])
    assert set(figure["data"]) == {"image/webp", "text/plain"}


def test_an_error_that_is_wanted_is_content_and_the_page_goes_on(project) -> None:
    shown = run(project, fences('[raises="ZeroDivisionError"]\nprint(1)\n1 / 0', "print(2)"))
    assert outputs(shown[0])[1]["ename"] == "ZeroDivisionError"
    assert outputs(shown[0])[1]["evalue"] == "division by zero"
    assert outputs(shown[1])[0]["text"] == "2\n"


def test_an_error_that_stops_happening_fails(project) -> None:
    (outcome,) = run(project, fences('[raises="ValueError"]\nint("1")'))
    assert outcome.failure is not None
    assert "did not raise ValueError" in outcome.failure.title


def test_exactly_that_error(project) -> None:
    (outcome,) = run(project, fences('[raises="ArithmeticError"]\n1 / 0'))
    assert outcome.failure is not None
    assert "ZeroDivisionError" in outcome.failure.title


def test_a_failed_block_names_page_and_snippet_and_blocks_what_follows(project) -> None:
    (project.snippets / "a.py").write_text(
        "# --8<-- [start:f]\ndef f():\n    return 1 / 0\n# --8<-- [end:f]\n"
    )
    text = '# P\n\n```python\n--8<-- "a.py:f"\n```\n\n```python\nf()\n```\n\n```python\nprint(3)\n```\n'
    good, bad, after = run(project, text)
    page = write_page(project, "a", text)
    assert good.record
    report = bad.failure.at(page.blocks[1])
    assert report.split("\n")[0] == "docs/zh/a.md:7 (line 8): ZeroDivisionError: division by zero"
    assert 'File "snippets/a.py", line 3, in f' in report
    assert (after.record, after.blocked_by) == (None, page.blocks[1].key)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os\nos._exit(3)", "ended its process with status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "by signal 11 (SIGSEGV)"),
        ("import sys\nsys.exit(1)", "SystemExit"),
    ],
)
def test_a_block_that_ends_its_process(project, code: str, words: str) -> None:
    outcomes = run(project, fences("x = 1", code, "x"))
    assert outcomes[0].record
    assert words in outcomes[1].failure.title
    assert outcomes[2].blocked_by


def test_a_block_that_hangs_is_stopped_and_shows_its_stack(project) -> None:
    code = '[timeout="0.5"]\nimport time\ndef wait():\n    time.sleep(60)\nwait()'
    (outcome,) = run(project, fences(code))
    assert "still running after 0.5 s" in outcome.failure.title
    assert "in wait" in outcome.failure.detail


def test_a_block_that_eats_memory_is_stopped(project, monkeypatch) -> None:
    monkeypatch.setenv("TFNOTES_MEMORY_LIMIT", str(300 << 20))
    code = "import time\nx = bytearray(500 << 20)\ntime.sleep(30)"
    (outcome,) = run(project, fences(code))
    assert "GiB of memory" in outcome.failure.title


def test_a_block_that_prints_100_megabytes_is_cut_and_says_so(project) -> None:
    (outcome,) = run(
        project, fences("for _ in range(100):\n    print('x' * (1 << 20))", "print('next')")[:]
    )[:1]
    (stream,) = outputs(outcome)
    assert len(stream["text"]) < 70_000
    assert "[output cut: 104,857,700 bytes printed, the first 65,536 kept]" in stream["text"]


def test_output_without_end_is_stopped(project, monkeypatch) -> None:
    monkeypatch.setattr("tfnotes.run.process.watch.PRINT_LIMIT", 1 << 20)
    (outcome,) = run(
        project, fences("import time\nwhile True:\n    print('x' * 99999)\n    time.sleep(0.001)")
    )
    assert "printed more than" in outcome.failure.title


def test_reading_input_does_not_hang(project) -> None:
    (outcome,) = run(project, fences("input()"))
    assert "EOFError" in outcome.failure.title


def test_blocks_run_as_main_in_a_folder_of_their_own(project) -> None:
    code = (
        "import pickle, os\nclass Thing: pass\nopen('made.txt', 'w').close()\n"
        "print(__name__, type(pickle.loads(pickle.dumps(Thing()))), os.listdir())"
    )
    (outcome,) = run(project, fences(code))
    assert outputs(outcome)[0]["text"] == "__main__ <class '__main__.Thing'> ['made.txt']\n"
    assert not (project.root / "made.txt").exists()


def test_no_machine_path_in_a_record(project) -> None:
    code = "import os, pathlib\nprint(os.getcwd(), pathlib.Path('x').resolve(), __file__)"
    (outcome,) = run(project, fences(code))
    assert outputs(outcome)[0]["text"] == ". x docs/zh/a.md\n"


def test_pages_cannot_see_each_other(project) -> None:
    write_page(project, "b", fences("import random\nrandom.secret = 1\nrandom.random()"))
    write_page(
        project, "c", fences("import random\nprint(hasattr(random, 'secret'))\nrandom.random()")
    )
    results = run_pages(project, ["b", "c"], workers=1)
    assert [r.failures for r in results] == [[], []]
    store = Store(project.outputs)
    b, c = (list(store.load(name).values())[0].outputs for name in ("b", "c"))
    assert c[0]["text"] == "False\n"
    assert b[0]["data"] == c[1]["data"]  # both begin with the same seed


SAMPLE = fences(
    "import numpy as np\n\nclass Kept:\n    count = 0\n\nr = np.random.default_rng(0)\nr.random(3)",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot(r.random(9))\nax.set_title('loss')",
    '[raises="ZeroDivisionError"]\nKept.count += 1\nprint("before")\nKept.count / 0',
    "import warnings\nwarnings.warn('careful')\nprint(Kept.count, np.random.rand())\nKept.count + 1",
    "import os, pathlib, pickle, signal, sys, threading\n"
    "print(__name__, sys.argv, sys.path[0], os.listdir(), threading.active_count())\n"
    "print(hash('x'), signal.getsignal(signal.SIGINT), sys.stdin.read(), os.environ['TZ'])\n"
    "print(type(pickle.loads(pickle.dumps(Kept()))), sorted(os.environ.get('LC_ALL')))",
    "print((pathlib.Path(__file__).parents[3] / 'snippets/read.csv').read_text())\n"
    "from tfnotes.draw import ragged\nsorted(name for name in dir() if name[0] != '_')",
)
"""A page with values, a figure, an error, a warning, state, and what a process can tell of itself."""


def test_a_page_has_the_same_records_whichever_way_its_process_starts(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("TFNOTES_PRELOAD", "numpy,matplotlib.pyplot")
    found = []
    for way in WAYS:
        monkeypatch.setenv("TFNOTES_START", way)
        project = make_checkout(tmp_path / way)
        (project.snippets / "read.csv").write_text("1,2\n")
        write_page(project, "part/a", SAMPLE)
        (result,) = run_pages(project, ["part/a"], fresh=True)
        assert (result.failures, result.blocks) == ([], 6)
        found.append([vars(r) for r in Store(project.outputs).load("part/a").values()])
    for forked, fresh in zip(*found, strict=True):
        assert forked == fresh
    kinds = [[output["output_type"] for output in record["outputs"]] for record in found[0]]
    assert kinds[1:4] == [
        ["display_data"],
        ["stream", "error"],
        ["stream", "stream", "execute_result"],
    ]
    assert found[0][5]["files"] and found[0][5]["modules"]


@pytest.mark.parametrize("way", WAYS)
def test_a_page_that_grows_goes_on_in_its_process(tmp_path, monkeypatch, way) -> None:
    """What ``tfnotes serve`` does on a save."""
    monkeypatch.setenv("TFNOTES_START", way)
    monkeypatch.setenv("TFNOTES_PRELOAD", "")
    project = make_checkout(tmp_path)
    live, store = Live(project), Store(project.outputs)
    pid = "import os\nprint(os.getpid())"

    def told(*codes: str) -> set[str]:
        write_page(project, "a", fences(pid, *codes))
        failures = live.run_page("a").failures
        assert ["ZeroDivisionError" in failure for failure in failures] == [True] * ("1/0" in codes)
        return {record.text for record in store.load("a").values()}

    try:
        (first,) = told()
        assert told("print(os.getpid())") == {first}
        told("1/0")
        assert first not in told("print(os.getpid() + 0)")  # after an error it begins again
    finally:
        live.close()


def test_twins_run_once(project) -> None:
    counter = project.root / "counter"
    code = f"open({str(counter)!r}, 'a').write('x')"
    write_page(project, "a", fences(code))
    run_pages(project, ["a"], fresh=True)
    assert counter.read_text() == "x"


def test_unchanged_blocks_do_not_run_again_and_shorter_chains_forget_nothing(
    project, tmp_path
) -> None:
    text = fences("x = 1\nprint(x)", "print(x + 1)")
    cache = tmp_path / "cache"
    assert not any(o.cached for o in run(project, text, cache=cache))
    assert all(o.cached for o in run(project, text, cache=cache))
    assert not any(o.cached for o in run(project, text, cache=cache, fresh=True))
    assert [o.cached for o in run(project, text + fences("print(3)"), cache=cache)] == [False] * 3
    assert all(o.cached for o in run(project, text, cache=cache))


def test_a_damaged_cache_is_only_a_full_run(project, tmp_path) -> None:
    cache = tmp_path / "cache"
    run(project, fences("x = 1"), cache=cache)
    (cache / "a.json").write_text('{"format": 1, "blo')
    (outcome,) = run(project, fences("x = 1"), cache=cache)
    assert outcome.record
    assert not outcome.cached


def test_a_cache_that_cannot_be_written_is_told_and_nothing_fails(project, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    page = write_page(project, "a", fences("x = 1"))
    session = Session(project, cache=tmp_path / "file" / "cache")
    session.submit(page.running, {b.key for b in page.running})
    session.start()
    assert session.outcome(page.blocks[0]).record
    session.close()
    assert len(session.problems) == 1
    assert "not kept" in session.problems[0]


def test_a_page_that_cannot_be_read_or_written_stops_no_other(project) -> None:
    for name in ("good", "unwritten", "zlast"):
        write_page(project, name, fences("print(1)"))
    project.page_path("zh", "bad").write_bytes("# 数据\n".encode("gbk"))
    project.outputs.mkdir()
    (project.outputs / "unwritten.json").write_text("[]")
    found = run_pages(project, ["bad", "good", "unwritten", "zlast"])
    assert [[f.split(":")[0] for f in result.failures] for result in found] == [
        ["docs/zh/bad.md"],
        [],
        ["outputs/unwritten.json"],
        [],
    ]
    assert [len(result.changes) for result in found] == [0, 1, 0, 1]


def test_an_unknown_page_is_one_line(project) -> None:
    for name in ("nope", "../etc/passwd", "/etc/passwd"):
        with pytest.raises(TfnotesError, match="part/slug"):
            run_pages(project, [name])


def test_a_start_that_nobody_knows_is_one_line(monkeypatch) -> None:
    monkeypatch.setenv("TFNOTES_START", "thread")
    with pytest.raises(TfnotesError, match="TFNOTES_START=thread: unknown; use fork or spawn"):
        way_to_start()


def test_where_forking_is_not_safe_a_page_starts_afresh(monkeypatch) -> None:
    monkeypatch.delenv("TFNOTES_START", raising=False)
    for system, way in (("linux", "fork"), ("darwin", "spawn"), ("win32", "spawn")):
        monkeypatch.setattr("sys.platform", system)
        assert way_to_start() == way


def test_a_process_that_cannot_start_says_why(project, monkeypatch) -> None:
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    with pytest.raises(AssertionError, match="did not start; it said: nothing"):
        outputs(run(project, fences("x = 1"))[0])


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@needs_fork
def test_a_forked_child_that_comes_back_does_not_answer_for_its_parent(project) -> None:
    """It would have run the next block once more, into the same record."""
    wait = "os.waitpid(pid, 0) if pid else None"
    first, second = run(
        project, fences(f"import os\npid = os.fork()\n{wait}\nprint('both')", "print('after')")
    )
    assert outputs(first)[0]["text"] == "both\nboth\n"
    assert outputs(second)[0]["text"] == "after\n"


@needs_fork
def test_a_forked_child_that_raises_fails_alone(project) -> None:
    code = "import os\npid = os.fork()\nif not pid:\n    1 / 0\nprint(os.waitpid(pid, 0)[1] >> 8)"
    (outcome,) = run(project, fences(code))
    assert "1\n" in "".join(output["text"] for output in outputs(outcome))


@pytest.mark.parametrize(
    "code",
    [
        "sys.stdout = io.StringIO()",
        "sys.stdout = None",
        "sys.stdout.close()",
        "sys.stderr = None",
        "sys.stderr.close()",
        "os.close(1)",
    ],
)
def test_streams_that_a_block_replaces_are_ours_again_in_the_next(project, code: str) -> None:
    _, after = run(
        project, fences(f"import io, os, sys\n{code}", "print('seen')\nprint('b', file=sys.stderr)")
    )
    assert [(o["name"], o["text"]) for o in outputs(after)] == [
        ("stdout", "seen\n"),
        ("stderr", "b\n"),
    ]


def test_a_lone_surrogate_is_written_as_an_escape(project) -> None:
    good, bad = run(
        project, fences("print('fine')", '[raises="ValueError"]\nraise ValueError("bad \\ud800")')
    )
    assert outputs(good)[0]["text"] == "fine\n"
    assert outputs(bad)[0]["evalue"] == "bad \\ud800"


def test_output_that_is_all_noise_and_too_long_is_cut(project) -> None:
    (outcome,) = run(project, fences("import os\nn = os.write(1, b'\\x1b[0m' * 20000)"))
    assert "output cut" in outputs(outcome)[0]["text"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("class E(Exception):\n    def __str__(self): raise KeyError(1)\nraise E", "E: (its text"),
        ("class R:\n    def __repr__(self): raise SystemExit(3)\nR()", "SystemExit: 3"),
    ],
)
def test_a_class_that_cannot_be_shown_fails_its_block_only(project, code: str, words: str) -> None:
    (outcome,) = run(project, fences(code))
    assert words in outcome.failure.title


def test_a_module_that_a_block_writes_can_be_imported(project) -> None:
    code = "open('math2.py', 'w').write('two = 2')\nimport math2\nprint(math2.two)"
    (outcome,) = run(project, fences(code))
    assert outputs(outcome)[0]["text"] == "2\n"


def test_the_first_argument_is_the_file_of_the_code(project) -> None:
    (outcome,) = run(project, fences("import sys\nprint(sys.argv)"))
    assert outputs(outcome)[0]["text"] == "['docs/zh/a.md']\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere orphans cannot be adopted")
def test_what_a_block_started_and_let_go_ends_with_its_page(project) -> None:
    code = (
        "import subprocess, sys\n"
        "nap = [sys.executable, '-c', 'import time; time.sleep(300)']\n"
        "quiet = 'start_new_session=True, stdout=s.DEVNULL, stderr=s.DEVNULL'\n"
        "start = f'import subprocess as s; print(s.Popen({nap}, {quiet}).pid)'\n"
        "print(subprocess.run([sys.executable, '-c', start], capture_output=True, text=True).stdout)"
    )
    (outcome,) = run(project, fences(f'[timeout="20"]\n{code}'))
    orphan = int(outputs(outcome)[0]["text"])
    until(lambda: not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == "zombie")


def test_a_block_that_ends_the_fork_server_is_told_so(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TFNOTES_START", "fork")
    monkeypatch.setenv("TFNOTES_PRELOAD", "")
    kill = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
    (outcome,) = run(make_checkout(tmp_path), fences(kill))
    assert "ended what had started its process" in outcome.failure.title


@pytest.mark.slow
def test_a_page_process_ends_when_its_session_is_killed(project) -> None:
    """Nobody is left to end it; on every system it must notice by itself."""
    note = project.root / "pid"
    code = f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    write_page(project, "a", fences(code))
    program = "from tfnotes.cli import app; app(['run', 'a'])"
    killed = subprocess.Popen([sys.executable, "-c", program], cwd=project.root)
    until(lambda: note.exists() and note.read_text())
    killed.kill()
    killed.wait()
    until(lambda: not psutil.pid_exists(int(note.read_text())))


def until(what) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)
