"""The part of an agency's settings that says who takes its messages, and from where they come."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.notifications.notification import Channel, Provider

NonEmergency = Annotated[str, Meta(min_length=3, max_length=14)]


class Numbers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the agency is reached, and what it sends from."""

    non_emergency: NonEmergency
    sms_from: Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7})$")]
    email_from: Annotated[str, Meta(pattern=r"^[^@]+@[^@]+$")]
    twilio_from: Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7}|MG[0-9a-f]{32})?$")] = ""
    sns_from: Annotated[str, Meta(pattern=r"^(\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7})?$")] = ""

    def sender(self, provider: Provider, channel: Channel) -> str:
        """Return what a provider sends from: its own, such as `twilio_from`, or its channel's."""
        own: str = getattr(self, f"{provider}_from", "")
        return own or (self.sms_from if channel == "sms" else self.email_from)

    @property
    def texting(self) -> tuple[str, ...]:
        """Return every number or service that people may answer to."""
        return tuple(dict.fromkeys(filter(None, (self.sms_from, self.twilio_from, self.sns_from))))


class Providers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The providers of each channel, in order: the next is tried where the one before certainly took nothing."""

    sms: Annotated[tuple[Provider, ...], Meta(min_length=1, max_length=4)] = ("end_user_messaging",)
    email: Annotated[tuple[Provider, ...], Meta(min_length=1, max_length=4)] = ("ses",)
    max_price: Annotated[str, Meta(pattern=r"^([0-9]{0,2}\.[0-9]{1,5})?$")] = ""
    protect_configuration: Annotated[str, Meta(pattern=r"^([A-Za-z0-9_:/-]{1,256})?$")] = ""

    def of(self, channel: Channel) -> tuple[Provider, ...]:
        """Return a channel's providers, the preferred one first."""
        return self.sms if channel == "sms" else self.email
