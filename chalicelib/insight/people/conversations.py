"""Conversations as the desk shows them: a list without persons, and one person's thread with what we sent before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.notifications.notification import GONE, Notification
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.people.canned import Canned, Said
from chalicelib.domain.people.reply import KeptReply
from chalicelib.domain.people.talk import Bar, answered, bar
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.people.converse import language_for, say
from chalicelib.flow.people.standing import Found, standing_of
from chalicelib.insight.mask import Mask
from chalicelib.ports.world import Ports

_LAST = datetime.max.replace(tzinfo=UTC)
MOST_ROWS, MOST_UNREAD, MOST_REPLIES = 30, 20, 20


class Talk(Struct, frozen=True, kw_only=True):
    """One person's conversation in a list: the latest reply, how many are shown, and whether any is unread."""

    latest: KeptReply
    count: int
    unread_since: datetime | None
    danger: bool


class Talks(Struct, frozen=True):
    """A page of conversations; `after` asks for the next."""

    found: tuple[Talk, ...]
    after: str


class Line(Struct, frozen=True, kw_only=True):
    """One line of a thread: a reply, a text or email of ours, or an answer; the others are None."""

    at: datetime
    reply: KeptReply | None = None
    sent: Notification | None = None
    answer: Canned | None = None
    words: str = ""


class Thread(Struct, frozen=True, kw_only=True):
    """A person's conversation. `bar` is why nobody may answer now; `choices` are the answers as they would go.

    `told_at` is when they will be told that nobody has read it.
    """

    keyed_hash: str
    lines: tuple[Line, ...]
    replies: tuple[KeptReply, ...]
    answers: tuple[Canned, ...]
    bar: Bar | None
    choices: tuple[tuple[str, Said], ...]
    called: str
    told_at: datetime | None

    @property
    def latest(self) -> KeptReply:
        """Return the reply that an answer is to."""
        return self.replies[-1]

    @property
    def given(self) -> frozenset[str]:
        """Return the answers that the latest reply got already: each goes once."""
        return frozenset(row.key.name for row in self.answers if row.key.reply_at == self.latest.at)

    @property
    def unread(self) -> tuple[KeptReply, ...]:
        """Return the replies that nobody has seen."""
        return tuple(one for one in self.replies if one.seen_at is None)


def list_talks(ports: Ports, agency: Agency, after: str = "") -> Talks:
    """Return conversations: danger first, then what is unread, the first first, then the rest, the latest first."""
    page = ports.conversations.page(agency.agency_id, MOST_ROWS, after)
    found = {(one.at, one.keyed_hash): one for one in page.found}
    waiting = ports.conversations.unread(agency.agency_id, MOST_UNREAD) if not after else ()
    for one in waiting:
        place = one.reply_at, one.keyed_hash
        reply = found.get(place) or ports.conversations.reply(agency.agency_id, one.keyed_hash, one.reply_at)
        if reply:
            found[place] = reply
    return Talks(in_order(found.values()), page.after)


def in_order(replies: Iterable[KeptReply]) -> tuple[Talk, ...]:
    """Return the conversations of replies in the order in which somebody should look at them."""
    by_person: defaultdict[str, list[KeptReply]] = defaultdict(list)
    for one in sorted(replies, key=lambda one: one.at):
        by_person[one.keyed_hash].append(one)
    talks = [_talk(each) for each in by_person.values()]
    talks.sort(key=lambda one: one.latest.at, reverse=True)
    talks.sort(key=lambda one: (not one.danger, one.unread_since is None, one.unread_since or _LAST))
    return tuple(talks)


def read_thread(ports: Ports, agency: Agency, keyed_hash: str, at: datetime | None, now: datetime) -> Thread | None:
    """Return a person's thread; None where they texted nothing that is kept. Unreadable."""
    exchange = ports.conversations.of(agency.agency_id, keyed_hash, MOST_REPLIES, at)
    if not exchange.replies:
        return None
    found = standing_of(agency, keyed_hash, ports, now)
    latest = exchange.replies[-1]
    answers = tuple(sorted(exchange.answers.values(), key=lambda row: (row.created_at, row.key)))
    lines = (*_heard(exchange.replies), *_sent(found), *map(_answer, filter(_is_shown, answers)))
    language = language_for(agency, found, latest)
    choices = ((name, say(agency, name, language)) for name in agency.conversation.answers)
    return Thread(
        keyed_hash=keyed_hash,
        lines=tuple(sorted(lines, key=lambda line: line.at)),
        replies=exchange.replies,
        answers=answers,
        bar=bar(found.standing, answered(exchange.replies, latest.at) or latest, agency, now),
        choices=tuple((name, said) for name, said in choices if said),
        called=latest.called or latest.incident_number,
        told_at=min((row.send_at for row in answers if row.awaits and row.by_itself), default=None),
    )


def _talk(replies: list[KeptReply]) -> Talk:
    unread = [one for one in replies if one.seen_at is None]
    return Talk(
        latest=replies[-1],
        count=len(replies),
        unread_since=min((one.at for one in unread), default=None),
        danger=any(one.danger for one in unread),
    )


def _heard(replies: Iterable[KeptReply]) -> Iterator[Line]:
    mask = Mask()
    return (Line(at=one.at, reply=one, words=mask.text(one.words)) for one in replies)


def _sent(found: Found) -> Iterator[Line]:
    """Yield what went to the person about their calls, or may have gone; a body marks where links and codes were."""
    mask = Mask()
    theirs = {found.standing.phone, *found.elsewhere} - {""}
    for record in found.records:
        for row in _rows(record, theirs):
            if row.sent_at and row.state in GONE:
                yield Line(at=row.sent_at, sent=row, words=mask.text(row.body) if row.channel == "email" else row.body)


def _rows(record: IncidentRecord, theirs: set[str]) -> Iterator[Notification]:
    return (row for row in record.rows.values() if theirs & {row.address, *row.addresses})


def _is_shown(row: Canned) -> bool:
    """Tell whether an answer is a line: what would say that nobody has read a reply is none before it was tried."""
    return row.tried or not row.by_itself


def _answer(row: Canned) -> Line:
    return Line(at=row.at, answer=row, words=row.body)


def without_digits(reply: KeptReply) -> KeptReply:
    """Return a reply as a list may have it: without its words."""
    return replace(reply, words="")
