"""Signatures before going live, in memory."""

from msgspec.structs import replace

from chalicelib.domain.desk.signed import Signed
from chalicelib.ports.errors import Conflict


class MemorySigned:
    """The port `GoLiveSignatures`; nothing in memory expires."""

    def __init__(self) -> None:
        self._signed: dict[str, dict[str, Signed]] = {}

    def all_of(self, agency_id: str) -> dict[str, Signed]:
        """Return an agency's signatures by their names."""
        return {**self._signed.get(agency_id, {})}

    def write(self, agency_id: str, signed: Signed) -> Signed:
        """Write a signature over the one that it was read as; Conflict."""
        known = self._signed.setdefault(agency_id, {})
        if (known[signed.name].number if signed.name in known else 0) != signed.number:
            raise Conflict
        known[signed.name] = replace(signed, number=signed.number + 1)
        return known[signed.name]
