"""Downloaded notebooks run: two pages of the site, one in each language."""

from pathlib import Path

import nbformat
import pytest

from tfnotes.core.pages import load_page
from tfnotes.core.project import Project
from tfnotes.site.notebook.export import export_page

PROJECT = Project(Path(__file__).resolve().parents[2])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "name"), [("zh", "tensors/tensors"), ("en", "autodiff/linear-regression")]
)
def test_a_downloaded_notebook_runs(language, name, tmp_path, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("TFNOTES_DATA_MODE", "stand-in")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    page = load_page(PROJECT, PROJECT.page_path(language, name))
    notebook = nbformat.reads(export_page(PROJECT, page), as_version=4)
    recorded = [len(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
    assert sum(recorded) > 0, "the download has no outputs"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # A cell that must raise has the tag for it; any other error ends this test.
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    raised = [
        output.ename
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    ]
    assert raised == [block.raises for block in page.running if block.raises]
