"""Links: within the book to its own anchors, everything else to the site or the web."""

from collections.abc import Container, Mapping
from urllib.parse import unquote, urljoin, urlsplit

from tfnotes.book.book import Book, Chapter, Element, anchor

_HERE = "https://book.invalid/"


def name_anchors(chapter: Chapter) -> set[str]:
    """Makes the identities of a chapter unique in the book.

    Returns:
        Its anchors as its page has them.
    """
    found = set()
    for element in chapter.body.iter():
        identity = element.get("id") if isinstance(element.tag, str) else None
        if identity is None:
            continue
        if identity in found or identity in ("", "top"):
            del element.attrib["id"]
            continue
        found.add(identity)
        element.set("id", anchor(chapter.name, identity))
    chapter.title.set("id", chapter.slug)
    return found


def resolve_links(
    book: Book, anchors: Mapping[str, Container[str]], rows: Mapping[str, str]
) -> None:
    """Points every link to where it leads in the book, or on the web.

    Args:
        book: The book, with its identities named.
        anchors: What each page has, as it calls them.
        rows: The page that has a row of the ledger, by row.
    """
    for chapter in book.chapters:
        for link in list(chapter.body.iter("a")) + list(chapter.title.iter("a")):
            _resolve(link, chapter, book, anchors, rows)


def _resolve(
    link: Element,
    chapter: Chapter,
    book: Book,
    anchors: Mapping[str, Container[str]],
    rows: Mapping[str, str],
) -> None:
    href = link.get("href")
    parent = link.getparent()
    if href is None:
        return
    for name in list(link.attrib):
        if name not in ("href", "id"):
            del link.attrib[name]
    if parent is not None and (parent.get("class") or "") in ("to-solution", "to-exercise"):
        return  # Already an anchor of the book.
    page = "" if chapter.name == "index" else f"{chapter.name}/"
    target = urlsplit(urljoin(_HERE + page, href))
    if f"{target.scheme}://{target.netloc}/" != _HERE:
        return
    path, fragment = unquote(target.path).strip("/"), unquote(target.fragment)
    name = path.removesuffix("index.html").strip("/") or "index"
    if name not in anchors and fragment in rows:
        name = rows[fragment]  # The ledger may be on several pages, of which the book has rows.
    if name in anchors:
        known = fragment in ("", "top") or fragment in anchors[name]
        link.set("href", f"#{anchor(name, fragment if known else '')}")
    else:
        link.set("href", urljoin(book.site + page, href))
