"""The facts of an incident, field by field: one definition for webhook, merge and storage."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$(?!\n)"
MOST_ENTRIES = 20

Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[!-~]([ -~]*[!-~])?$(?!\n)")]
"""The name of an incident or a party: printable ASCII."""

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]([ -~]*[!-~])?$(?!\n)")]
"""The dispatch system's own key of an incident: printable ASCII."""

Code = Annotated[str, Meta(max_length=64, pattern=_PRINTABLE)]
Text = Annotated[str, Meta(max_length=400, pattern=_PRINTABLE)]
Instant = Annotated[datetime, Meta(tz=True)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=MOST_ENTRIES)]

Origin = Literal["911", "text_911", "non_emergency", "online", "alarm", "officer_initiated"]
ResponseMode = Literal["in_person", "phone", "online", "none"]
Relation = Literal["duplicate_of", "merged_into", "related"]
Role = Literal["caller", "victim", "witness"]
ContactKind = Literal["personal", "business", "alarm", "hospital", "shelter", "school", "psap", "relay", "agency"]


class Link(Struct, frozen=True, omit_defaults=True):
    """Another incident that this one belongs to.

    In an update the number is the place of the id where only an id was told. In an incident it is the other's key.
    """

    incident_number: str
    relation: Relation
    incident_id: str = ""


class Unit(Struct, frozen=True, omit_defaults=True):
    """A unit on the incident, and who was in it."""

    unit: Code
    officer_ids: Codes = ()


class Facts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts known of an incident, except its parties. A field is None if it was never told, or was taken back."""

    origin: Origin | None = None
    incident_type: Code | None = None
    incident_type_description: Text | None = None
    type_modifier: Text | None = None
    initial_type: Text | None = None
    priority: Code | None = None
    beat: Code | None = None
    shift: Code | None = None
    exercise: bool | None = None
    received_at: Instant | None = None
    queued_at: Instant | None = None
    scheduled_for: Instant | None = None
    dispatched_at: Instant | None = None
    enroute_at: Instant | None = None
    diverted_at: Instant | None = None
    arrived_at: Instant | None = None
    closed_at: Instant | None = None
    cancelled_at: Instant | None = None
    response_mode: ResponseMode | None = None
    dispositions: Codes | None = None
    case_numbers: Codes | None = None
    offenses: Codes | None = None
    linked_to: Link | None = None
    transferred_to: Code | None = None
    call_taker_id: Code | None = None
    units: Annotated[tuple[Unit, ...], Meta(max_length=MOST_ENTRIES)] | None = None
