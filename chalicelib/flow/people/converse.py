"""Converse: a reply that people are to read begins to wait for somebody, and is answered by a text of the settings.

Each text that will go is a row: the one which says that nobody has read the reply yet is written with the reply, and is
due a quarter of an hour later, or at once where nobody watches. Whoever sees the reply before takes its reason away.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from math import ceil

from msgspec.structs import replace

from chalicelib.domain.incidents.identity import called
from chalicelib.domain.language import choose_language
from chalicelib.domain.notifications.render import Unrenderable, fill
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.people.canned import Canned, CannedKey, Said, answer_row
from chalicelib.domain.people.reply import KeptReply, Reply, kept_reply, language_of
from chalicelib.domain.people.talk import bar
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.conversation import NOT_READ
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.people.standing import Found, latest_of, standing_of
from chalicelib.ports.errors import QueueUnavailable, Unreadable
from chalicelib.ports.world import Ports


@again_on_conflict()
def begin(reply: Reply, agency: Agency, ports: Ports, keep_until: datetime | None, *, danger: bool) -> bool:
    """Let a reply that was kept wait for somebody, where conversations are on. Busy.

    Return whether its sender will be told that nobody has read it, unless somebody does. Words of danger wait as
    danger: their answer says to call 911.
    """
    if not agency.converses:
        return False
    keyed_hash = ports.contacts.reference(reply.sender).keyed_hash
    try:
        found: Found | None = standing_of(agency, keyed_hash, ports, reply.at)
    except Unreadable:  # it waits for somebody all the same
        found = None
    kept = _kept(reply, keyed_hash, found, danger=danger)
    waits_from = None if danger else agency.conversation.waits_from(reply.at, agency.zone)
    ports.conversations.begin(agency.agency_id, kept, keep_until, waits_from)
    return found is not None and _promise(kept, found, agency, ports, keep_until)


def _kept(reply: Reply, keyed_hash: str, found: Found | None, *, danger: bool) -> KeptReply:
    call = latest_of(found) if found else None
    return replace(
        kept_reply(reply, keyed_hash, danger=danger),
        incident_number=call.incident_number if call else "",
        called=called(call) if call else "",
    )


def _promise(reply: KeptReply, found: Found, agency: Agency, ports: Ports, keep_until: datetime | None) -> bool:
    """Keep the row that will say that nobody has read a reply; False where that may not be said, or in no words."""
    said = say(agency, NOT_READ, language_for(agency, found, reply))
    if said is None or bar(found.standing, reply, agency, reply.at, by_itself=True):
        return False
    key = CannedKey(agency.agency_id, reply.keyed_hash, reply.at, NOT_READ)
    send_at = agency.conversation.not_read_at(reply.at, agency.zone)
    ports.conversations.add(answer_row(key, said, "", reply.at, send_at, keep_until))
    if send_at == reply.at:
        _hint(key, ports)
    return True


def answer(
    reply: KeptReply, name: str, said: Said, by: str, agency: Agency, ports: Ports, now: datetime
) -> Canned | None:
    """Keep the answer that somebody pressed, due at once; None where another press was first. Conflict."""
    key = CannedKey(agency.agency_id, reply.keyed_hash, reply.at, name)
    under_hold = reply.keyed_hash in ports.settings.held(agency.agency_id)
    row = answer_row(key, said, by, now, now, None if under_hold else now + agency.retention.history)
    if not ports.conversations.add(row):
        return None
    _hint(key, ports)
    return row


def _hint(key: CannedKey, ports: Ports) -> None:
    """Leave a hint; without it the sweep finds the answer within a minute."""
    with suppress(QueueUnavailable):
        ports.queue.hint_answer(key, 0)


def say(agency: Agency, name: str, language: str) -> Said | None:
    """Return a text of the settings in a language, filled in; None where there is none that can be said."""
    words = agency.conversation.words(name)
    chosen = language if language in words else agency.language
    source = next((text for known, text in words.items() if known == chosen), "")
    if not source:
        return None
    try:
        body = fill(source, fields(agency))
    except Unrenderable:
        return None
    return Said(body, chosen, segment_count(body), agency.version)


def fields(agency: Agency) -> Mapping[str, str]:
    """Return what the texts may fill in: the agency's own names, and nothing of a call or a person."""
    return {
        "agency": agency.short_name,
        "agency_name": agency.name,
        "non_emergency": agency.numbers.non_emergency,
    }


def language_for(agency: Agency, found: Found, reply: KeptReply) -> str:
    """Return the language in which somebody is answered: their own words', today's texts', else dispatch's word."""
    written = language_of(reply.words) or found.standing.contact.language
    return written if written in agency.spoken else choose_language(found.language, agency.spoken)


def hint_due(agency: Agency, ports: Ports, now: datetime, until: datetime) -> int:
    """Leave a hint for each answer that is due by then; return how many. QueueUnavailable."""
    due = list(ports.conversations.due(agency.agency_id, until))
    for key, at in due:
        ports.queue.hint_answer(key, max(0, ceil((at - now).total_seconds())))
    return len(due)
