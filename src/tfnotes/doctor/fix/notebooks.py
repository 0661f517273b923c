"""A notebook's code as one program that can be rewritten, and back into its cells.

Lines of IPython stand in the program as a ``pass`` that remembers them, cells are told apart by
a comment.
"""

import json
import re
from typing import Any

from tfnotes.core.errors import TfnotesError

_CELL = "# tfnotes cell "
_KEPT = re.compile(r"^(?P<indent>\s*)pass  # tfnotes line (?P<text>\".*\")$")
_IPYTHON = re.compile(r"^\s*(?:%|!|\?|[\w, ]+=\s*[%!])|^\s*[\w.]+\?{1,2}\s*$")
_OTHER_CELLS = re.compile(
    r"^\s*%%(?!time\b|timeit\b|capture\b|prun\b|memit\b|python3?\b)", re.MULTILINE
)


def _cells(notebook: Any) -> list[dict[str, Any]]:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise TfnotesError("not a notebook of format 4; open it in Jupyter and save it")
    return [
        cell
        for cell in cells
        if isinstance(cell, dict)
        and cell.get("cell_type") == "code"
        and not _OTHER_CELLS.match(_source(cell))
    ]


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def as_program(text: str) -> str:
    """The Python cells of a notebook as one program.

    Args:
        text: The notebook.

    Returns:
        The program.

    Raises:
        TfnotesError: It is no notebook, or an old one.
    """
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TfnotesError(f"not a notebook: {error}") from None
    lines: list[str] = []
    for number, cell in enumerate(_cells(notebook)):
        lines.append(f"{_CELL}{number}")
        for line in _source(cell).split("\n"):
            indent = line[: len(line) - len(line.lstrip())]
            kept = f"{indent}pass  # tfnotes line {json.dumps(line)}"
            lines.append(kept if _IPYTHON.match(line) else line)
    return "\n".join(lines) + "\n"


def with_program(text: str, program: str) -> str:
    """A notebook with the cells of a rewritten program.

    Args:
        text: The notebook.
        program: What became of `as_program`.

    Returns:
        The notebook; only code cells differ.
    """
    notebook = json.loads(text)
    cells = _cells(notebook)
    pieces: list[list[str]] = [[]]
    for line in program.removesuffix("\n").split("\n"):
        if line.startswith(_CELL) and line != f"{_CELL}0":
            pieces.append([])
        elif not line.startswith(_CELL):
            kept = _KEPT.match(line)
            pieces[-1].append(json.loads(kept["text"]) if kept else line)
    for cell, piece in zip(cells, pieces, strict=True):
        code = "\n".join(piece)
        as_list = isinstance(cell.get("source"), list)
        cell["source"] = code.splitlines(keepends=True) if as_list else code
    indent = re.search(r"^( +)\"", text, re.MULTILINE)
    made = json.dumps(notebook, ensure_ascii=False, indent=len(indent[1]) if indent else None)
    return made + ("\n" if text.endswith("\n") else "")
