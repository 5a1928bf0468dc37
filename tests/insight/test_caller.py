"""The person at the terminal is who AWS says, never who they type."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.approval import Unidentified, shown
from chalicelib.insight.people.caller import NOT_KNOWN, anybody, person

ANN = "arn:aws:iam::111122223333:user/ann"
ROOT = "arn:aws:iam::111122223333:root"


class OutOfReach:
    """A stack whose AWS doesn't say who anybody is."""

    @property
    def caller(self):
        raise EndpointConnectionError(endpoint_url="https://sts.us-west-2.amazonaws.com")


def called(arn):
    return SimpleNamespace(caller=arn)


def test_a_session_is_the_person_of_its_role_and_is_shown_without_the_account():
    session = called("arn:aws:sts::111122223333:assumed-role/records/ann")

    assert person(session) == anybody(session) == "arn:aws:iam::111122223333:role/records"
    assert (shown(person(session)), shown("R. Lead"), shown("")) == ("role/records", "R. Lead", "")


@pytest.mark.parametrize("arn", [ROOT, "arn:aws:sts::111122223333:federated-user/ann", ""])
def test_who_is_no_person_does_nothing_but_brake(arn):
    with pytest.raises(Unidentified, match="use a user or a role of your own"):
        person(called(arn))
    assert anybody(called(arn)) == arn


def test_a_brake_does_not_wait_for_aws_to_say_who_pulls_it():
    assert anybody(OutOfReach()) == NOT_KNOWN
    assert anybody(called(ANN)) == ANN
