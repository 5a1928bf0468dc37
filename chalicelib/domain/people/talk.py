"""Conversations: to whom a canned text may go now, and why it may not. Pure.

What keeps any message from a person keeps an answer from them, and more: an answer goes only to somebody who is on a
call, at a phone that texted us within a day, while somebody watches. In doubt nothing goes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications import safety
from chalicelib.domain.notifications.plan import incident_bar
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.recipients import Recipient, awaits_human, recipients
from chalicelib.domain.notifications.timing import ended
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.reply import KeptReply
from chalicelib.domain.settings.agency import Agency

ANSWERED_WITHIN = timedelta(hours=24)
"""How old a reply may be that is answered: an answer days later is read as something else."""

_THIS_CALL_ONLY = frozenset(
    {
        Reason.OFFICER_INITIATED,
        Reason.DUPLICATE,
        Reason.WAITS_FOR_ID,
        Reason.TRANSFERRED,
        Reason.TYPE_UNKNOWN,
        Reason.TYPE_NOT_ALLOWED,
        Reason.NOT_JUDGED,
    }
)
"""Why nothing goes about one call, which says nothing about another call of the same person."""


class Bar(StrEnum):
    """Why no answer goes, the first that holds."""

    OFF = "off"
    SHADOW = "shadow"
    STOPPED = "stopped"
    SILENCED = "silenced"
    UNSAFE = "unsafe"
    LANDLINE = "landline"
    JUVENILE = "juvenile"
    SENSITIVE = "sensitive"
    NO_CALL = "no_call"
    TOO_MANY_CALLS = "too_many_calls"
    NOT_TOLD = "not_told"
    IN_PROGRESS = "in_progress"
    DANGER = "danger"
    TOO_OLD = "too_old"
    AFTER_HOURS = "after_hours"


class Standing(Struct, frozen=True, kw_only=True):
    """Somebody who texted us: what they chose, and every call on which their phone was lately, the latest first.

    `phone` is empty where none of the calls has it any more. `more` tells that they have more calls than were read.
    """

    contact: Contact
    calls: tuple[Incident, ...] = ()
    phone: str = ""
    more: bool = False


def bar(standing: Standing, reply: KeptReply, agency: Agency, now: datetime, *, by_itself: bool = False) -> Bar | None:
    """Return why no answer to a reply may go now, or None. The text that goes by itself goes at any hour.

    It follows a person's own text by a quarter of an hour. At night it is the only word that they get.
    """
    rules = agency.conversation
    if not agency.converses:
        return Bar.OFF
    if agency.mode != "live":
        return Bar.SHADOW
    found = person_bar(standing.contact, now) or _of_calls(standing, agency)
    if found:
        return found
    if reply.danger:
        return Bar.DANGER
    if now - reply.at > ANSWERED_WITHIN:
        return Bar.TOO_OLD
    return None if by_itself or rules.watched(now, agency.zone) else Bar.AFTER_HOURS


def person_bar(contact: Contact, now: datetime) -> Bar | None:
    """Return why nothing by hand goes to a phone, by what its person chose and what is known of it, or None."""
    bars = (
        (contact.opted_out is OptOutScope.ALL, Bar.STOPPED),
        (contact.bounced, Bar.STOPPED),
        (contact.unsafe, Bar.UNSAFE),
        (contact.silent(now), Bar.SILENCED),
        (contact.landline, Bar.LANDLINE),
    )
    return next((found for holds, found in bars if holds), None)


def nature_bar(standing: Standing, agency: Agency) -> Bar | None:
    """Return why any of a person's calls keeps them from hearing from us, by its nature, or None."""
    if any(one.holds(Latch.JUVENILE) for one in standing.calls):
        return Bar.JUVENILE
    if any(standing.phone in one.unsafe_addresses for one in standing.calls):
        return Bar.UNSAFE
    for one in standing.calls:
        why = incident_bar(one, agency.at(one.facts.beat))
        if why and why[0] not in _THIS_CALL_ONLY:
            return Bar.SENSITIVE
    return None


def _of_calls(standing: Standing, agency: Agency) -> Bar | None:
    """Return why a person's calls keep them from an answer: any of them by its nature, the latest by anything."""
    calls, phone = standing.calls, standing.phone
    found = nature_bar(standing, agency)
    if found:
        return found
    if not calls or not phone:
        return Bar.NO_CALL
    if standing.more:
        return Bar.TOO_MANY_CALLS
    return _of_latest(calls[0], phone, agency)


def _of_latest(call: Incident, phone: str, agency: Agency) -> Bar | None:
    here = agency.at(call.facts.beat)
    if here.mode != "live":
        return Bar.SHADOW
    told = any(isinstance(one, Recipient) and one.address == phone for one in recipients(call, here))
    if incident_bar(call, here) or not told or awaits_human(call, here):
        return Bar.NOT_TOLD
    guarded = safety.guarded(call, here) and not ended(call.facts)
    return Bar.IN_PROGRESS if guarded else None


def answered(replies: Iterable[KeptReply], at: datetime) -> KeptReply | None:
    """Return the reply of an instant as it is answered: of danger where one that came later is; None without it."""
    later = [one for one in replies if one.at >= at]
    own = next((one for one in later if one.at == at), None)
    return own and replace(own, danger=any(one.danger for one in later))
