"""Drafts whose time has come: each that two people saw is put in force, and of the others it is said why not.

No timer widens anything: two people approved this text over this version, and the time that was chosen for it. Where
the version in force is another, or the approval is void, nothing is published and somebody must look again. What
could not be published for a day, whatever failed, is published no more: those two chose a time, and it is long over.
"""

from datetime import datetime, timedelta

from chalicelib.domain.approval import Author
from chalicelib.domain.desk import drafts
from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.drafts import Draft, Refused, Why
from chalicelib.flow.apart import apart
from chalicelib.insight.drafts.publish import publish
from chalicelib.insight.drafts.void import decline
from chalicelib.insight.drafts.write import Gone, Unsound
from chalicelib.ports.errors import Conflict, NumberTaken
from chalicelib.wiring import Aws

TRIED_FOR = timedelta(days=1)
"""How long after its time a publication that fails is tried again."""


def publish_due(aws: Aws, now: datetime) -> int:
    """Put in force each draft whose time has come, and return how many; ExceptionGroup of those where it failed."""
    done: list[str] = []
    places = {f"{agency_id} {draft_id}": (agency_id, draft_id) for agency_id, draft_id in aws.drafts.due(now)}
    apart(places, lambda name: done.extend(_publish(aws, *places[name], now)))
    return len(done)


def _publish(aws: Aws, agency_id: str, draft_id: str, now: datetime) -> list[str]:
    draft = aws.drafts.find(agency_id, draft_id)
    if draft is None or draft.state != "scheduled" or draft.publish_at is None or draft.publish_at > now:
        return []
    if draft.second is None:
        return []
    if now - draft.publish_at >= TRIED_FOR:
        _too_late(aws, agency_id, draft, draft.second, now)
        return []
    try:
        publish(aws, agency_id, draft, draft.text, draft.second, now)
    except Conflict:
        return []  # somebody writes at this moment: the next minute sees what
    except Refused as refused:
        _give_up(aws, agency_id, draft, refused.why, now)
        return []
    except (Gone, Unsound, NumberTaken):
        _give_up(aws, agency_id, draft, "unsound", now)
        return []
    return [draft_id]


def _give_up(aws: Aws, agency_id: str, draft: Draft, why: Why, now: datetime) -> None:
    """Write why a draft was not put in force, and void its approval."""
    if draft.second is not None:
        decline(aws, agency_id, draft, draft.second, f"its time came: {why}", now)
    aws.drafts.write(agency_id, drafts.failed(draft, why, now))
    _tell(aws, agency_id, draft, now)


def _too_late(aws: Aws, agency_id: str, draft: Draft, second: Author, now: datetime) -> None:
    """Tell people before the ledger hears of it, since the ledger may be what failed.

    The draft without its approval can't be published, and at a terminal what was proposed lapsed after a day.
    """
    _tell(aws, agency_id, draft, now)
    try:
        aws.drafts.write(agency_id, drafts.failed(draft, "too_late", now))
    except Conflict:  # somebody decided at this moment: it waits for nobody
        aws.attention.note(agency_id, Attention(ended=frozenset({(Cause.DRAFT, draft.id)})))
        return
    decline(aws, agency_id, draft, second, "its time came: too_late", now)


def _tell(aws: Aws, agency_id: str, draft: Draft, now: datetime) -> None:
    waits = Waiting(agency_id=agency_id, cause=Cause.DRAFT, about=draft.id, since=now)
    aws.attention.note(agency_id, Attention((waits,)))
