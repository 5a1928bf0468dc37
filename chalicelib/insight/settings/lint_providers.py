"""Providers that a file names: each must be one that there is, of its channel, once."""

from collections.abc import Iterator

from chalicelib.carriers.registry import PROVIDERS
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.finding import Finding, error, warning

_CHANNELS: tuple[Channel, ...] = ("sms", "email")


def lint_providers(agency: Agency) -> Iterator[Finding]:
    """Return what keeps messages from being sent, and what may not be meant."""
    for channel in _CHANNELS:
        choices = [name for name, entry in PROVIDERS.items() if entry.channel == channel]
        named = agency.providers.of(channel)
        for place, name in enumerate(named):
            path = ("providers", channel, place)
            if name not in choices:
                yield error(path, f"{name} is no provider of {channel}", f"one of: {', '.join(choices)}")
            elif name in named[:place]:
                yield error(path, f"{name} is listed twice", "take it out: each is tried once")
    if "twilio" in agency.providers.sms and not agency.numbers.twilio_from:
        yield warning(
            ("numbers",), "no twilio_from: Twilio would send from sms_from", "write the number that Twilio has"
        )
