"""What a failed call to a provider means: it surely did not go, it will never go, or nobody knows."""

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

from chalicelib.domain.attempt import FailureOutcome
from chalicelib.ports import SendFailed

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10)
"""For every client that sends: botocore retries by default, and none of these APIs knows a message again."""

OPTED_OUT = "DESTINATION_PHONE_NUMBER_OPTED_OUT"
"""The provider has heard a STOP that we have not (End User Messaging, the Reason of a ConflictException)."""

_BEFORE_THE_BYTES_LEFT = (EndpointConnectionError, ConnectTimeoutError, NoCredentialsError)


def call_once(call: Callable[..., dict[str, Any]], codes: Mapping[str, FailureOutcome], **request: Any) -> str:
    """Call a provider once and return its id of the message.

    SendFailed with the outcome that `codes` gives for its error, else ambiguous.
    """
    try:
        answer = call(**request)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        reason = error.response.get("Reason", "")
        outcome = codes.get(f"{code}:{reason}") or codes.get(code, "ambiguous")
        raise SendFailed(outcome, reason or code, opted_out=reason == OPTED_OUT) from error
    except ParamValidationError as error:
        raise SendFailed("permanent", "invalid_request") from error
    except _BEFORE_THE_BYTES_LEFT as error:
        raise SendFailed("retry", type(error).__name__) from error
    except BotoCoreError as error:
        raise SendFailed("ambiguous", type(error).__name__) from error
    if not answer.get("MessageId"):  # botocore makes an empty answer of one that breaks off
        raise SendFailed("ambiguous", "truncated_answer")
    return str(answer["MessageId"])
