"""The examples that stand beside the phrases."""

from rigs.words.files import books
from rigs.words.write import PHRASES

PLACED = [(book, placed) for book in books(PHRASES) for placed in book.placed]


def examples(*meanings):
    """Return the examples of some meanings, in all languages."""
    return [text for _, placed in PLACED if placed.meaning in meanings for text in placed.entry.examples]
