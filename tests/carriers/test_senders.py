"""The same promises over every sender, with real SDK clients over real HTTP, against the carrier simulator."""

import pytest
from botocore.exceptions import EndpointConnectionError, ParamValidationError

from chalicelib.carriers.end_user_messaging import sender as end_user_messaging
from chalicelib.carriers.failures import call_once
from chalicelib.carriers.registry import PROVIDERS
from chalicelib.carriers.ses import sender as ses
from chalicelib.carriers.ses.sender import as_html
from chalicelib.carriers.sns import sender as sns
from chalicelib.carriers.tools import Carriers
from chalicelib.carriers.twilio import sender as twilio
from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.carriers.twilio.sender import Twilio
from chalicelib.ports.carrier import SendFailed
from rigs.carrier_simulator.server import ANYBODY
from tests.carriers.simulator import ORIGIN, TO, outgoing, unreachable
from tests.waiting import wait_until

BODY = "Springfield PD: officers are delayed."
NO_CORRELATION = {"sns"}
CODES = {"end_user_messaging": end_user_messaging.CODES, "sns": sns.CODES, "twilio": twilio.CODES, "ses": ses.CODES}
providers = pytest.mark.parametrize("provider", PROVIDERS)


def failed(senders, provider, **changes):
    with pytest.raises(SendFailed) as failure:
        senders[provider].send(outgoing(provider, **changes))
    return failure.value


def to(provider):
    return TO[PROVIDERS[provider].channel]


@providers
def test_a_message_arrives_with_our_id(simulator, provider):
    sent = simulator.senders[provider].send(outgoing(provider))

    (message,) = simulator.messages()
    assert (message["id"], message["provider"]) == (sent.reference, sent.provider) == (sent.reference, provider)
    assert (message["channel"], message["to"], message["body"]) == (PROVIDERS[provider].channel, to(provider), BODY)
    assert message["reference"] == ("" if provider in NO_CORRELATION else "springfield__P26-1__delay__1__0")


@providers
def test_a_throttled_message_surely_did_not_go(simulator, provider):
    simulator.behave(**{to(provider): "throttle", "times": 1})

    failure = failed(simulator.senders, provider)
    assert (failure.outcome, failure.unknown) == ("retry", False)
    assert simulator.messages() == []
    assert simulator.senders[provider].send(outgoing(provider))


@pytest.mark.parametrize(
    ("provider", "reason"), [("end_user_messaging", "DESTINATION_PHONE_NUMBER_OPTED_OUT"), ("twilio", "21610")]
)
def test_a_provider_that_knows_of_an_opt_out_says_never(simulator, provider, reason):
    simulator.behave(**{"*": "optout"})

    failure = failed(simulator.senders, provider)
    assert (failure.outcome, failure.reason, failure.opted_out) == ("permanent", reason, True)


@pytest.mark.parametrize("provider", ["sns", "ses"])
def test_a_provider_that_says_nothing_of_an_opt_out_takes_the_message(simulator, provider):
    simulator.behave(**{"*": "optout"})

    assert simulator.senders[provider].send(outgoing(provider))


@providers
def test_no_answer_in_time_says_nothing(simulator, provider):
    simulator.behave(**{to(provider): "timeout", "times": 1})

    failure = failed(simulator.impatient, provider)
    assert (failure.outcome, failure.unknown) == ("ambiguous", False)
    assert simulator.messages() == []


@providers
def test_no_answer_in_time_says_nothing_although_it_went_and_only_once(simulator, provider):
    simulator.turn("answers", answer="late")

    assert failed(simulator.impatient, provider).outcome == "ambiguous"
    assert wait_until(simulator.messages), "a busy machine may read the request after the sender has given up"
    assert len(simulator.messages()) == 1


@providers
def test_a_slow_answer_is_an_answer(simulator, provider):
    simulator.turn("answers", answer="slow")

    assert simulator.senders[provider].send(outgoing(provider)).reference


@providers
def test_an_answer_that_breaks_off_says_nothing_although_it_went_and_only_once(simulator, provider):
    simulator.behave(**{to(provider): "accept_then_drop", "times": 1})

    assert failed(simulator.senders, provider).outcome == "ambiguous"
    assert len(simulator.messages()) == 1


@providers
def test_a_page_where_an_answer_should_be_says_nothing(simulator, provider):
    simulator.turn("answers", answer="page")

    failure = failed(simulator.senders, provider)
    assert (failure.outcome, failure.reason) == ("ambiguous", "truncated_answer")
    assert len(simulator.messages()) == 1


@providers
def test_trouble_of_the_providers_own_says_nothing(simulator, provider):
    simulator.turn("answers", answer="trouble")

    failure = failed(simulator.senders, provider)
    assert (failure.outcome, failure.unknown) == ("ambiguous", False)


@providers
def test_a_code_that_we_have_no_word_for_is_ambiguous_and_loud(simulator, provider):
    simulator.turn("answers", answer="gateway")

    failure = failed(simulator.senders, provider)
    assert (failure.outcome, failure.unknown) == ("ambiguous", True)
    assert "502" in failure.reason


@providers
def test_a_request_that_is_none_will_never_go(simulator, provider):
    assert failed(simulator.senders, provider, body=None).outcome == "permanent"
    assert simulator.messages() == []


@providers
def test_a_provider_that_cannot_be_reached_took_nothing(provider):
    with unreachable() as senders, pytest.raises(SendFailed) as failure:
        senders[provider].send(outgoing(provider))
    assert (failure.value.outcome, failure.value.reason) == ("retry", "EndpointConnectionError")


@pytest.mark.parametrize(
    ("provider", "code", "outcome"),
    [(provider, code, outcome) for provider, codes in CODES.items() for code, outcome in codes.items()],
)
def test_each_code_of_a_provider_means_what_its_dictionary_says(simulator, provider, code, outcome):
    simulator.turn("answers", error=code)

    failure = failed(simulator.senders, provider)
    assert (failure.outcome, failure.reason, failure.unknown) == (outcome, code.rpartition(":")[2], False)
    assert simulator.messages() == []


@providers
def test_each_outcome_has_a_code(provider):
    assert set(CODES[provider].values()) == {"permanent", "retry", "ambiguous"}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (EndpointConnectionError(endpoint_url="x"), "retry"),
        (ParamValidationError(report="x"), "permanent"),
    ],
)
def test_what_a_client_raises_is_understood(error, outcome):
    def call(**request):
        raise error

    with pytest.raises(SendFailed) as failure:
        call_once(call, {})
    assert failure.value.outcome == outcome


def test_what_an_agency_wishes_is_asked_of_each_that_can(simulator):
    wishes = {"max_price": "0.05", "protect": "protect-abc"}

    simulator.senders["end_user_messaging"].send(outgoing("end_user_messaging", **wishes))
    asked = simulator.asked()
    assert (asked["MaxPrice"], asked["ProtectConfigurationId"], asked["TimeToLive"]) == ("0.05", "protect-abc", 900)

    simulator.senders["sns"].send(outgoing("sns", **wishes))
    asked = simulator.asked()
    attributes = {
        value: asked[key.replace("Name", "Value.StringValue")] for key, value in asked.items() if ".Name" in key
    }
    assert attributes == {
        "AWS.SNS.SMS.SMSType": "Transactional",
        "AWS.MM.SMS.OriginationNumber": "+13035550199",
        "AWS.SNS.SMS.MaxPrice": "0.05",
    }


@pytest.mark.parametrize(("lives_for", "asked"), [(0, "1"), (900, "900"), (1_209_600, "36000")])
def test_a_text_by_twilio_lives_as_long_as_it_is_worth_within_twilios_bounds(simulator, lives_for, asked):
    simulator.senders["twilio"].send(outgoing("twilio", lives_for=lives_for))

    assert simulator.asked()["ValidityPeriod"] == asked
    assert simulator.asked()["StatusCallback"] == (
        f"{ORIGIN}/carriers/twilio/status?notification=springfield__P26-1__delay__1__0"
    )


def test_a_text_by_twilio_goes_from_a_number_or_by_a_messaging_service(simulator):
    service = "MG" + "0" * 32
    simulator.senders["twilio"].send(outgoing("twilio"))
    assert (simulator.asked()["From"], "MessagingServiceSid" in simulator.asked()) == ("+13035550199", False)

    simulator.senders["twilio"].send(outgoing("twilio", sender=service))
    assert (simulator.asked()["MessagingServiceSid"], "From" in simulator.asked()) == (service, False)


def test_a_wrong_key_at_twilio_took_nothing_and_a_new_one_is_used_at_once(simulator):
    keys = [Carriers(TwilioAccount(ANYBODY.account_sid, "stale")), Carriers(ANYBODY)]
    sender = Twilio(lambda: keys.pop(0), simulator.url)

    with pytest.raises(SendFailed) as failure:
        sender.send(outgoing("twilio"))
    assert (failure.value.outcome, failure.value.reason) == ("retry", "20003")
    assert sender.send(outgoing("twilio"))


def test_without_an_account_at_twilio_nothing_went():
    with pytest.raises(SendFailed) as failure:
        Twilio(Carriers, "http://127.0.0.1:9").send(outgoing("twilio"))

    assert (failure.value.outcome, failure.value.reason) == ("retry", "no_account")


def test_an_email_is_the_same_words_as_text_and_as_a_page(simulator):
    body = "A <b>call</b>: https://t.ex/s/abc.\nBye & thanks\n\nSpringfield"
    simulator.senders["ses"].send(outgoing("ses", body=body, subject="P26-1 <x>"))

    content = simulator.asked()["Content"]["Simple"]
    assert content["Body"]["Text"]["Data"] == body
    assert content["Body"]["Html"]["Data"] == as_html("P26-1 <x>", body)
    assert "Headers" not in content
    assert as_html("P26-1 <x>", body).endswith(
        "<title>P26-1 &lt;x&gt;</title></head><body><p>A &lt;b&gt;call&lt;/b&gt;: "
        '<a href="https://t.ex/s/abc">https://t.ex/s/abc</a>.<br>Bye &amp; thanks</p><p>Springfield</p></body></html>'
    )


def test_an_email_can_be_ended_with_one_click(simulator):
    simulator.senders["ses"].send(outgoing("ses", unsubscribe=f"{ORIGIN}/u/abc"))

    assert simulator.asked()["Content"]["Simple"]["Headers"] == [
        {"Name": "List-Unsubscribe", "Value": f"<{ORIGIN}/u/abc>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]
