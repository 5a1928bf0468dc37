"""Salvage an update that can't be taken: its known fields, and what in it must hold all the same."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts, Unit
from chalicelib.domain.incidents.taken_back import TakenBack
from chalicelib.domain.incidents.update import STOPPING, STOPS, Latch, Update
from chalicelib.domain.names import party_name
from chalicelib.domain.phones import readable_emails, readable_numbers
from chalicelib.inbound.cad import loosely
from chalicelib.inbound.cad.json_repair import in_utf8, with_every_value
from chalicelib.inbound.cad.several import WORDS
from chalicelib.inbound.cad.update_fields import ALLOWED, LinkBody, PartyBody, UpdateBody

_NESTED: dict[str, type[Struct]] = {"reporting_parties": PartyBody, "linked_to": LinkBody, "units": Unit}
_LONGEST_CONTACT = 254
CLOCK_SKEW = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

UNNAMED = "unnamed"
"""The party of which an update does not say by which id it is known."""

_JSON = msgspec.json.Decoder(float_hook=str)
"""No known field is a fraction. As text it keeps its length: 1e15 would be written back as sixteen digits."""


class Rejected(Struct, frozen=True, omit_defaults=True):
    """An update that can't be taken, as the answer lists it."""

    index: int
    incident_number: str | None
    error: str
    incident_id: str | None = None


class Taken(Struct, frozen=True, omit_defaults=True):
    """The answer to a webhook: what became of its updates, what nulls took back, how many records were passed over."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]
    taken_back: tuple[TakenBack, ...] = ()
    passed_over: int = 0


def known_fields(raw: Raw) -> dict[str, Any]:
    """Return the part of an update that we would ever store: names and addresses stay out."""
    try:
        return _known(_JSON.decode(in_utf8(raw)), UpdateBody) or {}
    except (ValueError, RecursionError):
        return {}


def as_it_came(raw: Raw) -> dict[str, Any]:
    """Return all fields of an update, of whatever type; nothing where it is no object."""
    try:
        told = with_every_value(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def salvage(told: Mapping[str, Any], update_id: str, country: str, now: datetime) -> Update | None:
    """Return what holds although the update is rejected, or None where nobody can say of which incident.

    Words about the incident's nature, latches, parties who are unsafe to contact, and facts that stop a text, such as
    an arrival. The JSON type of a word or a latch does not matter.
    """
    number, known_id = loosely.name(told.get("incident_number")), loosely.id_of(told.get("incident_id"))
    as_of = loosely.instant(told.get("as_of"), now + CLOCK_SKEW, EARLIEST)
    if not (number or known_id):
        return None
    people = [party for party in _entries(told.get("reporting_parties")) if isinstance(party, Mapping)]
    words = _plain_words(told)
    salvaged = Update(
        incident_number=number or "",
        incident_id=known_id or "",
        as_of=as_of or now,
        update_id=update_id,
        facts=words | _stops(told, now),
        latches=frozenset(latch for latch in Latch if loosely.is_yes(told.get(latch))),
        unsafe_parties=frozenset(_named(party) for party in people if loosely.is_no(party.get("safe_to_contact"))),
        reached=_reached(people, country),
        rejected=True,
        as_of_now=told.get("as_of_now") is True,
    )
    seen = frozenset(loosely.texts(told.get("first_seen"))) & salvaged.facts.keys() & set(ALLOWED["first_seen"])
    salvaged = replace(salvaged, words=loosely.evidence(told) - salvaged.evidence, first_seen=seen)
    holds = (salvaged.facts, salvaged.words, salvaged.latches, salvaged.unsafe_parties)
    return salvaged if any(holds) else None


def _plain_words(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words that have their field's form; a code and its description stay together so."""
    return {name: told[name] for name in WORDS if isinstance(told.get(name), str) and _has_form(name, told[name])}


def _has_form(name: str, text: str) -> bool:
    """Tell whether a fact may be so: what is stored is held against its form again when it is read."""
    try:
        msgspec.convert({name: text}, Facts)
    except msgspec.ValidationError:
        return False
    return True


def _stops(told: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    instants = {name: loosely.stop(told.get(name), now, CLOCK_SKEW, EARLIEST) for name in STOPS}
    facts: dict[str, Any] = {name: at for name, at in instants.items() if at}
    if told.get("exercise") not in (None, "") and loosely.is_yes(told.get("exercise")):
        facts["exercise"] = True
    for name in STOPPING:
        text = next(loosely.texts(told.get(name)), "")
        if text and name != "exercise" and _has_form(name, text):
            facts[name] = text
    return facts


def _reached(people: Iterable[Mapping[str, Any]], country: str) -> dict[str, frozenset[str]]:
    """Return the addresses of each party: they are silenced where the incident is sensitive."""
    found: dict[str, frozenset[str]] = {}
    for party in people:
        texts = [text[:_LONGEST_CONTACT] for name in ("phone", "email") for text in loosely.texts(party.get(name))]
        addresses = [readable_numbers(text, country) | readable_emails(text) for text in texts]
        found[_named(party)] = found.get(_named(party), frozenset()).union(*addresses)
    return {name: addresses for name, addresses in found.items() if addresses}


def _named(party: Mapping[str, Any]) -> str:
    """Return the name of a party; one whose id can't be read is known by that alone."""
    given = party.get("party_id")
    name = loosely.name(given)
    return party_name(name) if name else UNNAMED


def _entries(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


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
