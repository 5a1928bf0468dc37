"""Purge a part of the ledger by order, before its retention ends: it can't be taken back, so it takes two people."""

from datetime import datetime, tzinfo
from functools import partial

from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, both
from chalicelib.domain.ledger.what import Why
from chalicelib.insight.approval.deed import with_intent
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.ledger.purge import Purge, carry_out, what_is_in
from chalicelib.wiring import Aws


class TooLate(ValueError):
    """The range of time does not end in the past, or ends before it begins."""


def propose_purge(
    aws: Aws, agency_id: str, since: datetime, before: datetime, who: Author, reason: str, at: datetime
) -> Proposal:
    """Propose to purge a range of time; TooLate, NothingToPurge."""
    if not since < before <= at:
        raise TooLate("--from and --to: the first day comes first, and the last one is over")
    days = Purge(agency_id=agency_id, since=since, before=before).days(_zone(aws, agency_id))
    words = {"from": since.isoformat(), "to": before.isoformat(), "days": days, "reason": reason}
    act = Act(agency_id=agency_id, what="purge", words=words, of="", ends=())
    return propose(aws, Proposal(act=_now(aws, act), by=who.by, at=at, reason=reason, name=who.name))


class Purging:
    """Delete the looks and acts of a range of time."""

    def words(self, _aws: Aws, act: Act) -> str:
        """Return which days."""
        return f"purge the ledger, {act.words['days']}: {act.words['reason']}"

    def present(self, aws: Aws, act: Act, _address: str, _at: datetime) -> Act:
        """Return the act with as many entries as there are now; NothingToPurge."""
        return _now(aws, act)

    def do(self, aws: Aws, proposal: Proposal, second: Author, _address: str, at: datetime) -> str:
        """Write the approval, note the purge, do it, and write what became of it."""
        act, purge = proposal.act, _purge(aws, proposal.act)
        by, zone, reason = both(proposal.by, second.by), _zone(aws, act.agency_id), act.words["reason"]
        carried_out = partial(carry_out, aws, purge, by, at, zone, Why.BY_COMMAND, reason)
        with_intent(aws, proposal, second, at, carried_out)
        return f"purged: {purge.count:,} entries of the ledger, {act.words['days']}"


def _now(aws: Aws, act: Act) -> Act:
    purge = _purge(aws, act)
    gone = f"{purge.count:,} looks and acts of {act.words['days']} are deleted for good"
    ends = (f"{gone}; the locked copies stay until their own time ends",)
    return Act(agency_id=act.agency_id, what=act.what, words=act.words, of=str(purge.count), ends=ends)


def _purge(aws: Aws, act: Act) -> Purge:
    since, before = (datetime.fromisoformat(act.words[name]) for name in ("from", "to"))
    return replace(what_is_in(aws, act.agency_id, since, before), since=since)


def _zone(aws: Aws, agency_id: str) -> tzinfo:
    agency = aws.settings.agency(agency_id)
    if agency is None:
        raise LookupError(agency_id)
    return agency.zone
