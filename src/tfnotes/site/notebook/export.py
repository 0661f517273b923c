"""Pages as Jupyter notebooks: prose, code and recorded outputs, ready to be run again."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from tfnotes.core.blocks import Block
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.core.files import write_atomic
from tfnotes.core.records import Record, Store
from tfnotes.captures.store import Runner, read_runners
from tfnotes.site.notebook.site_address import Home, find_home
from tfnotes.site.notebook.prose import split_page
from tfnotes.site.notebook.setup import setup_code
from tfnotes.site.shown import PageOutputs, Under

_MADE = {
    "zh": (
        "这份 Notebook 来自[《TensorFlow 笔记》的这一页]({url})。"
        "其中的输出是 {date} 用 TensorFlow {tensorflow}、Keras {keras} 在 {device} 上运行的记录。"
    ),
    "en": (
        "This notebook is [a page of the TensorFlow notes]({url}). Its outputs were recorded "
        "on {date} with TensorFlow {tensorflow} and Keras {keras} on {device}."
    ),
}
_PLAIN = {
    "zh": "这份 Notebook 来自[《TensorFlow 笔记》的这一页]({url})。",
    "en": "This notebook is [a page of the TensorFlow notes]({url}).",
}


def export(
    page: Page,
    records: dict[str, Record],
    real_records: dict[str, Record] | None = None,
    *,
    home: Home,
    pins: dict[str, str] | None = None,
    runners: Sequence[Runner] = (),
) -> nbformat.NotebookNode:
    """Makes the executed notebook of a page.

    Args:
        page: The page.
        records: Its accepted records, by key.
        real_records: Records made with real data sets; shown in place of the accepted ones where
            they say something else, because the reader's own run will use real data too.
        home: Where the site stands.
        pins: Versions of packages, by name, for the first cell.
        runners: All captures: timings in prose, and what only a machine with a GPU can print.

    Returns:
        A valid notebook, the same for the same input.

    Raises:
        PageError: Prose refers to an output that is not there.
    """
    language = page.language
    outputs = PageOutputs(page, records, real_records, runners)
    url = home.page_url(page.name)
    cells = _Cells(page.name, language)
    shown = outputs.beside
    for block in page.blocks:
        if captured := _captured(outputs.shown(block), block):
            shown[block.key] = captured
    parts = split_page(page, shown, url, runners)
    first = parts.pop(0).markdown if parts and parts[0].block is None else ""
    top, heading, rest = first.partition("\n## ")
    cells.markdown(top)
    found = (shown[block.key].made for block in page.running if block.key in shown)
    made = next((versions for versions in found if "keras" in versions), None)
    about = (_MADE if made else _PLAIN)[language if language in _MADE else "en"]
    cells.markdown(about.format(url=url, **(made or {})))
    if page.running:
        wheel = home.wheel_url
        cells.setup(
            setup_code([b.code for b in page.running], made or {}, pins or {}, wheel, language)
        )
    cells.markdown(heading + rest)
    for part in parts:
        if part.block is None:
            cells.markdown(part.markdown)
        else:
            cells.code(part.block, shown.get(part.block.key))
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
        "tfnotes": {"page": page.name, "language": language, "url": url},
    }
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells.cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def export_page(project: Project, page: Page, home: Home | None = None) -> str:
    """The notebook of a page as the text of an ``.ipynb`` file, records looked up."""
    notebook = export(
        page,
        Store(project.outputs).load(page.name),
        Store(project.real_outputs).load(page.name),
        home=home or find_home(project, page.language),
        pins=read_pins(project),
        runners=read_runners(project),
    )
    return str(nbformat.writes(notebook)) + "\n"


def write_notebook(path: Path, text: str) -> Path:
    """Writes a notebook unless the file says so already (a live reload watches it)."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text)
    return path


def read_pins(project: Project) -> dict[str, str]:
    """Versions by package name, from ``constraints.txt``; empty if there is none."""
    path = project.root / "constraints.txt"
    if not path.is_file():
        return {}
    found = re.findall(r"^([\w.-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {name.lower().replace("_", "-"): version for name, version in found}


def _captured(under: Under, block: Block) -> Record | None:
    """What a machine that has what a block needs printed; of several, the first."""
    for runner, entry in under.captured:
        if runner.is_current(block):
            return Record(entry.key, entry.block, entry.outputs, entry.made)
    return None


class _Cells:
    """Cells in order, with ids that stay the same as long as the cell does."""

    def __init__(self, page: str, language: str) -> None:
        self.cells: list[nbformat.NotebookNode] = []
        self._seed = f"{page}\0{language}"
        self._count = 0

    def markdown(self, text: str) -> None:
        text = re.sub(r"\n{3,}", "\n\n", text).strip("\n")
        if text.strip():
            cell = _cell("markdown", text, self._id(text))
            self.cells.append(cell)

    def setup(self, code: str) -> None:
        self.cells.append(_cell("code", code, self._id(code)))

    def code(self, block: Block, record: Record | None) -> None:
        tags, jupyter = [], {}
        if block.raises:
            tags.append("raises-exception")
        if block.hidden:
            tags.append("hide-input")
        if block.hidden or "fold" in block.options:
            jupyter["source_hidden"] = True
        if block.options.get("output") == "fold":
            jupyter["outputs_hidden"] = True
        metadata: dict[str, Any] = {"name": block.name}
        if tags:
            metadata["tags"] = tags
        if jupyter:
            metadata["jupyter"] = jupyter
        self._count += 1
        hidden = block.options.get("output") == "hide"
        outputs = [] if record is None or hidden else _outputs(record, self._count)
        source = block.code.strip("\n")
        cell = _cell("code", source, self._id(source), metadata)
        cell["outputs"] = outputs
        cell["execution_count"] = self._count if record is not None else None
        self.cells.append(cell)

    def _id(self, text: str) -> str:
        taken = {cell["id"] for cell in self.cells}
        number = 0
        while True:
            digest = hashlib.sha256(f"{self._seed}\0{number}\0{text}".encode()).hexdigest()[:12]
            if digest not in taken:
                return digest
            number += 1


def _cell(
    kind: str, source: str, id_: str, metadata: dict[str, Any] | None = None
) -> nbformat.NotebookNode:
    """A cell. `nbformat.v4.new_code_cell` validates each, and the whole notebook is validated too."""
    more: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    content = {"cell_type": kind, "id": id_, "metadata": metadata or {}, "source": source, **more}
    cell: nbformat.NotebookNode = nbformat.from_dict(content)
    return cell


def _outputs(record: Record, count: int) -> list[nbformat.NotebookNode]:
    outputs = []
    for output in record.outputs:
        item = dict(output)
        if item["output_type"] == "execute_result":
            item["execution_count"] = count
        if item["output_type"] in ("execute_result", "display_data"):
            item.setdefault("metadata", {})
        if item["output_type"] == "error" and not item.get("traceback"):
            item["traceback"] = [f"{item['ename']}: {item['evalue']}"]
        outputs.append(nbformat.from_dict(item))
    return outputs
