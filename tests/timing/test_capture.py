"""Captures: what a machine measured, kept by its name.

TensorFlow and Keras are replaced by stubs, so these tests are quick and can pretend to have a GPU.
What they write lives in a temporary checkout; no figure of theirs is ever published.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import make_checkout, write_page

from tfnotes.captures.capture import capture
from tfnotes.captures.store import load_runner, load_runners
from tfnotes.core.errors import TfnotesError

SOURCE = Path(__file__).resolve().parents[2] / "src"

STUBS = {
    "tensorflow/__init__.py": """
import os, types
__version__ = "2.21.0"
class Tensor: pass
class Variable: pass
GPUS = [object()] if os.environ.get("STUB_GPU") else []
config = types.SimpleNamespace(
    list_physical_devices=lambda kind: GPUS if kind == "GPU" else [object()],
    experimental=types.SimpleNamespace(
        get_device_details=lambda gpu: {"device_name": os.environ["STUB_GPU"]}),
    threading=types.SimpleNamespace(get_intra_op_parallelism_threads=lambda: 0),
)
test = types.SimpleNamespace(experimental=types.SimpleNamespace(sync_devices=lambda: None))
BUILD = {"cuda_version": "12.5.1", "cudnn_version": "9"}
sysconfig = types.SimpleNamespace(get_build_info=lambda: BUILD)
""",
    "tensorflow/python/__init__.py": "",
    "tensorflow/python/eager/__init__.py": "",
    "tensorflow/python/eager/context.py": """
import types
context = lambda: types.SimpleNamespace(_initialized=False)
""",
    "keras.py": """
import types
__version__ = "3.15.1"
utils = types.SimpleNamespace(set_random_seed=lambda seed: None)
""",
    "sitecustomize.py": """
import sys
BARE = "typer rich pytest sybil mkdocs markdown nh3 psutil matplotlib yaml pandas".split()
class Bare:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BARE:
            raise ModuleNotFoundError(f"{name}: not on a machine that only measures")
sys.meta_path.insert(0, Bare())
""",
}

BENCH = """found = timing.Benchmark("n", show="gflops")
for device in timing.devices():
    for n in timing.sizes(full=[1000, 2000], small=[1]):
        found.add(device, n, timing.measure(lambda: sum(range(n)), budget=0.01), flops=n)
found"""

PAGE = """# Page

```python
import tensorflow as tf
from tfnotes import timing
```

```python timing alt="sums"
{bench}
```

```python needs="gpu"
print("memory of", tf.config.list_physical_devices("GPU") != [])
```

```python timing alt="more"
more = timing.Benchmark("n")
more.add("one", 1, timing.measure(lambda: {what}, budget=0.01))
more
```
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    stubs = tmp_path / "stubs"
    stubs.mkdir()
    for name, text in STUBS.items():
        (stubs / name).parent.mkdir(parents=True, exist_ok=True)
        (stubs / name).write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(stubs))
    monkeypatch.setenv("TFNOTES_COMMIT", "0123456789")
    monkeypatch.delenv("STUB_GPU", raising=False)
    found = make_checkout(tmp_path / "notes")
    write_page(found, "graphs/a", PAGE.format(bench=BENCH, what="1 + 1"))
    return found


def blocks(found):
    return [name.partition(":")[2] for name in found.done]


def test_benchmarks_are_kept_with_all_that_says_where_they_come_from(project):
    found = capture(project, runner="here")
    assert blocks(found) == ["block-2", "block-4"], found.failures
    kept = load_runner(project.timings, "here")
    assert kept.machine["cpu"] and int(kept.machine["cores"]) >= 1 and "gpu" not in kept.machine
    entry = kept.benchmarks["graphs/a:block-2"]
    assert [(case["series"], case["size"]) for case in entry.cases] == [
        ("CPU", 1000),
        ("CPU", 2000),
    ]
    assert {"median", "q1", "q3", "fastest", "n", "first", "loops"} <= entry.cases[0][
        "timing"
    ].keys()
    made = entry.made
    assert (made["tensorflow"], made["keras"], made["commit"]) == ("2.21.0", "3.15.1", "0123456789")
    assert made["date"] and made["python"] and made["threads"]
    assert entry.key == found_key(project, "block-2")


def found_key(project, name):
    from tfnotes.core.pages import load_page

    page = load_page(project, project.page_path("zh", "graphs/a"))
    return next(block.key for block in page.blocks if block.name == name)


def test_a_second_capture_measures_only_what_is_missing_or_stale(project):
    capture(project, runner="here")
    again = capture(project, runner="here")
    assert (blocks(again), again.fresh) == ([], 2)
    write_page(project, "graphs/a", PAGE.format(bench=BENCH, what="2 + 2"))
    third = capture(project, runner="here")
    assert (blocks(third), third.fresh) == (["block-4"], 1)
    assert blocks(capture(project, runner="here", force=True)) == ["block-2", "block-4"]


def test_sizes_of_a_block_that_is_not_measured_again_are_the_full_ones(project):
    capture(project, runner="here")
    page = PAGE.format(bench=BENCH, what="n").replace('more.add("one", 1', 'more.add("one", n')
    write_page(project, "graphs/a", page)
    assert blocks(capture(project, runner="here")) == ["block-4"]
    cases = load_runner(project.timings, "here").benchmarks["graphs/a:block-4"].cases
    assert [case["size"] for case in cases] == [2000]


def test_a_failure_is_told_and_the_rest_of_the_page_is_measured(project):
    write_page(project, "graphs/a", PAGE.format(bench="1 / 0\n" + BENCH, what="1"))
    found = capture(project, runner="here")
    assert blocks(found) == ["block-4"]
    assert len(found.failures) == 1
    assert "graphs/a.md:8" in found.failures[0] and "ZeroDivisionError" in found.failures[0]
    assert list(load_runner(project.timings, "here").benchmarks) == ["graphs/a:block-4"]


def test_what_a_failed_block_was_to_define_is_missed_by_name(project):
    write_page(project, "graphs/a", PAGE.format(bench="1 / 0\n" + BENCH, what="found"))
    failures = capture(project, runner="here").failures
    assert ["NameError" in line for line in failures] == [False, True]


def test_an_error_that_a_gpu_does_not_raise_is_no_fault(project, monkeypatch):
    monkeypatch.setenv("STUB_GPU", "NVIDIA Stub 9000")
    asked = '```python raises="IndexError"\ntf.config.list_physical_devices("GPU")[0]\n```\n\n'
    page = PAGE.format(bench=BENCH, what="1")
    write_page(project, "graphs/a", page.replace("```python timing", asked + "```python timing", 1))
    found = capture(project, runner="there")
    assert not found.failures and blocks(found)[-1] == "block-5"


def test_a_drawing_is_not_missed_where_nothing_can_draw(project):
    page = PAGE.format(bench=BENCH, what="1")
    drawing = "```python\nimport matplotlib.pyplot as plt\n```\n\n```python timing"
    write_page(project, "graphs/a", page.replace("```python timing", drawing, 1))
    found = capture(project, runner="here")
    assert not found.failures and blocks(found) == ["block-3", "block-5"]


def test_what_was_measured_before_the_process_died_is_kept(project):
    write_page(project, "graphs/a", PAGE.format(bench=BENCH, what="__import__('os')._exit(9)"))
    found = capture(project, runner="here")
    assert blocks(found) == ["block-2"]
    assert "ended with status 9" in found.failures[0]


def test_a_block_that_needs_a_gpu_does_not_run_without_one(project):
    capture(project, runner="here")
    assert load_runner(project.timings, "here").blocks == {}


def test_a_machine_with_a_gpu_measures_it_and_runs_what_needs_it(project, monkeypatch):
    monkeypatch.setenv("STUB_GPU", "NVIDIA Stub 9000")
    found = capture(project)
    assert found.runner.name == "nvidia-stub-9000"
    kept = load_runner(project.timings, "nvidia-stub-9000")
    assert kept.has_gpu and kept.machine["gpu"] == "NVIDIA Stub 9000"
    series = [case["series"] for case in kept.benchmarks["graphs/a:block-2"].cases]
    assert series == ["CPU", "CPU", "GPU", "GPU"]
    assert kept.blocks["graphs/a:block-3"].outputs[0]["text"] == "memory of True\n"
    assert "CUDA 12.5.1" in kept.blocks["graphs/a:block-3"].made["built_for"]


def test_a_gpu_can_be_required(project):
    with pytest.raises(TfnotesError, match="sees no GPU"):
        capture(project, require_gpu=True)
    assert load_runners(project.timings) == []


def test_a_name_belongs_to_one_machine(project, monkeypatch):
    capture(project, runner="here")
    monkeypatch.setenv("STUB_GPU", "NVIDIA Stub 9000")
    with pytest.raises(TfnotesError, match="is another machine"):
        capture(project, runner="here")
    capture(project, runner="here", force=True)
    assert load_runner(project.timings, "here").has_gpu


def test_a_block_that_ends_in_no_benchmark_is_told(project):
    write_page(
        project, "graphs/a", PAGE.format(bench="timing.sizes(full=[1], small=[1])", what="0")
    )
    found = capture(project, runner="here")
    assert "must end in a Benchmark with cases, not in list" in found.failures[0]


def test_captures_of_blocks_that_are_gone_are_dropped(project):
    capture(project, runner="here")
    write_page(
        project,
        "graphs/a",
        PAGE.format(bench=BENCH, what="0").split('```python timing alt="more"')[0],
    )
    capture(project, runner="here")
    assert list(load_runner(project.timings, "here").benchmarks) == ["graphs/a:block-2"]


def test_a_page_that_is_not_there_is_named(project):
    with pytest.raises(TfnotesError, match="graphs/b: no such page"):
        capture(project, ["graphs/b"], runner="here")


@pytest.mark.parametrize("name", ["../x", "A B", ""])
def test_a_runner_needs_a_name_that_a_file_can_have(project, name):
    with pytest.raises(TfnotesError, match="small letters"):
        load_runner(project.timings, name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ('{"format": 99}', "format 99"),
        ("[]", "format None"),
        ('{"format": 1}', "lacks"),
    ],
)
def test_a_broken_capture_is_named(project, text, said):
    project.timings.mkdir(parents=True)
    (project.timings / "here.json").write_text(text)
    with pytest.raises(TfnotesError, match=rf"outputs/timings/here.json:1: .*{said}"):
        load_runners(project.timings)


def test_the_command_needs_tensorflow_and_the_standard_library_only(project):
    # sitecustomize above refuses everything that a machine with a GPU need not have.
    path = os.pathsep.join([str(SOURCE), os.environ["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "tfnotes", "capture", "--runner", "here"],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "outputs/timings/here.json: 2 measured, 0 were up to date\n"
    assert json.loads((project.timings / "here.json").read_text())["runner"] == "here"


@pytest.mark.slow
def test_with_the_real_tensorflow_and_no_gpu_in_sight(project, monkeypatch):
    monkeypatch.delenv("PYTHONPATH")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(TfnotesError, match="sees no GPU"):
        capture(project, runner="here", require_gpu=True)
