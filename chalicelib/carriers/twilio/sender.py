"""Twilio's Messages API, through its own package, which is imported when the first text goes that way."""

from collections.abc import Callable
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.carriers.failures import READ, refusal, unanswered
from chalicelib.carriers.tools import Carriers, Tools
from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.domain.names import CORRELATION
from chalicelib.domain.notifications.retry import FailureOutcome
from chalicelib.ports.carrier import Outgoing, SendFailed, Sent

_SHORTEST_LIFE, _LONGEST_LIFE = 1, 36_000
"""Bounds of ValidityPeriod, in seconds (API reference, Messages; error 21624)."""

STATUS_PATH = "/carriers/twilio/status"

CODES: dict[str, FailureOutcome] = {
    "20003": "retry",  # the account or its token is wrong
    "20005": "retry",  # the account is not active
    "20429": "retry",
    "14107": "retry",  # faster than the number may send
    "21611": "retry",  # the number's queue is full
    "30001": "retry",  # the same
    "20404": "retry",  # there is no such account
    "21211": "permanent",
    "21212": "permanent",
    "21408": "permanent",
    "21602": "permanent",
    "21604": "permanent",
    "21606": "retry",  # the number is not ours, or sends no texts
    "21608": "permanent",
    "21610": "permanent",
    "21612": "permanent",
    "21614": "permanent",
    "21617": "permanent",
    "21624": "permanent",
    "21660": "retry",  # the number is another account's
    "21703": "retry",  # the messaging service has no number
    "20500": "ambiguous",
    "20503": "ambiguous",
}
"""Twilio's dictionary of errors: twilio.com/docs/api/errors."""

_OPTED_OUT = "21610"
_NO_TEXTS_THERE = frozenset({"21211", "21614"})


class Twilio:
    """The port `Sender` for texts. There is no idempotency key: the status callback carries our name of the text."""

    tells = True

    def __init__(self, carriers: Callable[[], Carriers], url: str, read: float = READ) -> None:
        self._carriers, self._url, self._read = carriers, url, read
        self._known: tuple[TwilioAccount, Any] | None = None

    def send(self, outgoing: Outgoing) -> Sent:
        """Send one text; SendFailed."""
        try:
            messages = self._messages()
            from twilio.base.exceptions import TwilioException
        except ImportError as error:  # the stack was packaged without it; the next provider may take the text
            raise SendFailed("retry", "not_packaged") from error

        by = "messaging_service_sid" if outgoing.sender.startswith("MG") else "from_"
        request = {
            by: outgoing.sender,
            "status_callback": f"{outgoing.origin}{STATUS_PATH}?{CORRELATION}={outgoing.id}",
            "validity_period": min(max(outgoing.lives_for, _SHORTEST_LIFE), _LONGEST_LIFE),
        }
        try:
            taken = messages.create(to=outgoing.address, body=outgoing.body, **request)
        except TwilioException as error:
            raise _refused(error) from error
        except BotoCoreError as error:
            raise unanswered(error) from error
        except (ValueError, AttributeError) as error:  # an answer that is not JSON, or no object
            raise SendFailed("ambiguous", "truncated_answer") from error
        if not taken.sid:
            raise SendFailed("ambiguous", "truncated_answer")
        return Sent("twilio", taken.sid)

    def _messages(self) -> Any:
        """Return the SDK's door to an account's messages; SendFailed where there is no account."""
        account = self._account()
        if self._known is None or self._known[0] != account:
            from twilio.rest import Client

            from chalicelib.carriers.twilio.http import OnceHttpClient

            http = OnceHttpClient(self._url, self._read)
            client = Client(account.account_sid, account.auth_token, http_client=http)
            self._known = account, client.messages
        return self._known[1]

    def _account(self) -> TwilioAccount:
        """Return the account; SendFailed without one: nothing went, and the next provider may take it."""
        try:
            account = self._carriers().twilio
        except (BotoCoreError, ClientError, msgspec.DecodeError) as error:
            raise SendFailed("retry", "no_account") from error
        if account is None:
            raise SendFailed("retry", "no_account")
        return account


def _refused(error: Exception) -> SendFailed:
    """Return what Twilio's code means; where it gives none, HTTP's status is all that is known."""
    code = str(getattr(error, "code", None) or f"http_{getattr(error, 'status', '')}")
    return refusal(code, CODES, opted_out=code == _OPTED_OUT, landline=code in _NO_TEXTS_THERE)


def make(tools: Tools) -> Twilio:
    """Return the sender."""
    return Twilio(tools.carriers, tools.twilio_url)
