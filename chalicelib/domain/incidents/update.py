"""Updates: the content of one message about one incident, checked and cleaned."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.incidents.stopping import rank
from chalicelib.domain.phones import Phone

ALSO_AT = "also_at"
"""The name, among a party's fields in an update, of the numbers and emails that can be read but not written to."""


class Latch(StrEnum):
    """A word that holds for good once any update has said it; only an audited release clears it."""

    JUVENILE = "juvenile"
    DO_NOT_CONTACT = "do_not_contact"


STOPS = ("arrived_at", "closed_at", "cancelled_at")
"""Instants after which nobody waits any more. They hold even where the rest of an update is rejected."""

STOPPING = ("exercise", "origin", "response_mode", "transferred_to")
"""Facts of which a value stops texts, such as a drill or a call that an officer began. Such a value holds, too."""


TYPES = frozenset({"incident_type", "initial_type"})
"""The fields of evidence that hold a type: its words are looked up in the code list, and judged as one."""


class Evidence(Struct, frozen=True, order=True, array_like=True):
    """Words of one update about the nature of the incident; the safety floor reads them all."""

    field: str
    code: str = ""
    text: str = ""


class Update(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One update, with only the fields that it had.

    A rejected update sets no fields, but for facts that stop a text: those in `STOPS` and `STOPPING`. Its words about
    the incident's nature, its latches and its unsafe parties hold all the same: a sensitive word silences, whatever
    else was wrong. `words` are words and `reached` are addresses of parties beyond those in the fields. `sequence` is
    the sender's own order of updates that have the same `as_of`. `first_seen` names those facts that are times at which
    something was seen. `as_of_now` says that `as_of` is the time of reading, not that of a change. `incident_id` is the
    dispatch system's own key of the incident. It or `incident_number` may be "".
    """

    incident_number: str
    as_of: datetime
    update_id: str
    facts: dict[str, Any] = {}
    parties: dict[str, dict[str, Any]] = {}
    latches: frozenset[Latch] = frozenset()
    unsafe_parties: frozenset[str] = frozenset()
    rejected: bool = False
    source: Source = "cad"
    sequence: int = 0
    words: frozenset[Evidence] = frozenset()
    reached: dict[str, frozenset[str]] = {}
    first_seen: frozenset[str] = frozenset()
    as_of_now: bool = False
    incident_id: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Return the facts that the update sets."""
        if not self.rejected:
            return self.facts
        return {name: value for name, value in self.facts.items() if value and _holds(name, value)}

    @property
    def evidence(self) -> frozenset[Evidence]:
        """Return the update's words about the nature of the incident."""
        return self.words | evidence_in(self.facts)

    @property
    def addresses(self) -> frozenset[str]:
        """Return every phone and email that the update names."""
        return frozenset[str]().union(*map(known_at, self.parties.values()), *self.reached.values())


def _holds(name: str, value: object) -> bool:
    """Tell whether a fact of a rejected update can only stop a text."""
    return name in STOPS or (name in STOPPING and rank(name, value) > 0)


def evidence_in(facts: Mapping[str, Any]) -> frozenset[Evidence]:
    """Return the words about an incident's nature among its facts."""

    def words(field: str) -> str:
        return facts.get(field) or ""

    found = {Evidence("incident_type", words("incident_type"), words("incident_type_description"))}
    found |= {Evidence(field, text=words(field)) for field in ("type_modifier", "initial_type")}
    found |= {Evidence("offenses", code=code) for code in facts.get("offenses") or ()}
    return frozenset(item for item in found if item.code or item.text)


def known_at(party: Mapping[str, Any]) -> frozenset[str]:
    """Return every phone and email that an update gives for a party, those beside an extension or a remark too."""
    return reachable_at(party.get("phone"), party.get("email")).union(party.get(ALSO_AT) or ())


def reachable_at(phone: Phone | None, email: str | None) -> frozenset[str]:
    """Return the usable addresses among a phone and an email, either of which may be missing."""
    number = phone.number if phone else None
    return frozenset(address for address in (number, email) if address)
