"""``tfnotes doctor --fix``: writes into files what is found there and has a cure."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import write_atomic
from tfnotes.doctor.catalogue import Catalogue, load_catalogue
from tfnotes.doctor.examine import findings
from tfnotes.doctor.fix.cures import Cure, load_cures
from tfnotes.doctor.fix.notebooks import as_program, with_program
from tfnotes.doctor.load import find_files, load

PASSES = 6
"""A cure may bring to light what another one is for, as a renamed import does."""


@dataclass(frozen=True)
class Fixed:
    """What was done to a file."""

    path: str
    before: bytes
    after: bytes
    rows: tuple[str, ...] = field(default=())
    """The rows of the cures, in the order in which they were applied."""
    problem: str = ""
    """Why nothing, or no more, could be done; one line."""

    @property
    def changed(self) -> bool:
        """Whether the file is another one now."""
        return self.before != self.after


def fix_code(
    path: str, code: bytes, unsafe: bool = False, catalogue: Catalogue | None = None
) -> Fixed:
    """Applies cures to a Python file until there is nothing left to cure.

    Args:
        path: The file's name, for messages.
        code: Its content.
        unsafe: Whether to apply cures that somebody must look at, and those of possible findings.
        catalogue: What is looked for; the ledger if absent.

    Returns:
        The new content with the rows of what was cured.

    Raises:
        TfnotesError: LibCST is not installed.
    """
    try:
        from tfnotes.doctor.fix.rewrite import Unreadable, rewrite
        from tfnotes.doctor.fix.view import Found
    except ModuleNotFoundError as error:
        raise TfnotesError(
            f'tfnotes doctor --fix needs {error.name}: pip install "tfnotes[fix]"'
        ) from None
    known = catalogue or load_catalogue()
    certainty = "possible" if unsafe else "likely"
    cures: dict[str, list[Cure]] = {
        row: [one for one in ones if one.safe or unsafe] for row, ones in load_cures().items()
    }
    result = Fixed(path, code, code)
    for _ in range(PASSES):
        source = load(path, result.after)
        if any(not one.skipped for one in source.problems):
            return replace(result, problem=str(source.problems[0]))
        found = [
            Found((one.line, one.column - 1, one.end_line, one.end_column - 1), one.entry.id)
            for one in findings(source, known, certainty)
        ]
        try:
            new = rewrite(result.after, found, cures)
        except Unreadable as error:
            return replace(result, problem=f"{path}:1: left as it is: {error}")
        if new.code == result.after:
            break
        result = replace(result, after=new.code, rows=(*result.rows, *new.rows))
    return result


def fix_files(paths: Sequence[str], unsafe: bool = False) -> list[Fixed]:
    """Applies cures to files and folders; nothing is written.

    Args:
        paths: Their names; folders are searched.
        unsafe: See `fix_code`.

    Returns:
        What became of each Python file and notebook, in order; of notes, that they are left.
    """
    done: list[Fixed] = []
    for name in paths:
        path = Path(name)
        if not path.exists():
            done.append(Fixed(name, b"", b"", problem=f"{name}:1: no such file"))
            continue
        for file in find_files(path):
            shown = file.as_posix()
            try:
                raw = file.read_bytes()
            except OSError as error:
                done.append(Fixed(shown, b"", b"", problem=f"{shown}:1: {error.strerror or error}"))
                continue
            if file.suffix in (".md", ".markdown"):
                problem = f"{shown}:1: left as it is: notes are not rewritten, only .py and .ipynb"
                done.append(Fixed(shown, raw, raw, problem=problem))
            elif file.suffix == ".ipynb":
                done.append(fix_notebook(shown, raw, unsafe))
            else:
                done.append(fix_code(shown, raw, unsafe))
    return done


def fix_notebook(path: str, raw: bytes, unsafe: bool = False) -> Fixed:
    """Applies cures to the code cells of a notebook; outputs and everything else stay.

    Args:
        path: The file's name, for messages.
        raw: Its content.
        unsafe: See `fix_code`.

    Returns:
        The new content.
    """
    try:
        program = as_program(raw.decode("utf-8"))
    except (TfnotesError, UnicodeDecodeError) as error:
        return Fixed(path, raw, raw, problem=f"{path}:1: left as it is: {error}")
    done = fix_code(path.removesuffix(".ipynb") + ".py", program.encode(), unsafe)
    if not done.changed:
        return Fixed(path, raw, raw, problem=done.problem)
    after = with_program(raw.decode("utf-8"), done.after.decode("utf-8"))
    return Fixed(path, raw, after.encode(), done.rows, done.problem)


def summary(fixed: Fixed, language: str = "en") -> str:
    """What was cured in a file, in one line."""
    counts = Counter(fixed.rows)
    rows = ", ".join(row if n == 1 else f"{row} ×{n}" for row, n in counts.most_common())
    word = "改写" if language == "zh" else "rewritten"
    return f"{fixed.path}: {word}: {rows}"


def write(fixed: Fixed) -> None:
    """Writes a changed file, by way of a temporary one."""
    write_atomic(Path(fixed.path), fixed.after)


def diff(fixed: Fixed) -> str:
    """The change as a unified diff."""
    before, after = (
        raw.decode("utf-8", "surrogateescape").splitlines(keepends=True)
        for raw in (fixed.before, fixed.after)
    )
    lines = difflib.unified_diff(before, after, fixed.path, fixed.path)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
