"""Surveys in DynamoDB, by the hash of their token."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import CARD, SurveyItem, as_conflict, condition_failed, instant, save_over
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.errors import CardSpent

_KEEP_TRIES = timedelta(hours=1)
_KEEP_CARDS = timedelta(days=30)


class SurveyTable:
    """The port `Surveys` over DynamoDB."""

    def __init__(self, items: type[SurveyItem], connection: Connection) -> None:
        self._items, self.connection = items, connection

    def load(self, token_hash: str) -> Survey | None:
        """Read a survey by one consistent read."""
        item = self._items.find(token_hash)
        return read_survey(item.document) if item else None

    def put(self, survey: Survey) -> Survey:
        """Write a survey over the version that it was read as, and return it with its new version; Conflict."""
        written = replace(survey, version=survey.version + 1)
        expires, until = self._items.expires, survey.keep_until
        # A hold changes no version, so that its row may still ask again; whoever read before it must look again.
        unheld = expires == until if until else expires.does_not_exist()
        self._write_over(written, (self._items.version == survey.version) & unheld)
        return written

    def keep(self, token_hash: str, until: datetime | None) -> None:
        """Let a survey expire then, answered or not; None: never. Conflict where it was changed meanwhile."""
        survey = self.load(token_hash)
        if survey is None:
            return
        self._write_over(replace(survey, keep_until=until), self._items.version == survey.version)

    def forget(self, token_hash: str) -> None:
        """Delete a survey with its answer."""
        self._items(token_hash).delete()

    def add_to_claim(self, transaction: TransactWrite, survey: Survey) -> None:
        """Add to a claim's transaction the survey that its message asks; one that was touched stays as it is."""
        untouched = self._items.version.does_not_exist() | (self._items.version == 0)
        transaction.save(self._item(survey), self._items.answered_at.does_not_exist() & untouched)

    def card(self, token_hash: str) -> Card | None:
        """Read a card by one consistent read."""
        item = self._items.find(f"{CARD}{token_hash}")
        return replace(decode(item.document, Card), used=int(item.tries or 0)) if item else None

    def keep_card(self, card: Card) -> None:
        """Keep a new card, and for a while after its end, so that a spent one is told from one that never was."""
        item = self._items(f"{CARD}{card.token_hash}", document=encode(card), tries=card.used)
        item.expires = card.expires_at + _KEEP_CARDS
        item.save(self._items.pk.does_not_exist())

    def begin(self, card: Card, survey: Survey) -> None:
        """Count one use of a card and keep the survey that it begins, in one transaction; CardSpent, Conflict."""
        items = self._items
        spent = items(f"{CARD}{card.token_hash}")
        try:
            with TransactWrite(connection=self.connection) as transaction:
                transaction.update(spent, actions=[items.tries.add(1)], condition=items.tries < card.uses)
                transaction.save(self._item(survey), items.pk.does_not_exist())
        except TransactWriteError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
            if self.load(survey.token_hash) is None:
                raise CardSpent from error

    def add_code_to_claim(
        self, transaction: TransactWrite, code_hash: str, until: datetime, message: NotificationKey
    ) -> None:
        """Add to a claim's transaction the code that its message has."""
        transaction.save(self._items(f"code#{code_hash}", message=message.id, expires=until))

    def message_of(self, code_hash: str, now: datetime) -> NotificationKey | None:
        """Return the message that has a code; None for a wrong one, an old one, and one of an earlier release."""
        item = self._items.find(f"code#{code_hash}")
        if item is None or not item.message or item.expires is None or item.expires <= now:
            return None
        return NotificationKey.from_id(item.message)

    def has_code(self, code_hash: str, now: datetime) -> bool:
        """Tell whether a text with this code went out; what is past its time may not be removed yet."""
        expires = self._expiry(f"code#{code_hash}")
        return expires is not None and expires > now

    def wrong_codes(self, agency_id: str, now: datetime) -> int:
        """Return how many wrong codes an agency's page was given in this minute."""
        item = self._items.find(_minute(agency_id, now))
        return int(item.tries or 0) if item else 0

    def note_wrong_code(self, agency_id: str, now: datetime) -> None:
        """Count a wrong code."""
        items = self._items
        kept = items.expires.set(now + _KEEP_TRIES)
        items(_minute(agency_id, now)).update(actions=[items.tries.add(1), kept])

    def _write_over(self, survey: Survey, unmoved: Condition) -> None:
        save_over(self._item(survey), unmoved)

    def _expiry(self, pk: str) -> datetime | None:
        item = self._items.find(pk)
        return item.expires if item else None

    def _item(self, survey: Survey) -> SurveyItem:
        answered_at = instant(survey.answered_at) if survey.answered_at else None
        # Kept well past the link's end, so that an expired link is told from one that never was.
        return self._items(
            survey.token_hash,
            version=survey.version,
            answered_at=answered_at,
            document=encode(survey),
            expires=survey.keep_until,
        )


def _minute(agency_id: str, now: datetime) -> str:
    return f"wrong#{agency_id}#{now.astimezone(UTC):%Y-%m-%dT%H:%M}"


def read_survey(document: str | None) -> Survey:
    """Read a survey's document."""
    return decode(document, Survey)
