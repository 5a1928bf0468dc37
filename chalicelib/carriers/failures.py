"""Failed calls to a provider: the message surely did not go, it will never go, or nobody knows."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError

from chalicelib.domain.notifications.retry import FailureOutcome
from chalicelib.ports.carrier import SendFailed

ProviderCodes = Mapping[str, FailureOutcome]

CONNECT, READ = 2, 10
"""Seconds to wait for a connection, and for an answer."""

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=CONNECT, read_timeout=READ)
"""Options of every client that sends.

Botocore retries by default, and none of these APIs recognises a repeated message.
"""

OPTED_OUT = "DESTINATION_PHONE_NUMBER_OPTED_OUT"
"""The provider has heard a STOP that we have not (End User Messaging, the Reason of a ConflictException)."""

_BEFORE_THE_BYTES_LEFT = (EndpointConnectionError, ConnectTimeoutError, NoCredentialsError)
_LONGEST_CODE = 60


def call_once(call: Callable[..., dict[str, Any]], codes: ProviderCodes, **request: Any) -> str:
    """Call a provider of AWS once and return its id of the message.

    SendFailed with the outcome that `codes` gives for its error, else ambiguous.
    """
    try:
        answer = call(**request)
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
        code = error.response.get("Error", {}).get("Code", "") or f"http_{status}"
        reason = error.response.get("Reason", "")
        known = f"{code}:{reason}" if f"{code}:{reason}" in codes else code
        raise refusal(known, codes, reason or code, opted_out=reason == OPTED_OUT) from error
    except ParamValidationError as error:
        raise SendFailed("permanent", "invalid_request") from error
    except BotoCoreError as error:
        raise unanswered(error) from error
    except (ResponseParserError, KeyError) as error:  # botocore looks up the parts of a query answer unasked
        raise SendFailed("ambiguous", "truncated_answer") from error
    if not answer.get("MessageId"):  # botocore makes an empty answer of one that breaks off
        raise SendFailed("ambiguous", "truncated_answer")
    return str(answer["MessageId"])


def refusal(
    code: str, codes: ProviderCodes, reason: str = "", *, opted_out: bool = False, landline: bool = False
) -> SendFailed:
    """Return the outcome of an error's code; a code that is not listed is ambiguous and marked as unknown."""
    told = (reason or code)[:_LONGEST_CODE]
    return SendFailed(codes.get(code, "ambiguous"), told, opted_out, landline, unknown=code not in codes)


def unanswered(error: BotoCoreError) -> SendFailed:
    """Return the outcome of a call without an answer: before the bytes left nothing went, after that nobody knows."""
    outcome: FailureOutcome = "retry" if isinstance(error, _BEFORE_THE_BYTES_LEFT) else "ambiguous"
    return SendFailed(outcome, type(error).__name__)
