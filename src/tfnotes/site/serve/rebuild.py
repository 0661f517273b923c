"""Rebuilding while somebody writes: MkDocs stays loaded, and renders only pages that changed."""

import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import CONFIGURATIONS, Project
from tfnotes.site.build.language import export_notebooks, load


_SOON = (
    "<!doctype html><meta charset=utf-8><title>…</title>"
    "<body><p>这一页正在生成。<p lang=en>This page is being built.</body>"
)
"""What stands where a page is not built yet; the browser reloads when it is."""


@dataclass(frozen=True)
class Result:
    """What a rebuild said."""

    warnings: tuple[str, ...] = ()
    error: str = ""


class LanguageBuilder:
    """A process that builds one language again and again.

    A process, because two languages build side by side, and because MkDocs' configuration, plugins
    and warnings are global to one.

    Args:
        project: The checkout.
        language: The language.
        target: The folder to build into.
    """

    def __init__(self, project: Project, language: str, target: Path) -> None:
        self.language = language
        self.target = target
        context = get_context("spawn")
        self._here, there = context.Pipe()
        arguments = (project, language, target, there)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        there.close()

    def reserve(self, names: Iterable[str]) -> None:
        """Puts a word that says "soon" where pages have not been built yet.

        MkDocs takes it for up to date: a build of one page then need not build them all.
        """
        for page in map(self.page_file, names):
            if not page.exists():
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(_SOON, encoding="utf-8")

    def begin(self, pages: Iterable[str] | None) -> None:
        """Starts a build.

        Args:
            pages: Names of the pages to render; None for all of them.
        """
        self._here.send(None if pages is None else list(pages))

    def end(self) -> Result:
        """Waits for the build that was started."""
        try:
            result: Result = self._here.recv()
        except EOFError:
            return Result(error=f"the {self.language} build ended unexpectedly; run serve again")
        return result

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.join()

    def page_file(self, name: str) -> Path:
        """The HTML file of a page."""
        folder, _, last = name.rpartition("/")
        return self.target / (folder if last == "index" else name) / "index.html"


def _serve(project: Project, language: str, target: Path, pipe: "Connection[Any, Any]") -> None:
    """What the process does: build as told, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the session ends us
    config = None
    while True:
        try:
            pages = pipe.recv()
        except EOFError:
            return
        try:
            if config is None:
                config, collector = load(project, language, target)
                config.plugins.on_startup(command="build", dirty=True)
            collector.lines.clear()
            folder = target / "notebooks"
            problems = export_notebooks(project, language, folder, names=pages)
            _build(config, target, pages)
            if pages is None:  # MkDocs cleared the folder
                export_notebooks(project, language, folder)
            pipe.send(Result((*collector.lines, *problems)))
        except TfnotesError as error:
            pipe.send(Result(error=str(error)))
        except Exception as error:
            # A template or a configuration that is being written: the next save may mend it.
            text = f"{CONFIGURATIONS[language]}: {type(error).__name__}: {error}"
            pipe.send(Result(error=" ".join(text.split())))


def _build(config: Any, target: Path, pages: list[str] | None) -> None:
    from mkdocs.commands.build import build

    if pages is not None:
        # MkDocs' dirty build renders what is older than its source. Outputs and snippets are
        # sources too, which it does not know: their pages are made to look old.
        for name in pages:
            folder, _, last = name.rpartition("/")
            html = target / (folder if last == "index" else name) / "index.html"
            if html.exists():
                os.utime(html, (0, 0))
    build(config, dirty=pages is not None)
