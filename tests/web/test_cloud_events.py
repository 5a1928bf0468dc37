"""CloudEvents 1.0 carry our body, or a vendor's own: docs/vendor/webhook.md."""

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.auth import WebhookKey
from chalicelib.boundary import answering
from chalicelib.domain.names import IncidentKey
from chalicelib.inbound.cad.cloud_events import BATCH, EVENT
from chalicelib.web.webhooks import hear, receive
from tenfour.common.paths import ROOT
from tests.factories import agency
from tests.fuzz.doors import Doors, request, signed

AT = "2026-11-21T18:00:00Z"
ONE, OTHER = ({"incident_number": number, "as_of": AT, "shift": "Ñ"} for number in ("P26-1", "P26-2"))
MAPS = ROOT / "tests" / "mappings"
BEARER = "a-long-bearer-key"


class Published:
    def text(self, _agency_id, name):
        path = MAPS / f"{name}.toml"
        return path.read_text() if path.exists() else None


class World(Doors):
    webhook_keys = (
        *Doors.webhook_keys,
        WebhookKey(name="try", feed="cad", sandbox=("springfield",), bearer=BEARER),
        WebhookKey(name="live", feed="cad", agencies=("springfield",), bearer=f"{BEARER}-live"),
    )

    def __init__(self):
        super().__init__(agency())
        self.mappings = Published()


def event(data=None, **more):
    told = {"specversion": "1.0", "id": "e1", "source": "//cad", "type": "call.changed", "time": AT}
    return told | ({} if data is None else {"data": data}) | more


def body_of(*updates):
    return {"updates": list(updates)}


def posted(told, sent_as=EVENT, world=None, headers=None, query=None):
    body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
    headers = headers or signed(body, {"content-type": sent_as})
    return answering(receive)("springfield", "cad", request("POST", body, headers, query), world or World())


def is_there(world, number):
    return bool(world.incidents.load(IncidentKey("springfield", number)).version)


@pytest.mark.parametrize("data", [body_of(ONE, OTHER), json.dumps(body_of(ONE, OTHER))], ids=["object", "text"])
def test_an_event_carries_our_body(data):
    world = World()

    answer = posted(event(data), world=world)

    assert (answer.status_code, answer.body["accepted"]) == (202, 2)
    assert is_there(world, "P26-1")


def test_an_event_may_carry_a_single_update():
    assert posted(event(ONE)).body["accepted"] == 1


def test_data_may_be_base64():
    data = base64.b64encode(json.dumps(body_of(ONE)).encode()).decode()

    assert posted(event(data_base64=data)).body["accepted"] == 1
    assert posted(event(data_base64="no base64!")).status_code == 400


def test_a_batch_carries_the_updates_of_all_its_events():
    world = World()

    answer = posted([event(body_of(ONE)), event(OTHER, id="e2")], BATCH, world)

    assert answer.body["accepted"] == 2
    assert is_there(world, "P26-2")


def test_one_bad_event_of_a_batch_does_not_block_its_neighbours():
    bad = {"incident_number": "P26-3", "as_of": "soon", "juvenile": True}
    world = World()

    answer = posted([event(ONE), event(bad), event(None), event(OTHER)], BATCH, world)

    assert answer.body["accepted"] == 2
    assert [one["index"] for one in answer.body["rejected"]] == [1, 2]
    assert is_there(world, "P26-3")  # its latch holds


def test_an_event_in_headers_is_our_body_as_it_is():
    headers = {"ce-specversion": "1.0", "ce-id": "e9", "ce-source": "//cad", "ce-type": "call.changed"}
    body = json.dumps(body_of(ONE)).encode()

    assert posted(body, headers=signed(body, headers)).status_code == 202


@pytest.mark.parametrize("in_headers", [True, False])
def test_the_event_s_id_names_the_request_of_a_key_that_does_not_sign(in_headers):
    world = World()
    told = json.dumps(body_of(ONE) if in_headers else event(body_of(ONE))).encode()
    more = {"ce-id": "e1", "content-type": "application/json"} if in_headers else {"content-type": EVENT}

    posted(told, world=world, headers={"authorization": f"Bearer {BEARER}", **more})

    assert [kept.id for _, _, kept in world.received.kept] == ["e1"]


def test_a_webhook_id_outweighs_the_event_s():
    world = World()
    headers = {"authorization": f"Bearer {BEARER}", "content-type": EVENT, "webhook-id": "mine"}
    posted(event(body_of(ONE)), world=world, headers=headers)

    assert [kept.id for _, _, kept in world.received.kept] == ["mine"]


def test_an_event_may_be_compressed_and_begin_with_a_mark():
    body = gzip.compress(b"\xef\xbb\xbf" + json.dumps(event(ONE)).encode())

    answer = posted(body, headers=signed(body, {"content-type": f"{EVENT}; charset=utf-8", "content-encoding": "gzip"}))

    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("told", "sent_as", "status"),
    [
        (b"{", EVENT, 400),
        (b"[]", BATCH, 422),
        (b"{}", EVENT, 422),
        (b"[{}]", BATCH, 422),
        (b"[1]", BATCH, 422),
        (event(ONE, specversion="0.3"), EVENT, 422),
        (event(ONE, id=7), EVENT, 422),
        (event(None), EVENT, 422),
        (event("<a/>", datacontenttype="text/xml"), EVENT, 415),
        ([event(ONE), event("<a/>", datacontenttype="text/xml")], BATCH, 415),
        (event(ONE), "application/cloudevents+avro", 415),
        (event(ONE), "application/cloudevents+xml", 415),
        (event(ONE), "application/cloudevents-more+json", 415),
        ([event(ONE)] * 101, BATCH, 422),
    ],
)
def test_what_is_no_event_is_refused_by_what_is_wrong(told, sent_as, status):
    assert posted(told, sent_as).status_code == status


def test_a_word_is_not_hidden_by_data_that_is_there_twice():
    told = json.dumps(event(ONE))[:-1] + f', "data": {json.dumps(OTHER)}}}'

    answer = posted(told.encode())

    assert (answer.status_code, answer.body["error"]) == (400, "the event: data: there twice")


@pytest.mark.parametrize(("told", "sent_as"), [(event(body_of(ONE)), EVENT), ([event(ONE)], BATCH)])
def test_a_captured_event_is_no_heartbeat(told, sent_as):
    world, body = World(), json.dumps(told).encode()
    headers = signed(body, {"content-type": sent_as})
    posted(body, headers=headers, world=world)
    world.settings.heard_at = None

    assert answering(hear)("springfield", request("POST", body, headers), world).status_code == 401
    assert world.settings.heard_at is None


XML = (MAPS / "elements.xml").read_text(encoding="windows-1252")


def mapped(told, name, sent_as=EVENT, world=None):
    return posted(told, sent_as, world, query={"mapping": name})


def straight(name, sample, sent_as):
    body = (MAPS / sample).read_bytes()
    return posted(body, headers=signed(body, {"content-type": sent_as}), query={"mapping": name}).body


def test_an_event_carries_a_vendor_s_own_payload():
    nested = json.loads((MAPS / "nested.json").read_text())

    assert mapped(event(nested), "nested").body == straight("nested", "nested.json", "application/json")
    for told in (XML, '<?xml version="1.0" encoding="windows-1252"?>' + XML.partition("?>")[2].lstrip()):
        assert mapped(event(told, datacontenttype="text/xml"), "elements").body == straight(
            "elements", "elements.xml", "text/xml"
        )


def test_bytes_of_another_encoding_travel_as_base64():
    data = base64.b64encode((MAPS / "utf16.csv").read_bytes()).decode()

    told = mapped(event(data_base64=data, datacontenttype="text/csv"), "utf16")
    assert told.body == straight("utf16", "utf16.csv", "text/csv")


def test_a_mapping_reads_each_event_of_a_batch_and_sets_an_unreadable_one_aside():
    nested = json.loads((MAPS / "nested.json").read_text())
    alone = mapped(event(nested), "nested").body["accepted"]

    answer = mapped([event(nested), event([1]), event(nested)], "nested", BATCH)

    told = answer.body
    assert told["accepted"] + told["duplicates"] == 2 * alone
    assert [one["index"] for one in told["rejected"]] == [alone]
    assert told["rejected"][0]["error"].startswith(f"updates[{alone}]")


def test_events_that_a_mapping_passes_over_are_counted_and_are_no_fault():
    quiet = json.loads((MAPS / "quiet" / "snapshot-empty.json").read_text())

    answer = mapped([event(quiet), event(quiet)], "snapshot", BATCH)

    assert (answer.status_code, answer.body["passed_over"]) == (202, 2)


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode), st.sampled_from([EVENT, BATCH]), st.booleans())
def test_any_bytes_are_answered(body, sent_as, mapping):
    answer = mapped(body, "nested", sent_as) if mapping else posted(body, sent_as)

    assert answer.status_code in (400, 415, 422)
