"""Contacts and surveys in memory."""

import hashlib
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim, IncidentChange, Silence
from chalicelib.domain.people.consent import Address, Consent, ConsentSource, Reference
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.protected import Protection
from chalicelib.domain.people.reply import Answered, KeptReply, Reply, kept_reply
from chalicelib.domain.people.silenced import ByHand, Kept, Silenced
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.errors import CardSpent, Conflict

Who = tuple[str, Reference]
EVER = datetime(1970, 1, 1, tzinfo=UTC)
BY_HAND = "!desk"


class MemoryContacts:
    """The port `Contacts`."""

    def __init__(self) -> None:
        self._known: dict[Who, Contact] = {}
        self._words: dict[Who, dict[datetime, Consent]] = {}
        self._silences: dict[Who, dict[str, datetime]] = {}
        self._hands: dict[Who, ByHand] = {}
        self.protected = MemoryProtected()
        self._unsafe: dict[Who, datetime] = {}
        self._safe: dict[Who, datetime] = {}
        self._sent: dict[tuple[Who, date], int] = {}
        self._calls: dict[Who, tuple[str, ...]] = {}
        self._met: dict[Who, set[CallOf]] = {}
        self._answered: dict[Who, tuple[Answered, ...]] = {}
        self._heard: set[tuple[str, str]] = set()
        self.kept_replies: dict[tuple[str, datetime, str], KeptReply] = {}

    def reference(self, address: str) -> Reference:
        """Return the hash under which a person is known."""
        return Reference(hashlib.sha256(address.encode()).hexdigest())

    def load(self, agency_id: str, address: Address, day: date) -> Contact:
        """Read what is known, with the count of that day."""
        who = self._who(agency_id, address)
        return replace(
            self._known.get(who, Contact()),
            silenced_until=max(self._silences.get(who, {}).values(), default=None),
            unsafe=who in self._unsafe and self._unsafe[who] > self._safe.get(who, EVER),
            sent_today=self._sent.get((who, day), 0),
        )

    def calls(self, agency_id: str, address: Address) -> tuple[str, ...]:
        """Return the incidents about which a phone was texted, or by which it is silent, the latest first."""
        who = self._who(agency_id, address)
        silenced = (number for number in self._silences.get(who, {}) if number != BY_HAND)
        return tuple(dict.fromkeys((*self._calls.get(who, ()), *silenced)))

    def incidents_of(
        self,
        agency_id: str,
        address: Address,
        since: datetime | None = None,
        until: datetime | None = None,
        most: int | None = None,
    ) -> tuple[CallOf, ...]:
        """Return the calls on which an address ever was, the latest first."""
        met = sorted(self._met.get(self._who(agency_id, address), ()), reverse=True)
        within = (one for one in met if (since or one.created_at) <= one.created_at <= (until or one.created_at))
        return tuple(within)[:most]

    def meet(self, change: IncidentChange) -> None:
        """Keep that a change's people were on its incident."""
        for address in change.met:
            who = self._who(change.incident.agency_id, address)
            self._met.setdefault(who, set()).add(CallOf(change.created_at, change.incident.incident_number))

    def opt_out(
        self,
        agency_id: str,
        address: Address,
        scope: OptOutScope,
        at: datetime,
        words: str,
        source: ConsentSource = "provider",
        author: str = "",
    ) -> None:
        """Note that a person wants no more."""
        self._consent(self._who(agency_id, address), Consent(scope, words, source, author, at), at)

    def note_bounce(self, agency_id: str, address: str, at: datetime, words: str) -> None:
        """Note that a mailbox takes nothing."""
        who = self._who(agency_id, address)
        known = self._known.get(who, Contact())
        if known.opted_out or known.consent_at is None or known.consent_at <= at:  # only a later START ends it
            self._known[who] = replace(known, bounced=True)
        self._words.setdefault(who, {})[at] = Consent(OptOutScope.ADDRESS, words, at=at)

    def opt_in(
        self,
        agency_id: str,
        address: Address,
        at: datetime,
        words: str,
        source: ConsentSource = "provider",
        author: str = "",
    ) -> None:
        """Note that a person wants to hear from us again."""
        self._consent(self._who(agency_id, address), Consent(None, words, source, author, at), at)

    def history(self, agency_id: str, address: Address) -> list[Consent]:
        """Return every word of a person about consent, oldest first."""
        return [word for _, word in sorted(self._words.get(self._who(agency_id, address), {}).items())]

    def heard(self, agency_id: str, message_id: str, keep_until: datetime) -> bool:
        """Note a text from a person; return whether it had been noted before."""
        known = (agency_id, message_id) in self._heard
        self._heard.add((agency_id, message_id))
        return known

    def keep_reply(self, agency_id: str, reply: Reply, keep_until: datetime | None, *, danger: bool = False) -> None:
        """Keep what a person texted back."""
        keyed_hash = self.reference(reply.sender).keyed_hash
        kept = kept_reply(reply, keyed_hash, danger=danger)
        self.kept_replies.setdefault((agency_id, reply.at, keyed_hash), kept)

    def replies(self, agency_id: str) -> list[KeptReply]:
        """Return what people texted back, newest first."""
        return [kept for who, kept in sorted(self.kept_replies.items(), reverse=True) if who[0] == agency_id]

    def answered(self, agency_id: str, address: str) -> tuple[Answered, ...]:
        """Return the answers that a person got lately."""
        return self._answered.get(self._who(agency_id, address), ())

    def note_answered(
        self,
        agency_id: str,
        address: str,
        before: tuple[Answered, ...],
        now: tuple[Answered, ...],
        keep_until: datetime,
    ) -> None:
        """Write the answers over those that were read; Conflict."""
        if self.answered(agency_id, address) != before:
            raise Conflict
        self._answered[self._who(agency_id, address)] = now

    def note_landline(self, agency_id: str, address: str, at: datetime) -> None:
        """Remember that a phone can't get texts."""
        self._change(agency_id, address, landline=True)

    def silence(self, incident: IncidentKey, silence: Silence) -> None:
        """Silence the addresses of an incident, unless they are silenced for longer."""
        for address in silence.addresses:
            known = self._silences.setdefault(self._who(incident.agency_id, address), {})
            known[incident.incident_number] = max(known.get(incident.incident_number, EVER), silence.until)

    def kept(self, agency_id: str, address: Address, day: date, at: datetime) -> Kept:
        """Read how a person may be written to, with every silence and word."""
        who = self._who(agency_id, address)
        holding = {number: until for number, until in self._silences.get(who, {}).items() if until > at}
        found = (
            Silenced(until=until, incident_number=number if number != BY_HAND else "", by_hand=self._hands.get(who))
            for number, until in holding.items()
        )
        silences = tuple(replace(one, by_hand=None) if one.incident_number else one for one in found)
        history = tuple(self.history(agency_id, address))
        return Kept(contact=self.load(agency_id, address, day), silences=silences, history=history)

    def silence_person(self, agency_id: str, address: Address, silence: ByHand) -> None:
        """Silence a person by hand; a longer silence stays."""
        who = self._who(agency_id, address)
        known = self._silences.setdefault(who, {})
        if known.get(BY_HAND, EVER) < silence.until:
            known[BY_HAND], self._hands[who] = silence.until, silence

    def unsilence_person(self, agency_id: str, address: Address, at: datetime) -> None:
        """End a silence that was put by hand."""
        self._silences.get(self._who(agency_id, address), {}).pop(BY_HAND, None)

    def keep_silent(self, change: IncidentChange) -> None:
        """Silence the people of an incident and keep the unsafe ones, or lift what a release ends."""
        agency_id, number = change.incident.agency_id, change.incident.incident_number
        for address in change.lifted.silenced:
            self._silences.setdefault(self._who(agency_id, address), {})[number] = change.at
        for address in change.lifted.unsafe:
            self._safe[self._who(agency_id, address)] = change.at
        if change.silence:
            self.silence(change.incident.key, change.silence)
        for address, said_at in change.unsafe.items():
            who = self._who(agency_id, address)
            self._unsafe[who] = max(self._unsafe.get(who, said_at), said_at)

    def claim(self, row: Notification, claim: Claim) -> None:
        """Check that the contact still allows a message, and count it; Conflict."""
        agency_id = row.key.agency_id
        contact = self.load(agency_id, row.address, claim.day)
        for address in row.addresses - {row.address}:
            contact = contact.also(self.load(agency_id, address, claim.day))
        lately = contact.surveyed_at and claim.last_survey_before and contact.surveyed_at > claim.last_survey_before
        silent = contact.unsafe or (contact.silenced_until is not None and contact.silenced_until > claim.at)
        full = claim.counts and claim.cap and contact.sent_today >= claim.cap
        stopped = contact.bounced or contact.opted_out is OptOutScope.ALL
        if stopped or (claim.survey and (contact.opted_out or lately)) or full or silent:
            raise Conflict
        if claim.counts:
            self._sent[self._who(agency_id, row.address), claim.day] = contact.sent_today + 1
            self._change(agency_id, row.address, language=claim.language)
            who = self._who(agency_id, row.address)
            self._calls[who] = (row.key.incident_number, *self._calls.get(who, ()))
        if claim.survey:
            self._change(agency_id, row.address, surveyed_at=claim.survey.asked_at)
        if claim.survey and claim.by_text:
            self._change(agency_id, row.address, survey=claim.survey.token_hash)

    def count(self, agency_id: str, address: Address, day: date) -> None:
        """Count a text to somebody that is no notification."""
        who = self._who(agency_id, address), day
        self._sent[who] = self._sent.get(who, 0) + 1

    def _consent(self, who: Who, word: Consent, at: datetime) -> None:
        known = self._known.get(who, Contact())
        if known.consent_at is None or known.consent_at <= at:
            bounced = known.bounced and word.opted_out is not None
            self._known[who] = replace(known, opted_out=word.opted_out, consent_at=at, bounced=bounced)
        self._words.setdefault(who, {})[at] = word

    def _change(self, agency_id: str, address: str, **changes: Any) -> None:
        who = self._who(agency_id, address)
        self._known[who] = replace(self._known.get(who, Contact()), **changes)

    def _who(self, agency_id: str, address: Address) -> Who:
        person = address if isinstance(address, Reference) else self.reference(address)
        return agency_id, person


class MemoryProtected:
    """Whom a look must tell the auditor about."""

    def __init__(self) -> None:
        self._known: dict[Who, Protection] = {}

    def find(self, agency_id: str, person: Reference) -> Protection | None:
        """Return since when a person is on the list; None for everybody else."""
        return self._known.get((agency_id, person))

    def among(self, agency_id: str, people: Collection[Reference]) -> frozenset[Reference]:
        """Return those on the list."""
        return frozenset(one for one in people if self.find(agency_id, one))

    def of(self, agency_id: str) -> tuple[tuple[Reference, Protection], ...]:
        """Return the list, in the order of the hashes."""
        ours = ((person, one) for (name, person), one in self._known.items() if name == agency_id)
        return tuple(sorted(ours, key=lambda pair: pair[0].keyed_hash))

    def put(self, agency_id: str, person: Reference, author: str, at: datetime) -> None:
        """Put a person on the list."""
        self._known.setdefault((agency_id, person), Protection(author, at))

    def remove(self, agency_id: str, person: Reference) -> None:
        """Take a person off the list."""
        self._known.pop((agency_id, person), None)


class MemorySurveys:
    """The port `Surveys`."""

    def __init__(self) -> None:
        self._surveys: dict[str, Survey] = {}
        self._cards: dict[str, Card] = {}
        self._codes: dict[str, tuple[datetime, NotificationKey | None]] = {}
        self._wrong: dict[tuple[str, datetime], int] = {}

    def load(self, token_hash: str) -> Survey | None:
        """Read a survey."""
        return self._surveys.get(token_hash)

    def put(self, survey: Survey) -> Survey:
        """Write a survey over the version that it was read as; Conflict."""
        known = self._surveys.get(survey.token_hash)
        if known is None or known.version != survey.version:
            raise Conflict
        written = replace(survey, version=survey.version + 1)
        self._surveys[survey.token_hash] = written
        return written

    def claim(self, survey: Survey) -> None:
        """Keep a survey that is about to be asked; Conflict where it has been touched."""
        known = self._surveys.get(survey.token_hash)
        if known and (known.answered_at or known.version):
            raise Conflict
        self._surveys[survey.token_hash] = survey

    def card(self, token_hash: str) -> Card | None:
        """Read a card."""
        return self._cards.get(token_hash)

    def keep_card(self, card: Card) -> None:
        """Keep a new card."""
        self._cards[card.token_hash] = card

    def begin(self, card: Card, survey: Survey) -> None:
        """Count one use of a card and keep the survey that it begins; CardSpent."""
        known = self._cards[card.token_hash]
        if survey.token_hash in self._surveys:
            return
        if known.used >= known.uses:
            raise CardSpent
        self._cards[card.token_hash] = replace(known, used=known.used + 1)
        self._surveys[survey.token_hash] = survey

    def all(self) -> list[Survey]:
        """Return every survey."""
        return list(self._surveys.values())

    def keep_code(self, code_hash: str, until: datetime, message: NotificationKey | None = None) -> None:
        """Keep the code of a message that is about to go."""
        self._codes[code_hash] = (until, message)

    def message_of(self, code_hash: str, now: datetime) -> NotificationKey | None:
        """Return the message that has a code; None for a wrong or old one."""
        until, message = self._codes.get(code_hash, (now, None))
        return message if until > now else None

    def has_code(self, code_hash: str, now: datetime) -> bool:
        """Tell whether a text with this code went out, and not too long ago."""
        return code_hash in self._codes and self._codes[code_hash][0] > now

    def wrong_codes(self, agency_id: str, now: datetime) -> int:
        """Return how many wrong codes were given in this minute."""
        return self._wrong.get((agency_id, now.replace(second=0, microsecond=0)), 0)

    def note_wrong_code(self, agency_id: str, now: datetime) -> None:
        """Count a wrong code."""
        minute = now.replace(second=0, microsecond=0)
        self._wrong[agency_id, minute] = self.wrong_codes(agency_id, now) + 1
