"""Amazon SES, API version 2."""

from typing import Any

from chalicelib.domain.attempt import FailureOutcome
from chalicelib.domain.identity import CORRELATION
from chalicelib.outbound.failures import call_once
from chalicelib.ports import Outgoing, Sent

CODES: dict[str, FailureOutcome] = {
    "TooManyRequestsException": "retry",
    "LimitExceededException": "retry",
    "SendingPausedException": "retry",
    "AccountSuspendedException": "permanent",
    "MailFromDomainNotVerifiedException": "permanent",
    "MessageRejected": "permanent",
    "BadRequestException": "permanent",
    "NotFoundException": "permanent",
    "AccessDeniedException": "retry",
    "ExpiredTokenException": "retry",
    "UnrecognizedClientException": "retry",
    "InternalServiceErrorException": "ambiguous",
}


class Ses:
    """The port `Sender` for email."""

    def __init__(self, client: Any, configuration_set: str) -> None:
        self._client, self._configuration_set = client, configuration_set

    def send(self, outgoing: Outgoing) -> Sent:
        """Send one email; SendFailed."""
        reference = call_once(
            self._client.send_email,
            CODES,
            FromEmailAddress=outgoing.sender,
            Destination={"ToAddresses": [outgoing.address]},
            Content={
                "Simple": {
                    "Subject": {"Data": outgoing.subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": outgoing.body, "Charset": "UTF-8"}},
                }
            },
            ConfigurationSetName=self._configuration_set,
            EmailTags=[{"Name": CORRELATION, "Value": outgoing.id}],
        )
        return Sent("ses", reference)
