"""One program out of a file, and what to say where it cannot be read."""

import ast
from dataclasses import dataclass, field

from tfnotes.doctor.python2 import Old, repair

TOO_DEEP = "nested too deeply to be read"


@dataclass(frozen=True)
class Problem:
    """Something that could not be read."""

    path: str
    line: int
    message: str
    cell: int | None = None
    skipped: bool = False
    """Whether it is no program at all, but a block of notes that only looks like one."""

    @property
    def place(self) -> str:
        """The place, as it is printed."""
        return place(self.path, self.line, self.cell)

    def __str__(self) -> str:
        """One line."""
        return f"{self.place}: {self.message}"


def place(path: str, line: int, cell: int | None = None) -> str:
    """A place as it is printed: ``path:3``, or ``path:cell 2:line 3``."""
    return f"{path}:cell {cell}:line {line}" if cell is not None else f"{path}:{line}"


@dataclass
class Source:
    """A file, made into one program."""

    path: str
    body: list[ast.stmt] = field(default_factory=list)
    lines: dict[int, str] = field(default_factory=dict)
    """The program's lines by the number that its nodes have."""
    cells: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The cell and the line in it, by the number that the nodes have."""
    shell: list[tuple[int, str]] = field(default_factory=list)
    """Lines for a shell."""
    problems: list[Problem] = field(default_factory=list)
    markdown: bool = False
    """Whether the pieces are blocks of a text, which need not be whole programs."""
    notes: bool = False
    """Whether blocks may lack their imports."""
    indents: dict[int, int] = field(default_factory=dict)
    """Columns that a fence's indentation took away."""

    @property
    def tree(self) -> ast.Module:
        """The program."""
        return ast.Module(body=self.body, type_ignores=[])

    @property
    def text(self) -> str:
        """What was read as Python."""
        return "\n".join(self.lines.values())

    def where(self, line: int) -> tuple[int, int | None]:
        """Line and cell as people count them."""
        if line in self.cells:
            cell, inside = self.cells[line]
            return inside, cell
        return line, None

    def add(self, code: str, first: int) -> None:
        """Adds a piece of the program.

        Args:
            code: The piece.
            first: The number that its first line is to have.
        """
        texts = code.split("\n")
        self.lines.update(enumerate(texts, first))
        tree: ast.Module | None
        try:
            tree = parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            tree = self._rescue(code, first, error)
        if tree is not None:
            ast.increment_lineno(tree, first - 1)
            self.body += tree.body

    def _rescue(self, code: str, first: int, error: Exception) -> ast.Module | None:
        line = getattr(error, "lineno", None) or 1
        said = getattr(error, "msg", None) or str(error) or type(error).__name__
        tree, old = _as_python_2(code)
        where, cell = self.where(first + min(line, code.count("\n") + 1) - 1)
        if old and (tree is not None or any(abs(one.line - line) <= 1 for one in old)):
            where, cell = self.where(first + old[0].line - 1)
            read = "what follows was read as Python 2" if tree else "nothing in it was read"
            message = f"Python 2 syntax ({old[0].what}); {read}; convert it first, for example with 2to3 (part of Python up to 3.12)"
        elif isinstance(error, RecursionError | MemoryError):
            # How deep is too deep depends on the interpreter and on who calls.
            message, tree = TOO_DEEP, None
        elif isinstance(error, TabError | IndentationError) and tree is not None:
            message = f"{said} (Python 2 let it pass); indent with spaces alone"
        else:
            message = f"not Python: {said}"
            tree = None
        skipped = self.markdown and not old
        self.problems.append(Problem(self.path, where, message, cell, skipped))
        return tree


def parse(code: str) -> ast.Module:
    """Parses Python 3; a notebook's ``await`` may stand outside a function."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(code, "<program>", "exec", flags, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _as_python_2(code: str) -> tuple[ast.Module | None, list[Old]]:
    text, old = repair(code)
    for candidate in (text, text.expandtabs(8)):
        try:
            return parse(candidate), old
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None, old
