"""Comments as the lake has them, read by somebody before the report may quote them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from chalicelib.domain.approval import Author, Proposal
from chalicelib.domain.ledger.what import REASONS, Why
from chalicelib.domain.notifications.text_code import in_groups, read_code, spoken
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.black_out import NotThere, is_blacked_out, mask_of
from chalicelib.domain.surveys.comment_release import CommentRelease, State, state_of
from chalicelib.domain.surveys.name_words import Lexicon, folded, proposed
from chalicelib.insight.approval import quoting
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import LakeSource
from chalicelib.wiring import Aws

Row = dict[str, Any]
REASON = REASONS[Why.QUALITY]
"""Why a comment is released: free words would have names in them."""

_AMONG = {"released": ("comments_unreleased",), "held": ("comments_unreleased", "comments")}
"""The queries whose comments a decision may be about."""
_SOUGHT = {"released": "comment that waits", "held": "comment of these days"}


class Decided(Struct, frozen=True):
    """Where, for whom, of which days, when and by whom comments are decided about."""

    aws: Aws
    source: LakeSource
    agency: Agency
    period: tuple[date, date]
    at: datetime
    by: str


class UnknownComment(LookupError):
    """There is no comment of that name among those that can be decided about."""


class MayName(ValueError):
    """A comment has words that may name a person, and nobody said what becomes of them."""


class Reading(Struct, frozen=True):
    """The decision of whoever read a comment: words to black out, words that stay, or `rest`: all others stay."""

    black_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    rest: bool = False


def listed(
    source: LakeSource, agency_id: str, first: date, last: date, lexicon: Lexicon, *, released: bool = False
) -> list[Row]:
    """Return the comments of a period that nobody released, or those that the report may quote; QueryFailed.

    Each has a `code` that people can say, and those that wait the words that `may_name` a person.
    """
    found = _asked(source, "comments" if released else "comments_unreleased", agency_id, first, last)
    told = [row | {"code": spoken(row["id"])} for row in found]
    return told if released else [row | {"may_name": proposed(row["comment"], lexicon)} for row in told]


def release(decided: Decided, ids: Sequence[str], reading: Reading, lexicon: Lexicon) -> tuple[Proposal, ...]:
    """Let the report quote comments as they were read; UnknownComment, MayName, before anything is changed.

    Returns the proposals of those in which words stay that may name somebody: these take two people. NothingToQuote.
    """
    rows = _named(decided, ids, "released")
    masks = [_mask(row, reading, lexicon) for row in rows]
    done = [_release(decided, row, mask, lexicon) for row, mask in zip(rows, masks, strict=True)]
    return tuple(one for one in done if one)


def _release(decided: Decided, row: Row, mask: str, lexicon: Lexicon) -> Proposal | None:
    words = (word for word in proposed(row["comment"], lexicon) if not is_blacked_out(word, row["comment"], mask))
    decision = _decision(row, state_of(mask), decided, mask)
    who = Author(decided.by)
    return quoting.release(decided.aws, decided.agency, decision, (*words,), who, REASON, decided.at)


def hold(decided: Decided, ids: Sequence[str]) -> None:
    """Keep comments out of the report, new and released ones; UnknownComment, before anything is changed."""
    _keep(decided, [_decision(row, "held", decided) for row in _named(decided, ids, "held")])


def _named(decided: Decided, ids: Sequence[str], state: State) -> list[Row]:
    """Return comments by their ids, or by the codes that people say."""
    ours = decided.agency.agency_id
    found = [row for asked in _AMONG[state] for row in _asked(decided.source, asked, ours, *decided.period)]
    return [_one(name, found, _SOUGHT[state]) for name in ids]


def _one(name: str, found: Sequence[Row], sought: str) -> Row:
    code = read_code(name)
    meant = [row for row in found if name == row["id"] or (code and spoken(row["id"]) == in_groups(code))]
    if not meant:
        raise UnknownComment(f"no {sought} is called {name!r}; nothing was changed")
    if len(meant) > 1:
        ids = ", ".join(row["id"] for row in meant)
        raise UnknownComment(f"{name} is the code of several ({ids}): name one by its id; nothing was changed")
    return meant[0]


def _mask(row: Row, reading: Reading, lexicon: Lexicon) -> str:
    """Return what is blacked out; MayName where a word may name a person and was not decided on."""
    name, comment = spoken(row["id"]), row["comment"]
    try:
        mask = mask_of(comment, reading.black_out)
    except NotThere as problem:
        raise MayName(f"{name} has no {str(problem)!r} to black out; nothing was changed") from None
    kept = {folded(word) for word in reading.keep}
    open_words = [
        word
        for word in proposed(comment, lexicon)
        if not reading.rest and folded(word) not in kept and not is_blacked_out(word, comment, mask)
    ]
    if open_words:
        words = ", ".join(open_words)
        raise MayName(f"{name} may name somebody: {words}. Say --black-out or --keep for each; nothing was changed")
    return mask


def _decision(row: Row, state: State, decided: Decided, mask: str = "") -> CommentRelease:
    return CommentRelease(
        agency_id=decided.agency.agency_id,
        comment_id=row["id"],
        dt=date.fromisoformat(str(row["dt"])),
        words=row["words"],
        state=state,
        decided_at=decided.at,
        decided_by=decided.by,
        mask=mask,
    )


def _keep(decided: Decided, decisions: Sequence[CommentRelease]) -> None:
    for one in decisions:
        decided.aws.comments.keep(one, decided.at + decided.agency.retention.surveys)


def _asked(source: LakeSource, name: str, agency_id: str, first: date, last: date) -> list[Row]:
    found = source.query(query(name).during(first, last)).dicts()
    return [row for row in found if row["agency_id"] == agency_id]
