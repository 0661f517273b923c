"""Examining files: from paths to findings.

Files and folders are in one module because files of a folder are read with each other in mind.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tfnotes.doctor.catalogue import Catalogue, Entry, load_catalogue
from tfnotes.doctor.hits import CERTAINTIES, Hit
from tfnotes.doctor.load import find_files, load
from tfnotes.doctor.scope import Libraries, Module
from tfnotes.doctor.source import TOO_DEEP, Problem, Source, place
from tfnotes.doctor.walk import Program

# The names that an error complains of: they are those of the row's example.
_NAMED = re.compile(r"(?:no attribute|keyword argument|cannot import name|No module named) '(\w+)")
_IGNORE = re.compile(r"#\s*tfnotes:\s*ignore(?:\[(?P<rows>[^\]]*)\])?")


@dataclass(frozen=True)
class Finding:
    """A use of something that TensorFlow treats differently today."""

    path: str
    line: int
    column: int
    """1-based, in characters."""
    end_line: int
    end_column: int
    cell: int | None
    """The notebook's cell, counted from 1 with cells of text; lines are the cell's own then."""
    what: str
    """What stands there."""
    entry: Entry
    certainty: str
    doubt: str
    """Why it is not certain."""
    text: str = ""
    """The whole call, if it is one."""
    rewritten: str = ""
    """The lines of the program with the row's cure in them, if that is known."""

    @property
    def said(self) -> str:
        """What was measured, without what is only the ledger's example's: its values and names."""
        said = re.sub(r"<[^<>]*>", "…", self.entry.said)
        said = re.sub(r"'([A-Z]\w*)' object", self._own_object, said)
        said = re.sub(r"((?:\{|, )'\w+'): [^,}]+", r"\1: …", said)
        said = re.sub(r"(?<=\w=)[\w./-]+", self._own_number, said)
        return re.sub(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])", self._own_number, said)

    def _own_object(self, found: re.Match[str]) -> str:
        return found[0] if found[1] in self.text else "object"

    def _own_number(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self.text else "…"

    @property
    def said_here(self) -> bool:
        """Whether what was measured names what stands here, and not another name of the row."""
        names = _NAMED.findall(self.entry.said)
        return all(name in self.text for name in names)

    @property
    def place(self) -> str:
        """The place, as it is printed."""
        found = place(self.path, self.line, self.cell)
        return found if self.cell is not None else f"{found}:{self.column}"


@dataclass
class Report:
    """What examining files gave."""

    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: int = 0

    @property
    def status(self) -> int:
        """The exit status: 2 something could not be read, 1 something was found, 0 neither."""
        return 2 if any(not one.skipped for one in self.problems) else 1 if self.findings else 0


def examine(
    paths: Iterable[str],
    catalogue: Catalogue | None = None,
    certainty: str = "possible",
    tell: Callable[[int, int], None] | None = None,
) -> Report:
    """Examines files and folders.

    Args:
        paths: Their names; ``-`` is standard input.
        catalogue: What is looked for; the ledger if absent.
        certainty: What is less sure than this is left out.
        tell: Told how many files of a folder have been read, and how many there are.

    Returns:
        The findings, and what could not be read.
    """
    known = catalogue or load_catalogue()
    report = Report()
    seen: set[Path] = set()
    for name in paths:
        if name == "-":
            _examine_one(report, "-", sys.stdin.buffer.read(), known, certainty)
            continue
        path = Path(name)
        count = report.files
        sources: list[Source] = []
        if not path.exists():
            report.problems.append(Problem(name, 1, "no such file"))
            continue
        for file in find_files(path):
            if file.resolve() in seen:
                continue
            seen.add(file.resolve())
            try:
                raw = file.read_bytes()
            except OSError as error:
                report.problems.append(Problem(file.as_posix(), 1, error.strerror or str(error)))
                continue
            sources.append(load(file.as_posix(), raw))
        _examine_folder(report, sources, known, certainty, tell)
        if path.is_dir() and report.files == count:
            message = "no .py, .ipynb or .md file in it; name the file or another folder"
            report.problems.append(Problem(name, 1, message))
    return report


def _examine_folder(
    report: Report,
    sources: list[Source],
    catalogue: Catalogue,
    certainty: str,
    tell: Callable[[int, int], None] | None,
) -> None:
    """Examines files that may import each other: first what others import, then these."""
    by_name = {Path(one.path).stem: one for one in sources if one.path.endswith(".py")}
    modules: dict[str, Module] = {}
    found: dict[str, list[Finding]] = {}

    def read(source: Source, waiting: tuple[str, ...]) -> None:
        if source.path in found or source.path in waiting:
            return
        for name in _imported(source):
            if name.rpartition(".")[2] in by_name:
                read(by_name[name.rpartition(".")[2]], (*waiting, source.path))
        found[source.path], module = _read(source, catalogue, certainty, modules)
        if module is not None and by_name.get(Path(source.path).stem) is source:
            modules[Path(source.path).stem] = module

    for number, source in enumerate(sources, 1):
        read(source, ())
        if tell is not None and len(sources) > 1:
            tell(number, len(sources))
    for source in sources:
        report.files += 1
        report.problems += source.problems
        report.findings += found[source.path]


def _imported(source: Source) -> list[str]:
    """The modules that a program imports, by their names in it."""
    names: list[str] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [node.module] if node.module else [alias.name for alias in node.names]
    return names


def _examine_one(
    report: Report, path: str, raw: bytes, catalogue: Catalogue, certainty: str
) -> None:
    source = load(path, raw)
    report.files += 1
    report.problems += source.problems
    report.findings += findings(source, catalogue, certainty)


def findings(source: Source, catalogue: Catalogue, certainty: str = "possible") -> list[Finding]:
    """What is found in one program, in its order."""
    return _read(source, catalogue, certainty, {})[0]


def _read(
    source: Source, catalogue: Catalogue, certainty: str, modules: dict[str, Module]
) -> tuple[list[Finding], Module | None]:
    """What is found in one program, and what others can import from it."""
    libraries = Libraries.of(catalogue.matcher.roots, source.text, source.notes, modules)
    program = Program(catalogue.matcher, libraries)
    try:
        hits = program.read(source.tree)
    except RecursionError:
        source.problems.append(Problem(source.path, 1, TOO_DEEP))
        return [], None
    hits += _shell(source, catalogue)
    limit = CERTAINTIES.index(certainty)
    return [
        _finding(source, catalogue, hit)
        for hit in sorted(hits, key=lambda hit: (hit.line, hit.column))
        if CERTAINTIES.index(hit.certainty) <= limit and not _ignored(source, hit)
    ], Module(program.state.final, program.state.relevant)


def _shell(source: Source, catalogue: Catalogue) -> list[Hit]:
    found = []
    for number, line in source.shell:
        words = [re.split(r"[=<>~!\[]", word)[0] for word in line.split()]
        for row, pattern in catalogue.matcher.shell:
            remaining = iter(words)
            if all(part in remaining for part in pattern.parts):
                column = len(line) - len(line.lstrip())
                what = " ".join(line.split())
                found.append(
                    Hit(row, pattern, "certain", "", number, column, number, len(line), what)
                )
    return found


def _ignored(source: Source, hit: Hit) -> bool:
    for number in range(hit.line, hit.end_line + 1):
        if match := _IGNORE.search(source.lines.get(number, "")):
            rows = match["rows"]
            return rows is None or hit.row in re.split(r"[\s,]+", rows)
    return False


def _finding(source: Source, catalogue: Catalogue, hit: Hit) -> Finding:
    line, cell = source.where(hit.line)
    end_line, _ = source.where(hit.end_line)
    return Finding(
        path=source.path,
        line=line,
        column=_column(source, hit.line, hit.column),
        end_line=end_line,
        end_column=_column(source, hit.end_line, hit.end_column),
        cell=cell,
        what=hit.what,
        entry=catalogue.entries[hit.row],
        certainty=hit.certainty,
        doubt=hit.doubt,
        text=hit.text,
    )


def _column(source: Source, line: int, offset: int) -> int:
    """A column in characters, from an offset in bytes."""
    text = source.lines.get(line, "").encode()
    return len(text[:offset].decode(errors="ignore")) + 1 + source.indents.get(line, 0)
