"""What a page shows of captures. The captures here are doctored, and live in a temporary folder."""

import re
from xml.etree import ElementTree

import markdown
import nbformat
import pytest
from checkout import make_checkout, write_page

from tfnotes.captures.store import METHOD, Measured, Runner, Shown, save_runner
from tfnotes.check.stale import check_records
from tfnotes.core.records import Record, Store
from tfnotes.parts.timings.roofs import roof
from tfnotes.site.notebook.export import export_page
from tfnotes.site.notebook.site_address import Home

PAGE = """# Products { #top }

```python
x = 1
```

```python timing alt="Matrix <product>"
x + 1
```

```python needs="gpu"
x + 2
```
"""
VERSIONS = {"date": "2026-11-21", "tensorflow": "2.21.0", "keras": "3.15.1", "commit": "abcdef0123"}


def case(series, size, median=0.001, **more):
    timing = {"median": median, "q1": 0.9 * median, "q3": 1.2 * median, "fastest": 0.8 * median}
    timing |= {"n": 9, "loops": 1, "first": 1.5, "returned": median, "settled": True}
    return {"series": series, "size": size, "timing": timing, **more}


@pytest.fixture
def notes(tmp_path):
    project = make_checkout(tmp_path)
    write_page(project, "graphs/a", PAGE.replace("Products", "矩阵乘法"), ("zh",))
    page = write_page(project, "graphs/a", PAGE, ("en",))
    records = [Record(block.key, block.name) for block in page.running]
    Store(project.outputs).save("graphs/a", records)
    return Notes(project, page)


class Notes:
    def __init__(self, project, page):
        self.project, self.page = project, page
        self.timing, self.gpu = page.blocks[1], page.blocks[2]

    def measured(self, runner, cases, key=None, show="time", gpu="", method=METHOD, shown=None):
        machine = {"cpu": "A CPU", "cores": "4", **({"gpu": gpu} if gpu else {})}
        entry = Measured(
            "graphs/a",
            "block-2",
            key or self.timing.key,
            method,
            VERSIONS,
            "n",
            show,
            "example",
            cases,
        )
        found = Runner(runner, machine, {"graphs/a:block-2": entry} if cases else {})
        if shown:
            output = {"output_type": "stream", "name": "stdout", "text": shown}
            entry = Shown("graphs/a", "block-3", self.gpu.key, VERSIONS, [output])
            found.blocks["graphs/a:block-3"] = entry
        save_runner(self.project.timings, found)

    def html(self, text=None):
        extensions = [
            "pymdownx.highlight",
            "pymdownx.superfences",
            "attr_list",
            "tfnotes.site.markdown",
        ]
        md = markdown.Markdown(
            extensions=extensions,
            extension_configs={
                "tfnotes.site.markdown": {
                    "root": str(self.project.root),
                    "parts": ["tfnotes.parts.timings"],
                }
            },
        )
        return md.convert(self.page.body if text is None else text)


def curve(series, factor=1.0, **more):
    return [case(series, 2**k, factor * 1e-6 * 8**k, **more) for k in range(6, 10)]


def test_a_page_is_readable_before_anything_is_measured(notes):
    html = notes.html()
    assert "Not captured yet: no runner has measured this code so far." in html
    assert "Not captured yet: this code needs a GPU" in html
    assert "<svg" not in html


def test_chart_table_and_origin_stand_under_the_block(notes):
    notes.measured("here", curve("eager") + curve("graph", 0.5))
    html = notes.html()
    svg = ElementTree.fromstring(re.search(r"<svg.*?</svg>", html)[0])
    ids = svg.get("aria-labelledby").split()
    assert [svg.find(f".//*[@id='{one}']").text for one in ids][0] == "Matrix <product>"
    assert len([p for p in svg.iter() if p.get("class") == "tf-line"]) == 2
    assert len([t for t in svg.iter() if t.tag == "title"]) == 1 + 8, "a hover title a point"
    assert html.count("<tr>") == 1 + 4 and '<th scope="col">graph</th>' in html
    assert "262 ms<small>236 ms – 315 ms</small><small>n = 9, first: 1.5 s</small>" in html
    for fact in ("<b>here</b>", "2026-11-21", "TensorFlow 2.21.0", "A CPU, 4 cores", "abcdef0123"):
        assert fact in html
    assert "earlier version" not in html


def test_prose_takes_values_and_ratios_from_captures(notes):
    notes.measured("here", curve("eager") + curve("graph", 0.5))
    said = (
        "It takes {timing:block-2:here:eager@64}, {timing:block-2:here:eager@128 / graph@64} times."
    )
    page = write_page(notes.project, "graphs/a", PAGE + said + "\n", ("en",))
    assert "It takes 262 ms, 16 times." in notes.html(page.body)


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("{timing:block-2:there:eager@64}", 'runner "there" has not measured "block-2"'),
        ("{timing:block-2:here:eager@65}", 'measured no "eager@65"'),
        ("{timing:block-1:here:eager@64}", "no timing block here is called so"),
    ],
)
def test_a_timing_that_nobody_measured_is_an_error_with_its_line(notes, reference, problem):
    notes.measured("here", curve("eager"))
    page = write_page(notes.project, "graphs/a", f"{PAGE}\n{reference}\n", ("en",))
    found = [finding for finding in check_records(notes.project, page) if problem in str(finding)]
    assert [finding.line for finding in found] == [len(page.text.split("\n")) - 1]


def test_a_gpu_block_brings_its_captured_output_into_the_notebook(notes):
    notes.measured("there", curve("eager"), gpu="A GPU", shown="on the GPU")
    cells = nbformat.reads(
        export_page(notes.project, notes.page, Home("https://notes.example/en/")), as_version=4
    ).cells
    assert ["on the GPU" in str(cell.get("outputs")) for cell in cells].count(True) == 1


def test_a_roof_is_the_lower_of_memory_and_arithmetic():
    small, large = (case("float32 CPU", n, flops=2 * n**3, bytes=12 * n**2) for n in (6, 600))
    assert roof(small, peak=50.0, memory=10.0) == 10.0  # one operation a byte: memory
    assert roof(large, peak=50.0, memory=10.0) == 50.0  # a hundred: arithmetic


def test_it_says_that_no_gpu_has_measured(notes):
    notes.measured("here", curve("eager"))
    assert "no GPU runner has measured this yet" in notes.html()
    notes.measured("there", curve("eager"), gpu="A GPU")
    assert "no GPU runner" not in notes.html()


def test_a_runner_that_lacks_the_benchmark_is_named(notes):
    notes.measured("here", curve("eager"))
    notes.measured("there", [], gpu="A GPU")
    assert "there has not measured this" in notes.html()


def test_code_that_has_changed_since_is_told(notes):
    notes.measured("here", curve("eager"), key="0" * 20)
    assert "measured on an earlier version of this code" in notes.html()


def test_another_way_of_measuring_is_told_too(notes):
    notes.measured("here", curve("eager"), method=METHOD - 1)
    assert "measured on an earlier version of this code" in notes.html()


def test_every_runner_has_lines_of_its_own(notes):
    notes.measured("here", curve("eager"))
    notes.measured("there", curve("eager", 0.1), gpu="A GPU")
    html = notes.html()
    wide = html.split("</svg>")[0]  # Behind it stands the same chart for a phone.
    assert wide.count('class="tf-line"') == 2 and "stroke-dasharray" in wide
    assert ">eager · here<" in html and ">eager · there<" in html


def test_names_in_place_of_sizes_become_bars(notes):
    notes.measured("here", [case(s, m) for m in ("shallow", "deep") for s in ("eager", "graph")])
    html = notes.html()
    assert html.count("<rect") == 2 * 4 and 'class="tf-line"' not in html
    # Two charts, since a small thing next to a large one would be a bar of no length; each is
    # drawn for a wide screen and for a phone.
    assert html.count("<svg") == 2 * 2 and ">shallow · time per call<" in html


def test_variants_of_one_thing_share_a_chart(notes):
    notes.measured("here", [case("a round", name) for name in ("plain", "cached", "prefetched")])
    assert notes.html().count("<svg") == 2  # For a wide screen and for a phone.


def test_rates_and_the_roof_of_the_machine(notes):
    notes.measured(
        "here", [case("eager", 2**k, 1e-3, flops=2e6 * k) for k in (6, 7, 8)], show="gflops"
    )
    html = notes.html()
    assert ">GFLOP/s<" in html
    assert "best measured on this machine: 16 GFLOP/s (eager, n = 256)" in html


def test_a_size_that_was_too_slow_is_a_dash(notes):
    notes.measured("here", [*curve("eager"), case("slow", 64, 1.0)])
    assert notes.html().count("not measured at this size") == 3


def test_a_gpu_block_shows_what_the_runner_printed(notes):
    notes.measured("there", curve("eager"), gpu="A GPU", shown="<memory> 12\n")
    html = notes.html()
    assert "&lt;memory&gt; 12" in html and "A GPU (there)" in html


def test_names_from_a_capture_are_text(notes):
    notes.measured("here", [case("<b>x</b>", f"<i>{n}</i>") for n in range(2)])
    html = notes.html()
    assert "<b>x" not in html and "<i>0" not in html and "&lt;b&gt;x" in html


def test_all_timings_on_one_page(notes):
    notes.measured("here", curve("eager", flops=1e9))
    text = "# Timings\n\n<!-- timings: runners -->\n\n<!-- timings: all -->\n"
    write_page(notes.project, "reference/timings", text, ("en",))
    html = notes.html(text=text)
    assert '<h2 id="graphs-a"><a href="../graphs/a.md">Products</a></h2>' in html
    assert html.count("<svg") == 2 and '<th scope="col">here</th>' in html


def test_chinese_pages_speak_chinese(notes):
    notes.measured("here", curve("eager"))
    html = notes.html(text=PAGE.replace("Products", "矩阵乘法"))
    assert "每次调用的时间" in html and "还没有 GPU 采集机测量过这一项" in html


def test_a_broken_capture_stops_the_build(notes):
    notes.project.timings.mkdir(parents=True)
    (notes.project.timings / "here.json").write_text("{")
    with pytest.raises(Exception, match=r"outputs/timings/here\.json:1"):
        notes.html()


@pytest.mark.parametrize(
    ("gpu", "said"),
    [
        ([9, 9, 1, 1], "the GPU is faster from n = 256 on (float32)"),
        ([1, 9, 1, 1], "the GPU is faster from n = 256 on (float32)"),
        ([1, 1, 1, 1], "the GPU is faster from n = 64 on (float32)"),
        ([9, 9, 9, 9], "the GPU is not faster at any size measured (float32)"),
        ([1, 1, 1, 9], "the GPU is not faster at any size measured (float32)"),
    ],
)
def test_the_size_from_which_the_gpu_wins(notes, gpu, said):
    sizes = [64, 128, 256, 512]
    cases = [case("float32 CPU", size, 5.0) for size in sizes]
    cases += [case("float32 GPU", size, float(t)) for size, t in zip(sizes, gpu, strict=True)]
    notes.measured("there", cases, gpu="A GPU")
    assert said in notes.html()
