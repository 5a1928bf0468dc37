"""Consent of people, the words that led to it, and the texts that they sent back; all addresses are masked."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.people.consent import Consent, last_wish, widest
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.mask import Mask
from chalicelib.insight.people.address import address_of
from chalicelib.wiring import Aws


class NoAddress(ValueError):
    """The text is neither a phone that can be texted nor an email."""


class TheirsAlone(ValueError):
    """The person stopped us themselves, so nobody else can say that they want to hear from us again."""


class Standing(Struct, frozen=True, kw_only=True):
    """The state of a phone or email, and every word about consent that led to it, the first one first."""

    address: str
    opted_out: OptOutScope | None
    bounced: bool
    landline: bool
    silenced_until: datetime | None
    unsafe: bool
    history: tuple[Consent, ...]


class Texted(Struct, frozen=True):
    """A text that somebody sent back: when, the phone's last digits, and the words."""

    at: datetime
    last_digits: str
    words: str


def show(aws: Aws, agency: Agency, text: str, at: datetime) -> Standing:
    """Return what holds for a phone or email; NoAddress."""
    mask, address = Mask(), _address(text, agency)
    contact = aws.contacts.load(agency.agency_id, address, agency.day(at))
    silenced = contact.silenced_until
    return Standing(
        address=mask.address(address),
        opted_out=contact.opted_out,
        bounced=contact.bounced,
        landline=contact.landline,
        silenced_until=silenced if silenced and silenced > at else None,
        unsafe=contact.unsafe,
        history=tuple(
            replace(word, words=mask.text(word.words)) for word in aws.contacts.history(agency.agency_id, address)
        ),
    )


def opt_out(
    aws: Aws, agency: Agency, text: str, asked: OptOutScope, at: datetime, reason: str, author: str
) -> tuple[str, OptOutScope]:
    """Write to somebody no more; return the masked address and what now holds for it. NoAddress, Conflict.

    A wider word that they said before stays in force.
    """
    address = _address(text, agency)
    known = aws.contacts.load(agency.agency_id, address, agency.day(at)).opted_out
    scope = widest(known, asked)
    aws.contacts.opt_out(agency.agency_id, address, scope, at, reason, "command", author)
    return Mask().address(address), scope


def opt_in(aws: Aws, agency: Agency, text: str, at: datetime, reason: str, author: str, words: str = "") -> str:
    """Write to somebody again, because they asked for it; return the masked address. NoAddress, TheirsAlone, Conflict.

    Against a STOP of their own this takes `words`: their own, as they said them.
    """
    address = _address(text, agency)
    last = last_wish(aws.contacts.history(agency.agency_id, address))
    if last and last.opted_out and last.source != "command" and not words.strip():
        raise TheirsAlone(
            "they stopped us themselves: let them text START, or give what they said, word for word, by --their-words"
        )
    said = f"{words.strip()} ({reason})" if words.strip() else reason
    aws.contacts.opt_in(agency.agency_id, address, at, said, "command", author)
    return Mask().address(address)


def replies(aws: Aws, agency: Agency, since: datetime) -> tuple[Texted, ...]:
    """Return the texts since an instant that were neither STOP, START nor HELP, the newest first."""
    mask = Mask()
    return tuple(
        Texted(reply.at, reply.last_digits, mask.text(reply.words))
        for reply in aws.contacts.replies(agency.agency_id)
        if reply.at >= since
    )


def _address(text: str, agency: Agency) -> str:
    address = address_of(text, agency)
    if address is None:
        raise NoAddress("neither a phone that can be texted nor an email")
    return address
