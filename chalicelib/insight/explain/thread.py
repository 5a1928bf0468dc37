"""The phone as its person saw it: the messages about a call in the order in which they came, phone by phone.

What tenfour answered to a text of theirs is among it: it is read from the conversation of each phone that was texted.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from msgspec import Struct

from chalicelib.domain.incidents.duplicates import people
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.people.canned import Canned, of_a_call
from chalicelib.insight.explain.moment import Moment
from chalicelib.insight.explain.story import Explained
from chalicelib.insight.mask import Mask
from chalicelib.ports.world import Ports

MOST_PHONES = 20
"""Phones of a call whose conversations are read for its page, one Query each."""

_NEVER_WENT = frozenset({"suppressed", "scheduled"})

Owner = tuple[str, str]
"""Whose a phone or email is, and the address as it may be shown."""

Said = Mapping[Owner, Sequence[Canned]]
"""The answers to what was texted from each phone."""


class Bubble(Struct, frozen=True, kw_only=True):
    """One message to a person, or one that they wrote: then `theirs`, and empty where it is hidden.

    `answer` is one that answered a text of theirs: by itself where it is `automatic`.
    """

    at: datetime
    kind: str
    text: str
    state: str = ""
    theirs: bool = False
    answer: bool = False
    automatic: bool = False
    language: str = ""


class Thread(Struct, frozen=True):
    """One phone or email, as it may be shown, and whose it is."""

    who: str
    address: str
    bubbles: tuple[Bubble, ...]


def threads_of(told: Explained, said: Said | None = None) -> tuple[Thread, ...]:
    """Return a call's messages as each phone or email got them; what never went is on none."""
    found: dict[Owner, list[Bubble]] = {}
    owners: dict[str, Owner] = {}
    for one in told.moments:
        if _went(one):
            owners[one.recipient] = one.who, one.address
            bubble = Bubble(at=one.at, kind=one.about, text=one.text, state=_last(told, one), language=one.language)
            found.setdefault((one.who, one.address), []).append(bubble)
        elif one.what == "answered" and one.recipient in owners:
            found[owners[one.recipient]].append(Bubble(at=one.at, kind=one.about, text=one.text, theirs=True))
    for owner, rows in (said or {}).items():
        found[owner] += map(_answer, of_a_call(rows, found[owner][0].at, max(one.at for one in found[owner])))
    return tuple(Thread(*owner, tuple(sorted(bubbles, key=_at))) for owner, bubbles in found.items())


def answers_of(ports: Ports, incident: Incident, told: Explained, mask: Mask) -> Said:
    """Return what was answered to the phones that a call's texts reached, of the first 20; `mask` is the story's."""
    firsts: dict[tuple[str, Owner], datetime] = {}
    for one in told.moments:
        if _went(one):
            firsts.setdefault((one.recipient, (one.who, one.address)), one.at)
    read: dict[Owner, Sequence[Canned]] = {}
    for phone, owner, first in islice(_phones(incident, firsts, mask), MOST_PHONES):
        keyed_hash = ports.contacts.reference(phone).keyed_hash
        read[owner] = ports.conversations.answers(incident.agency_id, keyed_hash, first)
    return read


def _phones(
    incident: Incident, firsts: Mapping[tuple[str, Owner], datetime], mask: Mask
) -> Iterator[tuple[str, Owner, datetime]]:
    """Yield each phone that was texted, with its owner and its first text."""
    parties = incident.everyone | people(incident.followers)
    for (recipient, owner), first in firsts.items():
        party = parties.get(recipient)
        known = sorted(party.addresses | party.ever_at) if party else ()
        yield from ((one, owner, first) for one in known if "@" not in one and mask.address(one) == owner[1])


def _went(one: Moment) -> bool:
    return bool(one.kind and one.text and one.address and one.state not in _NEVER_WENT)


def _answer(row: Canned) -> Bubble:
    return Bubble(
        at=row.at,
        kind="",
        text=row.body,
        state=row.state,
        answer=True,
        automatic=row.automatic,
        language=row.language,
    )


def _at(one: Bubble) -> datetime:
    return one.at


def _last(told: Explained, sent: Moment) -> str:
    """Return what became of a message at last."""
    same = [one.state for one in told.moments if (one.about, one.recipient) == (sent.about, sent.recipient)]
    return next((state for state in reversed(same) if state), sent.state)
