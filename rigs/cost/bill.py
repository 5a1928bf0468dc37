"""From what one incident used to what AWS asks for a thousand of them, and for a month with none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.ports.notices import Metric
from rigs.cost import prices
from rigs.cost.keys import CONTAINER_MINUTES, callers, idle_requests, requests
from rigs.cost.spans import busy
from rigs.meter import Used
from tenfour.stack.template import merged

MINUTES_A_MONTH = prices.MONTH_HOURS * 60
POLLS = 15 * MINUTES_A_MONTH
"""Lambda asks each queue about fifteen times a minute whether there is anything."""

CITY = 18_500
"""Incidents a month of a mid-size city: what happens once in a span of time is shared by so many."""

SWEEP_LOG, ACCESS_LOG = 600, 350
"""Bytes that a sweep with nothing to do logs, and that API Gateway logs of a request."""

ANSWERED = 0.2
"""The share of surveys that are opened and answered."""

RECEIPTS_TOGETHER = 2
"""A provider's receipts of one text mostly come within `ReceiptWindow`, and are taken as one batch."""

SHARDS = 4
"""A new table on demand takes 4,000 writes a second, and a partition 1,000 (DynamoDB's Developer Guide): four. Each has
its own shard of the stream, and Lambda hands over each shard's changes by themselves."""

EXPORT_MINUTES, COMPACT_MINUTES = 5, 15
TODAY = 3
"""Files of the lake that each busy compaction writes: incidents, updates and notifications of the day. Yesterday's
notifications, and the marks and comments of an answer, come as often as messages and answers do."""

TENDING = 4 * 0.5 + 3
"""Read units of a sweep that looks what waits for somebody: the index of what is due, the feed, the state, the list."""

_GB = 1e9
_CALL, _REST, _PROVIDER = 0.010, 0.020, 0.100
"""Seconds that a call to AWS takes, everything else of a step, and a provider: assumed, all on the high side."""


class BillLine(Struct, frozen=True):
    """One line of a bill: so much of something, at a price; `unit` names what AWS gives each account for nothing."""

    service: str
    what: str
    amount: float
    price: float
    unit: str = ""

    @property
    def dollars(self) -> float:
        """Return what it comes to."""
        return self.amount * self.price


def thousand_incidents(used: Mapping[str, Used], city: float = CITY) -> tuple[BillLine, ...]:
    """Return what a thousand incidents like the one that was measured cost where a month has so many."""
    webhooks, messages, receipts = (used[step].times for step in ("webhook", "message", "receipt"))
    total = {step: 1000 * (ANSWERED if step == "answer" else 1) for step in used}

    def of(amount: str) -> float:
        return sum(float(getattr(each, amount)) * total[step] for step, each in used.items())

    batches = receipts / RECEIPTS_TOGETHER
    visits = 2 * ANSWERED
    invocations = 1000 * (webhooks + messages + batches + visits)
    asked = 1000 * (webhooks + visits)
    hints = 1000 * used["webhook"].calls["SendMessageBatch"]
    queued = hints + 1000 * (2 * messages + receipts + 2 * batches)
    logged = of("log_bytes") + asked * ACCESS_LOG  # START, END and REPORT are off: SystemLogLevel is WARN
    seconds = sum(_gb_seconds(step, each) * total[step] for step, each in used.items())
    thousand = 1000 / city
    answers = busy(ANSWERED, city, EXPORT_MINUTES, SHARDS) * thousand
    exports = busy(webhooks + messages, city, EXPORT_MINUTES, SHARDS) * thousand + answers
    landed = exports + answers  # the comments land apart
    days = TODAY * busy(webhooks, city, COMPACT_MINUTES) + busy(messages, city, COMPACT_MINUTES)
    days = (days + 2 * busy(ANSWERED, city, COMPACT_MINUTES)) * thousand
    kms = requests(callers(webhooks, messages, batches, visits), city) * thousand
    roots = 5 * busy(messages, city, CONTAINER_MINUTES) * thousand
    return (
        _line("API Gateway", "requests", asked, prices.API_REQUEST),
        _line("Lambda", "invocations", invocations + exports, prices.LAMBDA_REQUEST, "invocations"),
        _line("Lambda", "GB-seconds", seconds + exports * 0.2 * 0.5, prices.LAMBDA_GB_SECOND, "GB-seconds"),
        _line("DynamoDB", "write units", of("write_units"), prices.WRITE_UNIT),
        _line("DynamoDB", "read units", of("read_units"), prices.READ_UNIT),
        _line("SQS", "requests", queued, prices.SQS_REQUEST, "SQS requests"),
        _line("SNS", "receipts", 1000 * receipts, prices.SNS_REQUEST, "SNS requests"),
        _line("S3", "files that land, and days that are written", landed + days, prices.S3_PUT),
        _line("S3", "files and days that are read", landed + days, prices.S3_GET),
        _line("Secrets Manager", "reads of the root key", roots, prices.SECRET_READ),
        _line("KMS", "requests", kms, prices.KMS_REQUEST, "KMS requests"),
        _line("CloudWatch", "bytes of logs", logged, prices.LOG_GB / _GB, "log bytes"),
    )


def month(*, desk: bool = True) -> tuple[BillLine, ...]:
    """Return what a month of this template costs in which only the clock and the heartbeat do something.

    The desk adds its secret, its alarms, its queue and a look each minute for a draft whose time has come. Nobody pays
    for an empty table.
    """
    resources = [each for each in merged()["Resources"].values() if desk or each.get("Condition") != "Desk"]
    secrets = sum(each.get("Type") == "AWS::SecretsManager::Secret" for each in resources)
    alarms = sum(_metrics_of(each) for each in resources if each.get("Type") == "AWS::CloudWatch::Alarm")
    beats = sweeps = MINUTES_A_MONTH
    looks = MINUTES_A_MONTH if desk else 0
    queues = sum(each.get("Type") == "AWS::SQS::Queue" and "RedrivePolicy" in each["Properties"] for each in resources)
    compactions = MINUTES_A_MONTH / 15
    invocations = beats + sweeps + compactions + looks
    gb = sweeps * 0.1 * 0.5 + beats * 0.04 + compactions * 0.3 + looks * 0.02
    secret_reads = MINUTES_A_MONTH / 5
    kms, logged = idle_requests(), sweeps * SWEEP_LOG + beats * ACCESS_LOG
    reads = (6 * 0.5 + TENDING) * sweeps + 2 * MINUTES_A_MONTH + 0.5 * looks
    return (
        _line("KMS", "key", 1, prices.KEY_MONTH),
        _line("KMS", "requests", kms, prices.KMS_REQUEST, "KMS requests"),
        _line("Secrets Manager", "secrets", secrets, prices.SECRET_MONTH),
        _line("Secrets Manager", "reads of the webhooks' keys, every 5 minutes", secret_reads, prices.SECRET_READ),
        _line("CloudWatch", "alarms, by the metrics that they watch", alarms, prices.ALARM_MONTH, "alarms"),
        _line("CloudWatch", "metrics that have data while nothing happens", 1, prices.METRIC_MONTH, "metrics"),
        _line("CloudWatch", "bytes of logs", logged, prices.LOG_GB / _GB, "log bytes"),
        _line("API Gateway", "heartbeats, each minute", beats, prices.API_REQUEST),
        _line("Lambda", "heartbeat, sweep, compact, desk's look", invocations, prices.LAMBDA_REQUEST, "invocations"),
        _line("Lambda", "GB-seconds", gb, prices.LAMBDA_GB_SECOND, "GB-seconds"),
        _line("DynamoDB", "the sweep's reads, the desk's look; settings and holds", reads, prices.READ_UNIT),
        _line("DynamoDB", "the feed's life, each minute", beats, prices.WRITE_UNIT),
        _line("SQS", "Lambda asking", queues * POLLS, prices.SQS_REQUEST, "SQS requests"),
        _line("S3", "compaction looking for files", compactions, prices.S3_PUT),
    )


def of_a_month(variable: Sequence[BillLine], incidents: float) -> tuple[float, float]:
    """Return a month's bill with so many incidents: at list price, and after what AWS gives each account for ever."""
    lines = [
        *month(),
        _busy_metrics(incidents),
        *(replace(one, amount=one.amount * incidents / 1000) for one in variable),
    ]
    whole = sum(one.amount * one.price for one in lines)
    used, price = defaultdict[str, float](float), dict[str, float]()
    for one in lines:
        if one.unit:
            used[one.unit] += one.amount
            price[one.unit] = one.price
    given = sum(min(amount, prices.FREE[unit]) * price[unit] for unit, amount in used.items())
    return whole, whole - given


def _busy_metrics(incidents: float) -> BillLine:
    """Return the metrics that have data only in an hour in which something happens: they are paid for by the hour."""
    most = len(Metric) - 1 + len(Kind)
    busy = 1 - exp(-incidents / prices.MONTH_HOURS)
    return _line("CloudWatch", "metrics, in the hours that have data", most * busy, prices.METRIC_MONTH, "metrics")


def _metrics_of(alarm: Mapping[str, Any]) -> int:
    """Return how many metrics an alarm watches; each is paid for as one alarm."""
    return sum("MetricStat" in each for each in alarm["Properties"].get("Metrics", ())) or 1


def _line(service: str, what: str, amount: float, price: float, unit: str = "") -> BillLine:
    return BillLine(service, what, amount, price, unit)


def _gb_seconds(step: str, used: Used) -> float:
    """Return the memory and time of a step's functions, all its times together."""
    memory = 1.0 if step in ("webhook", "answer") else 0.5
    provider = _PROVIDER if step == "message" else 0
    invocations = used.times / (RECEIPTS_TOGETHER if step == "receipt" else 1)
    return memory * (used.calls.total() * _CALL + invocations * (_REST + provider))
