"""The ledger, as flows write to it."""

from typing import Protocol

from chalicelib.domain.ledger.noted import Noted


class Note(Protocol):
    """Keep entries for good by one write, all or none; the same entry again is kept once."""

    def __call__(self, *noted: Noted) -> None:
        """Keep them; NotNoted where they are not kept, Unnotable."""
