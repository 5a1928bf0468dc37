"""A body may be compressed: docs/vendor/webhook.md says how, and how far it is unpacked."""

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.boundary import Refused, answering
from chalicelib.inbound.cad.update_fields import LARGEST_BODY
from chalicelib.web.compressed import MOST_MEMBERS, inflated
from chalicelib.web.webhooks import hear, receive
from tests.factories import agency
from tests.fuzz.doors import Doors, request, signed

UPDATES = json.dumps({"updates": [{"incident_number": "P26-1", "as_of": "2026-11-21T18:00:00Z"}]}).encode()


def posted(body, encoding, **changes):
    headers = signed(body, {"content-encoding": encoding, **changes})
    return answering(receive)("springfield", "cad", request("POST", body, headers), Doors(agency()))


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", " gzip "])
def test_gzip_is_read_where_the_bytes_are_signed_as_they_are_sent(encoding):
    answer = posted(gzip.compress(UPDATES), encoding)

    assert (answer.status_code, answer.body["accepted"]) == (202, 1)


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_body_that_says_it_is_not_compressed_is_read_as_it_is(encoding):
    assert posted(UPDATES, encoding).status_code == 202


def test_a_byte_order_mark_within_is_passed_over():
    assert posted(gzip.compress(b"\xef\xbb\xbf" + UPDATES), "gzip").status_code == 202


def by(body, headers, world=None):
    return answering(receive)("springfield", "cad", request("POST", body, headers), world or Doors(agency()))


def test_the_body_may_be_signed_before_it_is_compressed():
    """API Gateway may unpack it on its way: then this signature is the only one that can be right."""
    headers = signed(UPDATES, {"content-encoding": "gzip"})

    assert by(gzip.compress(UPDATES), headers).status_code == 202
    assert by(UPDATES, headers).status_code == 202


def test_what_was_unpacked_on_its_way_and_signed_as_it_was_sent_is_nobody_s():
    assert by(UPDATES, signed(gzip.compress(UPDATES), {"content-encoding": "gzip"})).status_code == 401


def test_another_body_than_the_signed_one_is_nobody_s():
    other = UPDATES.replace(b"P26-1", b"P26-2")

    assert by(gzip.compress(other), signed(UPDATES, {"content-encoding": "gzip"})).status_code == 401


class Regional(Doors):
    """A key of two agencies."""

    webhook_keys = (replace(Doors.webhook_keys[0], agencies=("springfield", "shelbyville")),)


@pytest.mark.parametrize("level", [1, 9])
def test_a_signature_opens_one_address_however_its_body_is_compressed(level):
    headers, world = signed(UPDATES, {"content-encoding": "gzip"}), Regional(agency(), agency(agency_id="shelbyville"))
    by(gzip.compress(UPDATES, 6), headers, world)

    for view, where in ((receive, ("shelbyville", "cad")), (hear, ("springfield",))):
        for body in (gzip.compress(UPDATES, level), UPDATES):
            assert answering(view)(*where, request("POST", body, headers), world).status_code == 401


def test_a_captured_update_that_is_compressed_is_no_heartbeat():
    body, world = gzip.compress(UPDATES), Doors(agency())
    headers = signed(body, {"content-encoding": "gzip"})
    by(body, headers, world)
    world.settings.heard_at = None

    assert answering(hear)("springfield", request("POST", body, headers), world).status_code == 401
    assert world.settings.heard_at is None


def test_a_captured_update_is_no_heartbeat_because_somebody_compresses_it():
    headers, world = signed(UPDATES), Doors(agency())
    compressed = {**headers, "content-encoding": "gzip"}

    answer = answering(hear)("springfield", request("POST", gzip.compress(UPDATES), compressed), world)

    assert (answer.status_code, world.settings.heard_at) == (401, None)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "compress", "gzip, gzip", "gzip, br", "utf-8"])
def test_another_coding_is_415_and_says_which_is_read(encoding):
    answer = posted(UPDATES, encoding)

    assert answer.status_code == 415
    assert answer.headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "body",
    [b"", b"\x1f\x8b", gzip.compress(UPDATES)[:-9], gzip.compress(UPDATES) + b"more", zlib.compress(UPDATES)],
    ids=["empty", "a beginning", "cut", "with more behind it", "zlib"],
)
def test_what_is_no_whole_gzip_is_400(body):
    assert posted(body, "gzip").status_code == 400


def test_a_body_may_be_as_large_unpacked_as_any_other_and_no_larger():
    full = UPDATES.ljust(LARGEST_BODY)

    assert posted(gzip.compress(full), "gzip").status_code == 202
    assert posted(gzip.compress(full + b" "), "gzip").status_code == 413
    assert posted(gzip.compress(full + b" " * 50_000_000), "gzip").status_code == 413


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=MOST_MEMBERS))
def test_members_are_read_one_after_the_other(parts):
    whole = b"".join(map(gzip.compress, parts))

    assert inflated(whole, LARGEST_BODY) == b"".join(parts) == gzip.decompress(whole)


def test_too_many_members_are_refused_before_they_cost_anything():
    with pytest.raises(Refused) as refused:
        inflated(gzip.compress(b"") * (MOST_MEMBERS + 1), LARGEST_BODY)

    assert refused.value.status == 400


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    answer = posted(raw, "gzip").status_code

    assert answer in (400, 413, 422)


@pytest.mark.parametrize(
    "sent_as", ["application/vnd.city+json", "application/json; charset=utf-8", "APPLICATION/JSON"]
)
def test_a_type_that_is_json_by_its_end_is_read(sent_as):
    assert posted(UPDATES, "", **{"content-type": sent_as}).status_code == 202


@pytest.mark.parametrize("sent_as", ["text/plain", "application/xml", "image/svg+xml", "text/vcard+json", "", "+json"])
def test_any_other_type_is_415(sent_as):
    assert posted(UPDATES, "", **{"content-type": sent_as}).status_code == 415
