"""Release a quarter's report: two people, of the digest of its text in all its languages.

What is released is the text that both of them could read: it is the job's result, which nothing makes anew.
"""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, both
from chalicelib.domain.desk.reports import Released, next_number, released_as
from chalicelib.insight.approval.deed import with_intent
from chalicelib.insight.approval.ledger import propose
from chalicelib.wiring import Aws

if TYPE_CHECKING:
    from chalicelib.insight.results.report import Made

REPORT = "report"
REASON = "nobody can answer for the quarter any more"
ENDS = "that only people of the agency read the report"


class NothingToRelease(LookupError):
    """The report is not made, is not what was read, or is released already."""


def propose_report(aws: Aws, agency_id: str, quarter: str, of: str, who: Author, at: datetime) -> Proposal:
    """Propose to release a quarter's report with a digest; NothingToRelease, Unidentified, Conflict."""
    words = {"quarter": quarter, "reason": REASON}
    act = _now(aws, Act(agency_id=agency_id, what=REPORT, words=words, of="", ends=(ENDS,)))
    if act.of != of:
        raise NothingToRelease(f"the report of {quarter} is not what was read")
    return propose(aws, Proposal(act=act, by=who.by, at=at, reason=REASON, name=who.name))


class Reporting:
    """Release a quarter's report."""

    def words(self, _aws: Aws, act: Act) -> str:
        """Return which quarter's."""
        return f"release the quarterly report of {act.words['quarter']}: {act.words['reason']}"

    def present(self, aws: Aws, act: Act, _address: str, _at: datetime) -> Act:
        """Return the act on the report as it is kept now; NothingToRelease."""
        return _now(aws, act)

    def do(self, aws: Aws, proposal: Proposal, second: Author, _address: str, at: datetime) -> str:
        """Write the approval, keep the version, and write what became of it."""
        act = proposal.act
        found = _made(aws, act)
        if found.of != act.of:  # read anew since it was compared
            raise NothingToRelease(f"the report of {act.words['quarter']} is not what was approved")
        number = next_number(aws.reports.released(act.agency_id), act.words["quarter"])
        released = Released(
            quarter=act.words["quarter"],
            number=number,
            of=found.of,
            languages=tuple(found.texts),
            by=both(proposal.author.written, second.written),
            at=at,
        )
        keep = partial(aws.reports.release, act.agency_id, released, found.texts)
        with_intent(aws, proposal, second, at, keep)
        return f"done: {self.words(aws, act)}"


def _now(aws: Aws, act: Act) -> Act:
    found = _made(aws, act)
    if released_as(aws.reports.released(act.agency_id), found.of):
        raise NothingToRelease(f"the report of {act.words['quarter']} is released already")
    return replace(act, of=found.of)


def _made(aws: Aws, act: Act) -> "Made":
    from chalicelib.insight.figures.quarter import Quarter
    from chalicelib.insight.results.report import made

    found = made(aws, act.agency_id, Quarter.named(act.words["quarter"]))
    if found is None:
        raise NothingToRelease(f"the report of {act.words['quarter']} is not made, or not kept any more")
    return found
