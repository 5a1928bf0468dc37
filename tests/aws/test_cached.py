"""What a container has read serves for a while, and longer where it can't be read again."""

import io
import json
import logging
from datetime import timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.aws.cached import TRY_AGAIN, Cached
from chalicelib.boundary import logger
from chalicelib.config import Config
from chalicelib.wiring import KEYS_FRESH, Aws
from tests.factories import NOW

AGE = timedelta(minutes=5)


class Source:
    def __init__(self):
        self.at, self.value, self.reads, self.failures = NOW, 1, 0, []
        self.cached = Cached(lambda: self.at, AGE)

    def read(self):
        self.reads += 1
        if self.value is None:
            raise ConnectionError("away")
        return self.value

    def get(self):
        return self.cached.get_or_last(None, self.read, self.failures.append)


def test_what_was_read_last_serves_while_nothing_can_be_read_and_somebody_is_told():
    source = Source()
    assert source.get() == 1

    source.value, source.at = None, NOW + AGE + timedelta(seconds=1)

    assert source.get() == 1
    assert [type(error) for error in source.failures] == [ConnectionError]


def test_each_request_does_not_wait_for_another_try():
    source = Source()
    source.get()
    source.value, source.at = None, NOW + AGE + timedelta(seconds=1)

    for _ in range(100):
        source.get()
    assert source.reads == 2

    source.at += TRY_AGAIN + timedelta(seconds=1)
    source.get()
    assert (source.reads, len(source.failures)) == (3, 2)


def test_what_can_be_read_again_is_new_at_once():
    source = Source()
    source.get()
    source.value, source.at = None, NOW + AGE + timedelta(seconds=1)
    source.get()

    source.value, source.at = 2, source.at + TRY_AGAIN + timedelta(seconds=1)

    assert source.get() == 2


def test_what_was_never_read_is_not_made_up():
    source = Source()
    source.value = None

    with pytest.raises(ConnectionError):
        source.get()
    assert source.failures == []


class Vault:
    """Secrets Manager, which may be away."""

    away = False

    def get_secret_value(self, **_):
        if self.away:
            raise EndpointConnectionError(endpoint_url="https://secretsmanager.example")
        keys = [{"name": "cad", "feed": "cad", "agencies": ["springfield"], "bearer": "b" * 20}]
        return {"SecretString": json.dumps({"webhook_keys": keys, "twilio_account": "AC1"})}


def test_while_secrets_manager_is_away_the_last_known_keys_serve_with_an_alarm():
    vault, at, stream = Vault(), [NOW], io.StringIO()
    config = Config(**dict.fromkeys(Config.__struct_fields__, "x") | {"region": "us-east-1"})
    aws = Aws(config, lambda: at[0], lambda *_, **__: vault)
    known = aws.webhook_keys, aws.carriers
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.handlers[0].formatter)
    logger.addHandler(handler)

    vault.away, at[0] = True, NOW + KEYS_FRESH + timedelta(minutes=1)
    served = aws.webhook_keys, aws.carriers
    logger.removeHandler(handler)

    assert served == known
    logged = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["secret"] for line in logged if line["message"] == "KeysOld"] == ["webhook keys", "carriers"]
