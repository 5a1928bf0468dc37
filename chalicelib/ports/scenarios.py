"""Scenarios of an agency, as pages, reviews and a command need them stored."""

from typing import Protocol

from chalicelib.domain.desk.scenarios import Kept


class Scenarios(Protocol):
    """An agency's scenarios by their names."""

    def all_of(self, agency_id: str) -> tuple[Kept, ...]:
        """Return an agency's scenarios in the order of their names, by one consistent Query."""

    def keep(self, agency_id: str, one: Kept) -> None:
        """Keep a scenario, in the place of what stood under its name."""

    def remove(self, agency_id: str, name: str) -> None:
        """Remove a scenario; one that is not there is no error."""
