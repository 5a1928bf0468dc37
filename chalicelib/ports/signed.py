"""Signatures before going live, as people at the desk and a command need them stored."""

from collections.abc import Mapping
from typing import Protocol

from chalicelib.domain.desk.signed import Signed


class GoLiveSignatures(Protocol):
    """The last signature of each name."""

    def all_of(self, agency_id: str) -> Mapping[str, Signed]:
        """Return an agency's signatures by their names, withdrawn ones too; by one Query."""

    def write(self, agency_id: str, signed: Signed) -> Signed:
        """Write a signature over the one that it was read as; Conflict."""
