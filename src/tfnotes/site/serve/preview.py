"""`tfnotes serve`: the site in a browser, following every save.

A saved page or snippet is run again (only what changed in it), its records are renewed, its two
pages are rendered, and the browser reloads. Where TensorFlow is not installed, pages are shown
with the records there are.
"""

import importlib.util
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tfnotes.core.errors import TfnotesError
from tfnotes.core.pages import load_page
from tfnotes.core.project import CONFIGURATIONS, LANGUAGES, Project
from tfnotes.site.build.config import part_names
from tfnotes.site.markdown.context import load_parts, offered
from tfnotes.site.serve.problems import Problems
from tfnotes.site.serve.rebuild import LanguageBuilder
from tfnotes.site.serve.reload import Browsers, start_server
from tfnotes.site.serve.saves import Saves
from tfnotes.site.build.root_pages import write_root

_WHOLE = tuple(CONFIGURATIONS.values())


class Preview:
    """A site that follows its sources.

    Args:
        project: The checkout.
        run: Whether to run what changed.
        report: Is told in a line what happens.
    """

    def __init__(self, project: Project, run: bool, report: Callable[[str], None]) -> None:
        self.project = project
        self.report = report
        self.folder = project.root / ".cache" / "serve"
        self.browsers = Browsers()
        self._part_sources = offered(load_parts(part_names(project)), "sources")
        self._live: Any = None
        if run:
            from tfnotes.run.live import Live

            self._live = Live(project)
        self._builders = self._start()
        self._problems = Problems(report)

    def begin(self) -> None:
        """Builds the first page, so that a browser need not wait for all of them."""
        for builder in self._builders:
            builder.reserve(self.project.page_names(builder.language))
            builder.begin(["index"])
        for builder in self._builders:
            builder.end()  # what it complains of, the build of all pages will say
        write_root(self.project, self.folder, LANGUAGES, "/", index="")

    def build(self, pages: Iterable[str] | None = None) -> bool:
        """Builds all pages, or some; tells the browsers.

        Returns:
            Whether all languages could be built.
        """
        started = time.perf_counter()
        names = None if pages is None else list(pages)
        for builder in self._builders:
            builder.begin(names)
        results = [builder.end() for builder in self._builders]
        problems = list(dict.fromkeys(r.error for r in results if r.error))
        warnings = dict.fromkeys(line for result in results for line in result.warnings)
        self._problems.tell([*warnings, *problems], names)
        seconds = time.perf_counter() - started
        if problems:
            self.browsers.tell(problem="\n".join(problems))
            return False
        write_root(self.project, self.folder, LANGUAGES, "/", index="")
        what = ", ".join(names) if names else "all pages"
        self.report(f"built {what} in {seconds:.1f} s")
        self.browsers.tell(reload=True)
        return True

    def warm(self) -> None:
        """Imports TensorFlow in the background, so that the first save need not wait for it."""
        if self._live is not None:
            self._live.warm()

    def changed(
        self, paths: Iterable[Path], newer: Callable[[], Iterable[Path]] = lambda: ()
    ) -> None:
        """Does what a set of saved files asks for.

        Args:
            paths: The files.
            newer: What has been saved since: a run that it makes pointless is given up.
        """
        relative = {self.project.relative(path) for path in paths}
        if relative & set(_WHOLE):
            self.close(builders_only=True)
            self._builders = self._start()
            self.build()
            return
        if any(path.startswith("docs/theme/") for path in relative):
            self.build()
            return
        touched = self._pages(relative)
        if touched:
            failures, given_up = self._run(sorted(touched), newer)
            touched -= given_up  # the newer save is dealt with next
            stale = [name for name in sorted(touched) if self._is_stale(name)]
            if stale and not self.build(stale):
                return
            if failures:
                self.browsers.tell(problem="\n\n".join(failures))

    def close(self, builders_only: bool = False) -> None:
        """Ends all processes."""
        for builder in self._builders:
            builder.close()
        if self._live is not None and not builders_only:
            self._live.close()

    def _start(self) -> list[LanguageBuilder]:
        return [LanguageBuilder(self.project, name, self.folder / name) for name in LANGUAGES]

    def _pages(self, changed: set[str]) -> set[str]:
        """Names of the pages that changed files belong to."""
        found = set()
        for language in LANGUAGES:
            for name in self.project.page_names(language):
                if changed & self._sources(language, name):
                    found.add(name)
        return found

    def _sources(self, language: str, name: str) -> set[str]:
        """The files that a page shows, relative to the root."""
        path = self.project.page_path(language, name)
        sources = {self.project.relative(path), f"outputs/{name}.json"}
        sources.add(f"outputs/real-data/{name}.json")
        try:
            page = load_page(self.project, path)
        except TfnotesError:
            return sources | {f"snippets/{name}.py"}
        more = [file for files in self._part_sources for file in files(page)]
        files = [*more, *(block.source_path for block in page.blocks)]
        return sources | {self.project.relative(file) for file in files}

    def folders(self) -> list[Path]:
        """The folders to watch, those of what parts show among them."""
        project = self.project
        pages = [(language, name) for language in LANGUAGES for name in project.page_names(language)]
        sources = {source for page in pages for source in self._sources(*page)}
        inside = [project.docs, project.snippets, project.outputs]
        more = {(project.root / source).parent for source in sources}
        return inside + sorted(f for f in more if not any(f.is_relative_to(i) for i in inside))

    def _run(
        self, names: list[str], newer: Callable[[], Iterable[Path]]
    ) -> tuple[list[str], set[str]]:
        """Runs pages as far as they changed.

        Returns:
            What went wrong, which is reported; and the pages that were given up.
        """
        problems: list[str] = []
        given_up: set[str] = set()
        for name in names if self._live is not None else ():

            def pointless(name: str = name) -> bool:
                # Records are what a run writes itself.
                sources = {path for path in newer() if path.suffix != ".json"}
                return bool(sources) and name in self._pages(set(map(self.project.relative, sources)))

            try:
                result = self._live.run_page(name, give_up=pointless)
            except TfnotesError as error:
                problems.append(str(error))
                continue
            if result.given_up:
                given_up.add(name)
                continue
            for change in result.changes:
                self.report(f"{name}: {change.name}: {change.what}")
            problems += result.failures
        problems = list(dict.fromkeys(problems))
        self._problems.tell(problems, names)
        return problems, given_up

    def _is_stale(self, name: str) -> bool:
        """Whether a page is older than what it shows (our own writing of records is a save too)."""
        for builder in self._builders:
            html = builder.page_file(name)
            made = html.stat().st_mtime if html.exists() else 0.0
            for source in self._sources(builder.language, name):
                path = self.project.root / source
                if path.exists() and path.stat().st_mtime >= made:
                    return True
        return False


def serve(
    project: Project,
    *,
    port: int = 8000,
    host: str = "127.0.0.1",
    language: str = "zh",
    report: Callable[[str], None] = print,
) -> None:
    """Serves the site and follows every save, until interrupted.

    Args:
        project: The checkout.
        port: Port to listen at; 0 for any that is free.
        host: Address to listen at.
        language: The language whose address is printed.
        report: Is told in a line what happens.

    Raises:
        TfnotesError: The port is taken.
    """
    run = importlib.util.find_spec("tensorflow") is not None
    preview = Preview(project, run, report)
    saves = Saves()
    inside = [project.docs, project.snippets, project.outputs]
    try:
        try:
            server = start_server(preview.folder, host, port, preview.browsers)
        except OSError as error:
            raise TfnotesError(
                f"port {port}: {error.strerror}; choose another with --port"
            ) from None
        saves.follow([*inside, *(project.root / name for name in _WHOLE)])
        preview.begin()
        report(f"http://{host}:{server.server_port}/{language}/")
        report(
            "saved pages and snippets run again"
            if run
            else "TensorFlow is not installed here: pages are shown with the outputs on record"
        )
        preview.warm()
        preview.build()
        saves.follow(f for f in preview.folders() if f not in inside)
        while True:
            preview.changed(saves.wait(), saves.newer)
    except KeyboardInterrupt:
        pass
    finally:
        saves.close()
        preview.close()
