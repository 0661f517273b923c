"""Where things are: the root of a checkout and the folders in it."""

import os
from dataclasses import dataclass
from pathlib import Path

from tfnotes.core.errors import TfnotesError

LANGUAGES = ("zh", "en")
"""The languages of the site; the first is the one a key clash is reported in."""


CONFIGURATIONS = {"zh": "mkdocs.yml", "en": "mkdocs.en.yml"}
"""MkDocs' configuration of each language; the others inherit from the first."""
RESERVED = {
    "timings": "what machines measured",
    "real-data": "records made with real data sets",
    "releases": "what pages do on other releases",
}
"""Folders of ``outputs/`` that no page may be called like, and what they hold."""
LABS = "labs/"
"""Pages below this folder are published as notebooks: MkDocs sees the notebook made from them."""


def is_lab(name: str) -> bool:
    """Whether a page is published as a notebook."""
    return name.startswith(LABS)


@dataclass(frozen=True)
class Project:
    """A checkout of the notes."""

    root: Path
    """The folder that holds ``mkdocs.yml``, ``docs/`` and ``snippets/``; absolute."""

    @property
    def docs(self) -> Path:
        """The pages, one folder a language."""
        return self.root / "docs"

    @property
    def snippets(self) -> Path:
        """The code of the pages."""
        return self.root / "snippets"

    @property
    def outputs(self) -> Path:
        """The accepted records."""
        return self.root / "outputs"

    @property
    def real_outputs(self) -> Path:
        """Records of the same blocks made with the real data sets."""
        return self.outputs / "real-data"

    @property
    def timings(self) -> Path:
        """Timing captures, one file a runner."""
        return self.outputs / "timings"

    @property
    def cache(self) -> Path:
        """What this machine produced last; ``TFNOTES_CACHE`` moves it (a read-only checkout)."""
        moved = os.environ.get("TFNOTES_CACHE")
        return Path(moved) if moved else self.root / ".cache" / "tfnotes"

    def page_path(self, language: str, name: str) -> Path:
        """The Markdown file of a page (``"tensors/operations"``) in a language."""
        return self.docs / language / f"{name}.md"

    def page_names(self, language: str) -> list[str]:
        """The names of all pages of a language, sorted."""
        folder = self.docs / language
        return sorted(
            p.relative_to(folder).with_suffix("").as_posix() for p in folder.rglob("*.md")
        )

    def twins(self, name: str) -> list[Path]:
        """The Markdown files of a page in all languages that have it."""
        paths = (self.page_path(language, name) for language in LANGUAGES)
        return [path for path in paths if path.is_file()]

    def why_taken(self, name: str) -> str:
        """Why no page may have a name, as half a sentence; ``""`` if it may.

        Records of ``releases/x`` would lie among what other releases did, and nobody would look
        for them there. Upper case is no way out: many file systems do not tell it apart.
        """
        folder = name.split("/")[0].lower()
        if folder in RESERVED:
            return f"outputs/{folder}/ holds {RESERVED[folder]}"
        if (self.root / f"{name}.md").is_file():
            return f"outputs/{name}.json holds the records of {name}.md"
        return ""

    def all_names(self) -> list[str]:
        """The names of all pages, whatever languages they have, sorted."""
        return sorted({name for language in LANGUAGES for name in self.page_names(language)})

    def relative(self, path: Path) -> str:
        """A path as people write it: relative to the root, with slashes.

        Links within the checkout are not followed: a page is where it is found.
        """
        for candidate in (Path(os.path.abspath(path)), path.resolve()):
            if candidate.is_relative_to(self.root):
                return candidate.relative_to(self.root).as_posix()
        return path.as_posix()


def find_project(start: Path | None = None) -> Project:
    """Finds the checkout that a folder belongs to.

    Args:
        start: Where to begin; the working directory if None.

    Returns:
        The project whose root holds ``snippets/`` and ``docs/``.

    Raises:
        TfnotesError: No such folder above ``start``.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "snippets").is_dir() and (folder / "docs").is_dir():
            return Project(folder)
    raise TfnotesError(
        f"{here}: not inside a tfnotes checkout; run this where docs/ and snippets/ are"
    )
