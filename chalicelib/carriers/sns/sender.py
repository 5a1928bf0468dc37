"""Texts by Amazon SNS. It carries nothing for us and tells nobody what became of a text: `docs/agency/carriers.md`."""

from typing import Any

from chalicelib.carriers.failures import call_once
from chalicelib.carriers.tools import Tools
from chalicelib.domain.notifications.retry import FailureOutcome
from chalicelib.ports.carrier import Outgoing, Sent

CODES: dict[str, FailureOutcome] = {
    "Throttling": "retry",
    "ThrottlingException": "retry",
    "ThrottledException": "retry",
    "Throttled": "retry",
    "KMSThrottling": "retry",
    "AuthorizationError": "retry",
    "AccessDenied": "retry",
    "ExpiredToken": "retry",
    "InvalidClientTokenId": "retry",
    "InvalidParameter": "permanent",
    "ParameterValueInvalid": "permanent",
    "ValidationException": "permanent",
    "ValidationError": "permanent",
    "NotFound": "permanent",
    "EndpointDisabled": "permanent",
    "InternalError": "ambiguous",
    "InternalFailure": "ambiguous",
    "ServiceUnavailable": "ambiguous",
}


class Sns:
    """The port `Sender` for texts. A text that nobody answered for stays in doubt: no receipt will tell."""

    tells = False

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, outgoing: Outgoing) -> Sent:
        """Send one text; SendFailed."""
        attributes = {
            "AWS.SNS.SMS.SMSType": ("String", "Transactional"),
            "AWS.MM.SMS.OriginationNumber": ("String", outgoing.sender),
            "AWS.SNS.SMS.MaxPrice": ("Number", outgoing.max_price),
        }
        reference = call_once(
            self._client.publish,
            CODES,
            PhoneNumber=outgoing.address,
            Message=outgoing.body,
            MessageAttributes={
                name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items() if value
            },
        )
        return Sent("sns", reference)


def make(tools: Tools) -> Sns:
    """Return the sender."""
    return Sns(tools.client("sns"))
