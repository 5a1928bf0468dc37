"""The agency's account at Twilio."""

from msgspec import Struct


class TwilioAccount(Struct, frozen=True):
    """Our name at Twilio and its token, which signs callbacks too; so do others while it is being rotated."""

    account_sid: str
    auth_token: str
    other_tokens: tuple[str, ...] = ()
