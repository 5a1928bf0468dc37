"""When a role's mailboxes are told of what waits, and what: counts by cause, as on Now, and nobody in it. Pure.

Once a day, or when a cause begins to wait of which they were not told. A storm of one cause is one email.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.paging import MailBook, Mailed
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.desk.taking import may_know, may_take
from chalicelib.domain.settings.waiting_mail import WaitingMail

APART = timedelta(minutes=15)
"""The least time between two emails to a role."""


class Letter(Struct, frozen=True, kw_only=True):
    """An email to a role's mailboxes: how many things wait, by cause, the gravest first, and how many comments."""

    role: Role
    boxes: tuple[str, ...]
    counts: tuple[tuple[Cause, int], ...]
    comments: int = 0


def due_letters(
    waiting: Iterable[Waiting], mail: WaitingMail, book: MailBook, now: datetime, zone: tzinfo, comments: int = 0
) -> tuple[tuple[Letter, ...], MailBook]:
    """Return the emails that are due, and the memory once they are sent.

    `comments` is how many wait to be read. They are in the daily email of those who read them, and hurry nobody.
    """
    things = [one for one in waiting if one.waits(now)]
    letters, after = list[Letter](), dict[Role, Mailed]()
    for role, boxes in mail.to.items():
        known, counts = book.get(role, Mailed()), tuple(_counts(things, role))
        causes, unread = frozenset(cause for cause, _ in counts), comments if counts_comments(mail, role) else 0
        if (counts or unread) and _is_due(causes, mail, known, now, zone):
            letters.append(Letter(role=role, boxes=boxes, counts=counts, comments=unread))
            known = Mailed(now, causes)
        after[role] = Mailed(known.at, known.causes & causes)
    return tuple(letters), after


def counts_comments(mail: WaitingMail, role: Role) -> bool:
    """Tell whether an email to a role says how many comments wait to be read."""
    return mail.when == "daily" and Permission.COMMENTS_READ in BUNDLES[role]


def _counts(things: Iterable[Waiting], role: Role) -> Iterator[tuple[Cause, int]]:
    """Yield how many things wait for a role, by cause; what counts texts or values itself counts so many."""
    may = BUNDLES[role]
    found = Counter[Cause]()
    for one in things:
        if may_know(one, may) and may_take(one, may):
            found[one.cause] += 1
    return ((cause, found[cause]) for cause in Cause if found[cause])


def _is_due(causes: frozenset[Cause], mail: WaitingMail, known: Mailed, now: datetime, zone: tzinfo) -> bool:
    if mail.when == "at_once":
        fresh = known.at is None or not timedelta() <= now - known.at < APART
        return fresh and not causes <= known.causes
    return mail.when == "daily" and _is_day(mail, known, now, zone)


def _is_day(mail: WaitingMail, known: Mailed, now: datetime, zone: tzinfo) -> bool:
    """Tell whether the hour of the day has come of which nobody was told; a day without that hour has the next one."""
    local = now.astimezone(zone)
    told_on = known.at.astimezone(zone) if known.at else None
    hour = datetime.combine(local.date(), mail.at)
    return local.replace(tzinfo=None) >= hour and (told_on is None or told_on.replace(tzinfo=None) < hour)
