"""How often AWS calls KMS for us: it keeps a key for a while, so the number is bounded by time in a city.

DynamoDB asks once in five minutes for each table and caller (Developer Guide, "Encryption at rest usage notes"). We
count a function's role as one caller. SQS asks once in a data key's life, which the queues set. A container reads the
root key once, when it starts.
"""

from math import exp

from msgspec import Struct

from rigs.cost import prices
from tenfour.stack.template import merged

TABLE_MINUTES, TOPIC_MINUTES, CONTAINER_MINUTES = 5, 5, 60
REPLIES = 0.2
"""Texts that people send back, for each incident."""


class Caller(Struct, frozen=True):
    """A caller of some tables or queues, and how often an incident makes it call; `minutes` is how long a key lives."""

    who: str
    keys: int
    minutes: float
    an_incident: float


def callers(webhooks: float, messages: float, batches: float, visits: float) -> tuple[Caller, ...]:
    """Return all callers that an incident wakes; those that a clock wakes are of the month."""
    queues = merged()["Resources"]["Hints"]["Properties"]["KmsDataKeyReusePeriodSeconds"] / 60
    return (
        Caller("intake: incidents, contacts", 2, TABLE_MINUTES, webhooks),
        Caller("deliver: incidents, contacts, surveys, settings", 4, TABLE_MINUTES, messages),
        Caller("record_receipt: incidents, contacts", 2, TABLE_MINUTES, batches),
        Caller("record_reply: four tables", 4, TABLE_MINUTES, REPLIES),
        Caller("pages: surveys, settings", 2, TABLE_MINUTES, visits),
        Caller("four functions: root key", 4, CONTAINER_MINUTES, messages),
        Caller("topics, to their queues", 2, TOPIC_MINUTES, batches),
        Caller("hints: three senders and a reader", 4, queues, messages),
        Caller("receipts and replies: a sender and a reader each", 4, queues, batches),
    )


def requests(found: tuple[Caller, ...], incidents_a_month: float) -> float:
    """Return the calls to KMS in a month: each caller asks again in a span of time in which it has something to do."""
    total = 0.0
    for caller in found:
        spans = prices.MONTH_HOURS * 60 / caller.minutes
        busy = 1 - exp(-caller.an_incident * incidents_a_month / spans)
        total += caller.keys * spans * busy
    return total


def idle_requests() -> float:
    """Return the calls to KMS in a month in which only the clock and the heartbeat do something."""
    spans = prices.MONTH_HOURS * 60 / TABLE_MINUTES
    streams = sum("StreamSpecification" in each.get("Properties", {}) for each in merged()["Resources"].values())
    sweep, intake, webhook_keys = 3, 1, 1
    return spans * (sweep + intake + webhook_keys + streams)
