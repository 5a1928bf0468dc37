"""A vendor's mistake at the webhook gets the right status and an error that names the field, and loses nothing."""

from datetime import timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.names import IncidentKey
from tests.whole.people import Caller, now, web


@pytest.fixture
def caller(stack):
    return Caller(stack)


class Post:
    """A webhook that can be wrong in any way."""

    def __init__(self, stack):
        self.stack = stack

    def __call__(self, body, agency="springfield", feed="cad", at=None, secret=None, **headers):
        at = at or now()
        body = body if isinstance(body, bytes) else httpx.Request("POST", "http://x", json=body).read()
        signed = {
            "content-type": "application/json",
            "webhook-id": "msg_bad",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.stack.webhook_secret).sign(
                "msg_bad", at, body.decode("latin-1")
            ),
        }
        url = f"{self.stack.api}/{feed}/{agency}/updates"
        return web.post(url, content=body, headers={**signed, **headers})


@pytest.fixture
def post(stack):
    return Post(stack)


def good(number):
    return {"incident_number": number, "as_of": now().isoformat(), "incident_type": "NOISE"}


def test_a_wrong_signature_is_nobody(post, stack, caller):
    assert post({"updates": [good(caller.number)]}, secret=stack.rms_secret).status_code == 401
    assert post({"updates": [good(caller.number)]}, feed="rms").status_code == 401
    assert post({"updates": [good(caller.number)]}, **{"webhook-signature": "v1,AAAA"}).status_code == 401


def test_an_old_timestamp_is_nobody(post, caller):
    assert post({"updates": [good(caller.number)]}, at=now() - timedelta(minutes=6)).status_code == 401


def test_a_key_opens_no_other_agency_and_does_not_tell_which_there_are(post, caller):
    assert post({"updates": [good(caller.number)]}, agency="shelbyville").status_code == 401


@pytest.mark.parametrize("body", [b"{", b"", b"[1,", b"nonsense"])
def test_malformed_json(post, body):
    answer = post(body)

    assert (answer.status_code, "JSON" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize("body", [[], {}, {"updates": 5}, {"updates": []}, "x"])
def test_another_shape(post, body):
    assert post(body).status_code == 422


def test_another_media_type(post, caller):
    assert post({"updates": [good(caller.number)]}, **{"content-type": "text/xml"}).status_code == 415


def test_a_hundred_and_one_updates(post, caller, inside):
    answer = post({"updates": [good(caller.number)] * 101})

    assert (answer.status_code, answer.json()["error"]) == (422, "updates: Expected array of length <= 100")
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).version == 0


def test_300_kib(post, caller):
    body = {"updates": [{**good(caller.number), "padding": "x" * 300 * 1024}]}

    assert post(body).status_code == 413


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"priority": 3}, "priority"),
        ({"received_at": "2026-02-30T00:00:00Z"}, "received_at"),
        ({"as_of": "2026-11-21T18:00:00"}, "as_of"),
        ({"as_of": "tomorrow"}, "as_of"),
        ({"incident_type": "N\u0000X"}, "incident_type"),
        ({"incident_number": "9" * 10_000}, "incident_number"),
        ({"reporting_parties": [{"party_id": "1"}, {"party_id": "1"}]}, "reporting_parties[1].party_id"),
    ],
)
def test_one_bad_update_is_named_and_spares_its_neighbours(post, caller, inside, told, field):
    if told.get("as_of") == "tomorrow":
        told = {"as_of": (now() + timedelta(days=1)).isoformat()}

    answer = post({"updates": [{**good(caller.number + "-bad"), **told}, good(caller.number)]})

    assert answer.status_code == 202
    assert (answer.json()["accepted"], len(answer.json()["rejected"])) == (1, 1)
    assert answer.json()["rejected"][0]["error"].startswith(f"updates[0].{field}: ")
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).version == 1
    bad = inside.aws.incidents.load(IncidentKey("springfield", caller.number + "-bad")).incident
    assert (bad.facts, bad.parties) == (Facts(), {})  # its words about the nature may hold, and nothing else


def test_nothing_but_bad_updates(post, caller, inside):
    answer = post({"updates": [{**good(caller.number), "exercise": "no", "name": "Nobody", "beat": "612"}]})

    assert (answer.status_code, answer.json()["accepted"]) == (422, 0)
    (kept,) = [item for item in inside.aws.rejects.kept("springfield") if caller.number in item]
    assert '"beat":"612"' in kept
    assert "Nobody" not in kept


def test_a_records_system_posts_with_its_own_key(post, stack, caller, inside):
    assert post({"updates": [good(caller.number)]}, feed="rms", secret=stack.rms_secret).status_code == 202
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).version == 1


def test_a_heartbeat_is_heard(stack):
    at = now()
    headers = {
        "webhook-id": "hb",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(stack.webhook_secret).sign("hb", at, "{}"),
    }
    url = f"{stack.api}/cad/springfield/heartbeat"

    assert web.post(url, content=b"{}", headers=headers).status_code == 202
    assert web.post(url, content=b"{}").status_code == 401
