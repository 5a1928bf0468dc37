"""A table that comes back from a backup has forgotten what was sent since: nothing goes until somebody says so."""

import json
from functools import partial
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.ports.carrier import Sent
from chalicelib.wiring import Aws
from rigs.city.inside import Inside
from tenfour.common.reach import client
from tests.whole.people import Caller, now


class Takes:
    """A queue that nobody listens to, and a provider that takes everything."""

    tells = True

    def __init__(self):
        self.taken = []

    def hint(self, hints):
        pass

    def send(self, outgoing):
        self.taken.append(outgoing)
        return Sent("end_user_messaging", "m-1")


def over(stack, **tables):
    """Return ports over the city's tables, but for those that are named."""
    inside = Inside(stack).aws
    takes, ours = Takes(), partial(client, endpoint=stack.aws_endpoint)
    senders = {"end_user_messaging": takes}
    return Aws(replace(inside.config, **tables), now, ours, inside.connection, queue=takes, senders=senders), takes


def restored(stack, table):
    """Restore a table as an operator does, and return the new one's name."""
    name = f"restored-{uuid4().hex[:8]}"
    database = client("dynamodb", stack.aws_endpoint)
    database.restore_table_to_point_in_time(SourceTableName=table, TargetTableName=name, UseLatestRestorableTime=True)
    database.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


@pytest.fixture
def caller(stack):
    return Caller(stack)


def test_a_restored_table_holds_everything_until_somebody_takes_it_for_their_own(stack, caller):
    aws, _ = over(stack)
    at = now()
    ours = aws.settings.agency("springfield")
    told = {"incident_number": caller.number, "incident_type": "WELFARE", "received_at": at.isoformat()}
    body = {**told, "as_of": at.isoformat(), "reporting_parties": [{"party_id": "1", "phone": caller.phone}]}
    batch = read_updates(json.dumps({"updates": [body]}).encode(), "restored", "US", at)
    receive_updates(batch.updates, "restored", ours, aws, at)
    key = NotificationKey("springfield", caller.number, Kind.ACKNOWLEDGMENT, "1")

    back, takes = over(stack, incidents_table=restored(stack, aws.config.incidents_table))
    (held,) = back.settings.conditions("springfield").pauses
    assert (held.of, held.which, held.author) == ("tables", "incidents", "tenfour")
    assert deliver_notification(key, back, at) is State.SCHEDULED
    assert back.incidents.load(key.incident).rows[key].reason == Reason.PAUSED
    assert takes.taken == []
    assert aws.settings.conditions("springfield").pauses == ()


def test_publishing_lets_nothing_go_that_a_restored_table_holds_and_a_person_does(stack):
    aws, _ = over(stack)
    ours = aws.settings.agency("springfield")
    agency_id = f"a{uuid4().hex[:8]}"
    new = replace(ours, agency_id=agency_id, numbers=replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}"))
    aws.settings.publish(new, "R. Lead", "first", now())
    back, _ = over(stack, contacts_table=restored(stack, aws.config.contacts_table))

    back.settings.publish(new, "R. Lead", "second", now())
    assert [pause.which for pause in back.settings.conditions(agency_id).pauses] == ["contacts"]

    back.settings.adopt_tables(agency_id)
    assert back.settings.conditions(agency_id).pauses == ()
    assert [pause.which for pause in aws.settings.conditions(agency_id).pauses] == ["contacts"]
