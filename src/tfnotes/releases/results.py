"""What pages did on other releases: the file that the script writes and page footers read."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.files import Stamp, load_json, stamp_of, write_atomic
from tfnotes.core.pages import Page, load_page
from tfnotes.core.project import Project
from tfnotes.ledger.outcomes import release_order

FORMAT = 1


@dataclass(frozen=True)
class PageResult:
    """What came of one page on one release."""

    digest: str
    """`digest_of` the page as it ran."""
    blocks: int
    """Blocks that ran as declared."""
    of: int
    """Blocks that there are."""
    made: dict[str, str] = field(default_factory=dict)
    """``date``, ``tensorflow``, ``keras``, ``numpy``, ``python``."""
    differs: tuple[str, ...] = ()
    """Names of blocks whose outputs differ from the accepted records."""
    failed: dict[str, str] | None = None
    """The first block that failed: ``block`` and ``error``, its first line."""

    @property
    def state(self) -> str:
        """``fails``, ``differs`` or ``ok``."""
        if self.failed:
            return "fails"
        return "differs" if self.differs else "ok"


Results = dict[str, dict[str, PageResult]]
"""By page, then by release."""


def results_path(project: Project) -> Path:
    """The file."""
    return project.outputs / "releases" / "pages.json"


def page_digest(project: Project, name: str) -> str:
    """The digest of a page as it stands.

    Args:
        project: The checkout.
        name: The page's name.

    Returns:
        Hexadecimal digits; ``""`` for a page without code.

    Raises:
        TfnotesError: The page cannot be read.
    """
    return digest_of([load_page(project, path) for path in project.twins(name)])


def digest_of(twins: Iterable[Page]) -> str:
    """What identifies a page's code: the keys of its blocks, in both languages.

    A key covers a block's code, what runs before it and what it must raise, but not its prose.
    """
    keys = dict.fromkeys(block.key for page in twins for block in page.running)
    return hashlib.sha256("\0".join(keys).encode()).hexdigest()[:16] if keys else ""


def read_results(project: Project) -> Results:
    """Reads the file; the same object, not to be changed, until the file changes.

    Returns:
        The results; empty if there is no file.

    Raises:
        TfnotesError: The file is not what the script writes.
    """
    return _read(project, stamp_of(results_path(project)))


@lru_cache(maxsize=4)  # every page's footer asks
def _read(project: Project, stamp: Stamp) -> Results:
    path = stamp.path
    where = project.relative(path)
    cure = "restore it, or delete it and run make releases"
    content = load_json(path, where, FORMAT, "results", cure)
    if content is None:
        return {}
    try:
        return {
            page: {
                release: PageResult(**{**item, "differs": tuple(item.get("differs", ()))})
                for release, item in found.items()
            }
            for page, found in content["pages"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise TfnotesError(
            f"{where}:1: results lack what they must have ({error}); {cure}"
        ) from None


def write_results(project: Project, results: Results) -> None:
    """Writes the file; readers see the old one until it is complete.

    Raises:
        TfnotesError: It cannot be written.
    """
    path = results_path(project)
    pages = []
    for page, found in sorted(results.items()):
        lines = [
            f'   "{release}": {_line(found[release])}'
            for release in sorted(found, key=release_order)
        ]
        pages.append(f'  "{page}": {{\n' + ",\n".join(lines) + "\n  }")
    # One line a release, so that a diff shows which changed.
    text = f'{{\n "format": {FORMAT},\n "pages": {{\n' + ",\n".join(pages) + "\n }\n}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, text)
    except OSError as error:
        where = project.relative(path)
        raise TfnotesError(f"{where}: cannot write results ({error.strerror})") from None


def _line(result: PageResult) -> str:
    content = {name: value for name, value in asdict(result).items() if value not in (None, ())}
    return json.dumps(content, ensure_ascii=False)
