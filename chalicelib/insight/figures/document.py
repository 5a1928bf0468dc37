"""A report as a document, whichever form it takes. Web page, PDF, Markdown and CSV are made of it."""

from typing import Any, Literal

from msgspec import Struct, convert, to_builtins

from chalicelib.domain.harmless import as_filled
from chalicelib.insight.figures.statistics import Interval

Value = str | int | float | None


class Cell(Struct, frozen=True):
    """A figure or word as readers see it, and the bare value behind it; a hidden figure has none."""

    text: str
    value: Value = None


DASH = "\N{EN DASH}"
NOTHING = Cell(DASH)
"""There is nothing to show."""


class Column(Struct, frozen=True):
    """A column's heading; numbers are set to the right."""

    label: str
    number: bool = False


class Paragraph(Struct, frozen=True, tag="paragraph"):
    """A paragraph: a lead, plain text, or a note."""

    text: str
    role: Literal["lead", "plain", "note"] = "plain"


class Bullets(Struct, frozen=True, tag="bullets"):
    """A list."""

    items: tuple[str, ...]


class KeyFigures(Struct, frozen=True, tag="figures"):
    """A few figures in a row, each with what it is."""

    items: tuple[Cell, ...]


class Table(Struct, frozen=True, tag="table"):
    """A table; the first column heads its rows. `id` names it in the CSV."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Chart(Struct, frozen=True, kw_only=True, tag="chart"):
    """The data of a picture, with the words for readers who can't see it; renderers draw it.

    Dots and a line are shares of 1, each with its interval. Bars are counts and have none. A line's `places` say how
    far apart its points are.
    """

    id: str
    kind: Literal["dots", "line", "bars"]
    labels: tuple[str, ...]
    values: tuple[float, ...]
    intervals: tuple[Interval, ...] = ()
    places: tuple[int, ...] = ()
    axis: str
    alt: str
    caption: str


class Quote(Struct, frozen=True):
    """A comment, its language, and whom it is about."""

    text: str
    language: str
    about: str


class Quotes(Struct, frozen=True, tag="quotes"):
    """A list of comments."""

    items: tuple[Quote, ...]


Block = Paragraph | Bullets | KeyFigures | Table | Chart | Quotes


class Section(Struct, frozen=True):
    """A part of the report; the first, the headline, has no title."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Document(Struct, frozen=True, kw_only=True):
    """A whole report; `until` is the last day that it counts, YYYY-MM-DD."""

    quarter: str
    until: str
    unfinished: bool
    language: str
    title: str
    subtitle: str
    description: str
    made: str
    contents: str
    to_index: str
    sections: tuple[Section, ...]


def harmless(document: Document) -> Document:
    """Return a report whose words only say something, whichever form it takes: names of beats and types, comments."""
    return convert(_harmless(to_builtins(document)), Document)


def _harmless(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _harmless(value) for name, value in told.items()}
    return [_harmless(value) for value in told] if isinstance(told, list | tuple) else as_filled(told)
