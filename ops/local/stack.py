"""A running city as others see it: `stack.json`, its webhooks, and what is in its tables."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct
from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException
from standardwebhooks import Webhook

from chalicelib.domain.agency import Agency
from chalicelib.domain.record import IncidentRecord
from chalicelib.wiring import Aws, now
from ops.account import STACK, config_of, open_account
from ops.errors import CityFailed
from ops.local.deploy import client
from ops.signed import signed


class Stack(Struct, frozen=True, kw_only=True):
    """Where everything is: `stack.json`, a contract that others build on."""

    api: str
    carrier: str
    aws_endpoint: str
    agency_id: str
    webhook_secret: str
    bearer_key: str
    rms_secret: str
    lake: str
    region: str


class NoStack(ValueError):
    """There is no city where one was named."""


class NoAgency(ValueError):
    """Nobody can say which agency is meant."""


UNREACHABLE = (NoStack, NoAgency, CityFailed, BotoCoreError, ClientError, PynamoDBException)
"""What ends a command about a deployed stack in one line: it is not there, or nobody may look."""


def read_stack(path: Path) -> Stack:
    """Read a `stack.json`; NoStack."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Stack)
    except (OSError, msgspec.MsgspecError) as problem:
        raise NoStack(f"{path}: no running city ({problem})") from problem


class Vendor:
    """A dispatch or records system that posts signed webhooks to a city."""

    def __init__(self, stack: Stack, feed: str = "cad") -> None:
        self._url = f"{stack.api}/{feed}/{stack.agency_id}"
        self._signer = Webhook(stack.webhook_secret if feed == "cad" else stack.rms_secret)
        self._client = httpx.Client(timeout=60, trust_env=False)

    def post(self, updates: Sequence[dict[str, Any]], webhook_id: str | None = None) -> httpx.Response:
        """Post updates."""
        return self._send("updates", msgspec.json.encode({"updates": updates}), webhook_id)

    def beat(self) -> httpx.Response:
        """Say that the feed lives."""
        return self._send("heartbeat", b"{}", None)

    def _send(self, path: str, body: bytes, webhook_id: str | None) -> httpx.Response:
        name, at = webhook_id or f"msg_{uuid4().hex}", datetime.now(UTC)
        return self._client.post(f"{self._url}/{path}", content=body, headers=signed(self._signer, name, at, body))


def tables_of(stack: Stack) -> Connection:
    """Return a connection to a city's DynamoDB."""
    return Connection(
        region=stack.region,
        host=stack.aws_endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  any will do
    )


class Inside:
    """What only the city's owner sees: its tables, as the functions see them, and the functions themselves."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.client = partial(client, endpoint=stack.aws_endpoint)
        described = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        self.aws = Aws(config_of(self.outputs, stack.region), now, self.client, tables_of(stack))

    def publish(self, agency: Agency) -> Agency:
        """Publish settings, with survey links that lead to this city; functions know them within a minute."""
        return self.aws.settings.publish(at_home(agency, self._stack), "local", "local city", now())

    def records(self) -> Iterator[IncidentRecord]:
        """Read every incident with its notifications."""
        return map(self.aws.incidents.load, self.aws.incidents.keys())

    def compact(self) -> None:
        """Let what has landed join the lake now, rather than at the next minute."""
        names = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
        event = msgspec.json.encode(dict.fromkeys(names, ""))
        answer = self.client("lambda").invoke(FunctionName=self.outputs["Compact"], Payload=event)
        if "FunctionError" in answer:
            raise RuntimeError(f"compact failed: {answer['Payload'].read()!r}")


def at_home(agency: Agency, stack: Stack) -> Agency:
    """Return settings whose survey links lead to a running city rather than to the agency's own address."""
    return replace(agency, survey=replace(agency.survey, link=f"{stack.api}/s"))


def which_agency(aws: Aws, stack: Path | None, asked: str | None) -> Agency:
    """Return the published settings of who was asked for, of the city's, or of the only one there is; NoAgency."""
    named = asked or (read_stack(stack).agency_id if stack else None)
    known = [named] if named else aws.settings.agencies()
    if len(known) != 1:
        raise NoAgency(f"--agency is needed: the stack has {', '.join(known) or 'no settings'}")
    agency = aws.settings.agency(known[0])
    if agency is None:
        raise NoAgency(f"agency {known[0]!r} has no published settings")
    return agency


def reach(stack: Path | None) -> Aws:
    """Return the deployed stack: a running city by its `stack.json`, else the one of this AWS account."""
    return Inside(read_stack(stack)).aws if stack else open_account()


def wait_until(holds: Callable[[], object], seconds: float, every: float = 0.2) -> bool:
    """Wait until something holds; return whether it did in time."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if holds():
            return True
        time.sleep(every)
    return bool(holds())
