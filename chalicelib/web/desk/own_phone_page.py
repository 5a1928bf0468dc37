"""Texts of a draft on one's own phone: a code proves the phone for this session, then each press sends one test."""

import secrets
import tomllib
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.domain.desk.drafts import Draft
from chalicelib.domain.desk.own_phone import Entry
from chalicelib.domain.desk.own_text import CODES, TESTS, OwnText, Shown, is_name, name_of, shown
from chalicelib.domain.ledger.what import What
from chalicelib.domain.notifications.segments import segment_count
from chalicelib.domain.phones import clean_phone
from chalicelib.flow.desk.own_phone import DraftText, NotAsked, To, ask_code, enter_code, marked, read_code, send_test
from chalicelib.web.desk.choice import UnknownChoice, choice
from chalicelib.web.desk.draft_page import found_draft
from chalicelib.web.desk.draft_pages import about
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.form_pages import Cell

_ACTS = ("code", "enter", "send")
_STATUS = {"paused": 409, "too_many": 429, "not_proven": 409, "too_long": 422, "no_queue": 503}


class Offered(Struct, frozen=True, kw_only=True):
    """A text that may be sent as a test: its cell, its words as they would go, and their segments."""

    cell: "Cell"
    text: DraftText
    body: str
    segments: int


def own_phone(visit: Visit) -> Answer:
    """Show the phone of this session, and the texts of a kind that may go there."""
    found = found_draft(visit, visit.asked.query.get("id", ""))
    return trouble(visit, "not_found") if found is None else _page(visit, found)


def change_own_phone(visit: Visit) -> Answer:
    """Send a code, take one, or send a test; what is pressed twice goes once."""
    form = visit.asked.form
    found = found_draft(visit, form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    act = choice(form, "act", _ACTS)
    try:
        refused = {"code": _ask, "enter": _enter, "send": _send}[act](visit, found)
    except NotAsked as problem:
        said = visit.say(f"own_phone_why.{problem.why}", codes=CODES.of_person, tests=TESTS.of_person)
        return _page(visit, found, said, _STATUS[problem.why])
    return _page(visit, found, refused, 422) if refused else _moved(visit, found)


def _ask(visit: Visit, found: Draft) -> str:
    """Have a code sent; return what is wrong with what was typed, or nothing."""
    number = clean_phone(visit.asked.form.get("phone", ""), visit.ours.country).number
    if number is None:
        return visit.say("own_phone.no_phone")
    to = To(phone=number, language=visit.language, name=_name(visit, number))
    act = partial(ask_code, visit.world, visit.person, to, visit.ours, visit.now)
    noted(visit, What.ASKED_CODE, about(found.id, "a phone of one's own"), act)
    return ""


def _enter(visit: Visit, found: Draft) -> str:
    """Take a code; return why it is none, or nothing. A right one counts once it is noted, a wrong one at once."""
    typed = "".join(visit.asked.form.get("code", "").split())
    asked = visit.world, visit.person, typed, visit.now
    act = partial(enter_code, *asked)
    if read_code(*asked) is Entry.RIGHT:
        entry = noted(visit, What.PROVED_PHONE, about(found.id, "a phone of one's own"), act)
    else:
        entry = act()
    return "" if entry is Entry.RIGHT else visit.say(f"own_phone_code.{entry}")


def _send(visit: Visit, found: Draft) -> str:
    """Have a test sent; return that its text is gone, or nothing."""
    wanted = visit.asked.form.get("text", "")
    one = next((each for each in _offered(visit, found) if each.cell.field.name == wanted), None)
    if one is None:
        return visit.say("own_phone.no_text")
    told = about(found.id, f"{one.text.kind} in {one.text.language} as a test")
    act = partial(send_test, visit.world, visit.person, _name(visit, wanted), one.text, visit.ours, visit.now)
    noted(visit, What.TESTED_TEXT, told, act)
    return ""


def _name(visit: Visit, what: str) -> str:
    """Return the name of what the form has sent: the same for the same press; UnknownChoice for another's form."""
    name = visit.asked.form.get("name", "")
    if not is_name(name):
        raise UnknownChoice("name")
    return name_of(name, what)


def _kinds() -> tuple[str, ...]:
    from chalicelib.insight.settings.form_pages import SETS

    return tuple(one for one in SETS if one != "email")


def _kind(visit: Visit) -> str:
    given = visit.asked.form.get("kind") or visit.asked.query.get("kind", "")
    return given if given in _kinds() else _kinds()[0]


def _offered(visit: Visit, found: Draft) -> Iterator[Offered]:
    """Yield the texts of the page's kind that can be read, each with its mark, as this agency's phone would send it."""
    from chalicelib.insight.settings.as_read import as_read
    from chalicelib.insight.settings.check_text import check_text
    from chalicelib.insight.settings.form_pages import words

    text = visit.world.drafts.text(visit.ours.agency_id, found.text) or ""
    drafted = check_text(text, visit.world.settings.latest(visit.ours.agency_id) or visit.ours).agency
    if drafted is None:
        return
    kind = _kind(visit)
    for cell in (one for row in words(tomllib.loads(text), kind) for one in row):
        read = as_read(drafted, cell) if cell.channel == "sms" else None
        if read and not read.problem:
            one = DraftText(kind=kind, language=cell.language, body=read.body)
            body = marked(one, visit.ours, visit.world)
            yield Offered(cell=cell, text=one, body=body, segments=segment_count(body))


def _moved(visit: Visit, found: Draft) -> Answer:
    return moved(visit, f"{visit.agency_path('drafts', 'phone')}?id={found.id}&kind={_kind(visit)}")


def _page(visit: Visit, found: Draft, problem: str = "", code: int = 200) -> Answer:
    phone = visit.world.sessions.own_phone(visit.person.hash)
    proven = phone is not None and phone.proven_at is not None
    return page(
        visit,
        "own_phone.html",
        code,
        title=visit.say("own_phone.title"),
        draft=found,
        problem=problem,
        kind=_kind(visit),
        kinds=_kinds(),
        phone=phone,
        proven=proven,
        waits=phone is not None and phone.open(visit.now),
        code_says=None if phone is None or proven else _became(visit, phone.code),
        texts=list(_offered(visit, found)) if proven else [],
        tests=list(_tests(visit, phone.texts)) if phone else [],
        name=secrets.token_hex(16),
        codes_a_day=CODES.of_person,
        tests_a_day=TESTS.of_person,
        pauses=standing(visit),
    )


def _became(visit: Visit, name: str) -> Shown | None:
    row: OwnText | None = visit.world.own_texts.find(visit.ours.agency_id, name)
    return shown(row, visit.now) if row else None


def _tests(visit: Visit, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield what became of the last tests, the last first."""
    for name in reversed(names):
        row: OwnText | None = visit.world.own_texts.find(visit.ours.agency_id, name)
        if row:
            yield {"row": row, "says": shown(row, visit.now)}
