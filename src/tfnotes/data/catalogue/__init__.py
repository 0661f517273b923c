"""The cards of all data sets. Checksums were taken from the files that the sources name."""

from __future__ import annotations

from tfnotes.data.cards import Card
from tfnotes.data.catalogue import language, pictures, tables

CARDS: dict[str, Card] = {
    card.name: card for card in (*pictures.CARDS, *tables.CARDS, *language.CARDS)
}
