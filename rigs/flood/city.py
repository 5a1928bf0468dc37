"""One agency's stack as floods meet it: the flows over counting clients, the queues' workers on a clock that jumps."""

import heapq
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import count
from typing import Any, Generic, TypeVar
from uuid import uuid4

import msgspec
from botocore.awsrequest import AWSResponse
from botocore.config import Config as ClientConfig
from msgspec.structs import replace
from pynamodb.connection import Connection

from chalicelib.carriers.tools import Carriers
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Budget
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.insight.settings.files import load_settings
from chalicelib.virtual.clock import as_if_live
from chalicelib.wiring import Aws
from rigs.city.storage import furnish
from rigs.meter import Meter, Used
from tenfour.common.paths import AGENCIES
from tenfour.common.reach import REGION, client
from tenfour.stack.template import merged

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
"""A Saturday, 11:00 in Denver: nothing waits for the morning."""

CALL, PROVIDER, OWN = 0.010, 0.100, 0.020
"""Seconds that a call to AWS takes, a provider on top, and the rest of an invocation: assumed, on the high side."""

API_AT_ONCE = 1000
"""Requests that an account's functions serve at once, unless AWS is asked for more."""

BATCH = {"deliver": 2, "record_receipt": 10}
"""Messages that a function is handed together, as `app.py` has it (a test compares)."""

KEY = "test"

T = TypeVar("T")
Answer = tuple[AWSResponse, dict[str, Any]]


class Workers(Generic[T]):
    """A queue and the functions behind it: so many at once, so many messages each, first come, first served."""

    def __init__(self, at_once: int, batch: int) -> None:
        self._batch = batch
        self._free = [START] * at_once
        self._waiting: list[tuple[datetime, int, T]] = []
        self._order = count()
        self.late: list[timedelta] = []

    def put(self, at: datetime, message: T) -> None:
        """Let a message come out at an instant."""
        heapq.heappush(self._waiting, (at, next(self._order), message))

    def work(self, until: datetime, act: Callable[[list[T], datetime], timedelta]) -> None:
        """Hand out all that comes out until then; `act` returns how long its function takes."""
        while self._waiting and self._waiting[0][0] <= until:
            begins = max(heapq.heappop(self._free), self._waiting[0][0])
            taken: list[tuple[datetime, int, T]] = []
            while self._waiting and self._waiting[0][0] <= begins and len(taken) < self._batch:
                taken.append(heapq.heappop(self._waiting))
            ends = begins + act([message for *_, message in taken], begins)
            self.late += [ends - at for at, *_ in taken]
            heapq.heappush(self._free, ends)


def workers_of(step: str) -> Workers[Any]:
    """Return the workers of a queue's function, as the stack has them."""
    name = "".join(part.title() for part in step.split("_"))
    events = merged()["Resources"][name]["Properties"]["Events"]
    at_once = events[f"{name}SqsEventSource"]["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    return Workers(at_once, BATCH[step])


class FloodCity:
    """An agency with starter settings, live and without a budget: what holds texts back would hide what they cost."""

    def __init__(self, endpoint: str, agency: Agency | None = None) -> None:
        self.now, self._meter = START, Meter()
        self.hints: Workers[NotificationKey] = workers_of("deliver")
        connection = Connection(region=REGION, host=endpoint, aws_access_key_id=KEY, aws_secret_access_key=KEY)
        self._meter.listen(connection.client)
        config = furnish(endpoint, f"flood-{uuid4().hex[:8]}", Carriers())
        self.aws = Aws(config, lambda: self.now, partial(self._client, endpoint), connection)
        self.agency = self.aws.settings.publish(agency or flooded(), "flood", "flood", START)
        self._webhooks = count()
        self._warm_up()

    def tell(self, updates: Iterable[Mapping[str, Any]], used: Used | None = None, *, weigh: bool = False) -> None:
        """Take in a webhook, as `receive_cad` does behind its signature."""
        body = msgspec.json.encode({"updates": list(updates)})
        source = f"flood-{next(self._webhooks)}"
        with self.invocation(used or Used(), weigh=weigh):
            batch = read_updates(body, source, self.agency.country, self.now)
            receive_updates(batch.said_by("cad"), source, self.agency, self.aws, self.now)
            self.aws.settings.note_feed(self.agency.agency_id, self.now)
        if batch.rejected:
            raise ValueError(batch.rejected[0].error)

    def sweep(self, used: Used, *, weigh: bool = False) -> int:
        """Sweep once; return how many rows were hinted."""
        with self.invocation(used, weigh=weigh):
            return sweep_due(self.aws, self.now)

    def deliver_until(self, until: datetime, used: Used) -> None:
        """Let the hints be worked off that come out until then."""

        def act(keys: list[NotificationKey], now: datetime) -> timedelta:
            self.now = now
            with self.invocation(used, len(keys), weigh=not used.invocations) as one:
                for key in keys:
                    deliver_notification(key, self.aws, now)
            return lasts(one)

        self.hints.work(until, act)
        self.now = until

    @contextmanager
    def invocation(self, used: Used, times: int = 1, *, weigh: bool = False) -> Iterator[Used]:
        """Count one invocation that does a step so many times; weighing its memory takes three times as long."""
        one = Used(times, 1)
        with self._meter.counting(one):
            if weigh:
                tracemalloc.start()
            yield one
            if weigh:
                one.memory = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
        used.add(one)

    def _client(self, endpoint: str, service: str, config: ClientConfig | None = None) -> Any:
        """Return a client of the emulator; what a queue or a provider is asked, is answered before it leaves."""
        made = self._meter.listen(client(service, endpoint, config))
        made.meta.events.register("before-call.sqs.SendMessageBatch", self._queued)
        made.meta.events.register("before-call.pinpoint-sms-voice-v2.SendTextMessage", _sent)
        return made

    def _queued(self, params: Mapping[str, Any], **_: Any) -> Answer:
        entries = json.loads(params["body"])["Entries"]
        for entry in entries:
            out_at = self.now + timedelta(seconds=entry["DelaySeconds"])
            self.hints.put(out_at, NotificationKey.from_id(entry["MessageBody"]))
        return _answer(Successful=[{"Id": entry["Id"]} for entry in entries])

    def _warm_up(self) -> None:
        """Read once what a container reads once, and load what it loads with its first text."""
        import_module("chalicelib.domain.template")
        self.aws.settings.agency(self.agency.agency_id)
        self.aws.settings.note_feed(self.agency.agency_id, self.now)
        keys = self.aws.contact_secret, self.aws.survey_secret, self.aws.code_secret
        if not all((*keys, self.aws.queue, self.aws.senders["end_user_messaging"])):
            raise LookupError("keys")


def _sent(**_: Any) -> Answer:
    return _answer(MessageId=uuid4().hex)


def _answer(**told: Any) -> Answer:
    return AWSResponse("", 200, {}, None), {**told, "ResponseMetadata": {"HTTPStatusCode": 200}}


def flooded() -> Agency:
    """Return the settings under which floods are counted."""
    starter = as_if_live(load_settings(AGENCIES / "starter.toml"))
    return replace(starter, agency_id="springfield", budget=Budget())


def lasts(one: Used) -> timedelta:
    """Return how long an invocation takes that makes these calls, one after the other."""
    provider = one.calls["SendTextMessage"] * PROVIDER
    return timedelta(seconds=OWN + one.calls.total() * CALL + provider)
