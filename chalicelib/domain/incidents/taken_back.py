"""Tell what an update's nulls took back: values that its system had told, and that no longer hold.

A null is a word like any other (see `merge`). Where nothing was known, it takes nothing back. A program that writes
null for each field that it has nothing to say of takes back what it said itself a minute before: so each answer names
it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.merge import Source, Word
from chalicelib.domain.incidents.party import Party
from chalicelib.domain.incidents.update import ALSO_AT, Update


class TakenBack(Struct, frozen=True, omit_defaults=True):
    """The fields that an update took back; `index` is its place in what was sent, the names are the update's own."""

    index: int
    incident_number: str | None
    fields: tuple[str, ...]
    incident_id: str | None = None


def taken_back(before: Incident, after: Incident, update: Update) -> tuple[str, ...]:
    """Return the fields of which an update's null took away a value that the same system had told.

    Party fields are named by the party's place in the update, as `reporting_parties[0].phone`.
    """
    return (
        *_gone(_nulls(update.told), _of_facts(before), _of_facts(after), update.source),
        *(
            f"reporting_parties[{place}].{name}"
            for place, (party_id, told) in enumerate(update.parties.items())
            for name in _gone(
                _nulls(told),
                _of_party(before.parties.get(party_id)),
                _of_party(after.parties.get(party_id)),
                update.source,
            )
        ),
    )


def noted(
    known: Mapping[str, datetime], source: Source, taken: Iterable[TakenBack], now: datetime
) -> Mapping[str, datetime]:
    """Return when each field was last taken back, by `source.field`, with those that were taken back now."""
    return {**known, **{f"{source}.{_kind(field)}": now for each in taken for field in each.fields}}


def without_nulls(update: Update) -> Update:
    """Return an update as a system means it whose nulls say nothing."""
    return replace(
        update,
        facts=_said_only(update.facts),
        parties={party_id: _said_only(told) for party_id, told in update.parties.items()},
    )


def _said_only(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _kind(field: str) -> str:
    """Return a field without the party's place, which says nothing of the kind."""
    return field.rpartition(".")[2]


_Registers = tuple[tuple[Any, Mapping[str, Any]], ...]
"""Values, and the stamps of those that were told: what is shown first, then the other source's."""


def _of_facts(incident: Incident) -> _Registers:
    return (incident.facts, incident.stamps), (incident.other_facts, incident.other_stamps)


def _of_party(party: Party | None) -> _Registers:
    told = party or Party()
    other = told.other or Party()
    return (told, told.stamps), (other, other.stamps)


def _nulls(told: Mapping[str, Any]) -> list[str]:
    return [name for name, value in told.items() if value is None and name != ALSO_AT]


def _gone(names: Iterable[str], before: _Registers, after: _Registers, source: Source) -> Iterator[str]:
    return (name for name in names if _said(before, name, source) is not None and _said(after, name, source) is None)


def _said(registers: _Registers, name: str, source: Source) -> Any:
    """Return what a source said of a field; rows from before sources were known are of either."""
    words = [Word(getattr(values, name), stamps[name]) for values, stamps in registers if name in stamps]
    own = [word for word in words if word.stamp.source == source]
    return next((word.value for word in own or [word for word in words if not word.stamp.source]), None)
