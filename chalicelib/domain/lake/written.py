"""What people wrote in a survey, as others than professional standards may read it.

An allegation of misconduct takes the whole survey along: its comments are blank here, as if they were taken back. So no
list, count, export or report has them, and what was released of that survey before is not quoted any more.
"""

from msgspec import Struct

from chalicelib.domain.lake.redact import without_addresses
from chalicelib.domain.lake.row_names import row_name
from chalicelib.domain.surveys.follow_up import alleges
from chalicelib.domain.surveys.read_comment import scrub
from chalicelib.domain.surveys.survey import Survey


class Written(Struct, frozen=True, kw_only=True):
    """One comment: its id in the lake, its question, what was written without addresses, and the digest of that.

    `comment` is "" where it was taken back, and where nobody but standards may read it.
    """

    id: str
    question: str
    comment: str
    words: str


def written(survey: Survey) -> tuple[Written, ...]:
    """Return the comments of a survey, with the words that came by text beside a mark, or in its place."""
    hidden = alleges(survey)
    kinds: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
        ((), survey.answers.comments),
        (("remark",), survey.answers.remarks),
    )
    return tuple(
        _written(row_name(survey.token_hash, question, *kind), question, "" if hidden else words)
        for kind, comments in kinds
        for question, words in comments.items()
    )


def _written(name: str, question: str, words: str) -> Written:
    comment = without_addresses(scrub(words))
    return Written(id=name, question=question, comment=comment, words=row_name(comment))


class Changes(Struct, frozen=True):
    """What an answer does to a survey's comments: those to read anew, and the ids of those whose words are no more."""

    anew: tuple[Written, ...]
    gone: tuple[str, ...]


def changes(before: Survey, after: Survey) -> Changes:
    """Return what an answer does to comments, as others than professional standards may read them.

    Of an allegation all is gone: an answer that was overtaken by one may have listed its words already.
    """
    known = {one.id: one.words for one in written(before) if one.comment}
    now = written(after)
    stands = {one.id: one.words for one in now if one.comment}
    hidden = [one.id for one in now] if alleges(after) else []
    gone = [name for name, words in known.items() if stands.get(name) != words]
    return Changes(
        anew=tuple(one for one in now if one.comment and known.get(one.id) != one.words),
        gone=tuple(dict.fromkeys([*gone, *hidden])),
    )
