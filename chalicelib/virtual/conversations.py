"""Conversations in memory."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.people.canned import Canned, CannedKey
from chalicelib.domain.people.consent import Reference
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import KeptReply
from chalicelib.ports.conversations import CannedClaim, Exchange, RepliesPage, Unread
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.incidents import MemoryIncidents
from chalicelib.virtual.people import MemoryContacts

Place = tuple[str, datetime, str]


class MemoryConversations:
    """The port `Conversations`, over the replies that the contacts keep."""

    def __init__(self, contacts: MemoryContacts, incidents: MemoryIncidents) -> None:
        self._contacts, self._incidents = contacts, incidents
        self._begun: set[Place] = set()
        self._waits: dict[Place, datetime] = {}
        self._rows: dict[CannedKey, Canned] = {}

    def begin(self, agency_id: str, kept: KeptReply, keep_until: datetime | None, waits_from: datetime | None) -> None:
        """Put a kept reply into its person's conversation."""
        place = agency_id, kept.at, kept.keyed_hash
        known = self._contacts.kept_replies.get(place)
        seen = (known.seen_by, known.seen_at) if known else ("", None)
        self._contacts.kept_replies[place] = replace(kept, seen_by=seen[0], seen_at=seen[1])
        if waits_from and place not in self._begun:
            self._waits[place] = waits_from
        self._begun.add(place)

    def page(self, agency_id: str, most: int, after: str = "") -> RepliesPage:
        """Return replies of all people, the latest first."""
        every = self._contacts.replies(agency_id)
        began = next((number + 1 for number, one in enumerate(every) if _place(one) == after), 0)
        found = every[began : began + most]
        return RepliesPage(tuple(found), _place(found[-1]) if len(every) > began + most else "")

    def of(self, agency_id: str, keyed_hash: str, most: int, also: datetime | None = None) -> Exchange:
        """Return the latest replies of one person and the answers."""
        places = sorted(place for place in self._begun if (place[0], place[2]) == (agency_id, keyed_hash))[-most:]
        wanted = sorted({*places, *([(agency_id, also, keyed_hash)] if also else [])})
        replies = tuple(self._contacts.kept_replies[place] for place in wanted if place in self._contacts.kept_replies)
        return Exchange(
            replies,
            {key: row for key, row in self._rows.items() if (key.agency_id, key.keyed_hash) == (agency_id, keyed_hash)},
        )

    def reply(self, agency_id: str, keyed_hash: str, at: datetime) -> KeptReply | None:
        """Return one reply."""
        return self._contacts.kept_replies.get((agency_id, at, keyed_hash))

    def unread(self, agency_id: str, most: int) -> tuple[Unread, ...]:
        """Return replies that nobody has seen, the first first."""
        found = sorted((place[1], place[2], since) for place, since in self._waits.items() if place[0] == agency_id)
        return tuple(Unread(since, at, keyed_hash) for at, keyed_hash, since in found[:most])

    def see(self, agency_id: str, keyed_hash: str, replies: Iterable[datetime], by: str, at: datetime) -> int:
        """Note that somebody has seen replies; return how many nobody had seen before."""
        fresh = 0
        for reply_at in sorted(set(replies)):
            place = agency_id, reply_at, keyed_hash
            known = self._contacts.kept_replies.get(place)
            self._waits.pop(place, None)
            if known and known.seen_at is None:
                self._contacts.kept_replies[place] = replace(known, seen_by=by, seen_at=at)
                fresh += 1
        return fresh

    def add(self, row: Canned) -> bool:
        """Keep a new answer; False where it is there already."""
        if row.key in self._rows:
            return False
        self._rows[row.key] = replace(row, version=1)
        return True

    def keep(self, row: Canned) -> None:
        """Keep an answer that is finished."""
        self._rows[row.key] = replace(row, version=1)

    def answers(self, agency_id: str, keyed_hash: str, since: datetime) -> tuple[Canned, ...]:
        """Return the answers to what one person texted since an instant."""
        ours = (
            row for key, row in sorted(self._rows.items()) if (key.agency_id, key.keyed_hash) == (agency_id, keyed_hash)
        )
        return tuple(row for row in ours if row.key.reply_at >= since)

    def put(self, row: Canned) -> Canned:
        """Write an answer over the version that it was read as; Conflict."""
        if self._rows[row.key].version != row.version:
            raise Conflict
        self._rows[row.key] = replace(row, version=row.version + 1)
        return self._rows[row.key]

    def claim(self, row: Canned, claim: CannedClaim) -> Canned:
        """Write an answer as claimed; Conflict where anything that it was decided on has changed."""
        key = row.key
        reply = self._contacts.kept_replies.get((key.agency_id, key.reply_at, key.keyed_hash))
        contact = self._contacts.load(key.agency_id, Reference(key.keyed_hash), claim.day)
        for address in claim.elsewhere:
            contact = contact.also(self._contacts.load(key.agency_id, address, claim.day))
        moved = any(self._incidents.load(one).version != version for one, version in claim.decided_on)
        stopped = contact.bounced or contact.opted_out is OptOutScope.ALL or contact.silent(claim.at)
        full = claim.counts and claim.cap and contact.sent_today >= claim.cap
        gone = reply is None or (row.by_itself and reply.seen_at is not None)
        if moved or stopped or full or gone:
            raise Conflict
        claimed = self.put(row)
        if claim.counts:
            self._contacts.count(key.agency_id, claim.phone, claim.day)
        return claimed

    def due(self, agency_id: str, until: datetime) -> list[tuple[CannedKey, datetime]]:
        """Return each answer that must be looked at by then."""
        ours = (row for key, row in sorted(self._rows.items()) if key.agency_id == agency_id)
        return [(row.key, row.send_at) for row in ours if row.awaits and row.send_at <= until]


def _place(one: KeptReply) -> str:
    return f"reply#{one.at.isoformat()}#{one.keyed_hash}"
