"""What pages did on other releases: the file that the script writes and page footers read."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import load_page
from tfnotes.core.project import LANGUAGES, Project
from tfnotes.core.records import write_atomic
from tfnotes.ledger.outcomes import release_order

FORMAT = 1


@dataclass(frozen=True)
class PageResult:
    """What came of one page on one release."""

    digest: str
    """`page_digest` of the page as it ran."""
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
    """What identifies a page's code: the keys of its blocks, in both languages.

    A key covers a block's code, what runs before it and what it must raise, but not its prose.

    Args:
        project: The checkout.
        name: The page's name.

    Returns:
        Hexadecimal digits; ``""`` for a page without code.

    Raises:
        TfnotesError: The page cannot be read.
    """
    paths = [project.page_path(language, name) for language in LANGUAGES]
    pages = [load_page(project, path) for path in paths if path.is_file()]
    keys = dict.fromkeys(block.key for page in pages for block in page.running)
    return hashlib.sha256("\0".join(keys).encode()).hexdigest()[:16] if keys else ""


def read_results(project: Project) -> Results:
    """Reads the file.

    Returns:
        The results; empty if there is no file.

    Raises:
        TfnotesError: The file is not what the script writes.
    """
    path = results_path(project)
    where = project.relative(path)
    cure = "restore it, or delete it and run make releases"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TfnotesError(f"{where}:1: results cannot be read ({error}); {cure}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise TfnotesError(f"{where}:1: results are not of format {FORMAT}; {cure}")
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
    pages = {
        page: {
            release: {name: value for name, value in asdict(result).items() if value}
            for release, result in sorted(found.items(), key=lambda item: release_order(item[0]))
        }
        for page, found in sorted(results.items())
    }
    for found in pages.values():
        for item in found.values():
            item.setdefault("blocks", 0)
    content = {"format": FORMAT, "pages": pages}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        where = project.relative(path)
        raise TfnotesError(f"{where}: cannot write results ({error.strerror})") from None
