import json
from pathlib import Path

import nbformat
import pytest
from checkout import make_checkout

from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.core.records import Record, Store
from tfnotes.site.build.language import export_notebooks
from tfnotes.site.notebook.export import export
from tfnotes.site.notebook.setup import imported, setup_code
from tfnotes.site.notebook.site_address import Home, find_home

HOME = Home("https://notes.example/en/")
MADE = {"date": "2026-01-02", "tensorflow": "2.21.0", "keras": "3.15.1", "device": "CPU"}
PAGE = """---
description: x
---
# Page { #top }

```python hide output="hide"
--8<-- "part/page.py:setup"
```

```python fold
--8<-- "part/page.py:value"
```

Prose.

```python raises="ValueError" output="fold"
--8<-- "part/page.py:fails"
```

```python output="hide"
--8<-- "part/page.py:silent"
```
"""
CODE = """
# --8<-- [start:setup]
import tensorflow as tf
from tfnotes import data
# --8<-- [end:setup]
# --8<-- [start:value]
1 + 1
# --8<-- [end:value]
# --8<-- [start:fails]
raise ValueError("no")
# --8<-- [end:fails]
# --8<-- [start:silent]
print("x")
# --8<-- [end:silent]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    files = {
        "docs/en/part/page.md": PAGE,
        "docs/en/words.md": "# Words only\n",
        "snippets/part/page.py": CODE,
        "mkdocs.en.yml": "INHERIT: mkdocs.yml\nsite_url: https://notes.example/en/\n",
        "constraints.txt": "# pins\nmatplotlib==3.11.2\ntensorflow==2.21.0\n",
    }
    return make_checkout(tmp_path, files)


@pytest.fixture
def page(project) -> Page:
    return load_page(project, project.page_path("en", "part/page"))


@pytest.fixture
def records(page) -> dict[str, Record]:
    outputs = [
        [],
        [{"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}}],
        [{"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}],
        [{"output_type": "stream", "name": "stdout", "text": "x\n"}],
    ]
    return {
        block.key: Record(block.key, block.name, output, MADE)
        for block, output in zip(page.running, outputs, strict=True)
    }


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_cells_stand_in_page_order(page, records):
    notebook = export(page, records, home=HOME)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "markdown", "code", "code", "code", "markdown", "code", "code"]
    assert notebook.cells[0].source == "# Page"
    assert "recorded on 2026-01-02 with TensorFlow 2.21.0" in notebook.cells[1].source
    assert "(https://notes.example/en/part/page/)" in notebook.cells[1].source


def test_outputs_are_those_of_the_records(page, records):
    _, _, value, fails, silent = code_cells(export(page, records, home=HOME))
    assert value.outputs[0]["data"] == {"text/plain": "2"}
    assert value.outputs[0]["execution_count"] == value.execution_count == 2
    assert fails.outputs[0]["traceback"] == ["ValueError: no"]
    assert silent.outputs == [] and silent.execution_count == 4


def test_options_become_tags(page, records):
    _, setup, value, fails, _ = code_cells(export(page, records, home=HOME))
    assert setup.metadata.tags == ["hide-input"]
    assert value.metadata.jupyter == {"source_hidden": True}
    assert fails.metadata.tags == ["raises-exception"]
    assert fails.metadata.jupyter == {"outputs_hidden": True}


def test_real_records_are_preferred(page, records):
    key = page.running[1].key
    output = {"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}
    data = [{"name": "mnist", "origin": "real", "note": ""}]
    real = {key: Record(key, "value", [output], MADE, data=data)}
    value = code_cells(export(page, records, real, home=HOME))[2]
    assert value.outputs[0]["data"] == {"text/plain": "3"}


def test_a_page_without_records_exports_without_outputs(page):
    assert all(cell.outputs == [] for cell in code_cells(export(page, {}, home=HOME)))


def test_the_same_input_makes_the_same_notebook(page, records):
    texts = [nbformat.writes(export(page, records, home=HOME)) for _ in range(2)]
    assert texts[0] == texts[1]
    ids = [cell["id"] for cell in json.loads(texts[0])["cells"]]
    assert len(set(ids)) == len(ids)


def test_metadata_names_kernel_and_language(page):
    metadata = export(page, {}, home=HOME).metadata
    assert metadata.kernelspec.name == "python3"
    assert metadata.tfnotes.language == "en"


def test_the_first_code_cell_installs_what_is_missing(page, records):
    code = code_cells(export(page, records, home=HOME, pins={"matplotlib": "3.11.2"}))[0].source
    assert '"tensorflow": ["tensorflow==2.21.0"],' in code
    assert '"keras": ["keras==3.15.1"],' in code
    assert '"matplotlib": ["matplotlib==3.11.2"],' in code
    assert '"https://notes.example/downloads/tfnotes-' in code
    assert "set_random_seed(0)" in code
    compile(code, "cell", "exec")


def test_modules_of_python_itself_are_not_installed():
    codes = ["import os, json\nimport sklearn.metrics", "from PIL import Image\nfrom . import x"]
    assert imported(codes) == ["PIL", "sklearn"]
    code = setup_code(codes, {}, {"scikit-learn": "1.9.1"}, "")
    assert '"sklearn": ["scikit-learn==1.9.1"],' in code
    assert '"PIL": ["pillow"],' in code
    assert "tensorflow" not in code


def test_every_page_with_code_is_written(project, tmp_path, page, records):
    Store(project.outputs).save("part/page", records.values())
    dest = tmp_path / "out"
    assert export_notebooks(project, "en", dest) == []
    (path,) = dest.rglob("*.ipynb")
    assert path == dest / "part/page.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
    before = path.stat().st_mtime_ns
    export_notebooks(project, "en", dest)
    assert path.stat().st_mtime_ns == before


def test_the_address_of_the_site(project):
    home = find_home(project, "en")
    assert home.page_url("index") == "https://notes.example/en/"
    assert home.page_url("part/page") == "https://notes.example/en/part/page/"
    assert home.wheel_url.startswith("https://notes.example/downloads/tfnotes-")
    assert find_home(project, "zh", "https://x.example").site_url == "https://x.example/zh/"
    with pytest.raises(TfnotesError, match=r"mkdocs\.yml:1: no site_url"):
        find_home(project, "zh")


def test_a_notebook_that_only_runs_tfnotes_installs_it_too() -> None:
    code = 'import subprocess, sys\nsubprocess.run([sys.executable, "-m", "tfnotes", "doctor", "x.py"])'
    cell = setup_code([code], {}, {}, "tfnotes.whl")
    assert '"tfnotes": ["tfnotes.whl"]' in cell
    assert '"tensorflow": ["tensorflow"]' in cell
    assert "set_random_seed" not in cell, "this process imports no TensorFlow"


def test_what_the_stand_ins_need_is_installed_too() -> None:
    codes = ["from tfnotes import data", "digits = data.mnist()"]
    code = setup_code(codes, {}, {"scikit-learn": "1.9.1"}, "tfnotes.whl")
    assert '"sklearn": ["scikit-learn==1.9.1"]' in code
    assert "sklearn" not in setup_code(["from tfnotes import data"], {}, {}, "tfnotes.whl")
