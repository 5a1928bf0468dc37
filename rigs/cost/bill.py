"""From what one incident used to what AWS asks for a thousand of them, and for a month with none."""

from collections.abc import Mapping

from msgspec import Struct

from rigs.cost import prices
from rigs.meter import Used
from tenfour.stack.template import merged

MINUTES_A_MONTH = prices.MONTH_HOURS * 60
POLLS = 3 * 15 * MINUTES_A_MONTH
"""Lambda asks each of three queues about fifteen times a minute whether there is anything."""

CONTAINERS = 3
"""Functions that hear of something each minute, in a city."""

ANSWERED = 0.2
"""The share of surveys that are opened and answered."""

RECEIPTS_TOGETHER = 2
"""A provider's receipts of one text mostly come within `ReceiptWindow`, and are taken as one batch."""

_GB = 1e9
_CALL, _REST, _PROVIDER = 0.010, 0.020, 0.100
"""Seconds that a call to AWS takes, everything else of a step, and a provider: assumed, all on the high side."""


class BillLine(Struct, frozen=True):
    """One line of a bill: so much of something, at a price."""

    service: str
    what: str
    amount: float
    dollars: float


def thousand_incidents(used: Mapping[str, Used]) -> tuple[BillLine, ...]:
    """Return what a thousand incidents like the one that was measured cost."""
    webhooks, messages, receipts = (used[step].times for step in ("webhook", "message", "receipt"))
    total = {step: 1000 * (ANSWERED if step == "answer" else 1) for step in used}

    def of(amount: str) -> float:
        return sum(float(getattr(each, amount)) * total[step] for step, each in used.items())

    batches = receipts / RECEIPTS_TOGETHER
    invocations = 1000 * (webhooks + messages + batches + 2 * ANSWERED)
    asked = 1000 * (webhooks + 2 * ANSWERED)
    hints = 1000 * used["webhook"].calls["SendMessageBatch"]
    queued = hints + 1000 * (2 * messages + receipts + 2 * batches)
    logged = of("log_bytes")  # Lambda's own START, END and REPORT are off: SystemLogLevel is WARN
    seconds = sum(_gb_seconds(step, each) * total[step] for step, each in used.items())
    return (
        BillLine("API Gateway", "requests", asked, asked * prices.API_REQUEST),
        BillLine("Lambda", "invocations", invocations, invocations * prices.LAMBDA_REQUEST),
        BillLine("Lambda", "GB-seconds", seconds, seconds * prices.LAMBDA_GB_SECOND),
        BillLine("DynamoDB", "write units", of("write_units"), of("write_units") * prices.WRITE_UNIT),
        BillLine("DynamoDB", "read units", of("read_units"), of("read_units") * prices.READ_UNIT),
        BillLine("SQS", "requests", queued, queued * prices.SQS_REQUEST),
        BillLine("SNS", "receipts", 1000 * receipts, 1000 * receipts * prices.SNS_REQUEST),
        BillLine("CloudWatch", "MB of logs", logged / 1e6, logged / _GB * prices.LOG_GB),
    )


def month() -> tuple[BillLine, ...]:
    """Return what a month costs in which nothing happens, of this very template."""
    resources = [each.get("Type") for each in merged()["Resources"].values()]
    alarms, secrets = resources.count("AWS::CloudWatch::Alarm"), resources.count("AWS::SecretsManager::Secret")
    sweeps, exports, compactions = MINUTES_A_MONTH, MINUTES_A_MONTH / 5, MINUTES_A_MONTH / 15
    gb = sweeps * 0.1 * 0.5 + exports * 0.2 * 0.5 + compactions * 1
    reads, minutely = 2 * MINUTES_A_MONTH / 5 * 3, 2 * MINUTES_A_MONTH * CONTAINERS
    return (
        BillLine("KMS", "key", 1, prices.KEY_MONTH),
        BillLine("Secrets Manager", "secrets", secrets, secrets * prices.SECRET_MONTH),
        BillLine("Secrets Manager", "reads, every 5 minutes", reads, reads * prices.SECRET_READ),
        BillLine("CloudWatch", "alarms", alarms, alarms * prices.ALARM_MONTH),
        BillLine("CloudWatch", "metrics of our own", 20, 20 * prices.METRIC_MONTH),
        BillLine("CloudWatch", "dashboard", 1, prices.DASHBOARD_MONTH),
        BillLine(
            "Lambda",
            "sweep, export, compact",
            sweeps + exports + compactions,
            _timers(sweeps + exports + compactions, gb),
        ),
        BillLine("DynamoDB", "the sweep's six reads", 6 * sweeps, 6 * sweeps * 0.5 * prices.READ_UNIT),
        BillLine("DynamoDB", "the feed's life, each minute", sweeps, sweeps * prices.WRITE_UNIT),
        BillLine("DynamoDB", "settings and holds, each minute", minutely, minutely * prices.READ_UNIT),
        BillLine("SQS", "Lambda asking", POLLS, POLLS * prices.SQS_REQUEST),
        BillLine("S3", "landing and compaction", 3 * exports + 5 * compactions, _lake(exports, compactions)),
    )


def _timers(invocations: float, gb_seconds: float) -> float:
    return invocations * prices.LAMBDA_REQUEST + gb_seconds * prices.LAMBDA_GB_SECOND


def _lake(exports: float, compactions: float) -> float:
    return (3 * exports + 5 * compactions) * prices.S3_PUT + 10 * compactions * prices.S3_GET


def _gb_seconds(step: str, used: Used) -> float:
    """Return the memory and time of a step's functions, all its times together."""
    memory = 1.0 if step in ("webhook", "answer") else 0.5
    provider = _PROVIDER if step == "message" else 0
    invocations = used.times / (RECEIPTS_TOGETHER if step == "receipt" else 1)
    return memory * (used.calls.total() * _CALL + invocations * (_REST + provider))
