"""An agency that texts through Twilio: the same stack, another line in the settings."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from msgspec.structs import replace
from twilio.request_validator import RequestValidator

from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.providers import Providers
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.inbound.cad.read_updates import read_updates
from tests.waiting import wait_until
from tests.whole.people import Caller, now, web


@pytest.fixture
def shelbyville(inside):
    """Publish an agency with a messaging service at Twilio, which this city has no webhook keys for."""
    ours = inside.aws.settings.agency("springfield")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}", twilio_from=f"MG{uuid4().hex}")
    name = f"s{uuid4().hex[:8]}"
    wanted = replace(ours, agency_id=name, numbers=numbers, providers=Providers(sms=("twilio",)))
    return inside.publish(wanted)


@pytest.fixture
def caller(stack):
    return Caller(stack)


def call(agency, caller, inside, **reached):
    """Let the agency hear of a call, past the webhook."""
    at = now()
    told = {"incident_number": caller.number, "incident_type": "WELFARE", "received_at": at, "as_of": at}
    body = {"updates": [{**told, "reporting_parties": [{"party_id": "1", **(reached or {"phone": caller.phone})}]}]}
    batch = read_updates(httpx.Request("POST", "http://x", json=plain(body)).content, "twilio", "US", at)
    receive_updates(batch.updates, "twilio", agency, inside.aws, at)


def plain(value):
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else getattr(value, "isoformat", lambda: value)()


def row(agency, caller, inside):
    record = inside.aws.incidents.load(IncidentKey(agency.agency_id, caller.number))
    return next(one for key, one in record.rows.items() if key.kind is Kind.ACKNOWLEDGMENT)


def test_a_text_by_twilio_is_delivered_and_answered(shelbyville, caller, inside):
    call(shelbyville, caller, inside)
    text = caller.hears("we have your call")
    assert (text["provider"], text["id"][:2]) == ("twilio", "SM")

    assert wait_until(lambda: row(shelbyville, caller, inside).state is State.DELIVERED)
    assert (row(shelbyville, caller, inside).provider, row(shelbyville, caller, inside).reference) == (
        "twilio",
        text["id"],
    )

    caller.says("STOP")
    day = (now() + timedelta()).date()
    assert wait_until(lambda: inside.aws.contacts.load(shelbyville.agency_id, caller.phone, day).opted_out)


@pytest.mark.parametrize("path", ["status?notification=springfield__P26-1__delay__1__0", "inbound", "status"])
def test_what_twilio_did_not_sign_is_refused(stack, path):
    fields = {"MessageStatus": "delivered", "From": "+13035550123", "To": "+13035550199", "Body": "STOP"}

    for headers in ({}, {"x-twilio-signature": "AAAA"}):
        answer = web.post(f"{stack.api}/carriers/twilio/{path}", data=fields, headers=headers)
        assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("path", ["status", "status?notification=nobody__P26-1__delay__1__0", "inbound"])
def test_what_twilio_signed_is_taken_although_it_is_nobodys(stack, inside, path):
    url = f"{stack.api}/carriers/twilio/{path}"
    fields = {"MessageStatus": "delivered", "MessageSid": "SM0", "To": f"+1{uuid4().int % 10**10:010}", "Body": ""}
    signature = RequestValidator(inside.aws.carriers.twilio.auth_token).compute_signature(url, fields)

    assert web.post(url, data=fields, headers={"x-twilio-signature": signature}).status_code == 200
    changed = web.post(url, data={**fields, "Body": "x"}, headers={"x-twilio-signature": signature})
    assert changed.status_code == 403
