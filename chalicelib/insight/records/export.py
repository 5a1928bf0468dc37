"""An incident's story as it may leave the house: no phone, no email, no comment, and each text as it was sent."""

import io
from datetime import datetime

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.text import Text

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.safety import sensitive_because
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.story.read import read
from chalicelib.insight.story.story import Explained
from chalicelib.wiring import Aws
from tenfour.operate.explain_show import show

WIDTH = 80
REDACTED = (
    "Phones are shown by their last four digits, emails by their first letter; comments by the public are left out. "
    "In texts, one person's link or code is shown as “…”. Names, addresses and narratives were never received."
)


class Request(Struct, frozen=True, kw_only=True):
    """Who asked for a record, and why."""

    at: datetime
    author: str
    reason: str


class PublicRecord(Struct, frozen=True, kw_only=True):
    """The record for programs."""

    agency: str
    request: Request
    redacted: str
    retention: str
    look_before_release: tuple[str, ...]
    incident: Explained


def write_json(aws: Aws, key: IncidentKey, agency: Agency, request: Request) -> str:
    """Return the record as JSON."""
    told = _record(aws, key, agency, request)
    return msgspec.json.format(msgspec.json.encode(told), indent=1).decode() + "\n"


def write_text(aws: Aws, key: IncidentKey, agency: Agency, request: Request) -> str:
    """Return the record as a page that can be printed."""
    told = _record(aws, key, agency, request)
    page = Console(file=io.StringIO(), width=WIDTH, highlight=False, color_system=None)
    page.print(Text(f"{told.agency}\nRecord of messages about incident {key.incident_number}\n"))
    page.print(Text(f"Made {request.at.astimezone(agency.zone):%Y-%m-%d %H:%M %Z} by {request.author}."))
    page.print(Text(f"For: {request.reason}\n{told.redacted}\n{told.retention}\n"))
    for line in told.look_before_release:
        page.print(Text(f"BEFORE RELEASE: {line}"))
    show(page, told.incident, agency.zone)
    return page.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def _record(aws: Aws, key: IncidentKey, agency: Agency, request: Request) -> PublicRecord:
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
