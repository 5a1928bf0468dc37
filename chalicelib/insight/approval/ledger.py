"""What waits for a second person in the ledger, and how it gets there."""

import logging
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.approval import (
    BROKE_OFF_TOLD,
    WAITS_FOR,
    Entry,
    Proposal,
    broken_off,
    digest,
    person_behind,
    proposed,
    waiting,
)
from chalicelib.domain.desk import to_decide
from chalicelib.insight.unreachable import UNREACHABLE
from chalicelib.wiring import Aws

HOURS = WAITS_FOR // timedelta(hours=1)
SHORTEST = 8
"""So many digits of a digest name a proposal: a day has few."""

_log = logging.getLogger("tenfour")


class NotWaiting(LookupError):
    """No proposal of that name waits; the text says what to do."""


def propose(aws: Aws, proposal: Proposal) -> Proposal:
    """Put an act before a second person, and return what waits: the same act waits once.

    Whoever may decide on it is told on their first page and by email, and the list of that is written last. A crash in
    between tells nobody, and proposing the same again puts that right. Unidentified, Conflict, NoLedger.
    """
    proposal = replace(proposal, by=person_behind(proposal.by))
    known = what_waits(aws, proposal.act.agency_id, proposal.at)
    waits = next((one for one in known if one.act == proposal.act), None)
    if waits is None:
        aws.ledger.keep(proposed(proposal))
    aws.attention.note(proposal.act.agency_id, to_decide.begins(waits or proposal))
    return waits or proposal


def decided_on(aws: Aws, agency_id: str, digest: str) -> None:
    """Write that the act of a digest waits for nobody any more, once the ledger has the decision.

    Where that can't be written the decision stands all the same, and the entry ends by itself.
    """
    try:
        aws.attention.note(agency_id, to_decide.ends(digest))
    except UNREACHABLE:
        _log.warning("what was decided on is listed until it ends", extra={"agency": agency_id}, exc_info=True)


def what_waits(aws: Aws, agency_id: str, at: datetime) -> tuple[Proposal, ...]:
    """Return what waits for a second person, the oldest first; NoLedger."""
    return waiting(aws.ledger.since(agency_id, at - WAITS_FOR), at)


def what_broke_off(aws: Aws, agency_id: str, at: datetime) -> tuple[Entry, ...]:
    """Return the approvals of the last week's proposals whose acts were stopped in between; NoLedger."""
    return broken_off(aws.ledger.since(agency_id, at - BROKE_OFF_TOLD), at)


def find(aws: Aws, agency_id: str, name: str, at: datetime) -> Proposal:
    """Return what waits under a digest, or the beginning of one; NotWaiting, NoLedger."""
    found = [one for one in what_waits(aws, agency_id, at) if digest(one.act).startswith(name)]
    if len(name) < SHORTEST or len(found) != 1:
        raise NotWaiting(f"nothing waits as {name!r}: `tenfour approve` lists what does, each for {HOURS} hours")
    return found[0]
