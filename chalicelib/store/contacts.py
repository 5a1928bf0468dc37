"""What we know of people, in DynamoDB, by a keyed hash of their phone or email."""

import hmac
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.contact import Contact, OptOutScope
from chalicelib.domain.record import Change, Claim
from chalicelib.store.document import encode
from chalicelib.store.tables import PROFILE, ContactItem, as_conflict, condition_failed, instant, read_instant

_KEEP_COUNTS = timedelta(days=3)


class Consent(Struct, frozen=True):
    """One entry of a person's history of consent."""

    opted_out: OptOutScope | None
    words: str


class ContactTable:
    """The port `Contacts` over DynamoDB."""

    def __init__(self, items: type[ContactItem], secret: Callable[[], bytes], connection: Connection) -> None:
        self._items, self._secret, self._connection = items, secret, connection

    def load(self, agency_id: str, address: str, day: date) -> Contact:
        """Read profile, silences and the day's count by one consistent Query."""
        start = f"day#{day.isoformat()}"
        found = list(self._items.query(self._pk(agency_id, address), self._items.sk >= start, consistent_read=True))
        profile = next((item for item in found if item.sk == PROFILE), None)
        silences = [read_instant(item.until) for item in found if item.until]
        return Contact(
            opted_out=OptOutScope(profile.opted_out) if profile and profile.opted_out else None,
            silenced_until=max(silences, default=None),
            landline=bool(profile and profile.landline_at),
            sent_today=next((int(item.sent or 0) for item in found if item.sk == start), 0),
            surveyed_at=read_instant(profile.surveyed_at) if profile and profile.surveyed_at else None,
        )

    def opt_out(self, agency_id: str, address: str, scope: OptOutScope, at: datetime, words: str) -> None:
        """Note that a person wants no more; Conflict."""
        self._consent(agency_id, address, scope, at, words)

    def opt_in(self, agency_id: str, address: str, at: datetime, words: str) -> None:
        """Note that a person wants to hear from us again; Conflict."""
        self._consent(agency_id, address, None, at, words)

    def note_landline(self, agency_id: str, address: str, at: datetime) -> None:
        """Remember that a phone can't get texts; Conflict."""
        profile = self._items(self._pk(agency_id, address), PROFILE)
        try:
            profile.update(actions=[self._items.landline_at.set(instant(at))])
        except UpdateError as error:
            raise as_conflict(error) from error

    def silences(self, change: Change) -> list[ContactItem]:
        """Return the items by which a sensitive incident silences its addresses, one for each."""
        if change.silence is None:
            return []
        agency_id, number, until = change.incident.agency_id, change.incident.incident_number, change.silence.until
        return [
            self._items(self._pk(agency_id, address), f"silence#{number}", until=instant(until), expires=until)
            for address in sorted(change.silence.addresses)
        ]

    def add_to_claim(self, transaction: TransactWrite, agency_id: str, address: str, claim: Claim) -> None:
        """Add to a claim's transaction that the person still allows it, and count the message."""
        pk, items = self._pk(agency_id, address), self._items
        if claim.survey:
            allowed = items.opted_out.does_not_exist()
            if claim.last_survey_before:
                before = instant(claim.last_survey_before)
                allowed &= items.surveyed_at.does_not_exist() | (items.surveyed_at <= before)
            asked_at = items.surveyed_at.set(instant(claim.survey.asked_at))
            transaction.update(items(pk, PROFILE), actions=[asked_at], condition=allowed)
        else:
            allowed = items.opted_out.does_not_exist() | (items.opted_out != OptOutScope.ALL.value)
            transaction.condition_check(items, pk, PROFILE, condition=allowed)
        if claim.counts:
            day = items(pk, f"day#{claim.day.isoformat()}")
            expires = datetime.combine(claim.day, time.min, UTC) + _KEEP_COUNTS
            below_cap = items.sent.does_not_exist() | (items.sent < claim.cap) if claim.cap else None
            transaction.update(day, actions=[items.sent.add(1), items.expires.set(expires)], condition=below_cap)

    def _consent(self, agency_id: str, address: str, scope: OptOutScope | None, at: datetime, words: str) -> None:
        """Write the profile unless a later word is known, and the history in any case."""
        pk, items = self._pk(agency_id, address), self._items
        entry = items(pk, f"consent#{instant(at)}", document=encode(Consent(scope, words)))
        change = items.opted_out.set(scope.value) if scope else items.opted_out.remove()
        latest = items.consent_at.does_not_exist() | (items.consent_at <= instant(at))
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.update(
                    items(pk, PROFILE), actions=[change, items.consent_at.set(instant(at))], condition=latest
                )
                transaction.save(entry)
        except TransactWriteError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
            entry.save()

    def _pk(self, agency_id: str, address: str) -> str:
        return f"{agency_id}#{hmac.digest(self._secret(), address.encode(), 'sha256').hex()}"
