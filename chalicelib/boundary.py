"""Where the world meets the flows: what goes wrong here stops one item, is logged without a word of
anybody's data, and is never lost.

An exception's text may quote a phone number or an email, so logs get its type and where it arose.
"""

import hashlib
import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from functools import wraps
from time import time_ns
from typing import Any, ParamSpec
from urllib.parse import parse_qsl

import msgspec
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError
from chalice.app import Request, Response

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 50
_PLAIN = re.compile(r"[!-~]{1,60}")

_SERVICE = "tenfour"
logger = Logger(service=_SERVICE, location=None)  # of whoever calls it, it would be this file: `report` says where

figures = logging.getLogger(f"{_SERVICE}.figures")
"""Of lines that are JSON already: the logger above takes 25 µs to write one, and an intake has three."""

_lines = logging.StreamHandler(sys.stdout)
figures.setLevel(logging.INFO)
figures.propagate = False
figures.addHandler(_lines)

P = ParamSpec("P")


class Refused(Exception):
    """A request that gets another answer than it hoped for."""

    def __init__(self, status: int, error: str, **headers: str) -> None:
        super().__init__(error)
        self.status, self.error, self.headers = status, error, headers


class Failed(Exception):
    """Something failed; the log has what may be told of it."""


def report(error: Exception, step: str, **ids: str) -> None:
    """Log an exception by its type, AWS's code for it, the place in our own code, and the ids of what it was about.

    Each exception of a group is logged by itself, with the name of what it was about.
    """
    if isinstance(error, ExceptionGroup):
        for one in error.exceptions:
            report(one, step, **ids)
        return
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "chalicelib" in frame.filename] or frames
    place = f"{ours[-1].filename.rsplit('/', 1)[-1]}:{ours[-1].lineno} {ours[-1].name}" if ours else ""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    notes = ", ".join(getattr(error, "__notes__", ()))
    told = {"step": step, "error": type(error).__name__, "code": code, "place": place, **ids}
    told |= {"about": notes} if notes else {}
    logger.error("failed", extra=told)


def count(event: str, metric: str = "", /, **ids: str) -> None:
    """Log a warning that CloudWatch counts: its embedded metric format, for which no library is needed.

    Several events may share a metric; without one, it has the event's name.
    """
    metric = metric or event
    logger.warning(event, extra={"_aws": _embedded(metric, [["service"]]), metric: 1, **ids})


def measure(metric: str, value: float, kind: str = "") -> None:
    """Log a figure that CloudWatch keeps, and also by kind of notification if one is given."""
    if not figures.isEnabledFor(logging.INFO):
        return
    dimensions = [["service"], ["service", "kind"]] if kind else [["service"]]
    told = {
        "level": "INFO",
        "message": metric,
        "service": _SERVICE,
        "_aws": _embedded(metric, dimensions),
        metric: value,
    }
    line = msgspec.json.encode(told | {"kind": kind} if kind else told).decode()
    _lines.stream.write(f"{line}\n")  # a record and its formatting take longer than all else here
    _lines.flush()


def _embedded(metric: str, dimensions: list[list[str]]) -> dict[str, Any]:
    """Return CloudWatch's embedded metric format (specification, version 0)."""
    told = {"Namespace": "tenfour", "Dimensions": dimensions, "Metrics": [{"Name": metric}]}
    return {"Timestamp": time_ns() // 10**6, "CloudWatchMetrics": [told]}


def body(request: Request, largest: int) -> bytes:
    """Return a request's body; Refused where it is larger."""
    raw = request.raw_body
    if len(raw) > largest:
        raise Refused(413, f"the body is larger than {largest // 1024} KiB")
    return raw if isinstance(raw, bytes) else raw.encode()


def form(request: Request) -> dict[str, str]:
    """Return the fields of a page's form that were filled in; Refused."""
    return {name: value for name, value in pairs(request) if value}


def pairs(request: Request, most: int = MOST_FIELDS, largest: int = LARGEST_FORM) -> list[tuple[str, str]]:
    """Return a form's fields as they were posted, so many at most, empty ones and repeated ones too; Refused."""
    raw = body(request, largest)
    if media_type(request) == "multipart/form-data":
        return _parts(request.headers["content-type"], raw, most)
    try:
        return parse_qsl(raw.decode(errors="replace"), keep_blank_values=True, max_num_fields=most)
    except ValueError:
        raise Refused(400, f"the form has more than {most} fields") from None


def _parts(content_type: str, raw: bytes, most: int) -> list[tuple[str, str]]:
    """Return a form's fields as mail programs post them (RFC 8058 prefers multipart); nothing of what is no field."""
    message = message_from_bytes(b"Content-Type: %b\r\n\r\n%b" % (content_type.encode(errors="replace"), raw))
    fields = []
    for part in message.walk():
        name, value = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields.append((name, value.decode(errors="replace")))
    if len(fields) > most:
        raise Refused(400, f"the form has more than {most} fields")
    return fields


def media_type(request: Request) -> str:
    """Return what a request says its body is, without parameters."""
    given: str = request.headers.get("content-type", "")
    return given.partition(";")[0].strip().lower()


def source_id(request: Request, raw: bytes) -> str:
    """Return the webhook's own id where it has a plain one, else what its body sums up to.

    `ce-id` is what CloudEvents calls it, where an event is in the headers (binary mode).
    """
    given: str = request.headers.get("webhook-id") or request.headers.get("ce-id", "")
    return given if _PLAIN.fullmatch(given) else hashlib.sha256(raw).hexdigest()[:32]


def answering(view: Callable[P, Response]) -> Callable[P, Response]:
    """Turn what a view raises into an answer; Chalice would log the exception's text and the caller's path."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except Refused as refused:
            return Response({"error": refused.error}, status_code=refused.status, headers={**refused.headers})
        except Exception as error:  # noqa: BLE001  the boundary of one request
            report(error, view.__name__)
            return Response({"error": "something failed here; please send it again"}, status_code=500)

    return answer


def each(event: Mapping[str, Any], step: str, act: Callable[[Mapping[str, Any]], object]) -> dict[str, Any]:
    """Act on each SQS record; return those that failed, so that only they come back.

    Powertools' batch utility does the same for 50 ms of imports at every cold start.
    """
    failures = []
    for record in event["Records"]:
        try:
            act(record)
        except Exception as error:  # noqa: BLE001  one record's failure is not its neighbours'
            report(error, step, message_id=record["messageId"])
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def whole(step: str, act: Callable[[], object]) -> None:
    """Do what succeeds or fails as a whole; Failed, without the text of what was wrong."""
    try:
        act()
    except Exception as error:  # noqa: BLE001  the boundary of one batch
        report(error, step)
        raise Failed(step) from None


def all_of(step: str, acts: Mapping[str, Callable[[], object]]) -> None:
    """Do each act, whatever becomes of the others; Failed where any failed, once all had their turn."""
    failed = False
    for name, act in acts.items():
        try:
            act()
        except Exception as error:  # noqa: BLE001  the boundary of one act
            report(error, name)
            failed = True
    if failed:
        raise Failed(step)


def sent_at(record: Mapping[str, Any]) -> datetime:
    """Return when an SQS record was put into its queue."""
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
