"""The agency's account at Twilio."""

from msgspec import Struct


class TwilioAccount(Struct, frozen=True):
    """Our name at Twilio and its token, which signs callbacks too.

    `other_tokens` may sign callbacks too, while the token is being rotated.
    """

    account_sid: str
    auth_token: str
    other_tokens: tuple[str, ...] = ()
