"""Lambda counts how often a function was called in one chain of messages, and stops the chain after 16 calls.

Source: "Use Lambda recursive loop detection to prevent infinite loops", AWS Lambda Developer Guide. A message that is
sent by a function continues the chain of the message that called the function. A rule begins a new chain.
"""

import heapq
from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest

from chalicelib.aws.queue import HintQueue, chain_of
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.budget import Budget
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.hints import LONGEST_CHAIN
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.ports.queue import Hint
from chalicelib.virtual.world import MemorySettings, senders
from tests.factories import NOW, agency, call, caller
from tests.flow.city import MoodySender, ports

MOST_CALLS = 16
BATCH = 2
MINUTE = timedelta(minutes=1)
PHONES = [f"+1303555{n:04}" for n in range(100, 200)]


class LambdaQueue:
    """A queue in SQS before a function, with Lambda's detection; a batch counts as its longest chain."""

    def __init__(self) -> None:
        self.now, self.chain, self.dropped = NOW, 0, 0
        self.longest = 0
        self._waiting: list[tuple[object, int, int, dict]] = []
        self._order = count()

    def hint(self, hints: Sequence[Hint]) -> None:
        """Leave hints in the chain of the function that runs now, through the real adapter."""
        HintQueue(self, "hints").hint(hints)

    def send_message_batch(self, QueueUrl, Entries):  # noqa: N803  the client's names
        """Take messages as SQS does, and lower-case their attributes as Lambda does."""
        for entry in Entries:
            at = self.now + timedelta(seconds=entry["DelaySeconds"])
            told = {
                name: {"stringValue": each["StringValue"]} for name, each in entry.get("MessageAttributes", {}).items()
            }
            record = {"body": entry["MessageBody"], "messageAttributes": told}
            heapq.heappush(self._waiting, (at, next(self._order), self.chain + 1, record))
        return {}

    def next_due(self):
        """Return when the next hint comes out."""
        return self._waiting[0][0] if self._waiting else None

    def take(self) -> list[dict]:
        """Return the next batch, and continue its chain; nothing where Lambda stops it."""
        at, batch = self.next_due(), []
        while self._waiting and self._waiting[0][0] == at and len(batch) < BATCH:
            batch.append(heapq.heappop(self._waiting))
        self.chain = max(chain for _, _, chain, _ in batch)
        self.longest = max(self.longest, self.chain)
        if self.chain > MOST_CALLS:
            self.dropped += len(batch)
            return []
        return [record for *_, record in batch]


def minutes(world, many):
    """Let minutes pass: a sweep at the beginning of each, and every hint when it comes out."""
    queue = world.queue
    for minute in range(many):
        queue.now, queue.chain = NOW + minute * MINUTE, 0
        world.settings.now = queue.now
        sweep_due(world, queue.now)
        while queue.next_due() is not None and queue.next_due() < NOW + (minute + 1) * MINUTE:
            queue.now = max(queue.now, queue.next_due())
            records = queue.take()
            for record in records:
                deliver_notification(NotificationKey.from_id(record["body"]), world, queue.now, chain_of(records))
    return queue


def hundred_calls(rules=None, **changes):
    """A hundred people whose case numbers are due, and who may wait for them for two weeks."""
    world = ports(queue=LambdaQueue(), **changes)
    world.settings = MemorySettings(rules or agency())
    for n, phone in enumerate(PHONES):
        number, party = f"P26-{n}", {"1": caller(phone)}
        told = call("THEFT", party, incident_number=number, case_numbers=(f"26-{n}",))
        receive_updates([told], f"wh{n}", rules or agency(), world, NOW)
        world.queue.chain = 0
    return world


def test_a_hundred_rows_that_wait_an_hour_leave_no_chain_that_lambda_stops():
    world = hundred_calls()
    world.settings.pauses = (Pause(of="agency", author="lead", reason="restore", at=NOW),)

    queue = minutes(world, 60)

    assert (
        sum(row.reason == Reason.PAUSED for record in world.incidents.records() for row in record.rows.values()) >= 100
    )
    assert (queue.dropped, queue.longest) == (0, LONGEST_CHAIN + 1)

    world.settings.pauses = ()
    minutes(world, 63)

    assert len(world.sms.outgoing) == 100


@pytest.mark.parametrize("reason", ["throttled", "ServiceUnavailable"])
def test_a_provider_that_takes_little_makes_no_chain_either(reason):
    world = hundred_calls()
    busy = MoodySender(*[("retry", reason)] * 400)
    world.senders = senders(busy, busy)

    queue = minutes(world, 120)

    assert queue.dropped == 0


def test_a_budget_of_a_few_texts_a_minute_makes_no_chain_and_wastes_no_minute():
    world = hundred_calls(agency(budget=Budget(messages_per_minute=2)))

    queue = minutes(world, 60)

    rows = [row for record in world.incidents.records() for row in record.rows.values()]
    assert queue.dropped == 0
    assert {int((row.sent_at - NOW) / MINUTE) for row in rows if row.sent_at} == set(range(60))


def test_a_batch_that_joins_two_chains_is_as_long_as_the_longer():
    told = [{"messageAttributes": {"chain": {"stringValue": n}}} for n in "25"]

    assert chain_of([*told, {"body": "of the release before"}]) == 5
    assert chain_of([]) == 0
