"""Going live as a list of what is done and what is not: for the agency, for each kind, for each type. Pure.

Nothing here sends or holds anything back: two people publish `mode = "live"`, and read this list before.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.drill import Drills
from chalicelib.domain.desk.signed import Signatures, Signed, Signer, Subject, counts, moved
from chalicelib.domain.desk.to_sign import (
    Listed,
    Templates,
    advocate,
    campaign,
    counsel,
    judged,
    kinds_of,
    stop,
    types_of,
    words,
)
from chalicelib.domain.incidents.feed_health import MANY_REJECTED, FeedBook, FeedHeard, watch
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import is_pattern
from chalicelib.domain.settings.watchers import NEVER_PAGES, short_name

WEEK = timedelta(days=7)


class What(StrEnum):
    """What must be done, in the order in which it is read."""

    FEED = "feed"
    WATCHED = "watched"
    DRILLED = "drilled"
    STOP = "stop"
    ADVOCATE = "advocate"
    COUNSEL = "counsel"
    CAMPAIGN = "campaign"
    WORDS = "words"
    JUDGED = "judged"
    SIGNED = "signed"


class Item(Struct, frozen=True, kw_only=True):
    """One thing to do. `about` is a cause of `watched` and `drilled`, or a signer of `signed`.

    `moved` says that it was signed, and says something else since. `days` is how long a feed is known, `percent` how
    much of what it sends was refused, `names` who judged.
    """

    what: What
    done: bool
    about: Cause | Signer | None = None
    subject: Subject | None = None
    signed: Signed | None = None
    moved: bool = False
    days: int = 0
    percent: int = 0
    names: tuple[str, ...] = ()


class OfKind(Struct, frozen=True, kw_only=True):
    """What must be done for a kind, and whether it is live."""

    kind: Kind
    live: bool
    items: tuple[Item, ...]


class OfType(Struct, frozen=True, kw_only=True):
    """What must be done for a type, and whether it is live."""

    listed: Listed
    live: bool
    items: tuple[Item, ...]


class GoingLive(Struct, frozen=True, kw_only=True):
    """The whole list; `live` tells whether the agency is."""

    live: bool
    agency: tuple[Item, ...]
    kinds: tuple[OfKind, ...]
    types: tuple[OfType, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return everything that must be done."""
        of_kinds = (item for kind in self.kinds for item in kind.items)
        of_types = (item for one in self.types for item in one.items)
        return (*self.agency, *of_kinds, *of_types)

    @property
    def done(self) -> int:
        """Return how much of it is done."""
        return sum(item.done for item in self.items)


class Known(Struct, frozen=True, kw_only=True):
    """What is stored: the last drills, how the feed does, and the signatures."""

    drills: Drills
    heard: FeedHeard
    book: FeedBook | None
    signatures: Signatures


def going_live(agency: Agency, templates: Templates, known: Known, now: datetime) -> GoingLive:
    """Return what must be done before texts go, and what of it is done."""
    by_hand = (stop(agency),) if "sms" in agency.channels else ()
    subjects = (*by_hand, advocate(agency, templates), counsel(agency))
    signed = (_by_hand(What(one.name), one, known.signatures, now) for one in subjects)
    return GoingLive(
        live=agency.mode == "live",
        agency=(_feed(known, now), *_watching(agency, known.drills), *signed),
        kinds=tuple(_of_kind(kind, agency, templates, known.signatures, now) for kind in kinds_of(agency)),
        types=tuple(_of_type(one, agency, known.signatures, now) for one in types_of(agency, templates)),
    )


def needed(agency: Agency) -> Iterator[Cause]:
    """Yield what somebody must watch: replies only where people are answered."""
    for cause in Cause:
        if cause not in NEVER_PAGES and (cause is not Cause.REPLY or agency.conversation.answers):
            yield cause


def _feed(known: Known, now: datetime) -> Item:
    tally, book = known.heard.tally, known.book
    percent = -(-100 * tally.rejected // tally.updates) if tally.updates else 0
    days = (now - book.since).days if book and known.heard.told_at else 0
    calm = known.heard.told_at is not None and not watch(book, known.heard, now)[1]
    return Item(
        what=What.FEED,
        done=calm and days >= WEEK.days and percent < MANY_REJECTED,
        days=days,
        percent=percent,
    )


def _watching(agency: Agency, drills: Drills) -> Iterator[Item]:
    for cause in needed(agency):
        watchers = agency.watchers.get(cause)
        yield Item(what=What.WATCHED, about=cause, done=watchers is not None)
        if watchers is not None:
            both = (watchers.first, watchers.second)
            yield Item(what=What.DRILLED, about=cause, done=all(_reached(drills, address) for address in both))


def _reached(drills: Drills, address: str) -> bool:
    drill = drills.get(short_name(address))
    return drill is not None and drill.reached_at is not None


def _by_hand(what: What, subject: Subject, known: Signatures, now: datetime, about: Signer | None = None) -> Item:
    one = counts(subject, known, now)
    return Item(what=what, about=about, done=one is not None, subject=subject, signed=one, moved=moved(subject, known))


def _of_kind(kind: Kind, agency: Agency, templates: Templates, known: Signatures, now: datetime) -> OfKind:
    live = agency.mode == "live" and kind not in agency.shadow_kinds
    texted = (campaign(agency, kind),) if "sms" in agency.channels else ()
    registered = [_by_hand(What.CAMPAIGN, one, known, now) for one in texted]
    read = _by_hand(What.WORDS, words(agency, kind, templates), known, now)
    return OfKind(kind=kind, live=live, items=(*registered, read))


def _of_type(listed: Listed, agency: Agency, known: Signatures, now: datetime) -> OfType:
    live = agency.mode == "live" and listed.rule.mode != "shadow"
    signatures = (_by_hand(What.SIGNED, listed.subject(signer), known, now, signer) for signer in Signer)
    return OfType(listed=listed, live=live, items=(_judged(listed, agency), *signatures))


def _judged(listed: Listed, agency: Agency) -> Item:
    """Return whether two people judged each code of a type; of patterns alone, some code that fits them."""
    found = judged(listed.rule, agency)
    exact = [code for code in listed.rule.codes if not is_pattern(code)]
    done = all(map(agency.judgements.knows, exact)) if exact else bool(found)
    names = dict.fromkeys(name for one in found for name in one.judged_by)
    return Item(what=What.JUDGED, done=done, names=tuple(names))
