"""How often AWS calls KMS for us: it keeps a key for a while, so the number is bounded by time in a city.

DynamoDB keeps a table's key for each caller, and asks again after five minutes "of inactivity" (Developer Guide,
"Encryption at rest: how it works"). Its own analysis of calls, and bills of others, show a call each five minutes of
use. So we count one in each five minutes with use, for a role and table. SQS asks by a formula of its own ("Estimating
AWS KMS costs"): in each life of a data key, which the queues set, twice for each sender and once for each reader. SNS
has the same formula without readers, and five minutes. S3 keeps a bucket's key for each role, for a time that AWS does
not say: five minutes here. A container asks for the root key and for its environment once, when it starts.
"""

from msgspec import Struct

from rigs.cost import prices
from rigs.cost.spans import busy
from tenfour.stack.template import merged

TABLE_MINUTES, TOPIC_MINUTES, BUCKET_MINUTES, COMPACT_MINUTES, CONTAINER_MINUTES = 5, 5, 5, 15, 60
REPLIES, REFUSED = 0.2, 0.1
"""Of an incident: texts that people send back, and receipts that say not to try again."""


class Caller(Struct, frozen=True):
    """A caller of some tables or queues, and how often an incident makes it call; `minutes` is how long a key lives."""

    who: str
    keys: int
    minutes: float
    an_incident: float


def callers(webhooks: float, messages: float, batches: float, visits: float) -> tuple[Caller, ...]:
    """Return all callers that an incident wakes; those that a clock wakes are of the month."""
    queues = merged()["Resources"]["Hints"]["Properties"]["KmsDataKeyReusePeriodSeconds"] / 60
    landings = webhooks + messages
    return (
        Caller("intake: incidents", 1, TABLE_MINUTES, webhooks),
        Caller("intake: contacts", 1, TABLE_MINUTES, 1),
        Caller("deliver: incidents, contacts, surveys, settings", 4, TABLE_MINUTES, messages),
        Caller("record_receipt: incidents", 1, TABLE_MINUTES, batches),
        Caller("record_receipt: contacts", 1, TABLE_MINUTES, REFUSED),
        Caller("record_reply: four tables", 4, TABLE_MINUTES, REPLIES),
        Caller("pages: surveys, settings", 2, TABLE_MINUTES, visits),
        Caller("export: settings", 1, TABLE_MINUTES, landings),
        Caller("export: the lake's bucket", 1, BUCKET_MINUTES, landings),
        Caller("compact: the lake's bucket", 1, COMPACT_MINUTES, landings),
        Caller("five functions: root key", 5, CONTAINER_MINUTES, messages),
        Caller("six functions: environment", 6, CONTAINER_MINUTES, messages),
        Caller("the topic of receipts: a sender", 2, TOPIC_MINUTES, batches),
        Caller("the topic of replies: a sender", 2, TOPIC_MINUTES, REPLIES),
        Caller("hints: three senders and a reader", 2 * 3 + 1, queues, messages),
        Caller("receipts: a sender and a reader", 2 + 1, queues, batches),
        Caller("replies: a sender and a reader", 2 + 1, queues, REPLIES),
    )


def requests(found: tuple[Caller, ...], incidents_a_month: float) -> float:
    """Return the calls to KMS in a month: each caller asks again in a span of time in which it has something to do."""
    return sum(caller.keys * busy(caller.an_incident, incidents_a_month, caller.minutes) for caller in found)


def idle_requests() -> float:
    """Return the calls to KMS in a month in which only the clock and the heartbeat do something."""
    spans = prices.MONTH_HOURS * 60 / TABLE_MINUTES
    streams = sum("StreamSpecification" in each.get("Properties", {}) for each in merged()["Resources"].values())
    sweep, intake, webhook_keys = 3, 1, 1
    environments = 3 * prices.MONTH_HOURS * 60 / CONTAINER_MINUTES
    return spans * (sweep + intake + webhook_keys + streams) + environments
