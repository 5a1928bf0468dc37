"""One's own phone at the desk: ask for a code, enter it, and have the text of a draft sent there as a test.

The desk's function may send nothing. It keeps a row, and leaves an order for `deliver`, as it does with answers. The
limits are counted before anything else, so a crash may cost a text of the day and never sends two.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.own_phone import Entry, OwnPhone, code_of, entered, hashed, with_text
from chalicelib.domain.desk.own_text import (
    CODE,
    CODES,
    MOST_SEGMENTS,
    TESTS,
    Allowance,
    Order,
    OwnText,
    stopped,
)
from chalicelib.domain.desk.session import Session
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.desk import LONGEST
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.desk import OwnPhonePorts
from chalicelib.ports.errors import Conflict, QueueUnavailable


class NotAsked(Exception):
    """Nothing was sent; `why` is a word for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class To(Struct, frozen=True, kw_only=True):
    """Where a code goes, in which language, and under which name, which the form brings."""

    phone: str
    language: str
    name: str


class DraftText(Struct, frozen=True, kw_only=True):
    """The text of a draft for a made-up call: its kind, language and words, without the mark."""

    kind: str
    language: str
    body: str


def ask_code(ports: OwnPhonePorts, session: Session, to: To, agency: Agency, now: datetime) -> None:
    """Have a code sent to a phone, which takes the place of any before. NotAsked, Conflict."""
    if ports.own_texts.find(agency.agency_id, to.name):
        return
    known = ports.sessions.own_phone(session.hash)
    _count(ports, session, agency, CODES, now)
    code = code_of(ports.chance())
    body = fill(ports.words(agency, to.language)["own_phone"][CODE], {"agency": agency.short_name, "code": code})
    lock = hashed(ports.code_secret, session.hash, to.name, code)
    version = known.version if known else 0
    _keep(ports, session, OwnPhone(phone=to.phone, code=to.name, code_hash=lock, asked_at=now, version=version))
    _send(ports, _row(agency, to.name, CODE, to.language, body, now), to.phone, body)


def read_code(ports: OwnPhonePorts, session: Session, typed: str, now: datetime) -> Entry:
    """Return what a code is that somebody typed, and write nothing: a right one is noted before it counts."""
    known = ports.sessions.own_phone(session.hash)
    return entered(known, typed, ports.code_secret, session.hash, now).what


@again_on_conflict()
def enter_code(ports: OwnPhonePorts, session: Session, typed: str, now: datetime) -> Entry:
    """Take a code that somebody typed: a right one proves the phone, a wrong one is counted. Busy."""
    known = ports.sessions.own_phone(session.hash)
    found = entered(known, typed, ports.code_secret, session.hash, now)
    if found.after is not None and found.after != known:
        _keep(ports, session, found.after)
    return found.what


def send_test(
    ports: OwnPhonePorts, session: Session, name: str, text: DraftText, agency: Agency, now: datetime
) -> None:
    """Have a test text sent to the phone that is proven in this session. NotAsked, Conflict."""
    known = ports.sessions.own_phone(session.hash)
    if known is None or known.proven_at is None:
        raise NotAsked("not_proven")
    body = marked(text, agency, ports)
    if segment_count(body) > MOST_SEGMENTS:
        raise NotAsked("too_long")
    if ports.own_texts.find(agency.agency_id, name):
        return
    _count(ports, session, agency, TESTS, now)
    _keep(ports, session, with_text(known, name))
    _send(ports, _row(agency, name, text.kind, text.language, body, now), known.phone, body)


def marked(text: DraftText, agency: Agency, ports: OwnPhonePorts) -> str:
    """Return the words of a test as they go: with the mark and the agency's name in front, in their language."""
    mark = fill(ports.words(agency, text.language)["own_phone"]["test"], {"agency": agency.short_name})
    return f"{mark} {text.body}"


def _count(ports: OwnPhonePorts, session: Session, agency: Agency, allowed: Allowance, now: datetime) -> None:
    """Count one text against the day's limits, where no pause holds it. NotAsked, Conflict."""
    if stopped(ports.settings.conditions(agency.agency_id)):
        raise NotAsked("paused")
    who, day = (session.issuer, session.subject), agency.day(now)
    if not ports.sessions.count_own_text(agency.agency_id, who, day, allowed):
        raise NotAsked("too_many")


def _keep(ports: OwnPhonePorts, session: Session, phone: OwnPhone) -> OwnPhone:
    return ports.sessions.put_own_phone(session.hash, phone, session.began_at + LONGEST)


def _row(agency: Agency, name: str, what: str, language: str, body: str, now: datetime) -> OwnText:
    return OwnText(
        agency_id=agency.agency_id,
        name=name,
        what=what,
        language=language,
        segments=segment_count(body),
        asked_at=now,
        settings_version=agency.version,
    )


def _send(ports: OwnPhonePorts, row: OwnText, phone: str, body: str) -> None:
    """Keep a text's row, and leave the order. NotAsked where the queue did not take it, so that it never goes."""
    if not ports.own_texts.add(row):  # the same form, pressed twice at once
        return
    try:
        ports.queue.order(Order(agency_id=row.agency_id, name=row.name, phone=phone, body=body))
    except QueueUnavailable as problem:
        _give_up(ports, replace(row, version=1))
        raise NotAsked("no_queue") from problem


def _give_up(ports: OwnPhonePorts, row: OwnText) -> None:
    """End a row whose order was perhaps not taken; one that `deliver` has by now goes its way."""
    try:
        ports.own_texts.put(row.moved(State.FAILED, "no_queue"))
    except Conflict:
        return
