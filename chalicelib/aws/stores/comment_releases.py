"""Which comments may be published, in DynamoDB, beside the surveys, whose stream the lake follows."""

from datetime import datetime

from chalicelib.aws.document import encode
from chalicelib.aws.tables import RELEASE, SurveyItem
from chalicelib.domain.surveys.comment_release import CommentRelease


class CommentReleaseTable:
    """Decisions on comments; the latest holds."""

    def __init__(self, items: type[SurveyItem]) -> None:
        self._items = items

    def keep(self, release: CommentRelease, keep_until: datetime) -> None:
        """Keep a decision in place of an earlier one."""
        pk = f"{RELEASE}{release.agency_id}#{release.comment_id}"
        self._items(pk, document=encode(release), expires=keep_until).save()
