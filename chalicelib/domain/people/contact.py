"""Contacts: one record of a person's choices and limits for each phone or email."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class OptOutScope(StrEnum):
    """The messages that a person gets no more; `address` is a bounced mailbox, which nobody asked to stop."""

    ALL = "all"
    SURVEYS = "surveys"
    ADDRESS = "address"


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The person behind one phone or email, as read just before a message is sent.

    `language` is that of today's messages to them. `consent_at` is when they last chose to stop or start. `opted_out`
    is what they chose. `bounced` marks a mailbox that gets nothing although nobody asked for it. `survey` is the last
    survey that they were asked, by the hash of its token. `unsafe` marks somebody whom a dispatcher called unsafe to
    contact, on whichever incident.
    """

    opted_out: OptOutScope | None = None
    consent_at: datetime | None = None
    bounced: bool = False
    silenced_until: datetime | None = None
    unsafe: bool = False
    landline: bool = False
    sent_today: int = 0
    surveyed_at: datetime | None = None
    language: str = ""
    survey: str = ""

    def silent(self, now: datetime) -> bool:
        """Tell whether nothing may be written to the person now: a silence holds, or they are unsafe to contact."""
        return self.unsafe or (self.silenced_until is not None and now < self.silenced_until)

    def also(self, other: "Contact") -> "Contact":
        """Return the contact with the opt-outs and limits of the same person's other address.

        A later START at this address outweighs an opt-out at the other one. A bounced mailbox does not affect a phone,
        and its owner's wishes do.
        """
        came_back_at = self.consent_at if self.opted_out is None else None
        taken_back = came_back_at and other.consent_at and other.consent_at < came_back_at
        wishes = {self.opted_out, None if taken_back else other.opted_out} - {None}
        return replace(
            self,
            opted_out=OptOutScope.ALL if OptOutScope.ALL in wishes else next(iter(wishes), None),
            silenced_until=max((at for at in (self.silenced_until, other.silenced_until) if at), default=None),
            unsafe=self.unsafe or other.unsafe,
        )
