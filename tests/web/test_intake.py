"""The way in of dispatch systems: what is read, whose it is, and that the feed lives."""

import json

import pytest
from msgspec.structs import replace

from chalicelib.auth import WebhookKey, signature_of
from chalicelib.boundary import answering
from chalicelib.domain.names import IncidentKey
from chalicelib.web.webhooks import hear, receive
from tests.factories import agency
from tests.fuzz.doors import Doors, request, signed

GOOD = {"incident_number": "P26-1", "as_of": "2026-11-21T18:00:00Z"}


def posted(body, world, agency_id="springfield", feed="cad", headers=None):
    return answering(receive)(agency_id, feed, request("POST", body, headers or signed(body)), world)


def updates(*numbers):
    return json.dumps({"updates": [{**GOOD, "incident_number": number} for number in numbers]}).encode()


def test_a_byte_order_mark_before_the_updates_is_passed_over():
    answer = posted(b"\xef\xbb\xbf" + updates("P26-1"), Doors(agency()))

    assert (answer.status_code, answer.body["accepted"]) == (202, 1)


class OneFails(Doors):
    """A store in which one incident can't be read."""

    def __init__(self, *agencies):
        super().__init__(*agencies)
        load = self.incidents.load

        def fail(key):
            if key.incident_number == "P26-2":
                raise RuntimeError("one incident fails")
            return load(key)

        self.incidents.load = fail


def test_one_incident_that_fails_does_not_make_the_feed_silent():
    world = OneFails(agency())

    answer = posted(updates("P26-1", "P26-2", "P26-3"), world)

    assert answer.status_code == 500
    assert world.incidents.load(IncidentKey("springfield", "P26-3")).version
    assert world.settings.conditions("springfield").feed_heard_at is not None


def test_updates_beside_which_others_are_missing_do_not_say_that_the_feed_lives():
    world, body = Doors(agency()), updates("P26-1")

    answer = posted(body, world, headers=signed(body) | {"Tenfour-Partial": "1"})

    assert (answer.status_code, answer.body["accepted"]) == (202, 1)
    assert world.settings.conditions("springfield").feed_heard_at is None


@pytest.mark.parametrize("body", [b"{", b'{"updates": []}'])
def test_what_could_not_be_read_does_not_say_that_the_feed_lives(body):
    world = Doors(agency())

    assert posted(body, world).status_code in (400, 422)
    assert world.settings.conditions("springfield").feed_heard_at is None


class Regional(Doors):
    """A key of two agencies, one of which has no settings yet."""

    webhook_keys = (replace(Doors.webhook_keys[0], agencies=("springfield", "shelbyville", "capital-city")),)


def test_a_key_learns_nothing_about_agencies_that_it_does_not_name():
    world = Doors(agency(), agency(agency_id="shelbyville"))

    there, nowhere = (posted(updates("P26-1"), world, name) for name in ("shelbyville", "ogdenville"))

    assert there.status_code == nowhere.status_code == 401
    assert there.body == nowhere.body


def test_an_agency_of_the_key_that_has_no_settings_is_not_found():
    assert posted(updates("P26-1"), Regional(agency()), "capital-city").status_code == 404


# --- a signature opens one address

TWO = (agency(), agency(agency_id="shelbyville"))


def beaten(body, world, agency_id="springfield", headers=None):
    return answering(hear)(agency_id, request("POST", body, headers or signed(body)), world)


def mapped(body, world, headers):
    return answering(receive)("springfield", "cad", request("POST", body, headers, {"mapping": "aegis"}), world)


def test_a_captured_update_is_no_heartbeat():
    world, body = Doors(agency()), updates("P26-1")
    headers = signed(body)
    posted(body, world, headers=headers)
    world.settings.heard_at = None

    assert beaten(body, world, headers=headers).status_code == 401
    assert world.settings.heard_at is None


def test_a_captured_update_is_none_of_another_agencys():
    world, body = Regional(*TWO), updates("P26-1")
    headers = signed(body)

    answers = [posted(body, world, name, headers=headers).status_code for name in ("springfield", "shelbyville")]

    assert answers == [202, 401]
    assert not world.incidents.load(IncidentKey("shelbyville", "P26-1")).version


def test_the_same_request_to_the_same_address_is_taken_again():
    world, body = Doors(agency()), updates("P26-1")
    headers = signed(body)

    assert [posted(body, world, headers=headers).body["duplicates"] for _ in range(3)] == [0, 1, 1]


@pytest.mark.parametrize("body", [b"", b"{}", b" {} ", b'{"status": "OK"}'])
def test_senders_of_old_may_beat_for_all_agencies_of_their_key_with_one_request(body):
    world, headers = Regional(*TWO), signed(body)

    assert [beaten(body, world, name, headers).status_code for name in ("springfield", "shelbyville")] == [202, 202]


@pytest.mark.parametrize("body", [b'{"status": "OK"}', b"<alive/>"])
def test_a_heartbeat_that_tells_something_is_no_body_for_a_mapping(body):
    world, headers = Doors(agency()), signed(body)

    assert beaten(body, world, headers=headers).status_code == 202
    assert mapped(body, world, headers).status_code == 401


@pytest.mark.parametrize("body", [b'{"status": "OK"}', b"<alive/>"])
def test_a_captured_body_for_a_mapping_is_no_heartbeat(body):
    world, headers = Doors(agency()), signed(body)
    mapped(body, world, headers)

    assert beaten(body, world, headers=headers).status_code == 401


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("text", ['{"updates": [{}]}', '{"updates": ["x"], "more": 1}', '{"updates": {"a": 1}}'])
def test_updates_are_no_heartbeat_whatever_was_taken_of_them(mark, text):
    world, body = Doors(agency()), mark + text.encode()

    assert beaten(body, world).status_code == 401
    assert world.settings.heard_at is None


def test_senders_of_old_may_beat_with_no_updates():
    assert beaten(b'{"updates": []}', Doors(agency())).status_code == 202


@pytest.mark.parametrize(("world", "noted"), [(Doors, 0), (Regional, 1)])
def test_a_signature_of_updates_is_noted_only_where_it_could_open_another_address(world, noted):
    ours = world(agency())
    posted(updates("P26-1"), ours)

    assert len(ours.signatures.used) == noted


def test_signatures_of_two_keys_over_the_same_words_are_two():
    one = WebhookKey(name="a", feed="cad", agencies=("a",), secret="whsec_" + "A" * 32)
    other = replace(one, name="b", secret="whsec_" + "B" * 32)
    headers = signed(b"{}")

    assert signature_of(one, headers, b"{}") != signature_of(other, headers, b"{}")
    assert signature_of(one, {"authorization": "Bearer x"}, b"{}") is None
