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

    A page that cannot be read stops everything: its records might still be needed. While a block has
    no record of its code as it stands, the page keeps all it has: a typo must not cost them, and
    what was made with real data may be hard to make again.

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
    waiting = {name for name in keys if not keys[name] <= set(stores[0].load(name))}
    for store in stores:
        for name in store.page_names():
            records = store.load(name)
            if name in waiting and not set(records) <= keys[name]:
                cure = f"run tfnotes run {name} first"
                where = project.relative(store.path(name))
                lines.append(f"{where}: kept, for blocks of the page have no record yet; {cure}")
                continue
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
