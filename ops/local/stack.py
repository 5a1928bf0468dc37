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
from msgspec import Struct
from msgspec.structs import replace
from pynamodb.connection import Connection
from standardwebhooks import Webhook

from chalicelib.config import Config
from chalicelib.domain.agency import Agency
from chalicelib.domain.record import IncidentRecord
from chalicelib.wiring import Aws, now
from ops.local.deploy import STACK, client


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
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signer.sign(name, at, body.decode()),
        }
        return self._client.post(f"{self._url}/{path}", content=body, headers=headers)


class Inside:
    """What only the city's owner sees: its tables, as the functions see them, and the functions themselves."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._client = partial(client, endpoint=stack.aws_endpoint)
        described = self._client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        connection = Connection(
            region=stack.region,
            host=stack.aws_endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  any will do
        )
        self.aws = Aws(self._config(), now, self._client, connection)

    def publish(self, agency: Agency) -> Agency:
        """Publish settings, with survey links that lead to this city; functions know them within a minute."""
        here = replace(agency, survey=replace(agency.survey, link=f"{self._stack.api}/s"))
        return self.aws.settings.publish(here, "local", "local city", now())

    def records(self) -> Iterator[IncidentRecord]:
        """Read every incident with its notifications."""
        return map(self.aws.incidents.load, self.aws.incidents.keys())

    def compact(self) -> None:
        """Let what has landed join the lake now, rather than at the next minute."""
        names = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
        event = msgspec.json.encode(dict.fromkeys(names, ""))
        answer = self._client("lambda").invoke(FunctionName=self.outputs["Compact"], Payload=event)
        if "FunctionError" in answer:
            raise RuntimeError(f"compact failed: {answer['Payload'].read()!r}")

    def _config(self) -> Config:
        return Config(
            region=self._stack.region,
            incidents_table=self.outputs["Incidents"],
            contacts_table=self.outputs["Contacts"],
            surveys_table=self.outputs["Surveys"],
            settings_table=self.outputs["Settings"],
            hints_queue=self.outputs["Hints"],
            lake_bucket=self.outputs["Lake"],
            webhook_keys_secret=self.outputs["WebhookKeys"],
            root_key_secret=self.outputs["RootKey"],
            configuration_set=STACK,
        )


def wait_until(holds: Callable[[], object], seconds: float, every: float = 0.2) -> bool:
    """Wait until something holds; return whether it did in time."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if holds():
            return True
        time.sleep(every)
    return bool(holds())
