"""Contacts in DynamoDB, by a keyed hash of a phone or email."""

import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.as_read import AsRead
from chalicelib.aws.stores.consents import Consents, chosen
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.silences import SILENCE, Silences, silent_until, unsafe
from chalicelib.aws.tables import (
    ANSWERS,
    PROFILE,
    SURVEY,
    ContactItem,
    as_conflict,
    condition_failed,
    instant,
    read_instant,
    save_over,
)
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim
from chalicelib.domain.people.consent import Address, Consent, ConsentSource, Reference
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.reply import Answered, KeptReply, Reply

_KEEP_COUNTS = timedelta(days=14)
"""A day's item counts its texts and names their calls, so that a text back leads to them for so long."""

_DAY = "day#"


class ContactTable:
    """The port `Contacts` over DynamoDB."""

    def __init__(self, items: type[ContactItem], secret: Callable[[], bytes], connection: Connection) -> None:
        self._items, self._secret, self._connection = items, secret, connection
        self._consents, self.silences = Consents(items, connection), Silences(items, self._pk)
        self._answers = AsRead[tuple[Answered, ...]](tuple[Answered, ...], log_left_out)

    def calls(self, agency_id: str, address: Address) -> tuple[str, ...]:
        """Return the incidents of a phone that are known here, those of the latest texts first."""
        start = self._items.sk >= _DAY
        found = list(self._items.query(self._pk(agency_id, address), start, scan_index_forward=False))
        texted = [sorted(item.calls or (), reverse=True) for item in found if item.sk.startswith(_DAY)]
        silenced = [item.sk.removeprefix(SILENCE) for item in found if item.sk.startswith(SILENCE)]
        return tuple(dict.fromkeys((*chain.from_iterable(texted), *silenced)))

    def reference(self, address: str) -> Reference:
        """Return the keyed hash under which a person is known."""
        return Reference(hmac.digest(self._secret(), address.encode(), "sha256").hex())

    def load(self, agency_id: str, address: Address, day: date) -> Contact:
        """Read profile, silences and the day's count by one consistent Query."""
        start = f"{_DAY}{day.isoformat()}"
        found = list(self._items.query(self._pk(agency_id, address), self._items.sk >= start, consistent_read=True))
        profile = next((item for item in found if item.sk == PROFILE), None)
        today = next((item for item in found if item.sk == start), None)
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

    def keep_reply(self, agency_id: str, reply: Reply, keep_until: datetime | None) -> None:
        """Keep what a person texted back, without the phone that it came from but for its last four digits."""
        keyed_hash = self.reference(reply.sender).keyed_hash
        kept = KeptReply(reply.at, reply.body, reply.sender[-4:], keyed_hash)
        sort_key = f"reply#{instant(reply.at)}#{keyed_hash}"
        self._items(f"!replies#{agency_id}", sort_key, document=encode(kept), expires=keep_until).save()

    def replies(self, agency_id: str) -> Iterator[KeptReply]:
        """Yield what people texted back to an agency, newest first: for people who look, not for a flow."""
        for item in self._items.query(f"!replies#{agency_id}", scan_index_forward=False):
            yield decode(item.document, KeptReply)

    def answered(self, agency_id: str, address: str) -> tuple[Answered, ...]:
        """Return the answers that a person got lately."""
        try:
            item = self._items.get(self._pk(agency_id, address), ANSWERS, consistent_read=True)
        except self._items.DoesNotExist:
            return ()
        return self._answers.read(item.pk, item.document) or ()

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
            self._add_elsewhere(transaction, row, address, claim)
        if claim.survey:
            allowed = self._consents.open_to_surveys() & self.silences.allows(claim.at)
            if claim.last_survey_before:
                before = instant(claim.last_survey_before)
                allowed &= items.surveyed_at.does_not_exist() | (items.surveyed_at <= before)
            asked_at = items.surveyed_at.set(instant(claim.survey.asked_at))
            transaction.update(items(pk, PROFILE), actions=[asked_at], condition=allowed)
            if claim.by_text:
                survey = claim.survey
                transaction.save(items(pk, SURVEY, document=survey.token_hash, expires=survey.expires_at))
        else:
            allowed = self._consents.open() & self.silences.allows(claim.at)
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

    def _add_elsewhere(self, transaction: TransactWrite, row: Notification, address: str, claim: Claim) -> None:
        """Add that no STOP or silence has come by another address of the person; a START here outweighs that STOP."""
        items, here = self._items, self.load(row.key.agency_id, row.address, claim.day)
        allowed = self._consents.not_stopped(surveys=claim.survey is not None)
        if here.opted_out is None and here.consent_at:
            allowed |= items.consent_at < instant(here.consent_at)
        allowed &= self.silences.allows(claim.at)
        transaction.condition_check(items, self._pk(row.key.agency_id, address), PROFILE, condition=allowed)

    def partition(self, agency_id: str, address: Address) -> str:
        """Return where a person's items are."""
        return self._pk(agency_id, address)

    def _pk(self, agency_id: str, address: Address) -> str:
        person = address if isinstance(address, Reference) else self.reference(address)
        return f"{agency_id}#{person.keyed_hash}"
