"""Valid values, so that a test says only what it is about."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Evidence, Update
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.phones import Phone
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import JudgedField, Judgement, Judgements, Verdict, Verdicts
from chalicelib.domain.settings.meaning import lacks_meaning
from chalicelib.inbound.settings import read_settings
from chalicelib.insight.settings.files import load_settings
from tenfour.common.paths import AGENCIES

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
"""A Saturday, 11:00 in Denver."""

PHONE = "+13035550123"
OTHER_PHONE = "+13035550124"

SHARED = Path(__file__).parents[2] / "shared" / "data"
"""Real material that the project must stand without."""

SETTINGS = """
agency_id = "springfield"
name = "Springfield Police Department"
short_name = "Springfield PD"
time_zone = "America/Denver"
mode = "live"
sensitive_types = ["DV"]
[numbers]
non_emergency = "303-555-0100"
sms_from = "+13035550199"
email_from = "no-reply@springfield.example"
[survey]
link = "https://tell.springfield.ex/s"
[dispositions]
HAN = "handled"
GOA = "unable_to_locate"
BOL = "lookout"
RPT = "report_taken"
CAN = "cancelled"
[[incident_types]]
codes = ["NOISE", "SUSP"]
description = "Noise and the like"
[[incident_types]]
codes = ["THEFT"]
description = "Theft, not in progress"
case_number_to = "caller"
[[incident_types]]
codes = ["ALL"]
description = "Everything there is"
notify = ["acknowledgment", "dispatched", "delay", "outcome", "case_number", "survey"]
[[incident_types]]
codes = ["WELFARE"]
description = "Check the welfare"
"""


class Careless(Judgements, frozen=True, dict=True):
    """Judgements of an agency that judged every word dull without a thought: only the word lists stand behind it."""

    def of(self, item: Evidence, listed_meaning: str = "") -> Verdicts:
        """Return the verdicts on a value: those that were given, else dull."""
        return super().of(item, listed_meaning) or frozenset({"dull"})


CARELESS = Careless()
JUDGES = ("Supervisor Ruiz", "Advocate Okafor")


def judged(field: JudgedField, value: str, meaning: str = "", *verdicts: Verdict, **more: Any) -> Judgement:
    """Return a value as two people judged it: dull unless the test says otherwise.

    A code gets a meaning where the test is not about it. That of a type or an offence is never made up.
    """
    if field in ("type_modifier", "dispositions") and lacks_meaning(field, value, meaning):
        meaning = "As the code list says"
    told: frozenset[Verdict] = frozenset(verdicts) or frozenset({"dull"})
    return Judgement(field=field, value=value, meaning=meaning, verdicts=told, **{"judged_by": JUDGES, **more})


def after(minutes: float = 0, **more: float) -> datetime:
    """Return an instant after NOW."""
    return NOW + timedelta(minutes=minutes, **more)


def agency(**changes: Any) -> Agency:
    """Return an agency with the defaults of a new one, live; a test that is not about judging need not judge."""
    return replace(read_settings(SETTINGS), **{"judgements": CARELESS, **changes})


def demo_agency() -> Agency:
    """Return the agency of the local city."""
    return load_settings(AGENCIES / "demo.toml")


def caller(phone: str | None = PHONE, **more: Any) -> dict[str, Any]:
    """Return what an update says of a party."""
    return {"phone": Phone(number=phone)} | more if phone else more


_OWN = ("incident_number", "incident_id", "latches", "unsafe_parties", "rejected", "source", "sequence", "words")
_OWN += ("first_seen", "as_of_now")


def update(as_of: datetime = NOW, update_id: str = "u1", parties: Any = None, **more: Any) -> Update:
    """Return an update about incident P26-1; what is no field of Update is a fact."""
    own = {name: more.pop(name) for name in _OWN if name in more}
    return Update(
        incident_number=own.pop("incident_number", "P26-1"),
        as_of=as_of,
        update_id=update_id,
        facts=more,
        parties=parties or {},
        **own,
    )


def call(incident_type: str = "NOISE", parties: Any = None, at: datetime = NOW, **more: Any) -> Update:
    """Return the update that a call begins with."""
    told = {"origin": "911", "incident_type": incident_type, "priority": "3", "received_at": at, **more}
    return update(at, f"call-{at.isoformat()}", parties if parties is not None else {"1": caller()}, **told)


def incident(*updates: Update, number: str = "P26-1") -> Incident:
    """Return an incident as these updates tell it."""
    merged = Incident(agency_id="springfield", incident_number=number)
    for each in updates:
        merged = merged.merge(each)
    return merged


def row(kind: Kind = Kind.ACKNOWLEDGMENT, recipient: str = "1", ordinal: int = 0, **changes: Any) -> Notification:
    """Return a notification that is due now."""
    fresh = Notification(
        key=NotificationKey("springfield", changes.pop("number", "P26-1"), kind, recipient, ordinal),
        channel="sms",
        address=PHONE,
        planned_for=NOW,
        send_at=NOW,
        expires_at=after(15),
        created_at=NOW,
    )
    return replace(fresh, **changes)
