"""Building the site: both languages side by side, into a folder that then replaces the old one.

A build that fails leaves the old site as it was.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any


from tfnotes.core.errors import PageError, TfnotesError
from tfnotes.core.pages import Page, keep_pages, load_page
from tfnotes.core.project import CONFIGURATIONS, LANGUAGES, Project
from tfnotes.site.build.config import unreadable
from tfnotes.site.build.front_matter import check_front_matter
from tfnotes.site.build.language import Built, build_language
from tfnotes.site.build.pack import write_wheel, zip_folder
from tfnotes.site.build.root_pages import write_root


@dataclass(frozen=True)
class Site:
    """A site that was built."""

    path: Path
    """Its folder."""
    pages: int
    """Pages of all languages."""
    warnings: tuple[str, ...]
    """What was wrong and let pass (``strict=False``)."""
    seconds: float


def build(
    project: Project,
    *,
    strict: bool = True,
    offline: bool = False,
    languages: Sequence[str] = LANGUAGES,
    site_url: str | None = None,
    target: Path | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Site:
    """Builds ``site/``.

    Args:
        project: The checkout.
        strict: Whether a warning (a missing record, a dead link) fails the build.
        offline: Whether to add a zip of the site that opens from the file system.
        languages: Which languages to build.
        site_url: Address of the folder that holds ``zh/`` and ``en/``; by default ``SITE_URL``
            from the environment, else what the configuration says.
        target: The folder that the new site replaces; ``site/`` if None.
        report: Is told in a line what is being done.

    Returns:
        What was built.

    Raises:
        TfnotesError: The site cannot be built; the text has one line a problem.
    """
    started = time.perf_counter()
    # Built on the same disk as the old site, so that a rename can replace it.
    parent = target.parent if target else project.root / ".cache"
    target = target or project.root / "site"
    pages = check_pages(project, languages)
    address = site_url or os.environ.get("SITE_URL") or None
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="site-", dir=parent))
    except OSError as error:
        problem = f"{parent}: cannot build here ({error.strerror}); is the checkout read-only?"
        raise TfnotesError(problem) from None
    try:
        online = folder / "site"
        targets = [(language, online / language, False) for language in languages]
        if offline:
            targets += [(language, folder / "zip" / language, True) for language in languages]
        report(f"building {' and '.join(languages)}" + (", online and offline" if offline else ""))
        built = _build_all(project, targets, address, offline, pages)
        warnings = tuple(dict.fromkeys(line for one in built for line in one.warnings))
        if warnings and strict:
            count = f"{len(warnings)} problem{'s' if len(warnings) > 1 else ''}"
            lines = [
                *warnings,
                f"nothing was replaced: {count} above; mend them (tfnotes check names their lines), or build with --no-strict",
            ]
            raise TfnotesError("\n".join(lines))
        write_root(project, online, languages, built[0].site_url, index="")
        (online / "downloads").mkdir()
        write_wheel(project, online / "downloads")
        if offline:
            report("packing the offline copy")
            write_root(project, folder / "zip", languages, None, index="index.html")
            zip_folder(folder / "zip", online / "downloads" / "site.zip", "tfnotes")
        _keep_rest(target, online)
        _swap(online, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total = sum(one.pages for one in built[: len(languages)])
    return Site(target, total, warnings, time.perf_counter() - started)


def check_pages(project: Project, languages: Sequence[str] = LANGUAGES) -> list[Page]:
    """Reads every page, so that all that is wrong is told at once and before anything is built.

    Returns:
        The pages.

    Raises:
        TfnotesError: At least one page cannot be shown; one line each.
    """
    pages, problems = [], []
    for language in dict.fromkeys((*LANGUAGES[:1], *languages)):  # the others inherit from the first
        if found := unreadable(project, language):
            problems.append(f"{CONFIGURATIONS[language]}:{found[0]}: {found[1]}")
    for language in languages:
        for name in project.page_names(language):
            try:
                page = load_page(project, project.page_path(language, name))
                check_front_matter(page)
                pages.append(page)
            except TfnotesError as error:
                problems.append(str(error))
    if problems:
        raise TfnotesError("\n".join(problems))
    return pages


def _build_all(
    project: Project,
    targets: Sequence[tuple[str, Path, bool]],
    site_url: str | None,
    download: bool,
    pages: Sequence[Page],
) -> list[Built]:
    """Builds all targets, as many at a time as there are cores."""
    workers = min(len(targets), os.cpu_count() or 1)
    # Not forked: the caller may have threads (a progress display), and MkDocs starts in 0.3 s.
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=keep_pages, initargs=(pages, project)
    ) as pool:
        futures = [
            pool.submit(_attempt, project, language, target, offline, site_url, download)
            for language, target, offline in targets
        ]
        results = [future.result() for future in futures]
    built = [result for result in results if isinstance(result, Built)]
    if len(built) < len(results):
        problems = [line for result in built for line in result.warnings]
        problems += [result for result in results if isinstance(result, str)]
        raise TfnotesError("\n".join(dict.fromkeys(problems)))
    return built


def _attempt(*arguments: Any) -> Built | str:
    """Builds in a process of its own; what went wrong comes back as text, for all targets."""
    try:
        return build_language(*arguments)
    except TfnotesError as error:
        return str(error)


def _keep_rest(old: Path, new: Path) -> None:
    """Takes over the languages that were not built this time."""
    for language in LANGUAGES:
        if (old / language).is_dir() and not (new / language).exists():
            shutil.copytree(old / language, new / language)


def _swap(new: Path, old: Path) -> None:
    """Puts a folder in another's place; only between two renames is there none."""
    new.chmod(0o755)
    kept = new.with_name("replaced")
    if old.exists():
        old.rename(kept)
    new.rename(old)
