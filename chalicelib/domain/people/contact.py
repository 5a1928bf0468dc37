"""Phones and addresses as dispatch systems have them, and what we know of the person behind one."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace


class OptOutScope(StrEnum):
    """What a person asked us to stop; `address`: nothing goes to a mailbox that bounced, and nobody asked for it."""

    ALL = "all"
    SURVEYS = "surveys"
    ADDRESS = "address"


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What we know of the person behind one phone or email, as read just before a message goes.

    `language` is that in which they were written to today, `consent_at` is when they last said what they want;
    `bounced` is a mailbox to which nothing goes although nobody asked for it. `survey` is the one that they were asked
    last, by the hash of its token.
    """

    opted_out: OptOutScope | None = None
    consent_at: datetime | None = None
    bounced: bool = False
    silenced_until: datetime | None = None
    landline: bool = False
    sent_today: int = 0
    surveyed_at: datetime | None = None
    language: str = ""
    survey: str = ""

    def also(self, other: "Contact") -> "Contact":
        """Return the contact with what the same person asked for, or must be spared, at another address.

        Who came back here since has taken back what they said there. A mailbox that bounced says nothing of a phone.
        """
        came_back_at = self.consent_at if self.opted_out is None else None
        taken_back = came_back_at and other.consent_at and other.consent_at < came_back_at
        wishes = {self.opted_out, None if taken_back or other.bounced else other.opted_out} - {None}
        return replace(
            self,
            opted_out=OptOutScope.ALL if OptOutScope.ALL in wishes else next(iter(wishes), None),
            silenced_until=max((at for at in (self.silenced_until, other.silenced_until) if at), default=None),
        )
