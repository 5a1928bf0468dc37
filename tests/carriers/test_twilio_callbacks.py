"""Posts are Twilio's own if it signed them for our address with a token of our account."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.carriers.twilio.callbacks import numbers_called, signed_by_twilio, signed_for
from tests.factories import SHARED

URL, TOKEN = "https://tell.springfield.ex/carriers/twilio/status?notification=springfield__P26-1", "12345"
POSTED = [("MessageStatus", "delivered"), ("To", "+13035550123"), ("FromZip", ""), ("Body", "é & ü")]
ENCODABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)


def twilios(url=URL, posted=POSTED, token=TOKEN):
    """Sign as Twilio's own package does."""
    return RequestValidator(token).compute_signature(url, dict(posted))


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("place", ["tell.springfield.ex", "tell.springfield.ex:443"])
def test_what_twilio_signs_is_authentic_in_any_order_with_or_without_the_port(order, place):
    assert signed_by_twilio(URL, POSTED[::order], twilios(URL.replace("tell.springfield.ex", place)), TOKEN)


@given(st.dictionaries(ENCODABLE, ENCODABLE, max_size=5), ENCODABLE.filter(bool))
def test_what_twilios_own_package_signs_is_authentic(posted, token):
    assert signed_by_twilio(URL, posted.items(), twilios(posted=posted, token=token), token)


@pytest.mark.parametrize(
    ("url", "posted", "signature", "token"),
    [
        (URL + "x", POSTED, twilios(), TOKEN),
        (URL.replace("https", "http"), POSTED, twilios(), TOKEN),
        (URL, POSTED[1:], twilios(), TOKEN),
        (URL, [*POSTED, ("To", "+13035550124")], twilios(), TOKEN),
        (URL, POSTED, twilios(), "another"),
        (URL, POSTED, twilios(token=""), ""),
        (URL, POSTED, "", TOKEN),
        (URL, POSTED, "not base64!", TOKEN),
        (URL, POSTED, "é", TOKEN),
    ],
)
def test_anything_else_is_not_twilios(url, posted, signature, token):
    assert not signed_by_twilio(url, posted, signature, token)


def test_twilios_vectors():
    path = SHARED / "webhooks" / "signature_vectors.json"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    vectors = [vector for vector in json.loads(path.read_text())["twilio"] if "signature" in vector]

    assert len(vectors) >= 2
    for vector in vectors:
        posted = [tuple(pair) for pair in vector.get("params_multi", vector.get("params", {}).items())]
        assert signed_by_twilio(vector["url"], posted, vector["signature"], vector["token"])
        assert not signed_by_twilio(vector["url"], posted[1:], vector["signature"], vector["token"])


def test_any_token_of_the_account_signs_and_nobody_else_s_does():
    account = TwilioAccount("AC1", "new", other_tokens=(TOKEN,))

    assert signed_for(account, URL, POSTED, twilios())
    assert signed_for(account, URL, POSTED, twilios(token="new"))
    assert not signed_for(TwilioAccount("AC1", "new"), URL, POSTED, twilios())
    assert not signed_for(None, URL, POSTED, twilios(token=""))


def test_a_number_goes_before_the_service_that_it_belongs_to():
    posted = [("MessagingServiceSid", "MG1"), ("From", "+13035550123"), ("To", "+13035550199")]

    assert numbers_called(posted) == ["+13035550199", "MG1"]
    assert numbers_called([("Body", "STOP")]) == []
