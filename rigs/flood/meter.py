"""Every client that counts: what botocore is asked for is answered here, one step before it would leave the machine."""

import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from msgspec import Struct, field

from rigs.flood.expressions import Unsupported
from rigs.flood.tables import Database, Refusal
from tenfour.common.reach import REGION

KEY = "test"
SECRET = "not secret: it keeps nothing"  # noqa: S105


class Used(Struct):
    """What one step used: how often it was done, in how many invocations, and the most memory of one, in bytes."""

    times: int = 0
    invocations: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    read_units: float = 0
    write_units: float = 0
    memory: int = 0

    def add(self, other: "Used") -> None:
        """Count another's together with this one's."""
        self.times += other.times
        self.invocations += other.invocations
        self.calls += other.calls
        self.read_units += other.read_units
        self.write_units += other.write_units
        self.memory = max(self.memory, other.memory)


class Meter:
    """Makes clients that answer by themselves, and counts their calls towards the invocation that is under way."""

    def __init__(self, queued: Callable[[Mapping[str, Any]], None]) -> None:
        self.database = Database()
        self._queued = queued
        self._calls: Counter[str] = Counter()

    def client(self, service: str, config: Config | None = None) -> Any:
        """Return a client that never calls anybody."""
        made = boto3.client(
            service, config=config, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=KEY
        )
        self.listen(made)
        return made

    def listen(self, client: Any) -> None:
        """Answer a client's calls."""
        client.meta.events.register("before-call.*.*", self._call)

    @contextmanager
    def invocation(self, used: Used, times: int = 1, *, weigh: bool = False) -> Iterator[Used]:
        """Count one invocation that does a step so many times; weighing its memory takes three times as long."""
        self._calls = Counter()
        consumed = self.database.consumed
        read, write = consumed.read, consumed.write
        if weigh:
            tracemalloc.start()
        one = Used(times, 1, self._calls)
        yield one
        if weigh:
            one.memory = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        one.read_units, one.write_units = consumed.read - read, consumed.write - write
        used.add(one)
        self._calls = Counter()

    def _call(self, model: Any, params: Mapping[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        self._calls[model.name] += 1
        service = model.service_model.service_name
        try:
            answer = self._answer(service, model.name, params)
        except Refusal as refusal:
            return AWSResponse("", 400, {}, None), {**refusal.answer, "ResponseMetadata": {"HTTPStatusCode": 400}}
        return AWSResponse("", 200, {}, None), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}

    def _answer(self, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        match service, operation:
            case "dynamodb", _:
                return self.database.answer(operation, json.loads(params["body"]))
            case "sqs", "SendMessageBatch":
                entries = json.loads(params["body"])["Entries"]
                for entry in entries:
                    self._queued(entry)
                return {"Successful": [{"Id": entry["Id"]} for entry in entries], "Failed": []}
            case "pinpoint-sms-voice-v2", "SendTextMessage":
                return {"MessageId": uuid4().hex}
            case "secretsmanager", "GetSecretValue":
                return {"SecretString": SECRET}
            case "sns", "Publish":
                return {"MessageId": uuid4().hex}
        raise Unsupported(f"{service}.{operation}")
