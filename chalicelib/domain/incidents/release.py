"""Releases: a person allows what the rules hold back, with a name and a reason."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.incidents.update import Evidence

Releasable = Literal["sensitive", "juvenile", "do_not_contact", "unsafe", "mass_call"]


class Release(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One release: it covers what was known then; a later word about it holds the incident again.

    For a sensitive incident, `evidence` has the words that were judged. For an unsafe party, `party_id` names it.
    `known_until` is the time of the latest word about a latch or unsafe party that had been heard.
    """

    what: Releasable
    author: str
    reason: str
    at: datetime
    party_id: str = ""
    evidence: frozenset[Evidence] = frozenset()
    known_until: datetime | None = None
