"""Incidents: the state that all updates of one incident give together, in whatever order they came."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Self, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict as to_dict
from msgspec.structs import replace

from chalicelib.domain.incidents.duplicates import (
    MOST_FOLLOWERS,
    UNKNOWN_LEADER_WAIT,
    Follower,
    all_told,
    fitting,
    leader,
    people,
    ring,
    same,
)
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.first_seen import earliest, with_earliest
from chalicelib.domain.incidents.identity import MOST_NAMES, PROVEN, Identity, identified, seeded
from chalicelib.domain.incidents.legal_hold import LegalHold
from chalicelib.domain.incidents.merge import (
    Stamp,
    Word,
    canonical,
    heard,
    latest_of,
    least,
    settle,
    stamps_in,
    values_in,
    words_of,
)
from chalicelib.domain.incidents.party import Party, told_parties
from chalicelib.domain.incidents.release import Releasable, Release
from chalicelib.domain.incidents.sights import Sights, joined, sights_of
from chalicelib.domain.incidents.update import Evidence, Latch, Update, evidence_in
from chalicelib.domain.names import IncidentKey, Kind, recipient_name

MOST_KEPT = 100
"""The most words, addresses or dated values of an incident that are kept, beside 30 parties; no real one comes near."""

MOST_PARTIES_KEPT = 30
_DATED = ("dispositions", "case_numbers")
_DISPOSITIONS = "dispositions="
_LEADER = "leader"

IncidentT = TypeVar("IncidentT", bound="Incident")


class Incident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of an incident: the latest value of each field, and sets that only grow.

    `merge` is commutative, associative and idempotent. Each field has a register for each source (see `merge`): `facts`
    and `stamps` are what it shows, `other_facts` and `other_stamps` the word of the other source. Latches (words such
    as `juvenile` that hold until a person releases them), evidence and addresses only grow. `first_told` is when a
    value was first so. `first_seen` are the earliest of the times at which something was seen, by field, and `sights`
    those of an end of the call, with what took it back.

    Lists that would grow without end are cut to the first in their order, so the result does not depend on the order of
    updates. The incident is then `overfull`: it can't be judged any more, and nothing is sent. `followers` are or were
    duplicates of this one, by number; `leaders` are those of which it ever was said to be one. `heard_of` are those of
    them that are known to have been told of themselves. `told` are the kinds that its own parties got about another
    incident that was the same. `silences` says that the incident's people are silenced: so are those of whom it tells
    later, until a release. `incident_number` is the key: the first name that was heard of the incident, which may be an
    id in a form of its own (see `places`). `identity` has what people read, and every other name.
    """

    agency_id: str
    incident_number: str
    as_of: datetime | None = None
    facts: Facts = Facts()
    stamps: dict[str, Stamp] = {}
    other_facts: Facts = Facts()
    other_stamps: dict[str, Stamp] = {}
    parties: dict[str, Party] = {}
    latches: dict[Latch, datetime] = {}
    evidence: frozenset[Evidence] = frozenset()
    addresses: frozenset[str] = frozenset()
    first_told: dict[str, datetime] = {}
    first_seen: dict[str, datetime] = {}
    sights: dict[str, Sights] = {}
    followers: dict[str, Follower] = {}
    leaders: frozenset[str] = frozenset()
    heard_of: frozenset[str] = frozenset()
    told: dict[str, frozenset[Kind]] = {}
    releases: tuple[Release, ...] = ()
    legal_holds: dict[str, LegalHold] = {}
    overfull: bool = False
    silences: bool = False
    identity: Identity = Identity()

    @property
    def key(self) -> IncidentKey:
        """Return the incident's key."""
        return IncidentKey(self.agency_id, self.incident_number)

    @property
    def own_keys(self) -> frozenset[str]:
        """Return the incident's key, and those of incidents that were proven to be the same as it."""
        return frozenset({self.incident_number, *self.identity.merged})

    @property
    def same_as(self) -> str | None:
        """Return the number of the incident of which this one's people are told instead, or None.

        Of a ring, the incident with the smallest number speaks. One of which nobody has told does not speak, and
        neither does one that was proven to be the same as an older one.
        """
        if self.names is None or self.identity.same_as:
            return self.names
        if self._ring:
            speaks = min(number for number in self._ring if not self._proven(number))
            return None if speaks == self.incident_number else speaks
        return self.names if self.names in self.heard_of else None

    @property
    def names(self) -> str | None:
        """Return the number of the incident that this one is said to be a duplicate or a part of."""
        link = self.link
        return link[0].value if link else None

    @property
    def awaited(self) -> str | None:
        """Return the number of the incident that this one names, if nothing is known to have been told of that one."""
        names = self.names
        return None if names is None or names in self.heard_of or self._ring else names

    @property
    def waits_until(self) -> datetime | None:
        """Return until when the incident's people wait for the one that it names; later they are told of their own."""
        if self.awaited is None or self.link is None:
            return None
        first = self.first_told.get(_dated(_LEADER, self.awaited), self.link[0].stamp.as_of)
        return first + UNKNOWN_LEADER_WAIT

    @property
    def leads(self) -> bool:
        """Tell whether the incident's people are told of it, rather than of another."""
        return self.as_of is not None and self.same_as is None

    def _proven(self, number: str) -> bool:
        """Tell whether a follower was proven to be the same as an older incident."""
        return number in self.followers and self.followers[number].stamp.as_of == PROVEN

    @property
    def _ring(self) -> frozenset[str]:
        return ring(self.incident_number, self.names, self.followers)

    @property
    def link(self) -> tuple[Word, Word | None] | None:
        """Return whom the incident names as the same, by its own words alone: the word that counts, and the other."""
        if self.identity.same_as:
            return Word(self.identity.same_as, Stamp(PROVEN)), None
        if "linked_to" not in self.stamps and "linked_to" not in self.other_stamps:
            return None
        known = ((self.facts, self.stamps), (self.other_facts, self.other_stamps))
        words = [
            Word(leader(facts.linked_to, self.own_keys), stamps["linked_to"])
            for facts, stamps in known
            if "linked_to" in stamps
        ]
        return settle("leader", words)

    @property
    def same(self) -> dict[str, Follower]:
        """Return the incidents that are now the same as this one: each names it, or names one that does."""
        return same(self.incident_number, self.followers)

    @property
    def everyone(self) -> dict[str, Party]:
        """Return the parties by recipient: its own first, then those of the incidents that are the same one."""
        return self._own | people(self.same)

    @property
    def crowd(self) -> dict[str, Party]:
        """Return everyone, and the people of the others that name the incident which this one waits for."""
        beside = same(self.awaited, self.followers) if self.awaited else {}
        return self.everyone | people(beside)

    @property
    def all_addresses(self) -> frozenset[str]:
        """Return every address that was ever on the incident, or on one that is the same."""
        return self.addresses.union(*(party.ever_at for party in people(self.followers).values()))

    @property
    def unsafe_addresses(self) -> frozenset[str]:
        """Return every address of parties who must not be contacted."""
        return frozenset(self.unsafe_since)

    @property
    def unsafe_since(self) -> dict[str, datetime]:
        """Return every address of parties who must not be contacted, with the time of the latest word about it."""
        found: dict[str, datetime] = {}
        for name, party in self._known.items():
            if party.unsafe_as_of is not None and self._unsafe(name, party):
                told = dict.fromkeys(party.ever_at, party.unsafe_as_of)
                found = latest_of(found, told)
        return found

    @property
    def released_words(self) -> frozenset[Evidence]:
        """Return the words that a person has allowed, and that were not said again since."""
        found = (item.covered for item in self.releases if item.what == "sensitive")
        return frozenset[Evidence]().union(*found)

    @property
    def judged_words(self) -> frozenset[Evidence]:
        """Return every word about the incident's nature, with the dispositions that were ever told."""
        told = (name for name in self.first_told if name.startswith(_DISPOSITIONS))
        return self.evidence.union(*map(_disposition_words, told)) if self.first_told else self.evidence

    def ever_of(self, recipient: str) -> frozenset[str]:
        """Return every address that a party ever had."""
        party = self._known.get(recipient)
        return party.ever_at if party else frozenset()

    def is_unsafe(self, recipient: str) -> bool:
        """Tell whether a party must not be contacted, and was not released since."""
        party = self._known.get(recipient)
        return party is not None and self._unsafe(recipient, party)

    def _unsafe(self, name: str, party: Party) -> bool:
        return party.unsafe_as_of is not None and not self.released("unsafe", party.unsafe_as_of, name)

    @property
    def _standing(self) -> frozenset[Evidence]:
        """Return the words about the incident's nature that hold now."""
        return evidence_in(to_dict(self.facts))

    @property
    def _own(self) -> dict[str, Party]:
        return {recipient_name(party_id): party for party_id, party in sorted(self.parties.items())}

    @property
    def _known(self) -> dict[str, Party]:
        """Return the parties by recipient, with those of every incident that ever was the same."""
        return self._own | people(self.followers)

    def holds(self, latch: Latch) -> bool:
        """Tell whether a latch was set, and was not released since."""
        return latch in self.latches and not self.released(latch.value, self.latches[latch])

    def released(self, what: Releasable, since: datetime | None = None, party_id: str = "") -> bool:
        """Tell whether a person has released it, and nothing later was heard of it since."""
        found = (item for item in self.releases if (item.what, item.party_id) == (what, party_id))
        return any(since is None or (item.known_until is not None and item.known_until >= since) for item in found)

    def told_since(self, name: str) -> datetime:
        """Return when the present dispositions or case numbers were first told; snapshots repeat them."""
        return self.first_told[_dated(name, getattr(self.facts, name))]

    def merge(self, update: Update) -> Self:
        """Return the incident with an update merged in; the order of updates does not matter."""
        stamp = Stamp(update.as_of, sequence=update.sequence, source=update.source)
        told = {name: Word(value, stamp) for name, value in update.told.items()}
        if update.first_seen:
            seen = replace(stamp, first_seen=1)
            told |= {name: Word(told[name].value, seen) for name in update.first_seen if name in told}
        first_seen = earliest(self.first_seen, told) if update.first_seen else self.first_seen
        sights = sights_of(self.sights, told, self.first_seen)
        merged = replace(
            self,
            **_with_words(self, told, first_seen, sights),
            as_of=max(self.as_of or update.as_of, update.as_of),
            parties=told_parties(self.parties, update, stamp),
            latches=latest_of(self.latches, dict.fromkeys(update.latches, update.as_of)),
            evidence=self.evidence | update.evidence,
            addresses=self.addresses | update.addresses,
            first_told=_earliest(self.first_told, update, self.own_keys),
            first_seen=first_seen,
            sights=sights,
            leaders=self.leaders | _named(update, self.own_keys),
            releases=tuple(item.after(update) for item in self.releases),
            identity=identified(self, update),
        )
        return _cut(merged)

    def beside(self, named: "Incident") -> Self:
        """Return the incident beside the one that it names: its own if that one was heard of, else one of its family.

        While nobody has told of it, all that name it are one family. A word about one forbids texts about the others.
        """
        if named.as_of is not None or named.identity.same_as:
            return replace(self, heard_of=self.heard_of | {named.incident_number})
        others = {
            # What it says of our own followers it heard from us: only our own rows know what we told them.
            number: replace(each, told={}) if number in self.followers else each
            for number, each in named.followers.items()
            if number != self.incident_number
        }
        return self.adopt(others, named)

    def adopt(
        self,
        followers: Mapping[str, Follower],
        child: "Incident",
        told: Mapping[str, frozenset[Kind]] | None = None,
    ) -> Self:
        """Return the incident with other incidents' parties, and with the child's words and latches.

        `told` are the kinds that the incident's own parties got about the child.
        """
        known = {
            number: self.followers[number].joined(follower) if number in self.followers else follower
            for number, follower in followers.items()
        }
        adopted = replace(
            self,
            followers=self.followers | known,
            told=all_told(self.told, told or {}),
            latches=latest_of(self.latches, child.latches),
            evidence=self.evidence | child.judged_words,
            overfull=self.overfull or child.overfull,
            silences=self.silences or child.silences,
            releases=tuple(item.after_joining(child.incident_number, child.judged_words) for item in self.releases),
        )
        return _cut(adopted)

    def absorb(
        self, other: "Incident", followers: Mapping[str, Follower], told: Mapping[str, frozenset[Kind]], at: datetime
    ) -> Self:
        """Return the incident with all that is known of another one that was proven to be the same.

        It is as if every update had been about this one. Only the other's releases stay behind: a silence that they
        lifted was not lifted here. `followers` are those of the other, `told` the kinds that its parties got, and `at`
        the time of the proof.
        """
        known, first_seen = self, _first(self.first_seen, other.first_seen)
        sights = joined((self.sights, self.first_seen), (other.sights, other.first_seen))
        for facts, stamps in ((other.facts, other.stamps), (other.other_facts, other.other_stamps)):
            known = replace(known, **_with_words(known, words_of(facts, stamps, stamps), first_seen, sights))
        key = other.incident_number
        family = {**followers, key: Follower(leader=self.incident_number, stamp=Stamp(PROVEN))}
        known = replace(
            known,
            as_of=max((at for at in (self.as_of, other.as_of) if at), default=None),
            parties={
                party_id: self.parties.get(party_id, Party()).joined(other.parties.get(party_id, Party()))
                for party_id in sorted(self.parties.keys() | other.parties.keys())
            },
            addresses=self.addresses | other.addresses,
            first_told=_first(self.first_told, other.first_told),
            first_seen=first_seen,
            sights=sights,
            leaders=(self.leaders | other.leaders) - self.own_keys - {key},
            heard_of=self.heard_of | other.heard_of | {key},
            legal_holds={**other.legal_holds, **self.legal_holds},
            identity=seeded(self).joined(seeded(other), key, at),
        )
        return known.adopt(family, other, all_told(other.told, told))

    def release(self, release: Release) -> Self:
        """Return the incident with a person's release, which covers all that is known now."""
        known_until = {latch.value: at for latch, at in self.latches.items()}.get(release.what)
        if release.what == "unsafe" and release.party_id in self._known:
            known_until = self._known[release.party_id].unsafe_as_of
        given = replace(release, known_until=known_until)
        if release.what == "sensitive":
            known = {"evidence": self.judged_words, "standing": self._standing, "followers": frozenset(self.followers)}
            given = replace(given, known_until=self.as_of, **known)
        return replace(self, releases=(*self.releases, given), silences=False)

    def knows_no_less_than(self, other: Self) -> bool:
        """Tell whether `other` adds nothing: it has the same values, each as of the same instant.

        The update's id does not count: a webhook sent again under a new id is a duplicate.
        """
        same_fields = self.stamps.keys() == other.stamps.keys()  # of a new incident, never
        return same_fields and _without_sources(self) == _without_sources(other)


def _with_words(
    incident: Incident, told: Mapping[str, Word], first_seen: Mapping[str, datetime], sights: Mapping[str, Sights]
) -> dict[str, Any]:
    """Return the facts and stamps of an incident with more words, and with the first of all times of a sight."""
    shown = words_of(incident.facts, incident.stamps, told)
    other = words_of(incident.other_facts, incident.other_stamps, told) if incident.other_stamps else {}
    news = heard(shown, other, told)
    facts, stamps = replace(incident.facts, **values_in(news.shown)), incident.stamps | stamps_in(news.shown)
    other_facts = replace(incident.other_facts, **values_in(news.other)) if news.other else incident.other_facts
    other_stamps = incident.other_stamps | stamps_in(news.other)
    return {
        "facts": with_earliest(facts, stamps, first_seen, sights) if first_seen else facts,
        "stamps": stamps,
        "other_facts": with_earliest(other_facts, other_stamps, first_seen, sights) if first_seen else other_facts,
        "other_stamps": other_stamps,
    }


def _first(one: Mapping[str, datetime], other: Mapping[str, datetime]) -> dict[str, datetime]:
    """Return when each value was first told."""
    return {name: min(told[name] for told in (one, other) if name in told) for name in sorted({*one, *other})}


def _earliest(known: Mapping[str, datetime], update: Update, own: frozenset[str]) -> dict[str, datetime]:
    told = {_dated(name, update.facts[name]) for name in _DATED if update.facts.get(name)}
    told |= {_dated(_LEADER, named) for named in _named(update, own)}
    return {**known, **{value: min(known.get(value, update.as_of), update.as_of) for value in told}}


@lru_cache(maxsize=4096)
def _disposition_words(dated: str) -> frozenset[Evidence]:
    """Return the words of dispositions as they were told once."""
    codes = msgspec.json.decode(dated.removeprefix(_DISPOSITIONS), type=list[str])
    return frozenset(Evidence("dispositions", text=code) for code in codes)


def _dated(name: str, value: object) -> str:
    return f"{name}={canonical(value).decode()}"


def _without_sources(incident: Incident) -> Incident:
    def bare(stamps: dict[str, Stamp]) -> dict[str, Stamp]:
        return {name: replace(stamp, update_id="") for name, stamp in stamps.items()}

    def bare_party(party: Party) -> Party:
        return replace(party, stamps=bare(party.stamps), other=bare_party(party.other) if party.other else None)

    return replace(
        incident,
        stamps=bare(incident.stamps),
        other_stamps=bare(incident.other_stamps),
        parties={party_id: bare_party(party) for party_id, party in incident.parties.items()},
    )


def _cut(incident: IncidentT) -> IncidentT:
    """Return the incident within its limits; one that was larger than any real one is marked `overfull`."""
    grown = (incident.evidence, incident.addresses, incident.first_told)
    followers, leaders = fitting(incident.followers), incident.leaders
    crowd = len(followers) < len(incident.followers) or len(leaders) > MOST_FOLLOWERS
    crowd = crowd or max(len(incident.identity.ids), len(incident.identity.numbers)) > MOST_NAMES
    if not crowd and len(incident.parties) <= MOST_PARTIES_KEPT and max(map(len, grown)) <= MOST_KEPT:
        return incident
    return replace(
        incident,
        parties=least(incident.parties, MOST_PARTIES_KEPT),
        evidence=frozenset(sorted(incident.evidence)[:MOST_KEPT]),
        addresses=frozenset(sorted(incident.addresses)[:MOST_KEPT]),
        first_told=least(incident.first_told, MOST_KEPT),
        followers=followers,
        leaders=frozenset(sorted(leaders)[:MOST_FOLLOWERS]),
        identity=incident.identity.cut(),
        overfull=True,
    )


def _named(update: Update, own: frozenset[str]) -> set[str]:
    named = None if update.rejected else leader(update.facts.get("linked_to"), own)
    return {named} if named else set()
