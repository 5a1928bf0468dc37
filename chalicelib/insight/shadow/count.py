"""Count an agency's incidents in one pass. Pure: records and settings in, a report out."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.places import EVERYWHERE, places
from chalicelib.insight.replay.outcome import line
from chalicelib.insight.settings.samples import SEGMENT_PRICE
from chalicelib.insight.shadow.people import People
from chalicelib.insight.shadow.report import NO_TYPE, Night, ShadowReport, UnknownType
from chalicelib.insight.shadow.sample import Sampler
from chalicelib.insight.shadow.seen import Seen, moment, standing, wording
from chalicelib.insight.shadow.unjudged import Unjudged
from chalicelib.insight.shadow.volume import Volume
from chalicelib.insight.shadow.why import TooLate, Why

NIGHT_FROM, NIGHT_UNTIL = 22, 7
NIGHT_EXAMPLES = 3

Floors = Callable[[Agency, list[tuple[str, str]]], dict[str, str]]
"""The safety floor's verdict on each type that a place does not list, by code and description."""


def count(
    records: Iterable[IncidentRecord],
    agency: Agency,
    floors: Floors,
    day: date | None = None,
    price: float = SEGMENT_PRICE,
) -> ShadowReport:
    """Return the report of these incidents, or of those of one day in the agency's own time."""
    tally = Tally(agency, day)
    for record in records:
        tally.add(record)
    return tally.report(floors, price)


class Tally:
    """Takes one incident after the other.

    With a day, a message counts on the day on which it goes, even if its call came in earlier. Everything else
    counts on the day of its call.
    """

    def __init__(self, agency: Agency, day: date | None) -> None:
        self._agency, self._day, self._places = agency, day, places(agency)
        self._volume, self._why, self._too_late = Volume(), Why(), TooLate()
        self._unjudged = Unjudged()
        self._people, self._all, self._by_night = People(), Sampler(), Sampler()
        self._night: dict[Kind, int] = dict.fromkeys(Kind, 0)
        self._incidents = self._with_message = self._only_waiting = 0
        self._first: date | None = None
        self._last: date | None = None

    def add(self, record: IncidentRecord) -> None:
        """Count an incident with all that was decided about it."""
        place, code = self._type(record)
        of_today = self._is_today(received_at(record).astimezone(self._agency.zone))
        standings = {standing(row) for row in record.rows.values()}
        messages = sum(self._add_row(row, record, place, code) for row in record.rows.values())
        self._too_late.add(record, messages)
        if not of_today:
            return
        self._incidents += 1
        self._with_message += bool(standings & {"messages", "went"})
        self._only_waiting += "waiting" in standings and not standings & {"messages", "went"}
        self._span(self._agency.day(received_at(record)))
        self._volume.add_incident(place, code, record.incident)
        self._why.add_incident(record, place, code, self._agency)
        self._unjudged.add(record, self._agency.at(record.incident.facts.beat))
        self._add_unsent(record, got_nothing=not standings - {"not_sent"})

    def report(self, floors: Floors, price: float) -> ShadowReport:
        """Return what has been counted."""
        agency = self._agency
        return ShadowReport(
            agency_id=agency.agency_id,
            agency_name=agency.name,
            settings_version=agency.version,
            day=self._day,
            first=self._first,
            last=self._last,
            price=price,
            incidents=self._incidents,
            with_message=self._with_message,
            only_waiting=self._only_waiting,
            kinds=self._volume.kinds(price),
            hours=self._volume.hours(),
            types=self._volume.types(self._listed),
            reasons=self._why.reasons(),
            unknown_types=self._unknown(floors),
            unmapped_dispositions=self._why.unmapped(self._incidents),
            unjudged=self._unjudged.values(self._incidents, agency),
            unjudged_incidents=self._unjudged.incidents,
            night=tuple(self._night_of(kind) for kind in Kind),
            people=self._people.many(),
            people_in_all=len(self._people),
            held_by_caps=self._people.held_by_caps(agency),
            long_texts=self._volume.long_texts,
            turned=self._too_late.turned(),
            samples={kind: self._all.texts_and_emails(kind) for kind in Kind},
        )

    def _add_row(self, row: Notification, record: IncidentRecord, place: str, code: str) -> bool:
        """Count a row that may have reached somebody; return whether it would have, live."""
        where, at = standing(row), moment(row, self._agency.zone)
        if where == "not_sent" or not self._is_today(at):
            return False
        self._volume.add_decision(row.key.kind, where)
        if where != "messages":
            return False
        seen = Seen(row, at, place, code, wording(row.body, record.incident))
        for collector in (self._people, self._all):
            collector.add(seen)
        self._volume.add_message(seen)
        if at.hour >= NIGHT_FROM or at.hour < NIGHT_UNTIL:
            self._night[seen.kind] += 1
            self._by_night.add(seen)
        return True

    def _add_unsent(self, record: IncidentRecord, got_nothing: bool) -> None:
        rows = ((row.key.kind, row.reason) for row in record.rows.values() if standing(row) == "not_sent")
        skipped = ((each.kind, str(each.reason)) for each in line(record).notifications if each.state == "skipped")
        entries = [*((kind, str(reason)) for kind, reason in rows), *skipped]
        for kind, _ in entries:
            self._volume.add_decision(kind, "not_sent")
        self._why.add(entries, got_nothing)

    def _type(self, record: IncidentRecord) -> tuple[str, str]:
        facts = record.incident.facts
        local = self._agency.at(facts.beat)
        place = local.name if local.name in self._places else EVERYWHERE
        return place, facts.incident_type or NO_TYPE

    def _listed(self, place: str, code: str) -> str | None:
        known = self._places[place].type_of(code or None)
        return known.description if known else None

    def _unknown(self, floors: Floors) -> tuple[UnknownType, ...]:
        found = [which for which in self._volume.incidents_by_type() if self._listed(*which) is None]
        said = {
            place: floors(local, [(code, self._volume.described(place, code)) for at, code in found if at == place])
            for place, local in self._places.items()
        }
        unknown = (
            UnknownType(
                place=place,
                code=code,
                description=self._volume.described(place, code),
                incidents=self._volume.incidents_by_type()[place, code],
                share=self._volume.incidents_by_type()[place, code] / self._incidents,
                opened=self._why.opened(place, code),
                floor=said[place].get(code, ""),
                held_back=bool(code) and self._places[place].holds_back(code),
            )
            for place, code in found
        )
        return tuple(sorted(unknown, key=lambda each: (-each.incidents, each.place, each.code)))

    def _night_of(self, kind: Kind) -> Night:
        return Night(kind=kind, messages=self._night[kind], examples=self._by_night.pick(kind, "sms", NIGHT_EXAMPLES))

    def _is_today(self, at: datetime) -> bool:
        return self._day is None or at.date() == self._day

    def _span(self, day: date) -> None:
        self._first = min(self._first or day, day)
        self._last = max(self._last or day, day)


def received_at(record: IncidentRecord) -> datetime:
    """Return when the call came in, or the first that is known of it."""
    incident = record.incident
    at = incident.facts.received_at or record.created_at or incident.as_of
    if at is None:
        raise ValueError(f"{incident.incident_number} has neither a time nor an update")
    return at
