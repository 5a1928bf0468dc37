"""Read an incident's story: one Query of its partition, then its surveys, the alerts and the settings' history.

A reveal of people's addresses is noted before anything comes back to be shown.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Protocol

from chalicelib.aws.stores.history import Reveal, Story
from chalicelib.aws.stores.settings import Published
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey, agency_of_sandbox, is_sandbox
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Desk, alleges
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.insight.explain.alerts import leads_to
from chalicelib.insight.explain.merged import with_merged
from chalicelib.insight.explain.story import Explained, explain
from chalicelib.ports.follow_ups import FollowUps
from chalicelib.ports.surveys import Surveys
from chalicelib.wiring import now


class Unknown(LookupError):
    """There is no such incident, or no such agency."""


class NotAsked(ValueError):
    """Somebody asks to see people's phones and does not say who they are, or why."""


class Archive(Protocol):
    """Incidents with all that is kept of them."""

    def story(self, key: IncidentKey) -> Story:
        """Read all of an incident's partition."""

    def note_reveal(self, key: IncidentKey, reveal: Reveal, keep_until: datetime | None) -> None:
        """Note a person who was shown people's addresses, and why."""


class PublishedSettings(Protocol):
    """Settings, with who published them."""

    def agency(self, agency_id: str) -> Agency | None:
        """Return the current settings."""

    def history(self, agency_id: str) -> Iterable[Published]:
        """Return every version."""


class Books(Protocol):
    """The stores that a story is read from."""

    @property
    def incidents(self) -> Archive:
        """Return the incidents."""

    @property
    def surveys(self) -> Surveys:
        """Return the surveys."""

    @property
    def follow_ups(self) -> FollowUps:
        """Return what staff must look at, alerts among it."""

    @property
    def settings(self) -> PublishedSettings:
        """Return the settings."""

    @property
    def survey_secret(self) -> bytes:
        """Return the key from which survey links are derived."""


def wanted(reveal: bool, reason: str) -> Callable[[str], Reveal] | None:
    """Return what makes the note that a person was shown addresses, or None where none are shown; NotAsked."""
    why = reason.strip()
    if not (reveal or why):
        return None
    if not (reveal and why):
        raise NotAsked("showing phones is logged: a reason goes with it, and with nothing else")
    return lambda who: Reveal(now(), who, why)


def revealed(who: str, why: str, at: datetime) -> Reveal:
    """Return the note that a person at the desk was shown addresses, and why."""
    return Reveal(at, who, why)


def read(
    books: Books,
    key: IncidentKey,
    reveal: Reveal | None = None,
    at: datetime | None = None,
    *,
    allegations: bool = True,
) -> tuple[Explained, tzinfo]:
    """Return an incident's story and the zone to tell it in; with a reveal it is noted, and addresses are whole.

    `at` is the instant to tell it at, now by default: some kinds come no more a while after the end. Without
    `allegations` an answer that alleges misconduct is told as if nobody had answered.
    """
    name = agency_of_sandbox(key.agency_id)
    agency = books.settings.agency(name)
    if agency is None:
        raise Unknown(f"agency {name!r} has no published settings")
    story = books.incidents.story(key)
    if not story.record.version:
        where = f"the sandbox of {name}" if is_sandbox(key.agency_id) else name
        raise Unknown(f"{where} has no incident {key.incident_number!r}")
    if reveal:
        books.incidents.note_reveal(key, reveal, story.keep_until)
    story = with_merged(story, books.incidents.story)
    surveys = {asked: one for asked, one in _surveys(story, books) if allegations or not alleges(one)}
    given = books.follow_ups.of(key.agency_id, Desk.ALERTS)
    keys = story.record.incident.own_keys
    alerts = [one for one in given if any(leads_to(one, own) for own in keys)]
    told = explain(story, surveys, agency, books.settings.history(name), reveal is not None, alerts, at=at or now())
    return told, agency.zone


def _surveys(story: Story, books: Books) -> Iterator[tuple[NotificationKey, Survey]]:
    for key, row in story.record.rows.items():
        if key.kind is Kind.SURVEY and row.attempts:
            survey = books.surveys.load(token_hash(survey_token(books.survey_secret, key)))
            if survey:
                yield key, survey
