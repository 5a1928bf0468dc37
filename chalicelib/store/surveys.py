"""Surveys in DynamoDB, by the hash of their token."""

from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import PutError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.survey import Survey
from chalicelib.ports import AlreadyAnswered
from chalicelib.store.document import decode, encode
from chalicelib.store.tables import SurveyItem, as_conflict, condition_failed, instant

_KEEP_TRIES = timedelta(hours=1)


class SurveyTable:
    """The port `Surveys` over DynamoDB."""

    def __init__(self, items: type[SurveyItem]) -> None:
        self._items = items

    def load(self, token_hash: str) -> Survey | None:
        """Read a survey by one consistent read."""
        try:
            item = self._items.get(token_hash, consistent_read=True)
        except self._items.DoesNotExist:
            return None
        return read_survey(item.document)

    def answer(self, survey: Survey) -> None:
        """Store the one answer; AlreadyAnswered, Conflict."""
        try:
            self._item(survey).save(self._items.answered_at.does_not_exist())
        except PutError as error:
            raise (AlreadyAnswered() if condition_failed(error) else as_conflict(error)) from error

    def add_to_claim(self, transaction: TransactWrite, survey: Survey) -> None:
        """Add to a claim's transaction the survey that its message asks; an answered one stays as it is."""
        transaction.save(self._item(survey), self._items.answered_at.does_not_exist())

    def add_code_to_claim(self, transaction: TransactWrite, code_hash: str, until: datetime) -> None:
        """Add to a claim's transaction the code that its message has."""
        transaction.save(self._items(f"code#{code_hash}", expires=until))

    def has_code(self, code_hash: str, now: datetime) -> bool:
        """Tell whether a text with this code went out; what is past its time may not be removed yet."""
        expires = self._expiry(f"code#{code_hash}")
        return expires is not None and expires > now

    def wrong_codes(self, agency_id: str, now: datetime) -> int:
        """Return how many wrong codes an agency's page was given in this minute."""
        try:
            return int(self._items.get(_minute(agency_id, now), consistent_read=True).tries or 0)
        except self._items.DoesNotExist:
            return 0

    def note_wrong_code(self, agency_id: str, now: datetime) -> None:
        """Count a wrong code."""
        items = self._items
        kept = items.expires.set(now + _KEEP_TRIES)
        items(_minute(agency_id, now)).update(actions=[items.tries.add(1), kept])

    def _expiry(self, pk: str) -> datetime | None:
        try:
            return self._items.get(pk, consistent_read=True).expires
        except self._items.DoesNotExist:
            return None

    def _item(self, survey: Survey) -> SurveyItem:
        answered_at = instant(survey.answered_at) if survey.answered_at else None
        # Kept well past the link's end, so that an expired link is told from one that never was.
        return self._items(
            survey.token_hash, answered_at=answered_at, document=encode(survey), expires=survey.keep_until
        )


def _minute(agency_id: str, now: datetime) -> str:
    return f"wrong#{agency_id}#{now.astimezone(UTC):%Y-%m-%dT%H:%M}"


def read_survey(document: str | None) -> Survey:
    """Read a survey's document."""
    return decode(document, Survey)
