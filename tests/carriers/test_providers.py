"""A provider is one folder and one line: nothing else knows its name."""

import pytest
from msgspec.structs import replace

from chalicelib.carriers.end_user_messaging import sender as end_user_messaging
from chalicelib.carriers.registry import PROVIDERS, Senders
from chalicelib.carriers.ses import sender as ses
from chalicelib.carriers.tools import Carriers, Entry, Tools
from chalicelib.carriers.twilio import sender as twilio
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.providers import Providers
from chalicelib.insight.settings.check import check
from chalicelib.ports.carrier import SendFailed, Sent
from tenfour.common.paths import ROOT
from tests.factories import SETTINGS, after, agency, call
from tests.flow.city import City

TOOLS = Tools(lambda service: None, Carriers, "tenfour", "https://api.twilio.com")


class Pigeon:
    """A toy provider, whole: what a folder in `carriers/` has."""

    tells = True
    taken = ()

    def send(self, outgoing):
        Pigeon.taken = (*self.taken, outgoing)
        return Sent("pigeon", f"ring-{len(self.taken)}")


@pytest.fixture
def pigeon(monkeypatch):
    monkeypatch.setitem(PROVIDERS, "pigeon", Entry("sms", lambda tools: Pigeon()))
    monkeypatch.setattr(Pigeon, "taken", ())
    return Pigeon


def test_each_provider_has_a_folder_of_its_name():
    folders = {path.parent.name for path in (ROOT / "chalicelib" / "carriers").glob("*/sender.py")}

    assert folders == PROVIDERS.keys()


def acknowledged(providers):
    city = City(agency(providers=providers))
    city.ports.senders = {**city.ports.senders, **{name: Senders(TOOLS)[name] for name in providers.sms}}
    city.tell(call())
    city.run_until(after(1))
    return city.row(Kind.ACKNOWLEDGMENT)


def test_a_new_provider_is_a_module_a_line_and_a_word_in_the_settings(pigeon, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(SETTINGS.replace('"live"', '"shadow"') + '\n[providers]\nsms = ["pigeon"]\n')

    checked = check(file)
    row = acknowledged(checked.agency.providers)

    assert checked.errors == 0, str(checked)
    assert (row.state, row.provider, row.reference) == (State.SENT, "pigeon", "ring-1")
    assert pigeon.taken[0].sender == "+13035550199"


def test_a_new_provider_takes_over_where_the_first_surely_did_not_take_it(pigeon, monkeypatch):
    class Down:
        tells = True

        def send(self, outgoing):
            raise SendFailed("retry", "throttled")

    monkeypatch.setitem(PROVIDERS, "twilio", Entry("sms", lambda tools: Down()))

    row = acknowledged(Providers(sms=("twilio", "pigeon")))

    assert (row.state, row.provider, row.attempts) == (State.SENT, "pigeon", 1)


def test_a_sender_is_made_when_it_is_first_used_and_once():
    made = []
    senders = Senders(replace(TOOLS, client=made.append))

    assert set(senders) == set(PROVIDERS)
    assert made == []
    assert senders["ses"] is senders["ses"]
    assert made == ["sesv2"]
    assert senders.get("telegraph") is None


@pytest.mark.parametrize(
    ("codes", "ours"),
    [
        (end_user_messaging.CODES, {"ResourceNotFoundException", "AccessDeniedException"}),
        (ses.CODES, {"AccountSuspendedException", "MailFromDomainNotVerifiedException", "NotFoundException"}),
        (twilio.CODES, {"20003", "20005", "20404", "21606", "21660", "21703"}),
    ],
)
def test_what_is_wrong_with_our_account_is_left_to_the_next_provider(codes, ours):
    assert {codes[code] for code in ours} == {"retry"}
