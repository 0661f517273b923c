"""One card per data set: what it is, where it comes from, under which licence, and its stand-in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape


@dataclass(frozen=True)
class File:
    """A real file, by its place under a data root and its checksum."""

    path: str
    """Relative to a data root, laid out as Keras does it: ``datasets/mnist.npz``."""
    bytes: int
    sha256: str
    url: str = ""
    """Where the authors publish it; empty where it has to be fetched by hand."""
    published: bool = True
    """Whether the authors publish these very bytes. Where nobody vouches for the checksum, a
    file of the same size and another checksum is accepted, and the note says so."""
    aliases: tuple[str, ...] = ()
    """Other places under a root, such as the name that ``keras.utils.get_file`` gives it."""


@dataclass(frozen=True)
class Edition:
    """A set of files that together are the data set; a data set may have several."""

    what: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Card:
    """What a reader should know about a data set before trusting a number made with it."""

    name: str
    what: str
    shapes: str
    licence: str
    source: str
    editions: tuple[Edition, ...]
    standin: str

    @property
    def size(self) -> int:
        """The size in bytes of the first edition."""
        return sum(file.bytes for file in self.editions[0].files)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The card as label and text, in reading order."""
        rows = [
            ("what", self.what),
            ("shapes", self.shapes),
            ("licence", self.licence),
            ("source", self.source),
        ]
        for edition in self.editions:
            for file in edition.files:
                size = f"{file.bytes:,} bytes, sha256 {file.sha256}"
                rows.append(("file", f"{file.path} ({edition.what}): {size}"))
        return [*rows, ("stand-in", self.standin)]

    def __repr__(self) -> str:
        return "\n".join([self.name, *(f"  {label:<10}{text}" for label, text in self.rows)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(text)}</td></tr>'
            for label, text in self.rows
        )
        name = escape(self.name)
        return f'<table class="data-card"><caption>{name}</caption><tbody>{rows}</tbody></table>'


def missing_fields(card: Card) -> list[str]:
    """Return the names of the fields that are empty: a card is complete or it is no card."""
    return [field.name for field in fields(card) if not getattr(card, field.name)]
