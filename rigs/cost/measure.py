"""One incident's whole way, made in a running city: each call to AWS is counted, with the units that it consumed.

The flows are the functions' own, over the city's own tables. They run on a clock three days ahead, so that the city's
functions leave the rows alone. Hints are counted where they would be left, messages are handed to nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import uuid4

import msgspec
from botocore.config import Config

from chalicelib.carriers.registry import PROVIDERS
from chalicelib.domain.desk.own_text import Order
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.people.canned import CannedKey
from chalicelib.domain.surveys.token import survey_token
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.surveys.answer import answer_survey, show_survey
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.ports.carrier import Outgoing, Sent
from chalicelib.ports.queue import Hint
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from chalicelib.wiring import Aws
from rigs.city.inside import Inside
from rigs.logged import logged_to
from rigs.meter import Meter, Used
from tenfour.common.errors import CityFailed
from tenfour.common.reach import Stack, client

AHEAD = timedelta(days=3)
MESSAGES = (Kind.ACKNOWLEDGMENT, Kind.OUTCOME, Kind.SURVEY)


class _Nobody:
    """A queue and a provider that take everything, and count what would have been a call."""

    tells = True

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def hint_answer(self, key: CannedKey, delay: int) -> None:
        """Count a hint about an answer."""
        self._meter.count("SendMessage")

    def order(self, order: Order) -> None:
        """Count a text to somebody's own phone."""
        self._meter.count("SendMessage")

    def hint(self, hints: Sequence[Hint]) -> None:
        """Take hints."""
        if hints:
            self._meter.count("SendMessageBatch")

    def send(self, outgoing: Outgoing) -> Sent:
        """Take a message."""
        return Sent("end_user_messaging", outgoing.id)


def measure(stack: Stack) -> dict[str, Used]:
    """Return what each step of one incident used."""
    meter = Meter()
    city = _City(stack, meter)
    with logged_to(meter):
        city.live_through(meter)
    return dict(meter.steps)


class _City:
    """A running city's tables, and one incident in them."""

    def __init__(self, stack: Stack, meter: Meter) -> None:
        inside = Inside(stack).aws
        began = self.now = datetime.now(UTC).replace(microsecond=123_456) + AHEAD
        meter.listen(inside.connection.client)
        # A clock that stands: what a container reads once a minute is of a month's cost, not of an incident's.
        nobody = _Nobody(meter)
        self.aws = Aws(
            inside.config,
            lambda: began,
            partial(_client, stack, meter),
            inside.connection,
            queue=nobody,
            senders=dict.fromkeys(PROVIDERS, nobody),
        )
        agency = self.aws.settings.agency(stack.agency_id)
        if agency is None:
            raise LookupError(stack.agency_id)
        self.aws.settings.held(agency.agency_id)
        self.aws.settings.conditions(agency.agency_id)
        self.agency, self.number = agency, f"C{uuid4().hex[:9]}"

    def live_through(self, meter: Meter) -> None:
        """Make an incident's whole way: six webhooks, three messages, two receipts each, one answer."""
        secret = self.aws.survey_secret  # read once a container
        first, *others = _updates(self.now)
        with meter.step("webhook"):
            self.tell(first)
        self.wait_for(Kind.ACKNOWLEDGMENT)
        with meter.step("message"):
            self.deliver(Kind.ACKNOWLEDGMENT)
        for facts in others:
            with meter.step("webhook"):
                self.tell(facts)
        for kind in (Kind.OUTCOME, Kind.SURVEY):
            self.wait_for(kind)
            with meter.step("message"):
                self.deliver(kind)
        for kind, state in product(MESSAGES, (State.SENT, State.DELIVERED)):
            with meter.step("receipt"):
                take_receipt(_receipt(self.key(kind), state, self.now), self.aws)
        with meter.step("answer"):
            token = survey_token(secret, self.key(Kind.SURVEY))
            show_survey(token, "en", self.aws, self.now)
            answer_survey(token, {"overall": "5"}, "en", self.aws, self.now)

    def key(self, kind: Kind) -> NotificationKey:
        """Return the name of the incident's notification of a kind."""
        return NotificationKey(self.agency.agency_id, self.number, kind, "1")

    def tell(self, facts: Mapping[str, Any]) -> None:
        """Take in a webhook of one agency's key, as `receive_cad` does, but for noting that the feed lives."""
        self.now += timedelta(minutes=6)
        source, body = uuid4().hex, msgspec.json.encode({"updates": [update(self.number, self.now, facts)]})
        batch = read_updates(body, source, self.agency.country, self.now)
        receive_updates(batch.said_by("cad"), source, self.agency, self.aws, self.now)

    def wait_for(self, kind: Kind) -> None:
        """Let the time go by until a notification is due."""
        key = self.key(kind)
        self.now = max(self.now, self.aws.incidents.load(key.incident).rows[key].send_at)

    def deliver(self, kind: Kind) -> None:
        """Deliver a notification that is due."""
        key = self.key(kind)
        if deliver_notification(key, self.aws, self.now) is not State.SENT:
            raise CityFailed(f"{key.id} did not go: the settings of the city are not the demo's")


def _client(stack: Stack, meter: Meter, service: str, config: Config | None = None) -> Any:
    return meter.listen(client(service, stack.aws_endpoint, config))


def _updates(at: datetime) -> list[dict[str, Any]]:
    """Return what a dispatch system tells of a call that an officer came to."""
    told: list[dict[str, Any]] = [
        call(None, party(fictional_phone(104)), received_at=0),
        {"priority": "2"},
        {"dispatched_at": 12, "units": [{"unit": "3A12", "officer_ids": ["o2211"]}]},
        {"enroute_at": 18},
        {"arrived_at": 24},
        {"closed_at": 30, "dispositions": ["HAN"]},
    ]
    moments = {name for facts in told for name in facts if name.endswith("_at")}
    return [
        {name: at + timedelta(minutes=value) if name in moments else value for name, value in facts.items()}
        for facts in told
    ]


def _receipt(key: NotificationKey, state: State, at: datetime) -> Receipt:
    """Return a receipt as End User Messaging tells it: each has the price, and the last that the text arrived."""
    return Receipt(
        notification=key,
        state=state,
        reason="",
        at=at,
        provider="end_user_messaging",
        reference=key.id,
        cost=0.012,
        carried=True if state is State.DELIVERED else None,
    )
