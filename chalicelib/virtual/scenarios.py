"""Scenarios of agencies, in memory."""

from chalicelib.domain.desk.scenarios import Kept


class MemoryScenarios:
    """The port `Scenarios`."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Kept]] = {}

    def all_of(self, agency_id: str) -> tuple[Kept, ...]:
        """Return an agency's scenarios in the order of their names."""
        return tuple(one for _, one in sorted(self._kept.get(agency_id, {}).items()))

    def keep(self, agency_id: str, one: Kept) -> None:
        """Keep a scenario, in the place of what stood under its name."""
        self._kept.setdefault(agency_id, {})[one.name] = one

    def remove(self, agency_id: str, name: str) -> None:
        """Remove a scenario."""
        self._kept.get(agency_id, {}).pop(name, None)
