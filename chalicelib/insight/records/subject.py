"""The subject of a request about records: an incident, or the person behind a phone or email."""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from msgspec import Struct

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp, names_of
from chalicelib.domain.surveys.read_comment import scrub
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.incidents.identify import bearing
from chalicelib.insight.people.address import address_of
from chalicelib.ports.errors import NotSearchable, Unreadable
from chalicelib.wiring import Aws, now


class Unclear(ValueError):
    """Nobody can say which incident or person is meant; the text says why."""


class Person(Struct, frozen=True):
    """The person behind an address."""

    agency: Agency
    address: str
    keyed_hash: str

    @property
    def about(self) -> str:
        """Return what an audit calls them: it does not hold their address, but tells two people apart."""
        return f"person {self.keyed_hash[:12]} (…{self.address[-4:]})"


def find_incident(aws: Aws, agency: Agency, number: str) -> IncidentKey | None:
    """Return the incident that bears a number or an id, if there is one; Unclear where several do."""
    found = bearing_name(aws, agency, number)
    if len(found) > 1:
        keys = ", ".join(f"={record.incident.incident_number}" for record in found)
        raise Unclear(f"{number!r} is the number of {len(found)} calls: say which, the latest first: {keys}")
    return found[0].incident.key if found else None


def bearing_name(aws: Aws, agency: Agency, name: str) -> tuple[IncidentRecord, ...]:
    """Return the incidents that ever had a name, the latest first. `=` before a name asks for that key alone."""
    if name.startswith("="):
        record = aws.incidents.load(IncidentKey(agency.agency_id, name[1:]))
        if record.version:
            return (record,)
    found = bearing(name, agency, aws, now())
    return tuple(sorted(found, key=lambda record: (record.created_at or now(), record.version), reverse=True))


def find_person(aws: Aws, agency: Agency, address: str) -> Person | None:
    """Return the person behind a phone or email, known or not; None where it is neither."""
    cleaned = address_of(address, agency)
    return Person(agency, cleaned, aws.contacts.reference(cleaned).keyed_hash) if cleaned else None


def find(aws: Aws, agency: Agency, text: str, only: Literal["", "incident", "person"] = "") -> IncidentKey | Person:
    """Return the incident or the person that a text names; Unclear where it is neither, or could be both."""
    key = None if only == "person" else find_incident(aws, agency, text)
    someone = None if only == "incident" else find_person(aws, agency, text)
    if key and someone:
        raise Unclear(
            f"{text} is an incident's number and could be a phone: say if the incident or the person is meant"
        )
    found = key or someone
    if found is None:
        raise Unclear(f"{text!r}: no incident of that number, and neither a phone nor an email")
    return found


def incidents_of(aws: Aws, person: Person) -> list[IncidentRecord]:
    """Return every incident on which the address ever was; Unreadable, NotSearchable where any may be missing.

    What a person is told, what is held and what is erased must be all of it. It takes one read, and one an incident.
    """
    theirs = calls_of(aws, person.agency.agency_id, {person.address})
    unread = sorted(key.id for record in theirs for key in record.unread)
    if unread:
        raise Unreadable(", ".join(unread))
    return theirs


def calls_of(aws: Aws, agency_id: str, addresses: Collection[str]) -> list[IncidentRecord]:
    """Return every incident on which any of the addresses ever was, in the order of keys; Unreadable, NotSearchable."""
    if aws.searchable.since(agency_id) is None:
        raise NotSearchable(agency_id)
    met = (aws.contacts.incidents_of(agency_id, address) for address in sorted(addresses))
    numbers = sorted({one.incident_number for found in met for one in found})
    records = (aws.incidents.load(IncidentKey(agency_id, number)) for number in numbers)
    return [record for record in records if record.version and not record.incident.all_addresses.isdisjoint(addresses)]


def rows_of(record: IncidentRecord, person: Person) -> list[Notification]:
    """Return the notifications of an incident that went, or would have gone, to a person."""
    rows = sorted(record.rows.values(), key=lambda row: row.created_at)
    return [row for row in rows if person.address in {row.address, *row.addresses}]


def surveys_of(aws: Aws, rows: list[Notification]) -> Iterator[Survey]:
    """Yield the surveys that were asked by notifications; to an anonymous one, or one behind a card, nothing leads."""
    for row in rows:
        survey = aws.surveys.load(token_hash(survey_token(aws.survey_secret, row.key)))
        if survey:
            yield survey


def follow_ups_of(aws: Aws, agency_id: str) -> tuple[FollowUp, ...]:
    """Return all that somebody of an agency has to look at, of every desk: a Query for each."""
    return tuple(one for desk in Desk for one in aws.follow_ups.of(agency_id, desk))


def passed_on(survey: Survey, known: Iterable[FollowUp]) -> tuple[FollowUp, ...]:
    """Return what somebody had to look at because of a survey, alerts about a text that was part of it among them."""
    names, said = names_of(survey), {scrub(words) for words in survey.answers.words}
    number = survey.notification.incident_number if survey.notification else ""
    return tuple(
        one
        for one in known
        if one.id in names
        or (one.because is Because.DANGER and one.incident_number == number and said.intersection(one.comments))
    )
