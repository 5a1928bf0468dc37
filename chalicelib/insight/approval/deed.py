"""An act that takes two people, as each kind of it must say, be looked at anew and be done."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from chalicelib.domain.approval import Act, Author, Entry, NotApproved, Proposal, declined, digest, step
from chalicelib.insight.approval.ledger import decided_on
from chalicelib.wiring import Aws

T = TypeVar("T")
DECIDED = "somebody else has decided on it at the same moment"


class Deed(Protocol):
    """One kind of act that ends a protection."""

    def words(self, aws: Aws, act: Act) -> str:
        """Return what the act does, in one line."""

    def present(self, aws: Aws, act: Act, address: str, at: datetime) -> Act:
        """Return the act as it would be done now, with what it would end; ValueError, LookupError where it can't be.

        `address` is what the second person gave of whoever the act is about, where the ledger does not name them.
        """

    def do(self, aws: Aws, proposal: Proposal, second: Author, address: str, at: datetime) -> str:
        """Do the act and write its entries, and return what was done; Conflict, Busy, ValueError, LookupError."""


def taken(proposal: Proposal, second: Author, at: datetime) -> Sequence[Entry]:
    """Return the entries of an act whose result is known with the act itself."""
    return step(proposal, "approved", second, at), step(proposal, "done", second, at)


def with_intent(aws: Aws, proposal: Proposal, second: Author, at: datetime, do: Callable[[], T]) -> T:
    """Write the approval, do what no transaction can hold together with it, and write what became of it.

    Somebody may decline between the look at what waits and the approval. Each of the two writes first and looks then,
    so one of them at least sees the other, and whoever is told that it is declined can rely on it.

    Raises NotApproved for that, and whatever `do` raises, once the ledger says that it failed.
    """
    aws.ledger.keep(step(proposal, "approved", second, at))
    if declined(proposal, aws.ledger.since(proposal.act.agency_id, proposal.at)):
        raise NotApproved(DECIDED)
    try:
        done = do()
    except Exception as problem:
        aws.ledger.keep(step(proposal, "failed", second, at, type(problem).__name__))
        decided_on(aws, proposal.act.agency_id, digest(proposal.act))
        raise
    aws.ledger.keep(step(proposal, "done", second, at))
    return done
