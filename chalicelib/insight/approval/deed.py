"""An act that takes two people, as each kind of it must say, be looked at anew and be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.approval import Act, Author, Entry, Proposal, step
from chalicelib.wiring import Aws


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
