"""Every provider by the name that settings, rows and receipts have for it. Another one is a line here.

`docs/agency/carriers.md` has the checklist.
"""

from collections.abc import Iterator, Mapping

from chalicelib.carriers.end_user_messaging import sender as end_user_messaging
from chalicelib.carriers.ses import sender as ses
from chalicelib.carriers.sns import sender as sns
from chalicelib.carriers.tools import Entry, Tools
from chalicelib.carriers.twilio import sender as twilio
from chalicelib.domain.notifications.notification import Provider
from chalicelib.ports.carrier import Sender

PROVIDERS: dict[Provider, Entry] = {
    "end_user_messaging": Entry("sms", end_user_messaging.make),
    "sns": Entry("sms", sns.make),
    "twilio": Entry("sms", twilio.make),
    "ses": Entry("email", ses.make),
}


class Senders(Mapping[Provider, Sender]):
    """The providers' senders, each made when it is first used: a client takes up to 35 ms, Twilio's package 200."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._made: dict[Provider, Sender] = {}

    def __getitem__(self, name: Provider) -> Sender:
        if name not in self._made:
            self._made[name] = PROVIDERS[name].make(self._tools)
        return self._made[name]

    def __iter__(self) -> Iterator[Provider]:
        return iter(PROVIDERS)

    def __len__(self) -> int:
        return len(PROVIDERS)
