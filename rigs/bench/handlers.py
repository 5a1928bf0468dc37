"""Intake, deliver and survey over a real city's tables, each beside a bare handler that makes the same calls."""

import base64
import gc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from statistics import median
from time import process_time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
from chalice.app import Request
from msgspec import Struct
from msgspec.structs import replace
from standardwebhooks import Webhook

from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import AcknowledgmentRules
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from chalicelib.web.pages import survey_page
from chalicelib.web.webhooks import receive
from chalicelib.wiring import Aws
from feed.signed import signed
from rigs.bench.tape import Tape
from rigs.city.inside import Inside
from rigs.logged import logged_to
from tenfour.common.reach import Stack, client, tables_of
from tenfour.rehearse.vendor import wait_until

ROUNDS, REPEATS = 9, 40
HOLD = Duration(seconds=90)


class Measured(Struct, frozen=True):
    """A handler: the CPU of one call in microseconds, that of the bare one, and the calls that both make."""

    name: str
    ours: float
    bare: float
    calls: Counter[str]

    @property
    def ratio(self) -> float:
        """Return how many times the bare handler's CPU it takes."""
        return self.ours / self.bare


class _Bench:
    """A city's ports behind a tape, with caches that are warm and stay so."""

    def __init__(self, stack: Stack, rounds: int) -> None:
        self.rounds = rounds
        inside, at = Inside(stack), datetime.now(UTC)
        connection = tables_of(stack)
        self.tape, self.stack = Tape(), stack
        self.tape.attach(connection.client)
        carrier = {"pinpoint-sms-voice-v2": stack.carrier}

        def made(service: str, config: Any = None) -> Any:
            return self.tape.attach(client(service, carrier.get(service, stack.aws_endpoint), config))

        self.aws = Aws(inside.aws.config, lambda: at, made, connection)
        mine = inside.aws.settings.agency(stack.agency_id)
        if mine is None:
            raise LookupError("the city has no settings")
        self.agency = inside.publish(_alone(mine))
        self.number, self.phone = f"B{uuid4().hex[:8]}", fictional_phone(uuid4().int % 30_000)
        self.warm()

    def warm(self) -> None:
        """Read once what a warm container has read."""
        ports = self.aws
        for agency_id in (self.agency.agency_id, self.stack.agency_id):
            ports.settings.agency(agency_id)
            ports.settings.held(agency_id)
            ports.settings.conditions(agency_id)
        ports.settings.note_feed(self.stack.agency_id, datetime.now(UTC))
        _ = (ports.webhook_keys, ports.survey_secret, ports.contact_secret, ports.code_secret, ports.queue)

    def update(self, **told: Any) -> dict[str, Any]:
        """Return an update of the incident that is measured."""
        return update(self.number, datetime.now(UTC), told)


def measure(stack: Stack, rounds: int = ROUNDS) -> list[Measured]:
    """Measure each handler in the city: the median of so many rounds, ours and the bare one's in turn."""
    with logged_to(StringIO()):
        bench = _Bench(stack, rounds)
        return [_beside("intake", _intake(bench), bench), _beside("deliver", _deliver(bench), bench), _survey(bench)]


def _beside(name: str, act: Callable[[], Any], bench: _Bench) -> Measured:
    tape = bench.tape
    tape.record(act)
    calls, ours, bare = tape.counted(), list[float](), list[float]()
    gc.disable()
    for _ in range(bench.rounds):
        ours.append(_time(lambda: tape.play(act)))
        bare.append(_time(tape.bare))
    gc.enable()
    return Measured(name, median(ours), median(bare), calls)


def _time(act: Callable[[], Any]) -> float:
    began = process_time()
    for _ in range(REPEATS):
        act()
    return (process_time() - began) / REPEATS * 1e6


def _intake(bench: _Bench) -> Callable[[], Any]:
    """Return the webhook of a new call with one caller, as `receive` gets it."""
    told = bench.update(**call(datetime.now(UTC), party(bench.phone)))
    body = msgspec.json.encode({"updates": [told]})
    headers = signed(Webhook(bench.stack.webhook_secret), "msg_bench", datetime.now(UTC), body)
    return partial(receive, bench.stack.agency_id, "cad", _request("POST", body, headers), bench.aws)


def _deliver(bench: _Bench) -> Callable[[], Any]:
    """Return the acknowledgment of a call to an agency that nobody else delivers for yet."""
    at = datetime.now(UTC)
    told = bench.update(**call(at, party(bench.phone)))
    batch = read_updates(msgspec.json.encode({"updates": [told]}), "bench", "US", at)
    receive_updates(batch.said_by("cad"), "bench", bench.agency, bench.aws, at)
    key = NotificationKey(bench.agency.agency_id, bench.number, Kind.ACKNOWLEDGMENT, "1")

    def deliver() -> None:
        state = deliver_notification(NotificationKey.from_id(key.id), bench.aws, at + HOLD + timedelta(seconds=1))
        if state is not State.SENT:
            raise RuntimeError(f"what is measured did not go: {state}")

    return deliver


def _survey(bench: _Bench) -> Measured:
    """Measure one answer on the page of a survey that the city has sent."""
    closed = bench.update(arrived_at=datetime.now(UTC).isoformat(), closed_at=datetime.now(UTC).isoformat())
    batch = read_updates(
        msgspec.json.encode({"updates": [{**closed, "dispositions": ["HAN"]}]}), "bench-2", "US", datetime.now(UTC)
    )
    mine = bench.aws.settings.agency(bench.stack.agency_id)
    if mine is None:
        raise LookupError("the city has no settings")
    bench.tape.record(lambda: receive_updates(batch.said_by("cad"), "bench-2", mine, bench.aws, datetime.now(UTC)))
    key = NotificationKey(bench.stack.agency_id, bench.number, Kind.SURVEY, "1")
    token = survey_token(bench.aws.survey_secret, key)
    if not wait_until(lambda: bench.aws.surveys.load(token_hash(token)), 90):
        raise RuntimeError("the city asked nobody how it went")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    form = urlencode({"overall": "5", "first": "1"}).encode()
    return _beside("survey answer", partial(survey_page, token, _request("POST", form, headers), bench.aws), bench)


def _alone(agency: Agency) -> Agency:
    """Return the settings of an agency whose acknowledgments wait for longer than the measuring takes."""
    numbers = replace(agency.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    name = f"b{uuid4().hex[:8]}"
    return replace(agency, agency_id=name, numbers=numbers, acknowledgment=AcknowledgmentRules(hold=HOLD))


def _request(method: str, body: bytes, headers: dict[str, str]) -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": headers,
            "pathParameters": {},
            "requestContext": {"httpMethod": method, "resourcePath": "/"},
            "stageVariables": None,
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
    )
