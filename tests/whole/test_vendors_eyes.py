"""A vendor alone with a key, over HTTP: the ways in, what it posted, what it would be, and what API Gateway says."""

import base64
import gzip
import json
from uuid import uuid4

import pytest

from chalicelib.auth import WebhookKey
from chalicelib.domain.names import IncidentKey, sandbox_of
from tenfour.stack.smoke import signed
from tests.command import tenfour_in_the_city
from tests.whole.people import Caller, now, web


@pytest.fixture
def caller(stack):
    return Caller(stack)


def sandbox_key(stack):
    return WebhookKey(name="cad-sandbox", feed="cad", sandbox=("springfield",), secret=stack.sandbox_secret)


def told(caller, **more):
    return {"incident_number": caller.number, "as_of": now().isoformat(), "incident_type": "NOISE", **more}


def body_of(*updates):
    return json.dumps({"updates": list(updates)}, ensure_ascii=False).encode()


def post(stack, body, headers, path="cad/springfield/updates", **query):
    headers = {"content-type": "application/json", **headers}
    return web.post(f"{stack.api}/{path}", content=body, headers=headers, params=query)


def by_sandbox(stack, body, more=None, **query):
    headers = signed(sandbox_key(stack), body, now()) | (more or {})
    return headers["webhook-id"], post(stack, body, headers, **query)


def read_back(stack, webhook_id=None):
    headers = signed(sandbox_key(stack), b"", now())
    query = {"id": webhook_id} if webhook_id else {}
    return web.get(f"{stack.api}/cad/springfield/received", headers=headers, params=query)


def ways(stack):
    pair = base64.b64encode(f"cad:{stack.bearer_key}".encode()).decode()
    return {
        "bearer": {"authorization": f"Bearer {stack.bearer_key}"},
        "basic": {"authorization": f"Basic {pair}"},
        "header": {"x-api-key": stack.bearer_key},
    }


@pytest.mark.parametrize("way", ["bearer", "basic", "header"])
def test_a_weaker_way_opens_and_a_wrong_secret_does_not(stack, caller, way):
    right = ways(stack)[way]

    assert post(stack, body_of(told(caller, exercise=True)), right).status_code == 202
    wrong = {name: value[:-4] + "AAAA" for name, value in right.items()}
    assert post(stack, body_of(told(caller, exercise=True)), wrong).status_code == 401


def test_a_compressed_body_arrives_as_it_was_sent(stack, caller, inside):
    body = gzip.compress(b"\xef\xbb\xbf" + body_of(told(caller, shift="Ñ", exercise=True)))

    answer = post(stack, body, ways(stack)["bearer"] | {"content-encoding": "gzip"})

    assert answer.status_code == 202, answer.text
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).incident.facts.shift == "Ñ"


def test_a_bomb_is_413_and_another_coding_415(stack):
    answers = [
        post(stack, body, ways(stack)["bearer"] | {"content-encoding": coding}).status_code
        for body, coding in ((gzip.compress(b" " * 20_000_000), "gzip"), (b"{}", "br"))
    ]

    assert answers == [413, 415]


def test_a_sandbox_key_posts_an_exercise_that_touches_nothing_real(stack, caller, inside):
    caller.call()
    before = inside.aws.incidents.load(IncidentKey("springfield", caller.number))
    party = {"party_id": "1", "phone": caller.phone, "safe_to_contact": False}

    _, answer = by_sandbox(stack, body_of(told(caller, closed_at=now().isoformat(), reporting_parties=[party])))

    assert answer.status_code == 202, answer.text
    assert inside.aws.incidents.load(IncidentKey("springfield", caller.number)).incident == before.incident
    tried = inside.aws.incidents.load(IncidentKey(sandbox_of("springfield"), caller.number))
    assert tried.incident.facts.exercise
    assert not tried.incident.all_addresses


def test_an_exercise_of_a_sandbox_is_explained_by_the_command(stack, caller):
    by_sandbox(stack, body_of(told(caller)))

    assert tenfour_in_the_city("explain", caller.number).returncode != 0
    done = tenfour_in_the_city("explain", caller.number, "--sandbox")
    assert done.returncode == 0, done.stderr
    assert "drill" in done.stdout


def test_a_key_reads_back_what_it_posted_without_a_value(stack, caller):
    webhook_id, _ = by_sandbox(stack, body_of(told(caller, shift="secret"), told(caller, as_of="secret")))

    answer = read_back(stack, webhook_id)

    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["requests"]
    assert (one["id"], one["answer"], one["rejected"]) == (webhook_id, 202, 1)
    assert one["updates"][0]["incident_number"] == caller.number
    assert "shift" in one["updates"][0]["fields"]
    assert "secret" not in answer.text
    assert webhook_id in [each["id"] for each in read_back(stack).json()["requests"]]
    assert read_back(stack, uuid4().hex).json()["requests"] == []


def test_a_check_says_what_would_be_and_stores_nothing(stack, caller, inside):
    party = {"party_id": "1", "phone": "303-555-0123"}
    webhook_id, answer = by_sandbox(stack, body_of(told(caller, reporting_parties=[party], nick="x")), check="1")

    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["updates"]
    assert {"field": "reporting_parties[0].phone", "value": "•••23"} in one["understood"]
    assert one["ignored"] == ["nick"]
    assert not inside.aws.incidents.load(IncidentKey(sandbox_of("springfield"), caller.number)).version
    assert read_back(stack, webhook_id).json()["requests"] == []


def test_a_sandbox_key_s_heartbeat_is_none(stack):
    headers = signed(sandbox_key(stack), b"", now())

    answer = post(stack, b"", headers, "cad/springfield/heartbeat")

    assert (answer.status_code, answer.json()) == (202, {"heard": True, "exercise": True})


def test_events_are_read(stack, caller, inside):
    event = {"specversion": "1.0", "id": uuid4().hex, "source": "//cad", "type": "changed", "data": told(caller)}
    headers = {"content-type": "application/cloudevents+json"}

    _, answer = by_sandbox(stack, json.dumps(event).encode(), headers)

    assert answer.json()["accepted"] == 1, answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "cad/springfield/update"),
        ("POST", "cad/springfield"),
        ("GET", "cad/springfield/updates"),
        ("PUT", "health"),
    ],
)
def test_a_wrong_path_or_method_is_403_by_api_gateway_itself(stack, method, path):
    answer = web.request(method, f"{stack.api}/{path}")

    assert (answer.status_code, answer.json()) == (403, {"message": "Missing Authentication Token"})


def keys(*words):
    return tenfour_in_the_city("keys", *words)


@pytest.mark.parametrize(
    ("options", "shown", "listed"),
    [
        (["--basic"], "{name}:", "basic"),
        (["--header", "x-cad-key"], "x-cad-key: ", "header"),
        (["--bearer", "--feed", "rms"], "", "bearer"),
        (["--sandbox"], "whsec_", "(exercises)"),
    ],
)
def test_a_key_is_made_for_one_way(stack, options, shown, listed):
    name = f"vendor-{uuid4().hex[:6]}"

    assert keys("add", name, *options).returncode == 0
    assert keys("show", name).stdout.startswith(shown.format(name=name))
    assert listed in keys("list").stdout
    assert keys("read-back", name, "--days", "0").returncode == 0
    assert keys("remove", name).returncode == 0


@pytest.mark.parametrize("options", [["--basic", "--bearer"], ["--header", "webhook-id"], ["--header", "a b"]])
def test_a_key_of_two_ways_or_of_a_header_that_is_taken_is_refused(stack, options):
    done = keys("add", "never", *options)

    assert done.returncode == 2
    assert done.stderr.startswith("--") or "--header" in done.stderr


def test_a_key_that_is_not_there_reads_nothing_back(stack):
    assert keys("read-back", "nobody-has-it").returncode == 2
