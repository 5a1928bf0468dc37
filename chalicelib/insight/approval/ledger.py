"""What waits for a second person in the ledger, and how it gets there."""

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
from chalicelib.wiring import Aws

HOURS = WAITS_FOR // timedelta(hours=1)
SHORTEST = 8
"""So many digits of a digest name a proposal: a day has few."""


class NotWaiting(LookupError):
    """No proposal of that name waits; the text says what to do."""


def propose(aws: Aws, proposal: Proposal) -> Proposal:
    """Put an act before a second person, and return what waits: the same act waits once.

    Unidentified, Conflict, NoLedger.
    """
    proposal = replace(proposal, by=person_behind(proposal.by))
    for one in what_waits(aws, proposal.act.agency_id, proposal.at):
        if one.act == proposal.act:
            return one
    aws.ledger.keep(proposed(proposal))
    return proposal


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
