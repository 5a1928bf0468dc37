"""Rules of an agency about the names of its calls: how long a number is one call's, and how it may be written."""

from typing import Literal

from msgspec import Struct

Sends = Literal["always", "sometimes", "never"]
Restart = Literal["never", "yearly", "monthly", "daily"]
Spelling = Literal["exact", "loose"]


class IdentityRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How calls are told apart.

    `cad` says whether the dispatch system sends `incident_id` with each update. Where it always does, a number without
    one is not enough to write to anybody. `numbers_restart` says when the same numbers begin anew. With a `loose`
    spelling, letter case, blanks and hyphens in a number do not matter.
    """

    cad: Sends = "sometimes"
    numbers_restart: Restart = "never"
    spelling: Spelling = "exact"
