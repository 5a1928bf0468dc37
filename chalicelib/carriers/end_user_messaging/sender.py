"""AWS End User Messaging SMS (`pinpoint-sms-voice-v2`), what remains of Pinpoint."""

from typing import Any

from chalicelib.carriers.failures import call_once
from chalicelib.carriers.tools import Tools
from chalicelib.domain.names import CORRELATION
from chalicelib.domain.notifications.retry import FailureOutcome
from chalicelib.ports.carrier import Outgoing, Sent

_SHORTEST_LIFE, _LONGEST_LIFE = 5, 259_200
"""Bounds of TimeToLive, in seconds (API reference, SendTextMessage)."""

CODES: dict[str, FailureOutcome] = {
    "ThrottlingException": "retry",
    "ServiceQuotaExceededException": "retry",
    "ValidationException": "permanent",
    "ResourceNotFoundException": "retry",  # our number or configuration set is gone: another provider has its own
    "AccessDeniedException": "retry",
    "ExpiredTokenException": "retry",
    "UnrecognizedClientException": "retry",
    "ConflictException": "permanent",
    "ConflictException:NO_ORIGINATION_IDENTITIES_FOUND": "retry",
    "ConflictException:REGISTRATION_NOT_COMPLETE": "retry",
    "ConflictException:RESOURCE_NOT_ACTIVE": "retry",
    "InternalServerException": "ambiguous",
}


class EndUserMessaging:
    """The port `Sender` for texts. `SendTextMessage` has no idempotency token: one call, no retries."""

    tells = True

    def __init__(self, client: Any, configuration_set: str) -> None:
        self._client, self._configuration_set = client, configuration_set

    def send(self, outgoing: Outgoing) -> Sent:
        """Send one text; SendFailed."""
        wishes = {"MaxPrice": outgoing.max_price, "ProtectConfigurationId": outgoing.protect}
        reference = call_once(
            self._client.send_text_message,
            CODES,
            DestinationPhoneNumber=outgoing.address,
            OriginationIdentity=outgoing.sender,
            MessageBody=outgoing.body,
            MessageType="TRANSACTIONAL",
            ConfigurationSetName=self._configuration_set,
            TimeToLive=min(max(outgoing.lives_for, _SHORTEST_LIFE), _LONGEST_LIFE),
            Context={CORRELATION: outgoing.id},
            **{name: value for name, value in wishes.items() if value},
        )
        return Sent("end_user_messaging", reference)


def make(tools: Tools) -> EndUserMessaging:
    """Return the sender."""
    return EndUserMessaging(tools.client("pinpoint-sms-voice-v2"), tools.configuration_set)
