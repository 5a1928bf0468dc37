import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from standardwebhooks import Webhook

from chalicelib.auth import Unauthentic, WebhookKey, authenticate
from tests.factories import NOW, SHARED

SECRET = "whsec_" + base64.b64encode(b"a secret of 24 bytes and").decode()
NEW = "whsec_" + base64.b64encode(b"another secret of 24 byt").decode()
SIGNING = WebhookKey(name="cad", feed="cad", agencies=("springfield",), secret=SECRET)
ROTATED = WebhookKey(name="cad-2", feed="cad", agencies=("springfield",), secret=NEW)
BEARER = WebhookKey(name="old-cad", feed="cad", agencies=("springfield",), bearer="a-long-random-key")
RMS = WebhookKey(name="rms", feed="rms", agencies=("springfield",), secret=SECRET)
KEYS = (SIGNING, ROTATED, BEARER, RMS)
BODY = b'{"updates": []}'


def signed(secret=SECRET, body=BODY, at=NOW, name="msg_1", **changes):
    """Return headers as the reference implementation signs."""
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body.decode()),
    }
    return {**headers, **{key.replace("_", "-"): value for key, value in changes.items()}}


def who(headers, body=BODY, feed="cad", keys=KEYS, now=NOW):
    return authenticate(headers, body, feed, keys, now)


@given(st.text(max_size=50), st.binary(min_size=24, max_size=64))
def test_what_the_reference_implementation_signs_is_authentic(text, key):
    secret = "whsec_" + base64.b64encode(key).decode()
    body = text.encode(errors="ignore")
    mine = WebhookKey(name="x", feed="cad", agencies=(), secret=secret)

    assert who(signed(secret, body), body, keys=(mine,)) is mine


def test_the_old_and_the_new_key_are_good_together():
    assert who(signed()) is SIGNING
    assert who(signed(NEW)) is ROTATED


def test_one_right_signature_among_several_is_enough():
    right = signed()["webhook-signature"]

    assert who(signed(webhook_signature=f"v1,AAAA v2,whatever {right}")) is SIGNING


def test_a_bearer_key_will_do():
    assert who({"authorization": "Bearer a-long-random-key"}) is BEARER
    assert who({"authorization": "bearer  a-long-random-key "}) is BEARER


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_may_be_five_minutes_off(minutes):
    assert who(signed(at=NOW + timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic a-long-random-key"},
        {"authorization": "a-long-random-key"},
        signed(webhook_signature=""),
        signed(webhook_signature="v1,"),
        signed(webhook_signature="v1,not base64!"),
        signed(webhook_signature="v1,é"),
        signed(webhook_signature=signed()["webhook-signature"].replace("v1,", "v2,")),
        signed(webhook_signature=signed(body=b"other")["webhook-signature"]),
        signed(webhook_id="msg_2"),
        signed(webhook_id=""),
        signed(webhook_timestamp=""),
        signed(webhook_timestamp="soon"),
        signed(webhook_timestamp="-1"),
        signed(webhook_timestamp="٣"),
        signed(webhook_timestamp="9" * 40),
        signed(webhook_timestamp=str(int(NOW.timestamp()) + 1)),
        signed(at=NOW - timedelta(minutes=5, seconds=1)),
        signed(at=NOW + timedelta(minutes=5, seconds=1)),
    ],
)
def test_anything_else_is_nobody_that_we_know(headers):
    with pytest.raises(Unauthentic):
        who(headers)


def test_a_changed_body_is_not_what_was_signed():
    with pytest.raises(Unauthentic):
        who(signed(), BODY + b" ")


def test_a_records_systems_key_is_not_a_dispatch_systems():
    assert who(signed(), feed="rms") is RMS
    with pytest.raises(Unauthentic):
        who(signed(NEW), feed="rms")
    with pytest.raises(Unauthentic):
        who({"authorization": "Bearer a-long-random-key"}, feed="rms")


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "whsec_not base64!", "whsec_" + "A" * 21])
def test_an_unusable_secret_opens_nothing_and_bars_nobody(secret):
    broken = WebhookKey(name="broken", feed="cad", agencies=("springfield",), secret=secret)
    forged = hmac.digest(b"", b"msg_1." + signed()["webhook-timestamp"].encode() + b"." + BODY, "sha256")

    assert not broken.usable
    assert who(signed(), keys=(broken, SIGNING)) is SIGNING
    with pytest.raises(Unauthentic):
        who(signed(webhook_signature=f"v1,{base64.b64encode(forged).decode()}"), keys=(broken,))


def test_a_bearer_key_that_is_easily_guessed_opens_nothing():
    with pytest.raises(Unauthentic):
        who({"authorization": "Bearer secret"}, keys=(WebhookKey(name="x", feed="cad", agencies=(), bearer="secret"),))


BASIC = WebhookKey(name="spring", feed="cad", agencies=("springfield",), basic="spring:a-long-password, made up: ñ")
HEADER = WebhookKey(name="own", feed="cad", agencies=("springfield",), header="a-long-static-key", header_name="X-CAD")
WEAKER = (*KEYS, BASIC, HEADER)


def basic(text, encoding="utf-8"):
    return {"authorization": f"Basic {base64.b64encode(text.encode(encoding)).decode()}"}


def test_a_user_and_password_will_do_for_a_key_that_says_so():
    assert who(basic(BASIC.basic), keys=WEAKER) is BASIC
    assert who({"authorization": basic(BASIC.basic)["authorization"].replace("Basic", "basic")}, keys=WEAKER) is BASIC


def test_a_header_of_its_own_will_do_for_a_key_that_says_so():
    assert who({"x-cad": "a-long-static-key"}, keys=WEAKER) is HEADER
    assert who({"x-cad": " a-long-static-key ", "authorization": "Negotiate abc"}, keys=WEAKER) is HEADER


@pytest.mark.parametrize(
    "headers",
    [
        basic("spring:wrong-but-long-password"),
        basic("spring"),
        basic(""),
        {"authorization": "Basic"},
        {"authorization": "Basic not base64!"},
        basic(f"cad:{SECRET}"),
        basic(":a-long-random-key"),
        basic("a-long-random-key"),
        {"x-cad": "another-static-key"},
        {"x-cad": ""},
        {"x-api-key": "a-long-static-key"},
        {"x-cad": SECRET},
        {"x-cad": "a-long-random-key"},
        {"authorization": "Bearer a-long-static-key"},
        {"authorization": f"Bearer {SECRET}"},
        {"authorization": f"Bearer {BASIC.basic}"},
        {"x-cad": "a-long-static-key", "webhook-signature": "v1,AAAA"},
    ],
)
def test_a_key_opens_in_no_way_but_its_own(headers):
    with pytest.raises(Unauthentic):
        who(headers, keys=WEAKER)


@pytest.mark.parametrize(
    "weak", [{"basic": "a-long-user-name:short"}, {"basic": "no-colon-at-all-in-it"}, {"header": "short"}]
)
def test_a_way_that_is_easily_guessed_opens_nothing(weak):
    key = WebhookKey(name="x", feed="cad", agencies=("springfield",), **weak)
    sent = basic(key.basic) if key.basic else {"x-api-key": key.header}

    assert not key.usable
    with pytest.raises(Unauthentic):
        who(sent, keys=(key,))


def test_a_release_before_the_weaker_ways_and_the_sandbox_lets_such_keys_post_nothing():
    """That release reads these fields and ignores all others."""
    known = ("name", "feed", "agencies", "secret", "bearer")
    sandbox = WebhookKey(name="try", feed="cad", sandbox=("springfield",), secret=SECRET)
    basic_only, tried = ({name: getattr(key, name) for name in known} for key in (BASIC, sandbox))

    assert not WebhookKey(**basic_only).usable
    assert tried["agencies"] == ()


def test_what_was_posted_is_kept_for_the_very_key_and_not_for_the_next_of_its_name():
    renewed = replace(SIGNING, secret=NEW)

    assert len({key.kept_under for key in (*WEAKER, renewed)}) == len(WEAKER) + 1
    assert SECRET not in SIGNING.kept_under


def test_a_key_without_a_secret_signs_nothing():
    with pytest.raises(Unauthentic):
        who(signed(), keys=(BEARER,))


def test_standard_webhooks_vectors():
    path = SHARED / "webhooks" / "signature_vectors.json"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    for vector in json.loads(path.read_text())["standard_webhooks"]:
        key = WebhookKey(name="vector", feed="cad", agencies=(), secret=vector["secret"])
        headers = {
            "webhook-id": vector["id"],
            "webhook-timestamp": str(vector["timestamp"]),
            "webhook-signature": vector["signature"],
        }
        now = datetime.fromtimestamp(vector["timestamp"], UTC)

        assert who(headers, vector["payload"].encode(), keys=(key,), now=now) is key
