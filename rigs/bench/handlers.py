"""Intake, deliver and survey over a real city's tables, each beside a bare handler that makes the same calls."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from itertools import cycle
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
from chalice.app import Request
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
from chalicelib.virtual.fiction import DRAWN, fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from chalicelib.web.pages import survey_page
from chalicelib.web.webhooks import receive
from chalicelib.wiring import Aws
from feed.signed import signed
from rigs.bench.beside import Measured, beside
from rigs.bench.tape import Tape
from rigs.city.inside import Inside
from rigs.logged import logged_to
from tenfour.common.reach import Stack, client, tables_of
from tenfour.rehearse.vendor import wait_until

ROUNDS = 9
CALLS = 2_000
"""More than are played, and more phones than are remembered."""

HOLD = Duration(minutes=10)
"""Longer than a slow machine takes from the call to the delivery that is measured: the city must not be first."""


class _Bench:
    """A city's ports behind a tape, with caches that are warm and stay so."""

    def __init__(self, stack: Stack) -> None:
        inside, at = Inside(stack), datetime.now(UTC)
        connection = tables_of(stack)
        carrier = {"pinpoint-sms-voice-v2": stack.carrier}
        self.tape, self.stack = Tape(lambda service: client(service, carrier.get(service, stack.aws_endpoint))), stack
        self.tape.attach(connection.client)

        def made(service: str, config: Any = None) -> Any:
            """Return a client as `wiring` makes it, but of the city."""
            where = {"endpoint_url": carrier.get(service, stack.aws_endpoint), "region_name": connection.region}
            return self.tape.attach(connection.session.create_client(service, config=config, **where))

        self.aws = Aws(inside.aws.config, lambda: at, made, connection)
        mine = inside.aws.settings.agency(stack.agency_id)
        if mine is None:
            raise LookupError("the city has no settings")
        self.agency = inside.publish(_alone(mine))
        self.number, self.phone = f"B{uuid4().hex[:8]}", fictional_phone(uuid4().int % DRAWN)
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
        bench = _Bench(stack)
        acts = {"intake": _intake, "deliver": _deliver, "survey answer": _survey}
        return [beside(name, act(bench), bench.tape, rounds) for name, act in acts.items()]


def _intake(bench: _Bench) -> Callable[[], Any]:
    """Return the webhooks of new calls, as `receive` gets them: what is remembered of a caller or a number helps none.

    The first is of the incident that is measured.
    """
    first = int(bench.number[1:], 16)
    callers = {bench.number: bench.phone} | {f"B{first + each:08x}": fictional_phone(each) for each in range(1, CALLS)}
    requests = cycle([_webhook(bench, number, phone) for number, phone in callers.items()])
    return lambda: receive(bench.stack.agency_id, "cad", next(requests), bench.aws)


def _webhook(bench: _Bench, number: str, phone: str) -> Request:
    at = datetime.now(UTC)
    body = msgspec.json.encode({"updates": [update(number, at, call(at, party(phone)))]})
    return _request("POST", body, signed(Webhook(bench.stack.webhook_secret), f"msg_{number}", at, body))


def _deliver(bench: _Bench) -> Callable[[], Any]:
    """Return the acknowledgment of a call to an agency that nobody else delivers for yet."""
    at = datetime.now(UTC)
    told = bench.update(**call(at, party(bench.phone)))
    batch = read_updates(msgspec.json.encode({"updates": [told]}), "bench", "US", at)
    receive_updates(batch.said_by("cad"), "bench", bench.agency, bench.aws, at)
    key = NotificationKey(bench.agency.agency_id, bench.number, Kind.ACKNOWLEDGMENT, "1")

    def deliver() -> None:
        state = deliver_notification(NotificationKey.from_id(key.id), bench.aws, at + HOLD + timedelta(seconds=1))
        if state not in (State.SENT, State.DELIVERED):  # on a busy machine its receipt is there before its own write
            raise RuntimeError(f"what is measured did not go: {state}")

    return deliver


def _survey(bench: _Bench) -> Callable[[], Any]:
    """Return one answer on the page of a survey that the city has sent."""
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
    if not wait_until(lambda: bench.aws.surveys.load(token_hash(token)), 600):
        raise RuntimeError("the city asked nobody how it went")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    form = urlencode({"overall": "5", "first": "1"}).encode()
    return partial(survey_page, token, _request("POST", form, headers), bench.aws)


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
