"""Who watches what waits for somebody, when, and who is second. Pure."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.settings.hours import ALL_DAY, Window

_ADDRESS = re.compile(r"\+[1-9]\d{6,14}|[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
NEVER_PAGES = frozenset({Cause.UNJUDGED, Cause.DRAFT, Cause.APPROVAL})
"""Values that nobody judged come by the hundred when dispatch renames its codes: one alarm tells of all of them.

Drafts and proposals are work of the office: the desk and its email tell of them.
"""

Address = Annotated[str, Meta(max_length=254)]
"""A duty phone such as +13035550140, or a mailbox."""


class Who(StrEnum):
    """The people who are paged for one cause, in the order in which a page climbs."""

    FIRST = "first"
    SECOND = "second"
    COMMANDER = "commander"


class Watchers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The people who watch one cause. `hours` are those of `first`; outside of them `second` is paged at once."""

    first: Address
    second: Address
    commander: Address = ""
    hours: Window = ALL_DAY

    def address(self, who: Who, at: datetime, zone: tzinfo) -> str:
        """Return whom a page for somebody goes to at that moment; without a commander, the second stands in."""
        if who is Who.COMMANDER:
            return self.commander or self.second
        off = self.hours.opens(at, zone) != at
        return self.second if off or who is Who.SECOND else self.first

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return everybody who may be paged, each once."""
        return tuple(dict.fromkeys(each for each in (self.first, self.second, self.commander) if each))


Watching = Mapping[Cause, Watchers]
"""The watchers by the cause that they watch."""


def short_name(address: str) -> str:
    """Return the name of an address in what is stored and logged, which holds no phone."""
    return hashlib.sha256(address.encode()).hexdigest()[:12]


def is_phone(address: str) -> bool:
    """Tell whether a watcher is paged by text rather than by email."""
    return address.startswith("+")


def watchers_problems(watching: Watching) -> Iterator[str]:
    """Yield what is wrong with the settings of who watches."""
    for cause, watchers in watching.items():
        if cause in NEVER_PAGES:
            alarm, email = "one alarm tells of it (UnknownTypes)", "the desk's email tells of it"
            tells = alarm if cause is Cause.UNJUDGED else email
            yield f"watchers.{cause}: this never pages anybody: {tells}"
        for who in Who:
            address = getattr(watchers, who)
            named = address or who is not Who.COMMANDER
            if named and not _ADDRESS.fullmatch(address):
                yield f"watchers.{cause}.{who}: {address!r} is not a phone such as +13035550140, and no email"
        if watchers.first == watchers.second:
            yield f"watchers.{cause}.second: the same as first: nobody is second then"
