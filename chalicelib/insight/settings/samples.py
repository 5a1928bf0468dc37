"""Example values to fill into texts: those of a usual incident, and the longest possible ones."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib import words
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.places import place_of_id
from chalicelib.domain.language import Language
from chalicelib.domain.notifications.render import fields, sources
from chalicelib.domain.notifications.text_code import LENGTH
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import LanguageWords
from chalicelib.domain.surveys.asking import in_a_text
from chalicelib.domain.surveys.token import TOKEN_LENGTH

SEGMENT_PRICE = 0.012
"""About what a segment costs in the United States, in dollars, a carrier's fees included."""

TYPICAL = ("P26-0001234", "26-123456")
LONGEST = ("P26-0001234567", "26-1234567")

LATE = datetime(2026, 11, 21, 5, 42, tzinfo=UTC)
"""When a call without a number was received: an hour of two digits in the time zones of the United States."""

Values = Mapping[str, str]
"""The values of a template's fields, by name."""


def values(agency: Agency, incident_number: str, case_number: str) -> dict[str, str]:
    """Return the fields of an incident with these numbers, a survey's link among them; without one it has an id."""
    link = f"{agency.survey.link}/{'x' * TOKEN_LENGTH}"
    key = incident_number or place_of_id("1")
    incident = Incident(agency_id=agency.agency_id, incident_number=key, facts=Facts(received_at=LATE))
    told = fields(incident, agency, link, f"{agency.survey.home}/u/…", "X" * LENGTH)
    return told | {"case_number": case_number, "question": _question(agency)}


def _question(agency: Agency) -> str:
    """Return the longest question that an invitation by text may ask."""
    known = {one.id: one for one in agency.survey.questions}
    first = [known[name] for name in agency.survey.reply_questions[:1] if name in known]
    asked = [
        in_a_text(one, language, words.load(language, text_to_911=agency.text_to_911)["ask"])
        for one in first
        for language in agency.spoken
    ]
    return max(asked, key=len, default="")


def longest(agency: Agency) -> dict[str, str]:
    """Return the longest fields that the agency's texts, and those of its cities, can have."""
    short = max((agency.short_name, *(city.short_name for city in agency.cities)), key=len)
    names = max((agency.name, *(city.name for city in agency.cities)), key=len)
    phones = (agency.numbers.non_emergency, *(city.non_emergency or "" for city in agency.cities))
    numbers = replace(agency.numbers, non_emergency=max(phones, key=len))
    return values(replace(agency, short_name=short, name=names, numbers=numbers), *LONGEST)


def chain(own: Mapping[Language, LanguageWords], agency: Agency, language: Language) -> tuple[Mapping[str, Any], ...]:
    """Return where words are looked for: a type's own, the agency's, tenfour's."""
    return sources(own, agency, language, words.load(language, text_to_911=agency.text_to_911))


def dollars(segments: int) -> str:
    """Return what so many segments cost."""
    return f"${segments * SEGMENT_PRICE:.3f}"
