"""An incident as all its updates together tell it, in whatever order they came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.contact import Phone
from chalicelib.domain.facts import ContactKind, Facts, Role
from chalicelib.domain.identity import IncidentKey
from chalicelib.domain.update import Evidence, Latch, Update, reachable_at

MOST_KEPT = 100
"""So many words, addresses or dated values of an incident are kept, and 30 parties; no real one comes near."""

MOST_PARTIES_KEPT = 30
_DATED = ("dispositions", "case_numbers")

T = TypeVar("T")


class Stamp(Struct, frozen=True, order=True, array_like=True):
    """When a fact was so, and which update said it: the later stamp wins."""

    as_of: datetime
    update_id: str


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or institution that reported the incident or suffered from it.

    `ever_at` are all addresses that the party ever had: an unsafe party makes each of them unsafe.
    """

    role: Role | None = None
    contact_kind: ContactKind | None = None
    phone: Phone | None = None
    email: str | None = None
    language: str | None = None
    unsafe: bool = False
    ever_at: frozenset[str] = frozenset()
    stamps: dict[str, Stamp] = {}

    @property
    def addresses(self) -> frozenset[str]:
        """Return every address by which the party could be reached."""
        return reachable_at(self.phone, self.email)


class Incident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of an incident: each field as of its latest word, plus what never fades.

    `merge` is commutative, associative and idempotent. Fields are last-writer-wins by stamp;
    latches, evidence and addresses only grow; `first_told` is when a value was first so. What
    would grow without end is cut in a way that does not depend on the order (the least stay), and
    then the incident is `overfull`: it can't be judged any more.
    """

    agency_id: str
    incident_number: str
    as_of: datetime | None = None
    facts: Facts = Facts()
    stamps: dict[str, Stamp] = {}
    parties: dict[str, Party] = {}
    latches: frozenset[Latch] = frozenset()
    evidence: frozenset[Evidence] = frozenset()
    addresses: frozenset[str] = frozenset()
    first_told: dict[str, datetime] = {}
    overfull: bool = False

    @property
    def key(self) -> IncidentKey:
        """Return the incident's name."""
        return IncidentKey(self.agency_id, self.incident_number)

    def told_since(self, name: str) -> datetime:
        """Return when the present dispositions or case numbers were first told; snapshots repeat them."""
        return self.first_told[_dated(name, getattr(self.facts, name))]

    def merge(self, update: Update) -> Self:
        """Return the incident with the update's word taken in, whatever came before it."""
        stamp = Stamp(update.as_of, update.update_id)
        news = {} if update.rejected else _newer(self.facts, self.stamps, update.facts, stamp)
        parties = self.parties | {
            party_id: _merge_party(self.parties.get(party_id, Party()), party_id, update, stamp)
            for party_id in update.parties.keys() | update.unsafe_parties
        }
        evidence, addresses = self.evidence | update.evidence, self.addresses | update.addresses
        first_told = _earliest(self.first_told, update)
        grown = (evidence, addresses, first_told, *(party.ever_at for party in parties.values()))
        return replace(
            self,
            as_of=max(self.as_of or update.as_of, update.as_of),
            facts=replace(self.facts, **news),
            stamps=self.stamps | dict.fromkeys(news, stamp),
            parties=_least(parties, MOST_PARTIES_KEPT),
            latches=self.latches | update.latches,
            evidence=frozenset(sorted(evidence)[:MOST_KEPT]),
            addresses=frozenset(sorted(addresses)[:MOST_KEPT]),
            first_told=_least(first_told, MOST_KEPT),
            overfull=self.overfull or len(parties) > MOST_PARTIES_KEPT or max(map(len, grown)) > MOST_KEPT,
        )

    def knows_no_less_than(self, other: Self) -> bool:
        """Tell whether `other` has nothing that is newer here: same values, each as of the same instant.

        Which update said it does not count: a webhook sent again under a new id is a duplicate.
        """
        return _without_sources(self) == _without_sources(other)


def _newer(known: Struct, stamps: Mapping[str, Stamp], told: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """Return those of the told fields whose word is later than what is known."""
    return {name: value for name, value in told.items() if _wins(value, stamp, getattr(known, name), stamps.get(name))}


def _wins(value: object, stamp: Stamp, known: object, known_stamp: Stamp | None) -> bool:
    if known_stamp is None or stamp != known_stamp:
        return known_stamp is None or stamp > known_stamp
    # One update id, two values: a broken source. Any rule will do that ignores which came first.
    return _canonical(value) > _canonical(known)


def _merge_party(party: Party, party_id: str, update: Update, stamp: Stamp) -> Party:
    told = update.parties.get(party_id, {})
    news = _newer(party, party.stamps, told, stamp)
    ever_at = party.ever_at | reachable_at(told.get("phone"), told.get("email"))
    return replace(
        party,
        **news,
        unsafe=party.unsafe or party_id in update.unsafe_parties,
        ever_at=frozenset(sorted(ever_at)[:MOST_KEPT]),
        stamps=party.stamps | dict.fromkeys(news, stamp),
    )


def _earliest(known: Mapping[str, datetime], update: Update) -> dict[str, datetime]:
    told = {_dated(name, update.facts[name]) for name in _DATED if update.facts.get(name)}
    return {**known, **{value: min(known.get(value, update.as_of), update.as_of) for value in told}}


def _dated(name: str, value: object) -> str:
    return f"{name}={_canonical(value).decode()}"


def _canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _least(items: Mapping[str, T], most: int) -> dict[str, T]:
    return dict(sorted(items.items())[:most])


def _without_sources(incident: Incident) -> Incident:
    def bare(stamps: dict[str, Stamp]) -> dict[str, Stamp]:
        return {name: replace(stamp, update_id="") for name, stamp in stamps.items()}

    parties = {party_id: replace(party, stamps=bare(party.stamps)) for party_id, party in incident.parties.items()}
    return replace(incident, stamps=bare(incident.stamps), parties=parties)
