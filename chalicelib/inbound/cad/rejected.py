"""Salvage an update that can't be taken: its known fields, and what in it must hold all the same."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw, Struct

from chalicelib.domain.incidents.facts import MOST_ENTRIES, Link, Name, Unit
from chalicelib.domain.incidents.update import Latch, Update
from chalicelib.domain.names import party_name
from chalicelib.inbound.cad.update_fields import PartyBody, UpdateBody

_NESTED: dict[str, type[Struct]] = {"reporting_parties": PartyBody, "linked_to": Link, "units": Unit}
_WORDS = ("incident_type", "incident_type_description", "type_modifier", "initial_type")
_LONGEST_WORDS = 400
_JSON = msgspec.json.Decoder(float_hook=str)
"""No known field is a fraction. As text it keeps its length: 1e15 would be written back as sixteen digits."""


class Rejected(Struct, frozen=True, omit_defaults=True):
    """An update that can't be taken, as the answer lists it."""

    index: int
    incident_number: str | None
    error: str


class Taken(Struct, frozen=True):
    """The answer to a webhook: what became of its updates."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]


def known_fields(raw: Raw) -> dict[str, Any]:
    """Return the part of an update that we would ever store: names and addresses stay out."""
    try:
        return _known(_JSON.decode(raw), UpdateBody) or {}
    except (ValueError, RecursionError):
        return {}


def salvage(known: Mapping[str, Any], update_id: str, now: datetime) -> Update | None:
    """Return what holds although the update is rejected, or None where nobody can say of which incident.

    Words about the incident's nature, latches, and parties who are unsafe to contact: each can only
    stop a text.
    """
    number = _name(known.get("incident_number"))
    facts: dict[str, Any] = {name: text[:_LONGEST_WORDS] for name in _WORDS if isinstance(text := known.get(name), str)}
    offenses = known.get("offenses")
    if isinstance(offenses, list):
        facts["offenses"] = tuple(code[:_LONGEST_WORDS] for code in offenses[:MOST_ENTRIES] if isinstance(code, str))
    latches = frozenset(latch for latch in Latch if known.get(latch) is True)
    unsafe = frozenset(_unsafe_parties(known.get("reporting_parties")))
    if number is None or not (facts or latches or unsafe):
        return None
    return Update(
        incident_number=number,
        as_of=now,
        update_id=update_id,
        facts=facts,
        latches=latches,
        unsafe_parties=unsafe,
        rejected=True,
    )


def _unsafe_parties(parties: object) -> Iterator[str]:
    for party in parties if isinstance(parties, list) else ():
        if isinstance(party, Mapping) and party.get("safe_to_contact") is False:
            name = _name(party.get("party_id"))
            if name:
                yield party_name(name)


def _name(value: object) -> str | None:
    try:
        return msgspec.convert(value, Name)
    except msgspec.ValidationError:
        return None


def _known(told: object, kind: type[Struct]) -> dict[str, Any] | None:
    """Return those fields of an object that its type has; None for what is no object."""
    if not isinstance(told, Mapping):
        return None
    return {name: _kept(told[name], _NESTED.get(name)) for name in kind.__struct_fields__ if name in told}


def _kept(value: object, kind: type[Struct] | None) -> object:
    """Return a field's value without objects, but for those of a kind that we know."""
    if isinstance(value, list):
        return [_kept(item, kind) for item in value if not isinstance(item, list)]
    if isinstance(value, Mapping):
        return _known(value, kind) if kind else None
    return value
