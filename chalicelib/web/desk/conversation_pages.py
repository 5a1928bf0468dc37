"""Conversations: what people texted back, who has seen it, and an answer of the settings' own words by one press."""

import hashlib
import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.boundary import report
from chalicelib.domain.ledger.noted import person as about_person
from chalicelib.domain.ledger.what import What
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.people.talk import Bar
from chalicelib.domain.settings.hours import ALL_DAY
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.asked_why import NONE_YET
from chalicelib.web.desk.looks import looked
from chalicelib.web.desk.noting import as_it_was, author, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import still_paged
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import reason_words

if TYPE_CHECKING:
    from chalicelib.domain.people.canned import Canned, Said
    from chalicelib.insight.people.conversations import Thread

_KEYED = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"reply#[0-9TZ:.+-]{1,40}#[0-9a-f]{64}")


def conversations(visit: Visit) -> Answer:
    """List conversations by call, age and state; no words and no person."""
    from chalicelib.insight.people.conversations import list_talks, without_digits

    after = visit.asked.query.get("after", "")
    talks = list_talks(visit.world, visit.ours, after if _PLACE.fullmatch(after) else "")
    return page(
        visit,
        "conversations.html",
        title=visit.say("conversations.title"),
        talks=talks,
        bare=without_digits,
        rules=visit.ours.conversation,
        on=visit.ours.converses,
        all_day=visit.ours.conversation.hours == ALL_DAY,
        late=lambda at: visit.ours.conversation.waits_from(at, visit.ours.zone) <= visit.now,
        pauses=standing(visit),
    )


def conversation(visit: Visit) -> Answer:
    """Show one person's thread; the look is noted before a word of it is read."""
    asked = visit.asked.query
    return _shown(visit, asked.get("with", ""), _instant(asked.get("at", "")))


def see(visit: Visit) -> Answer:
    """Mark as read what was on the page. What came since stays unread.

    It is noted first: nobody is paged of what was read, and its writer is not told that nobody has read it.
    """
    keyed_hash, upto = visit.asked.form.get("with", ""), _instant(visit.asked.form.get("at", ""))
    thread = _named(visit, keyed_hash, upto)
    if thread is None or upto is None:
        return _gone(visit)
    shown = [one.at for one in thread.unread if one.at <= upto]
    act = partial(_mark, visit, keyed_hash, shown) if shown else as_it_was
    try:
        noted(visit, What.SAW_REPLIES, about_person(keyed_hash), act)
    except NotNoted as unnoted:
        return still_paged(visit, unnoted)
    return _back(visit, thread)


def reply(visit: Visit) -> Answer:
    """Send one answer of the settings, as it was shown; whatever changed since is said instead, and nothing goes."""
    form = visit.asked.form
    keyed_hash, upto = form.get("with", ""), _instant(form.get("at", ""))
    thread = _named(visit, keyed_hash, upto)
    if thread is None:
        return _gone(visit)
    name, _, mark = form.get("answer", "").partition(":")
    said = dict(thread.choices).get(name)
    problem = _problem(visit, thread, said, mark)
    if problem or said is None:
        return _shown(visit, keyed_hash, upto, problem, 409, name)
    try:
        row = noted(visit, What.ANSWERED, about_person(keyed_hash), partial(_press, visit, thread, name, said))
    except NotNoted as unnoted:
        report(unnoted, "note an answer")
        return _shown(visit, keyed_hash, upto, visit.say("conversation.unnoted"), 503, name)
    if row is None:
        return _shown(visit, keyed_hash, upto, visit.say("conversation.first"), 409)
    return _back(visit, thread)


def _press(visit: Visit, thread: "Thread", name: str, said: "Said") -> "Canned | None":
    """Keep the answer, and that what it answers was read; None where somebody else pressed the same before."""
    from chalicelib.flow.people.converse import answer

    row = answer(thread.latest, name, said, author(visit.person), visit.ours, visit.world, visit.now)
    _mark(visit, thread.keyed_hash, [one.at for one in thread.unread])
    return row


def _mark(visit: Visit, keyed_hash: str, replies: list[datetime]) -> None:
    who = author(visit.person)
    visit.world.conversations.see(visit.ours.agency_id, keyed_hash, replies, who, visit.now)


def _problem(visit: Visit, thread: "Thread", said: "Said | None", mark: str) -> str:
    """Return why an answer is not sent, or nothing: it was not chosen, or the page is older than what is so now."""
    if said is None:
        return visit.say("conversation.choose")
    if thread.latest.at > (_instant(visit.asked.form.get("at", "")) or thread.latest.at):
        return visit.say("conversation.wrote_since")
    loaded = _instant(visit.asked.form.get("loaded", ""))
    since = [one for one in thread.answers if one.by and (loaded is None or one.created_at > loaded)]
    if since:
        return visit.say("conversation.answered_since")
    if mark_of(said) != mark:
        return visit.say("conversation.changed")
    return visit.say(f"conversation.bar_{thread.bar}") if thread.bar else ""


def mark_of(said: "Said") -> str:
    """Return by what a text that was shown is told from another."""
    return hashlib.sha256(said.body.encode()).hexdigest()[:12]


def _shown(
    visit: Visit, keyed_hash: str, at: datetime | None, problem: str = "", status: int = 200, chosen: str = ""
) -> Answer:
    if not _KEYED.fullmatch(keyed_hash):
        return _gone(visit)
    look = partial(_read, visit, keyed_hash, at, problem, status, chosen)
    return looked(visit, What.LOOKED, keyed_hash, NONE_YET, look)


def _read(visit: Visit, keyed_hash: str, at: datetime | None, problem: str, status: int, chosen: str) -> Answer:
    thread = _thread(visit, keyed_hash, at)
    if thread is None:
        return _gone(visit)
    return page(
        visit,
        "conversation.html",
        status,
        title=visit.say("conversation.title", digits=thread.latest.last_digits),
        thread=thread,
        problem=problem,
        chosen=chosen,
        why=visit.say(f"conversation.bar_{thread.bar}") if thread.bar else "",
        mark=mark_of,
        outcome=partial(_outcome, visit),
        pauses=standing(visit),
    )


def _named(visit: Visit, keyed_hash: str, upto: datetime | None) -> "Thread | None":
    """Return the thread that a form names; None where it names none."""
    return _thread(visit, keyed_hash, upto) if upto and _KEYED.fullmatch(keyed_hash) else None


def _thread(visit: Visit, keyed_hash: str, at: datetime | None) -> "Thread | None":
    from chalicelib.insight.people.conversations import read_thread

    return read_thread(visit.world, visit.ours, keyed_hash, at, visit.now)


def _outcome(visit: Visit, row: "Canned") -> str:
    """Return what became of an answer, in words."""
    if row.awaits and row.expires_at <= visit.now:
        return visit.say("conversation.went_no")
    if row.state == State.SCHEDULED and row.reason:
        return visit.say("conversation.waits")
    words = visit.say(f"conversation.went_{_WENT.get(row.state, 'no')}")
    if row.reason in _BARS:
        return f"{words} {visit.say(f'conversation.bar_{row.reason}')}"
    return f"{words} ({reason_words(visit, row.reason)})" if row.state is State.FAILED and row.reason else words


_WENT = {State.SCHEDULED: "soon", State.SENDING: "soon", State.SENT: "sent", State.UNKNOWN: "doubt"}
_BARS = frozenset(Bar)


def _gone(visit: Visit) -> Answer:
    return page(
        visit,
        "conversation_gone.html",
        404,
        title=visit.say("conversation.gone"),
        pauses=standing(visit),
    )


def _back(visit: Visit, thread: "Thread") -> Answer:
    """Lead to the thread again; its address has a keyed hash, and no phone."""
    at = thread.latest.at.isoformat().replace("+00:00", "Z")
    return moved(visit, f"/desk/{visit.ours.agency_id}/conversation?with={thread.keyed_hash}&at={at}")


def _instant(text: str) -> datetime | None:
    """Return an instant as our own pages write it; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
