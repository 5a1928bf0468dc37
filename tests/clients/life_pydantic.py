"""A call's life by `datamodel-code-generator`: pydantic's models, and any client of HTTP."""

import os
from datetime import datetime, timedelta

import httpx
from model import Body, Origin, PartyBody, Role, Taken, Unit, UpdateBody

began = datetime.fromisoformat(os.environ["BEGAN"])
leaves_out = {"exclude_none": True} if os.environ.get("LEAVE_OUT") else {}
client = httpx.Client(
    base_url=os.environ["ADDRESS"],
    headers={"authorization": f"Bearer {os.environ['KEY']}", "content-type": "application/json"},
    timeout=None,
)


def after(minutes):
    return began + timedelta(minutes=minutes)


def tell(feed, minutes, **news):
    body = Body(updates=[UpdateBody(incident_number="P26-0001234", as_of=after(minutes), **news)])
    answer = client.post(f"/{feed}/{os.environ['AGENCY']}/updates", content=body.model_dump_json(**leaves_out))
    answer.raise_for_status()
    assert not Taken.model_validate_json(answer.content).rejected, answer.text


caller = PartyBody(party_id="1", role=Role.caller, phone="303-555-0123", language="en")
tell(
    "cad",
    0,
    received_at=after(0),
    origin=Origin.non_emergency,
    incident_type="THEFT",
    priority="3",
    reporting_parties=[caller],
)
tell("cad", 12, dispatched_at=after(12), units=[Unit(unit="3A12", officer_ids=["o2211"])])
tell("cad", 14, enroute_at=after(14))
tell("cad", 27, arrived_at=after(27))
tell("cad", 53, closed_at=after(53), dispositions=["RPT"])
tell("rms", 90, case_number="26-123456")
