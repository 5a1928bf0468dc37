"""A function's container: clients of the real SDKs, on their way to a place where calls break, and a time to die."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import boto3
from botocore.config import Config as ClientConfig
from msgspec.structs import replace
from pynamodb.connection import Connection

from chalicelib.aws.queue import BRIEFLY, HintQueue
from chalicelib.config import Config
from chalicelib.wiring import Aws
from rigs.faults.hints import Hints
from rigs.faults.place import Ways
from rigs.faults.rules import READ
from tenfour.common.reach import REGION

BY_CARRIERS = frozenset({"pinpoint-sms-voice-v2", "sesv2", "sns"})
KEY = "test"
_PATIENT = 20.0
_making = threading.Lock()
"""boto3's own session may make one client at a time."""


class Killed(BaseException):
    """The function is gone: nothing after this runs."""


class Doom:
    """When a function is killed: before or after one of its next calls, or never."""

    def __init__(self) -> None:
        self.steps: int | None = None

    def listen(self, client: Any) -> None:
        """Count a client's calls down."""
        client.meta.events.register("before-call.*.*", self._step)
        client.meta.events.register("after-call.*.*", self._step)

    def _step(self, **_: Any) -> None:
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                self.steps = None
                raise Killed


def container(
    config: Config,
    ways: Ways,
    doom: Doom,
    clock: Callable[[], datetime],
    *,
    patient: bool,
    hints: Hints | None = None,
) -> Aws:
    """Return the ports as a function that has just started has them; patient clients wait as long as it takes.

    Hints come out on the clock that jumps if they go through `hints`.
    """
    waits = _PATIENT if patient else READ

    def client(service: str, config: ClientConfig | None = None) -> Any:
        endpoint = ways.carriers if service in BY_CARRIERS else ways.aws
        limits = (config or ClientConfig()).merge(ClientConfig(read_timeout=waits, connect_timeout=waits))
        with _making:
            made = boto3.client(
                service,
                endpoint_url=endpoint,
                config=limits,
                region_name=REGION,
                aws_access_key_id=KEY,
                aws_secret_access_key=KEY,
            )
        doom.listen(made)
        return made

    with _making:
        connection = Connection(
            region=REGION,
            host=ways.aws,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
            read_timeout_seconds=waits,
            connect_timeout_seconds=waits,
            max_retry_attempts=3,
        )
        doom.listen(connection.client)
    queue = hints.through(HintQueue(client("sqs", BRIEFLY), config.hints_queue)) if hints else None
    return Aws(replace(config, twilio_url=ways.carriers), clock, client, connection, queue=queue)
