"""Comments at the desk: the lists, and one comment as its writer has it now.

A list is one query and has no words. A comment is read from its survey, not from the lake: what its writer changed or
took back meanwhile, or what is an allegation by now, can't be released in the words of before.
"""

import hashlib
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.lake.written import written
from chalicelib.domain.language import Language
from chalicelib.domain.notifications.text_code import spoken
from chalicelib.domain.surveys.comment_release import CommentList, CommentRelease, Listed
from chalicelib.wiring import Aws

MOST = 20
"""Comments on a page."""


class Page(Struct, frozen=True):
    """Some of a list, the oldest day first; `after` asks for the next ones, or is ""."""

    found: tuple[Listed, ...]
    after: str


class Comment(Struct, frozen=True, kw_only=True):
    """A comment with its list, its words as they are now, and the last decision about it, if there was one."""

    which: CommentList
    listed: Listed
    comment: str
    words: str
    language: Language
    decision: CommentRelease | None

    @property
    def code(self) -> str:
        """Return the code that people say."""
        return spoken(self.listed.id)

    @property
    def stands(self) -> CommentRelease | None:
        """Return the decision, if it is about these words."""
        return self.decision if self.decision and self.decision.words == self.words else None

    @property
    def state(self) -> str:
        """Return a name for what somebody decides on: other words, and another decision meanwhile, have another."""
        return state_of(self.words, self.decision)


def page_of(aws: Aws, agency_id: str, which: CommentList, at: datetime, after: str = "") -> Page:
    """Return a page of a list, by one query; what still rests is left out."""
    found, onward = aws.comments.page(agency_id, which, MOST, after)
    return Page(tuple(one for one in found if one.shown(at)), onward)


def next_place(aws: Aws, agency_id: str, place: str, at: datetime) -> str:
    """Return where the next comment is that nobody has read, behind a place; "" where there is none."""
    found = page_of(aws, agency_id, "new", at, place).found
    return found[0].place if found else ""


def find(aws: Aws, agency_id: str, place: str, at: datetime) -> Comment | None:
    """Return a comment as its writer has it now; None where it is gone, taken back, or not for whoever reads here."""
    known = aws.comments.find(agency_id, place)
    if known is None or not known[1].shown(at):
        return None
    which, listed = known
    survey = aws.surveys.load(listed.survey)
    one = next((each for each in written(survey) if each.id == listed.id), None) if survey else None
    if survey is None or one is None or not one.comment:
        return None
    return Comment(
        which=which,
        listed=listed,
        comment=one.comment,
        words=one.words,
        language=survey.language,
        decision=aws.comments.decision(agency_id, listed.id),
    )


def state_of(words: str, decision: CommentRelease | None) -> str:
    """Return a name for words and the last decision about them."""
    decided = decision.decided_at.isoformat() if decision else ""
    return hashlib.sha256(f"{words} {decided}".encode()).hexdigest()[:24]
