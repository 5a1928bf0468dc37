"""Which calls break, how often and in which way: the rules of both proxies, in the errors of each service."""

from itertools import product
from typing import Any

HOLD = 2_500
"""Milliseconds for which a call is held: longer than a client here waits (READ)."""

READ = 1.5
"""Seconds for which clients wait for an answer: less than in the stack, where most faults would take a minute."""

_CUT_WAYS = (0.0, 0.5)

THROTTLED = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "sqs": ("RequestThrottled", 403),
    "s3": ("SlowDown", 503),
    "secretsmanager": ("ThrottlingException", 400),
    "pinpoint-sms-voice-v2": ("ThrottlingException", 400),
    "sns": ("ThrottledException", 429),
}
FAILED = {
    "dynamodb": ("InternalServerError", 500),
    "sqs": ("InternalFailure", 500),
    "s3": ("InternalError", 500),
    "secretsmanager": ("InternalServiceError", 500),
    "pinpoint-sms-voice-v2": ("InternalServerException", 500),
    "sns": ("InternalErrorException", 500),
}
WITHOUT_ERRORS = ("ses",)
"""SES signs both of its APIs alike, and microburst would answer in the older one's words: calls are only cut and held.

It is throttled by the simulated carriers, in its own words.
"""

SHARES = {
    "throttled": 0.012,
    "error 500": 0.012,
    "no answer, not done": 0.003,
    "no answer, done later": 0.003,
    "reset before": 0.006,
    "done, no answer": 0.006,
    "done, answer cut": 0.006,
    "slow": 0.02,
}
"""How often each comes, of 1, on each service."""

_TRANSACTION = {
    "CancellationReasons": [{"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}],
}


def rules() -> list[dict[str, Any]]:
    """Return the rules; the first that fires on a call is the one that breaks it."""
    broken = [
        {"service": service, "probability": SHARES[way], **how}
        for service, way in product((*THROTTLED, *WITHOUT_ERRORS), SHARES)
        if service in THROTTLED or way not in ("throttled", "error 500")
        for how in (_how(service, way),)
    ]
    conflict = {
        "service": "dynamodb",
        "operation": "TransactWriteItems",
        "probability": 0.02,
        "error": {"code": "TransactionCanceledException", "status": 400, "fields": _TRANSACTION},
    }
    return [conflict, *broken]


def _how(service: str, way: str) -> dict[str, Any]:
    match way:
        case "throttled":
            code, status = THROTTLED[service]
            return {"error": {"code": code, "status": status}}
        case "error 500":
            code, status = FAILED[service]
            return {"error": {"code": code, "status": status}}
        case "no answer, not done":
            return {"timeout_ms": HOLD}
        case "no answer, done later":
            return {"latency": HOLD}
        case "reset before":
            return {"reset": True}
        case "done, no answer":
            return {"response": {"abort_frac": _CUT_WAYS[0]}}
        case "done, answer cut":
            return {"response": {"abort_frac": _CUT_WAYS[1]}}
    return {"latency": {"min": 50, "max": 400}}
