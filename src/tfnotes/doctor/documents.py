"""Notebooks and Markdown notes as one program each."""

import json
import re
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.core.fences import find_fences
from tfnotes.doctor.source import Source

_PYTHON = frozenset({"python", "py", "python3", "py3", "python2", "ipython", "ipython3", "pycon"})
_SHELL = frozenset({"bash", "sh", "shell", "console", "zsh", "powershell", "bat", "cmd"})
_MAGIC = re.compile(r"^(?P<indent>\s*)(?:(?P<name>[\w.]+)\s*=\s*)?(?P<sign>%%?(?=[A-Za-z])|!{1,2}(?!=)|\?{1,2})(?P<rest>.*)$")  # fmt: skip
_HELP = re.compile(r"^(\s*)[\w.*]+\?{1,2}\s*$")
# Magics whose line is Python, and cell magics whose cell is.
_TIMED = re.compile(r"^(?:time|timeit|prun|memit|mprun|lprun)\b\s*(?:-\w\s*\S*\s+)*(?P<code>.*)$")
_PYTHON_CELLS = frozenset({"time", "timeit", "capture", "prun", "memit", "python", "python3"})


def add_notebook(source: Source, text: str) -> None:
    """Adds the code cells of a notebook, format 3 or 4.

    Raises:
        TfnotesError: It is no notebook.
    """
    source.notes = True
    first = 1
    for number, cell in enumerate(_cells(text), 1):
        code = cell.get("source", cell.get("input", ""))
        code = "".join(code) if isinstance(code, list) else str(code)
        if cell.get("cell_type") != "code" or not code.strip():
            continue
        lines = code.rstrip("\n").split("\n")
        for offset in range(len(lines)):
            source.cells[first + offset] = (number, offset + 1)
        add_cell(source, lines, first)
        first += len(lines) + 1


def _cells(text: str) -> list[dict[str, Any]]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TfnotesError(f"not a notebook: {error}") from None
    found = None
    if isinstance(notebook, dict):
        found = notebook.get("cells")
        if found is None and isinstance(notebook.get("worksheets"), list):
            sheets = [one for one in notebook["worksheets"] if isinstance(one, dict)]
            found = [cell for one in sheets for cell in one.get("cells", ())]
    if not isinstance(found, list):
        raise TfnotesError("not a notebook: it has no cells")
    return [cell for cell in found if isinstance(cell, dict)]


def add_cell(source: Source, lines: list[str], first: int) -> None:
    """Adds the lines of a cell; what is IPython's and not Python's is taken out."""
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    magic = lines[start].strip()
    if magic.startswith("%%"):
        words = magic[2:].split()
        name = words[0] if words else ""
        if name in ("bash", "sh", "script", "cmd", "system", "!"):
            source.shell += list(enumerate(lines[start + 1 :], first + start + 1))
        if name not in _PYTHON_CELLS:
            return
    plain: list[str] = []
    inside = ""
    for number, line in enumerate(lines):
        # A line that goes on within a text is no magic, whatever it starts with.
        magic_here = not inside and (_MAGIC.match(line) or _HELP.match(line))
        if magic_here and not _continues(plain):
            plain.append(_without_magic(source, line, first + number))
        elif plain and inside == "!":
            plain.append("")
        else:
            plain.append(line)
        inside = _triple(line, inside)
    source.add("\n".join(plain), first)


def _continues(lines: list[str]) -> bool:
    """Whether the last line asks for another one."""
    last = lines[-1].rstrip() if lines else ""
    return last.endswith(("\\", ",", "(", "[", "{", "%"))


def _triple(line: str, inside: str) -> str:
    """Which triple quote is open after a line."""
    for quote in re.findall(r"'''|\"\"\"", line):
        if not inside:
            inside = quote
        elif inside == quote:
            inside = ""
    return inside


def _without_magic(source: Source, line: str, number: int) -> str:
    match = _MAGIC.match(line)
    if match is None:
        return re.sub(r"\S.*", "pass", line)
    rest = match["rest"].lstrip("%!")
    if match["name"]:
        return f"{match['indent']}{match['name']} = None"
    if match["sign"].startswith("!") or re.match(r"(?:pip|conda|sx|system)\b", rest.strip()):
        source.shell.append((number, rest))
    elif match["sign"] == "%":
        source.shell.append((number, rest))
        if timed := _TIMED.match(rest.strip()):
            return match["indent"] + (timed["code"] or "pass")
    return match["indent"] + "pass"


def add_markdown(source: Source, text: str) -> None:
    """Adds the fenced blocks of notes: Python as one program, in order, and shell lines."""
    source.notes = source.markdown = True
    for fence in find_fences(text):
        lines = fence.body.rstrip("\n").split("\n")
        first = fence.line + 1
        if fence.language in _SHELL:
            source.shell += list(enumerate(lines, first))
        elif fence.language in _PYTHON:
            for number in range(first, first + len(lines)):
                source.indents[number] = fence.indent
            if any(line.startswith(">>>") for line in lines):
                lines = [line[4:] if line[:3] in (">>>", "...") else "" for line in lines]
            add_cell(source, lines, first)
