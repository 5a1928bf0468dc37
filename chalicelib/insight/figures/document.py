"""A report as a document: what it says, whichever form it takes. Web page, PDF, Markdown and CSV are made of it."""

from typing import Literal

from msgspec import Struct

Value = str | int | float | None


class Cell(Struct, frozen=True):
    """What a reader sees, and the bare value behind it; a hidden figure has none."""

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


class Chart(Struct, frozen=True, tag="chart"):
    """A picture in SVG, with what somebody who can't see it should know."""

    id: str
    svg: str
    alt: str
    caption: str


class Quote(Struct, frozen=True):
    """What somebody wrote, in what language, about whom."""

    text: str
    language: str
    about: str


class Quotes(Struct, frozen=True, tag="quotes"):
    """What people wrote."""

    items: tuple[Quote, ...]


Block = Paragraph | Bullets | KeyFigures | Table | Chart | Quotes


class Section(Struct, frozen=True):
    """A part of the report; the first, the headline, has no title."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Document(Struct, frozen=True, kw_only=True):
    """A whole report."""

    quarter: str
    language: str
    title: str
    subtitle: str
    description: str
    made: str
    contents: str
    to_index: str
    sections: tuple[Section, ...]
