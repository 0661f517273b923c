"""Dropping records that no page uses any more."""

from tfnotes.core.pages import load_page
from tfnotes.core.project import Project
from tfnotes.core.records import Store


def used_keys(project: Project, name: str) -> set[str]:
    """The keys of a page's blocks in all languages; empty if the page is gone.

    ``README.md`` and its like count as pages that have one language.

    Raises:
        PageError: The page is there but cannot be read.
    """
    alone = project.root / f"{name}.md"
    paths = project.twins(name) + ([alone] if alone.exists() else [])
    pages = [load_page(project, path) for path in paths]
    return {block.key for page in pages for block in page.running}


def prune(project: Project) -> list[str]:
    """Drops unused records from the accepted store and from the one made with real data.

    A page that cannot be read stops everything: its records might still be needed.

    Args:
        project: The checkout.

    Returns:
        One line for each file that was changed or deleted.

    Raises:
        TfnotesError: A page or a file of records cannot be read or written.
    """
    stores = [Store(folder) for folder in (project.outputs, project.real_outputs)]
    keys = {name: used_keys(project, name) for store in stores for name in store.page_names()}
    lines = []
    for store in stores:
        for name in store.page_names():
            records = store.load(name)
            kept = [record for key, record in records.items() if key in keys[name]]
            gone = [record.name for key, record in records.items() if key not in keys[name]]
            where = project.relative(store.path(name))
            if not kept:
                store.remove(name)
                lines.append(f"{where}: deleted")
            elif gone:
                store.save(name, kept)
                lines.append(f"{where}: dropped {', '.join(gone)}")
    return lines
