"""Restore a version that two people approved, by one person and at once: for words that went wrong.

The ledger is not asked, since it may be what is down: the version itself has who published it. Judgements stay those in
force, as with a draft: one person silences a word at once, and that must not end with other words.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.approval import Author, person_behind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.restore import NotRestored, WhyNot, may_restore
from chalicelib.insight.drafts.write import Unsound, in_force, sound
from chalicelib.insight.settings.calls import NoVersion
from chalicelib.insight.settings.written import written
from chalicelib.wiring import Aws


class Restorable(Struct, frozen=True, kw_only=True):
    """A version as it would be in force again, over the one that is: `text` says the same."""

    number: int
    over: int
    settings: Agency
    text: str


def restorable(aws: Aws, agency_id: str, number: int) -> Restorable:
    """Return a version that one person may restore; NotRestored, NoVersion, Gone."""
    present = in_force(aws, agency_id)
    if number > present.version:
        raise NotRestored("later")
    before, signed = aws.settings.version(agency_id, number), aws.settings.signed(agency_id, number)
    if before is None or signed is None:
        raise NoVersion(f"{agency_id} has no version {number}")
    text = written(aws, before).text
    try:
        settings = sound(text, present)
    except Unsound:
        raise NotRestored("unsound") from None
    may_restore(present, number, signed[0], settings)
    return Restorable(number=number, over=present.version, settings=settings, text=text)


def why_not(aws: Aws, agency_id: str, number: int) -> WhyNot | None:
    """Return why one person can't restore a version, or None where they can; NoVersion, Gone."""
    try:
        restorable(aws, agency_id, number)
    except NotRestored as problem:
        return problem.why
    return None


def restore(aws: Aws, agency_id: str, number: int, over: int | None, who: Author, reason: str, at: datetime) -> Agency:
    """Put a version in force again at once, as a new one, and return it.

    `over` is the version that somebody saw in force, if they saw one. NotRestored, NoVersion, NumberTaken, Conflict,
    Unidentified.
    """
    person_behind(who.by)
    one = restorable(aws, agency_id, number)
    comment = f"back to {number}, in an emergency{f': {reason}' if reason else ''}"
    over = one.over if over is None else over
    return aws.settings.publish(one.settings, who.written, comment, at, over=over, source=one.text)
