"""A wrong signature is explained so that an engineer can put it right."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.auth import WebhookKey
from tenfour.certify.signature import wrong_with

KEY = b"a secret of 24 bytes and"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
KEYS = (WebhookKey(name="cad", feed="cad", agencies=(), secret=SECRET, bearer="b" * 32),)
NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
AT = str(int(NOW.timestamp()))
BODY = b'{"updates": [1, 2]}'


def signature(key=KEY, told=b"msg_1." + AT.encode() + b"." + BODY):
    return hmac.digest(key, told, "sha256")


def headers(signature, at=AT):
    return {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": signature}


def v1(digest):
    return f"v1,{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize(
    "sent", [headers(v1(signature())), headers(f"v1,AAAA {v1(signature())}"), {"authorization": "Bearer " + "b" * 32}]
)
def test_nothing_is_wrong_with_a_request_that_is_authentic(sent):
    assert wrong_with(sent, BODY, "cad", KEYS, NOW) == ""


@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        (headers(v1(signature(SECRET.encode()))), "whsec_… was the key"),
        (headers(v1(signature(SECRET.removeprefix("whsec_").encode()))), "decode it from base64 first"),
        (headers(v1(signature(told=BODY))), "the body alone was signed"),
        (headers(f"v1,{signature().hex()}"), "not written as v1, and base64"),
        (headers(base64.b64encode(signature()).decode()), "not written as v1, and base64"),
        (headers(v1(signature(told=b"msg_1." + AT.encode() + b'.{"updates":[1,2]}'))), "written anew"),
        (headers(v1(signature(told=b"msg_1." + AT.encode() + b"." + BODY + b"\n"))), "line break"),
        (headers(v1(signature()), at=f"{AT}000"), "milliseconds"),
        (headers(v1(signature(b"another key of 24 bytes."))), "no webhook-signature is right"),
        ({"authorization": "b" * 32}, "not “Bearer” and the key"),
        ({"authorization": "Bearer another"}, "not known"),
        ({}, "required"),
    ],
)
def test_the_cause_is_named(sent, cause):
    assert cause in wrong_with(sent, BODY, "cad", KEYS, NOW)


def test_a_signature_of_yesterday_is_too_old():
    assert "5 minutes" in wrong_with(headers(v1(signature())), BODY, "cad", KEYS, NOW + timedelta(days=1))


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000])
def test_no_body_is_too_odd_to_be_told_of(body):
    assert wrong_with(headers("v1,AAAA"), body, "cad", KEYS, NOW)
