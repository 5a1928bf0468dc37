"""An incident's story as it may leave the house: no phone, no email, no comment, and each text as it was sent."""

from msgspec import Struct

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.explain.read import read
from chalicelib.insight.explain.story import Explained
from chalicelib.insight.records.request import Request
from chalicelib.wiring import Aws

REDACTED = (
    "Phones are shown by their last four digits, emails by their first letter; comments by the public are left out. "
    "In texts, one person's link or code is shown as “…”. Names, addresses and narratives were never received."
)


class PublicRecord(Struct, frozen=True, kw_only=True):
    """The record, and the warnings that a person must read before it leaves the house."""

    agency: str
    request: Request
    redacted: str
    retention: str
    look_before_release: tuple[str, ...]
    incident: Explained


def public_record(aws: Aws, key: IncidentKey, agency: Agency, request: Request) -> PublicRecord:
    """Return an incident's record, redacted."""
    incident, _ = read(aws, key)
    return PublicRecord(
        agency=agency.name,
        request=request,
        redacted=REDACTED,
        retention=f"Records schedule: {agency.retention.schedule or 'not named in the settings'}.",
        look_before_release=_warnings(aws, key, agency),
        incident=incident,
    )


def _warnings(aws: Aws, key: IncidentKey, agency: Agency) -> tuple[str, ...]:
    """Return why a person must look before this leaves the house: statutes on such records differ by state."""
    incident = aws.incidents.load(key).incident
    ours, found = agency.at(incident.facts.beat), []
    because = sensitive_because(incident, ours)
    if because:
        found.append(f"{Reason.SENSITIVE}: the law may exempt it whole; ask counsel")
    if Latch.JUVENILE in incident.latches:
        found.append("a juvenile is involved; ask counsel")
    if not incident.facts.closed_at:
        found.append("the incident is open")
    return tuple(found)
