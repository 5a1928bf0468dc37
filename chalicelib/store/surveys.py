"""Surveys in DynamoDB, by the hash of their token."""

from pynamodb.exceptions import PutError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.survey import Survey
from chalicelib.ports import AlreadyAnswered
from chalicelib.store.document import decode, encode
from chalicelib.store.tables import SurveyItem, as_conflict, condition_failed, instant


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

    def _item(self, survey: Survey) -> SurveyItem:
        answered_at = instant(survey.answered_at) if survey.answered_at else None
        # Kept well past the link's end, so that an expired link is told from one that never was.
        return self._items(
            survey.token_hash, answered_at=answered_at, document=encode(survey), expires=survey.keep_until
        )


def read_survey(document: str | None) -> Survey:
    """Read a survey's document."""
    return decode(document, Survey)
