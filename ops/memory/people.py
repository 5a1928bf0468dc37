"""Contacts and surveys in memory."""

from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.contact import Contact, OptOutScope
from chalicelib.domain.identity import IncidentKey
from chalicelib.domain.notification import Notification
from chalicelib.domain.record import Claim, Silence
from chalicelib.domain.survey import Survey
from chalicelib.ports import AlreadyAnswered, Conflict


class MemoryContacts:
    """The port `Contacts`."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Contact] = {}
        self._consent_at: dict[tuple[str, str], datetime] = {}
        self._silences: dict[tuple[str, str], dict[str, datetime]] = {}
        self._sent: dict[tuple[str, str, date], int] = {}

    def load(self, agency_id: str, address: str, day: date) -> Contact:
        """Read what is known, with the count of that day."""
        who = agency_id, address
        return replace(
            self._known.get(who, Contact()),
            silenced_until=max(self._silences.get(who, {}).values(), default=None),
            sent_today=self._sent.get((*who, day), 0),
        )

    def opt_out(self, agency_id: str, address: str, scope: OptOutScope, at: datetime, words: str) -> None:
        """Note that a person wants no more."""
        self._consent(agency_id, address, scope, at)

    def opt_in(self, agency_id: str, address: str, at: datetime, words: str) -> None:
        """Note that a person wants to hear from us again."""
        self._consent(agency_id, address, None, at)

    def note_landline(self, agency_id: str, address: str, at: datetime) -> None:
        """Remember that a phone can't get texts."""
        self._change(agency_id, address, landline=True)

    def silence(self, incident: IncidentKey, silence: Silence) -> None:
        """Silence the addresses of a sensitive incident."""
        for address in silence.addresses:
            self._silences.setdefault((incident.agency_id, address), {})[incident.incident_number] = silence.until

    def claim(self, row: Notification, claim: Claim) -> None:
        """Check that the contact still allows a message, and count it; Conflict."""
        agency_id = row.key.agency_id
        contact = self.load(agency_id, row.address, claim.day)
        lately = contact.surveyed_at and claim.last_survey_before and contact.surveyed_at > claim.last_survey_before
        full = claim.counts and claim.cap and contact.sent_today >= claim.cap
        if contact.opted_out is OptOutScope.ALL or (claim.survey and (contact.opted_out or lately)) or full:
            raise Conflict
        if claim.counts:
            self._sent[agency_id, row.address, claim.day] = contact.sent_today + 1
        if claim.survey:
            self._change(agency_id, row.address, surveyed_at=claim.survey.asked_at)

    def _consent(self, agency_id: str, address: str, scope: OptOutScope | None, at: datetime) -> None:
        if self._consent_at.get((agency_id, address), at) <= at:
            self._consent_at[agency_id, address] = at
            self._change(agency_id, address, opted_out=scope)

    def _change(self, agency_id: str, address: str, **changes: Any) -> None:
        who = agency_id, address
        self._known[who] = replace(self._known.get(who, Contact()), **changes)


class MemorySurveys:
    """The port `Surveys`."""

    def __init__(self) -> None:
        self._surveys: dict[str, Survey] = {}

    def load(self, token_hash: str) -> Survey | None:
        """Read a survey."""
        return self._surveys.get(token_hash)

    def answer(self, survey: Survey) -> None:
        """Store the one answer; AlreadyAnswered."""
        known = self._surveys.get(survey.token_hash)
        if known and known.answered_at:
            raise AlreadyAnswered
        self._surveys[survey.token_hash] = survey

    def claim(self, survey: Survey) -> None:
        """Keep a survey that is about to be asked; Conflict where it has been answered."""
        known = self._surveys.get(survey.token_hash)
        if known and known.answered_at:
            raise Conflict
        self._surveys[survey.token_hash] = survey
