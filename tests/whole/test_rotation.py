"""Keys that change while a city runs: nothing is deployed anew, and nobody is locked out in between."""

import json
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from chalicelib.auth import Unauthentic, authenticate
from chalicelib.wiring import KEYS_FRESH, Aws
from tenfour.common.reach import client
from tests.whole.people import now

OLD, NEW = "whsec_" + "b2xkLW9sZC1vbGQtb2xkLW9sZA==", "whsec_" + "bmV3LW5ldy1uZXctbmV3LW5ldw=="
A_MOMENT = timedelta(seconds=1)
BODY = b"{}"


class Container:
    """A function's container with secrets of its own and a clock that the test moves."""

    def __init__(self, stack, inside):
        self.secrets, self.at = client("secretsmanager", stack.aws_endpoint), now()
        names = {name: f"{name}-{uuid4().hex}" for name in ("webhook_keys_secret", "carriers_secret")}
        for name in names.values():
            self.secrets.create_secret(Name=name, SecretString="{}")
        self.config = replace(inside.aws.config, **names)
        self.aws = Aws(
            self.config, lambda: self.at, partial(client, endpoint=stack.aws_endpoint), inside.aws.connection
        )

    def hand_out(self, *keys):
        held = [{"name": key[-8:], "feed": "cad", "agencies": ["springfield"], "secret": key} for key in keys]
        document = json.dumps({"webhook_keys": held})
        self.secrets.put_secret_value(SecretId=self.config.webhook_keys_secret, SecretString=document)

    def lets_in(self, key):
        signature = Webhook(key).sign("msg_1", self.at, BODY.decode())
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(self.at.timestamp()))}
        try:
            authenticate({**headers, "webhook-signature": signature}, BODY, "cad", self.aws.webhook_keys, self.at)
        except Unauthentic:
            return False
        return True


@pytest.fixture
def container(stack, inside):
    return Container(stack, inside)


def test_a_webhooks_key_is_rotated_while_both_are_good(container):
    container.hand_out(OLD)
    assert (container.lets_in(OLD), container.lets_in(NEW)) == (True, False)

    container.hand_out(OLD, NEW)
    container.at += KEYS_FRESH + A_MOMENT
    assert (container.lets_in(OLD), container.lets_in(NEW)) == (True, True)

    container.hand_out(NEW)
    assert container.lets_in(OLD)
    container.at += KEYS_FRESH + A_MOMENT
    assert (container.lets_in(OLD), container.lets_in(NEW)) == (False, True)


def test_a_carriers_token_is_rotated_too(container):
    def rotate(token):
        document = json.dumps({"twilio": {"account_sid": "AC1", "auth_token": token}})
        container.secrets.put_secret_value(SecretId=container.config.carriers_secret, SecretString=document)

    rotate("old")
    assert container.aws.carriers.twilio.auth_token == "old"

    rotate("new")
    container.at += KEYS_FRESH + A_MOMENT
    assert container.aws.carriers.twilio.auth_token == "new"
