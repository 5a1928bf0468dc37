"""`GET …/received` shows a key what it posted, and no word of anybody's: docs/vendor/webhook.md."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pynamodb.exceptions import PutError

from chalicelib.auth import WebhookKey
from chalicelib.boundary import answering
from chalicelib.insight.posted.keep import without_values
from chalicelib.web.webhooks import read_back, receive
from tenfour.common.paths import ROOT
from tests.factories import agency
from tests.fuzz.doors import Doors, is_described, request, signed

NOW = datetime.now(UTC)
AT = NOW.isoformat()
SECRETS = {name: f"a-long-bearer-key-{name}" for name in ("new", "try", "other", "old")}
SOMEBODY = {"party_id": "1", "phone": "303-555-0123", "email": "ann@example.org", "name": "Ann Nobody"}


def key(name, **more):
    return WebhookKey(**{"name": name, "feed": "cad", "agencies": ("springfield",), "bearer": SECRETS[name], **more})


class World(Doors):
    webhook_keys = (
        *Doors.webhook_keys,
        key("new", received_until=NOW + timedelta(days=1)),
        key("other", received_until=NOW + timedelta(days=1)),
        key("old", received_until=NOW - timedelta(days=1)),
        key("try", agencies=(), sandbox=("springfield",)),
    )


class Published:
    """The port that has an agency's only mapping."""

    def __init__(self, text):
        self._text = text

    def text(self, _agency_id, _name):
        return self._text


@pytest.fixture
def world():
    return World(agency())


def sent(name, webhook_id="w1"):
    return {"authorization": f"Bearer {SECRETS[name]}", "content-type": "application/json", "webhook-id": webhook_id}


def post(world, name, *updates, webhook_id="w1", body=None):
    body = json.dumps({"updates": list(updates)}).encode() if body is None else body
    return answering(receive)("springfield", "cad", request("POST", body, sent(name, webhook_id)), world)


def read(world, name, webhook_id=None, agency_id="springfield"):
    query = {"id": webhook_id} if webhook_id else None
    answer = answering(read_back)(agency_id, "cad", request("GET", b"", sent(name), query), world)
    assert is_described(read_back, "GET", answer), answer.status_code
    return answer


def told(**fields):
    return {"incident_number": "P26-1", "as_of": AT, **fields}


def requests(answer):
    return json.loads(json.dumps(answer.body["requests"]))


def test_a_request_is_shown_with_its_ids_times_and_answer(world):
    post(world, "new", told(update_id="u7", arrived_at=None, reporting_parties=[SOMEBODY], juvenile=True))

    (one,) = requests(read(world, "new"))
    assert (one["id"], one["answer"], one["accepted"]) == ("w1", 202, 1)
    (update,) = one["updates"]
    assert (update["incident_number"], update["update_id"]) == ("P26-1", "u7")
    assert {"arrived_at", "juvenile", "reporting_parties[0].phone"} <= set(update["fields"])
    assert datetime.fromisoformat(update["as_of"]) == NOW


def test_no_value_of_a_field_and_no_person_is_kept(world):
    secret = "a man with a limp"
    post(world, "new", told(incident_type_description=secret, reporting_parties=[SOMEBODY], caller=secret))
    post(world, "new", told(as_of="never", origin="bob@example.org", incident_type_description=secret))
    post(world, "new", told(origin=secret, response_mode=secret, reporting_parties=[{**SOMEBODY, "role": secret}]))

    written = repr(world.received.kept) + json.dumps(read(world, "new").body)
    hidden = (secret, "555-01", "5550123", "ann@", "bob@", "Nobody", "never")
    assert not [word for word in hidden if word in written]


def test_a_rejected_update_has_its_error_and_the_names_of_its_fields(world):
    post(world, "new", told(), told(incident_number="P26-2", origin="telegram"))

    (one,) = requests(read(world, "new"))
    assert one["rejected"] == 1
    update = one["updates"][1]
    assert update["rejected"].startswith("updates[1].origin: Invalid enum value …")
    assert "origin" in update["fields"]


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b'{"updates": []}', 422)])
def test_what_was_refused_as_a_whole_is_shown_too(world, body, status):
    post(world, "new", body=body)

    (one,) = requests(read(world, "new"))
    assert (one["answer"], bool(one["error"])) == (status, True)


def test_what_nulls_took_back_stands_beside_the_update_that_did_it(world):
    post(world, "new", told(arrived_at=AT, incident_id="CAD-77"))
    later = (NOW + timedelta(seconds=1)).isoformat()
    refused = told(origin="telegram")
    post(world, "new", refused, told(as_of=later, arrived_at=None, incident_id="CAD-77"), webhook_id="w2")

    (one,) = requests(read(world, "new", "w2"))
    (before,) = requests(read(world, "new", "w1"))
    assert [update.get("taken_back") for update in one["updates"]] == [None, ["arrived_at"]]
    assert [update.get("taken_back") for update in before["updates"]] == [None]
    assert one["updates"][1]["incident_id"] == "CAD-77"


def test_records_that_a_mapping_passed_over_are_counted_and_their_answer_is_the_one_that_was_sent(world):
    folder = ROOT / "tests" / "mappings"
    world.mappings = Published((folder / "snapshot.toml").read_text())
    for name in ("quiet/snapshot-empty.json", "snapshot.json"):
        body = (folder / name).read_bytes()
        answer = answering(receive)(
            "springfield", "cad", request("POST", body, sent("new", name), {"mapping": "theirs"}), world
        )
        (one,) = requests(read(world, "new", name))
        assert (one["answer"], one["passed_over"]) == (answer.status_code, answer.body["passed_over"])


def test_a_request_sent_again_is_shown_twice_and_once_as_a_duplicate(world):
    for _ in range(2):
        post(world, "new", told())
    post(world, "new", told(), webhook_id="w2")

    assert [one["duplicates"] for one in requests(read(world, "new", "w1"))] == [1, 0]
    assert [one["id"] for one in requests(read(world, "new"))] == ["w2", "w1", "w1"]


def test_a_sandbox_key_sees_the_fields_that_it_sent(world):
    post(world, "try", told(received_at=AT, reporting_parties=[SOMEBODY]))

    (one,) = requests(read(world, "try"))
    assert "exercise" not in one["updates"][0]["fields"]
    assert "reporting_parties[0].phone" in one["updates"][0]["fields"]


def test_another_key_sees_nothing_of_it(world):
    post(world, "new", told())
    post(world, "try", told())

    assert requests(read(world, "other")) == []
    assert requests(read(world, "other", "w1")) == []
    assert len(requests(read(world, "try"))) == 1


def test_a_key_that_may_not_read_back_costs_nothing_and_is_told_so(world):
    post(world, "old", told())
    answering(receive)("springfield", "cad", request("POST", b"{", signed(b"{")), world)

    assert world.received.kept == []
    assert read(world, "old").status_code == 403


def test_nobody_else_may_read(world):
    answer = answering(read_back)("springfield", "cad", request("GET", b"", {}), world)

    assert answer.status_code == 401
    assert read(world, "new", agency_id="shelbyville").status_code == 401


def test_a_check_and_a_heartbeat_are_not_kept(world):
    body = json.dumps({"updates": [told()]}).encode()
    answering(receive)("springfield", "cad", request("POST", body, sent("new"), {"check": "1"}), world)

    assert world.received.kept == []


class Full(World):
    """A store that takes nothing."""

    def __init__(self, *agencies):
        super().__init__(*agencies)
        self.received.keep = self.fail

    def fail(self, *_):
        raise PutError("no room")


def test_an_update_is_taken_although_it_could_not_be_kept_to_be_read_back():
    assert post(Full(agency()), "new", told()).status_code == 202


def test_an_error_keeps_its_field_and_loses_its_values():
    for error in ("updates[0].as_of: '21.11.26 or so' does not fit", 'updates[0].as_of: "it\'s" does not fit'):
        assert without_values(error) == "updates[0].as_of: … does not fit"


def test_a_long_error_is_cut():
    assert without_values("a" * 9_999) == "a" * 200
