"""The CAD and RMS webhooks' body as it is on the wire. `docs/vendor/webhook.md` is this file in words."""

from typing import Annotated, get_args

from msgspec import Meta, Raw, Struct

from chalicelib.domain.incidents.facts import (
    Code,
    ContactKind,
    Facts,
    Instant,
    Name,
    Origin,
    Relation,
    ResponseMode,
    Role,
)

MOST_UPDATES = 100
MOST_PARTIES = 10
LARGEST_BODY = 256 * 1024

Sequence = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""Beyond 2**53, JSON readers of several languages no longer tell two integers apart."""

Contactable = Annotated[str, Meta(max_length=254)]

ALLOWED: dict[str, tuple[str, ...]] = {
    "origin": get_args(Origin),
    "response_mode": get_args(ResponseMode),
    "relation": get_args(Relation),
    "role": get_args(Role),
    "contact_kind": get_args(ContactKind),
}
"""The fields that take certain words only."""


class PartyBody(Struct, frozen=True, kw_only=True):
    """A reporting party."""

    party_id: Name
    role: Role | None = None
    contact_kind: ContactKind | None = None
    phone: Contactable | None = None
    email: Contactable | None = None
    language: Code | None = None
    safe_to_contact: bool | None = None


class UpdateBody(Facts, frozen=True, kw_only=True):
    """An update: a partial snapshot, only two fields required."""

    incident_number: Name
    as_of: Instant
    update_id: Code | None = None
    sequence: Sequence | None = None
    disposition: Code | None = None
    case_number: Code | None = None
    juvenile: bool | None = None
    do_not_contact: bool | None = None
    reporting_parties: Annotated[tuple[PartyBody, ...], Meta(max_length=MOST_PARTIES)] | None = None


class Body(Struct, frozen=True):
    """The whole; each update is read by itself, so that one bad one spares its neighbours."""

    updates: Annotated[list[Raw], Meta(min_length=1, max_length=MOST_UPDATES)]
