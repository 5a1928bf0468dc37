"""Count an agency's incidents in one pass. Pure: records and settings in, counts or a report out.

The counts of several days add up to those of all of them, so a period can be counted in parts.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.places import EVERYWHERE, places
from chalicelib.insight.replay.outcome import line
from chalicelib.insight.settings.samples import SEGMENT_PRICE
from chalicelib.insight.shadow.counted import Counted, Floors, report_of
from chalicelib.insight.shadow.report import NO_TYPE, ShadowReport
from chalicelib.insight.shadow.seen import Seen, moment, standing, wording

NIGHT_FROM, NIGHT_UNTIL = 22, 7

Named = Callable[[str], str]
"""The name under which a person's messages are counted, by their phone or email: itself, or a pseudonym of it."""


def count(
    records: Iterable[IncidentRecord],
    agency: Agency,
    floors: Floors,
    day: date | None = None,
    price: float = SEGMENT_PRICE,
) -> ShadowReport:
    """Return the report of these incidents, or of those of one day in the agency's own time."""
    return report_of(tallied(records, agency, day), agency, floors, price, day)


def tallied(records: Iterable[IncidentRecord], agency: Agency, day: date | None = None, named: Named = str) -> Counted:
    """Return the counts of these incidents, or of those of one day; `named` says under which names people are kept."""
    tally = Tally(agency, day, named)
    for record in records:
        tally.add(record)
    return tally.counted


class Tally:
    """Takes one incident after the other.

    With a day, a message counts on the day on which it goes, even if its call came in earlier. Everything else
    counts on the day of its call.
    """

    def __init__(self, agency: Agency, day: date | None, named: Named) -> None:
        self._agency, self._day, self._named, self._places = agency, day, named, places(agency)
        self.counted = Counted()

    def add(self, record: IncidentRecord) -> None:
        """Count an incident with all that was decided about it."""
        counted, (place, code) = self.counted, self._type(record)
        standings = {standing(row) for row in record.rows.values()}
        messages = sum(self._add_row(row, record, place, code) for row in record.rows.values())
        counted.too_late.add(record, messages)
        if not self._is_today(received_at(record).astimezone(self._agency.zone)):
            return
        counted.days[self._agency.day(received_at(record))] += 1
        counted.with_message += bool(standings & {"messages", "went"})
        counted.only_waiting += "waiting" in standings and not standings & {"messages", "went"}
        counted.volume.add_incident(place, code, record.incident)
        counted.why.add_incident(record, place, code, self._agency)
        counted.unjudged.add(record, self._agency.at(record.incident.facts.beat))
        self._add_unsent(record, got_nothing=not standings - {"not_sent"})

    def _add_row(self, row: Notification, record: IncidentRecord, place: str, code: str) -> bool:
        """Count a row that may have reached somebody; return whether it would have, live."""
        where, at = standing(row), moment(row, self._agency.zone)
        if where == "not_sent" or not self._is_today(at):
            return False
        counted = self.counted
        counted.volume.add_decision(row.key.kind, where)
        if where != "messages":
            return False
        seen = Seen(row, at, place, code, wording(row.body, record.incident))
        counted.people.add(seen, self._named)
        counted.all.add(seen)
        counted.volume.add_message(seen)
        if at.hour >= NIGHT_FROM or at.hour < NIGHT_UNTIL:
            counted.night[seen.kind] += 1
            counted.by_night.add(seen)
        return True

    def _add_unsent(self, record: IncidentRecord, got_nothing: bool) -> None:
        rows = ((row.key.kind, row.reason) for row in record.rows.values() if standing(row) == "not_sent")
        skipped = ((each.kind, str(each.reason)) for each in line(record).notifications if each.state == "skipped")
        entries = [*((kind, str(reason)) for kind, reason in rows), *skipped]
        for kind, _ in entries:
            self.counted.volume.add_decision(kind, "not_sent")
        self.counted.why.add(entries, got_nothing)

    def _type(self, record: IncidentRecord) -> tuple[str, str]:
        facts = record.incident.facts
        local = self._agency.at(facts.beat)
        place = local.name if local.name in self._places else EVERYWHERE
        return place, facts.incident_type or NO_TYPE

    def _is_today(self, at: datetime) -> bool:
        return self._day is None or at.date() == self._day


def received_at(record: IncidentRecord) -> datetime:
    """Return when the call came in, or the first that is known of it."""
    incident = record.incident
    at = incident.facts.received_at or record.created_at or incident.as_of
    if at is None:
        raise ValueError(f"{incident.incident_number} has neither a time nor an update")
    return at
