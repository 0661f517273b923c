"""What a book is, before it is written in any format."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html

Element = Any
"""An lxml element; lxml ships no types."""


@dataclass(frozen=True)
class Picture:
    """A figure, chart or screenshot."""

    name: str
    """Its file, ``figure-12.svg``."""
    data: bytes
    width: float
    """In points, at the size it is meant to be seen."""
    height: float


@dataclass
class Chapter:
    """One page of the site."""

    name: str
    """The page's name, ``tensors/operations``."""
    short: str
    """Its title in the navigation, for running heads."""
    number: int
    """From 1; 0 for the preface, which has none."""
    title: Element
    """Its title: an ``h1``."""
    body: Element
    """What follows the title, in the book's own few elements and classes."""
    facts: set[str] = field(default_factory=set)
    """Dates and versions of its records."""

    @property
    def slug(self) -> str:
        """Its name as an identifier, the anchor of its title."""
        return slug(self.name)


@dataclass
class Part:
    """A part of the navigation."""

    number: int
    title: str
    chapters: list[Chapter]


@dataclass
class Term:
    """An entry of the index."""

    text: str
    key: str
    """What it is sorted by."""
    main: str = ""
    """The anchor of the chapter that explains it, where the glossary names one."""
    places: list[str] = field(default_factory=list)
    """Anchors, in the order of the book."""


@dataclass
class Book:
    """A book in one language."""

    language: str
    title: str
    description: str
    site: str
    """Address of the site in this language; ends in a slash."""
    preface: Chapter | None
    parts: list[Part]
    pictures: dict[str, Picture] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)

    @property
    def chapters(self) -> Iterator[Chapter]:
        """All chapters in order, the preface first."""
        if self.preface is not None:
            yield self.preface
        for part in self.parts:
            yield from part.chapters


def slug(name: str) -> str:
    """A page's name as an identifier."""
    return name.replace("/", "-")


def anchor(name: str, fragment: str) -> str:
    """The book's anchor for an anchor of a page."""
    return slug(name) if fragment in ("", "top") else f"{slug(name)}--{fragment}"


def make(tag: str) -> Element:
    """A new element."""
    return html.Element(tag)


def has_class(element: Element, *names: str) -> bool:
    """Whether an element has one of these classes."""
    return not set(names).isdisjoint((element.get("class") or "").split())


def text_of(element: Element) -> str:
    """All text in an element."""
    return "".join(element.itertext())
