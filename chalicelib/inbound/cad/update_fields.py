"""The CAD and RMS webhooks' body as it is on the wire. `docs/vendor/webhook.md` is this file in words."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Raw, Struct

from chalicelib.domain.incidents.facts import (
    MOST_ENTRIES,
    Code,
    ContactKind,
    Facts,
    Id,
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

Seen = Literal[
    "received_at",
    "queued_at",
    "dispatched_at",
    "enroute_at",
    "diverted_at",
    "arrived_at",
    "closed_at",
    "cancelled_at",
]
"""Times that may be those at which something was first seen."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "origin": get_args(Origin),
    "response_mode": get_args(ResponseMode),
    "relation": get_args(Relation),
    "role": get_args(Role),
    "contact_kind": get_args(ContactKind),
    "first_seen": get_args(Seen),
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


class LinkBody(Struct, frozen=True):
    """Another incident that this one belongs to, by its number or its id: one of the two is required."""

    relation: Relation
    incident_number: Name | None = None
    incident_id: Id | None = None


class UpdateBody(Facts, frozen=True, kw_only=True):
    """An update: a partial snapshot, only two fields required: `as_of`, and `incident_number` or `incident_id`."""

    incident_number: Name | None = None
    incident_id: Id | None = None
    as_of: Instant
    update_id: Code | None = None
    sequence: Sequence | None = None
    disposition: Code | None = None
    case_number: Code | None = None
    juvenile: bool | None = None
    do_not_contact: bool | None = None
    first_seen: Annotated[tuple[Seen, ...], Meta(max_length=MOST_ENTRIES)] | None = None
    as_of_now: bool | None = None
    linked_to: LinkBody | None = None  # type: ignore[assignment]  # the names, before they are one key
    reporting_parties: Annotated[tuple[PartyBody, ...], Meta(max_length=MOST_PARTIES)] | None = None


class Body(Struct, frozen=True):
    """The whole; each update is read by itself, so that one bad one spares its neighbours."""

    updates: Annotated[list[Raw], Meta(min_length=1, max_length=MOST_UPDATES)]
