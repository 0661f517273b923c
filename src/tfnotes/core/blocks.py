"""Blocks: one Python fence of a page, its code and its options."""

import functools
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from tfnotes.core.errors import PageError
from tfnotes.core.fences import Fence
from tfnotes.core.includes import INCLUDE, resolve
from tfnotes.core.project import Project

PYTHON = ("python", "py")
"""Fence languages that run."""
LOOKALIKES = ("python3", "py3", "python2", "pycon", "ipython", "ipython3", "tensorflow")
"""Fence languages that look as if they ran; each must be written ``python`` or say ``run="no"``."""

EXECUTION_OPTIONS = ("raises", "run", "timeout", "needs")
COMPARE_OPTIONS = ("check", "rtol")
DISPLAY_OPTIONS = ("hide", "fold", "output", "title", "hl_lines")
TEXT_OPTIONS = ("why", "alt")
"""Options that may differ between the twins."""
TIMING_OPTIONS = ("timing",)
"""``timing``: the block ends in a benchmark; ``timing="table"``: shown as a table only."""
OPTIONS = EXECUTION_OPTIONS + COMPARE_OPTIONS + DISPLAY_OPTIONS + TIMING_OPTIONS + TEXT_OPTIONS

_EXCEPTION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
DEFAULT_TIMEOUT = 120.0
"""Seconds that one block may take."""


@dataclass(frozen=True)
class Block:
    """A Python fence of a page."""

    page: str
    """Name of the page, such as ``tensors/operations``."""
    where: str
    """The page's file, relative to the root, for messages."""
    line: int
    """1-based line of the fence on the page."""
    end_line: int
    name: str
    """The section it includes, or ``block-3``."""
    code: str
    source_path: Path
    """The file that holds the code: a snippet, or the page itself."""
    source_line: int
    """1-based line of the first line of code in that file."""
    fence: Fence
    runs: bool = True
    raises: str | None = None
    check: str = "exact"
    rtol: float | None = None
    why: str = ""
    timeout: float = DEFAULT_TIMEOUT
    options: dict[str, str] = field(default_factory=dict)
    key: str = ""
    """Empty for a block that does not run anywhere."""
    helpers: tuple[str, ...] = ()
    """The tfnotes modules that it, or a block before it on the page, imports."""
    needs: str = ""
    """``gpu`` for a block that only a capture on a GPU machine runs; ``runs`` is False then."""

    @property
    def hidden(self) -> bool:
        """Whether the code is not shown."""
        return "hide" in self.options

    @property
    def timing(self) -> bool:
        """Whether the block ends in a benchmark, which the page shows from captures."""
        return "timing" in self.options


def make_block(
    project: Project, path: Path, where: str, page: str, fence: Fence, number: int
) -> Block:
    """Makes a block of a fence.

    Args:
        project: The checkout.
        path: The page's file.
        where: The same, as messages name it.
        page: The page's name.
        fence: A Python fence, or one that looks like it.
        number: Its place on the page, for a name if it includes no section.

    Returns:
        The block, without its key.

    Raises:
        PageError: Options or the include are not what they may be.
    """
    options = fence.options
    if not fence.closed:
        raise PageError(where, fence.line, "fence is never closed; add the closing marker")
    if fence.stray:
        raise PageError(
            where,
            fence.line,
            f'cannot read {fence.stray!r} in the fence options; use name="value", each name once',
        )
    for option in options:
        if option not in OPTIONS:
            raise PageError(
                where, fence.line, f'unknown fence option "{option}"; known: {", ".join(OPTIONS)}'
            )
    needs = options.get("needs", "")
    if needs not in ("", "gpu") or ("needs" in options and (not needs or "run" in options)):
        raise PageError(where, fence.line, 'needs= only takes "gpu", and no run= beside it')
    runs = options.get("run") != "no" and not needs
    if fence.language in LOOKALIKES and runs:
        raise PageError(
            where, fence.line, f'"{fence.language}" does not run; write "python", or add run="no"'
        )
    if options.get("timing", "") not in ("", "table") or ("timing" in options and not runs):
        problem = 'timing= only takes "table", on a block that runs everywhere'
        raise PageError(where, fence.line, problem)
    if "run" in options and runs:
        raise PageError(
            where, fence.line, 'run= only takes "no"; leave it out for a block that runs'
        )
    check = options.get("check", "exact")
    if check not in ("exact", "form", "no"):
        raise PageError(where, fence.line, f'check="{check}" is unknown; use "form" or "no"')
    if (options.get("run") == "no" or check != "exact") and not options.get("why"):
        option = 'run="no"' if not runs else f'check="{check}"'
        raise PageError(
            where, fence.line, f'{option} needs why="…" with a reason a reader would accept'
        )
    if "raises" in options and not _EXCEPTION.fullmatch(options["raises"]):
        problem = f'raises="{options["raises"]}" names no exception; write raises="ValueError", say'
        raise PageError(where, fence.line, problem)
    if options.get("title", "x").strip() == "":
        raise PageError(where, fence.line, "title= is empty; write one, or leave it out")
    if options.get("output", "fold") not in ("fold", "hide"):
        raise PageError(
            where, fence.line, f'output="{options["output"]}" is unknown; use "fold" or "hide"'
        )
    first = next((line for line in fence.body.split("\n") if line.strip()), "")
    include = INCLUDE.match(first)
    name = f"block-{number}"
    code, source_path, source_line = fence.body, path, fence.line + 1
    if include:
        if len(fence.body.split()) != len(first.split()):
            raise PageError(
                where, fence.line, "a fence holds one include or literal code, not both; split it"
            )
        reference = include["file"] + (f":{include['section']}" if include["section"] else "")
        included = resolve(project, reference, where, fence.line + 1)
        code, source_path, source_line = included.code, included.path, included.line
        name = include["section"] or name
    elif "--8<--" in fence.body:
        raise PageError(
            where, fence.line, 'unreadable include; write --8<-- "part/slug.py:section"'
        )
    elif not code.strip():
        raise PageError(where, fence.line, "an empty block; write code or drop the fence")
    else:
        source_path = path.resolve()
    _check_lines(options.get("hl_lines"), code.count("\n"), where, fence.line)
    return Block(
        page=page,
        where=where,
        line=fence.line,
        end_line=fence.end_line,
        name=name,
        code=code,
        source_path=source_path,
        source_line=source_line,
        fence=fence,
        runs=runs,
        raises=options.get("raises"),
        check=check,
        rtol=_number(options, "rtol", where, fence.line),
        why=options.get("why", ""),
        timeout=_number(options, "timeout", where, fence.line) or DEFAULT_TIMEOUT,
        options=dict(options),
        needs=needs,
    )


def _check_lines(marked: str | None, count: int, where: str, line: int) -> None:
    """Raises a PageError if ``hl_lines=`` marks no lines, or lines that the code does not have."""
    if marked is None:
        return
    numbers = [int(number) for number in re.findall(r"\d+", marked)]
    if not re.fullmatch(r"\d+(?:-\d+)?(?: \d+(?:-\d+)?)*", marked.strip()):
        raise PageError(where, line, f'hl_lines="{marked}" names no lines; write hl_lines="2 4-6"')
    if not all(1 <= number <= count for number in numbers):
        problem = f'hl_lines="{marked}" marks lines that the code does not have; it has {count}'
        raise PageError(where, line, f"{problem}; count again")


def _number(options: dict[str, str], name: str, where: str, line: int) -> float | None:
    if name not in options:
        return None
    try:
        value = float(options[name])
    except ValueError:
        value = -1.0
    if not value > 0:
        raise PageError(
            where, line, f'{name}="{options[name]}" is no positive number; write {name}="0.01", say'
        )
    return value


def check_syntax(project: Project, block: Block) -> None:
    """Raises a PageError, naming page and snippet line, if a block's code does not parse."""
    try:
        _try_to_compile(block.code)
    except (SyntaxError, ValueError) as problem:  # ValueError: a null character
        error = problem if isinstance(problem, SyntaxError) else SyntaxError(str(problem))
        line = block.source_line + (error.lineno or 1) - 1
        source = f"{project.relative(block.source_path)}:{line}"
        raise PageError(
            block.where, block.line, f"syntax error at {source}: {error.msg}; mend the code"
        ) from None


@functools.lru_cache(maxsize=8192)  # twins have the same code; what does not compile is not kept
def _try_to_compile(code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a run shows them
        # Not ast.parse: a return outside a function parses.
        compile(code, "block", "exec", dont_inherit=True)
