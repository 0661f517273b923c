"""Reading files: Python, notebooks, notes, each as one program."""

import io
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.doctor.documents import add_markdown, add_notebook
from tfnotes.doctor.source import Problem, Source

SUFFIXES = (".py", ".pyw", ".ipynb", ".md", ".markdown")
"""What is read of a folder."""
_SKIPPED = frozenset(
    ("node_modules", "site-packages", "__pycache__", "venv", "env", "build", "dist")
)


def read_text(raw: bytes) -> str:
    """Decodes a program as Python does; where that fails, the names in it are still ASCII."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        text = raw.decode("latin-1")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def find_files(path: Path) -> Iterator[Path]:
    """The files to read under a path, in order; folders of other people's code are left out."""
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.name.startswith(".") or entry.name.endswith(".egg-info"):
            continue
        if entry.is_dir():
            others = entry.name in _SKIPPED or (entry / "pyvenv.cfg").exists()
            if not others and not entry.is_symlink():
                yield from find_files(entry)
        elif entry.suffix in SUFFIXES:
            yield entry


def load(path: str, raw: bytes) -> Source:
    """Makes a program of a file's content.

    Args:
        path: The file's name; its ending says what the file is.
        raw: The content.

    Returns:
        The program, with the problems there were.
    """
    source = Source(path)
    readers: dict[str, Callable[[Source, str], None]] = {
        ".ipynb": add_notebook,
        ".md": add_markdown,
        ".markdown": add_markdown,
    }
    text = read_text(raw)
    reader = readers.get(Path(path).suffix)
    if reader is None and b"\0" in raw:
        source.problems.append(Problem(path, 1, "not text; give a .py, .ipynb or .md file"))
    elif reader is None:
        source.notes = path == "-"
        source.add(text, 1)
    else:
        try:
            reader(source, text)
        except TfnotesError as error:
            source.problems.append(Problem(path, 1, str(error)))
    return source
