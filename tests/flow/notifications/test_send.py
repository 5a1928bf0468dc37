"""Which provider gets a message, and what is remembered where none took it."""

import pytest

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.providers import Providers
from chalicelib.ports.carrier import SendFailed
from chalicelib.ports.notices import Notice
from chalicelib.virtual.world import MemorySender
from tests.factories import NOW, PHONE, after, agency, call, caller
from tests.flow.city import City

BOTH = Providers(sms=("end_user_messaging", "twilio"))
SERVICE = "MG" + "0" * 32


class Failing(MemorySender):
    """A provider that fails in one way, as often as it is told, and keeps what it was asked."""

    def __init__(self, *failures):
        super().__init__()
        self.failures, self.asked = list(failures), []

    def send(self, outgoing):
        self.asked.append(outgoing)
        if self.failures:
            raise self.failures.pop(0)
        return super().send(outgoing)


def city(*failures, providers=BOTH, parties=None):
    """Return a city in which the preferred provider fails, when its first text was due."""
    numbers = agency().numbers.__class__(
        non_emergency="303-555-0100", sms_from="+13035550199", email_from="a@b.example", twilio_from=SERVICE
    )
    it = City(agency(providers=providers, numbers=numbers))
    it.first, it.second = Failing(*failures), Failing()
    it.ports.senders = {"end_user_messaging": it.first, "twilio": it.second, "ses": it.ports.email}
    it.tell(call(parties=parties))
    it.run_until(after(1))
    return it


def test_the_preferred_provider_takes_it_and_the_next_is_not_asked():
    it = city()

    assert (len(it.first.asked), len(it.second.asked)) == (1, 0)
    assert it.row(Kind.ACKNOWLEDGMENT).state is State.SENT


def test_what_surely_did_not_go_with_the_first_goes_with_the_next_at_once():
    it = city(SendFailed("retry", "throttled"))

    row = it.row(Kind.ACKNOWLEDGMENT)
    assert (row.state, row.attempts, row.sent_at) == (State.SENT, 1, after(1))
    assert [one.sender for one in (*it.first.asked, *it.second.asked)] == ["+13035550199", SERVICE]
    assert it.second.asked[0].origin == "https://tell.springfield.ex"


@pytest.mark.parametrize(("outcome", "state"), [("ambiguous", State.UNKNOWN), ("permanent", State.FAILED)])
def test_what_may_have_gone_or_never_will_goes_with_nobody_else(outcome, state):
    it = city(SendFailed(outcome, "whatever"))

    assert it.second.asked == []
    assert it.row(Kind.ACKNOWLEDGMENT).state is state


def test_where_nobody_takes_it_it_is_tried_again_later_from_the_first():
    it = city(SendFailed("retry", "throttled"))
    it.ports.senders["twilio"] = Failing(SendFailed("retry", "no_account"))
    it.first.failures = [SendFailed("retry", "throttled")]
    it.tell(call(incident_number="P26-2", at=after(2)))
    it.run_until(after(3))
    row = it.row(Kind.ACKNOWLEDGMENT, number="P26-2")
    assert (row.state, row.reason, row.attempts) == (State.SCHEDULED, "no_account", 1)

    it.run_until(after(5))
    assert it.row(Kind.ACKNOWLEDGMENT, number="P26-2").attempts == 2


def test_what_one_refuses_for_good_may_still_go_with_the_one_that_was_busy():
    it = city()
    it.first.failures, it.second.failures = [SendFailed("retry", "throttled")], [SendFailed("permanent", "21606")]
    it.tell(call(incident_number="P26-2", at=after(2)))
    it.run_until(after(3))
    row = it.row(Kind.ACKNOWLEDGMENT, number="P26-2")
    assert (row.state, row.reason) == (State.SCHEDULED, "throttled")

    it.run_until(after(5))
    assert it.row(Kind.ACKNOWLEDGMENT, number="P26-2").sent_at


def test_a_provider_that_there_is_not_is_passed_over():
    assert city(providers=Providers(sms=("telegraph", "twilio"))).second.asked
    nobody = city(providers=Providers(sms=("telegraph",)))

    row = nobody.row(Kind.ACKNOWLEDGMENT)
    assert (row.state, row.reason) == (State.SCHEDULED, "no_provider")


def test_a_code_that_we_have_no_word_for_is_told_with_its_provider():
    it = city(SendFailed("ambiguous", "Telepathy", unknown=True))

    (notice,) = it.ports.notices
    assert notice == (
        Notice.UNKNOWN_PROVIDER_CODE,
        {
            "provider": "end_user_messaging",
            "code": "Telepathy",
            "notification": it.row(Kind.ACKNOWLEDGMENT).key.id,
        },
    )


def test_a_provider_that_knows_of_a_stop_is_believed():
    it = city(SendFailed("permanent", "21610", opted_out=True))

    assert it.ports.contacts.load("springfield", PHONE, NOW.date()).opted_out is OptOutScope.ALL
    assert it.second.asked == []


def test_a_phone_that_gets_no_texts_is_remembered_and_its_owner_gets_an_email():
    it = city(SendFailed("permanent", "21614", landline=True), parties={"1": caller(email="a@people.example")})
    it.run_until(after(2))

    assert it.ports.contacts.load("springfield", PHONE, NOW.date()).landline
    assert [mail.address for mail in it.ports.email.outgoing] == ["a@people.example"]
    assert it.second.asked == []


def test_a_phone_that_gets_no_texts_and_has_no_email_gets_nothing():
    it = city(SendFailed("permanent", "21614", landline=True))
    it.run_until(after(2))

    row = it.row(Kind.ACKNOWLEDGMENT)
    assert (row.state, row.reason) == (State.SUPPRESSED, Reason.LANDLINE)
