"""One text of the settings as people would read it: on a phone, on its lock screen, and what it costs."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from chalicelib import words
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.render import Message, Unrenderable, render
from chalicelib.domain.notifications.segments import outside_gsm7
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.form_pages import Cell
from chalicelib.insight.settings.samples import TYPICAL, Values, chain, dollars, longest, values

LOCK_SCREEN = 80
"""Characters that a lock screen shows before anybody unlocks it: about two lines of a small phone."""


class AsRead(Struct, frozen=True, kw_only=True):
    """A text with the fields of a usual call; `most` and `most_price` are of the longest fields that it may have.

    `letters` are those outside GSM-7. An email has no segments. `problem` is why nobody could read it.
    """

    body: str = ""
    subject: str = ""
    segments: int = 0
    price: str = ""
    most: int = 0
    most_price: str = ""
    letters: tuple[str, ...] = ()
    problem: str = ""

    @property
    def first(self) -> str:
        """Return what a lock screen shows of it."""
        return self.body if len(self.body) <= LOCK_SCREEN else f"{self.body[:LOCK_SCREEN]}…"


def as_read(agency: Agency, cell: Cell) -> AsRead:
    """Return a text as the draft's settings would have it read."""
    try:
        usual = _filled(agency, cell, values(agency, *TYPICAL))
        most = _filled(agency, cell, longest(agency))
    except Unrenderable as problem:
        return AsRead(problem=str(problem))
    if cell.channel == "email":
        return AsRead(body=usual.body, subject=usual.subject)
    return AsRead(
        body=usual.body,
        segments=usual.segments,
        price=dollars(usual.segments),
        most=most.segments,
        most_price=dollars(most.segments),
        letters=tuple(dict.fromkeys(outside_gsm7(most.body))),
    )


def tenfours(agency: Agency, cell: Cell) -> str:
    """Return the words that tenfour brings in a text's place, or "" where it brings none."""
    found: Any = words.load(cell.language, text_to_911=agency.text_to_911).get(cell.channel)
    for name in filter(None, (cell.name, cell.variant)):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def types_with_words(agency: Agency) -> tuple[str, ...]:
    """Return the codes of the types that have words of their own."""
    return tuple(code for rule in agency.incident_types if rule.words for code in rule.codes)


def _filled(agency: Agency, cell: Cell, told: Values) -> Message:
    name = cell.name if cell.field.path[-1] not in ("subject", "footer") else Kind.ACKNOWLEDGMENT
    # A survey alone carries its link; elsewhere the field is empty, as it is when the text is sent.
    given = told if name.startswith(Kind.SURVEY) else {**told, "link": ""}
    return render(chain({}, agency, cell.language), name, cell.variant, cell.channel, given)
