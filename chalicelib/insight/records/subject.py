"""Whom or what a records command is about: an incident, or the person behind a phone or email."""

from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.phones import clean_email, clean_phone
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.comment import scrub
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp, names_of
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.wiring import Aws


class Unclear(ValueError):
    """Nobody can say what is meant; the text says what there is."""


class Person(Struct, frozen=True):
    """The person behind an address."""

    agency: Agency
    address: str
    keyed_hash: str

    @property
    def about(self) -> str:
        """Return what an audit calls them: not their address, but enough to tell two apart."""
        return f"person {self.keyed_hash[:12]} (…{self.address[-4:]})"


def find_incident(aws: Aws, agency: Agency, number: str) -> IncidentKey | None:
    """Return the incident of that number, if there is one."""
    key = IncidentKey(agency.agency_id, number)
    return key if aws.incidents.load(key).version else None


def find_person(aws: Aws, agency: Agency, address: str) -> Person | None:
    """Return the person behind a phone or email, known or not; None where it is neither."""
    cleaned = clean_email(address) if "@" in address else clean_phone(address, agency.country).number
    return Person(agency, cleaned, aws.contacts.reference(cleaned).keyed_hash) if cleaned else None


def incidents_of(aws: Aws, person: Person) -> list[IncidentRecord]:
    """Return every incident on which the address ever was, by a scan."""
    found = aws.incidents.records(person.agency.agency_id)
    return [record for record in found if person.address in record.incident.all_addresses]


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


def passed_on(aws: Aws, survey: Survey) -> Iterator[FollowUp]:
    """Yield what somebody had to look at because of a survey, alerts about a text that was part of it among them."""
    names, said = names_of(survey), {scrub(words) for words in survey.answers.words}
    number = survey.notification.incident_number if survey.notification else ""
    for one in (one for desk in Desk for one in aws.follow_ups.of(survey.agency_id, desk)):
        theirs = one.because is Because.DANGER and one.incident_number == number and said.intersection(one.comments)
        if one.id in names or theirs:
            yield one
