"""A call's life by `openapi-python-client`."""

import os
from datetime import datetime, timedelta

from tenfour_client import AuthenticatedClient
from tenfour_client.api.webhooks import receive_cad, receive_rms
from tenfour_client.models import (
    Body,
    PartyBody,
    PartyBodyRoleType0,
    Taken,
    Unit,
    UpdateBody,
    UpdateBodyOriginType0,
)

began = datetime.fromisoformat(os.environ["BEGAN"])
client = AuthenticatedClient(base_url=os.environ["ADDRESS"], token=os.environ["KEY"])


def after(minutes):
    return began + timedelta(minutes=minutes)


def tell(receive, minutes, **news):
    update = UpdateBody(incident_number="P26-0001234", as_of=after(minutes), **news)
    answer = receive.sync(os.environ["AGENCY"], client=client, body=Body(updates=[update]))
    assert isinstance(answer, Taken), answer
    assert not answer.rejected, answer


caller = PartyBody(party_id="1", role=PartyBodyRoleType0.CALLER, phone="303-555-0123", language="en")
tell(
    receive_cad,
    0,
    received_at=after(0),
    origin=UpdateBodyOriginType0.NON_EMERGENCY,
    incident_type="THEFT",
    priority="3",
    reporting_parties=[caller],
)
tell(receive_cad, 12, dispatched_at=after(12), units=[Unit(unit="3A12", officer_ids=["o2211"])])
tell(receive_cad, 14, enroute_at=after(14))
tell(receive_cad, 27, arrived_at=after(27))
tell(receive_cad, 53, closed_at=after(53), dispositions=["RPT"])
tell(receive_rms, 90, case_number="26-123456")
