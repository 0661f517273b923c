"""The ``tfnotes`` command. Each command imports what it needs: ``tfnotes --help`` stays quick.

All of them are in one module because together they are what a user sees, and each is short.
"""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tfnotes.console import Group, counted, has_tensorflow, need_tensorflow, page_names, progress
from tfnotes.core.errors import TfnotesError
from tfnotes.core.project import LANGUAGES, find_project

if TYPE_CHECKING:
    from tfnotes.run.pages import PageRun


app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="TensorFlow notes whose outputs are records of real runs.",
)

Pages = Annotated[
    list[str] | None, typer.Argument(metavar="[PAGE]...", help="part/slug or a path; all if none.")
]


class Update(StrEnum):
    """Which records a run may write."""

    missing = "missing"
    stale = "stale"
    all = "all"
    none = "none"


class Language(StrEnum):
    """A language of the site."""

    zh = "zh"
    en = "en"


@app.command()
def check(pages: Pages = None) -> None:
    """Review pages without running them: twins, fences, links, terms, records."""
    from tfnotes.check import check_project

    project = find_project()
    names = page_names(project, pages) if pages else None
    findings = check_project(project, names)
    for finding in findings:
        typer.echo(str(finding))
    count = len(names) if names is not None else len(project.page_names("zh"))
    if findings:
        raise TfnotesError(f"{len(findings)} to mend")
    typer.echo(f"{count} {'page' if count == 1 else 'pages'} in both languages: nothing to mend")


@app.command()
def run(
    pages: Pages = None,
    real: Annotated[
        bool, typer.Option("--real", help="Use the real data sets; write to outputs/real-data.")
    ] = False,
    update: Annotated[Update, typer.Option(help="Which records may be written.")] = Update.all,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run again what this machine has an outcome for.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Pages that run at once; one a core if absent.")
    ] = None,
) -> None:
    """Run pages and accept what they produce."""
    need_tensorflow()
    from tfnotes.run.pages import run_pages

    project = find_project()
    names = page_names(project, pages)
    with progress("running pages", len(names)) as advance:

        def report(result: "PageRun") -> None:
            advance(result.name)

        results = run_pages(
            project,
            names,
            None if update is Update.none else update.value,
            real_data=real,
            fresh=fresh,
            workers=workers,
            progress=report,
        )
    for result in results:
        for change in result.changes:
            typer.echo(f"{change.page}: {change.name}: {change.what}")
    for failure in [failure for result in results for failure in result.failures]:
        typer.echo(failure, err=True)
    failed = sum(bool(result.failures) for result in results)
    blocks = sum(result.blocks for result in results)
    typer.echo(f"{counted(blocks, 'block')} on {counted(len(results), 'page')} ran as they should")
    if failed:
        raise TfnotesError(f"{failed} of {counted(len(results), 'page')} failed")


class BookFormat(StrEnum):
    """A format of the book."""

    pdf = "pdf"
    epub = "epub"


@app.command()
def build(
    strict: Annotated[bool, typer.Option(help="Let a missing record or a dead link fail.")] = True,
    offline: Annotated[bool, typer.Option(help="Add a zip that opens from the disk.")] = False,
    language: Annotated[
        list[Language] | None, typer.Option(help="One language only (may be repeated).")
    ] = None,
) -> None:
    """Build the site, both languages, into site/."""
    from tfnotes.site.build.site import build as build_site

    project = find_project()
    languages = [one.value for one in language] if language else list(LANGUAGES)
    with progress("building", 0) as advance:
        site = build_site(
            project, strict=strict, offline=offline, languages=languages, report=advance
        )
    for line in site.warnings:
        typer.echo(line, err=True)
    typer.echo(f"{site.pages} pages in {project.relative(site.path)}/ after {site.seconds:.1f} s")


@app.command()
def book(
    pages: Pages = None,
    language: Annotated[
        list[Language] | None, typer.Option(help="One language only (may be repeated).")
    ] = None,
    kind: Annotated[
        list[BookFormat] | None, typer.Option("--format", help="One format only.")
    ] = None,
) -> None:
    """Make the built site a book, PDF and EPUB, into site/downloads."""
    try:
        from tfnotes.book.command import FORMATS, make_books
    except ImportError as error:
        missing = f'tfnotes book needs {error.name}: pip install "tfnotes[site,book]", or make book'
        raise TfnotesError(missing) from None

    project = find_project()
    names = page_names(project, pages) if pages else None
    languages = [one.value for one in language] if language else list(LANGUAGES)
    formats = [one.value for one in kind] if kind else list(FORMATS)
    with progress("making the book", 0) as advance:
        made = make_books(project, project.root / "site", languages, formats, names, advance)
    for path in made:
        typer.echo(f"{project.relative(path)}: {path.stat().st_size / 1e6:.1f} MB")


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    language: Annotated[Language, typer.Option(help="Which language opens first.")] = Language.zh,
) -> None:
    """Show the site and follow every save, running what changed where TensorFlow is installed."""
    from tfnotes.site.serve.preview import serve as serve_site

    serve_site(find_project(), port=port, language=language.value)


@app.command()
def new(
    page: Annotated[str, typer.Argument(help="The new page's name, part/slug.")],
    zh: Annotated[str, typer.Option(help="Title of the Chinese page.")] = "",
    en: Annotated[str, typer.Option(help="Title of the English page.")] = "",
) -> None:
    """Create twin pages and their snippet file, ready to be written."""
    from tfnotes.scaffold import add_to_navigation, create_page

    project = find_project()
    titles = {"zh": zh, "en": en}
    for path in create_page(project, page, titles):
        typer.echo(f"{project.relative(path)}: written")
    for line in add_to_navigation(project, page, titles):
        typer.echo(line)
    if has_tensorflow():
        from tfnotes.run.pages import run_pages

        with progress("running the new page", 1) as advance:
            for result in run_pages(project, [page]):
                advance(result.name)
        typer.echo(f"outputs/{page}.json: written")
    else:
        typer.echo(f"next: make test, then .venv/bin/tfnotes run {page}")


@app.command()
def notebook(
    pages: Pages = None,
    to: Annotated[Path, typer.Option(help="The folder; zh/ and en/ are made in it.")] = Path(
        "notebooks"
    ),
) -> None:
    """Write pages as executed notebooks, in both languages."""
    from tfnotes.core.pages import load_page
    from tfnotes.site.notebook.export import export_page, write_notebook

    project = find_project()
    names = page_names(project, pages)
    with progress("exporting", len(names)) as advance:
        for name in names:
            for language in LANGUAGES:
                path = project.page_path(language, name)
                page = load_page(project, path) if path.is_file() else None
                if page is not None and page.blocks:
                    target = to / language / f"{name}.ipynb"
                    typer.echo(write_notebook(target, export_page(project, page)).as_posix())
            advance(name)


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def capture(context: typer.Context) -> None:
    """Measure the timing blocks on this machine, into outputs/timings."""
    from tfnotes.captures.command import main

    raise typer.Exit(main(context.args))


@app.command()
def ledger(
    rows: Annotated[
        list[str] | None, typer.Argument(metavar="[ROW|GROUP]...", help="All rows if none.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Accept the outcomes of this release.")
    ] = False,
) -> None:
    """Run rows of the migration ledger on this TensorFlow."""
    need_tensorflow()
    from tfnotes.ledger.command import run_ledger

    wrong = run_ledger(rows or [], update, typer.echo)
    if wrong:
        raise TfnotesError(f"{wrong} {'row is' if wrong == 1 else 'rows are'} wrong")


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def doctor(context: typer.Context) -> None:
    """Report what in old code fails on today's TensorFlow, and what to write; nothing is run."""
    from tfnotes.doctor.command import main

    raise typer.Exit(main(context.args))


@app.command()
def prune() -> None:
    """Drop records that no page uses."""
    from tfnotes.prune import prune as prune_records

    lines = prune_records(find_project())
    for line in lines or ["nothing to drop"]:
        typer.echo(line)


@app.command()
def version() -> None:
    """Print the version of tfnotes."""
    from tfnotes import __version__

    typer.echo(f"tfnotes {__version__}")
