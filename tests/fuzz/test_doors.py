"""Whatever systems post gets an answer that is described, and costs neither its neighbours nor the feed's truth."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app import app
from chalicelib.boundary import answering
from chalicelib.ports.errors import Conflict
from chalicelib.web.callbacks import keep_twilio_inbound, keep_twilio_status
from chalicelib.web.webhooks import hear, receive
from tests.factories import agency
from tests.fuzz.answered import answered, encoded, fields, nasty
from tests.fuzz.doors import PATHS, Doors, request, signed
from tests.fuzz.many import many
from tests.fuzz.test_parsers import bodies, said, updates


@many
@given(bodies | updates.map(lambda told: json.dumps({"updates": [told]}).encode()), st.sampled_from(["cad", "rms"]))
def test_webhooks(tried, body, feed):
    tried["webhooks, signed"] += 1
    world = Doors(agency())
    world.tell_time(datetime.now(UTC))
    sent = request("POST", body, signed(body))
    response = answered(receive, "springfield", feed, sent, world)

    assert response.status_code in (202, 400, 413, 415, 422)
    if response.status_code == 202:
        assert answered(receive, "springfield", feed, sent, world).body["accepted"] == 0


@many
@given(
    bodies,
    st.text(max_size=30),
    st.dictionaries(st.sampled_from(["webhook-id", "content-type", "authorization"]), said),
)
def test_webhooks_of_nobody(tried, body, name, headers):
    tried["webhooks, unsigned"] += 1
    plain = {key: text.encode(errors="replace").decode() for key, text in headers.items()}
    told = request("POST", body, {"content-type": "application/json", **plain})
    heard = request("POST", body, plain)
    for named in (name, "springfield", "harbor"):
        answers = (
            answered(receive, named, "cad", told, Doors(agency())),
            answered(hear, named, heard, Doors(agency())),
        )
        assert [one.status_code for one in answers] == [415 if not is_json(told) else 401, 401]
        assert [one.body for one in answers[1:]] == [answered(hear, "x", heard, Doors(agency())).body]


def is_json(sent):
    return sent.headers["content-type"].partition(";")[0].strip().lower() == "application/json"


NUMBERS = ["P26-1", "P26-2", "P26-3", "P26-4"]
told_of_each = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(["NOISE", "DV", 5150]), st.sampled_from(["now", "", 7])),
    min_size=1,
    max_size=8,
)


class Failing(Exception):
    """An error of the stores at some incidents only."""


@many
@given(told_of_each, st.frozensets(st.sampled_from(NUMBERS)), st.sampled_from([Failing, Conflict]))
def test_an_incident_that_fails_costs_neither_its_neighbours_nor_the_feed(tried, told, failing, problem):
    """`receive` says: an authentic request was heard, whatever becomes of an incident; its neighbours are stored."""
    tried["batches in which incidents fail"] += 1
    world, at = Doors(agency()), datetime.now(UTC)
    world.tell_time(at)
    load = world.incidents.load

    def failing_load(key):
        if key.incident_number in failing:
            raise problem
        return load(key)

    world.incidents.load = failing_load
    updates = [
        {"incident_number": number, "incident_type": word, "as_of": at.isoformat() if when == "now" else when}
        for number, word, when in told
    ]
    body = json.dumps({"updates": updates}).encode()
    status = answering(receive)("springfield", "cad", request("POST", body, signed(body)), world).status_code
    stored = {record.incident.incident_number for record in world.incidents.records()}
    good = {number for number, word, when in told if when == "now" and word != 5150}

    assert good - failing <= stored
    assert not stored & failing
    assert not good & failing or status >= 500
    assert world.settings.heard_at is not None or not good


OPEN = [(receive, "springfield", "cad"), (receive, "springfield", "rms"), (receive, "harbor", "cad"), (hear, "harbor")]


@many
@given(st.lists(st.sampled_from(OPEN), min_size=1, max_size=6), updates)
def test_a_captured_request_is_good_at_one_address_only(tried, addresses, told):
    """docs/vendor/webhook.md: a signature is bound to the address where it was used first; updates are no heartbeat."""
    tried["signatures used again elsewhere"] += 1
    both = [replace(key, agencies=("springfield", "harbor")) for key in Doors.webhook_keys]
    harbor = replace(agency(agency_id="harbor"), numbers=replace(agency().numbers, sms_from="+13035550198"))
    world = Doors(agency(), harbor)
    world.webhook_keys = tuple(both)
    world.tell_time(datetime.now(UTC))
    body = json.dumps({"updates": [told]}).encode()
    sent = request("POST", body, signed(body))
    statuses = [answered(view, *where, sent, world).status_code for view, *where in addresses]

    first = next((address for address in addresses if address[0] is receive), None)
    for address, status in zip(addresses, statuses, strict=True):
        assert (status == 401) == (address != first)


@many
@given(fields, nasty)
def test_callbacks_of_nobody(tried, form, notification):
    tried["carriers' callbacks"] += 1
    world = Doors(agency())
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "AAAA", "host": "a.example"}
    for view, path in (
        (keep_twilio_status, "/carriers/twilio/status"),
        (keep_twilio_inbound, "/carriers/twilio/inbound"),
    ):
        sent = request("POST", encoded(form), headers, query={"notification": notification}, path=path)
        assert answered(view, sent, world).status_code in (400, 403, 413)
    assert world.receipts == world.replies == []


def test_every_route_is_tried():
    ours = {"/health", "/openapi.json", "/openapi.html"}
    desk = {path for path in app.routes if path.startswith("/desk")}  # tests/web/desk tries each of its own routes

    assert set(app.routes) - ours - desk == {*PATHS.values(), "/rms/{agency_id}/updates", "/rms/{agency_id}/received"}
