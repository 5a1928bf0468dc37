"""What texts depend on and a post does not say. Another post may say it: then all is well."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.incidents.update import Update


class Missing(Struct, frozen=True):
    """A field of which no update of the post says anything, and what does not happen without it."""

    field: str
    without_it: str


_CAD = {
    "received_at": "no acknowledgment and no delay notice",
    "incident_type": "nobody is told anything: a type that is not known is silent",
    "arrived_at": "people may be told of a delay although officers are there",
    "closed_at": "no outcome and no survey",
    "dispositions": "no outcome",
}
_RMS = {"case_numbers": "no case number is told"}
_NOBODY = "nobody is told anything"


def missing_in(updates: Sequence[Update], source: Source) -> Iterator[Missing]:
    """Yield what no update says, of those that would be taken."""
    if not updates:
        return
    said = {name for update in updates for name, value in update.facts.items() if value not in (None, ())}
    expected = _CAD if source == "cad" else _RMS
    yield from (Missing(name, why) for name, why in expected.items() if name not in said)
    parties = [party for update in updates for party in update.parties.values()]
    if not parties:
        yield Missing("reporting_parties", _NOBODY)
    elif not any(map(_can_be_reached, parties)):
        yield Missing(
            "reporting_parties[].phone", f"{_NOBODY}: there is neither a phone that can be texted nor an email"
        )


def _can_be_reached(party: Mapping[str, Any]) -> bool:
    phone = party.get("phone")
    return bool(party.get("email")) or bool(phone and phone.number)
