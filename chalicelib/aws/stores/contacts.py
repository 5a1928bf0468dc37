"""Contacts in DynamoDB, by a keyed hash of a phone or email."""

import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.as_read import AsRead
from chalicelib.aws.stores.attention import AttentionTable
from chalicelib.aws.stores.calls import Calls
from chalicelib.aws.stores.consents import Consents, chosen, read_word
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.protected import Protected
from chalicelib.aws.stores.silences import BY_HAND, SILENCE, Silences, silences_of, silent_until, unsafe
from chalicelib.aws.stores.stopped import Stopped
from chalicelib.aws.tables import (
    ANSWERS,
    CONSENT,
    PROFILE,
    SURVEY,
    ContactItem,
    as_conflict,
    condition_failed,
    instant,
    read_instant,
    replies_pk,
    reply_sk,
    save_over,
)
from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim
from chalicelib.domain.people.consent import Address, Consent, ConsentSource, Reference
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.reply import Answered, KeptReply, Reply, kept_reply
from chalicelib.domain.people.silenced import ByHand, Kept
from chalicelib.ports.conversations import CannedClaim

_KEEP_COUNTS = timedelta(days=14)
"""A day's item counts its texts and names their calls, so that a text back leads to them for so long."""

_DAY = "day#"


class ContactTable:
    """The port `Contacts` over DynamoDB."""

    def __init__(self, items: type[ContactItem], secret: Callable[[], bytes], connection: Connection) -> None:
        self._items, self._secret, self._connection = items, secret, connection
        self._consents, self.silences = Consents(items, connection), Silences(items, self._pk)
        self.met, self.attention = Calls(items, self._pk), AttentionTable(items)
        self.protected = Protected(items)
        self._answers = AsRead[tuple[Answered, ...]](tuple[Answered, ...], log_left_out)

    def calls(self, agency_id: str, address: Address) -> tuple[str, ...]:
        """Return the incidents of a phone that are known here, those of the latest texts first."""
        start = self._items.sk >= _DAY
        found = list(self._items.query(self._pk(agency_id, address), start, scan_index_forward=False))
        texted = [sorted(item.calls or (), reverse=True) for item in found if item.sk.startswith(_DAY)]
        silences = (item.sk.removeprefix(SILENCE) for item in found if item.sk.startswith(SILENCE))
        silenced = [number for number in silences if number != BY_HAND]
        return tuple(dict.fromkeys((*chain.from_iterable(texted), *silenced)))

    def incidents_of(
        self,
        agency_id: str,
        address: Address,
        since: datetime | None = None,
        until: datetime | None = None,
        most: int | None = None,
    ) -> tuple[CallOf, ...]:
        """Return the calls on which an address ever was, the latest first, by one Query; some may be gone by now."""
        return self.met.of(self._pk(agency_id, address), since, until, most)

    @property
    def stopped(self) -> Stopped:
        """Return who said STOP to everything."""
        return self._consents.stopped

    def reference(self, address: str) -> Reference:
        """Return the keyed hash under which a person is known."""
        return Reference(hmac.digest(self._secret(), address.encode(), "sha256").hex())

    def load(self, agency_id: str, address: Address, day: date) -> Contact:
        """Read profile, silences and the day's count by one consistent Query."""
        return _contact(self._items.onwards(self._pk(agency_id, address), f"{_DAY}{day.isoformat()}"), day)

    def kept(self, agency_id: str, address: Address, day: date, at: datetime) -> Kept:
        """Read how a person may be written to, with every silence and word, by one consistent Query; no calls."""
        found = self._items.onwards(self._pk(agency_id, address), CONSENT)
        words = [item for item in found if item.sk.startswith(CONSENT)]
        return Kept(contact=_contact(found, day), silences=silences_of(found, at), history=tuple(map(read_word, words)))

    def silence_person(self, agency_id: str, address: Address, silence: ByHand) -> None:
        """Silence a person by hand; Conflict."""
        self.silences.put(agency_id, address, silence)

    def unsilence_person(self, agency_id: str, address: Address, at: datetime) -> None:
        """End a silence that was put by hand; those of incidents stay. Conflict."""
        writes = self.silences.end(agency_id, address, at)
        try:
            with TransactWrite(connection=self._connection) as transaction:
                for write in writes:
                    write(transaction)
        except TransactWriteError as error:
            raise as_conflict(error) from error

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
        """Note that a person wants no more; Conflict."""
        self._consents.keep(self._pk(agency_id, address), Consent(scope, words, source, author, at))

    def note_bounce(self, agency_id: str, address: str, at: datetime, words: str) -> None:
        """Note that a mailbox takes nothing, unless its owner has chosen since; Conflict."""
        self._consents.bounce(self._pk(agency_id, address), at, words)

    def opt_in(
        self,
        agency_id: str,
        address: Address,
        at: datetime,
        words: str,
        source: ConsentSource = "provider",
        author: str = "",
    ) -> None:
        """Note that a person wants to hear from us again; Conflict."""
        self._consents.keep(self._pk(agency_id, address), Consent(None, words, source, author, at))

    def history(self, agency_id: str, address: Address) -> list[Consent]:
        """Return every word of a person about consent, oldest first: for people who look, not for a flow."""
        return self._consents.history(self._pk(agency_id, address))

    def heard(self, agency_id: str, message_id: str, keep_until: datetime) -> bool:
        """Note a text from a person; return whether it had been noted before."""
        try:
            self._items(f"!heard#{agency_id}#{message_id}", "heard", expires=keep_until).save(
                self._items.pk.does_not_exist()
            )
        except PutError as error:
            if not condition_failed(error):
                raise
            return True
        return False

    def keep_reply(self, agency_id: str, reply: Reply, keep_until: datetime | None, *, danger: bool = False) -> None:
        """Keep what a person texted back: of the phone its last four digits, all of it where it speaks of danger."""
        keyed_hash = self.reference(reply.sender).keyed_hash
        kept = kept_reply(reply, keyed_hash, danger=danger)
        place = replies_pk(agency_id), reply_sk(reply.at, keyed_hash)
        try:
            self._items(*place, document=encode(kept), expires=keep_until).save(self._items.pk.does_not_exist())
        except PutError as error:  # it is there, and who has seen it
            if not condition_failed(error):
                raise

    def replies(self, agency_id: str) -> Iterator[KeptReply]:
        """Yield what people texted back to an agency, newest first: for people who look, not for a flow."""
        for item in self._items.query(replies_pk(agency_id), scan_index_forward=False):
            yield decode(item.document, KeptReply)

    def answered(self, agency_id: str, address: str) -> tuple[Answered, ...]:
        """Return the answers that a person got lately."""
        item = self._items.find(self._pk(agency_id, address), ANSWERS)
        return (self._answers.read(item.pk, item.document) or ()) if item else ()

    def note_answered(
        self,
        agency_id: str,
        address: str,
        before: tuple[Answered, ...],
        now: tuple[Answered, ...],
        keep_until: datetime,
    ) -> None:
        """Write the answers over those that were read; Conflict."""
        item = self._items(self._pk(agency_id, address), ANSWERS, document=encode(now), expires=keep_until)
        known = self._answers.text_of(item.pk, before or None)
        unmoved = self._items.document == known if known else self._items.pk.does_not_exist()
        save_over(item, unmoved)

    def note_landline(self, agency_id: str, address: str, at: datetime) -> None:
        """Remember that a phone can't get texts; Conflict."""
        profile = self._items(self._pk(agency_id, address), PROFILE)
        try:
            profile.update(actions=[self._items.landline_at.set(instant(at))])
        except UpdateError as error:
            raise as_conflict(error) from error

    def add_to_claim(self, transaction: TransactWrite, row: Notification, claim: Claim) -> None:
        """Add to a claim's transaction that the person still allows it at each of their addresses, and count it."""
        pk, items = self._pk(row.key.agency_id, row.address), self._items
        for address in sorted(row.addresses - {row.address}):
            surveys = claim.survey is not None
            self._add_elsewhere(transaction, row.key.agency_id, row.address, address, claim, surveys=surveys)
        if claim.survey:
            allowed = self._consents.open_to_surveys & self.silences.allows(claim.at)
            if claim.last_survey_before:
                before = instant(claim.last_survey_before)
                allowed &= items.surveyed_at.does_not_exist() | (items.surveyed_at <= before)
            asked_at = items.surveyed_at.set(instant(claim.survey.asked_at))
            transaction.update(items(pk, PROFILE), actions=[asked_at], condition=allowed)
            if claim.by_text:
                survey = claim.survey
                transaction.save(items(pk, SURVEY, document=survey.token_hash, expires=survey.expires_at))
        else:
            allowed = self._consents.open & self.silences.allows(claim.at)
            transaction.condition_check(items, pk, PROFILE, condition=allowed)
        if claim.counts:
            day = items(pk, f"{_DAY}{claim.day.isoformat()}")
            expires = datetime.combine(claim.day, time.min, UTC) + _KEEP_COUNTS
            below_cap = items.sent.does_not_exist() | (items.sent < claim.cap) if claim.cap else None
            spoken = items.language.set(claim.language)
            about = items.calls.add({row.key.incident_number})
            transaction.update(
                day, actions=[items.sent.add(1), items.expires.set(expires), spoken, about], condition=below_cap
            )

    def add_answer_to_claim(self, transaction: TransactWrite, agency_id: str, claim: CannedClaim) -> None:
        """Add to the claim of an answer that the person still allows it at each of their addresses, and count it."""
        items, pk = self._items, self._pk(agency_id, claim.phone)
        for address in sorted(claim.elsewhere):
            self._add_elsewhere(transaction, agency_id, claim.phone, address, claim, surveys=False)
        allowed = self._consents.open & self.silences.allows(claim.at)
        transaction.condition_check(items, pk, PROFILE, condition=allowed)
        if claim.counts:
            expires = datetime.combine(claim.day, time.min, UTC) + _KEEP_COUNTS
            below_cap = items.sent.does_not_exist() | (items.sent < claim.cap) if claim.cap else None
            day = items(pk, f"{_DAY}{claim.day.isoformat()}")
            transaction.update(day, actions=[items.sent.add(1), items.expires.set(expires)], condition=below_cap)

    def _add_elsewhere(
        self,
        transaction: TransactWrite,
        agency_id: str,
        at_address: str,
        address: str,
        claim: Claim | CannedClaim,
        *,
        surveys: bool,
    ) -> None:
        """Add that no STOP or silence has come by another address of the person; a START here outweighs that STOP."""
        items, here = self._items, self.load(agency_id, at_address, claim.day)
        allowed = self._consents.not_stopped(surveys=surveys)
        if here.opted_out is None and here.consent_at:
            allowed |= items.consent_at < instant(here.consent_at)
        allowed &= self.silences.allows(claim.at)
        transaction.condition_check(items, self._pk(agency_id, address), PROFILE, condition=allowed)

    def partition(self, agency_id: str, address: Address) -> str:
        """Return where a person's items are."""
        return self._pk(agency_id, address)

    def _pk(self, agency_id: str, address: Address) -> str:
        person = address if isinstance(address, Reference) else self.reference(address)
        return f"{agency_id}#{person.keyed_hash}"


def _contact(found: list[ContactItem], day: date) -> Contact:
    """Return what a person's items say, with the count of that day."""
    profile = next((item for item in found if item.sk == PROFILE), None)
    today = next((item for item in found if item.sk == f"{_DAY}{day.isoformat()}"), None)
    survey = next((item for item in found if item.sk == SURVEY), None)
    wish, chosen_at, bounced = chosen(profile)
    return Contact(
        opted_out=wish,
        consent_at=chosen_at,
        bounced=bounced,
        silenced_until=silent_until(found),
        unsafe=unsafe(profile),
        landline=bool(profile and profile.landline_at),
        sent_today=int(today.sent or 0) if today else 0,
        surveyed_at=read_instant(profile.surveyed_at) if profile and profile.surveyed_at else None,
        language=today.language or "" if today else "",
        survey=survey.document or "" if survey else "",
    )
