"""The settings of the email about what waits: what is refused, and that it can be written and read as TOML."""

from datetime import UTC, time

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.waiting_mail import WaitingMail
from chalicelib.inbound.settings import read_settings
from chalicelib.insight.settings.written import as_toml
from tests.factories import demo_agency

FINE = WaitingMail(when="daily", at=time(6, 30), to={Role.SUPERVISOR: ("lead@pd.example",)}, link="https://d.example/")


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (WaitingMail(when="daily"), "desk.mail.to: names nobody"),
        (replace(FINE, at=time(7, tzinfo=UTC)), "desk.mail.at: it is in the agency's own time"),
        (replace(FINE, to={Role.AUDITOR: ("a@pd.example",)}), "auditor sees nothing that waits"),
        (replace(FINE, to={Role.WATCH: ("+13035550140",)}), "'+13035550140' is no mailbox"),
    ],
)
def test_what_can_tell_nobody_is_refused(mail, said):
    with pytest.raises(ValueError, match=said.replace("+", r"\+")):
        replace(demo_agency(), desk=Desk(mail=mail))


def test_it_is_read_as_it_was_written():
    ours = replace(demo_agency(), desk=Desk(mail=FINE))

    assert read_settings(as_toml(ours)).desk.mail == FINE
