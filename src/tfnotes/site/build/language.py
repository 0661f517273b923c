"""Building one language: MkDocs, called as a library, with what it warns about collected."""

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import load_page
from tfnotes.core.project import CONFIGURATIONS, Project, is_lab
from tfnotes.site.build.config import hook_paths


@dataclass(frozen=True)
class Built:
    """What became of one language."""

    language: str
    pages: int
    site_url: str
    """Address of the folder above the language's; ends in a slash, or is empty."""
    warnings: list[str] = field(default_factory=list)


class Collector(logging.Handler):
    """Keeps what MkDocs and its plugins warn about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a message, on one line."""
        line = " ".join(record.getMessage().split())
        # Of a build of some pages MkDocs says that it is not one of all: known, and wanted.
        if line not in self.lines and not line.startswith("A 'dirty' build"):
            self.lines.append(line)


def build_language(
    project: Project,
    language: str,
    target: Path,
    offline: bool = False,
    site_url: str | None = None,
    download: bool = False,
) -> Built:
    """Builds one language.

    Args:
        project: The checkout.
        language: One of the configured languages.
        target: The folder to build into.
        offline: Whether the pages are to be opened from the file system.
        site_url: Address of the folder that will hold the languages' folders, if it is not the
            configured one.
        download: Whether there will be an offline copy for the pages to offer.

    Raises:
        TfnotesError: The language cannot be built.
    """
    from mkdocs.commands.build import build
    from mkdocs.exceptions import MkDocsException

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".notebooks-") as notebooks:
        problems = export_notebooks(project, language, Path(notebooks), site_url)
        config, collector = load(project, language, target, offline=offline, site_url=site_url)
        collector.lines += problems
        config.extra["download"] = download and not offline
        try:
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        except MkDocsException as error:
            lines = [*collector.lines, f"{CONFIGURATIONS[language]}: {error}"]
            raise TfnotesError("\n".join(lines)) from None
        shutil.copytree(notebooks, target / "notebooks")
        # A temporary folder is its owner's alone, and a host that keeps modes would say 403.
        (target / "notebooks").chmod(0o755)
    pages = sum(1 for _ in target.rglob("*.html")) - 1  # the 404 page
    root = (config.site_url or "").removesuffix(f"{language}/")
    return Built(language, pages, root, collector.lines)


def load(
    project: Project,
    language: str,
    target: Path,
    *,
    offline: bool = False,
    site_url: str | None = None,
) -> tuple[Any, Collector]:
    """Loads a language's configuration, and collects warnings from now on.

    Args:
        project: The checkout.
        language: One of the configured languages.
        target: The folder to build into.
        offline: As in `build_language`.
        site_url: As in `build_language`.

    Returns:
        MkDocs' configuration and the collector of warnings.

    Raises:
        TfnotesError: The configuration is not valid.
    """
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's advertisement for its own future
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    os.chdir(project.root)  # pymdownx.snippets and mkdocstrings look from the working directory
    _quiet_jieba()
    collector = Collector()
    logger = logging.getLogger("mkdocs")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers = [collector]
    options: dict[str, Any] = {"site_dir": str(target)}
    if site_url:
        options["site_url"] = f"{site_url.rstrip('/')}/{language}/"
    path = project.root / CONFIGURATIONS[language]
    if offline:
        path = _offline_configuration(project, language, target)
    try:
        config = load_config(str(path), **options)
    except MkDocsException as error:
        lines = [*collector.lines, f"{CONFIGURATIONS[language]}: {error}"]
        raise TfnotesError("\n".join(lines)) from None
    return config, collector


def export_notebooks(
    project: Project,
    language: str,
    target: Path,
    site_url: str | None = None,
    names: Iterable[str] | None = None,
) -> list[str]:
    """Exports all pages that have code, and puts the labs where MkDocs finds them.

    Args:
        project: The checkout.
        language: The pages' language.
        target: The folder for the notebooks; may exist.
        site_url: As in `build_language`.
        names: The pages to export; all of them if None.

    Returns:
        What is wrong with pages that could not be exported.
    """
    from tfnotes.site.notebook.site_address import find_home
    from tfnotes.site.notebook.export import export_page, write_notebook

    home = find_home(project, language, site_url)
    problems = []
    for name in project.page_names(language) if names is None else names:
        try:
            page = load_page(project, project.page_path(language, name))
            if not page.blocks:
                continue
            text = export_page(project, page, home)
        except TfnotesError as error:
            problems.append(str(error))
            continue
        write_notebook(target / f"{name}.ipynb", text)
        if is_lab(name):
            write_notebook(project.docs / language / f"{name}.ipynb", text)
    return problems


def _offline_configuration(project: Project, language: str, target: Path) -> Path:
    """Writes a configuration that inherits from the language's and makes pages for file://."""
    root = project.root.as_posix()
    path = target.parent / f"mkdocs.{language}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    # JSON is YAML; paths are absolute because MkDocs reads them from this file's folder.
    text = f"""INHERIT: {root}/{CONFIGURATIONS[language]}
docs_dir: {root}/docs/{language}
site_url: ""
use_directory_urls: false
theme: {{custom_dir: {root}/docs/theme}}
hooks: {json.dumps(hook_paths(project))}
extra: {{offline: true}}
"""
    path.write_text(text, encoding="utf-8")
    return path


def _quiet_jieba() -> None:
    import jieba

    jieba.setLogLevel(logging.WARNING)
