"""One text of the settings as people would read it: on a phone, on its lock screen, and what it costs."""

from msgspec import Struct

from chalicelib import words
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.render import Message, Unrenderable, render
from chalicelib.domain.notifications.segments import outside_gsm7
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType
from chalicelib.insight.settings.edit import value_at
from chalicelib.insight.settings.form_pages import Cell
from chalicelib.insight.settings.locate import Path
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
    """Return a text as the draft's settings would have it read; a city's type reads with the city's name and number."""
    here = _place(agency, cell.at)
    try:
        usual = _filled(here, cell, values(here, *TYPICAL))
        most = _filled(here, cell, longest(agency))  # as the check counts it: with the longest name of all cities
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


def without(agency: Agency, cell: Cell) -> str:
    """Return the words that count where a text is not written, or "" where there are none.

    They are tenfour's; for a type's own, the agency's and then tenfour's.
    """
    usual = words.load(cell.language, text_to_911=agency.text_to_911)
    looked_in = chain({}, agency, cell.language) if cell.at else (usual,)
    path = cell.channel, cell.name, *filter(None, (cell.variant,))
    return next((found for each in looked_in if isinstance(found := value_at(each, path), str)), "")


def gets(agency: Agency, at: Path, kind: str) -> bool:
    """Tell whether callers of the type at a path may get a kind of text, at some priority."""
    rule = _type(agency, at)
    return any(kind in each for each in (rule.notify, *(one.notify or () for one in rule.priorities.values())))


def _place(agency: Agency, at: Path) -> Agency:
    """Return the rules of the city in whose list a type stands, or the agency's."""
    return agency.in_city(agency.cities[int(at[1])]) if at[:1] == ("cities",) else agency


def _type(agency: Agency, at: Path) -> IncidentType:
    return _place(agency, at).incident_types[int(at[-1])]


def _filled(agency: Agency, cell: Cell, told: Values) -> Message:
    name = cell.name if cell.field.path[-1] not in ("subject", "footer") else Kind.ACKNOWLEDGMENT
    # A survey alone carries its link; elsewhere the field is empty, as it is when the text is sent.
    given = told if name.startswith(Kind.SURVEY) else {**told, "link": ""}
    own = _type(agency, cell.at[-2:]).words if cell.at else {}
    return render(chain(own, agency, cell.language), name, cell.variant, cell.channel, given)
